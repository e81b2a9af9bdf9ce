#pragma once

#include "core/kafka/handles.h"
#include "core/model/lag.h"

#include <memory>
#include <string>
#include <vector>

namespace redrive::kafka {

using TopicNamesPtr =
    std::unique_ptr<rd_kafka_TopicCollection_t, CDelete<rd_kafka_TopicCollection_destroy>>;

/// Where a cluster keeps what its groups have committed; the leader of a group's partition there is
/// its coordinator.
extern const TopicPartition offsetsTopic;

/// The topics of these partitions, each once, as DescribeTopics takes them.
TopicNamesPtr topicNames(const std::vector<TopicPartition> &partitions);

/// Why partitions have no offsets, from the answer of DescribeTopics: their topic is gone or
/// closed to us, or they have no leader. librdkafka does not say which when all partitions of a
/// ListOffsets are like that, only that it found no leaders.
OffsetTable toLeaderless(rd_kafka_event_t *event, const std::vector<TopicPartition> &asked,
                         const std::string &attempted);

/// From the answer about the offsets topic: an error that counts its partitions without a leader,
/// since a list lacks their groups. Nothing where it cannot be told.
std::vector<Error> toHomelessGroups(rd_kafka_event_t *event);

} // namespace redrive::kafka
