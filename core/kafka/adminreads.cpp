#include "core/kafka/errors.h"
#include "core/kafka/glance.h"
#include "core/kafka/leaderless.h"
#include "core/kafka/librdkafkaclient.h"
#include "core/kafka/partitionlist.h"

#include <algorithm>
#include <span>
#include <utility>

namespace redrive::kafka {

namespace {

using Times = std::map<TopicPartition, WallTime>;

TimeAnswer without(Error error)
{
    return {.offset = std::nullopt, .time = std::nullopt, .error = std::move(error)};
}

TimeTable allWithout(const Times &asked, const Error &error)
{
    TimeTable table;
    for (const auto &[partition, time] : asked)
        table.emplace(partition, without(error));
    return table;
}

TimeAnswer toTimeAnswer(const rd_kafka_ListOffsetsResultInfo_t &info, const std::string &attempted)
{
    const auto *element = rd_kafka_ListOffsetsResultInfo_topic_partition(&info);
    auto code = element->err;
    if (code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return without(makeError(code, nullptr, attempted));
    // The library leaves the partitions of a leader that failed as they were before it asked.
    if (element->offset == RD_KAFKA_OFFSET_INVALID)
        return without(makeError(RD_KAFKA_RESP_ERR__TRANSPORT,
                                 "the leader of this partition did not answer", attempted));
    TimeAnswer answer;
    if (element->offset < 0)
        return answer;
    answer.offset = Offset(element->offset);
    if (const auto at = rd_kafka_ListOffsetsResultInfo_timestamp(&info); at >= 0)
        answer.time = WallTime(Millis(at));
    return answer;
}

TimeTable toTimeTable(rd_kafka_event_t *event, const Times &asked, const std::string &attempted)
{
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return allWithout(asked, makeError(code, rd_kafka_event_error_string(event), attempted));
    TimeTable table;
    std::size_t count = 0;
    const auto *const *infos =
        rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
    for (const auto *info : std::span(infos, count))
        table.insert_or_assign(partitionOf(*rd_kafka_ListOffsetsResultInfo_topic_partition(info)),
                               toTimeAnswer(*info, attempted));
    for (const auto &[partition, time] : asked)
        table.try_emplace(partition,
                          without(makeError(RD_KAFKA_RESP_ERR__FAIL,
                                            "the answer lacks this partition", attempted)));
    return table;
}

std::string attemptedIdentity(const std::string &topic)
{
    return "describing topic " + topic;
}

/// As Kafka writes it: the alphabet for URLs, no padding. Brokers before 2.8 answer with zeros.
std::optional<std::string> toTopicId(const rd_kafka_Uuid_t *id)
{
    if (id == nullptr || (rd_kafka_Uuid_most_significant_bits(id) == 0 &&
                          rd_kafka_Uuid_least_significant_bits(id) == 0))
        return {};
    const char *text = rd_kafka_Uuid_base64str(id);
    if (text == nullptr)
        return {};
    std::string written(text);
    std::replace(written.begin(), written.end(), '+', '-');
    std::replace(written.begin(), written.end(), '/', '_');
    return written;
}

TopicIdentity toIdentity(const rd_kafka_TopicDescription_t &description)
{
    TopicIdentity identity;
    identity.topic = rd_kafka_TopicDescription_name(&description);
    if (const auto *error = rd_kafka_TopicDescription_error(&description);
        error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        identity.error = makeError(error, attemptedIdentity(identity.topic));
        return identity;
    }
    identity.id = toTopicId(rd_kafka_TopicDescription_topic_id(&description));
    std::size_t count = 0;
    const auto *const *partitions = rd_kafka_TopicDescription_partitions(&description, &count);
    for (const auto *partition : std::span(partitions, count))
        identity.partitions.push_back(rd_kafka_TopicPartitionInfo_partition(partition));
    std::sort(identity.partitions.begin(), identity.partitions.end());
    return identity;
}

TopicIdentity unidentified(const std::string &topic, Error error)
{
    TopicIdentity identity;
    identity.topic = topic;
    identity.error = std::move(error);
    return identity;
}

/// Names that librdkafka would refuse with all the others, or cut at a NUL.
bool canBeAsked(const std::string &topic)
{
    return !topic.empty() && topic.find('\0') == std::string::npos;
}

std::vector<TopicIdentity> toIdentities(rd_kafka_event_t *event,
                                        const std::vector<std::string> &asked)
{
    std::map<std::string, TopicIdentity> found;
    const auto code = rd_kafka_event_error(event);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        std::size_t count = 0;
        const auto *const *topics = rd_kafka_DescribeTopics_result_topics(
            rd_kafka_event_DescribeTopics_result(event), &count);
        for (const auto *topic : std::span(topics, count)) {
            if (topic == nullptr)
                continue;
            auto identity = toIdentity(*topic);
            found.insert_or_assign(identity.topic, std::move(identity));
        }
    }
    std::vector<TopicIdentity> identities;
    identities.reserve(asked.size());
    for (const auto &topic : asked) {
        const auto at = found.find(topic);
        if (at != found.end())
            identities.push_back(at->second);
        else if (!canBeAsked(topic))
            identities.push_back(unidentified(topic, makeError(RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION,
                                                               nullptr, attemptedIdentity(topic))));
        else if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            identities.push_back(
                unidentified(topic, makeError(code, rd_kafka_event_error_string(event),
                                              attemptedIdentity(topic))));
        else
            identities.push_back(unidentified(topic, makeError(RD_KAFKA_RESP_ERR__FAIL,
                                                               "the answer lacks this topic",
                                                               attemptedIdentity(topic))));
    }
    return identities;
}

} // namespace

void LibrdkafkaClient::offsetsForTimes(std::map<TopicPartition, WallTime> times, Millis timeout,
                                       Reply<TimeTable> reply)
{
    const std::string attempted = "looking up offsets by time";
    if (times.empty()) {
        m_handle->worker->post(
            [reply = std::move(reply)](const std::stop_token &) -> BackgroundWorker::Completion {
                return [reply] { reply({}); };
            });
        return;
    }
    const PartitionsPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(times.size())));
    for (const auto &[partition, time] : times)
        // No record is older than 1970, and what is less has other meanings here.
        rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition)
            ->offset = std::max<std::int64_t>(time.time_since_epoch().count(), 0);
    auto asked = std::make_shared<const Times>(std::move(times));
    const auto explained = [reply](const OffsetTable &table) {
        TimeTable answers;
        for (const auto &[partition, answer] : table)
            answers.emplace(
                partition,
                TimeAnswer{.offset = std::nullopt, .time = std::nullopt, .error = answer.error});
        reply(std::move(answers));
    };
    const auto options = expect(
        RD_KAFKA_ADMIN_OP_LISTOFFSETS, timeout,
        {.onEvent =
             [this, reply, asked, attempted, explained,
              deadline = monoNow() + timeout](auto *event) {
                 if (rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR__NOENT) {
                     reply(toTimeTable(event, *asked, attempted));
                     return;
                 }
                 auto partitions = std::make_shared<std::vector<TopicPartition>>();
                 for (const auto &[partition, time] : *asked)
                     partitions->push_back(partition);
                 explainLeaderless(partitions, attempted, deadline, explained);
             },
         .onTimeout = [reply, asked, attempted] { reply(allWithout(*asked, timedOut(attempted))); },
         .deadline = {}});
    rd_kafka_ListOffsets(client(), list.get(), options.get(), queue());
}

