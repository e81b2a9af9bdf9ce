#include "tests/integration/killrun.h"

#include "tests/integration/effects.h"
#include "tests/support/clients/producer.h"

#include <QElapsedTimer>
#include <QThread>

#include <map>

namespace redrive::testworld {

namespace {

constexpr int memberCount = 2;
constexpr int users = 97;

int orderOf(int event, int orders)
{
    return event < orders ? event : event - orders;
}

} // namespace

std::uint64_t killSeed()
{
    bool isGiven = false;
    const auto given = qEnvironmentVariable("REDRIVE_KILL_SEED").toULongLong(&isGiven);
    return isGiven ? given : std::random_device{}();
}

testbroker::ClusterOptions quickGroups()
{
    testbroker::ClusterOptions options;
    options.settings = {"group.consumer.session.timeout.ms=2000"};
    return options;
}

QStringList protocolOptions(const QString &protocol)
{
    if (protocol == "consumer")
        return {"-X", "group.protocol=consumer"};
    return {"-X", "partition.assignment.strategy=" + protocol,
            "-X", "session.timeout.ms=2000",
            "-X", "heartbeat.interval.ms=300"};
}

WrittenOrders WrittenOrders::write(const std::string &bootstrap, const std::string &topic,
                                   int events)
{
    WrittenOrders written{.topic = topic, .events = events, .orders = events - events / 20};
    testclients::Admin admin(bootstrap);
    const int replication = admin.brokerCount() < 3 ? 1 : 3;
    admin.createTopic(topic, partitions, replication);
    admin.createTopic(topic + ".dlq", partitions, replication);
    testclients::Producer producer(bootstrap);
    for (int event = 0; event < events; ++event) {
        const auto order = std::to_string(orderOf(event, written.orders));
        const auto index = std::to_string(event);
        const auto user = std::to_string(orderOf(event, written.orders) % users);
        producer.send(topic, std::nullopt,
                      R"({"event_id":"e-)" + index + R"(","order_id":")" + order +
                          R"(","user_id":"u-)" + user +
                          R"(","created_at":"2026-11-21T10:00:00Z",)" + R"("customer_name":")" +
                          index + R"(","total_price":12.30})",
                      "u-" + user);
    }
    producer.flush();
    return written;
}

KillRun::KillRun(testbroker::KafkaCluster &kafka, KillPlan plan)
    : m_kafka(kafka)
    , m_plan(std::move(plan))
    , m_random(m_plan.seed)
    , m_database(m_dir.filePath("orders.db"))
    , m_admin(kafka.bootstrap())
{
}

void KillRun::run()
{
    QElapsedTimer timer;
    timer.start();
    const QString name = m_plan.commit + '-' + m_plan.protocol;
    m_written = WrittenOrders::write(m_kafka.bootstrap(),
                                     "orders-" + QString(name).replace(':', '-').toStdString(),
                                     m_plan.orders);
    m_members.resize(memberCount);
    for (std::size_t member = 0; member < memberCount; ++member)
        restart(member);
    while (kills < m_plan.kills)
        killAtRandom();
    finish();
    checkCommits(false);
    checkEffects();
    checkOrder();
    milliseconds = timer.elapsed();
}

QStringList KillRun::arguments() const
{
    return QStringList{"--bootstrap", QString::fromStdString(m_kafka.bootstrap())} +
           protocolOptions(m_plan.protocol) +
           QStringList{"consume",
                       "--group",
                       QString::fromStdString("group-" + m_written.topic),
                       "--topics",
                       QString::fromStdString(m_written.topic),
                       "--handler",
                       "orders",
                       "--db",
                       m_database,
                       "--commit",
                       m_plan.commit,
                       "--backoff",
                       "5ms:50ms"};
}

void KillRun::restart(std::size_t member)
{
    // Slow enough that there is work left for the last kill, and with failures under way.
    m_members[member] =
        std::make_unique<Consumer>(arguments() + QStringList{"--fault", "delay:3ms,fail:1/300"});
}

int KillRun::random(int below)
{
    return std::uniform_int_distribution(0, below - 1)(m_random);
}

