#include "core/offsets/gather.h"

#include <algorithm>

namespace redrive::offsets {

namespace {

/// How soon a stop is seen at the latest; it also wakes the client.
constexpr Millis longestWait{50};
constexpr Millis leftAfterStop{2000};

} // namespace

Patience::Patience(Millis span, Clock clock, std::stop_token stop)
    : m_clock(std::move(clock))
    , m_stop(std::move(stop))
    , m_until(m_clock() + span)
{
}

bool Patience::isOver()
{
    const MonoTime now = m_clock();
    if (m_stop.stop_requested() && !m_shortened) {
        m_shortened = true;
        m_until = std::min(m_until, now + leftAfterStop);
    }
    return now >= m_until;
}

bool Gather::wait(const std::stop_token &stop)
{
    const std::stop_callback wakes(stop, [this] { m_client.wake(); });
    while (*m_open > 0) {
        if (stop.stop_requested())
            return false;
        m_client.poll(longestWait);
    }
    return !stop.stop_requested();
}

bool Gather::wait(Patience &patience)
{
    while (*m_open > 0) {
        if (patience.isOver())
            return false;
        m_client.poll(longestWait);
    }
    return true;
}

bool pause(kafka::ClusterClient &client, Millis span, const Clock &clock,
           const std::stop_token &stop)
{
    const std::stop_callback wakes(stop, [&client] { client.wake(); });
    const MonoTime until = clock() + span;
    for (MonoTime now = clock(); now < until; now = clock()) {
        if (stop.stop_requested())
            return false;
        const auto left = std::chrono::ceil<Millis>(until - now);
        client.poll(std::min(left, longestWait));
    }
    return !stop.stop_requested();
}

bool pause(kafka::ClusterClient &client, Millis span, Patience &patience)
{
    const MonoTime until = patience.now() + span;
    for (MonoTime now = patience.now(); now < until; now = patience.now()) {
        if (patience.isOver())
            return false;
        const auto left = std::chrono::ceil<Millis>(until - now);
        client.poll(std::min(left, longestWait));
    }
    return !patience.isOver();
}

Error cancelled(std::string attempted)
{
    return Error{.kind = Error::Kind::Cancelled,
                 .code = "_CANCELLED",
                 .message = "it was cancelled; nothing was sent",
                 .attempted = std::move(attempted),
                 .retriable = {}};
}

} // namespace redrive::offsets
