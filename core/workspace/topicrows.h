#pragma once

#include "core/workspace/snapshot.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace redrive::workspace {

/// The topics that each group has partitions of, by its members' assignments.
using AssignedTopics = std::map<GroupId, std::set<std::string>>;

AssignedTopics assignedTopics(const std::vector<GroupDescription> &descriptions);

/// The rows of the Topics page, sorted by name. Records are unknown where a bound of any partition
/// is; readers are those with an assignment or a commit (G9), and `readersKnown` says whether all
/// of both have been read. Pure.
std::vector<TopicRow> topicRows(const std::vector<TopicInfo> &topics, const LogBounds &sizes,
                                const std::vector<GroupSummary> &groups,
                                const AssignedTopics &assigned, bool readersKnown);

} // namespace redrive::workspace
