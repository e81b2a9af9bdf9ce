#include "ui/shell/clusterbutton.h"

#include "ui/format/format.h"
#include "ui/theme/icons.h"

#include <QStyleOptionToolButton>
#include <QStylePainter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int arrowWidth = 12;
constexpr int lockWidth = 16;

} // namespace

ClusterButton::ClusterButton(QWidget *parent)
    : QToolButton(parent)
{
    setObjectName(u"cluster-switcher"_s);
    setPopupMode(QToolButton::InstantPopup);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    show(tr("No cluster"), {}, {});
}

void ClusterButton::show(const QString &name, const StateWord &state, const QString &access)
{
    m_name = name;
    m_state = state;
    m_access = access;
    QStringList parts{name};
    for (const QString &part : {state.text, access}) {
        if (!part.isEmpty())
            parts.append(part);
    }
    const QString all = parts.join(u" · "_s);
    setText(all);
    setAccessibleName(tr("Cluster: %1").arg(all));
    setAccessibleDescription(tr("Switches between open clusters and opens others"));
    setToolTip(ui::toolTip(all));
    updateGeometry();
    update();
}

QFont ClusterButton::nameFont() const
{
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    return bold;
}

QSize ClusterButton::sizeHint() const
{
    int width = 2 * theme::space12 + arrowWidth + 2 * theme::space8;
    width += std::min(QFontMetrics(nameFont()).horizontalAdvance(m_name),
                      fontMetrics().averageCharWidth() * 40);
    if (!m_state.text.isEmpty())
        width += theme::space12 + fontMetrics().horizontalAdvance(m_state.text);
    if (!m_access.isEmpty())
        width += theme::space12 + lockWidth + fontMetrics().horizontalAdvance(m_access);
    return {width, theme::rowHeight() + theme::space8};
}

QSize ClusterButton::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 16, sizeHint().height()};
}

void ClusterButton::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    QStyleOptionToolButton option;
    initStyleOption(&option);
    option.text.clear();
    option.icon = {};
    option.features &= ~QStyleOptionToolButton::HasMenu;
    painter.drawComplexControl(QStyle::CC_ToolButton, option);

    QRect area = rect().adjusted(theme::space12, 0, -theme::space12, 0);
    QRect arrow = area;
    arrow.setLeft(area.right() - arrowWidth);
    area.setRight(arrow.left() - theme::space8);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme::color(theme::Token::MutedText), 1.5, Qt::SolidLine, Qt::RoundCap));
    const QPointF middle = QRectF(arrow).center();
    painter.drawPolyline(QPolygonF{{middle.x() - 3.5, middle.y() - 1.5},
                                   {middle.x(), middle.y() + 2},
                                   {middle.x() + 3.5, middle.y() - 1.5}});

    const auto put = [&](const QString &text, const QFont &textFont, theme::Token token) {
        painter.setFont(textFont);
        painter.setPen(theme::color(token));
        const QFontMetrics metrics(textFont);
        const QString shown = metrics.elidedText(text, Qt::ElideRight, std::max(0, area.width()));
        painter.drawText(area, static_cast<int>(Qt::AlignVCenter | Qt::AlignLeft), shown);
        area.setLeft(area.left() + metrics.horizontalAdvance(shown) + theme::space12);
    };
    const int rest = sizeHint().width() - 2 * theme::space12 - arrowWidth - 2 * theme::space8 -
                     std::min(QFontMetrics(nameFont()).horizontalAdvance(m_name),
                              fontMetrics().averageCharWidth() * 40);
    const int most = std::max(area.width() / 3, area.width() - rest);
    put(QFontMetrics(nameFont()).elidedText(m_name, Qt::ElideMiddle, most), nameFont(),
        theme::Token::Text);
    if (!m_state.text.isEmpty())
        put(m_state.text, font(), m_state.token);
    if (!m_access.isEmpty()) {
        const QRect lock(area.left(), area.center().y() - lockWidth / 2, lockWidth, lockWidth);
        if (lock.right() < area.right()) {
            theme::icon(u"lock"_s).paint(&painter, lock);
            area.setLeft(lock.right() + theme::space4);
            put(m_access, font(), theme::Token::MutedText);
        }
    }
}

} // namespace redrive::ui
