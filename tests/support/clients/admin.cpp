#include "tests/support/clients/admin.h"

#include <array>
#include <thread>
#include <utility>

namespace redrive::testclients {

namespace {

constexpr int patienceMs = 20'000;
constexpr Millis pollEvery{20};

template <typename T, auto Destroy>
using Owned = std::unique_ptr<T, Release<Destroy>>;

} // namespace

/// One admin request and its answer.
class Admin::Request
{
public:
    Request(rd_kafka_t *client, rd_kafka_admin_op_t operation, std::string attempted)
        : m_attempted(std::move(attempted))
        , m_options(rd_kafka_AdminOptions_new(client, operation))
        , m_queue(rd_kafka_queue_new(client))
    {
        rd_kafka_AdminOptions_set_request_timeout(options(), patienceMs, nullptr, 0);
    }

    rd_kafka_AdminOptions_t *options() const { return m_options.get(); }
    rd_kafka_queue_t *queue() const { return m_queue.get(); }
    const std::string &attempted() const { return m_attempted; }

    rd_kafka_event_t *wait()
    {
        m_event.reset(rd_kafka_queue_poll(queue(), patienceMs + 1000));
        if (!m_event)
            throw ClientError(m_attempted, RD_KAFKA_RESP_ERR__TIMED_OUT);
        require(m_attempted, rd_kafka_event_error(m_event.get()),
                rd_kafka_event_error_string(m_event.get()));
        return m_event.get();
    }

private:
    std::string m_attempted;
    Owned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy> m_options;
    Owned<rd_kafka_queue_t, rd_kafka_queue_destroy> m_queue;
    Owned<rd_kafka_event_t, rd_kafka_event_destroy> m_event;
};

namespace {

void requireTopics(const std::string &attempted, const rd_kafka_topic_result_t *const *results,
                   std::size_t count, rd_kafka_resp_err_t allowed = RD_KAFKA_RESP_ERR_NO_ERROR)
{
    for (std::size_t i = 0; i < count; ++i) {
        const auto code = rd_kafka_topic_result_error(results[i]);
        const char *text = rd_kafka_topic_result_error_string(results[i]);
        if (code != allowed)
            require(attempted, code, text != nullptr ? text : "");
    }
}

void requirePartitions(const std::string &attempted, const rd_kafka_topic_partition_list_t &list)
{
    for (int i = 0; i < list.cnt; ++i)
        require(attempted, list.elems[i].err);
}

void requireGroups(const std::string &attempted, const rd_kafka_group_result_t *const *results,
                   std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i) {
        if (const auto *error = rd_kafka_group_result_error(results[i]))
            require(attempted, rd_kafka_error_code(error), rd_kafka_error_string(error));
        if (const auto *partitions = rd_kafka_group_result_partitions(results[i]))
            requirePartitions(attempted, *partitions);
    }
}

} // namespace

Admin::Admin(const std::string &bootstrap, const Properties &properties)
    : m_client(makeClient(RD_KAFKA_PRODUCER, makeConf(bootstrap, properties)))
{
    Properties grouped = properties;
    grouped["group.id"] = "admin";
    m_member = makeClient(RD_KAFKA_CONSUMER, makeConf(bootstrap, grouped));
}

void Admin::createTopic(const std::string &topic, int partitions, int replication,
                        const Properties &config)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS, "creating topic " + topic);
    std::array<char, 256> why{};
    const Owned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy> wanted(
        rd_kafka_NewTopic_new(topic.c_str(), partitions, replication, why.data(), why.size()));
    if (!wanted)
        throw ClientError(request.attempted(), RD_KAFKA_RESP_ERR__INVALID_ARG, why.data());
    for (const auto &[key, value] : config)
        rd_kafka_NewTopic_set_config(wanted.get(), key.c_str(), value.c_str());
    std::array topics{wanted.get()};
    rd_kafka_CreateTopics(m_client.get(), topics.data(), topics.size(), request.options(),
                          request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_CreateTopics_result_topics(
        rd_kafka_event_CreateTopics_result(request.wait()), &count);
    requireTopics(request.attempted(), results, count, RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS);
    waitForLeaders(topic, partitions);
}

