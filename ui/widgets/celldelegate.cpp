#include "ui/widgets/celldelegate.h"

#include "ui/models/tablemodel.h"
#include "ui/theme/tokens.h"

#include <QApplication>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace redrive::ui {

namespace {

/// The lowest and highest known value, apart far enough that noise does not look like a mountain.
std::pair<double, double> scaleOf(const QList<double> &values)
{
    double low = HUGE_VAL;
    double high = -HUGE_VAL;
    for (const double value : values) {
        if (std::isnan(value))
            continue;
        low = std::min(low, value);
        high = std::max(high, value);
    }
    return {low, std::max(high, low + std::max(8.0, high / 10))};
}

void paintTrend(QPainter &painter, const QRectF &area, const QList<double> &values,
                const QColor &color)
{
    const auto [low, high] = scaleOf(values);
    if (!std::isfinite(low) || values.size() < 2)
        return;
    const double step = area.width() / static_cast<double>(values.size() - 1);
    QPainterPath path;
    bool drawing = false;
    for (qsizetype i = 0; i < values.size(); ++i) {
        if (std::isnan(values[i])) {
            drawing = false;
            continue;
        }
        const QPointF point(area.left() + step * static_cast<double>(i),
                            area.bottom() - (values[i] - low) / (high - low) * area.height());
        if (drawing)
            path.lineTo(point);
        else
            path.moveTo(point);
        drawing = true;
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(color, 1.4, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(path);
    painter.restore();
}

} // namespace

void CellDelegate::initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~QStyle::State_HasFocus;
    option->textElideMode = Qt::ElideRight;
    if (index.data(Qt::ForegroundRole).isValid())
        option->palette.setColor(QPalette::HighlightedText, option->palette.color(QPalette::Text));
    // A check box would repeat what the star says; the role stays for those who cannot see it.
    option->features &= ~QStyleOptionViewItem::HasCheckIndicator;
}

void CellDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const QVariant trend = index.data(TrendRole);
    if (!trend.isValid()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    cell.text.clear();
    const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    paintTrend(*painter, QRectF(option.rect).adjusted(theme::space8, 7, -theme::space8, -7),
               trend.value<QList<double>>(), cell.palette.color(QPalette::Text));
}

bool CellDelegate::editorEvent(QEvent *event, QAbstractItemModel *model,
                               const QStyleOptionViewItem &option, const QModelIndex &index)
{
    if (!model->flags(index).testFlag(Qt::ItemIsUserCheckable) ||
        event->type() != QEvent::MouseButtonRelease)
        return QStyledItemDelegate::editorEvent(event, model, option, index);
    const auto *mouse = static_cast<QMouseEvent *>(event);
    if (mouse->button() != Qt::LeftButton || !option.rect.contains(mouse->position().toPoint()))
        return false;
    const bool checked = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
    return model->setData(index, checked ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
}

} // namespace redrive::ui
