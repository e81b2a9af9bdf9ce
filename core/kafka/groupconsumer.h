#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/kafka/connection.h"
#include "core/kafka/guard.h"
#include "core/kafka/recordbatch.h"
#include "core/model/record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace redrive::kafka {

/// What happens where a group has no commit, or one that the log no longer holds.
enum class ResetPolicy
{
    Earliest,
    Latest,
    Error
};

struct GroupConsumerSettings
{
    ConnectionSettings connection; ///< its properties choose protocol and assignor
    GroupId group;
    std::vector<std::string> topics;
    ResetPolicy reset = ResetPolicy::Earliest;
    std::optional<std::string> instanceId; ///< static membership (KIP-345)
    /// Commits what was stored, this often; none: only commit() commits.
    std::optional<Millis> autoCommit;
    std::size_t queuedKilobytes = 65'536; ///< prefetched and not yet taken
    /// How long a broker may keep a fetch that has nothing to bring. Other questions to it wait
    /// behind.
    Millis fetchWait{500};
};

/// How a rebalance is carried out.
enum class RebalanceProtocol
{
    Eager,
    Cooperative, ///< also that of `group.protocol=consumer`, which is always incremental
};

/// What a group consumer has to say. Partitions come sorted.
namespace consumed {

/// Ours from now on; nothing is read from them until assign() is called.
struct Assigned
{
    std::vector<TopicPartition> partitions;
    RebalanceProtocol protocol = RebalanceProtocol::Eager;
};
/// To be given back; unassign() says that all which is to be committed has been. When `lost` they
/// are somebody else's already and nothing may be committed.
struct Revoked
{
    std::vector<TopicPartition> partitions;
    RebalanceProtocol protocol = RebalanceProtocol::Eager;
    bool lost = false;
};
struct PartOfCommit
{
    Position position;
    std::optional<Error> error;
};
/// The broker's answer to commit(request, …); request 0 are commits of the library's own timer.
struct CommitAnswer
{
    std::uint64_t request = 0;
    std::vector<PartOfCommit> parts;
    std::optional<Error> error; ///< of the request as a whole
};
/// Of the answer to lookUp(): commits were read before log bounds.
struct StartingPoint
{
    TopicPartition partition;
    std::optional<Offset> committed;         ///< none: no commit, unless there is an error
    std::optional<std::int32_t> leaderEpoch; ///< of the commit
    std::optional<Offset> logStart;
    std::optional<Offset> logEnd; ///< last stable offset: what read_committed may read up to
    std::optional<Error> error;
};
struct StartingPoints
{
    std::vector<StartingPoint> points;
    bool elsewhere = false; ///< the answer to lookUpElsewhere()
};
/// The answer to seek().
struct SeekAnswer
{
    struct Part
    {
        TopicPartition partition;
        std::optional<Error> error;
    };
    std::vector<Part> parts;
};
/// What the connection or the group complains about. Fatal: this consumer is at its end (fenced,
/// Not fatal: it goes on trying by itself.
struct Complaint
{
    Error error;
    bool fatal = false;
    bool allBrokersDown = false;
    std::optional<std::string> topic; ///< where it is about one
};

using Event = std::variant<Assigned, Revoked, CommitAnswer, StartingPoints, SeekAnswer, Complaint>;

} // namespace consumed

/// A member of a consumer group. Every function is called from the thread of the one poll loop that
/// owns it (except where it says otherwise) and returns at once. Offsets move only by commit() and
/// store(). The bytes of a profile's read-only mode are kept by the Permit it was opened with.
class GroupConsumer
{
public:
    GroupConsumer() = default;
    GroupConsumer(const GroupConsumer &) = delete;
    GroupConsumer &operator=(const GroupConsumer &) = delete;
    /// Destroys the handle in the background (reaper.h), after the last batch of it is released.
    /// Without close() before, the group is not left and nothing is committed: the member times out
    /// there, as if the process had died.
    virtual ~GroupConsumer() = default;

    /// Written to (8 bytes, as eventfd(2) takes them) when events or records have arrived since
    /// they were last drained. To be set before the first poll(); the descriptor outlives this.
    virtual void wakeThrough(int eventDescriptor) = 0;

    /// What has been said since the last call. To be called at least once in max.poll.interval.ms,
    /// whatever the handlers do.
    virtual std::vector<consumed::Event> poll() = 0;

    /// Up to `most` records, ends and breaks that have been fetched; never waits. Not calling it
    /// holds the broker back (the fetch queue is bounded) without losing membership. When it brings
    /// `most` of them, more may be there, and no wake is written for those.
    virtual RecordBatch take(std::size_t most) = 0;

    /// Committed offsets and log bounds, both asked for with `timeout`.
    virtual void lookUp(std::vector<TopicPartition> partitions, Millis timeout) = 0;
    /// The same of all partitions of the topics that are not assigned here; where the topics cannot
    /// be asked for, the answer is one point with the error and no partition.
    virtual void lookUpElsewhere(Millis timeout) = 0;
    /// Begins to read: from `next` where there is one, else from the group's commit. Where it has a
    /// leader epoch and the log was cut below it since, reading begins where it was cut (or breaks,
    /// with ResetPolicy::Error). Answers an Assigned event, and is to be called for it also with
    /// none. A pause does not outlive the assignment.
    virtual void assign(const std::vector<TopicPartition> &partitions,
                        const std::vector<Position> &startAt, RebalanceProtocol protocol) = 0;
    virtual void unassign(const std::vector<TopicPartition> &partitions,
                          RebalanceProtocol protocol) = 0;

    /// One request; the answer is a CommitAnswer with `request` (not 0). `metadata` goes with every
    /// part.
    virtual void commit(std::uint64_t request, const std::vector<Position> &positions,
                        const std::string &metadata) = 0;
    /// For the library's timed commits. Parts that are not ours any more come back with _STATE,
    /// which is a normal outcome.
    virtual std::vector<consumed::PartOfCommit> store(const std::vector<Position> &positions,
                                                      const std::string &metadata) = 0;

    virtual void pause(const std::vector<TopicPartition> &partitions) = 0;
    virtual void resume(const std::vector<TopicPartition> &partitions) = 0;
    /// Throws away what was fetched of them. Answered at once; a part that is not ours has _STATE.
    virtual void seek(const std::vector<Position> &positions, Millis timeout) = 0;

    /// The log end that the last fetch told; none before. Also from other threads.
    virtual std::optional<Offset> knownEnd(const TopicPartition &partition) const = 0;
    /// Empty before it joined. Once it is leaving, the last one known.
    virtual std::string memberId() const = 0;

    /// Begins to leave the group: a Revoked event comes for what is still owned, and poll() goes on
    /// being called until closed().
    virtual void close() = 0;
    virtual bool closed() const = 0;
};

/// Joins nothing until the first poll(). Needs a Permit, since members commit and groups come into
/// being by joining.
Result<std::unique_ptr<GroupConsumer>> openGroupConsumer(const GroupConsumerSettings &settings,
                                                         const Permit &permit);

} // namespace redrive::kafka
