#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/kafka/connection.h"
#include "core/model/cluster.h"
#include "core/model/group.h"
#include "core/model/lag.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redrive::kafka {

enum class OffsetSpec
{
    Earliest,
    Latest
};
enum class Isolation
{
    ReadUncommitted,
    ReadCommitted
};

struct GroupListings
{
    std::vector<GroupListing> groups; ///< sorted by id
    std::vector<Error> errors;        ///< brokers that did not answer: the list lacks their groups
};

struct TailQuery
{
    TopicPartition partition;
    Offset from; ///< begin here
    Offset end;  ///< stop here (exclusive)
};

/// The read side of one cluster, as everything above the kafka room sees it. Requests are
/// asynchronous and pipelined; a reply is called exactly once, on the owner's thread, from inside
/// poll(), also when the request timed out. Only wake() may be called from other threads. Nothing
/// here changes anything on the cluster: what does is made with a Permit from guard.h.
class ClusterClient
{
public:
    template <typename T>
    using Reply = std::function<void(T)>;

    ClusterClient() = default;
    ClusterClient(const ClusterClient &) = delete;
    ClusterClient &operator=(const ClusterClient &) = delete;
    /// Never blocks; outstanding replies are dropped.
    virtual ~ClusterClient() = default;

    virtual void describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply) = 0;

    /// Classic and KIP-848 groups. What the client library passes over is found by
    /// listUndescribable().
    virtual void listGroups(Millis timeout, Reply<Result<GroupListings>> reply) = 0;

    /// Names that only the deprecated listing knows: share, streams and foreign protocol types.
    /// They carry an error that says so, and no state. `known` are the names that listGroups()
    /// told.
    virtual void listUndescribable(std::vector<GroupId> known, Millis timeout,
                                   Reply<Result<GroupListings>> reply) = 0;

    /// One description a group, in the order asked; failures stand inside each. A group that does
    /// not exist says GROUP_ID_NOT_FOUND.
    virtual void describeGroups(std::vector<GroupId> groups, Millis timeout,
                                Reply<std::vector<GroupDescription>> reply) = 0;

    /// All that a group has committed, one request (OffsetFetch). Callers bound how many are in
    /// flight.
    virtual void committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply) = 0;

    /// One request a leader; every partition asked for is in the answer, with an offset or its
    /// error.
    virtual void listOffsets(std::vector<TopicPartition> partitions, OffsetSpec spec,
                             Isolation isolation, Millis timeout, Reply<OffsetTable> reply) = 0;

    virtual void listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply) = 0;

    /// Reads a few tails with an assign-only consumer that joins nothing and commits nothing.
    /// Partitions that the time did not allow are missing from the answer.
    virtual void readTails(std::vector<TailQuery> queries, Millis timeout,
                           Reply<TailTable> reply) = 0;

    /// Runs what has arrived, waiting up to `wait` for something to arrive or for wake(). Returns
    /// true if something ran.
    virtual bool poll(Millis wait) = 0;
    virtual void wake() = 0;

    /// The newest connection-level complaint of the library (refused, TLS, SASL …), if one came
    /// since the last call, and whether all brokers are down. Says why requests time out.
    struct Trouble
    {
        Error error;
        bool allBrokersDown = false;
        bool hopeless = false; ///< retrying cannot help: wrong password, certificate refused
    };
    virtual std::optional<Trouble> takeTrouble() = 0;

    /// Whether so many requests were given up that still load this client and the brokers that a
    /// fresh one is better.
    virtual bool isWorn() const { return false; }
};

/// Opens a handle on librdkafka; does not wait for a connection. The handle is destroyed off the
/// caller's thread.
Result<std::unique_ptr<ClusterClient>> openCluster(const ConnectionSettings &settings);

/// "2.15.1"
std::string libraryVersion();

/// Waits up to `wait` for handles that are being destroyed in the background. False: some are
/// stuck, and the process should end by _exit() instead of running destructors under them.
bool finishDestruction(Millis wait);

} // namespace redrive::kafka
