#include "tests/integration/kafkatext.h"
#include "tests/integration/watcher.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/broker/redrivectl.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace redrive;
using namespace std::chrono_literals;
using testbroker::Redrivectl;

namespace {

constexpr int groupCount = 12;
constexpr int victim = 3;

QString groupName(int i)
{
    return QString("group-%1").arg(i, 2, 10, QChar('0'));
}

/// Group -> id of its coordinator, by Kafka's tool.
QMap<QString, int> coordinators(const testbroker::KafkaCluster &kafka)
{
    static const QRegularExpression line(R"(^(group-\d+)\s+\S+\s+\((\d+)\))",
                                         QRegularExpression::MultilineOption);
    QMap<QString, int> found;
    const QString text =
        kafka.mustTool({"consumer-groups", "--describe", "--all-groups", "--state"});
    for (auto match = line.globalMatch(text); match.hasNext();) {
        const auto one = match.next();
        found[one.captured(1)] = one.captured(2).toInt();
    }
    return found;
}

/// Partition -> id of its leader, by Kafka's tool.
QMap<int, int> leaders(const testbroker::KafkaCluster &kafka, const QString &topic)
{
    static const QRegularExpression line(R"(Partition:\s*(\d+)\s+Leader:\s*(\d+))");
    QMap<int, int> found;
    const QString text = kafka.mustTool({"topics", "--describe", "--topic", topic});
    for (auto match = line.globalMatch(text); match.hasNext();) {
        const auto one = match.next();
        found[one.captured(1).toInt()] = one.captured(2).toInt();
    }
    return found;
}

} // namespace

/// Three nodes, one of which goes away. Nothing is replicated, so that what it held is really gone:
/// its partitions and the groups it coordinates, and nothing else.
class TestNodes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyGroupNamesItsCoordinator();
    void aSessionKeepsTheOthersFreshWhenANodeIsDown();
    void whatTheOtherNodesHoldIsAsBefore();
    void whatTheMissingNodeHoldsIsNamedPartByPart();
    void groupsOfTheMissingNodeSayWhatFailed();
    void allIsWellWhenTheNodeIsBack();
    void cleanupTestCase();

private:
    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    Redrivectl m_ctl;
    QMap<QString, int> m_coordinators;
    QMap<int, int> m_leaders;
    Redrivectl::Answer m_down;
};

void TestNodes::initTestCase()
{
    testbroker::ClusterOptions options;
    options.nodes = 3;
    options.settings = {"offsets.topic.replication.factor=1"};
    m_kafka = std::make_unique<testbroker::KafkaCluster>(options);
    m_ctl = Redrivectl(
        {"--bootstrap", QString::fromStdString(m_kafka->bootstrap()), "--timeout", "20s"});
    testclients::Admin admin(m_kafka->bootstrap());
    admin.createTopic("spread", 6);
    testclients::Producer producer(m_kafka->bootstrap());
    testclients::OffsetMap offsets;
    for (int i = 0; i < 6; ++i) {
        producer.sendAll({"spread", i}, 20);
        offsets[{"spread", i}] = 15;
    }
    for (int i = 0; i < groupCount; ++i)
        testclients::commitWithoutJoining(m_kafka->bootstrap(), groupName(i).toStdString(),
                                          offsets);
    m_coordinators = coordinators(*m_kafka);
    m_leaders = leaders(*m_kafka, "spread");
    QCOMPARE(m_coordinators.size(), groupCount);
    QCOMPARE(m_leaders.size(), 6);
    QVERIFY(m_leaders.values().contains(victim));
    QVERIFY(m_coordinators.values().contains(victim));
}

void TestNodes::cleanupTestCase()
{
    m_kafka.reset();
}

void TestNodes::everyGroupNamesItsCoordinator()
{
    const auto all = m_ctl.json({"groups", "describe", "--all"});
    QCOMPARE(all.exitCode, 0);
    for (auto truth = m_coordinators.begin(); truth != m_coordinators.end(); ++truth) {
        const auto group = all.find("group", truth.key());
        QCOMPARE(group["coordinator"]["id"].toInt(), truth.value());
        QCOMPARE(group["total_lag"].toInt(), 30);
    }
    const auto cluster = m_ctl.json({"cluster"});
    QCOMPARE(cluster.object["brokers"].toArray().size(), 3);
}

