#include "core/consumer/health.h"

#include <QTest>

#include <string>

using namespace redrive;
using namespace redrive::consumer;
using namespace std::chrono_literals;

namespace {

const MonoTime now = MonoTime(1000h);
const HealthLimits limits{.loop = 10s, .stuckAfter = 60s};

LaneSnapshot lane(const std::string &topic, std::int32_t partition,
                  LaneState state = LaneState::Running)
{
    LaneSnapshot made;
    made.partition = {.topic = topic, .partition = partition};
    made.state = state;
    return made;
}

SessionSnapshot working()
{
    SessionSnapshot session;
    session.group = GroupId("billing");
    session.state = SessionState::Running;
    session.loopTurnedAt = now - 1ms;
    session.connected = true;
    session.joinedAt = now - 1h;
    session.lanes = {lane("orders", 0), lane("orders", 1)};
    return session;
}

SessionSnapshot::Oldest unfinished(std::int32_t partition, std::int64_t offset, Millis age)
{
    return {.record = {.partition = {.topic = "orders", .partition = partition},
                       .offset = Offset(offset)},
            .since = now - age};
}

QString live(const SessionSnapshot &session)
{
    const auto page = liveness(session, limits, now);
    return (page.ok ? "200 " : "503 ") + QString::fromStdString(page.text);
}

QString ready(const SessionSnapshot &session)
{
    const auto page = readiness(session, limits, now);
    return (page.ok ? "200 " : "503 ") + QString::fromStdString(page.text);
}

} // namespace

class TestHealth : public QObject
{
    Q_OBJECT
private slots:
    void aSessionThatWorksIsLiveAndReady()
    {
        QCOMPARE(live(working()), "200 live");
        QCOMPARE(ready(working()), "200 ready: group billing, 2 partitions");
    }

    void itIsLiveAsLongAsItsLoopTurnsWhateverElseIsWrong()
    {
        auto session = working();
        session.connected = false;
        session.joinedAt.reset();
        session.breaker.open = true;
        session.state = SessionState::Draining;
        session.oldest = unfinished(0, 1, 24h);
        session.loopTurnedAt = now - 10s;
        QCOMPARE(live(session), "200 live");
        session.loopTurnedAt = now - 10'001ms;
        QCOMPARE(live(session),
                 "503 not live: the poll loop last turned 10 s ago, the limit is 10 s");
    }

    void aSnapshotOfTheFutureIsNoReasonToBeKilled()
    {
        auto session = working();
        session.loopTurnedAt = now + 1h;
        QCOMPARE(live(session), "200 live");
        QVERIFY(ready(session).startsWith("200"));
    }

    void withoutABrokerItIsNotReadyAndSaysWhatTheConnectionSaid()
    {
        auto session = working();
        session.connected = false;
        session.problem = Error{.kind = Error::Kind::Transport,
                                .code = "_ALL_BROKERS_DOWN",
                                .message = "1/1 brokers are down",
                                .attempted = "connecting",
                                .retriable = true};
        QCOMPARE(ready(session), "503 not ready: no broker answers: " +
                                     QString::fromStdString(describe(*session.problem)));
    }

    void beforeItsFirstAssignmentItIsNotReady()
    {
        auto session = working();
        session.state = SessionState::Joining;
        session.joinedAt.reset();
        session.lanes.clear();
        QCOMPARE(ready(session),
                 "503 not ready: not assigned: the group billing has not let this member in yet");
    }

    void aSurplusMemberWithoutPartitionsIsReady()
    {
        auto session = working();
        session.lanes.clear();
        QCOMPARE(ready(session), "200 ready: group billing, 0 partitions");
    }

    void whoeverStopsIsNotReady()
    {
        auto session = working();
        session.state = SessionState::Draining;
        session.connected = false;
        QCOMPARE(ready(session), "503 not ready: stopping");
        session.state = SessionState::Failed;
        QCOMPARE(ready(session), "503 not ready: the session has ended: failed");
        session.state = SessionState::Stopped;
        QVERIFY(ready(session).startsWith("503"));
    }

    void aRecordUnfinishedForTooLongIsNamed()
    {
        auto session = working();
        session.oldest = unfinished(1, 4711, 59'999ms);
        QVERIFY(ready(session).startsWith("200"));
        session.oldest = unfinished(1, 4711, 3min);
        QCOMPARE(ready(session), "503 not ready: topic orders partition 1 offset 4711 has been "
                                 "unfinished for 3 min (running)");
        session.lanes[1].state = LaneState::DeadLettering;
        session.lanes[1].deadLetterProblem = "no topic orders.dlq";
        QVERIFY(ready(session).endsWith("(dead-lettering: no topic orders.dlq)"));
    }

    void whatAPersonHasPausedIsNotStuck()
    {
        auto session = working();
        session.lanes[1].state = LaneState::Paused;
        session.oldest = unfinished(1, 4711, 3min);
        QVERIFY(ready(session).startsWith("200"));
        session.lanes[0].inFlight = Offset(9);
        session.lanes[0].inFlightSince = now - 2min;
        QCOMPARE(ready(session), "503 not ready: topic orders partition 0 offset 9 has been "
                                 "unfinished for 2 min (running)");
    }

    void anOpenBreakerIsNotReady()
    {
        auto session = working();
        session.breaker.open = true;
        session.breaker.reason = "database is locked";
        QCOMPARE(ready(session), "503 not ready: the breaker is open, nothing is processed: "
                                 "database is locked");
    }

    void everyReasonIsALineOfItsOwn()
    {
        auto session = working();
        session.connected = false;
        session.joinedAt.reset();
        session.oldest = unfinished(0, 1, 2min);
        session.loopTurnedAt = now - 1min;
        QCOMPARE(ready(session).count('\n'), 3);
    }

    void foreignTextForgesNoReasons()
    {
        auto session = working();
        session.breaker.open = true;
        session.breaker.reason = "a\nready: yes";
        session.oldest = unfinished(0, 1, 2min);
        session.oldest->record.partition.topic = "x\x1b[2J";
        const auto text = ready(session);
        QCOMPARE(text.count('\n'), 1);
        QVERIFY(!text.contains('\x1b'));
    }

    void beforeThereIsASessionItIsLiveAndNotReady()
    {
        const auto pages = healthPages([] { return nullptr; }, nullptr, limits);
        QVERIFY(pages.live().ok);
        QVERIFY(!pages.ready().ok);
        QVERIFY(pages.metrics().ok);
    }

    void thePagesFollowTheNewestSnapshot()
    {
        auto session = std::make_shared<SessionSnapshot>(working());
        session->loopTurnedAt = monoNow();
        const auto pages = healthPages([&session] { return session; }, nullptr, limits);
        QVERIFY(pages.ready().ok);
        QVERIFY(pages.metrics().text.find("redrive_records_processed_total{") != std::string::npos);
        session = std::make_shared<SessionSnapshot>(*session);
        session->connected = false;
        QVERIFY(!pages.ready().ok);
    }
};

QTEST_APPLESS_MAIN(TestHealth)
#include "tst_health.moc"
