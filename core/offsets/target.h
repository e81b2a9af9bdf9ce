#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace redrive::offsets {

/// A topic, and which of its partitions; none named: all.
struct TopicScope
{
    std::string topic;
    std::vector<std::int32_t> partitions; ///< sorted, each once
    bool operator==(const TopicScope &) const = default;
};

/// What a plan is about. Nothing is in it that was not named (O2).
struct Scope
{
    std::vector<TopicScope> topics; ///< by name, each once
    bool allTopics = false;         ///< all that the group has committed to
    bool operator==(const Scope &) const = default;
};

/// `orders`, `orders:0,3`. A usage error for what is no topic or partition.
Result<TopicScope> parseTopicScope(std::string_view text);
/// All of them as one scope: the same topic twice is put together.
Scope toScope(std::vector<TopicScope> topics);

/// A commit as it was, or is to be. No offset: nothing is committed there.
struct CommitImage
{
    std::optional<Offset> offset;
    std::optional<std::int32_t> leaderEpoch;
    std::string metadata; ///< bytes
    bool operator==(const CommitImage &) const = default;
};
using CommitTable = std::map<TopicPartition, CommitImage>;

/// The ways to say where a group is to go (O1).
namespace to {
struct Earliest
{
    bool operator==(const Earliest &) const = default;
};
struct Latest
{
    bool operator==(const Latest &) const = default;
};
struct Time
{
    WallTime time{};
    bool operator==(const Time &) const = default;
};
struct Ago ///< resolved against the clock when the plan is made
{
    Millis span{};
    bool operator==(const Ago &) const = default;
};
struct Shift
{
    std::int64_t by = 0;
    bool operator==(const Shift &) const = default;
};
struct LatestMinus
{
    std::int64_t count = 0;
    bool operator==(const LatestMinus &) const = default;
};
struct Exact
{
    Offset offset;
    bool operator==(const Exact &) const = default;
};
/// From a file: partitions of the scope that are not in it are left out of the plan.
struct Table
{
    CommitTable commits;
    /// Of a snapshot; empty: not told. Leader epochs of another cluster are not taken over.
    std::string clusterId{};
    bool operator==(const Table &) const = default;
};
struct OtherGroup
{
    GroupId group;
    bool operator==(const OtherGroup &) const = default;
};
struct Delete
{
    bool operator==(const Delete &) const = default;
};
/// Back to a before-image: an image without an offset deletes the commit.
struct Undo
{
    std::string journal;
    CommitTable before;
    CommitTable after; ///< what the change left; anything else there now has to be looked at first
    /// Of then; a topic that has another one now is refused (TOPIC_RECREATED).
    std::map<std::string, std::string> topicIds{};
    bool operator==(const Undo &) const = default;
};
} // namespace to

using Target = std::variant<to::Earliest, to::Latest, to::Time, to::Ago, to::Shift, to::LatestMinus,
                            to::Exact, to::Table, to::OtherGroup, to::Delete, to::Undo>;

/// The contract's TARGET: `earliest`, `time:…`, `csv:FILE`. `now` is for `time:-15m`; files are
/// read here, bounded. Usage errors point at what is wrong, with the line for files. With `group`,
/// lines of a CSV that name another group are refused.
Result<Target> parseTarget(std::string_view text, WallTime now,
                           const std::optional<GroupId> &group = {});

/// The time that a target by time means when the clock shows `now`; none for all others.
std::optional<WallTime> timeOf(const Target &target, WallTime now);

/// The same again as the contract writes it, without files: `shift:-100`, `delete`, `undo:j17`.
std::string specOf(const Target &target);

} // namespace redrive::offsets
