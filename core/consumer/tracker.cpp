#include "core/consumer/tracker.h"

#include <algorithm>

namespace redrive::consumer {

bool OffsetTracker::received(std::int64_t offset, std::optional<std::int32_t> leaderEpoch,
                             MonoTime now)
{
    if (m_last && offset <= *m_last)
        return false;
    m_last = offset;
    m_entries.push_back(
        Entry{.offset = offset, .epoch = leaderEpoch.value_or(-1), .done = false, .since = now});
    ++m_unfinished;
    return true;
}

bool OffsetTracker::finished(std::int64_t offset)
{
    if (m_entries.empty() || offset < m_entries.front().offset)
        return false;
    // Offsets have gaps but no repeats, so the entry stands at most this far from the front.
    const auto most = std::min<std::uint64_t>(
        static_cast<std::uint64_t>(offset - m_entries.front().offset), m_entries.size() - 1);
    const auto end = m_entries.begin() + static_cast<std::ptrdiff_t>(most) + 1;
    auto entry = end - 1;
    if (entry->offset != offset) {
        entry = std::lower_bound(
            m_entries.begin(), end, offset,
            [](const Entry &candidate, std::int64_t wanted) { return candidate.offset < wanted; });
        if (entry == end || entry->offset != offset)
            return false;
    }
    if (entry->done)
        return false;
    entry->done = true;
    --m_unfinished;
    if (entry == m_entries.begin())
        advance();
    return true;
}

void OffsetTracker::endReached(std::int64_t position)
{
    if (position <= 0 || (m_last && position - 1 <= *m_last))
        return;
    m_last = position - 1;
    const std::int32_t epoch = m_entries.empty()
                                   ? (m_prefix ? m_prefix->leaderEpoch.value_or(-1) : -1)
                                   : m_entries.back().epoch;
    m_entries.push_back(Entry{.offset = position - 1, .epoch = epoch, .done = true, .since = {}});
    if (m_entries.size() == 1)
        advance();
}

void OffsetTracker::advance()
{
    Entry last = m_entries.front();
    do {
        last = m_entries.front();
        m_entries.pop_front();
    } while (!m_entries.empty() && m_entries.front().done);
    m_prefix = Prefix{.next = last.offset + 1, .leaderEpoch = std::nullopt};
    if (last.epoch >= 0)
        m_prefix->leaderEpoch = last.epoch;
}

std::optional<OffsetTracker::Unfinished> OffsetTracker::oldest() const
{
    if (m_entries.empty())
        return std::nullopt;
    return Unfinished{.offset = m_entries.front().offset, .since = m_entries.front().since};
}

} // namespace redrive::consumer
