#include "core/kafka/asking.h"
#include "core/kafka/errors.h"
#include "core/kafka/leaderless.h"
#include "core/kafka/recordwriter.h"

#include <array>
#include <memory>
#include <utility>

namespace redrive::kafka {

namespace {

using NewTopicPtr = std::unique_ptr<rd_kafka_NewTopic_t, CDelete<rd_kafka_NewTopic_destroy>>;

} // namespace

Result<std::int32_t> partitionCount(const ConnectionSettings &settings, const std::string &topic,
                                    Millis timeout, const std::stop_token &stop)
{
    const std::string attempted = "looking for topic " + topic;
    const auto asking = openAsking(settings);
    if (!asking)
        return asking.error();
    const auto options = optionsFor(**asking, RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout);
    rd_kafka_DescribeTopics((*asking)->client.get(), topicNames({{topic, 0}}).get(), options.get(),
                            (*asking)->queue.get());
    const auto event =
        await(**asking, RD_KAFKA_EVENT_DESCRIBETOPICS_RESULT, timeout, settings, attempted, stop);
    if (!event)
        return event.error();
    std::size_t count = 0;
    const auto *const *described = rd_kafka_DescribeTopics_result_topics(
        rd_kafka_event_DescribeTopics_result(event->get()), &count);
    if (count != 1)
        return makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this topic", attempted);
    const auto *error = rd_kafka_TopicDescription_error(described[0]);
    if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(error, attempted);
    std::size_t partitions = 0;
    rd_kafka_TopicDescription_partitions(described[0], &partitions);
    return static_cast<std::int32_t>(partitions);
}

Result<void> createTopic(const ConnectionSettings &settings, const std::string &topic,
                         std::int32_t partitions, Millis timeout, const Permit & /*permit*/,
                         const std::stop_token &stop)
{
    const std::string attempted = "creating topic " + topic;
    const auto asking = openAsking(settings);
    if (!asking)
        return asking.error();
    std::array<char, 512> why{};
    constexpr int brokersDefault = -1;
    const NewTopicPtr wanted(
        rd_kafka_NewTopic_new(topic.c_str(), partitions, brokersDefault, why.data(), why.size()));
    if (!wanted)
        return makeError(RD_KAFKA_RESP_ERR__INVALID_ARG, why.data(), attempted);
    const auto options = optionsFor(**asking, RD_KAFKA_ADMIN_OP_CREATETOPICS, timeout);
    rd_kafka_NewTopic_t *topics[] = {wanted.get()};
    rd_kafka_CreateTopics((*asking)->client.get(), topics, 1, options.get(),
                          (*asking)->queue.get());
    const auto event =
        await(**asking, RD_KAFKA_EVENT_CREATETOPICS_RESULT, timeout, settings, attempted, stop);
    if (!event)
        return event.error();
    std::size_t count = 0;
    const auto *const *results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(event->get()), &count);
    if (count != 1)
        return makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this topic", attempted);
    if (const auto code = rd_kafka_topic_result_error(results[0]);
        code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(code, rd_kafka_topic_result_error_string(results[0]), attempted);
    return {};
}

} // namespace redrive::kafka
