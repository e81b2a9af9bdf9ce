#include "tests/integration/effects.h"
#include "tests/integration/ordersstage.h"
#include "tests/support/clients/producer.h"

#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <sys/mount.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::testworld;

namespace {

const QString faketime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1";

std::string order(const std::string &id)
{
    return R"({"event_id":"e-)" + id + R"(","order_id":")" + id +
           R"(","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada","total_price":1})";
}

/// A file system of its own, taken down with this object.
class SmallDisk
{
public:
    SmallDisk()
        : m_isMounted(mount("tmpfs", path().constData(), "tmpfs", 0, "size=256k") == 0)
    {
    }
    ~SmallDisk()
    {
        if (m_isMounted)
            umount2(path().constData(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk &) = delete;
    SmallDisk &operator=(const SmallDisk &) = delete;

    bool isMounted() const { return m_isMounted; }
    bool enlarge() const
    {
        return mount("tmpfs", path().constData(), "tmpfs", MS_REMOUNT, "size=64m") == 0;
    }
    QString file(const QString &name) const { return m_dir.filePath(name); }

private:
    QByteArray path() const { return m_dir.path().toLocal8Bit(); }

    QTemporaryDir m_dir;
    bool m_isMounted;
};

} // namespace

/// What a running consumer stands on is taken away and given back.
class TestConsumerFaults : public QObject
{
    Q_OBJECT

private slots:
    void aDeadLetterTopicThatIsDeletedHoldsBackWhatIsForIt();
    void aFullDiskHoldsBackEverythingAndLosesNothing();
    void partitionsThatAreAddedAreRead();
    void aTopicThatIsMadeAnewIsReadFromItsStart_data();
    void aTopicThatIsMadeAnewIsReadFromItsStart();
    void aClockThatJumpsDisturbsNothing();

private:
    void produce(const std::string &topic, int partition, const std::vector<std::string> &values);

