#include "core/kafka/partitionlist.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace redrive::kafka {

PartitionsPtr toList(const std::vector<TopicPartition> &partitions, std::int64_t offset)
{
    PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
    for (const auto &one : partitions)
        rd_kafka_topic_partition_list_add(list.get(), one.topic.c_str(), one.partition)->offset =
            offset;
    return list;
}

PartitionsPtr toList(const std::vector<Position> &positions, const std::string &metadata)
{
    PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
    for (const auto &[partition, next, epoch] : positions) {
        auto *element = rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(),
                                                          partition.partition);
        element->offset = next.value();
        rd_kafka_topic_partition_set_leader_epoch(element, epoch.value_or(-1));
        if (metadata.empty())
            continue;
        // The list frees it.
        element->metadata = std::malloc(metadata.size());
        std::memcpy(element->metadata, metadata.data(), metadata.size());
        element->metadata_size = metadata.size();
    }
    return list;
}

TopicPartition partitionOf(const rd_kafka_topic_partition_t &element)
{
    return {element.topic, element.partition};
}

std::vector<TopicPartition> toPartitions(const rd_kafka_topic_partition_list_t *list)
{
    std::vector<TopicPartition> partitions;
    for (int i = 0; list != nullptr && i < list->cnt; ++i)
        partitions.push_back(partitionOf(list->elems[i]));
    std::sort(partitions.begin(), partitions.end());
    return partitions;
}

} // namespace redrive::kafka
