#include "tests/integration/ordersstage.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/clients/producer.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>
#include <set>

using namespace redrive;
using namespace redrive::testworld;

namespace {

std::string order(const std::string &id)
{
    return R"({"event_id":"e-)" + id + R"(","order_id":")" + id +
           R"(","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada","total_price":1})";
}

/// Of how many partitions it has said so.
int wentBack(const Consumer &consumer)
{
    std::set<int> partitions;
    for (const auto &event : consumer.events("error")) {
        if (event["code"] == "LOG_WENT_BACK")
            partitions.insert(event["partition"].toInt());
    }
    return static_cast<int>(partitions.size());
}

} // namespace

/// Three nodes: replicas move under a running consumer, and one that was behind becomes leader, so
/// that the log is cut.
class TestReplicas : public QObject
{
    Q_OBJECT

private slots:
    void aLogThatIsCutIsToldAndReadOn_data();
    void aLogThatIsCutIsToldAndReadOn();
    void aLogThatIsCutEndsItWhereNothingMayBeReset();
    void partitionsThatAreReassignedUnderLoadLoseNothing();
    void cleanup()
    {
        for (int node = 1; node <= 3; ++node)
            m_kafka.start(node);
    }

private:
    void createTopic(const QString &name, bool unclean);
    void produce(const std::string &topic, const std::string &prefix, int each);
    void reassign(const QString &topic, const QList<int> &replicas, int bounced);

    testbroker::KafkaCluster m_kafka{[] {
        auto options = quickGroups();
        options.nodes = 3;
        return options;
    }()};
};

/// On the nodes 1 and 2. Unclean: one that was behind may become leader.
void TestReplicas::createTopic(const QString &name, bool unclean)
{
    const QStringList assignment(WrittenOrders::partitions, "1:2");
    m_kafka.mustTool({"topics", "--create", "--topic", name, "--replica-assignment",
                      assignment.join(','), "--config",
                      QString("unclean.leader.election.enable=") + (unclean ? "true" : "false"),
                      "--config", "min.insync.replicas=1"});
}

/// So many records to each partition, each of an order of its own.
void TestReplicas::produce(const std::string &topic, const std::string &prefix, int each)
{
    testclients::Producer producer(m_kafka.bootstrap());
    for (int i = 0; i < each * WrittenOrders::partitions; ++i)
        producer.send(topic, i % WrittenOrders::partitions, order(prefix + std::to_string(i)));
    producer.flush();
}

void TestReplicas::aLogThatIsCutIsToldAndReadOn_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("reset");
    QTest::addColumn<bool>("restarted");
    QTest::addColumn<int>("fresh");
    QTest::newRow("under a reader") << "cooperative-sticky"
                                    << "earliest" << false << 5;
    QTest::newRow("under a reader, latest") << "consumer"
                                            << "latest" << false << 5;
    QTest::newRow("while nobody reads") << "consumer"
                                        << "earliest" << true << 5;
    QTest::newRow("and written over") << "cooperative-sticky"
                                      << "latest" << true << 15;
}