    testbroker::KafkaCluster m_kafka{quickGroups()};
};

void TestConsumerFaults::produce(const std::string &topic, int partition,
                                 const std::vector<std::string> &values)
{
    testclients::Producer producer(m_kafka.bootstrap());
    for (const auto &value : values)
        producer.send(topic, partition, value);
    producer.flush();
}

void TestConsumerFaults::aDeadLetterTopicThatIsDeletedHoldsBackWhatIsForIt()
{
    OrdersStage stage(m_kafka, "letters", 60);
    const TopicPartition first{stage.topic(), 0};
    const auto end = stage.admin().endOffset(first);
    Consumer consumer(stage.arguments({"--commit", "sync"}));
    QVERIFY(stage.waitForCommits(60));
    produce(stage.topic(), 0, {"bad"});
    QVERIFY(consumer.until("dead_lettered"));

    stage.admin().deleteTopic(stage.topic() + ".dlq");
    produce(stage.topic(), 0, {"bad as well", order("behind")});
    produce(stage.topic(), 1, {order("elsewhere")});
    const auto namesIt = [](const QJsonObject &event) {
        return event["message"].toString().contains("letters.dlq");
    };
    QVERIFY(consumer.until("error", namesIt));
    QVERIFY(stage.waitForEffects(61)); // of the other partition
    QCOMPARE(stage.admin().committed(stage.group())[first], end + 1);

    stage.admin().createTopic(stage.topic() + ".dlq", WrittenOrders::partitions);
    QVERIFY(stage.waitForCommits(64));
    QCOMPARE(stage.effects(), 62);
    QCOMPARE(consumer.count("dead_lettered"), 2);
    QCOMPARE(stage.admin().endOffset({stage.topic() + ".dlq", 0}), 1);
}

void TestConsumerFaults::aFullDiskHoldsBackEverythingAndLosesNothing()
{
    const SmallDisk disk;
    if (!disk.isMounted())
        QSKIP("only root can mount a small disk");
    OrdersStage stage(m_kafka, "full", 4000);
    stage.moveDatabase(disk.file("orders.db"));
    Consumer consumer(stage.arguments({"--commit", "every:200ms"}));
    QVERIFY2(consumer.until("error", withCode("BREAKER_OPEN")), consumer.errors());
    QCOMPARE(consumer.count("dead_lettered"), 0);
    QVERIFY(stage.committedSum() < stage.written().events);

    QVERIFY(disk.enlarge());
    QVERIFY(stage.waitForCommits(stage.written().events));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(stage.problem(), QString());
}

void TestConsumerFaults::partitionsThatAreAddedAreRead()
{
    OrdersStage stage(m_kafka, "grows", 60);
    Consumer consumer(QStringList{"-X", "topic.metadata.refresh.interval.ms=1000"} +
                      stage.arguments({"--commit", "sync"}));
    QVERIFY(stage.waitForCommits(60));
    stage.admin().addPartitions(stage.topic(), WrittenOrders::partitions + 1);
    produce(stage.topic(), WrittenOrders::partitions, {order("new")});
    QVERIFY(stage.waitForCommits(61));
    QCOMPARE(stage.problem(61), QString());
}

void TestConsumerFaults::aTopicThatIsMadeAnewIsReadFromItsStart_data()
{
    QTest::addColumn<QString>("protocol");
    for (const QString name : {"consumer", "cooperative-sticky", "range"}) {
        if (hasTime() || name == "consumer")
            QTest::newRow(qPrintable(name)) << name;
    }
}

void TestConsumerFaults::aTopicThatIsMadeAnewIsReadFromItsStart()
{
    QFETCH(const QString, protocol);
    OrdersStage stage(m_kafka, "anew-" + protocol.toStdString(), 300);
    Consumer consumer(QStringList{"-X", "topic.metadata.refresh.interval.ms=1000"} +
                      stage.arguments({"--commit", "sync"}, protocol));
    QVERIFY(stage.waitForCommits(300));
    stage.admin().deleteTopic(stage.topic());
    stage.admin().createTopic(stage.topic(), WrittenOrders::partitions);
    produce(stage.topic(), 0, {order("a"), order("b"), order("c")});
    QVERIFY(stage.waitForEffects(303));
    const TopicPartition first{stage.topic(), 0};
    QTRY_COMPARE_WITH_TIMEOUT(stage.admin().committed(stage.group())[first], 3, 10'000);
}

void TestConsumerFaults::aClockThatJumpsDisturbsNothing()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("a sanitizer's runtime and libfaketime both have to be loaded first");
#endif
    if (!QFile::exists(faketime))
        QSKIP("faketime is not installed");
    const QTemporaryDir dir;
    const auto setClock = [&](const QByteArray &offset) {
        QFile file(dir.filePath("clock"));
        if (file.open(QIODevice::WriteOnly))
            file.write(offset + '\n');
    };
    OrdersStage stage(m_kafka, "clock", 3000);
    setClock("+0s");
    Consumer consumer(stage.arguments({"--fault", "delay:2ms", "--commit", "every:200ms"}),
                      {"LD_PRELOAD=" + faketime, "FAKETIME_DONT_FAKE_MONOTONIC=1",
                       "FAKETIME_NO_CACHE=1", "FAKETIME_TIMESTAMP_FILE=" + dir.filePath("clock")});
    QVERIFY(stage.waitForEffects(200));
    setClock("+3600s");
    QVERIFY(stage.waitForEffects(stage.effects() + 200));
    setClock("-3600s");
    QVERIFY(stage.waitForCommits(stage.written().events));
    QCOMPARE(consumer.count("assigned"), 1);
    QVERIFY(!consumer.hasSaid("revoked") && !consumer.hasSaid("lost"));
    QVERIFY(!consumer.hasSaid("error"));
    const auto said = consumer.events();
    QVERIFY(std::any_of(said.begin(), said.end(), [&](const QJsonObject &event) {
        const auto time = QDateTime::fromString(event["time"].toString(), Qt::ISODateWithMs);
        return time.secsTo(QDateTime::currentDateTimeUtc()) > 3000;
    }));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(stage.problem(), QString());
}

QTEST_GUILESS_MAIN(TestConsumerFaults)
#include "tst_consumerfaults.moc"