void LibrdkafkaClient::topicIdentities(std::vector<std::string> topics, Millis timeout,
                                       Reply<std::vector<TopicIdentity>> reply)
{
    std::vector<TopicPartition> askable;
    for (const auto &topic : topics)
        if (canBeAsked(topic))
            askable.push_back({topic, 0});
    auto asked = std::make_shared<const std::vector<std::string>>(std::move(topics));
    const auto options = expect(
        RD_KAFKA_ADMIN_OP_DESCRIBETOPICS, timeout,
        {.onEvent = [reply, asked](auto *event) { reply(toIdentities(event, *asked)); },
         .onTimeout =
             [reply, asked] {
                 std::vector<TopicIdentity> identities;
                 for (const auto &topic : *asked)
                     identities.push_back(unidentified(topic, timedOut(attemptedIdentity(topic))));
                 reply(std::move(identities));
             },
         .deadline = {}});
    rd_kafka_DescribeTopics(client(), topicNames(askable).get(), options.get(), queue());
}

void LibrdkafkaClient::glance(std::vector<GlanceQuery> queries, Millis timeout,
                              Reply<std::vector<GlanceAnswer>> reply)
{
    m_handle->worker->post(
        [settings = m_settings, queries = std::move(queries), deadline = monoNow() + timeout,
         reply = std::move(reply)](const std::stop_token &stop) -> BackgroundWorker::Completion {
            return [reply, answers = kafka::glance(settings, queries, deadline, stop)] {
                reply(answers);
            };
        });
}

} // namespace redrive::kafka
