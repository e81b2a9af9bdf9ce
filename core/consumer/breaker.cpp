#include "core/consumer/breaker.h"

#include "core/consumer/retry.h"

#include <algorithm>

namespace redrive::consumer {

Breaker::Breaker(RetryPolicy backOff)
    : m_backOff(backOff)
{
}

void Breaker::note(bool failure)
{
    m_outcomes.push_back(failure);
    m_failures += failure ? 1 : 0;
    if (m_outcomes.size() > window) {
        m_failures -= m_outcomes.front() ? 1 : 0;
        m_outcomes.pop_front();
    }
}

void Breaker::succeeded(std::size_t records)
{
    if (m_since) {
        m_since.reset();
        m_outcomes.clear();
        m_failures = 0;
        m_reason.clear();
    }
    // More than a window of them leave nothing else in it.
    for (std::size_t i = 0; i < std::min(records, window); ++i)
        note(false);
}

bool Breaker::failed(const std::string &reason, MonoTime now)
{
    if (m_since) {
        probeFailed(reason, now);
        return true;
    }
    note(true);
    if (m_outcomes.size() < least || m_failures * 2 <= m_outcomes.size())
        return false;
    open(std::to_string(m_failures) + " of the last " + std::to_string(m_outcomes.size()) +
             " records failed: " + reason,
         now);
    return true;
}

void Breaker::environmentFailed(const std::string &reason, MonoTime now)
{
    if (m_since)
        probeFailed(reason, now);
    else
        open(reason, now);
}

void Breaker::open(const std::string &reason, MonoTime now)
{
    m_since = now;
    m_probes = 0;
    probeFailed(reason, now);
}

void Breaker::probeFailed(const std::string &reason, MonoTime now)
{
    m_reason = reason;
    m_nextProbe = now + retryDelay(m_backOff, ++m_probes, 0.5);
}

std::optional<MonoTime> Breaker::nextProbe() const
{
    if (!m_since || m_nextProbe == MonoTime::max())
        return std::nullopt;
    return m_nextProbe;
}

BreakerSnapshot Breaker::snapshot() const
{
    return BreakerSnapshot{
        .open = isOpen(), .since = m_since, .nextProbe = nextProbe(), .reason = m_reason};
}

} // namespace redrive::consumer
