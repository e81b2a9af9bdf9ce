#include "tests/unit/workspace/watched.h"

#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::workspace;
using twin::brokerError;
using twin::Call;
using twin::Reach;

class TestSessionFocus : public QObject
{
    Q_OBJECT

private slots:
    void theGroupInFocusIsReadAtOnceAndOnItsOwnInterval()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.settle();
        watched.cluster.forget();
        watched.watch->setFocus(GroupId("billing"));
        watched.settle();
        QCOMPARE(watched.last->focus->totalLag, 140);
        QCOMPARE(watched.last->focus->listing.state, GroupState::Stable);
        QCOMPARE(watched.cluster.count(Call::DescribeGroups), 1U);
        QCOMPARE(watched.cluster.count(Call::ListGroups), 0U);
        watched.pass(8s);
        QCOMPARE(watched.cluster.count(Call::DescribeGroups), 5U);
    }

    void theGroupInFocusDoesNotWaitForTheWholeRefresh()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.fail(Call::ListGroups, brokerError("NONE"), 0);
        watched.watch->setFocus(GroupId("billing"));
        watched.turn();
        const auto log = watched.cluster.asked();
        QCOMPARE(log.at(0), std::string("describeGroups billing"));
    }

    void anAnswerForAFormerFocusIsDropped()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.put("group audit Empty\nlog/0 committed=1 end=100");
        watched.settle();
        watched.cluster.setLatency(300ms);
        watched.watch->setFocus(GroupId("billing"));
        watched.pass(100ms);
        watched.watch->setFocus(GroupId("audit"));
        watched.pass(3s);
        QCOMPARE(watched.last->focus->listing.id, GroupId("audit"));
        for (const auto &snapshot : watched.all)
            QVERIFY(!snapshot->focus || snapshot->focus->listing.id == GroupId("audit"));
    }

    void manyChangesOfFocusDoNotPileUp()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.settle();
        watched.cluster.setLatency(1s);
        for (int i = 0; i < 50; ++i) {
            watched.watch->setFocus(GroupId("g" + std::to_string(i)));
            watched.turn();
        }
        watched.watch->setFocus(GroupId("billing"));
        watched.pass(10s);
        QVERIFY(watched.cluster.mostInFlight(Call::DescribeGroups) <= 2U);
        QCOMPARE(watched.last->focus->listing.id, GroupId("billing"));
    }

    void aVanishedGroupInFocusSaysSo()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.settle();
        watched.cluster.remove("billing");
        watched.pass(6s);
        QCOMPARE(watched.last->focus->errors.at(0).code, std::string("GROUP_ID_NOT_FOUND"));
        QVERIFY(watched.last->groups->empty());
        QVERIFY(!watched.hasProblem("GROUP_ID_NOT_FOUND", true));
    }

    void totalsAndPartitionsOfTheFocusHaveAHistory()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.settle();
        watched.cluster.setEnd({"orders", 0}, 200);
        watched.pass(11s);
        const auto &history = *watched.last->focusHistory;
        QCOMPARE(history.partitions.size(), 2U);
        QCOMPARE(history.partitions.at(0).name, std::string("orders/0"));
        QCOMPARE(history.partitions.at(0).points.front().last, 50);
        QCOMPARE(history.partitions.at(0).points.back().last, 100);
        QCOMPARE(history.total.points.front().last, 140);
        QCOMPARE(watched.last->trends->at(GroupId("billing")).size(), 3U);
    }

    void anOutageIsAGapInEveryLineOfTheGroupInFocus()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.pass(12s);
        watched.cluster.setReach(Reach::Silent);
        const WallTime cut = watched.cluster.wall();
        watched.pass(60s);
        watched.cluster.setReach(Reach::Answering);
        const WallTime back = watched.cluster.wall();
        watched.pass(30s);
        const auto &history = *watched.last->focusHistory;
        std::vector<Series> lines = history.partitions;
        lines.push_back(history.total);
        QCOMPARE(lines.size(), 3U);
        for (const Series &line : lines) {
            const auto first = std::find_if(line.points.begin(), line.points.end(),
                                            [](const auto &point) { return !point.last; });
            QVERIFY(first != line.points.end());
            QVERIFY(first->time >= cut && first->time < back);
            for (const auto &point : line.points)
                QVERIFY(!point.last || point.time <= cut || point.time >= back);
            QVERIFY(line.points.back().last.has_value());
        }
    }
};

QTEST_APPLESS_MAIN(TestSessionFocus)
#include "tst_sessionfocus.moc"
