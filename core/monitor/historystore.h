#pragma once

#include "core/base/ids.h"
#include "core/monitor/history.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

namespace redrive::monitor {

/// The lag of a group, or of one of its partitions.
struct SeriesKey
{
    GroupId group;
    std::optional<TopicPartition> partition; ///< none: the group's total
    bool operator==(const SeriesKey &) const = default;
};

/// Histories of many things under one bound of memory. When it is exceeded, whole series are given
/// up, the least recently wanted first (wanted: asked for by points(), or new), and counted. Not
/// thread-safe.
class HistoryStore
{
public:
    explicit HistoryStore(std::size_t mostBytes)
        : m_mostBytes(mostBytes)
    {
    }
    HistoryStore(const HistoryStore &) = delete;
    HistoryStore &operator=(const HistoryStore &) = delete;

    void record(const SeriesKey &key, WallTime time, std::optional<std::int64_t> value);
    /// From now on nothing is known of any of them, until the next record(): paused, or the broker
    /// is gone.
    void recordGap(WallTime time);
    /// Empty for a series that was never recorded, or given up.
    std::vector<HistoryPoint> points(const SeriesKey &key, WallTime from, WallTime to,
                                     std::size_t most);
    void clear();

    std::size_t series() const noexcept { return m_series.size(); }
    std::size_t bytes() const noexcept { return m_bytes; }
    std::uint64_t evicted() const noexcept { return m_evicted; } ///< series given up, ever
    std::uint64_t dropped() const noexcept { return m_dropped; } ///< samples that came late, ever

private:
    struct Series
    {
        SeriesKey key;
        HistoryRing ring;
        std::size_t bytes = 0;
    };
    using Order = std::list<Series>; ///< the least recently wanted in front
    struct Hash
    {
        std::size_t operator()(const SeriesKey &key) const noexcept;
    };

    void record(Series &series, WallTime time, std::optional<std::int64_t> value);
    void evict();

    std::size_t m_mostBytes;
    std::size_t m_bytes = 0;
    std::uint64_t m_evicted = 0;
    std::uint64_t m_dropped = 0;
    Order m_order;
    std::unordered_map<SeriesKey, Order::iterator, Hash> m_series;
};

} // namespace redrive::monitor
