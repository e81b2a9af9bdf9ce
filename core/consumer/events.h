#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/consumer/handler.h"
#include "core/kafka/groupconsumer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace redrive::consumer {

struct RecordAt
{
    TopicPartition partition;
    Offset offset;
    bool operator==(const RecordAt &) const = default;
};

/// What a session tells as it goes. Values; shapes for scripts are in app/ctl.
namespace told {

struct Assigned
{
    std::vector<TopicPartition> partitions;
    std::string protocol; ///< `eager`, `cooperative`, `consumer`
};
struct Revoked
{
    std::vector<TopicPartition> partitions;
    std::string protocol;
    bool lost = false;
};
/// Only where each record is asked for.
struct Processed
{
    RecordAt record;
    std::string eventId; ///< empty: none known
};
struct Retry
{
    RecordAt record;
    std::size_t attempt = 0; ///< the one that failed: 1 is the first
    Millis delay{};
    Failure failure;
};
struct DeadLettered
{
    RecordAt record;
    std::string topic;
    std::int32_t partition = 0;
    Offset offset;
    std::size_t attempts = 0;
    Failure failure;
};
struct Skipped
{
    RecordAt record;
    std::string reason; ///< `duplicate`, `poison`, `skipped by hand`
    std::string eventId;
    std::optional<Failure> failure{};
};
struct Committed
{
    std::vector<Position> positions;
    bool sync = false;
    std::optional<Error> error{}; ///< none: acknowledged
    Millis latency{};
    /// No answer came: it may have been done.
    bool isUnknown() const
    {
        return error &&
               (error->kind == Error::Kind::Timeout || error->kind == Error::Kind::Transport);
    }
};
/// Something went wrong, or ought to be known. Not fatal: the session goes on by itself.
struct Problem
{
    Error error;
    bool fatal = false;
    std::optional<TopicPartition> partition{};
    std::optional<Offset> offset{};
    std::optional<Offset> committed{}; ///< these three: of RECORDS_LOST
    std::optional<Offset> logStart{};
    std::optional<std::int64_t> lost{};
};
/// A person moved, paused or resumed a partition of a running session.
struct Steered
{
    TopicPartition partition;
    std::string action; ///< `pause`, `resume`, `seek`, `skip`, `rewind`
    std::optional<Offset> from{};
    std::optional<Offset> to{};
    std::optional<Error> error{};
    std::optional<Offset> committed{}; ///< of the group, acknowledged since; for the journal alone
};
struct Live
{
    RecordAt record;
    Update update;
};
struct Stopped
{
    std::string reason; ///< `signal`, `until_end`, `max`, `error`, `killed`
    std::uint64_t processed = 0;
    std::uint64_t deadLettered = 0;
    std::uint64_t skipped = 0;
    int exit = 0;
};

using What = std::variant<Assigned, Revoked, Processed, Retry, DeadLettered, Skipped, Committed,
                          Problem, Steered, Live, Stopped>;

} // namespace told

struct SessionEvent
{
    WallTime time{};
    told::What what;
};

} // namespace redrive::consumer
