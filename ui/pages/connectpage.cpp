#include "ui/pages/connectpage.h"

#include "ui/dialogs/connectiontestview.h"
#include "ui/dialogs/profileform.h"
#include "ui/dialogs/profilelist.h"
#include "ui/format/format.h"
#include "ui/theme/icons.h"

#include <QCheckBox>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int narrowBelow = 800;
constexpr qint64 largestImport = 1 << 20;

} // namespace

ConnectPage::ConnectPage(Connector &connector, workspace::ProfileStore &store, QWidget *parent,
                         ConnectionTester::Test test)
    : Page(parent)
    , m_connector(connector)
    , m_store(store)
    , m_tester(test ? std::move(test) : ConnectionTester::Test(&kafka::testConnection))
    , m_list(new ProfileList(store, this))
    , m_form(new ProfileForm(this))
    , m_testView(new ConnectionTestView(m_tester, this))
{
    setObjectName(u"connect-page"_s);
    setAccessibleName(tr("Connect"));

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->viewport()->setAutoFillBackground(false);
    auto *content = new QWidget(scroll);
    content->setAutoFillBackground(false);
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(theme::space16 * 2, theme::space16, theme::space16 * 2,
                               theme::space16);
    column->setSpacing(theme::space12);
    column->addWidget(buildHead());
    column->addWidget(m_form);
    column->addWidget(m_testView);
    column->addStretch(1);
    content->setMaximumWidth(fontMetrics().averageCharWidth() * 120);
    scroll->setWidget(content);

    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(scroll, 1);
    right->addWidget(separator(Qt::Horizontal, this));
    right->addWidget(buildFooter());
    m_line = separator(Qt::Vertical, this);
    m_layout = new QBoxLayout(QBoxLayout::LeftToRight, this);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_list);
    m_layout->addWidget(m_line);
    m_layout->addLayout(right, 1);
    showList();

    connect(m_list, &ProfileList::opened, this,
            [this](const auto &profile) { emit connectRequested(profile, true); });
    connect(m_list, &ProfileList::edited, this,
            [this](const auto &profile) { edit(profile, true); });
    connect(m_list, &ProfileList::newRequested, this, &ConnectPage::startNew);
    connect(m_list, &ProfileList::removed, this, &ConnectPage::forget);
    connect(&m_tester, &ConnectionTester::finished, this,
            [this] { m_test->setText(tr("Test connection")); });
    startNew();
}

QString ConnectPage::title() const
{
    return u"Connect"_s;
}

QWidget *ConnectPage::buildHead()
{
    auto *head = new QWidget(this);
    m_heading = new Label({}, head);
    m_heading->setObjectName(u"connect-heading"_s);
    m_heading->setScale(1.35, QFont::DemiBold);
    m_message = new Label({}, head);
    m_message->setObjectName(u"connect-message"_s);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *import = new QPushButton(tr("Import…"), head);
    import->setObjectName(u"import-button"_s);
    import->setIcon(theme::icon(u"import"_s));
    import->setToolTip(tr("Read a client.properties, librdkafka or kcat file"));
    connect(import, &QPushButton::clicked, this, &ConnectPage::chooseImport);
    auto *top = new QHBoxLayout;
    top->addWidget(m_heading, 1);
    top->addWidget(import);
    auto *column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(top);
    column->addWidget(m_message);
    return head;
}

QWidget *ConnectPage::buildFooter()
{
    auto *footer = new QWidget(this);
    m_test = new QPushButton(tr("Test connection"), footer);
    m_test->setObjectName(u"test-connection"_s);
    m_keep = new QCheckBox(tr("Save this connection"), footer);
    m_keep->setObjectName(u"keep-profile"_s);
    m_keep->setChecked(true);
    auto *saveOnly = new QPushButton(tr("Save"), footer);
    saveOnly->setObjectName(u"save-profile"_s);
    m_connect = new QPushButton(tr("Connect"), footer);
    m_connect->setObjectName(u"connect-button"_s);
    m_connect->setDefault(true);
    auto *row = new QHBoxLayout(footer);
    row->setContentsMargins(theme::space16 * 2, theme::space8, theme::space16 * 2, theme::space8);
    row->addWidget(m_test);
    row->addStretch(1);
    row->addWidget(m_keep);
    row->addSpacing(theme::space8);
    row->addWidget(saveOnly);
    row->addWidget(m_connect);
    connect(m_test, &QPushButton::clicked, this, &ConnectPage::test);
    connect(saveOnly, &QPushButton::clicked, this,
            [this] { save([this] { say(theme::Token::Good, tr("● Saved.")); }); });
    connect(m_keep, &QCheckBox::toggled, saveOnly, &QPushButton::setEnabled);
    connect(m_keep, &QCheckBox::toggled, saveOnly, [saveOnly](bool keep) {
        const QString why = keep ? QString() : tr("This connection is not to be saved.");
        saveOnly->setAccessibleDescription(why);
        saveOnly->setToolTip(why);
    });
    connect(m_connect, &QPushButton::clicked, this, &ConnectPage::connectNow);
    return footer;
}

