#include "tests/integration/ordersstage.h"
#include "tests/integration/throughproxy.h"

#include <QElapsedTimer>
#include <QJsonDocument>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <deque>
#include <map>
#include <mutex>
#include <numeric>

using namespace redrive;
using namespace redrive::testworld;
using testproxy::Proxy;

namespace {

constexpr int offsetCommit = 8;
constexpr int noticedMs = 10'000; ///< a fault, which is several socket timeouts
constexpr int againMs = 10'000;   ///< in which work goes on when a fault has ended

const QStringList quickSockets{"-X", "socket.timeout.ms=1500",      "-X", "reconnect.backoff.ms=20",
                               "-X", "reconnect.backoff.max.ms=100"};

/// Answers by api key, and after how many of their bytes the connection is reset: once each.
class Cuts
{
public:
    Cuts(const QList<int> &keys, const QList<quint64> &places)
    {
        for (const int key : keys)
            m_left[key].assign(places.begin(), places.end());
    }

    Proxy::Verdict judge(const Proxy::Passing &passing)
    {
        const std::scoped_lock lock(m_mutex);
        const auto found = m_left.find(passing.apiKey);
        if (passing.at != Proxy::Passing::At::Answer || found == m_left.end())
            return {};
        const Proxy::Verdict reset{Proxy::Verdict::Kind::Reset, found->second.front()};
        found->second.pop_front();
        if (found->second.empty())
            m_left.erase(found);
        return reset;
    }

    QString left() const
    {
        const std::scoped_lock lock(m_mutex);
        QString keys;
        for (const auto &[key, places] : m_left)
            keys += QString("%1 of api key %2; ").arg(places.size()).arg(key);
        return keys;
    }

private:
    mutable std::mutex m_mutex;
    std::map<int, std::deque<quint64>> m_left;
};

bool isAcknowledged(const QJsonObject &committed)
{
    return committed["error"].isNull();
}

int acknowledged(const Consumer &consumer)
{
    const auto said = consumer.events("committed");
    return static_cast<int>(std::count_if(said.begin(), said.end(), isAcknowledged));
}

/// What it says is committed, over all partitions.
qint64 acknowledgedSum(const Consumer &consumer)
{
    std::map<int, qint64> newest;
    for (const auto &event : consumer.events("committed")) {
        if (!isAcknowledged(event))
            continue;
        for (const QJsonValue place : event["offsets"].toArray())
            newest[place["partition"].toInt()] = place["offset"].toVariant().toLongLong();
    }
    return std::accumulate(newest.begin(), newest.end(), qint64(0),
                           [](qint64 sum, const auto &entry) { return sum + entry.second; });
}

/// Neither done nor refused: nobody knows.
bool isUnknown(const QJsonObject &committed)
{
    return QStringList{"_TIMED_OUT", "_TRANSPORT", "REQUEST_TIMED_OUT"}.contains(
        committed["code"].toString());
}

} // namespace

/// The connections of a running consumer break in the middle, or hang, in one direction or in both.
class TestConsumerLinks : public QObject
{
    Q_OBJECT

private slots:
    void answersCutAtAnyByteLoseNothing_data();
    void answersCutAtAnyByteLoseNothing();
    void aBlackHoleIsNoticedAndOvercome_data() { protocols("consumer"); }
    void aBlackHoleIsNoticedAndOvercome();
    void aCommitWhoseAnswerIsLostIsNotTakenForDone_data() { protocols("cooperative-sticky"); }
    void aCommitWhoseAnswerIsLostIsNotTakenForDone();

private:
    /// All where there is time, else this one.
    static void protocols(const QString &first)
    {
        QTest::addColumn<QString>("protocol");
        for (const QString name : {"range", "cooperative-sticky", "consumer"}) {
            if (hasTime() || name == first)
                QTest::newRow(qPrintable(name)) << name;
        }
    }

    testbroker::KafkaCluster m_kafka{quickGroups()};
};

void TestConsumerLinks::answersCutAtAnyByteLoseNothing_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QList<int>>("keys");
    // Fetch, ListOffsets, Metadata, OffsetCommit, OffsetFetch, FindCoordinator, ApiVersions, and
    // what a member says to its group.
    const QList<int> all{1, 2, 3, 8, 9, 10, 18};
    QTest::newRow("range") << "range" << all + QList<int>{11, 12, 14};
    QTest::newRow("consumer") << "consumer" << all + QList<int>{68};
}

