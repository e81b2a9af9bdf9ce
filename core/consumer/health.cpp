#include "core/consumer/health.h"

#include "core/base/text.h"
#include "core/consumer/metrics.h"
#include "core/telemetry/tracing.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace redrive::consumer {

namespace {

using telemetry::HealthPage;

Millis age(MonoTime since, MonoTime now)
{
    return std::max(Millis(0), std::chrono::duration_cast<Millis>(now - since));
}

bool isPausedByHand(const SessionSnapshot &session, const TopicPartition &partition)
{
    return std::any_of(session.lanes.begin(), session.lanes.end(), [&](const auto &lane) {
        return lane.partition == partition && lane.state == LaneState::Paused;
    });
}

/// The record that has been unfinished for longest, where nobody has paused its partition.
std::optional<SessionSnapshot::Oldest> oldestThatShouldMove(const SessionSnapshot &session)
{
    if (!session.oldest || !isPausedByHand(session, session.oldest->record.partition))
        return session.oldest;
    std::optional<SessionSnapshot::Oldest> oldest;
    for (const auto &lane : session.lanes) {
        if (lane.state == LaneState::Paused || !lane.inFlight || !lane.inFlightSince)
            continue;
        if (!oldest || *lane.inFlightSince < oldest->since)
            oldest = SessionSnapshot::Oldest{
                .record = {.partition = lane.partition, .offset = *lane.inFlight},
                .since = *lane.inFlightSince};
    }
    return oldest;
}

std::string place(const RecordAt &record)
{
    return "topic " + visible(record.partition.topic) + " partition " +
           std::to_string(record.partition.partition) + " offset " +
           std::to_string(record.offset.value());
}

std::string stuck(const SessionSnapshot &session, const SessionSnapshot::Oldest &oldest,
                  MonoTime now)
{
    std::string text =
        place(oldest.record) + " has been unfinished for " + humanDuration(age(oldest.since, now));
    const auto lane =
        std::find_if(session.lanes.begin(), session.lanes.end(), [&](const auto &candidate) {
            return candidate.partition == oldest.record.partition;
        });
    if (lane == session.lanes.end())
        return text;
    text += " (" + std::string(name(lane->state));
    if (lane->deadLetterProblem)
        text += ": " + visible(*lane->deadLetterProblem);
    else if (lane->retry)
        text += ": " + visible(lane->retry->failure.errorClass);
    return text + ")";
}

std::vector<std::string> whyNotReady(const SessionSnapshot &session, const HealthLimits &limits,
                                     MonoTime now)
{
    switch (session.state) {
    case SessionState::Draining: return {"stopping"};
    case SessionState::Stopped:
    case SessionState::Failed:
    case SessionState::Killed:
        return {"the session has ended: " + std::string(name(session.state)) +
                (session.problem ? ": " + visible(describe(*session.problem)) : "")};
    case SessionState::Joining:
    case SessionState::Running: break;
    }
    std::vector<std::string> reasons;
    if (!session.connected)
        reasons.push_back("no broker answers" +
                          (session.problem ? ": " + visible(describe(*session.problem)) : ""));
    if (!session.joinedAt)
        reasons.push_back("not assigned: the group " + visible(session.group.value()) +
                          " has not let this member in yet");
    if (age(session.loopTurnedAt, now) > limits.loop)
        reasons.push_back("the poll loop last turned " +
                          humanDuration(age(session.loopTurnedAt, now)) + " ago");
    if (session.breaker.open)
        reasons.push_back("the breaker is open, nothing is processed: " +
                          visible(session.breaker.reason));
    const auto oldest = oldestThatShouldMove(session);
    if (oldest && age(oldest->since, now) >= limits.stuckAfter)
        reasons.push_back(stuck(session, *oldest, now));
    return reasons;
}

} // namespace

HealthPage liveness(const SessionSnapshot &session, const HealthLimits &limits, MonoTime now)
{
    const auto turned = age(session.loopTurnedAt, now);
    if (turned > limits.loop)
        return {.ok = false,
                .text = "not live: the poll loop last turned " + humanDuration(turned) +
                        " ago, the limit is " + humanDuration(limits.loop)};
    return {.ok = true, .text = "live"};
}

HealthPage readiness(const SessionSnapshot &session, const HealthLimits &limits, MonoTime now)
{
    const auto reasons = whyNotReady(session, limits, now);
    if (reasons.empty())
        return {.ok = true,
                .text = "ready: group " + visible(session.group.value()) + ", " +
                        std::to_string(session.lanes.size()) + " partitions"};
    HealthPage page{.ok = false, .text = {}};
    for (const auto &reason : reasons)
        page.text += (page.text.empty() ? "not ready: " : "\nnot ready: ") + reason;
    return page;
}

telemetry::HealthPages healthPages(std::function<std::shared_ptr<const SessionSnapshot>()> snapshot,
                                   std::shared_ptr<telemetry::Tracer> tracer,
                                   const HealthLimits &limits)
{
    telemetry::HealthPages pages;
    pages.live = [snapshot, limits] {
        const auto session = snapshot();
        return session ? liveness(*session, limits, monoNow())
                       : HealthPage{.ok = true, .text = "live: starting"};
    };
    pages.ready = [snapshot, limits] {
        const auto session = snapshot();
        return session ? readiness(*session, limits, monoNow())
                       : HealthPage{.ok = false, .text = "not ready: starting"};
    };
    pages.metrics = [snapshot, tracer] {
        const auto session = snapshot();
        std::optional<SpanCounts> spans;
        if (tracer)
            spans = SpanCounts{.exported = tracer->exported(), .dropped = tracer->dropped()};
        return HealthPage{.ok = true,
                          .text = session ? prometheusText(*session, spans, monoNow()) : ""};
    };
    return pages;
}

} // namespace redrive::consumer
