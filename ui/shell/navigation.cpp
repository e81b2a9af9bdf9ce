#include "ui/shell/navigation.h"

#include "ui/format/format.h"
#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QPainter>
#include <QStyledItemDelegate>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

enum NavigationRole : int
{
    CountRole = Qt::UserRole + 1
};

class EntryDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    bool narrow = false;

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {theme::rowHeight() * 2, theme::rowHeight() + theme::space8};
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const bool chosen = option.state.testFlag(QStyle::State_Selected);
        const bool hover = option.state.testFlag(QStyle::State_MouseOver);
        const bool ring = option.state.testFlag(QStyle::State_HasFocus) &&
                          option.state.testFlag(QStyle::State_KeyboardFocusChange);
        const QRect box = option.rect.adjusted(theme::space8, 1, -theme::space8, -1);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(ring ? QPen(theme::color(theme::Token::Accent), 1.5) : QPen(Qt::NoPen));
        painter->setBrush(chosen  ? QBrush(theme::color(theme::Token::Selection))
                          : hover ? QBrush(theme::color(theme::Token::Raised))
                                  : QBrush(Qt::NoBrush));
        painter->drawRoundedRect(box, theme::radius, theme::radius);

        const int side = 18;
        const int left = narrow ? box.center().x() - side / 2 : box.left() + theme::space8;
        const QRect iconBox(left, box.center().y() - side / 2, side, side);
        index.data(Qt::DecorationRole).value<QIcon>().paint(painter, iconBox);
        if (!narrow) {
            QRect words = box;
            words.setLeft(iconBox.right() + theme::space12);
            words.setRight(box.right() - theme::space8);
            QFont font = option.font;
            painter->setFont(font);
            painter->setPen(theme::color(theme::Token::MutedText));
            const QString count = index.data(CountRole).toString();
            painter->drawText(words, static_cast<int>(Qt::AlignVCenter | Qt::AlignRight), count);
            font.setWeight(chosen ? QFont::DemiBold : QFont::Normal);
            painter->setFont(font);
            painter->setPen(theme::color(theme::Token::Text));
            painter->drawText(words, static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft),
                              index.data().toString());
        }
        painter->restore();
    }
};

} // namespace

Navigation::Navigation(const QStringList &pages, QWidget *parent)
    : QListWidget(parent)
{
    setObjectName(u"navigation"_s);
    setAccessibleName(tr("Pages"));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setItemDelegate(new EntryDelegate(this));
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setViewportMargins(0, theme::space8, 0, 0);
    setAutoFillBackground(false);
    viewport()->setAutoFillBackground(false);
    for (const QString &page : pages) {
        auto *entry = new QListWidgetItem(theme::icon(page.toLower()), page, this);
        entry->setToolTip(tr("%1 (Ctrl+%2)").arg(page).arg(row(entry) + 1));
    }
    connect(this, &QListWidget::currentItemChanged, this, [this](QListWidgetItem *entry) {
        if (entry && !m_marking)
            emit pageChosen(entry->text());
    });
    connect(this, &QListWidget::itemClicked, this,
            [this](QListWidgetItem *entry) { emit pageChosen(entry->text()); });
}

void Navigation::setCount(const QString &page, const std::optional<std::size_t> &count)
{
    const auto found = findItems(page, Qt::MatchExactly);
    if (found.isEmpty())
        return;
    const QString text = count ? number(static_cast<std::int64_t>(*count)) : QString();
    QListWidgetItem *entry = found.first();
    if (entry->data(CountRole).toString() == text)
        return;
    entry->setData(CountRole, text);
    entry->setData(Qt::AccessibleDescriptionRole, text);
}

void Navigation::mark(const QString &page)
{
    m_marking = true;
    const auto found = findItems(page, Qt::MatchExactly);
    if (found.isEmpty()) {
        setCurrentItem(nullptr);
        clearSelection();
    } else {
        setCurrentItem(found.first());
    }
    m_marking = false;
}

void Navigation::setNarrow(bool narrow)
{
    if (m_narrow == narrow)
        return;
    m_narrow = narrow;
    static_cast<EntryDelegate *>(itemDelegate())->narrow = narrow;
    updateGeometry();
    viewport()->update();
}

QSize Navigation::sizeHint() const
{
    const int width = m_narrow ? theme::rowHeight() + theme::space8 * 3
                               : fontMetrics().averageCharWidth() * 20 + theme::space16 * 2;
    return {width, 200};
}

} // namespace redrive::ui
