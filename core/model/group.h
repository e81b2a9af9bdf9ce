#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/model/cluster.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive {

/// States as Kafka names them. A state that cannot be told is an empty optional, never Dead:
/// librdkafka folds the KIP-848 states Assigning and Reconciling into "unknown".
enum class GroupState
{
    PreparingRebalance,
    CompletingRebalance,
    Stable,
    Empty,
    Dead
};
enum class GroupType
{
    Classic,
    Consumer
};

std::string_view name(GroupState state);
std::string_view name(GroupType type); ///< `classic`, `consumer`

/// One line of the group listing.
struct GroupListing
{
    GroupId id;
    std::optional<GroupState> state;
    std::optional<GroupType> type;
    std::optional<std::string>
        protocolType; ///< "consumer", "connect", "" for groups that only commit
    /// Set for groups that cannot be described here: share, streams, foreign protocol types, no
    /// permission.
    std::optional<Error> error;
    bool operator==(const GroupListing &) const = default;
};

struct GroupMember
{
    std::string memberId;
    std::optional<std::string> instanceId; ///< static membership
    std::string clientId;
    std::string host;
    std::vector<TopicPartition> assignment;            ///< sorted
    std::optional<std::vector<TopicPartition>> target; ///< KIP-848 only, sorted
    bool operator==(const GroupMember &) const = default;
};

struct GroupDescription
{
    GroupId id;
    std::optional<GroupState> state;
    std::optional<GroupType> type;
    std::optional<std::string> protocol; ///< the assignor: "range", "uniform"
    std::optional<Broker> coordinator;
    std::vector<GroupMember> members;
    std::optional<Error> error; ///< GROUP_ID_NOT_FOUND, no permission, coordinator loading …
    WallTime readAt{};
    bool operator==(const GroupDescription &) const = default;
};

/// What a group has committed for one partition. `offset` empty: nothing is committed there.
struct CommittedOffset
{
    TopicPartition partition;
    std::optional<Offset> offset;
    std::optional<std::int32_t> leaderEpoch;
    std::string metadata; ///< bytes
    std::optional<Error> error;
    bool operator==(const CommittedOffset &) const = default;
};

struct GroupOffsets
{
    GroupId id;
    std::vector<CommittedOffset> offsets; ///< sorted by partition
    std::optional<Error> error;           ///< the whole answer failed
    WallTime readAt{};
    bool operator==(const GroupOffsets &) const = default;
};

} // namespace redrive