void Admin::waitForLeaders(const std::string &topic, int partitions)
{
    const auto deadline = monoNow() + Millis(patienceMs);
    while (!hasLeaders(topic, partitions)) {
        if (monoNow() > deadline)
            throw ClientError("waiting for topic " + topic, RD_KAFKA_RESP_ERR__TIMED_OUT);
        std::this_thread::sleep_for(pollEvery);
    }
}

bool Admin::hasLeaders(const std::string &topic, int partitions)
{
    const Owned<rd_kafka_topic_t, rd_kafka_topic_destroy> handle(
        rd_kafka_topic_new(m_client.get(), topic.c_str(), nullptr));
    const rd_kafka_metadata_t *raw = nullptr;
    if (rd_kafka_metadata(m_client.get(), 0, handle.get(), &raw, patienceMs) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    const Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy> metadata(raw);
    if (metadata->topic_cnt != 1 || metadata->topics[0].partition_cnt < partitions)
        return false;
    for (int i = 0; i < metadata->topics[0].partition_cnt; ++i) {
        if (metadata->topics[0].partitions[i].leader < 0)
            return false;
    }
    return true;
}

void Admin::deleteTopic(const std::string &topic)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_DELETETOPICS, "deleting topic " + topic);
    const Owned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy> unwanted(
        rd_kafka_DeleteTopic_new(topic.c_str()));
    std::array topics{unwanted.get()};
    rd_kafka_DeleteTopics(m_client.get(), topics.data(), topics.size(), request.options(),
                          request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_DeleteTopics_result_topics(
        rd_kafka_event_DeleteTopics_result(request.wait()), &count);
    requireTopics(request.attempted(), results, count);
}

void Admin::deleteRecords(const TopicPartition &partition, std::int64_t before)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_DELETERECORDS,
                    "deleting records of " + partition.topic);
    const PartitionsPtr list = toList({{partition, before < 0 ? RD_KAFKA_OFFSET_END : before}});
    const Owned<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy> wanted(
        rd_kafka_DeleteRecords_new(list.get()));
    std::array requests{wanted.get()};
    rd_kafka_DeleteRecords(m_client.get(), requests.data(), requests.size(), request.options(),
                           request.queue());
    requirePartitions(request.attempted(),
                      *rd_kafka_DeleteRecords_result_offsets(
                          rd_kafka_event_DeleteRecords_result(request.wait())));
}

void Admin::alterOffsets(const std::string &group, const OffsetMap &offsets)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS,
                    "altering the offsets of group " + group);
    const PartitionsPtr list = toList(offsets);
    const Owned<rd_kafka_AlterConsumerGroupOffsets_t, rd_kafka_AlterConsumerGroupOffsets_destroy>
        wanted(rd_kafka_AlterConsumerGroupOffsets_new(group.c_str(), list.get()));
    std::array requests{wanted.get()};
    rd_kafka_AlterConsumerGroupOffsets(m_client.get(), requests.data(), requests.size(),
                                       request.options(), request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_AlterConsumerGroupOffsets_result_groups(
        rd_kafka_event_AlterConsumerGroupOffsets_result(request.wait()), &count);
    requireGroups(request.attempted(), results, count);
}

void Admin::deleteGroup(const std::string &group)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_DELETEGROUPS, "deleting group " + group);
    const Owned<rd_kafka_DeleteGroup_t, rd_kafka_DeleteGroup_destroy> unwanted(
        rd_kafka_DeleteGroup_new(group.c_str()));
    std::array requests{unwanted.get()};
    rd_kafka_DeleteGroups(m_client.get(), requests.data(), requests.size(), request.options(),
                          request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_DeleteGroups_result_groups(
        rd_kafka_event_DeleteGroups_result(request.wait()), &count);
    requireGroups(request.attempted(), results, count);
}

