#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/kafka/groupconsumer.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::consumer {

/// When what is processed is committed (C2). Only the contiguous processed prefix ever is.
struct CommitStrategy
{
    enum class Kind
    {
        Auto,  ///< stored after processing; the library commits every 5 s (R-01): loses nothing
        Sync,  ///< after each record, and the partition goes on when the broker has acknowledged it
        Async, ///< after each record, without waiting
        Batch, ///< after `count` records
        Every, ///< after `interval`
    };
    Kind kind = Kind::Every;
    std::size_t count = 0;
    Millis interval{1000};
    bool operator==(const CommitStrategy &) const = default;
};
/// `auto`, `sync`, `async`, `batch:N`, `every:1s`
Result<CommitStrategy> parseCommitStrategy(std::string_view text);
std::string describe(const CommitStrategy &strategy);

struct RetryPolicy
{
    std::size_t retries = 3; ///< after the first try
    Millis base{100};
    Millis cap{10'000};
    bool operator==(const RetryPolicy &) const = default;
};

enum class OnPoison
{
    DeadLetter,
    Skip,
    Stop
};

enum class Ordering
{
    Partition, ///< one record of a partition at a time
    Key,       ///< records of one key in order, different keys of a partition at once
};

struct SessionOptions
{
    GroupId group;
    std::vector<std::string> topics;
    CommitStrategy commit;
    kafka::ResetPolicy reset = kafka::ResetPolicy::Earliest;
    std::size_t workers = 2;
    Ordering ordering = Ordering::Partition;
    RetryPolicy retry;
    OnPoison onPoison = OnPoison::DeadLetter;
    /// The dead-letter topic of a topic: suffix verbatim, or one name for all; neither: none.
    std::optional<std::string> dlqSuffix = ".dlq";
    std::optional<std::string> dlqTopic;
    Millis drain{10'000};
    /// Stop where each partition ended when it was first seen; those of other members are waited
    /// for as long as they come nearer to it.
    bool untilEnd = false;
    std::optional<std::uint64_t> most; ///< stop after so many records finished in any way
    Millis stuckAfter{60'000};
    std::optional<std::string> instanceId;
    bool reportEach = false; ///< a Processed event for every record
    /// Marks of the records that are running, kept in a file of this process's own here, so that
    /// one that kills the process is known at the next start; empty: not kept.
    std::filesystem::path marksBeside;
    std::string commitMetadata;             ///< tells our commits from others'
    std::size_t bufferedBytes = 32U << 20U; ///< records taken and not finished, all partitions
    std::size_t bufferedRecords = 20'000;   ///< likewise
    bool isKip848 = false;                  ///< `group.protocol=consumer`, to be named so
    std::size_t eventCapacity = 20'000;
    /// Where the reader of events is slow: false, the oldest are dropped and counted; true, no more
    /// records are taken.
    bool losesNoEvent = false;
};

/// Refuses what cannot work: no group, no topic, a dead-letter topic that is a source.
Result<void> check(const SessionOptions &options);

/// Where poison records of `topic` go; none: nowhere.
std::optional<std::string> deadLetterTopic(const SessionOptions &options, const std::string &topic);

} // namespace redrive::consumer