void TestConsumerLinks::answersCutAtAnyByteLoseNothing()
{
    QFETCH(const QString, protocol);
    QFETCH(const QList<int>, keys);
    OrdersStage stage(m_kafka, "cuts-" + protocol.toStdString(), 2000);
    ThroughProxy road(m_kafka);
    Cuts cuts(keys, hasTime() ? QList<quint64>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 17, 23, 40, 80}
                              : QList<quint64>{0, 3, 7, 21});
    road.proxy().setWatch([&](const auto &passing) { return cuts.judge(passing); });
    const CommitWatch watch(m_kafka, stage.group());
    Consumer consumer(quickSockets + ThroughProxy::by(stage.arguments(
                                         {"--fault", "delay:2ms", "--commit", "sync"}, protocol)),
                      road.variables());
    QTRY_COMPARE_WITH_TIMEOUT(cuts.left(), QString(), 100'000);
    QVERIFY(stage.waitForCommits(stage.written().events));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    road.proxy().setWatch({});
    QVERIFY(!watch.everWentBack());
    QCOMPARE(stage.problem(), QString());
}

void TestConsumerLinks::aBlackHoleIsNoticedAndOvercome()
{
    QFETCH(const QString, protocol);
    OrdersStage stage(m_kafka, "hole-" + protocol.toStdString(), 1500);
    ThroughProxy road(m_kafka);
    const CommitWatch watch(m_kafka, stage.group());
    Consumer consumer(quickSockets +
                          ThroughProxy::by(stage.arguments(
                              {"--fault", "delay:4ms", "--commit", "every:100ms"}, protocol)),
                      road.variables());
    QVERIFY(stage.waitForEffects(200));
    const int errors = consumer.count("error");
    QElapsedTimer hole;
    hole.start();
    road.proxy().setBlackhole(true);
    QTRY_VERIFY_WITH_TIMEOUT(consumer.count("error") > errors, noticedMs);
    // Longer than the group misses a member for: what it had is somebody else's by then.
    QTRY_VERIFY_WITH_TIMEOUT(hole.elapsed() > 6000, 10'000);
    const auto before = stage.committedSum();
    road.proxy().setBlackhole(false);
    QVERIFY(stage.waitForCommits(before + 1, againMs));
    QVERIFY(stage.waitForCommits(stage.written().events));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    QVERIFY(!watch.everWentBack());
    QCOMPARE(stage.problem(), QString());
}

void TestConsumerLinks::aCommitWhoseAnswerIsLostIsNotTakenForDone()
{
    QFETCH(const QString, protocol);
    OrdersStage stage(m_kafka, "deaf-" + protocol.toStdString(), 1500);
    ThroughProxy road(m_kafka);
    std::atomic<int> requests = 0;
    std::atomic<int> delivered = 0;
    road.proxy().setWatch([&](const Proxy::Passing &passing) -> Proxy::Verdict {
        if (passing.apiKey != offsetCommit)
            return {};
        delivered += passing.at == Proxy::Passing::At::Delivered ? 1 : 0;
        requests += passing.at == Proxy::Passing::At::Request ? 1 : 0;
        if (passing.at == Proxy::Passing::At::Request && requests == 4)
            return {Proxy::Verdict::Kind::LoseAnswers, 0};
        return {};
    });
    const CommitWatch watch(m_kafka, stage.group());
    Consumer consumer(quickSockets +
                          ThroughProxy::by(stage.arguments(
                              {"--fault", "delay:4ms", "--commit", "every:100ms"}, protocol)),
                      road.variables());
    QTRY_VERIFY_WITH_TIMEOUT(requests >= 4, 30'000);
    QElapsedTimer deaf;
    deaf.start();
    QTRY_COMPARE(acknowledged(consumer), delivered.load());
    // The broker has done what nobody may say is done, for as long as no answer comes.
    QTRY_VERIFY(stage.committedSum() > acknowledgedSum(consumer));
    QVERIFY2(consumer.until("error", {}, noticedMs), consumer.errors());
    QTRY_VERIFY_WITH_TIMEOUT(deaf.elapsed() > 6000, 10'000);
    QCOMPARE(acknowledged(consumer), delivered.load());
    for (const auto &event : consumer.events("committed"))
        QVERIFY2(isAcknowledged(event) || isUnknown(event), QJsonDocument(event).toJson());

    const auto before = stage.committedSum();
    road.proxy().loseAnswers(false);
    QVERIFY(stage.waitForCommits(before + 1, againMs));
    QVERIFY(stage.waitForCommits(stage.written().events));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode().value_or(-1), 0);
    road.proxy().setWatch({});
    QVERIFY(!watch.everWentBack());
    QCOMPARE(stage.problem(), QString());
}

QTEST_GUILESS_MAIN(TestConsumerLinks)
#include "tst_consumerlinks.moc"
