#pragma once

#include "core/base/time.h"
#include "core/monitor/ring.h"

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

/// The values of one thing over a day, in bounded memory (about 50 kB when every sample differs).
/// Newest samples stay as they are, for an hour or 720 of them; then what falls into the same half
/// minute becomes one point, up to six hours; then what falls into the same two minutes, up to 24
/// hours. Points keep the extremes of what they stand for, and a gap never disappears into a value
/// beside it. A run of equal values takes two points, however long it is. A value with an owner;
/// not thread-safe.
class HistoryRing
{
public:
    static constexpr std::size_t rawSamples = 720;
    static constexpr Millis rawFor = std::chrono::hours(1);
    static constexpr Millis fineSlot = std::chrono::seconds(30);
    static constexpr Millis fineFor = std::chrono::hours(6);
    static constexpr Millis coarseSlot = std::chrono::minutes(2);
    static constexpr Millis coarseFor = std::chrono::hours(24);
    /// A sample up to this much older than the newest is late, and dropped. One still older means
    /// that the clock was set back: then what was recorded after its time gives way, or nothing
    /// would be recorded until it is that late.
    static constexpr Millis clockSlack = std::chrono::minutes(1);

    /// `value` is not negative; none is a gap.
    void record(WallTime time, std::optional<std::int64_t> value);

    /// The points from `from` to `to`, both included, at most `most` (at least 2) of them:
    /// neighbours are put together where there are more. A run of equal values that reaches over an
    /// edge begins or ends there.
    std::vector<HistoryPoint> points(WallTime from, WallTime to, std::size_t most) const;

    std::optional<WallTime> newest() const;
    /// Samples that came late or were taken back with the clock.
    std::uint64_t dropped() const noexcept { return m_dropped; }
    std::size_t bytes() const noexcept;

private:
    struct Sample
    {
        WallTime time;
        std::int64_t value;
    };
    struct Stretch
    {
        WallTime time;
        std::int64_t last;
        std::int64_t low;
        std::int64_t high;
    };

    static Stretch stretch(const Sample &sample);
    static HistoryPoint point(const Stretch &stretch);
    template <typename Points>
    static void merge(Points &points, const Stretch &next, WallTime origin, Millis slot);
    bool makeRoomFor(WallTime time);
    void age(WallTime now);
    std::vector<Stretch> within(WallTime from, WallTime to) const;

    Ring<Sample> m_raw;
    Ring<Stretch> m_fine;
    Ring<Stretch> m_coarse;
    std::uint64_t m_dropped = 0;
};

} // namespace redrive::monitor
