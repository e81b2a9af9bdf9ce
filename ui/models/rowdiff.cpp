#include "ui/models/rowdiff.h"

namespace redrive::ui {

std::vector<Run> runsOf(std::span<const int> rows)
{
    std::vector<Run> runs;
    for (const int row : rows) {
        if (!runs.empty() && runs.back().last + 1 == row)
            runs.back().last = row;
        else
            runs.push_back({row, row});
    }
    return runs;
}

} // namespace redrive::ui
