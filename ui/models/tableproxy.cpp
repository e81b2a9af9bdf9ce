#include "ui/models/tableproxy.h"

#include "ui/models/tablemodel.h"

#include <utility>

namespace redrive::ui {

TableProxy::TableProxy(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setDynamicSortFilter(false);
    setSortRole(SortRole);
}

void TableProxy::setPredicate(std::function<bool(int)> accepts)
{
    m_accepts = std::move(accepts);
    filterAgain();
}

void TableProxy::filterAgain()
{
    invalidate();
}

void TableProxy::settle()
{
    if (isOutOfPlace())
        invalidate();
}

bool TableProxy::isOutOfPlace() const
{
    const QAbstractItemModel *source = sourceModel();
    if (!source)
        return false;
    const int rows = rowCount();
    int accepted = 0;
    for (int r = 0; r < source->rowCount(); ++r)
        accepted += filterAcceptsRow(r, {}) ? 1 : 0;
    if (accepted != rows)
        return true;
    const bool sorts = sortColumn() >= 0;
    const int column = sorts ? sortColumn() : 0;
    QModelIndex above;
    for (int r = 0; r < rows; ++r) {
        const QModelIndex here = mapToSource(index(r, column));
        if (!filterAcceptsRow(here.row(), {}))
            return true;
        if (sorts && above.isValid()) {
            const bool descending = sortOrder() == Qt::DescendingOrder;
            if (descending ? lessThan(above, here) : lessThan(here, above))
                return true;
        }
        above = here;
    }
    return false;
}

bool TableProxy::filterAcceptsRow(int sourceRow, const QModelIndex &parent) const
{
    return parent.isValid() || !m_accepts || m_accepts(sourceRow);
}

bool TableProxy::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(SortRole);
    const QVariant b = right.data(SortRole);
    if (!a.isValid() || !b.isValid()) {
        if (a.isValid() == b.isValid())
            return false;
        return sortOrder() == Qt::AscendingOrder ? a.isValid() : b.isValid();
    }
    const int type = a.typeId();
    if (type == QMetaType::LongLong && b.typeId() == type)
        return a.toLongLong() < b.toLongLong();
    if (type == QMetaType::QString && b.typeId() == type)
        return a.toString().compare(b.toString(), Qt::CaseInsensitive) < 0;
    return a.toDouble() < b.toDouble();
}

bool matches(const QString &text, const QString &needle)
{
    return needle.isEmpty() || text.contains(needle, Qt::CaseInsensitive);
}

} // namespace redrive::ui
