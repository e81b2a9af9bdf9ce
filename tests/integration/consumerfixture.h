#pragma once

#include "core/kafka/clusterclient.h"
#include "tests/integration/groupmember.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <initializer_list>
#include <memory>
#include <numeric>

namespace redrive::kafkatest {

inline std::vector<std::int64_t> upTo(std::int64_t end, std::int64_t from = 0)
{
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(end - from));
    std::iota(offsets.begin(), offsets.end(), from);
    return offsets;
}

/// What a group has committed for a partition, as librdkafka itself reads it.
struct Commit
{
    std::int64_t offset = -1;
    std::int32_t epoch = -1;
    std::string metadata;
};

inline Commit committed(const std::string &bootstrap, const std::string &group,
                        const TopicPartition &partition)
{
    const auto client = testclients::makeClient(
        RD_KAFKA_CONSUMER, testclients::makeConf(bootstrap, {{"group.id", group}}));
    const testclients::PartitionsPtr list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition);
    testclients::require("reading a commit", rd_kafka_committed(client.get(), list.get(), 10'000));
    const auto &element = list->elems[0];
    Commit commit;
    commit.offset = element.offset;
    commit.epoch = rd_kafka_topic_partition_get_leader_epoch(&element);
    if (element.metadata != nullptr)
        commit.metadata.assign(static_cast<const char *>(element.metadata), element.metadata_size);
    return commit;
}

/// A Kafka with members of groups, for the tests of what they are given and of what they read. Its
/// broker creates every topic that it is asked for.
class ConsumerFixture
{
protected:
    using Properties = testclients::Properties;
    using Turned = std::initializer_list<Member *>;

    kafka::GroupConsumerSettings settings(const std::string &topic,
                                          const Properties &properties = {})
    {
        kafka::GroupConsumerSettings made;
        made.connection.bootstrap = m_kafka->bootstrap();
        made.connection.properties = {{"heartbeat.interval.ms", "200"},
                                      {"session.timeout.ms", "2000"}};
        for (const auto &[key, value] : properties)
            made.connection.properties[key] = value;
        if (properties.count("group.protocol") != 0) {
            made.connection.properties.erase("heartbeat.interval.ms");
            made.connection.properties.erase("session.timeout.ms");
        }
        made.group = GroupId("group of " + topic);
        made.topics = {topic};
        return made;
    }

    template <typename Condition>
    void turnUntil(const QString &what, Turned members, Condition condition)
    {
        testbroker::eventually(what, [&] {
            for (auto *member : members)
                member->turn();
            return condition();
        });
    }

    void leave(Member &member, Turned others = {})
    {
        member.consumer().close();
        turnUntil("left", {&member}, [&] {
            for (auto *other : others)
                other->turn();
            return member.consumer().closed();
        });
    }

    void createTopic(const std::string &topic, int partitions, int records)
    {
        m_admin->createTopic(topic, partitions);
        for (int i = 0; i < partitions && records > 0; ++i)
            m_producer->sendAll({topic, i}, records);
    }

    void up()
    {
        m_kafka = std::make_unique<testbroker::KafkaCluster>(
            testbroker::ClusterOptions{.nodes = 1,
                                       .secure = false,
                                       .advertise = {},
                                       .settings = {"auto.create.topics.enable=true",
                                                    "group.consumer.heartbeat.interval.ms=300",
                                                    "group.consumer.min.heartbeat.interval.ms=300",
                                                    "group.consumer.session.timeout.ms=3000"}});
        m_admin = std::make_unique<testclients::Admin>(m_kafka->bootstrap());
        m_producer = std::make_unique<testclients::Producer>(m_kafka->bootstrap());
    }

    bool down()
    {
        m_producer.reset();
        m_admin.reset();
        const bool done = kafka::finishDestruction(Millis(10'000));
        m_kafka.reset();
        return done;
    }

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    std::unique_ptr<testclients::Admin> m_admin;
    std::unique_ptr<testclients::Producer> m_producer;
};

} // namespace redrive::kafkatest
