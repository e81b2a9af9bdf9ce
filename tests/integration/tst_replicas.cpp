#include "tests/integration/ordersstage.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/clients/producer.h"

#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace redrive;
using namespace redrive::testworld;

namespace {

std::string order(const std::string &id)
{
    return R"({"event_id":"e-)" + id + R"(","order_id":")" + id +
           R"(","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada","total_price":1})";
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
    void partitionsThatAreReassignedUnderLoadLoseNothing();

private:
    void createTopic(const QString &name, const QString &replicas);
    void produce(const std::string &topic, const std::string &prefix, int each);
    void reassign(const QString &topic, const QList<int> &replicas, int bounced);

    testbroker::KafkaCluster m_kafka{[] {
        auto options = quickGroups();
        options.nodes = 3;
        return options;
    }()};
};

void TestReplicas::createTopic(const QString &name, const QString &replicas)
{
    const QStringList assignment(WrittenOrders::partitions, replicas);
    m_kafka.mustTool({"topics", "--create", "--topic", name, "--replica-assignment",
                      assignment.join(','), "--config", "unclean.leader.election.enable=true",
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
    QTest::newRow("under a reader") << "cooperative-sticky"
                                    << "earliest" << false;
    QTest::newRow("under a reader, latest") << "consumer"
                                            << "latest" << false;
    QTest::newRow("while nobody reads") << "cooperative-sticky"
                                        << "latest" << true;
}

void TestReplicas::aLogThatIsCutIsToldAndReadOn()
{
    QFETCH(const QString, protocol);
    QFETCH(const QString, reset);
    QFETCH(const bool, restarted);
    const auto name = QString("cut-%1-%2-%3").arg(protocol, reset).arg(restarted);
    createTopic(name, "1:2");
    OrdersStage stage(m_kafka, name.toStdString(), 300);
    const QStringList arguments = QStringList{"-X", "topic.metadata.refresh.interval.ms=1000"} +
                                  stage.arguments({"--commit", "sync"}, protocol);
    auto consumer = std::make_unique<Consumer>(arguments);
    QVERIFY2(stage.waitForCommits(300), consumer->errors());
    m_kafka.kill(2);
    produce(stage.topic(), "lost", 10);
    QVERIFY2(stage.waitForCommits(360), consumer->errors());
    if (reset == "latest") {
        consumer->signal(SIGTERM);
        QCOMPARE(consumer->exitCode().value_or(-1), 0);
        const QStringList latest = arguments + QStringList{"--reset", "latest"};
        if (!restarted) {
            consumer = std::make_unique<Consumer>(latest);
            QVERIFY(consumer->until("assigned"));
        }
    }
    m_kafka.kill(1);
    m_kafka.start(2); // It never had the last ten of each partition.
    produce(stage.topic(), "new", 5);
    if (restarted)
        consumer = std::make_unique<Consumer>(arguments + QStringList{"--reset", "latest"});
    QVERIFY2(consumer->until("error", withCode("LOG_WENT_BACK")), consumer->errors());
    QVERIFY2(stage.waitForEffects(390), consumer->errors());
    QVERIFY2(stage.waitForCommits(330), consumer->errors());
    consumer->signal(SIGTERM);
    QCOMPARE(consumer->exitCode().value_or(-1), 0);
    QCOMPARE(stage.effects(), 390);
    QCOMPARE(stage.committedSum(), 330);
    m_kafka.start(1);
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
    createTopic("moved", "1:2");
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
