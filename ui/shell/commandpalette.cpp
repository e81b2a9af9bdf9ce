#include "ui/shell/commandpalette.h"

#include "ui/shell/fuzzy.h"
#include "ui/theme/tokens.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

enum EntryRole : int
{
    HintRole = Qt::UserRole + 1,
    NumberRole
};

class EntryDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {100, theme::rowHeight() + theme::space4};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        painter->save();
        if (option.state.testFlag(QStyle::State_Selected))
            painter->fillRect(option.rect, theme::color(theme::Token::Selection));
        QRect area = option.rect.adjusted(theme::space12, 0, -theme::space12, 0);
        painter->setFont(option.font);
        painter->setPen(theme::color(theme::Token::MutedText));
        const QString hint = index.data(HintRole).toString();
        painter->drawText(area, static_cast<int>(Qt::AlignVCenter | Qt::AlignRight), hint);
        area.setRight(area.right() - option.fontMetrics.horizontalAdvance(hint) - theme::space12);
        painter->setPen(theme::color(theme::Token::Text));
        painter->drawText(
            area, static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft),
            option.fontMetrics.elidedText(index.data().toString(), Qt::ElideMiddle, area.width()));
        painter->restore();
    }
};

} // namespace

CommandPalette::CommandPalette(QWidget *window)
    : QFrame(window)
    , m_field(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setObjectName(u"command-palette"_s);
    setAccessibleName(tr("Search or run a command"));
    m_field->setObjectName(u"palette-field"_s);
    m_field->setAccessibleName(tr("Search or run a command"));
    m_field->setPlaceholderText(tr("A page, a group, a topic, a cluster or a command"));
    m_field->setClearButtonEnabled(true);
    m_list->setObjectName(u"palette-results"_s);
    m_list->setAccessibleName(tr("Results"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setItemDelegate(new EntryDelegate(this));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space8, theme::space8, theme::space8, theme::space8);
    column->addWidget(m_field);
    column->addWidget(m_list, 1);
    setFocusProxy(m_field);
    hide();

    m_field->installEventFilter(this);
    window->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
}

void CommandPalette::open(std::vector<PaletteEntry> entries)
{
    m_entries = std::move(entries);
    if (!isVisible())
        m_before = QApplication::focusWidget();
    m_field->clear();
    filter({});
    place();
    show();
    raise();
    m_field->setFocus(Qt::PopupFocusReason);
}

void CommandPalette::close()
{
    hide();
    m_entries.clear();
    m_list->clear();
    if (m_before)
        m_before->setFocus(Qt::PopupFocusReason);
    m_before = nullptr;
}

void CommandPalette::place()
{
    const QWidget *window = parentWidget();
    const int width =
        std::min(window->width() - 4 * theme::space16, fontMetrics().averageCharWidth() * 80);
    const int height =
        std::min(window->height() - 6 * theme::space16, 14 * (theme::rowHeight() + theme::space4));
    setGeometry((window->width() - width) / 2, theme::rowHeight() * 2, width, height);
}

void CommandPalette::filter(const QString &typed)
{
    std::vector<std::pair<int, std::size_t>> found;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (const auto score = fuzzyScore(typed, m_entries[i].text))
            found.emplace_back(typed.isEmpty() ? 0 : *score, i);
    }
    const auto shown = std::min<std::size_t>(found.size(), mostShown);
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(shown),
                              [](const auto &a, const auto &b) {
                                  return a.first != b.first ? a.first > b.first
                                                            : a.second < b.second;
                              });
    m_list->clear();
    for (std::size_t i = 0; i < shown; ++i) {
        const PaletteEntry &entry = m_entries[found[i].second];
        auto *row = new QListWidgetItem(entry.text, m_list);
        row->setData(HintRole, entry.hint);
        row->setData(NumberRole, static_cast<qulonglong>(found[i].second));
        row->setData(Qt::AccessibleDescriptionRole, entry.hint);
    }
    if (shown == 0) {
        auto *none = new QListWidgetItem(tr("Nothing fits"), m_list);
        none->setFlags(Qt::NoItemFlags);
    } else {
        m_list->setCurrentRow(0);
    }
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem *row = m_list->currentItem();
    if (!row || !row->flags().testFlag(Qt::ItemIsEnabled))
        return;
    const auto chosen = static_cast<std::size_t>(row->data(NumberRole).toULongLong());
    const auto run = m_entries.at(chosen).run;
    close();
    if (run)
        run();
}

void CommandPalette::step(int by)
{
    const int rows = m_list->count();
    if (rows > 0)
        m_list->setCurrentRow(std::clamp(m_list->currentRow() + by, 0, rows - 1));
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    if (watched != m_field)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::FocusOut && isVisible()) {
        const auto reason = static_cast<QFocusEvent *>(event)->reason();
        if (reason == Qt::MouseFocusReason || reason == Qt::TabFocusReason ||
            reason == Qt::BacktabFocusReason) {
            m_before = nullptr;
            close();
        }
    }
    if (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride)
        return QFrame::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    const bool ours = key->key() == Qt::Key_Escape || key->key() == Qt::Key_Up ||
                      key->key() == Qt::Key_Down || key->key() == Qt::Key_PageUp ||
                      key->key() == Qt::Key_PageDown || key->key() == Qt::Key_Return ||
                      key->key() == Qt::Key_Enter;
    if (!ours)
        return QFrame::eventFilter(watched, event);
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    switch (key->key()) {
    case Qt::Key_Escape: close(); break;
    case Qt::Key_Up: step(-1); break;
    case Qt::Key_Down: step(1); break;
    case Qt::Key_PageUp: step(-10); break;
    case Qt::Key_PageDown: step(10); break;
    default: runCurrent(); break;
    }
    return true;
}

void CommandPalette::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(theme::color(theme::Token::MutedText));
    painter.setBrush(theme::color(theme::Token::Surface));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme::radius,
                            theme::radius);
}

} // namespace redrive::ui
