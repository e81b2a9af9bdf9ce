#pragma once

#include "core/kafka/clusterclient.h"
#include "tests/integration/adminasker.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <QStringList>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>

namespace redrive::kafkatest {

inline std::string code(const std::optional<Error> &error)
{
    return error ? error->code : std::string();
}

inline kafka::NewOffset to(const TopicPartition &partition, std::int64_t offset)
{
    return {.partition = partition, .offset = Offset(offset), .leaderEpoch = {}, .metadata = {}};
}

inline kafka::GlanceQuery look(const TopicPartition &partition, kafka::GlanceQuery::Which which,
                               std::int64_t from, std::int64_t end)
{
    return {.partition = partition, .which = which, .from = Offset(from), .end = Offset(end)};
}

/// The offset of the record that was seen; throws where there is an error.
inline std::optional<std::int64_t> at(const kafka::GlanceAnswer &answer)
{
    if (answer.error)
        throw std::runtime_error(describe(*answer.error));
    return answer.record ? std::optional(answer.record->offset.value()) : std::nullopt;
}

using Offsets = std::map<TopicPartition, std::int64_t>;

/// What is committed where; throws where that could not be read.
inline Offsets offsetsIn(const GroupOffsets &read)
{
    if (read.error)
        throw std::runtime_error(describe(*read.error));
    Offsets offsets;
    for (const auto &one : read.offsets)
        if (one.offset)
            offsets[one.partition] = one.offset->value();
    return offsets;
}

/// A Kafka whose broker creates every topic that it is asked for, and a GroupAdmin for it.
class AdminFixture
{
protected:
    void up()
    {
        m_kafka = std::make_unique<testbroker::KafkaCluster>(testbroker::ClusterOptions{
            .nodes = 1,
            .secure = false,
            .advertise = {},
            .settings = {"auto.create.topics.enable=true", "log.cleaner.backoff.ms=50",
                         "group.consumer.heartbeat.interval.ms=300",
                         "group.consumer.min.heartbeat.interval.ms=300",
                         "group.consumer.session.timeout.ms=3000"}});
        m_producer = std::make_unique<testclients::Producer>(m_kafka->bootstrap());
        m_asker = std::make_unique<Asker>(m_kafka->bootstrap());
    }

    bool down()
    {
        m_asker.reset();
        m_producer.reset();
        m_admin.reset();
        const bool done = kafka::finishDestruction(Millis(10'000));
        m_kafka.reset();
        return done;
    }

    /// Made when it is needed: it asks for a group, and so the cluster gets a place for commits.
    testclients::Admin &operatorsAdmin()
    {
        if (!m_admin)
            m_admin = std::make_unique<testclients::Admin>(m_kafka->bootstrap());
        return *m_admin;
    }

    void topic(const std::string &name, int partitions, int records,
               const testclients::Properties &config = {})
    {
        operatorsAdmin().createTopic(name, partitions, 1, config);
        for (int i = 0; i < partitions && records > 0; ++i)
            m_producer->sendAll({name, i}, records);
    }

    QStringList topicList() const
    {
        return m_kafka->mustTool({"topics", "--list"}).split('\n', Qt::SkipEmptyParts);
    }

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    std::unique_ptr<testclients::Producer> m_producer;
    std::unique_ptr<Asker> m_asker;

private:
    std::unique_ptr<testclients::Admin> m_admin;
};

} // namespace redrive::kafkatest
