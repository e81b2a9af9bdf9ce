#pragma once

// Private to this room: nothing outside core/kafka includes rdkafka.h.
#include <librdkafka/rdkafka.h>
#include <memory>

namespace redrive::kafka {

template <auto Destroy>
struct CDelete
{
    template <typename T>
    void operator()(T *handle) const noexcept
    {
        Destroy(handle);
    }
};

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, CDelete<rd_kafka_conf_destroy>>;
using ClientPtr = std::unique_ptr<rd_kafka_t, CDelete<rd_kafka_destroy>>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, CDelete<rd_kafka_queue_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, CDelete<rd_kafka_event_destroy>>;
using OptionsPtr = std::unique_ptr<rd_kafka_AdminOptions_t, CDelete<rd_kafka_AdminOptions_destroy>>;
using PartitionsPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      CDelete<rd_kafka_topic_partition_list_destroy>>;
using PartitionPtr =
    std::unique_ptr<rd_kafka_topic_partition_t, CDelete<rd_kafka_topic_partition_destroy>>;
using MetadataPtr = std::unique_ptr<const rd_kafka_metadata_t, CDelete<rd_kafka_metadata_destroy>>;
using GroupListPtr =
    std::unique_ptr<const struct rd_kafka_group_list, CDelete<rd_kafka_group_list_destroy>>;
using GroupOffsetsRequestPtr = std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t,
                                               CDelete<rd_kafka_ListConsumerGroupOffsets_destroy>>;

} // namespace redrive::kafka