void TestReplicas::aLogThatIsCutIsToldAndReadOn()
{
    QFETCH(const QString, protocol);
    QFETCH(const QString, reset);
    QFETCH(const bool, restarted);
    QFETCH(const int, fresh);
    const auto name = QString("cut-%1-%2-%3").arg(protocol, reset).arg(restarted);
    createTopic(name, true);
    OrdersStage stage(m_kafka, name.toStdString(), 300);
    const auto start = [&](const QString &policy) {
        return std::make_unique<Consumer>(
            QStringList{"-X", "topic.metadata.refresh.interval.ms=1000"} +
            stage.arguments({"--commit", "sync", "--reset", policy}, protocol));
    };
    auto consumer = start("earliest");
    QVERIFY2(stage.waitForCommits(300), consumer->errors());
    m_kafka.kill(2);
    produce(stage.topic(), "lost", 10);
    QVERIFY2(stage.waitForCommits(360), consumer->errors());
    if (restarted || reset != "earliest") {
        consumer->signal(SIGTERM);
        QCOMPARE(consumer->exitCode().value_or(-1), 0);
    }
    if (!restarted && reset != "earliest") {
        consumer = start(reset);
        QVERIFY(consumer->until("assigned"));
    }
    m_kafka.kill(1);
    m_kafka.start(2); // It never had the last ten of each partition.
    produce(stage.topic(), "new", fresh);
    if (restarted)
        consumer = start(reset);
    const int partitions = WrittenOrders::partitions;
    QTRY_COMPARE_WITH_TIMEOUT(wentBack(*consumer), partitions, 30'000);
    QVERIFY2(stage.waitForEffects(360 + fresh * partitions), consumer->errors());
    QVERIFY2(stage.waitForCommitsOf(300 + fresh * partitions), consumer->errors());
    consumer->signal(SIGTERM);
    QCOMPARE(consumer->exitCode().value_or(-1), 0);
    QCOMPARE(stage.effects(), 360 + fresh * partitions);
    QVERIFY(stage.waitForCommitsOf(300 + fresh * partitions));
}

void TestReplicas::aLogThatIsCutEndsItWhereNothingMayBeReset()
{
    createTopic("cut-error", true);
    OrdersStage stage(m_kafka, "cut-error", 300);
    QCOMPARE(runConsumer(stage.arguments({"--until-end"})), std::optional<int>(0));
    m_kafka.kill(2);
    produce(stage.topic(), "lost", 10);
    QCOMPARE(runConsumer(stage.arguments({"--until-end"})), std::optional<int>(0));
    QVERIFY(stage.waitForCommitsOf(360));
    m_kafka.kill(1);
    m_kafka.start(2);
    produce(stage.topic(), "new", 15);
    Consumer strict(stage.arguments({"--reset", "error"}));
    QVERIFY(strict.exitCode().value_or(0) > 0);
    QVERIFY2(strict.hasSaid("error",
                            [](const QJsonObject &event) {
                                return event["fatal"].toBool() &&
                                       event["message"].toString().contains("truncation");
                            }),
             strict.errors());
    QCOMPARE(stage.effects(), 360);
    QVERIFY(stage.waitForCommitsOf(360));
}

/// To these replicas, while one node is killed and started again.
void TestReplicas::reassign(const QString &topic, const QList<int> &replicas, int bounced)
{
    QJsonArray nodes;
    for (const int node : replicas)
        nodes.append(node);
    QJsonArray partitions;
    for (int i = 0; i < WrittenOrders::partitions; ++i)
        partitions.append(QJsonObject{{"topic", topic}, {"partition", i}, {"replicas", nodes}});
    QTemporaryDir dir;
    QFile plan(dir.filePath("plan.json"));
    QVERIFY(plan.open(QIODevice::WriteOnly));
    plan.write(QJsonDocument(QJsonObject{{"version", 1}, {"partitions", partitions}}).toJson());
    plan.close();
    m_kafka.mustTool(
        {"reassign-partitions", "--execute", "--reassignment-json-file", plan.fileName()});
    m_kafka.kill(bounced);
    m_kafka.start(bounced);
    testbroker::eventually(
        "the reassignment is done",
        [&] {
            const auto state = m_kafka.mustTool(
                {"reassign-partitions", "--verify", "--reassignment-json-file", plan.fileName()});
            return state.count("is completed") + state.count("is complete.") >=
                   WrittenOrders::partitions;
        },
        90'000);
}

void TestReplicas::partitionsThatAreReassignedUnderLoadLoseNothing()
{
    createTopic("moved", false);
    OrdersStage stage(m_kafka, "moved", 9000);
    const CommitWatch watch(m_kafka, stage.group());
    Consumer consumer(QStringList{"-X", "topic.metadata.refresh.interval.ms=1000"} +
                      stage.arguments({"--fault", "delay:20ms", "--commit", "async"}, "consumer"));
    QVERIFY(stage.waitForEffects(100, 60'000));
    reassign("moved", {2, 3}, 3);
    reassign("moved", {3, 1}, 2);
    reassign("moved", {1, 3}, 1);
    QVERIFY(stage.effects() < stage.written().events); // all of it happened under load
    QVERIFY2(stage.waitForCommits(stage.written().events, 120'000), consumer.errors());
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QVERIFY(!watch.everWentBack());
    QCOMPARE(stage.problem(), QString());
}

QTEST_GUILESS_MAIN(TestReplicas)
#include "tst_replicas.moc"
