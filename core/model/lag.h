#pragma once

#include "core/base/ids.h"
#include "core/model/group.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive {

/// What a partition of a group is like, where one word says it (G5). Where several hold, the first
/// of this order is named. An empty optional is "cannot be told", which is none of these.
enum class Condition
{
    TopicDeleted,    ///< the topic is gone, an assignment or a commit remains
    BeyondEnd,       ///< committed past the log end
    RecordsLost,     ///< committed below the log start: retention or DeleteRecords was faster
    Unsubscribed,    ///< Stable, members present, no assignment covers any partition of the topic
    NoCommit,        ///< assigned, and never committed
    OpenTransaction, ///< the last stable offset is below the log end
    MarkersOnly,     ///< behind, yet only transaction markers are left to read
    Idle,            ///< committed at the log end
    Ok,
};

/// The contract's word: "topic_deleted", "no_commit", "ok".
std::string_view name(Condition condition);

/// One answer of ListOffsets. Exactly one of offset and error is set, or neither: not asked.
struct OffsetAnswer
{
    std::optional<Offset> offset;
    std::optional<Error> error;
    bool operator==(const OffsetAnswer &) const = default;
};
using OffsetTable = std::map<TopicPartition, OffsetAnswer>;

/// The last record with data (no transaction marker) near the end of a log, found by a bounded read
/// of its tail.
struct TailAnswer
{
    std::optional<Offset> lastData; ///< none: only markers between `from` and the end
    Offset from;                    ///< where the read began
    bool operator==(const TailAnswer &) const = default;
};
using TailTable = std::map<TopicPartition, TailAnswer>;

/// Log bounds read together. Each table may miss partitions (not asked) or carry their errors.
struct LogBounds
{
    OffsetTable start;
    OffsetTable end;    ///< high watermark, read after the commits it is compared with
    OffsetTable stable; ///< last stable offset
    TailTable tail;     ///< only partitions that were suspicious and within the budget
    WallTime readAt{};
};

/// A row of `groups describe` and of the Partitions tab.
struct PartitionLag
{
    TopicPartition partition;
    std::optional<Offset> committed;
    std::optional<std::int32_t> leaderEpoch;
    std::string metadata;
    std::optional<Offset> logStart;
    std::optional<Offset> logEnd;
    std::optional<Offset> stableEnd;
    std::optional<std::int64_t> lag; ///< log end − committed; none when unknown or beyond the end
    std::optional<std::int64_t> lost;  ///< log start − committed, where records are lost
    std::optional<std::size_t> member; ///< index into the group's members
    std::optional<Condition> condition;
    std::string
        conditionNote; ///< why the condition cannot be told, or what it rests on; may be empty
    std::optional<Error> error;
    bool operator==(const PartitionLag &) const = default;
};

/// One group, looked at closely: description, commits and log bounds put together.
struct GroupDetail
{
    GroupListing listing;
    GroupDescription description;
    std::vector<PartitionLag> partitions; ///< sorted
    std::optional<std::int64_t> totalLag; ///< sum of the known lags; none when none is known
    std::size_t unknownLags = 0;          ///< partitions whose lag is not in the sum
    std::vector<Error> errors;      ///< of the group as a whole; a partition's own stand in its row
    std::vector<std::string> notes; ///< what cannot be told here, and why
    WallTime commitsReadAt{};
    WallTime endsReadAt{};
};

/// One group in a list. Lag parts are empty until offsets were read.
struct GroupSummary
{
    GroupListing listing;
    std::optional<std::int64_t> totalLag;
    std::size_t partitions = 0;
    std::size_t unknownLags = 0;
    std::vector<std::string> topics;       ///< with a commit or an assignment, sorted
    std::optional<std::size_t> members;    ///< only where the group was described
    std::optional<std::string> protocol;   ///< only where the group was described
    std::optional<Error> error;            ///< offsets could not be read
    std::optional<WallTime> offsetsReadAt; ///< none: never
    bool operator==(const GroupSummary &) const = default;
};

} // namespace redrive
