#pragma once

#include "ui/models/rowdiff.h"
#include "ui/models/tablemodel.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

namespace redrive::ui {

/// A table of keyed rows that takes a whole new list at once and emits the smallest true change.
/// Rows stand in the order of their keys; sorting for people is the proxy's. A reset happens only
/// in clear().
template <typename Row>
class RowTable : public TableModel
{
public:
    int rowCount(const QModelIndex &parent = {}) const final
    {
        return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
    }

    const Row &row(int number) const { return m_rows.at(static_cast<std::size_t>(number)); }
    const std::vector<Row> &rows() const { return m_rows; }

    /// For a new connection: nothing of the old rows means anything any more.
    void clear()
    {
        beginResetModel();
        forgetGlow();
        m_rows.clear();
        endResetModel();
    }

protected:
    using TableModel::TableModel;

    virtual bool less(const Row &a, const Row &b) const = 0; ///< by key
    virtual bool same(const Row &a, const Row &b) const = 0; ///< nothing that is shown differs

    /// `next` is sorted by less().
    void update(std::vector<Row> next)
    {
        forgetGlow();
        const auto byKey = [this](const Row &a, const Row &b) { return less(a, b); };
        const RowDiff diff = diffRows(m_rows, next, byKey);

        std::vector<int> changed;
        for (std::size_t j = 0; j < next.size(); ++j) {
            const int old = diff.kept[j];
            if (old >= 0 && !same(m_rows[static_cast<std::size_t>(old)], next[j]))
                changed.push_back(static_cast<int>(j));
        }
        std::vector<Glow> glow = glowOf(diff, changed, next);

        remove(diff.removed);
        insert(diff.inserted, next);
        m_rows = std::move(next);
        announce(changed);
        startGlow(std::move(glow));
    }

private:
    /// Up to this many runs are told one by one; more are gathered at the bottom first, which is
    /// three signals however scattered they are, and keeps every selected row.
    static constexpr std::size_t scattered = 32;

    std::vector<Glow> glowOf(const RowDiff &diff, const std::vector<int> &changed,
                             const std::vector<Row> &next)
    {
        std::vector<Glow> glow;
        if (changed.size() > glowLimit)
            return glow;
        const auto texts = [this](int rowNumber) {
            std::vector<QVariant> values;
            for (int c = 0; c < columnCount(); ++c)
                values.push_back(cell(rowNumber, c, Qt::DisplayRole));
            return values;
        };
        std::vector<std::vector<QVariant>> old;
        old.reserve(changed.size());
        for (const int j : changed)
            old.push_back(texts(diff.kept[static_cast<std::size_t>(j)]));
        std::vector<Row> kept = std::exchange(m_rows, next);
        for (std::size_t n = 0; n < changed.size(); ++n) {
            const auto now = texts(changed[n]);
            std::uint32_t mask = 0;
            for (std::size_t c = 0; c < now.size() && c < 32; ++c) {
                if (columns()[c].glows && now[c] != old[n][c])
                    mask |= 1U << c;
            }
            if (mask != 0)
                glow.push_back({changed[n], mask});
        }
        m_rows = std::move(kept);
        return glow;
    }

    void remove(const std::vector<int> &removed)
    {
        if (removed.empty())
            return;
        auto runs = runsOf(removed);
        if (runs.size() > scattered) {
            const auto count = m_rows.size();
            std::vector<bool> goes(count, false);
            for (const int r : removed)
                goes[static_cast<std::size_t>(r)] = true;
            std::vector<std::size_t> order(count);
            std::iota(order.begin(), order.end(), std::size_t{0});
            std::stable_partition(order.begin(), order.end(),
                                  [&](std::size_t r) { return !goes[r]; });
            permute(order);
            runs = {{static_cast<int>(count - removed.size()), static_cast<int>(count) - 1}};
        }
        for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
            beginRemoveRows({}, run->first, run->last);
            m_rows.erase(m_rows.begin() + run->first, m_rows.begin() + run->last + 1);
            endRemoveRows();
        }
    }

    void insert(const std::vector<int> &inserted, const std::vector<Row> &next)
    {
        if (inserted.empty())
            return;
        const auto runs = runsOf(inserted);
        if (runs.size() <= scattered) {
            for (const Run &run : runs) {
                beginInsertRows({}, run.first, run.last);
                m_rows.insert(m_rows.begin() + run.first, next.begin() + run.first,
                              next.begin() + run.last + 1);
                endInsertRows();
            }
            return;
        }
        const auto before = static_cast<int>(m_rows.size());
        beginInsertRows({}, before, before + static_cast<int>(inserted.size()) - 1);
        for (const int r : inserted)
            m_rows.push_back(next[static_cast<std::size_t>(r)]);
        endInsertRows();
        std::vector<std::size_t> order(m_rows.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::ranges::stable_sort(
            order, [this](std::size_t a, std::size_t b) { return less(m_rows[a], m_rows[b]); });
        permute(order);
    }

    /// order[new row] = old row
    void permute(const std::vector<std::size_t> &order)
    {
        emit layoutAboutToBeChanged();
        std::vector<Row> moved;
        moved.reserve(order.size());
        std::vector<int> newRow(order.size());
        for (std::size_t r = 0; r < order.size(); ++r) {
            newRow[order[r]] = static_cast<int>(r);
            moved.push_back(std::move(m_rows[order[r]]));
        }
        m_rows = std::move(moved);
        const QModelIndexList from = persistentIndexList();
        QModelIndexList to;
        to.reserve(from.size());
        for (const QModelIndex &index : from)
            to.append(this->index(newRow[static_cast<std::size_t>(index.row())], index.column()));
        changePersistentIndexList(from, to);
        emit layoutChanged();
    }

    void announce(const std::vector<int> &changed)
    {
        if (changed.empty())
            return;
        const int lastColumn = columnCount() - 1;
        auto runs = runsOf(changed);
        if (changed.size() * 2 > m_rows.size() || runs.size() > glowLimit)
            runs = {{changed.front(), changed.back()}};
        for (const Run &run : runs)
            emit dataChanged(index(run.first, 0), index(run.last, lastColumn));
    }

    std::vector<Row> m_rows;
};

} // namespace redrive::ui
