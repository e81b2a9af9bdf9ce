#include "core/kafka/recordbatch.h"

#include "core/kafka/complaints.h"
#include "core/kafka/librdkafkaconsumer.h"

#include <cstring>
#include <utility>

namespace redrive::kafka {

namespace {

/// What a record costs beside its bytes, here and in librdkafka: roughly, for bounds on memory.
constexpr std::size_t recordShare = 256;

struct Messages
{
    Messages(std::vector<rd_kafka_message_t *> taken, std::shared_ptr<const MemberHandle> of)
        : handle(std::move(of))
        , messages(std::move(taken))
    {
    }
    Messages(const Messages &) = delete;
    Messages &operator=(const Messages &) = delete;
    ~Messages()
    {
        for (auto *message : messages)
            rd_kafka_message_destroy(message);
    }

    std::shared_ptr<const MemberHandle> handle;
    std::vector<rd_kafka_message_t *> messages;
};

Headers readHeaders(const void *source)
{
    Headers headers;
    rd_kafka_headers_t *raw = nullptr;
    if (rd_kafka_message_headers(static_cast<const rd_kafka_message_t *>(source), &raw) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return headers;
    const char *name = nullptr;
    const void *value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(raw, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR; ++i) {
        auto &header = headers.emplace_back();
        header.name = name;
        if (value != nullptr)
            header.value.emplace(static_cast<const char *>(value), size);
    }
    return headers;
}

TimestampType toType(rd_kafka_timestamp_type_t type)
{
    switch (type) {
    case RD_KAFKA_TIMESTAMP_CREATE_TIME: return TimestampType::CreateTime;
    case RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME: return TimestampType::LogAppendTime;
    case RD_KAFKA_TIMESTAMP_NOT_AVAILABLE: break;
    }
    return TimestampType::None;
}

} // namespace

RecordBatch toBatch(std::vector<rd_kafka_message_t *> messages,
                    std::shared_ptr<const MemberHandle> handle)
{
    RecordBatch batch;
    batch.records.reserve(messages.size());
    // Records of one topic come together, and its name is not measured for each of them.
    const rd_kafka_topic_t *topic = nullptr;
    std::string_view name;
    for (const auto *message : messages) {
        if (message->rkt != topic) {
            topic = message->rkt;
            name = topic == nullptr ? std::string_view() : rd_kafka_topic_name(topic);
        }
        if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            TopicPartition partition{std::string(name), message->partition};
            const auto at =
                message->offset >= 0 ? std::optional(Offset(message->offset)) : std::nullopt;
            if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
                batch.ends.push_back({std::move(partition), at.value_or(Offset(0))});
                continue;
            }
            Error error = toBroken(message->err, rd_kafka_message_errstr(message), partition);
            batch.broken.push_back({std::move(partition), at, std::move(error)});
            continue;
        }
        auto &record = batch.records.emplace_back();
        record.topic = name;
        record.partition = message->partition;
        record.offset = message->offset;
        rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
        record.timestamp = rd_kafka_message_timestamp(message, &type);
        record.timestampType = toType(type);
        if (const auto epoch = rd_kafka_message_leader_epoch(message); epoch >= 0)
            record.leaderEpoch = epoch;
        if (message->key != nullptr)
            record.key.emplace(static_cast<const char *>(message->key), message->key_len);
        if (message->payload != nullptr)
            record.value.emplace(static_cast<const char *>(message->payload), message->len);
        record.source = message;
        record.readHeaders = readHeaders;
        batch.bytes += message->key_len + message->len + recordShare;
    }
    batch.owner = std::make_shared<const Messages>(std::move(messages), std::move(handle));
    return batch;
}

} // namespace redrive::kafka
