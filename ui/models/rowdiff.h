#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace redrive::ui {

/// Rows first … last, both included, as Qt's signals want them.
struct Run
{
    int first = 0;
    int last = 0;
    bool operator==(const Run &) const = default;
};

/// Merges consecutive numbers. `rows` is sorted, without duplicates.
std::vector<Run> runsOf(std::span<const int> rows);

/// What turns one keyed, sorted list into another.
struct RowDiff
{
    std::vector<int> removed;  ///< rows of the old list
    std::vector<int> inserted; ///< rows of the new list
    std::vector<int> kept; ///< for each row of the new list, its row in the old one; -1: inserted
};

/// Both lists are sorted by `less`; equal keys pair up in order. O(old + new).
template <typename Row, typename Less>
RowDiff diffRows(const std::vector<Row> &before, const std::vector<Row> &after, Less less)
{
    RowDiff diff;
    diff.kept.reserve(after.size());
    std::size_t i = 0;
    for (std::size_t j = 0; j < after.size(); ++j) {
        while (i < before.size() && less(before[i], after[j]))
            diff.removed.push_back(static_cast<int>(i++));
        if (i < before.size() && !less(after[j], before[i])) {
            diff.kept.push_back(static_cast<int>(i++));
        } else {
            diff.inserted.push_back(static_cast<int>(j));
            diff.kept.push_back(-1);
        }
    }
    while (i < before.size())
        diff.removed.push_back(static_cast<int>(i++));
    return diff;
}

} // namespace redrive::ui
