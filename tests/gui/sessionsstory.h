#pragma once

#include "sessionsfixture.h"

#include <cmath>

namespace redrive::test {

inline consumer::Failure lockedDatabase()
{
    return {.kind = consumer::Failure::Kind::Transient,
            .stage = consumer::Stage::Process,
            .errorClass = "DatabaseBusy",
            .message = "database is locked"};
}

inline consumer::Failure badTotal()
{
    return {.kind = consumer::Failure::Kind::Permanent,
            .stage = consumer::Stage::Decode,
            .errorClass = "DecodeError",
            .message = "expected number at $.total_price, got string"};
}

/// A session in which something of everything happens.
inline consumer::SessionSnapshot storySession(const std::string &group)
{
    using consumer::LaneState;
    auto snapshot = runningSnapshot(group);
    const MonoTime now = snapshot.at;
    for (int p = 0; p < 6; ++p)
        snapshot.lanes.push_back(
            laneOf("orders", p, 36'000 + 17 * p - (p == 3 ? 18'000 : 0), 36'622 + p));
    snapshot.lanes[0].inFlight = Offset(36'012);
    snapshot.lanes[0].inFlightSince = now - Millis(40);
    snapshot.lanes[3].state = LaneState::Retrying;
    snapshot.lanes[3].retry = consumer::LaneSnapshot::Waiting{.offset = Offset(18'063),
                                                              .attempt = 2,
                                                              .due = now + Millis(3200),
                                                              .failure = lockedDatabase()};
    snapshot.lanes[4].state = LaneState::Paused;
    snapshot.lanes[5].state = LaneState::DeadLettering;
    snapshot.lanes[5].deadLetterProblem = "Broker: Unknown topic or partition";
    snapshot.lanes[5].deadLettered = 3;
    snapshot.counters.processed = 1'204'553;
    snapshot.counters.deadLettered = 3;
    snapshot.counters.skipped = 12;
    snapshot.counters.retried = 27;
    snapshot.counters.commitsRequested = 841;
    snapshot.counters.commitsAcknowledged = 840;
    snapshot.counters.rebalances = 2;
    snapshot.latency = {0.84, 12.4};
    snapshot.recordsPerSecond = 1'433.2;
    return snapshot;
}

inline std::vector<TopicPartition> ordersPartitions(int from, int to)
{
    std::vector<TopicPartition> all;
    for (int p = from; p < to; ++p)
        all.push_back({"orders", p});
    return all;
}

inline void tellStory(TwinState &twin)
{
    twin.tell(told::Assigned{ordersPartitions(0, 3), "cooperative"}, noon() - Millis(840'000));
    twin.tell(told::Assigned{ordersPartitions(3, 6), "cooperative"}, noon() - Millis(600'000));
    const consumer::RecordAt bad{{"orders", 5}, Offset(35'990)};
    twin.tell(told::Retry{{{"orders", 3}, Offset(18'063)}, 1, Millis(140), lockedDatabase()},
              noon() - Millis(4000));
    twin.tell(told::Retry{{{"orders", 3}, Offset(18'063)}, 2, Millis(3400), lockedDatabase()},
              noon() - Millis(3800));
    twin.tell(told::DeadLettered{bad, "orders.dlq", 1, Offset(2), 1, badTotal()},
              noon() - Millis(2000));
    twin.tell(told::Skipped{{{"orders", 1}, Offset(36'001)}, "duplicate", "e-17", {}},
              noon() - Millis(1500));
    twin.tell(told::Steered{{"orders", 4}, "pause", {}, {}, {}}, noon() - Millis(1200));
    twin.tell(told::Steered{{"orders", 2}, "rewind", Offset(36'046), Offset(35'046), {}},
              noon() - Millis(1100));
    twin.tell(told::Problem{.error = brokerError("writing a dead letter to orders.dlq",
                                                 "Broker: Unknown topic or partition",
                                                 "UNKNOWN_TOPIC_OR_PARTITION")},
              noon() - Millis(900));
    for (int i = 0; i < 40; ++i) {
        told::Committed committed;
        for (int p = 0; p < 3; ++p)
            committed.positions.push_back(
                {{"orders", p}, Offset(35'000 + 25 * i + p), std::nullopt});
        committed.sync = i % 13 == 12;
        committed.latency = Millis(3 + i % 7);
        if (i == 30)
            committed.error = brokerError("committing", "Broker: Group rebalance in progress",
                                          "REBALANCE_IN_PROGRESS");
        twin.tell(std::move(committed), noon() - Millis(1000) * (40 - i));
    }
}

inline void sampleStory(ui::SessionDiary &diary, int seconds)
{
    consumer::SessionSnapshot snapshot = runningSnapshot("billing");
    double processed = 0;
    for (int i = 0; i <= seconds; ++i) {
        snapshot.at += Millis(1000);
        processed += 1400 + 300 * std::sin(i / 20.0) - (i > 180 && i < 200 ? 1300 : 0);
        snapshot.counters.processed = static_cast<std::uint64_t>(processed);
        snapshot.counters.retried += i > 180 && i < 200 ? 5 : i % 30 == 0 ? 1 : 0;
        snapshot.latency = {0.8 + 0.1 * std::sin(i / 9.0), 9 + 3 * std::sin(i / 15.0)};
        if (i > 180 && i < 200)
            snapshot.latency.p99 = 48;
        diary.sample(snapshot, noon() - Millis(1000) * (seconds - i));
    }
}

} // namespace redrive::test