void TestNodes::aSessionKeepsTheOthersFreshWhenANodeIsDown()
{
    workspace::SessionOptions options;
    options.interval = 1s;
    options.requestTimeout = 3s;
    testworld::Watcher watcher({m_kafka->bootstrap(), {}, {}}, options);
    QVERIFY(watcher.untilRefreshed());
    m_kafka->kill(victim);
    const WallTime killed = wallNow();

    const QString survivor = m_coordinators.key(m_coordinators.values().contains(1) ? 1 : 2);
    const QString lost = m_coordinators.key(victim);
    QVERIFY(watcher.until(
        [&](const auto &) {
            const auto *group = watcher.group(survivor.toStdString());
            return group != nullptr && group->offsetsReadAt && *group->offsetsReadAt > killed + 8s;
        },
        40'000));
    QCOMPARE(watcher.shown()->connection, workspace::Connection::Live);
    const auto living = std::count_if(m_leaders.begin(), m_leaders.end(),
                                      [](int leader) { return leader != victim; });
    const auto *kept = watcher.group(survivor.toStdString());
    QCOMPARE(kept->totalLag.value_or(-1), std::int64_t(5 * living));
    QCOMPARE(kept->unknownLags, static_cast<std::size_t>(6 - living));
    QVERIFY(std::any_of(watcher.shown()->problems.begin(), watcher.shown()->problems.end(),
                        [](const auto &problem) { return problem.current; }));
    const auto *gone = watcher.group(lost.toStdString());
    QVERIFY(gone != nullptr);
    QVERIFY(gone->error);
    QCOMPARE(gone->totalLag.value_or(-1), std::int64_t(30)); // As it was last read.
    QVERIFY(gone->offsetsReadAt && *gone->offsetsReadAt < killed + 8s);
}

void TestNodes::whatTheOtherNodesHoldIsAsBefore()
{
    m_down = m_ctl.json({"groups", "describe", "--all"});
    QCOMPARE(m_down.exitCode, 1);
    QVERIFY2(m_down.err.contains("COORDINATOR_NOT_AVAILABLE"), m_down.err);
    QCOMPARE(m_ctl.json({"groups", "list"}).exitCode, 1); // Some are missing from it.
    int checked = 0;
    for (auto truth = m_coordinators.begin(); truth != m_coordinators.end(); ++truth) {
        if (truth.value() == victim)
            continue;
        const auto group = m_down.find("group", truth.key());
        QVERIFY2(!group.isEmpty(), truth.key().toUtf8() + m_down.raw + m_down.err);
        QCOMPARE(group["state"].toString(), "Empty");
        QCOMPARE(group["partitions"].toArray().size(), 6);
        for (const QJsonValue row : group["partitions"].toArray()) {
            QCOMPARE(row["committed"].toInt(), 15);
            if (m_leaders[row["partition"].toInt()] == victim)
                continue;
            QCOMPARE(row["lag"].toInt(-1), 5);
            QVERIFY(row["error"].isNull());
            ++checked;
        }
    }
    QVERIFY(checked > 0);
}

void TestNodes::whatTheMissingNodeHoldsIsNamedPartByPart()
{
    const auto living = std::count_if(m_leaders.begin(), m_leaders.end(),
                                      [](int leader) { return leader != victim; });
    for (auto truth = m_coordinators.begin(); truth != m_coordinators.end(); ++truth) {
        if (truth.value() == victim)
            continue;
        const auto group = m_down.find("group", truth.key());
        for (const QJsonValue row : group["partitions"].toArray()) {
            if (m_leaders[row["partition"].toInt()] != victim)
                continue;
            QVERIFY(row["log_end"].isNull());
            QVERIFY(row["lag"].isNull());
            QVERIFY(row["condition"].isNull());
            QVERIFY(!row["error"].toObject()["code"].toString().isEmpty());
        }
        QCOMPARE(group["total_lag"].toInteger(), 5 * living);
    }
}

void TestNodes::groupsOfTheMissingNodeSayWhatFailed()
{
    const QString lost = m_coordinators.key(victim);
    const QString survivor = m_coordinators.key(m_coordinators.values().contains(1) ? 1 : 2);
    const auto both = m_ctl.json({"groups", "describe", lost, survivor});
    QCOMPARE(both.exitCode, 1);
    const auto group = both.find("group", lost);
    QVERIFY2(!group.isEmpty(), both.raw + both.err);
    QVERIFY(!group["error"].toObject()["message"].toString().isEmpty());
    QVERIFY(group["state"].isNull() || group["state"].toString() != "Dead");
    QVERIFY(group["total_lag"].isNull());
    QCOMPARE(both.find("group", survivor)["state"].toString(), "Empty");
    QVERIFY(both.find("group", survivor)["error"].isNull());
}

void TestNodes::allIsWellWhenTheNodeIsBack()
{
    m_kafka->start(victim);
    Redrivectl::Answer all;
    QTRY_VERIFY_WITH_TIMEOUT((all = m_ctl.json({"groups", "describe", "--all"}), all.exitCode == 0),
                             40'000);
    QCOMPARE(all.list.size(), groupCount);
    for (const QJsonValue group : all.list)
        QCOMPARE(group["total_lag"].toInt(), 30);
}

QTEST_GUILESS_MAIN(TestNodes)
#include "tst_nodes.moc"
