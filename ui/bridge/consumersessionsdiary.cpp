#include "ui/bridge/consumersessionsdiary.h"

#include "core/base/overloaded.h"

#include <variant>

namespace redrive::ui {

namespace told = consumer::told;

namespace {

constexpr Millis sampleEvery{1000};

} // namespace

void SessionDiary::add(consumer::SessionEvent event)
{
    const WallTime time = event.time;
    const bool forLog = std::visit(
        Overloaded{[&](const told::Committed &committed) {
                       m_commits.add({time, committed});
                       return committed.error.has_value();
                   },
                   [&](const told::Assigned &assigned) {
                       m_rebalances.add({time, Rebalance::Kind::Assigned, assigned.protocol,
                                         assigned.partitions});
                       return true;
                   },
                   [&](const told::Revoked &revoked) {
                       m_rebalances.add(
                           {time, revoked.lost ? Rebalance::Kind::Lost : Rebalance::Kind::Revoked,
                            revoked.protocol, revoked.partitions});
                       return true;
                   },
                   [&](const told::Live &live) {
                       m_live.add({time, live.record, live.update});
                       return false;
                   },
                   [](const told::Processed &) { return false; },
                   [](const auto &) { return true; }},
        event.what);
    if (std::holds_alternative<told::Problem>(event.what))
        m_problem = event;
    if (forLog)
        m_log.add(std::move(event));
}

void SessionDiary::sample(const consumer::SessionSnapshot &snapshot, WallTime now)
{
    if (!m_before) {
        m_before.emplace(snapshot.at, snapshot.counters);
        return;
    }
    const auto &[at, counters] = *m_before;
    if (snapshot.at - at < sampleEvery)
        return;
    const double seconds = std::chrono::duration<double>(snapshot.at - at).count();
    const auto rate = [seconds](std::uint64_t after, std::uint64_t before) {
        return after < before ? 0 : static_cast<double>(after - before) / seconds;
    };
    m_samples.add({.time = now,
                   .processed = rate(snapshot.counters.processed, counters.processed),
                   .retried = rate(snapshot.counters.retried, counters.retried),
                   .deadLettered = rate(snapshot.counters.deadLettered, counters.deadLettered),
                   .p50 = snapshot.latency.p50,
                   .p99 = snapshot.latency.p99,
                   .lag = lagOf(snapshot)});
    m_before.emplace(snapshot.at, snapshot.counters);
}

std::optional<std::int64_t> lagOf(const consumer::SessionSnapshot &snapshot)
{
    std::optional<std::int64_t> sum;
    for (const consumer::LaneSnapshot &lane : snapshot.lanes) {
        if (lane.lag)
            sum = sum.value_or(0) + *lane.lag;
    }
    return sum;
}

} // namespace redrive::ui