void ConnectPage::setShown(bool shown)
{
    if (!shown) {
        m_list->settle();
        return;
    }
    m_list->reload();
    showList();
    if (m_list->isEmpty())
        m_form->focusFirst();
}

void ConnectPage::showList()
{
    m_list->setVisible(!m_list->isEmpty());
    m_line->setVisible(!m_list->isEmpty());
}

void ConnectPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool narrow = event->size().width() < narrowBelow;
    m_layout->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_line->setFixedSize(narrow ? QSize(QWIDGETSIZE_MAX, 1) : QSize(1, QWIDGETSIZE_MAX));
    m_line->setMinimumSize(1, 1);
    m_line->setFrameShape(narrow ? QFrame::HLine : QFrame::VLine);
    m_list->setMaximumWidth(narrow ? QWIDGETSIZE_MAX : fontMetrics().averageCharWidth() * 38);
    m_list->setMinimumWidth(narrow ? 0 : fontMetrics().averageCharWidth() * 38);
    m_list->setMaximumHeight(narrow ? theme::rowHeight() * 8 : QWIDGETSIZE_MAX);
    m_form->setNarrow(narrow);
}

void ConnectPage::say(theme::Token token, const QString &text)
{
    m_message->setToken(token);
    m_message->setPlainText(text);
    m_message->setVisible(!text.isEmpty());
}

void ConnectPage::startNew()
{
    m_editing.clear();
    m_form->show(draftOf(workspace::Profile{}));
    m_testView->hide();
    m_heading->setPlainText(tr("Connect to a Kafka cluster"));
    say(theme::Token::MutedText,
        tr("Looking at a cluster changes nothing on it: no group is joined, no offset committed."));
    m_form->focusFirst();
}

void ConnectPage::edit(const workspace::Profile &profile, bool saved)
{
    m_editing = saved ? profile.name : std::string();
    m_form->show(draftOf(profile));
    m_testView->hide();
    m_heading->setPlainText(saved ? tr("Edit %1").arg(foreign(profile.name))
                                  : tr("Connect to a Kafka cluster"));
    say(theme::Token::MutedText, {});
    if (saved)
        m_list->select(foreign(profile.name));
    m_form->focusFirst();
}

void ConnectPage::showFailure(const workspace::Profile &profile, bool saved, const Error &error)
{
    edit(profile, saved);
    say(theme::Token::Bad,
        tr("✕ %1 could not be opened. %2").arg(foreign(profile.name), errorText(error)));
}

std::optional<FinishedDraft> ConnectPage::finished()
{
    auto draft = finish(m_form->entered());
    m_form->complain(draft.problems);
    if (!draft.problems.empty())
        return std::nullopt;
    return draft;
}

void ConnectPage::test()
{
    if (m_tester.isRunning()) {
        m_tester.cancel();
        return;
    }
    const auto draft = finished();
    if (!draft)
        return;
    m_connector.resolve(draft->profile, draft->typed,
                        [this](Result<kafka::ConnectionSettings> settings) {
                            if (!settings) {
                                say(theme::Token::Bad, u"✕ "_s + errorText(settings.error()));
                                return;
                            }
                            m_test->setText(tr("Cancel the test"));
                            m_tester.start(std::move(settings).value());
                        });
}

void ConnectPage::connectNow()
{
    if (m_keep->isChecked()) {
        save([this] {
            if (const auto profile = m_store.find(m_editing))
                emit connectRequested(profile.value(), true);
            else
                say(theme::Token::Bad, u"✕ "_s + errorText(profile.error()));
        });
        return;
    }
    const auto draft = finished();
    if (!draft)
        return;
    for (const auto &[key, secret] : draft->typed)
        m_connector.remember(key, secret);
    emit connectRequested(draft->profile, false);
}

