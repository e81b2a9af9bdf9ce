#pragma once

#include "core/base/time.h"

#include <optional>

namespace redrive::workspace {

/// When one kind of refresh is due. Never while one is under way: the next is armed when the last
/// has ended, and one that takes long stretches the interval to twice its duration, so that a slow
/// cluster is not kept busy. Time is an argument. Not thread-safe.
class RefreshTimer
{
public:
    explicit RefreshTimer(Millis interval)
        : m_configured(interval)
    {
    }

    void setInterval(Millis interval);
    /// Due at once, or, where one is under way, as that one ends by its own.
    void ask() { m_due = asked; }
    bool isAsked() const { return !m_startedAt && m_due == asked; }
    bool isDue(MonoTime now) const { return !m_startedAt && m_due <= now; }
    bool isRunning() const { return m_startedAt.has_value(); }
    std::optional<MonoTime> due() const;

    void start(MonoTime now) { m_startedAt = now; }
    /// Returns how long it took. A failed one does not stretch the interval: recovery is to be seen
    /// soon.
    Millis end(MonoTime now, bool succeeded);
    /// Its answers will never come.
    void abandon();

    Millis interval() const; ///< as it is now
    bool isSlowed() const { return interval() > m_configured; }

private:
    static constexpr MonoTime asked = MonoTime::min();
    static constexpr Millis breath{1000}; ///< after a failure, at the least

    Millis m_configured;
    Millis m_stretched{0};
    std::optional<MonoTime> m_startedAt;
    std::optional<MonoTime> m_lastStart;
    MonoTime m_due = asked;
};

} // namespace redrive::workspace
