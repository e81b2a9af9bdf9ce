#include "ui/dialogs/profilelist.h"

#include "ui/format/format.h"
#include "ui/theme/icons.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

enum ProfileRole : int
{
    NumberRole = Qt::UserRole + 1
};

QString problemLine(const workspace::ProfileProblem &problem)
{
    QString text;
    if (problem.line > 0)
        text = ProfileList::tr("line %1: ").arg(problem.line);
    if (!problem.key.empty())
        text += foreign(problem.key) + u": "_s;
    return u"⚠ "_s + text + foreign(problem.message);
}

} // namespace

ProfileList::ProfileList(workspace::ProfileStore &store, QWidget *parent)
    : QWidget(parent)
    , m_store(store)
    , m_list(new QListWidget(this))
    , m_open(new QPushButton(tr("Open"), this))
    , m_edit(new QPushButton(tr("Edit"), this))
    , m_remove(new QPushButton(tr("Remove"), this))
    , m_undo(new QPushButton(this))
    , m_problems(new Label({}, this))
{
    setObjectName(u"profile-list-panel"_s);
    m_list->setObjectName(u"profile-list"_s);
    m_list->setAccessibleName(tr("Saved connections"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->viewport()->setAutoFillBackground(false);
    m_open->setObjectName(u"open-profile"_s);
    m_edit->setObjectName(u"edit-profile"_s);
    m_remove->setObjectName(u"remove-profile"_s);
    m_undo->setObjectName(u"undo-remove"_s);
    m_problems->setObjectName(u"profile-problems"_s);
    m_problems->setToken(theme::Token::Warning);
    m_problems->setWordWrap(true);
    m_problems->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *title = new Label(tr("Saved connections"), this);
    title->setScale(1.0, QFont::DemiBold);
    auto *fresh = new QPushButton(tr("New connection"), this);
    fresh->setObjectName(u"new-profile"_s);
    fresh->setIcon(theme::icon(u"add"_s));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::space4);
    for (QPushButton *button : {m_open, m_edit, m_remove}) {
        button->setMinimumWidth(0);
        buttons->addWidget(button, 1);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space16, theme::space16, theme::space16, theme::space16);
    column->addWidget(title);
    column->addWidget(m_list, 1);
    column->addWidget(m_undo);
    column->addLayout(buttons);
    column->addWidget(fresh);
    column->addWidget(m_problems);

    const auto withChosen = [this](void (ProfileList::*signal)(const workspace::Profile &)) {
        if (const auto profile = chosen())
            emit(this->*signal)(*profile);
    };
    connect(m_open, &QPushButton::clicked, this,
            [withChosen] { withChosen(&ProfileList::opened); });
    connect(m_edit, &QPushButton::clicked, this,
            [withChosen] { withChosen(&ProfileList::edited); });
    connect(m_list, &QListWidget::itemActivated, this,
            [withChosen] { withChosen(&ProfileList::opened); });
    connect(m_list, &QListWidget::currentRowChanged, this, &ProfileList::showButtons);
    connect(m_remove, &QPushButton::clicked, this, &ProfileList::remove);
    connect(m_undo, &QPushButton::clicked, this, &ProfileList::undo);
    connect(fresh, &QPushButton::clicked, this, &ProfileList::newRequested);
    reload();
}

void ProfileList::reload()
{
    const QString before = m_list->currentItem() ? m_list->currentItem()->text() : QString();
    m_loaded = m_store.load();
    m_list->clear();
    for (std::size_t i = 0; i < m_loaded.profiles.size(); ++i) {
        const workspace::Profile &profile = m_loaded.profiles[i];
        auto *row = new QListWidgetItem(foreign(profile.name), m_list);
        row->setData(NumberRole, static_cast<int>(i));
        row->setSizeHint({0, theme::rowHeight()});
        QString help = foreign(profile.bootstrap);
        if (profile.production)
            help += tr("\nproduction");
        row->setToolTip(ui::toolTip(help));
        row->setData(Qt::AccessibleDescriptionRole, help);
    }
    QStringList lines;
    for (const auto &problem : m_loaded.problems)
        lines << problemLine(problem);
    if (!lines.isEmpty())
        lines.prepend(tr("In %1:").arg(foreign(m_store.file().string())));
    m_problems->setVisible(!lines.isEmpty());
    m_problems->setPlainText(lines.join(u'\n'));
    select(before);
}

void ProfileList::select(const QString &name)
{
    const auto found = m_list->findItems(name, Qt::MatchExactly);
    m_list->setCurrentItem(found.isEmpty() ? nullptr : found.first());
    showButtons();
}

std::optional<workspace::Profile> ProfileList::chosen() const
{
    const QListWidgetItem *row = m_list->currentItem();
    if (!row)
        return std::nullopt;
    return m_loaded.profiles.at(static_cast<std::size_t>(row->data(NumberRole).toInt()));
}

void ProfileList::showButtons()
{
    const bool any = m_list->currentItem() != nullptr;
    for (QPushButton *button : {m_open, m_edit, m_remove}) {
        button->setEnabled(any);
        const QString why = any ? QString() : tr("No connection is selected.");
        button->setAccessibleDescription(why);
        button->setToolTip(why);
    }
    m_undo->setVisible(m_removed.has_value());
    if (m_removed) {
        m_undo->setText(tr("Undo: remove %1").arg(foreign(m_removed->name)).replace(u'&', u"&&"_s));
        m_undo->setAccessibleName(tr("Undo: remove %1").arg(foreign(m_removed->name)));
    }
}

void ProfileList::remove()
{
    const auto profile = chosen();
    if (!profile)
        return;
    settle();
    if (const auto done = m_store.remove(profile->name); !done) {
        m_problems->setPlainText(u"✕ "_s + errorText(done.error()));
        m_problems->show();
        return;
    }
    m_removed = profile;
    reload();
}

void ProfileList::undo()
{
    if (!m_removed)
        return;
    const auto back = *m_removed;
    if (const auto done = m_store.add(back); !done) {
        m_problems->setPlainText(u"✕ "_s + errorText(done.error()));
        m_problems->show();
        return;
    }
    m_removed.reset();
    reload();
    select(foreign(back.name));
}

void ProfileList::settle()
{
    if (!m_removed)
        return;
    const auto gone = *m_removed;
    m_removed.reset();
    emit removed(gone);
    showButtons();
}

} // namespace redrive::ui
