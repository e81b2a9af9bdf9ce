#pragma once

#include "core/kafka/handles.h"
#include "core/model/record.h"

#include <string>
#include <vector>

namespace redrive::kafka {

/// Lists as librdkafka takes them; `offset` is for every part.
PartitionsPtr toList(const std::vector<TopicPartition> &partitions,
                     std::int64_t offset = RD_KAFKA_OFFSET_INVALID);
/// With leader epochs, and `metadata` on every part.
PartitionsPtr toList(const std::vector<Position> &positions, const std::string &metadata = {});

TopicPartition partitionOf(const rd_kafka_topic_partition_t &element);
/// Sorted.
std::vector<TopicPartition> toPartitions(const rd_kafka_topic_partition_list_t *list);

} // namespace redrive::kafka
