#include "tests/unit/workspace/watched.h"

#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::workspace;
using twin::brokerError;
using twin::Call;
using twin::Reach;

class TestSessionFaults : public QObject
{
    Q_OBJECT

private slots:
    void aRefusalToReadOneGroupIsAProblemOfThatGroupAlone()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.put("group audit Empty\nlog/0 committed=1 end=100");
        watched.cluster.fail(Call::CommittedOffsets,
                             brokerError("GROUP_AUTHORIZATION_FAILED", "reading audit"), 1,
                             "audit");
        watched.settle();
        QCOMPARE(watched.group(0).error->code, std::string("GROUP_AUTHORIZATION_FAILED"));
        QCOMPARE(watched.group(1).totalLag, 140);
        QVERIFY(watched.hasProblem("GROUP_AUTHORIZATION_FAILED", true));
        QCOMPARE(watched.last->problems.at(0).advice,
                 std::string("advice on GROUP_AUTHORIZATION_FAILED"));
        QCOMPARE(watched.last->connection, Connection::Live);
        watched.pass(6s);
        QVERIFY(watched.hasProblem("GROUP_AUTHORIZATION_FAILED", false));
        watched.watch->clearProblems();
        watched.turn();
        QVERIFY(watched.last->problems.empty());
    }

    void neverAnsweredIsConnectingWithTheReason()
    {
        Watched watched;
        watched.cluster.setReach(Reach::Refused);
        watched.cluster.setTrouble({.error = brokerError("_RESOLVE", "connecting to nowhere"),
                                    .allBrokersDown = true,
                                    .hopeless = false});
        watched.settle();
        QCOMPARE(watched.last->connection, Connection::Connecting);
        QCOMPARE(watched.last->connectionError->code, std::string("_RESOLVE"));
        QCOMPARE(watched.last->connectionAdvice, std::string("advice on _RESOLVE"));
        QVERIFY(!watched.last->groups);
        QVERIFY(watched.hasProblem("_RESOLVE", true));
    }

    void whenTheBrokerIsGoneTheLastValuesStayAndComeAliveAgain()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.pass(6s);
        const auto before = watched.last;
        watched.cluster.setReach(Reach::Silent);
        const WallTime cut = watched.cluster.wall();
        watched.pass(20s);
        QCOMPARE(watched.last->connection, Connection::Stale);
        QVERIFY(watched.last->since <= cut);
        QCOMPARE(watched.last->connectionError->code, std::string("_TIMED_OUT"));
        QCOMPARE(watched.group(0).totalLag, 140);
        QCOMPARE(watched.group(0).offsetsReadAt, before->groups->at(0).offsetsReadAt);
        QCOMPARE(watched.last->focus->totalLag, 140);
        QCOMPARE(watched.last->refreshedAt, before->refreshedAt);

        watched.cluster.setReach(Reach::Answering);
        watched.cluster.setEnd({"orders", 0}, 151);
        watched.pass(12s);
        QCOMPARE(watched.last->connection, Connection::Live);
        QVERIFY(!watched.last->connectionError);
        QCOMPARE(watched.group(0).totalLag, 141);
        QCOMPARE(watched.last->focus->totalLag, 141);
        QVERIFY(!watched.hasProblem("_TIMED_OUT", true));
        QVERIFY(watched.hasProblem("_TIMED_OUT", false));
        const auto &points = watched.last->focusHistory->total.points;
        QVERIFY(std::any_of(points.begin(), points.end(),
                            [](const auto &point) { return !point.last; }));
    }

    void aStuckHandleIsReplaced()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.pass(1s);
        watched.cluster.stickHandles();
        watched.pass(30s);
        QCOMPARE(watched.last->handlesReplaced, 1U);
        QCOMPARE(watched.cluster.opened(), 2);
        QCOMPARE(watched.cluster.alive(), 1);
        QCOMPARE(watched.last->connection, Connection::Live);
        QCOMPARE(watched.group(0).totalLag, 140);
        watched.pass(60s);
        QCOMPARE(watched.last->handlesReplaced, 1U);
    }

    void aHandleStuckTowardsCoordinatorsAloneIsReplacedToo()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.pass(1s);
        watched.cluster.fail(Call::CommittedOffsets, brokerError("_TIMED_OUT"), 2);
        watched.pass(12s);
        QCOMPARE(watched.last->handlesReplaced, 1U);
        QCOMPARE(watched.last->connection, Connection::Live);
    }

    void whileNothingAnswersHandlesAreReplacedEverLessOften()
    {
        Watched watched;
        watched.cluster.setReach(Reach::Refused);
        watched.pass(4min);
        QVERIFY(watched.last->handlesReplaced > 5U);
        QVERIFY(watched.last->handlesReplaced <= 3U + 4U * 2U + 1U);
        QCOMPARE(watched.cluster.alive(), 1);
    }

    void aWrongPasswordIsNotTriedWithHandleAfterHandle()
    {
        Watched watched;
        watched.cluster.setReach(Reach::Refused);
        watched.cluster.setTrouble(
            {.error = brokerError("_AUTHENTICATION"), .allBrokersDown = true, .hopeless = true});
        watched.pass(2min);
        QCOMPARE(watched.last->handlesReplaced, 0U);
        QCOMPARE(watched.last->connectionError->code, std::string("_AUTHENTICATION"));
    }

    void whileAHandleCannotBeMadeTheReasonIsShownAndAPersonMayTryAgain()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.refusal = brokerError("_INVALID_ARG", "opening");
        watched.settle();
        QVERIFY(!watched.watch->turn(Millis{0}));
        QCOMPARE(watched.last->connectionError->code, std::string("_INVALID_ARG"));
        QCOMPARE(watched.last->connection, Connection::Connecting);
        watched.refusal.reset();
        watched.pass(30s);
        QCOMPARE(watched.cluster.opened(), 0);
        watched.watch->refreshNow();
        watched.settle();
        QCOMPARE(watched.last->connection, Connection::Live);
        QVERIFY(!watched.last->connectionError);
    }

    void anotherClusterUnderTheSameNameNeverMixesWithTheFirst()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.pass(12s);
        QVERIFY(watched.last->focusHistory->total.points.size() >= 2U);
        watched.cluster.setClusterId("another");
        watched.cluster.remove("billing");
        watched.cluster.put("group billing Empty\norders/0 committed=1 end=4");
        watched.pass(6s);
        QCOMPARE(watched.last->connectionError->code, std::string("CLUSTER_ID_CHANGED"));
        QCOMPARE(watched.last->cluster->clusterId, std::string("another"));
        QCOMPARE(watched.group(0).totalLag, 3);
        for (const auto &point : watched.last->focusHistory->total.points)
            QVERIFY(!point.last || point.last == 3);
        for (const auto &sample : watched.last->trends->at(GroupId("billing")))
            QVERIFY(!sample || sample == 3);
        QCOMPARE(watched.last->handlesReplaced, 0U);
        watched.watch->refreshNow();
        watched.settle();
        QVERIFY(!watched.last->connectionError);
    }

    void aWornHandleIsReplacedOnceAlthoughTheClusterAnswers()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.pass(1s);
        watched.cluster.wearHandles();
        watched.pass(20s);
        QCOMPARE(watched.last->handlesReplaced, 1U);
        QCOMPARE(watched.cluster.opened(), 2);
        QCOMPARE(watched.cluster.alive(), 1);
        QCOMPARE(watched.last->connection, Connection::Live);
        QCOMPARE(watched.group(0).totalLag, 140);
    }

    void aWornHandleThatCannotBeReplacedGoesOnAndIsNotTriedWithoutPause()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.pass(1s);
        watched.refusal = brokerError("_INVALID_ARG", "opening");
        watched.cluster.wearHandles();
        watched.pass(4s);
        QCOMPARE(watched.last->handlesReplaced, 0U);
        QCOMPARE(watched.last->connection, Connection::Live);
        const auto &problems = watched.last->problems;
        const auto refused = std::find_if(problems.begin(), problems.end(), [](const auto &each) {
            return each.error.code == "_INVALID_ARG";
        });
        QVERIFY(refused != problems.end());
        QCOMPARE(refused->count, 1U);
        watched.refusal.reset();
        watched.pass(10s);
        QCOMPARE(watched.last->handlesReplaced, 1U);
        QCOMPARE(watched.cluster.alive(), 1);
    }
};

QTEST_APPLESS_MAIN(TestSessionFaults)
#include "tst_sessionfaults.moc"
