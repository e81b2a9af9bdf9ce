#include "tests/support/clients/reader.h"

#include <algorithm>
#include <tuple>

namespace redrive::testclients {

namespace {

constexpr int patienceMs = 20'000;
using MessagePtr = std::unique_ptr<rd_kafka_message_t, Release<rd_kafka_message_destroy>>;

std::optional<std::string> bytes(const void *data, std::size_t size)
{
    if (data == nullptr)
        return std::nullopt;
    return std::string(static_cast<const char *>(data), size);
}

Stored toStored(const rd_kafka_message_t &message)
{
    Stored stored{.partition = message.partition,
                  .offset = message.offset,
                  .message = {.key = bytes(message.key, message.key_len),
                              .value = bytes(message.payload, message.len),
                              .headers = {}}};
    rd_kafka_headers_t *headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return stored;
    const char *name = nullptr;
    const void *value = nullptr;
    std::size_t size = 0;
    for (std::size_t i = 0;
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
         ++i)
        stored.message.headers.emplace_back(name, bytes(value, size));
    return stored;
}

int partitionsOf(rd_kafka_t *client, const std::string &topic)
{
    const std::unique_ptr<rd_kafka_topic_t, Release<rd_kafka_topic_destroy>> handle(
        rd_kafka_topic_new(client, topic.c_str(), nullptr));
    const rd_kafka_metadata_t *raw = nullptr;
    require("looking for topic " + topic,
            rd_kafka_metadata(client, 0, handle.get(), &raw, patienceMs));
    const std::unique_ptr<const rd_kafka_metadata_t, Release<rd_kafka_metadata_destroy>> metadata(
        raw);
    require("looking for topic " + topic, metadata->topics[0].err);
    return metadata->topics[0].partition_cnt;
}

} // namespace

std::vector<Stored> readTopic(const std::string &bootstrap, const std::string &topic,
                              const Properties &properties)
{
    Properties all = properties;
    all["group.id"] = "reader";
    all["enable.auto.commit"] = "false";
    all["enable.partition.eof"] = "true";
    const ClientPtr client = makeClient(RD_KAFKA_CONSUMER, makeConf(bootstrap, all));
    rd_kafka_poll_set_consumer(client.get());
    OffsetMap from;
    int open = partitionsOf(client.get(), topic);
    for (int i = 0; i < open; ++i)
        from[{topic, i}] = RD_KAFKA_OFFSET_BEGINNING;
    const std::string attempted = "reading topic " + topic;
    require(attempted, rd_kafka_assign(client.get(), toList(from).get()));

    std::vector<Stored> found;
    const auto deadline = monoNow() + Millis(patienceMs);
    while (open > 0) {
        if (monoNow() > deadline)
            throw ClientError(attempted, RD_KAFKA_RESP_ERR__TIMED_OUT);
        const MessagePtr message(rd_kafka_consumer_poll(client.get(), 200));
        if (!message)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
            --open;
        else if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
            found.push_back(toStored(*message));
        else if (message->rkt != nullptr)
            require(attempted, message->err);
    }
    std::sort(found.begin(), found.end(), [](const Stored &left, const Stored &right) {
        return std::tie(left.partition, left.offset) < std::tie(right.partition, right.offset);
    });
    return found;
}

} // namespace redrive::testclients
