#include "core/consumer/engine.h"

#include <algorithm>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr Millis publishInterval{100};
constexpr Millis rateWindow{5000};

} // namespace

LaneSnapshot ConsumerSession::Engine::lookAt(const Partition &partition) const
{
    LaneSnapshot lane{.partition = partition.id};
    lane.position = partition.position();
    lane.committed = m_book.committed(partition.id);
    if (m_consumer)
        lane.logEnd = m_consumer->knownEnd(partition.id);
    if (lane.logEnd && lane.committed)
        lane.lag = std::max<std::int64_t>(0, *lane.logEnd - *lane.committed);
    lane.buffered = partition.buffered();
    lane.processed = partition.processed;
    lane.deadLettered = partition.deadLettered;
    lane.skipped = partition.skipped;

    bool waits = false;
    bool sends = false;
    bool stands = false;
    for (const auto &each : partition.lanes) {
        const std::int64_t current = each->current;
        if (each->running && current >= 0 && (!lane.inFlight || current < lane.inFlight->value())) {
            lane.inFlight = Offset(current);
            lane.inFlightSince = MonoTime(MonoTime::duration(each->currentSince.load()));
        }
        if (each->condemned) {
            sends = true;
            if (each->dlqProblem)
                lane.deadLetterProblem = each->dlqProblem;
        } else if (each->notBefore && each->failure && each->front() != nullptr) {
            waits = true;
            lane.retry = LaneSnapshot::Waiting{.offset = Offset(each->front()->offset),
                                               .attempt = each->attempts,
                                               .due = *each->notBefore,
                                               .failure = *each->failure};
        }
        stands = stands || (!each->isBusy() && each->front() != nullptr);
    }
    lane.state = partition.starting             ? LaneState::Starting
                 : partition.userPaused         ? LaneState::Paused
                 : sends                        ? LaneState::DeadLettering
                 : m_breaker.isOpen() && stands ? LaneState::HeldBack
                 : waits                        ? LaneState::Retrying
                                                : LaneState::Running;
    return lane;
}

void ConsumerSession::Engine::publish(MonoTime now, bool always)
{
    if (!always && now - m_publishedAt < publishInterval)
        return;
    m_publishedAt = now;
    m_counters.eventsDropped = m_events.dropped();
    m_rate.emplace_back(now, m_finished);
    while (m_rate.size() > 2 && now - m_rate.front().first > rateWindow)
        m_rate.pop_front();

    auto snapshot = std::make_shared<SessionSnapshot>();
    snapshot->group = m_options.group;
    snapshot->handler = m_parts.handler ? std::string(m_parts.handler->name()) : std::string();
    if (m_consumer)
        snapshot->memberId = m_consumer->memberId();
    snapshot->protocol = m_protocol;
    snapshot->state = m_state;
    snapshot->since = m_since;
    snapshot->at = now;
    snapshot->loopTurnedAt = m_turnedAt;
    snapshot->connected = m_connected;
    snapshot->joinedAt = m_joinedAt;
    for (const auto &[id, partition] : m_partitions) {
        snapshot->lanes.push_back(lookAt(*partition));
        const auto oldest = partition->tracker.oldest();
        if (oldest && (!snapshot->oldest || oldest->since < snapshot->oldest->since))
            snapshot->oldest = SessionSnapshot::Oldest{.record = {id, Offset(oldest->offset)},
                                                       .since = oldest->since};
    }
    snapshot->counters = m_counters;
    snapshot->latency = m_latency.quantiles(now);
    const auto span = std::chrono::duration<double>(now - m_rate.front().first).count();
    if (span > 0)
        snapshot->recordsPerSecond = static_cast<double>(m_finished - m_rate.front().second) / span;
    snapshot->breaker = m_breaker.snapshot();
    snapshot->problem = m_problem;
    snapshot->stopped = m_stopped;
    const std::scoped_lock lock(m_mutex);
    m_snapshot = std::move(snapshot);
}

} // namespace redrive::consumer
