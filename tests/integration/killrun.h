#pragma once

#include "tests/integration/consumers.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"

#include <QStringList>
#include <QTemporaryDir>

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace redrive::testworld {

/// $REDRIVE_KILL_SEED, else one that has not been before.
std::uint64_t killSeed();

/// Members of KIP-848 groups are missed after two seconds, too.
testbroker::ClusterOptions quickGroups();

struct KillPlan
{
    QString commit;   ///< as `--commit` takes it
    QString protocol; ///< `range`, `roundrobin`, `cooperative-sticky` or `consumer`
    int orders = 20'000;
    int kills = 10;
    std::uint64_t seed = 0;
};

/// `-X` options of a protocol; members are missed after two seconds.
QStringList protocolOptions(const QString &protocol);

/// Orders with one or two events each, written once: the index of an event is in its order, so that
/// a test can say which came first.
struct WrittenOrders
{
    static constexpr int partitions = 6;
    std::string topic;
    int events = 0;
    int orders = 0; ///< those above `orders` are the second events of the first orders

    static WrittenOrders write(const std::string &bootstrap, const std::string &topic, int events);
};

/// Two members of one group that share a database are killed, one or both at a time, at moments
/// that the seed says; what the group has committed is compared with what the database holds after
/// each kill, and everything with everything at the end. The words of `violations` are what went
/// wrong.
class KillRun
{
public:
    KillRun(testbroker::KafkaCluster &kafka, KillPlan plan);

    void run();

    QStringList violations;
    int kills = 0;
    int killsAtWork = 0; ///< of a member that owned something, before everything was done
    qint64 repeated = 0; ///< deliveries that were skipped as duplicates
    qint64 milliseconds = 0;

    QString describe() const;

private:
    QStringList arguments() const;
    void restart(std::size_t member);
    void killAtRandom();
    void checkCommits(bool aliveElsewhere);
    void finish();
    bool isCommittedToEnd();
    void checkEffects();
    void checkOrder();
    void require(bool holds, const QString &what);
    int random(int below);

    testbroker::KafkaCluster &m_kafka;
    KillPlan m_plan;
    std::mt19937_64 m_random;
    QTemporaryDir m_dir;
    QString m_database;
    testclients::Admin m_admin;
    WrittenOrders m_written;
    testclients::OffsetMap m_lastCommits;
    std::vector<std::unique_ptr<Consumer>> m_members;
};

} // namespace redrive::testworld
