#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/consumer/events.h"
#include "core/consumer/handler.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace redrive::consumer {

enum class SessionState
{
    Joining, ///< no assignment yet
    Running,
    Draining, ///< asked to stop; finishing what it has
    Stopped,
    Failed, ///< ended by an error
    Killed, ///< ended without drain
};
std::string_view name(SessionState state);

enum class LaneState
{
    Starting,      ///< assigned; where it begins is being looked up
    Running,       ///< also when there is nothing to do
    Retrying,      ///< a record waits for its next try
    DeadLettering, ///< a record is on its way to the dead-letter topic, or waits to be sent again
    Paused,        ///< by a person
    HeldBack,      ///< by the breaker
};
std::string_view name(LaneState state);

/// One owned partition.
struct LaneSnapshot
{
    TopicPartition partition;
    LaneState state = LaneState::Starting;
    std::optional<Offset> position{};  ///< next to be processed in order
    std::optional<Offset> committed{}; ///< as the broker acknowledged it, or had it at the start
    std::optional<Offset> logEnd{};
    std::optional<std::int64_t> lag{}; ///< log end − committed
    std::size_t buffered = 0;          ///< taken and not finished
    std::optional<Offset> inFlight{};  ///< the record a handler has now
    std::optional<MonoTime> inFlightSince{};
    /// Where a record waits for its next try.
    struct Waiting
    {
        Offset offset;
        std::size_t attempt = 0;
        MonoTime due{};
        Failure failure;
    };
    std::optional<Waiting> retry{};
    std::optional<std::string> deadLetterProblem{}; ///< why the dead letter has not gone yet
    std::uint64_t processed = 0;
    std::uint64_t deadLettered = 0;
    std::uint64_t skipped = 0;
};

struct BreakerSnapshot
{
    bool open = false;
    std::optional<MonoTime> since{};
    std::optional<MonoTime> nextProbe{};
    std::string reason;
};

/// Counts since the session began: received = processed + deadLettered + skipped + buffered
/// + dropped.
struct Counters
{
    std::uint64_t received = 0;
    std::uint64_t processed = 0;
    std::uint64_t deadLettered = 0;
    std::uint64_t skipped = 0;
    std::uint64_t dropped = 0; ///< taken, and given back with their partition before they finished
    std::uint64_t retried = 0;
    std::uint64_t lateAcks = 0; ///< finished after their partition had gone (R-08)
    std::uint64_t commitsRequested = 0;
    std::uint64_t commitsAcknowledged = 0;
    std::uint64_t commitsFailed = 0;
    std::uint64_t rebalances = 0;
    std::uint64_t eventsDropped = 0; ///< by the mailbox
};

/// Handler time a record in milliseconds, over the last minute.
struct Latency
{
    std::optional<double> p50{};
    std::optional<double> p99{};
};

/// A session as it is now: what the window draws, and what health and metrics are made of. An
/// immutable value, made at most ten times a second.
struct SessionSnapshot
{
    GroupId group;
    std::string handler;
    std::string memberId;
    std::string protocol;
    SessionState state = SessionState::Joining;
    WallTime since{};                   ///< when the session began
    MonoTime at{};                      ///< when this was made
    MonoTime loopTurnedAt{};            ///< the poll loop's last turn
    bool connected = false;             ///< a broker has answered, and not all are down now
    std::optional<MonoTime> joinedAt{}; ///< first assignment, also an empty one
    std::vector<LaneSnapshot> lanes;    ///< sorted
    Counters counters;
    Latency latency;
    double recordsPerSecond = 0;
    BreakerSnapshot breaker;
    /// The record that has been unfinished for longest.
    struct Oldest
    {
        RecordAt record;
        MonoTime since{};
    };
    std::optional<Oldest> oldest{};
    std::optional<Error> problem{}; ///< the newest that still holds
    std::optional<told::Stopped> stopped{};
};

} // namespace redrive::consumer
