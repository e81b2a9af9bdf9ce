#pragma once

#include "core/kafka/clusterclient.h"
#include "core/kafka/handles.h"

#include <vector>

namespace redrive::kafka {

// From librdkafka's results to values. Nothing here keeps a pointer into an event.

Result<ClusterInfo> toCluster(rd_kafka_event_t *event, const std::string &attempted);
Result<GroupListings> toListings(rd_kafka_event_t *event, const std::string &attempted);
std::vector<GroupDescription> toDescriptions(rd_kafka_event_t *event,
                                             const std::vector<GroupId> &asked, WallTime now);
GroupOffsets toOffsets(rd_kafka_event_t *event, const GroupId &group, WallTime now);
OffsetTable toOffsetTable(rd_kafka_event_t *event, const std::vector<TopicPartition> &asked,
                          const std::string &attempted);
std::vector<TopicInfo> toTopics(const rd_kafka_metadata_t &metadata);
/// Names that `known` lacks and that are of a kind the other calls cannot describe.
std::vector<GroupListing> toUndescribable(const struct rd_kafka_group_list &list,
                                          const std::vector<GroupId> &known);

std::string attemptedDescribe(const GroupId &group);
std::string attemptedOffsets(const GroupId &group);

} // namespace redrive::kafka