void KillRun::killAtRandom()
{
    const int who = random(4); // one of two, or both
    const auto first = static_cast<std::size_t>(who == 1 ? 1 : 0);
    const auto last = static_cast<std::size_t>(who == 0 ? 0 : 1);
    // One in four comes at any moment, those of joining too; the others fall into work.
    if (random(4) != 0) {
        const auto hasWork = [](const QJsonObject &event) {
            return !event["partitions"].toArray().isEmpty();
        };
        require(m_members[first]->until("assigned", hasWork),
                "a member was assigned nothing: " + m_members[first]->errors());
    }
    QThread::msleep(static_cast<unsigned long>(random(1200)));
    for (auto member = first; member <= last; ++member) {
        const bool atWork = !m_members[member]->owned().isEmpty();
        require(m_members[member]->isRunning(), "a member ended by itself");
        m_members[member]->kill();
        ++kills;
        killsAtWork += atWork ? 1 : 0;
        repeated += m_members[member]->count("skipped");
        require(m_members[member]->count("dead_lettered") == 0, "a good record was dead-lettered");
    }
    checkCommits(first == last);
    for (auto member = first; member <= last; ++member)
        restart(member);
}

/// Commits are read before effects: those may only become more meanwhile.
void KillRun::checkCommits(bool aliveElsewhere)
{
    const auto commits = m_admin.committed("group-" + m_written.topic);
    const Effects effects(m_database,
                          aliveElsewhere ? Effects::Look::Live : Effects::Look::Remains);
    for (const auto &[partition, offset] : commits) {
        const auto stored = effects.inboxBelow(partition, offset);
        require(stored == offset, QString("partition %1: offset %2 is committed, %3 effects below")
                                      .arg(partition.partition)
                                      .arg(offset)
                                      .arg(stored));
        const auto before = m_lastCommits.find(partition);
        require(before == m_lastCommits.end() || before->second <= offset,
                QString("partition %1: the commit went back to %2")
                    .arg(partition.partition)
                    .arg(offset));
    }
    m_lastCommits = commits;
}

void KillRun::finish()
{
    for (auto &member : m_members) {
        member->kill();
        repeated += member->count("skipped");
    }
    m_members.clear();
    Consumer last(arguments() + QStringList{"--until-end"});
    const auto exit = last.exitCode(120'000);
    repeated += last.count("skipped");
    require(exit == 0,
            "the last run ended with " + QString::number(exit.value_or(-1)) + ": " + last.errors());
    require(isCommittedToEnd(), "not everything is committed");
    for (int i = 0; i < WrittenOrders::partitions; ++i) {
        const auto topic = m_written.topic + ".dlq";
        require(m_admin.endOffset({topic, i}) == 0, "there is something in the dead-letter topic");
    }
}

bool KillRun::isCommittedToEnd()
{
    std::int64_t sum = 0;
    for (const auto &[partition, offset] : m_admin.committed("group-" + m_written.topic))
        sum += offset;
    return sum == m_written.events;
}

void KillRun::checkEffects()
{
    const Effects effects(m_database);
    require(effects.inbox() == m_written.events,
            "events in the inbox: " + QString::number(effects.inbox()));
    require(effects.number("SELECT sum(version) FROM orders") == m_written.events,
            "effects: " + QString::number(effects.number("SELECT sum(version) FROM orders")));
}

void KillRun::checkOrder()
{
    const auto orders = Effects(m_database).orders();
    require(static_cast<int>(orders.size()) == m_written.orders,
            "orders: " + QString::number(orders.size()));
    std::map<std::int32_t, int> newest;
    for (const auto &order : orders) {
        const int number = std::stoi(order.id);
        const bool hasTwo = number + m_written.orders < m_written.events;
        const int lastEvent = hasTwo ? number + m_written.orders : number;
        const auto about = "order " + QString::fromStdString(order.id);
        require(order.version == (hasTwo ? 2 : 1),
                about + " has version " + QString::number(order.version));
        require(order.customer == std::to_string(lastEvent),
                about + " ends with event " + QString::fromStdString(order.customer));
        const auto [before, isFirst] = newest.try_emplace(order.partition, -1);
        require(before->second < number, about + " came after a later one of its partition");
        before->second = number;
    }
}

void KillRun::require(bool holds, const QString &what)
{
    if (!holds)
        violations.append(QString("after %1 kills: %2").arg(kills).arg(what));
}

QString KillRun::describe() const
{
    return QString("%1, %2: seed %3, %4 records, %5 kills (%6 at work), %7 delivered again, %8 s, "
                   "%9 violations")
        .arg(m_plan.commit, m_plan.protocol)
        .arg(m_plan.seed)
        .arg(m_written.events)
        .arg(kills)
        .arg(killsAtWork)
        .arg(repeated)
        .arg(static_cast<double>(milliseconds) / 1000, 0, 'f', 1)
        .arg(violations.size());
}

} // namespace redrive::testworld