void ConnectPage::save(const std::function<void()> &then)
{
    const auto draft = finished();
    if (!draft)
        return;
    for (const auto &[key, secret] : draft->typed) {
        if (std::ranges::find(draft->forStore, key) == draft->forStore.end())
            m_connector.remember(key, secret);
    }
    writeSecrets(*draft, draft->forStore, then);
}

void ConnectPage::writeSecrets(const FinishedDraft &draft, std::vector<std::string> keys,
                               const std::function<void()> &then)
{
    if (keys.empty()) {
        store(draft.profile, then);
        return;
    }
    const std::string key = keys.back();
    keys.pop_back();
    m_connector.store().write(
        QString::fromStdString(key), QString::fromStdString(draft.typed.at(key)), this,
        [this, draft, keys = std::move(keys), then](Result<void> written) {
            if (written) {
                writeSecrets(draft, keys, then);
                return;
            }
            m_form->keepSecretsInSession();
            say(theme::Token::Bad,
                tr("✕ The keychain cannot be used, so nothing was saved. %1\nThe secret is now set "
                   "to "
                   "be kept only for this session; or name an environment variable that holds it.")
                    .arg(errorText(written.error())));
        });
}

void ConnectPage::store(const workspace::Profile &profile, const std::function<void()> &then)
{
    const auto done =
        m_editing.empty() ? m_store.add(profile) : m_store.replace(m_editing, profile);
    if (!done) {
        say(theme::Token::Bad, u"✕ "_s + errorText(done.error()));
        return;
    }
    m_editing = profile.name;
    m_heading->setPlainText(tr("Edit %1").arg(foreign(profile.name)));
    m_list->reload();
    showList();
    m_list->select(foreign(profile.name));
    then();
}

void ConnectPage::forget(const workspace::Profile &profile)
{
    for (const std::string &key : keychainReferences(profile))
        m_connector.store().remove(QString::fromStdString(key));
}

void ConnectPage::chooseImport()
{
    auto *dialog = new QFileDialog(this, tr("Import a client.properties, librdkafka or kcat file"));
    dialog->setObjectName(u"import-dialog"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &ConnectPage::importFile);
    dialog->open();
}

void ConnectPage::importFile(const QString &path)
{
    QFile file(path);
    const QString shown = foreign(path.toStdString());
    if (!file.open(QIODevice::ReadOnly)) {
        say(theme::Token::Bad,
            tr("✕ %1 cannot be read: %2").arg(shown, foreign(file.errorString().toStdString())));
        return;
    }
    if (file.size() > largestImport) {
        say(theme::Token::Bad, tr("✕ %1 is too large for a file of properties.").arg(shown));
        return;
    }
    const QString name = QFileInfo(path).completeBaseName();
    const auto imported =
        workspace::importProperties(file.readAll().toStdString(), name.toStdString());
    if (!imported) {
        say(theme::Token::Bad, u"✕ "_s + errorText(imported.error()));
        return;
    }
    const workspace::ImportedProfile &found = imported.value();
    startNew();
    Secrets literals;
    for (const auto &[property, secret] : found.secrets)
        literals[property] = secret.value;
    m_form->show(draftOf(found.profile, literals));
    QStringList lines;
    QStringList taken;
    if (!found.profile.bootstrap.empty())
        taken << u"bootstrap.servers"_s;
    for (const auto &property : found.profile.properties)
        taken << foreign(property.first);
    for (const auto &secret : found.secrets) {
        if (!found.profile.properties.contains(secret.first))
            taken << foreign(secret.first);
    }
    lines << (taken.isEmpty() ? tr("Nothing was taken from %1.").arg(shown)
                              : tr("Taken from %1: %2").arg(shown, taken.join(u", "_s)));
    for (const auto &problem : found.problems)
        lines << tr("⚠ Not taken, line %1: %2 %3")
                     .arg(problem.line)
                     .arg(foreign(problem.key), foreign(problem.message));
    say(found.problems.empty() ? theme::Token::Good : theme::Token::Warning, lines.join(u'\n'));
}

} // namespace redrive::ui
