#include "core/kafka/leaderless.h"

#include "core/kafka/errors.h"

#include <map>
#include <optional>
#include <set>
#include <span>

namespace redrive::kafka {

namespace {

struct Topic
{
    std::optional<Error> error;
    std::set<std::int32_t> partitions;
};

std::map<std::string, Topic> toTopics(rd_kafka_event_t *event, const std::string &attempted)
{
    std::map<std::string, Topic> found;
    std::size_t count = 0;
    const auto *const *topics =
        rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event), &count);
    for (const auto *topic : std::span(topics, count)) {
        Topic &one = found[rd_kafka_TopicDescription_name(topic)];
        const auto *error = rd_kafka_TopicDescription_error(topic);
        if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR)
            one.error = makeError(error, attempted);
        std::size_t partitionCount = 0;
        const auto *const *partitions =
            rd_kafka_TopicDescription_partitions(topic, &partitionCount);
        for (const auto *partition : std::span(partitions, partitionCount))
            one.partitions.insert(rd_kafka_TopicPartitionInfo_partition(partition));
    }
    return found;
}

} // namespace

TopicNamesPtr topicNames(const std::vector<TopicPartition> &partitions)
{
    std::set<std::string> names;
    for (const auto &partition : partitions)
        names.insert(partition.topic);
    std::vector<const char *> pointers;
    for (const auto &name : names)
        pointers.push_back(name.c_str());
    return TopicNamesPtr(rd_kafka_TopicCollection_of_topic_names(pointers.data(), pointers.size()));
}

OffsetTable toLeaderless(rd_kafka_event_t *event, const std::vector<TopicPartition> &asked,
                         const std::string &attempted)
{
    OffsetTable table;
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const Error error = makeError(code, rd_kafka_event_error_string(event), attempted);
        for (const auto &partition : asked)
            table.emplace(partition, OffsetAnswer{.offset = std::nullopt, .error = error});
        return table;
    }
    const auto topics = toTopics(event, attempted);
    for (const auto &partition : asked) {
        const auto topic = topics.find(partition.topic);
        OffsetAnswer answer;
        if (topic != topics.end() && topic->second.error)
            answer.error = topic->second.error;
        else if (topic == topics.end() || topic->second.partitions.count(partition.partition) == 0)
            answer.error = makeError(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, nullptr, attempted);
        else
            answer.error = makeError(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, nullptr, attempted);
        table.emplace(partition, std::move(answer));
    }
    return table;
}

} // namespace redrive::kafka
