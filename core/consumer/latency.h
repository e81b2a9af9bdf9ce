#pragma once

#include "core/base/time.h"
#include "core/consumer/snapshot.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace redrive::consumer {

/// Handler time a record over the last minute, in a histogram of buckets that are a quarter of a
/// power of two wide (so a quantile is right within a fifth), six slices of ten seconds. One
/// thread.
class LatencyWindow
{
public:
    void add(std::chrono::nanoseconds perRecord, std::size_t records, MonoTime now);
    Latency quantiles(MonoTime now);

private:
    static constexpr std::size_t buckets = 4 * 40; ///< up to 2^40 ns, 18 minutes
    static constexpr std::size_t slices = 6;
    static constexpr Millis sliceLength{10'000};
    using Histogram = std::array<std::uint64_t, buckets>;

    void turn(MonoTime now);

    std::array<Histogram, slices> m_slices{};
    std::size_t m_current = 0;
    MonoTime m_sliceEnds{};
};

} // namespace redrive::consumer
