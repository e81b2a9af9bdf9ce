#include "core/kafka/leaderless.h"

#include "core/kafka/errors.h"

#include <algorithm>
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

std::size_t leaderlessPartitions(const rd_kafka_TopicDescription_t *topic)
{
    std::size_t count = 0;
    const auto *const *partitions = rd_kafka_TopicDescription_partitions(topic, &count);
    const auto all = std::span(partitions, count);
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const auto *one) {
        const rd_kafka_Node_t *leader = rd_kafka_TopicPartitionInfo_leader(one);
        return leader == nullptr || rd_kafka_Node_id(leader) < 0;
    }));
}

} // namespace

const TopicPartition offsetsTopic{"__consumer_offsets", 0};

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

std::vector<Error> toHomelessGroups(rd_kafka_event_t *event)
{
    if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return {};
    std::size_t count = 0;
    const auto *const *topics =
        rd_kafka_DescribeTopics_result_topics(rd_kafka_event_DescribeTopics_result(event), &count);
    for (const auto *topic : std::span(topics, count)) {
        const auto *error = rd_kafka_TopicDescription_error(topic);
        if (rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        if (const auto missing = leaderlessPartitions(topic); missing > 0)
            return {makeError(RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
                              (std::to_string(missing) + " partitions of " + offsetsTopic.topic +
                               " have no leader: their groups are missing here")
                                  .c_str(),
                              "listing the consumer groups")};
    }
    return {};
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
