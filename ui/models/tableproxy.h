#pragma once

#include <QSortFilterProxyModel>
#include <QString>

#include <functional>

namespace redrive::ui {

/// Sorts by SortRole, with what is unknown last in both directions, and filters by a predicate on
/// source rows. It does not move rows by itself: settle() does, when the view says that nobody is
/// looking closely.
class TableProxy : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit TableProxy(QObject *parent = nullptr);

    /// Empty: every row passes.
    void setPredicate(std::function<bool(int sourceRow)> accepts);
    /// The predicate asks something else now.
    void filterAgain();
    /// Filters and sorts again if anything is out of place; nothing is emitted otherwise.
    void settle();
    bool isOutOfPlace() const;

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    std::function<bool(int)> m_accepts;
};

/// Case-insensitive "contains" of plain text; an empty needle is in everything.
bool matches(const QString &text, const QString &needle);

} // namespace redrive::ui
