#pragma once

#include "core/base/time.h"
#include "core/model/record.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace redrive::consumer {

/// Which records of one partition are finished, from where it was assigned or sought to on. What
/// may be committed is the contiguous finished prefix of the offsets that were received;
/// gaps between them are normal (R-04: markers, compaction). One thread.
class OffsetTracker
{
public:
    /// Records come in ascending order; one that does not is refused (false) and must not be
    /// handled.
    bool received(std::int64_t offset, std::optional<std::int32_t> leaderEpoch, MonoTime now);
    /// False where it was never received, or was finished already.
    bool finished(std::int64_t offset);
    /// The reader stands at `position` with nothing left before it: what lies between is no record.
    void endReached(std::int64_t position);

    /// Behind the last record of the finished prefix; none as long as there is none.
    struct Prefix
    {
        std::int64_t next = 0;
        std::optional<std::int32_t> leaderEpoch;
        bool operator==(const Prefix &) const = default;
    };
    std::optional<Prefix> prefix() const { return m_prefix; }

    struct Unfinished
    {
        std::int64_t offset = 0;
        MonoTime since{};
    };
    std::optional<Unfinished> oldest() const;
    std::size_t unfinished() const noexcept { return m_unfinished; }
    std::optional<std::int64_t> last() const noexcept { return m_last; } ///< received

private:
    struct Entry
    {
        std::int64_t offset = 0;
        std::int32_t epoch = -1; ///< -1: unknown
        bool done = false;
        MonoTime since{};
    };
    void advance();

    std::deque<Entry> m_entries; ///< from the oldest unfinished on
    std::optional<Prefix> m_prefix;
    std::optional<std::int64_t> m_last;
    std::size_t m_unfinished = 0;
};

} // namespace redrive::consumer
