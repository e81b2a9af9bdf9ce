#include "tests/integration/effects.h"
#include "tests/integration/ordersstage.h"
#include "tests/integration/throughproxy.h"

#include <QFileInfo>
#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <poll.h>
#include <sys/inotify.h>
#include <thread>
#include <unistd.h>

using namespace redrive;
using namespace redrive::testworld;
using testproxy::Proxy;

namespace {

constexpr int offsetCommit = 8;
const QList<int> counts{1, 2, 3, 5, 8, 13};

/// Where a record is on its way from the handler to the acknowledged commit.
enum class Point
{
    Writing,     ///< its effect is being written
    Stored,      ///< its effect is on the disk, nothing is asked of the broker
    Asked,       ///< the commit is sent, the broker does not have it
    Applied,     ///< the broker has committed, the answer is under way
    Acknowledged ///< the answer has come
};

/// Kills a process once this has happened so many times.
class Trap
{
public:
    explicit Trap(int count)
        : m_left(count)
    {
    }
    void aim(int process) { m_process = process; }
    /// True: this was it.
    bool spring()
    {
        if (m_process == 0 || --m_left != 0)
            return false;
        ::kill(m_process, SIGKILL);
        return true;
    }
    bool isSprung() const { return m_left <= 0; }

private:
    std::atomic<int> m_process{0};
    std::atomic<int> m_left;
};

/// Springs a trap at each write to a database's write-ahead log.
class WriteWatch
{
public:
    WriteWatch(const QString &database, Trap &trap)
        : m_descriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
        , m_log(QFileInfo(database).fileName().toStdString() + "-wal")
    {
        const auto directory = QFileInfo(database).path().toLocal8Bit();
        inotify_add_watch(m_descriptor, directory.constData(), IN_MODIFY);
        m_thread = std::jthread([this, &trap](const std::stop_token &stop) {
            while (!stop.stop_requested())
                look(trap);
        });
    }
    ~WriteWatch()
    {
        m_thread = {};
        close(m_descriptor);
    }
    WriteWatch(const WriteWatch &) = delete;
    WriteWatch &operator=(const WriteWatch &) = delete;

private:
    void look(Trap &trap) const
    {
        pollfd watched{.fd = m_descriptor, .events = POLLIN, .revents = 0};
        poll(&watched, 1, 20);
        std::array<char, 4096> bytes{};
        const ssize_t size = read(m_descriptor, bytes.data(), bytes.size());
        for (ssize_t at = 0; at < size;) {
            inotify_event event{};
            std::memcpy(&event, bytes.data() + at, sizeof event);
            const char *name = bytes.data() + at + sizeof event;
            if (event.len > 0 && m_log == name)
                trap.spring();
            at += static_cast<ssize_t>(sizeof event + event.len);
        }
    }

    int m_descriptor;
    std::string m_log;
    std::jthread m_thread;
};

Proxy::Passing::At placeOf(Point point)
{
    if (point == Point::Asked)
        return Proxy::Passing::At::Request;
    return point == Point::Applied ? Proxy::Passing::At::Answer : Proxy::Passing::At::Delivered;
}

std::int64_t left(const QString &database)
{
    try {
        return Effects(database, Effects::Look::Remains).inbox();
    } catch (const std::runtime_error &) {
        return 0; // killed before its tables were there
    }
}

int duplicates(const Consumer &consumer)
{
    const auto said = consumer.events("skipped");
    return static_cast<int>(std::count_if(said.begin(), said.end(), [](const QJsonObject &event) {
        return event["reason"] == "duplicate";
    }));
}

} // namespace

Q_DECLARE_METATYPE(Point)

/// SIGKILL at each point between a record's effect and its acknowledged commit, counted. The next
/// process takes over by the same static id, so that nobody waits for the dead.
class TestFailPoints : public QObject
{
    Q_OBJECT

private slots:
    void killedAtAPointNothingIsLostAndNothingIsDoneTwice_data();
    void killedAtAPointNothingIsLostAndNothingIsDoneTwice();

private:
    testbroker::KafkaCluster m_kafka{quickGroups()};
};

void TestFailPoints::killedAtAPointNothingIsLostAndNothingIsDoneTwice_data()
{
    QTest::addColumn<Point>("point");
    QTest::addColumn<QString>("commit");
    QTest::newRow("writing its effect") << Point::Writing << "sync";
    QTest::newRow("stored") << Point::Stored << "batch:100000";
    QTest::newRow("commit sent") << Point::Asked << "sync";
    QTest::newRow("commit sent by the timer") << Point::Asked << "auto";
    QTest::newRow("commit applied") << Point::Applied << "async";
    QTest::newRow("commit acknowledged") << Point::Acknowledged << "batch:5";
}

void TestFailPoints::killedAtAPointNothingIsLostAndNothingIsDoneTwice()
{
    QFETCH(const Point, point);
    QFETCH(const QString, commit);
    const auto name = QString(QTest::currentDataTag()).replace(' ', '-').toStdString();
    OrdersStage stage(m_kafka, name, 600);
    ThroughProxy road(m_kafka);
    const auto arguments = [&](const QStringList &more) {
        return ThroughProxy::by(stage.arguments(QStringList{"--instance-id", "one"} + more));
    };
    std::int64_t committed = 0;
    std::int64_t again = 0; // stored and not committed
    for (const int count : commit == "auto" ? counts.first(1) : counts) { // every five seconds
        Trap trap(point == Point::Stored ? 1 : count);
        std::optional<WriteWatch> writes;
        if (point == Point::Writing)
            writes.emplace(stage.database(), trap);
        std::atomic<int> requests = 0;
        road.proxy().setWatch([&](const Proxy::Passing &passing) -> Proxy::Verdict {
            if (passing.apiKey != offsetCommit)
                return {};
            requests += passing.at == Proxy::Passing::At::Request ? 1 : 0;
            if (point <= Point::Stored || passing.at != placeOf(point) || !trap.spring())
                return {};
            return {Proxy::Verdict::Kind::Vanish, 0};
        });
        const auto stored = left(stage.database());
        Consumer consumer(arguments({"--commit", commit, "--fault", "delay:1ms"}),
                          road.variables());
        trap.aim(consumer.processId());
        if (point == Point::Stored) {
            QVERIFY2(stage.waitForEffects(stored + 4 * count), consumer.errors());
            QVERIFY(trap.spring());
            // Later ones commit what is done before they try a record that was running at a kill.
            QVERIFY(requests == 0 || count > 1);
        }
        QTRY_VERIFY2_WITH_TIMEOUT(!consumer.isRunning(), consumer.errors(), 30'000);
        QVERIFY2(trap.isSprung() && !consumer.exitCode(), consumer.errors());
        road.proxy().setWatch({});

        QVERIFY(duplicates(consumer) <= again);
        const auto before = committed;
        committed = stage.committedSum();
        const auto effects = left(stage.database());
        again = effects - committed;
        QVERIFY(effects >= stored && committed >= before && again >= 0);
        QVERIFY(point == Point::Writing || point > Point::Asked || count > 1 || committed == 0);
        QVERIFY(point < Point::Applied || committed > before);
        QCOMPARE(stage.committedTooFar(Effects::Look::Remains), QString());
    }
    Consumer last(arguments({"--until-end"}), road.variables());
    QCOMPARE(last.exitCode().value_or(-1), 0);
    QCOMPARE(duplicates(last), static_cast<int>(again));
    QCOMPARE(stage.problem(), QString());
}

QTEST_GUILESS_MAIN(TestFailPoints)
#include "tst_failpoints.moc"
