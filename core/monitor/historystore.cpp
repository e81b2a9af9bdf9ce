#include "core/monitor/historystore.h"

namespace redrive::monitor {

namespace {

/// What a series costs besides its ring: list and hash nodes, and the key twice.
std::size_t overhead(const SeriesKey &key)
{
    constexpr std::size_t nodes = 2 * sizeof(SeriesKey) + 12 * sizeof(void *);
    return nodes +
           2 * (key.group.value().size() + (key.partition ? key.partition->topic.size() : 0));
}

} // namespace

std::size_t HistoryStore::Hash::operator()(const SeriesKey &key) const noexcept
{
    const std::size_t group = std::hash<GroupId>{}(key.group);
    return key.partition ? group * 31U + std::hash<TopicPartition>{}(*key.partition) : group;
}

void HistoryStore::record(const SeriesKey &key, WallTime time, std::optional<std::int64_t> value)
{
    const auto found = m_series.find(key);
    if (found != m_series.end()) {
        record(*found->second, time, value);
    } else {
        m_order.push_back({.key = key, .ring = {}, .bytes = 0});
        m_series.emplace(key, std::prev(m_order.end()));
        record(m_order.back(), time, value);
    }
    evict();
}

void HistoryStore::record(Series &series, WallTime time, std::optional<std::int64_t> value)
{
    const std::uint64_t droppedBefore = series.ring.dropped();
    series.ring.record(time, value);
    m_dropped += series.ring.dropped() - droppedBefore;
    m_bytes -= series.bytes;
    series.bytes = series.ring.bytes() + overhead(series.key);
    m_bytes += series.bytes;
}

void HistoryStore::recordGap(WallTime time)
{
    for (Series &series : m_order)
        record(series, time, std::nullopt);
    evict();
}

std::vector<HistoryPoint> HistoryStore::points(const SeriesKey &key, WallTime from, WallTime to,
                                               std::size_t most)
{
    const auto found = m_series.find(key);
    if (found == m_series.end())
        return {};
    m_order.splice(m_order.end(), m_order, found->second);
    return found->second->ring.points(from, to, most);
}

void HistoryStore::clear()
{
    m_series.clear();
    m_order.clear();
    m_bytes = 0;
}

void HistoryStore::evict()
{
    while (m_bytes > m_mostBytes && m_order.size() > 1) {
        const Series &oldest = m_order.front();
        m_bytes -= oldest.bytes;
        m_series.erase(oldest.key);
        m_order.pop_front();
        ++m_evicted;
    }
}

} // namespace redrive::monitor
