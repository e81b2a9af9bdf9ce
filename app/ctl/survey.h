#pragma once

#include "app/ctl/commands.h"
#include "app/ctl/tables.h"
#include "core/kafka/clusterclient.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace redrive::ctl {

// What several commands ask of a cluster, with progress shown. Each waits until answered.

/// All groups, also those that cannot be described.
Result<kafka::GroupListings> listGroups(Context &context, Runner &runner);
Result<std::vector<TopicInfo>> listTopics(Context &context, Runner &runner);

/// Groups with what they are assigned and what they have committed, in the order of `groups`.
struct Reading
{
    std::vector<GroupDescription> descriptions;
    std::vector<GroupOffsets> commits;
};
Result<Reading> readGroups(Context &context, Runner &runner, const std::vector<GroupId> &groups);

/// Log start and log end of partitions.
struct Bounds
{
    OffsetTable start;
    OffsetTable end;
};
Result<Bounds> readBounds(Context &context, Runner &runner,
                          const std::vector<TopicPartition> &partitions);

/// Shows "what 3 of 10" while a survey goes on.
std::function<void(std::size_t)> progressOf(Console &console, std::string what, std::size_t total);

Look lookOf(const Context &context);

} // namespace redrive::ctl
