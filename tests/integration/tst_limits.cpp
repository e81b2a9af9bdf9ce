#include "tests/integration/ordersstage.h"
#include "tests/support/clients/producer.h"
#include "tests/support/proxy/listen.h"

#include <QRegularExpression>
#include <QTest>

#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::testworld;

namespace {

constexpr qint64 mostMemory = 200'000; ///< kB

QStringList withDescriptors(int count)
{
    return {"prlimit", "--nofile=" + QString::number(count)};
}

/// The most memory that a process has had at once, in kB.
qint64 peak(const Consumer &consumer)
{
    static const QRegularExpression told("VmHWM:\\s+(\\d+) kB");
    QFile file(QString("/proc/%1/status").arg(consumer.processId()));
    return file.open(QIODevice::ReadOnly)
               ? told.match(QString::fromUtf8(file.readAll())).captured(1).toLongLong()
               : -1;
}

/// Connections that ask for nothing, closed with this object.
class Crowd
{
public:
    Crowd(int port, int count)
    {
        const auto address = testproxy::loopback(port);
        for (int i = 0; i < count; ++i) {
            m_sockets.append(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            static_cast<void>(
                connect(m_sockets.last(), testproxy::generic(address), sizeof address));
        }
    }
    ~Crowd()
    {
        for (const int each : m_sockets)
            close(each);
    }
    Crowd(const Crowd &) = delete;
    Crowd &operator=(const Crowd &) = delete;

private:
    QList<int> m_sockets;
};

} // namespace

/// A consumer that may not have all it would like: descriptors, memory.
class TestLimits : public QObject
{
    Q_OBJECT

private slots:
    void withTooFewDescriptorsItEndsAndSaysWhy_data();
    void withTooFewDescriptorsItEndsAndSaysWhy();
    void aCrowdAtTheHealthPortTakesNoDescriptorFromTheConsumer();
    void aLargeBacklogBehindASlowHandlerStaysInTheLog_data();
    void aLargeBacklogBehindASlowHandlerStaysInTheLog();

private:
    testbroker::KafkaCluster m_kafka{quickGroups()};
};

void TestLimits::withTooFewDescriptorsItEndsAndSaysWhy_data()
{
    QTest::addColumn<int>("descriptors");
    for (const int count : {5, 7, 9, 12, 15})
        QTest::newRow(qPrintable(QString::number(count))) << count;
}

void TestLimits::withTooFewDescriptorsItEndsAndSaysWhy()
{
    QFETCH(const int, descriptors);
    OrdersStage stage(m_kafka, "few-" + std::to_string(descriptors), 60);
    const auto arguments = stage.arguments({"--until-end"});
    Consumer few(QStringList{"--timeout", "2s"} + arguments, {}, withDescriptors(descriptors));
    QVERIFY2(few.exitCode().value_or(0) > 0, few.errors());
    const QByteArray said = few.errors();
    QVERIFY2(said.contains("Too many open files") || said.contains("unable to open"), said);
    QCOMPARE(runConsumer(arguments), std::optional<int>(0));
    QCOMPARE(stage.problem(), QString());
}

void TestLimits::aCrowdAtTheHealthPortTakesNoDescriptorFromTheConsumer()
{
    OrdersStage stage(m_kafka, "crowd", 3000);
    Consumer consumer(
        stage.arguments({"--health-port", "0", "--fault", "delay:2ms", "--commit", "every:100ms"}),
        {}, withDescriptors(64));
    QVERIFY(stage.waitForEffects(100));
    static const QRegularExpression told("health on http://127\\.0\\.0\\.1:(\\d+)");
    const int port = told.match(QString::fromUtf8(consumer.errors())).captured(1).toInt();
    QVERIFY(port > 0);
    const Crowd crowd(port, 200);
    QVERIFY2(stage.waitForCommits(stage.written().events), consumer.errors());
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(stage.problem(), QString());
}

void TestLimits::aLargeBacklogBehindASlowHandlerStaysInTheLog_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("count");
    QTest::newRow("records of 100 kB") << 100'000 << 3000;
    QTest::newRow("records of 900 kB") << 900'000 << 400;
}

void TestLimits::aLargeBacklogBehindASlowHandlerStaysInTheLog()
{
    QFETCH(const int, size);
    QFETCH(const int, count);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    QSKIP("a sanitizer's own memory is not ours");
#endif
    OrdersStage stage(m_kafka, "backlog-" + std::to_string(size), 60);
    testclients::Producer producer(m_kafka.bootstrap());
    const std::string note(static_cast<std::size_t>(size), 'x');
    for (int i = 0; i < count; ++i)
        producer.send(stage.topic(), i % WrittenOrders::partitions,
                      R"({"event_id":"b-)" + std::to_string(i) + R"(","order_id":"b-)" +
                          std::to_string(i) +
                          R"(","created_at":"2026-11-21T10:00:00Z","customer_name":"Ada",)" +
                          R"("total_price":1,"note":")" + note + "\"}");
    producer.flush();
    Consumer consumer(stage.arguments({"--fault", "delay:5ms", "--commit", "every:200ms"}));
    QVERIFY2(stage.waitForEffects(count / 3), consumer.errors());
    const auto most = peak(consumer);
    qInfo() << "peak of" << most << "kB";
    QVERIFY(most > 0 && most < mostMemory);
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QCOMPARE(stage.committedSum(), stage.effects());
}

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
