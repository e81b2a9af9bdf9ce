#pragma once

#include "core/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace redrive::monitor {

/// One point of a chart: the extremes that a stretch of time has seen, and its last value.
struct HistoryPoint
{
    WallTime time{};                  ///< of the last sample within
    std::optional<std::int64_t> last; ///< none: unknown at that time (a gap)
    std::int64_t low = 0;             ///< meaningful only with a value
    std::int64_t high = 0;
    bool operator==(const HistoryPoint &) const = default;
};

} // namespace redrive::monitor
