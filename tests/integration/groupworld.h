#pragma once

#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/groupmember.h"
#include "tests/support/clients/producer.h"

#include <QProcess>

#include <memory>
#include <vector>

namespace redrive::testworld {

/// A group of every kind there is, standing still, so that two programs that look at it one after
/// the other must see the same.
class GroupWorld
{
public:
    explicit GroupWorld(testbroker::KafkaCluster &kafka);
    ~GroupWorld();

    testclients::Admin &admin() { return m_admin; }

    /// A transaction on "held" that is open until endTransaction().
    void holdTransaction();
    void endTransaction();
    /// A member of "stale" that still has "doomed" assigned, which is deleted.
    void deleteUnderMember();

    static QString longTopic(); ///< 249 characters, as long as Kafka allows
    /// Group names with legal bytes that break careless programs.
    static QStringList oddNames();

private:
    void createTopics();
    void joinGroups();
    void standStill();
    void commitAlone();

    testclients::GroupMember &join(const std::string &group, const std::string &topic,
                                   const std::string &clientId, bool kip848 = false,
                                   bool commits = true);

    testbroker::KafkaCluster &m_kafka;
    testclients::Admin m_admin;
    testclients::Producer m_producer;
    std::unique_ptr<testclients::Producer> m_transactions;
    std::vector<std::unique_ptr<testclients::GroupMember>> m_members;
    QProcess m_shareConsumer;
};

} // namespace redrive::testworld
