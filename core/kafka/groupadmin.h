#pragma once

#include "core/kafka/clusterclient.h"
#include "core/kafka/guard.h"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redrive::kafka {

/// Where a time leads in a partition. Neither offset nor error: there is no record at or after it.
struct TimeAnswer
{
    std::optional<Offset> offset; ///< of the first record at or after the time
    std::optional<WallTime> time; ///< of that record
    std::optional<Error> error;
    bool operator==(const TimeAnswer &) const = default;
};
using TimeTable = std::map<TopicPartition, TimeAnswer>;

/// Tells a topic from one that was deleted and made again under its name.
struct TopicIdentity
{
    std::string topic;
    std::optional<std::string> id; ///< as Kafka's tools write it; none: the broker is too old
    std::vector<std::int32_t> partitions;
    std::optional<Error> error;
    bool operator==(const TopicIdentity &) const = default;
};

/// A stretch of a log, of which only an end is looked at.
struct GlanceQuery
{
    enum class Which
    {
        First, ///< the first record with data at or after `from`
        Last,  ///< the last record with data before `end`; all from `from` on is read
    };
    TopicPartition partition;
    Which which = Which::First;
    Offset from;
    Offset end; ///< exclusive
    bool operator==(const GlanceQuery &) const = default;
};

/// Enough of a record to recognise it. Key and value are cut to `glanceBytes`.
struct RecordGlance
{
    Offset offset;
    std::optional<WallTime> time; ///< none: the record has no timestamp
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::size_t valueSize = 0; ///< whole
    bool operator==(const RecordGlance &) const = default;
};
inline constexpr std::size_t glanceBytes = 256;

struct GlanceAnswer
{
    std::optional<RecordGlance> record; ///< none: no record in that stretch, or `error`
    std::optional<Error> error;
    bool operator==(const GlanceAnswer &) const = default;
};

/// What is to be committed for a partition (OffsetCommit).
struct NewOffset
{
    TopicPartition partition;
    Offset offset;
    std::optional<std::int32_t> leaderEpoch;
    std::string metadata; ///< bytes
    bool operator==(const NewOffset &) const = default;
};

/// What a mutating request came to.
struct ChangeAnswer
{
    /// Of each partition: nothing, or why it was refused. One that is missing was not answered for.
    std::map<TopicPartition, std::optional<Error>> parts;
    /// Of the request as a whole. A time-out or a broken connection leaves open whether it was
    /// done.
    std::optional<Error> error;
    bool operator==(const ChangeAnswer &) const = default;
};

/// What planning and applying a change to a group asks of a cluster: the reads of ClusterClient,
/// some more, and the writes, each of which takes the guard's Permit. Threads, replies and
/// time-outs are those of ClusterClient.
class GroupAdmin : public ClusterClient
{
public:
    /// ListOffsets by timestamp: one request a leader; every partition asked for is in the answer.
    virtual void offsetsForTimes(std::map<TopicPartition, WallTime> times, Millis timeout,
                                 Reply<TimeTable> reply) = 0;

    /// One answer a topic, in the order asked. One that does not exist has an error.
    virtual void topicIdentities(std::vector<std::string> topics, Millis timeout,
                                 Reply<std::vector<TopicIdentity>> reply) = 0;

    /// Reads with an assign-only consumer that joins nothing and commits nothing, uncommitted
    /// records included. One answer a query, in their order; what the time did not allow has an
    /// error (_TIMED_OUT).
    virtual void glance(std::vector<GlanceQuery> queries, Millis timeout,
                        Reply<std::vector<GlanceAnswer>> reply) = 0;

    /// A change to that group is likely to follow: opens what it will need, so that nobody waits
    /// for that later. Changes nothing; has no reply.
    virtual void prepareChange(GroupId /*group*/, Millis /*timeout*/) {}
    /// OffsetCommit from outside of the group, which has to be empty. Creates the group where there
    /// is none.
    virtual void alterOffsets(GroupId group, std::vector<NewOffset> offsets, const Permit &permit,
                              Millis timeout, Reply<ChangeAnswer> reply) = 0;
    virtual void deleteOffsets(GroupId group, std::vector<TopicPartition> partitions,
                               const Permit &permit, Millis timeout, Reply<ChangeAnswer> reply) = 0;
    virtual void deleteGroup(GroupId group, const Permit &permit, Millis timeout,
                             Reply<Result<void>> reply) = 0;
};

Result<std::unique_ptr<GroupAdmin>> openGroupAdmin(const ConnectionSettings &settings);

} // namespace redrive::kafka
