#pragma once

#include <QStyledItemDelegate>

namespace redrive::ui {

/// Cells of the window's tables: plain text whatever is in it, a sparkline where the model gives a
/// trend, and the whole row, not one cell, as what has the focus.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override;
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;
};

} // namespace redrive::ui
