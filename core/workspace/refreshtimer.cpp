#include "core/workspace/refreshtimer.h"

#include <algorithm>

namespace redrive::workspace {

void RefreshTimer::setInterval(Millis interval)
{
    m_configured = interval;
    if (m_lastStart && !m_startedAt && m_due != asked)
        m_due = *m_lastStart + this->interval();
}

std::optional<MonoTime> RefreshTimer::due() const
{
    if (m_startedAt)
        return {};
    return m_due;
}

Millis RefreshTimer::end(MonoTime now, bool succeeded)
{
    const MonoTime startedAt = m_startedAt.value_or(now);
    const auto duration = std::chrono::duration_cast<Millis>(now - startedAt);
    m_stretched = succeeded ? 2 * duration : Millis{0};
    m_lastStart = startedAt;
    m_startedAt.reset();
    m_due =
        std::max(startedAt + interval(), succeeded ? now : now + std::min(breath, m_configured));
    return duration;
}

void RefreshTimer::abandon()
{
    m_startedAt.reset();
    m_due = asked;
}

Millis RefreshTimer::interval() const
{
    return std::max(m_configured, m_stretched);
}

} // namespace redrive::workspace
