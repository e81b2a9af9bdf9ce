#include "tests/integration/effects.h"
#include "tests/integration/ordersstage.h"
#include "tests/support/broker/eventually.h"

#include <QTest>

#include <csignal>

using namespace redrive;
using namespace redrive::testworld;

namespace {

constexpr int members = 5;

bool isRefusedCommit(const QJsonObject &event)
{
    return !event["error"].isNull();
}

bool hasPartitions(const QJsonObject &event)
{
    return !event["partitions"].toArray().isEmpty();
}

/// Frozen in a transaction it would keep everybody out of the database that they share.
void freezeBetweenTransactions(Consumer &consumer, const OrdersStage &stage)
{
    testbroker::eventually("a moment between transactions", [&] {
        consumer.freeze();
        const bool isFree = Effects(stage.database()).isFree();
        if (!isFree)
            consumer.signal(SIGCONT);
        return isFree;
    });
}

bool hasAll(const QJsonObject &event)
{
    return event["partitions"].toArray().size() == WrittenOrders::partitions;
}

} // namespace

/// A running consumer while its group, its process or its broker is disturbed. Nothing is lost,
/// nothing is done twice, no commit goes back.
class TestStorms : public QObject
{
    Q_OBJECT

private slots:
    void membersThatComeAndGoLoseNothing_data() { protocols("cooperative-sticky"); }
    void membersThatComeAndGoLoseNothing();
    void aFrozenMemberThatWakesMovesNoOffsetBack_data() { protocols("consumer"); }
    void aFrozenMemberThatWakesMovesNoOffsetBack();
    void aHandlerSlowerThanThePollIntervalKeepsItsPartitions();
    void ofTwoMembersWithOneStaticIdTheFencedOneEndsNamingIt();
    void aKilledBrokerIsWaitedFor();
    void aFrozenBrokerIsWaitedFor();

private:
    /// All where there is time, else this one.
    static void protocols(const QString &first);

    testbroker::KafkaCluster m_kafka{quickGroups()};
};

void TestStorms::protocols(const QString &first)
{
    QTest::addColumn<QString>("protocol");
    for (const QString name : {"range", "cooperative-sticky", "consumer"}) {
        if (hasTime() || name == first)
            QTest::newRow(qPrintable(name)) << name;
    }
}

void TestStorms::membersThatComeAndGoLoseNothing()
{
    QFETCH(const QString, protocol);
    OrdersStage stage(m_kafka, "storm-" + protocol.toStdString(), 3000);
    const QStringList arguments =
        stage.arguments({"--fault", "delay:2ms", "--commit", "every:200ms"}, protocol);
    Consumer steady(arguments);
    QVERIFY(steady.until("assigned", hasAll));
    const CommitWatch watch(m_kafka, stage.group());
    for (int i = 0; i < members; ++i) {
        Consumer passing(arguments);
        QVERIFY2(passing.until("assigned", hasPartitions), passing.errors());
        passing.signal(SIGTERM);
        QCOMPARE(passing.exitCode().value_or(-1), 0);
    }
    QVERIFY(stage.waitForCommits(stage.written().events));
    steady.signal(SIGTERM);
    QCOMPARE(steady.exitCode().value_or(-1), 0);
    QVERIFY(watch.looks() > 1);
    QVERIFY(!watch.everWentBack());
    QCOMPARE(stage.problem(), QString());
}

void TestStorms::aFrozenMemberThatWakesMovesNoOffsetBack()
{
    QFETCH(const QString, protocol);
    OrdersStage stage(m_kafka, "zombie-" + protocol.toStdString(), 1200);
    const QStringList arguments =
        stage.arguments({"--fault", "delay:2ms", "--commit", "every:300ms"}, protocol);
    Consumer frozen(arguments);
    QVERIFY(stage.waitForEffects(100));
    const CommitWatch watch(m_kafka, stage.group());
    freezeBetweenTransactions(frozen, stage);
    Consumer successor(arguments);
    QVERIFY2(successor.until("assigned", hasAll), successor.errors());
    const auto taken = stage.effects();
    QVERIFY(stage.waitForEffects(taken + 200));
    frozen.signal(SIGCONT);
    QVERIFY(stage.waitForCommits(stage.written().events));

    QVERIFY(frozen.until("lost") || frozen.hasSaid("revoked"));
    QVERIFY2(static_cast<int>(frozen.events("committed").size()) > 0, frozen.errors());
    const auto said = frozen.events("committed");
    QVERIFY(std::count_if(said.begin(), said.end(), isRefusedCommit) <= 1);
    for (auto *member : {&frozen, &successor}) {
        member->signal(SIGTERM);
        QCOMPARE(member->exitCode().value_or(-1), 0);
    }
    QVERIFY(!watch.everWentBack());
    QCOMPARE(stage.problem(), QString());
}

void TestStorms::aHandlerSlowerThanThePollIntervalKeepsItsPartitions()
{
    OrdersStage stage(m_kafka, "slow", 8);
    QStringList arguments = stage.arguments({"--fault", "delay:3s", "--workers", "6"});
    arguments = QStringList{"-X", "max.poll.interval.ms=2000"} + arguments;
    Consumer slow(arguments);
    QVERIFY(stage.waitForCommits(stage.written().events));
    QVERIFY(!slow.hasSaid("lost"));
    QVERIFY(!slow.hasSaid("revoked"));
    QVERIFY(!slow.hasSaid("error"));
    QCOMPARE(slow.count("assigned"), 1);
    QCOMPARE(stage.problem(), QString());
}

void TestStorms::ofTwoMembersWithOneStaticIdTheFencedOneEndsNamingIt()
{
    OrdersStage stage(m_kafka, "static", 600);
    const QStringList arguments =
        stage.arguments({"--fault", "delay:5ms", "--instance-id", "till-7"});
    Consumer first(arguments);
    QVERIFY(stage.waitForEffects(50));
    Consumer second(arguments);
    QCOMPARE(first.exitCode().value_or(-1), 1);
    QVERIFY(first.hasSaid("error", [](const QJsonObject &event) {
        return event["fatal"].toBool() && event["message"].toString().contains("till-7");
    }));
    QVERIFY(stage.waitForCommits(stage.written().events));
    QVERIFY(second.isRunning());
    QCOMPARE(stage.problem(), QString());
}

void TestStorms::aKilledBrokerIsWaitedFor()
{
    OrdersStage stage(m_kafka, "killed-broker", 1500);
    Consumer consumer(stage.arguments({"--fault", "delay:2ms", "--commit", "every:200ms"}));
    QVERIFY(stage.waitForEffects(100));
    m_kafka.kill();
    QVERIFY(consumer.until("error"));
    m_kafka.start();
    QVERIFY(stage.waitForCommits(stage.written().events));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(stage.problem(), QString());
}

void TestStorms::aFrozenBrokerIsWaitedFor()
{
    if (!hasTime())
        QSKIP("takes long: $REDRIVE_LONG is not set");
    OrdersStage stage(m_kafka, "frozen-broker", 1500);
    const QStringList arguments = QStringList{"-X", "socket.timeout.ms=2000"} +
                                  stage.arguments({"--fault", "delay:2ms", "--commit", "sync"});
    Consumer consumer(arguments);
    QVERIFY(stage.waitForEffects(100));
    m_kafka.pause();
    const bool wasNoticed = consumer.until("error", {}, 15'000);
    m_kafka.resume();
    QVERIFY(wasNoticed);
    QVERIFY(stage.waitForCommits(stage.written().events));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(stage.problem(), QString());
}

QTEST_GUILESS_MAIN(TestStorms)
#include "tst_storms.moc"
