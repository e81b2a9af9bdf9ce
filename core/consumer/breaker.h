#pragma once

#include "core/base/time.h"
#include "core/consumer/options.h"
#include "core/consumer/snapshot.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace redrive::consumer {

/// Holds a session back where records fail through no fault of their own, instead of dead-lettering
/// the world. It opens at once for a failure of the environment, and when more than half of
/// the last `window` records failed for good in processing, of at least `least`. While it is open
/// one partition after another is tried, with exponential back-off; the first record that is
/// processed closes it. Decoding and validation do not count: such a record is its own fault. No
/// clock of its own.
class Breaker
{
public:
    static constexpr std::size_t window = 100;
    static constexpr std::size_t least = 50;

    explicit Breaker(RetryPolicy backOff);

    void succeeded(std::size_t records = 1);
    /// A record failed for good in stage process. True: hold it, the breaker is open (now).
    bool failed(const std::string &reason, MonoTime now);
    void environmentFailed(const std::string &reason, MonoTime now);
    /// A probe that failed, or could not be made.
    void probeFailed(const std::string &reason, MonoTime now);

    bool isOpen() const noexcept { return m_since.has_value(); }
    /// Open, and the time for the next probe has come.
    bool mayProbe(MonoTime now) const { return m_since && now >= m_nextProbe; }
    /// A probe is under way; no other until it has ended.
    void probing() { m_nextProbe = MonoTime::max(); }
    std::optional<MonoTime> nextProbe() const;
    BreakerSnapshot snapshot() const;

private:
    void note(bool failure);
    void open(const std::string &reason, MonoTime now);

    RetryPolicy m_backOff;
    std::deque<bool> m_outcomes; ///< true: failed
    std::size_t m_failures = 0;
    std::optional<MonoTime> m_since;
    MonoTime m_nextProbe{};
    std::size_t m_probes = 0;
    std::string m_reason;
};

} // namespace redrive::consumer