void Admin::addPartitions(const std::string &topic, int upTo)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_CREATEPARTITIONS,
                    "adding partitions to " + topic);
    std::array<char, 256> why{};
    const Owned<rd_kafka_NewPartitions_t, rd_kafka_NewPartitions_destroy> wanted(
        rd_kafka_NewPartitions_new(topic.c_str(), static_cast<std::size_t>(upTo), why.data(),
                                   why.size()));
    if (!wanted)
        throw ClientError(request.attempted(), RD_KAFKA_RESP_ERR__INVALID_ARG, why.data());
    std::array partitions{wanted.get()};
    rd_kafka_CreatePartitions(m_client.get(), partitions.data(), partitions.size(),
                              request.options(), request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_CreatePartitions_result_topics(
        rd_kafka_event_CreatePartitions_result(request.wait()), &count);
    requireTopics(request.attempted(), results, count);
    waitForLeaders(topic, upTo);
}

OffsetMap Admin::committed(const std::string &group)
{
    Request request(m_member.get(), RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS,
                    "reading the offsets of group " + group);
    const Owned<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>
        wanted(rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), nullptr));
    std::array requests{wanted.get()};
    rd_kafka_ListConsumerGroupOffsets(m_member.get(), requests.data(), requests.size(),
                                      request.options(), request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(request.wait()), &count);
    requireGroups(request.attempted(), results, count);
    OffsetMap offsets;
    for (std::size_t i = 0; i < count; ++i) {
        const auto *list = rd_kafka_group_result_partitions(results[i]);
        for (int entry = 0; list != nullptr && entry < list->cnt; ++entry) {
            const auto &one = list->elems[entry];
            if (one.offset >= 0)
                offsets[{one.topic, one.partition}] = one.offset;
        }
    }
    return offsets;
}

std::size_t Admin::brokerCount()
{
    const rd_kafka_metadata_t *raw = nullptr;
    require("counting the brokers",
            rd_kafka_metadata(m_client.get(), 0, nullptr, &raw, patienceMs));
    const Owned<const rd_kafka_metadata_t, rd_kafka_metadata_destroy> metadata(raw);
    return static_cast<std::size_t>(metadata->broker_cnt);
}

std::int64_t Admin::endOffset(const TopicPartition &partition)
{
    return offset(partition, RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED);
}

std::int64_t Admin::stableOffset(const TopicPartition &partition)
{
    return offset(partition, RD_KAFKA_ISOLATION_LEVEL_READ_COMMITTED);
}

std::int64_t Admin::offset(const TopicPartition &partition, rd_kafka_IsolationLevel_t isolation)
{
    Request request(m_client.get(), RD_KAFKA_ADMIN_OP_LISTOFFSETS,
                    "reading an offset of " + partition.topic);
    const PartitionsPtr list = toList({{partition, RD_KAFKA_OFFSET_SPEC_LATEST}});
    rd_kafka_AdminOptions_set_isolation_level(request.options(), isolation);
    rd_kafka_ListOffsets(m_client.get(), list.get(), request.options(), request.queue());
    std::size_t count = 0;
    const auto *results = rd_kafka_ListOffsets_result_infos(
        rd_kafka_event_ListOffsets_result(request.wait()), &count);
    if (count != 1)
        throw ClientError(request.attempted(), RD_KAFKA_RESP_ERR__BAD_MSG);
    const auto *answer = rd_kafka_ListOffsetsResultInfo_topic_partition(results[0]);
    require(request.attempted(), answer->err);
    return answer->offset;
}

void commitWithoutJoining(const std::string &bootstrap, const std::string &group,
                          const OffsetMap &offsets, const std::string &metadata,
                          const Properties &properties)
{
    Properties all = properties;
    all["group.id"] = group;
    all["enable.auto.commit"] = "false";
    const ClientPtr client = makeClient(RD_KAFKA_CONSUMER, makeConf(bootstrap, all));
    rd_kafka_poll_set_consumer(client.get());
    const PartitionsPtr list = toList(offsets);
    const std::string attempted = "committing for group " + group;
    require(attempted, rd_kafka_assign(client.get(), list.get()));
    for (int i = 0; i < list->cnt && !metadata.empty(); ++i) {
        auto &entry = list->elems[i];
        entry.metadata = rd_kafka_mem_malloc(client.get(), metadata.size());
        entry.metadata_size = metadata.copy(static_cast<char *>(entry.metadata), metadata.size());
    }
    require(attempted, rd_kafka_commit(client.get(), list.get(), 0));
    requirePartitions(attempted, *list);
    rd_kafka_consumer_close(client.get());
}

} // namespace redrive::testclients
