#include "core/consumer/latency.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

namespace redrive::consumer {

namespace {

std::size_t bucketOf(std::uint64_t nanos, std::size_t buckets)
{
    if (nanos < 4)
        return static_cast<std::size_t>(nanos);
    const auto power = static_cast<std::size_t>(std::bit_width(nanos)) - 1;
    const auto quarter = static_cast<std::size_t>((nanos >> (power - 2)) & 3U);
    return std::min(power * 4 + quarter, buckets - 1);
}

/// The middle of a bucket, in milliseconds.
double middleOf(std::size_t bucket)
{
    const std::size_t power = bucket / 4;
    const auto quarter = static_cast<double>(bucket % 4);
    if (bucket < 4)
        return static_cast<double>(bucket) / 1e6;
    return std::exp2(static_cast<double>(power)) * (1 + (quarter + 0.5) / 4) / 1e6;
}

} // namespace

void LatencyWindow::turn(MonoTime now)
{
    if (m_sliceEnds == MonoTime{})
        m_sliceEnds = now + sliceLength;
    if (now >= m_sliceEnds + sliceLength * slices) {
        m_slices = {};
        m_sliceEnds = now + sliceLength;
    }
    while (now >= m_sliceEnds) {
        m_current = (m_current + 1) % slices;
        m_slices[m_current] = {};
        m_sliceEnds += sliceLength;
    }
}

void LatencyWindow::add(std::chrono::nanoseconds perRecord, std::size_t records, MonoTime now)
{
    turn(now);
    const auto nanos = static_cast<std::uint64_t>(std::max<std::int64_t>(0, perRecord.count()));
    m_slices[m_current][bucketOf(nanos, buckets)] += records;
}

Latency LatencyWindow::quantiles(MonoTime now)
{
    turn(now);
    Histogram sum{};
    std::uint64_t total = 0;
    for (const Histogram &slice : m_slices) {
        for (std::size_t i = 0; i < buckets; ++i) {
            sum[i] += slice[i];
            total += slice[i];
        }
    }
    if (total == 0)
        return {};
    const auto quantile = [&](double share) -> std::optional<double> {
        const auto wanted =
            static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total)));
        std::uint64_t seen = 0;
        for (std::size_t i = 0; i < buckets; ++i) {
            seen += sum[i];
            if (seen >= wanted)
                return middleOf(i);
        }
        return std::nullopt;
    };
    return Latency{.p50 = quantile(0.5), .p99 = quantile(0.99)};
}

} // namespace redrive::consumer
