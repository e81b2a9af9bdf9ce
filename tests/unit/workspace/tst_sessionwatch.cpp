#include "tests/unit/workspace/watched.h"

#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::workspace;
using twin::Call;

class TestSessionWatch : public QObject
{
    Q_OBJECT

private slots:
    void namesArePublishedBeforeTheirLag()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.setLatency(100ms);
        watched.pass(2s);
        const auto named =
            std::find_if(watched.all.begin(), watched.all.end(),
                         [](const auto &snapshot) { return snapshot->groups != nullptr; });
        QVERIFY(named != watched.all.end());
        QCOMPARE((*named)->groups->at(0).listing.state, GroupState::Stable);
        QVERIFY(!(*named)->groups->at(0).totalLag);
        QCOMPARE((*named)->progressTotal, 1U);
        QCOMPARE(watched.group(0).totalLag, 140);
        QCOMPARE(watched.last->connection, Connection::Live);
        QCOMPARE(watched.last->cluster->clusterId, std::string("twin"));
        QCOMPARE(watched.last->progressTotal, 0U);
        QVERIFY(watched.last->refreshedAt.has_value());
        QVERIFY(watched.last->refreshDuration > 0ms);
    }

    void aRefreshComesEveryIntervalAndNeverTwoAtOnce()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.pass(21s);
        QCOMPARE(watched.cluster.count(Call::ListGroups), 5U);
        QCOMPARE(watched.cluster.mostInFlight(Call::ListGroups), 1U);
    }

    void aSlowClusterStretchesTheInterval()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.setLatency(2s);
        watched.pass(7s);
        QVERIFY(watched.last->slowed);
        QVERIFY(watched.last->interval >= 2 * *watched.last->refreshDuration);
        watched.cluster.setLatency(0ms);
        watched.pass(30s);
        QVERIFY(!watched.last->slowed);
        QCOMPARE(watched.last->interval, Millis(5000));
    }

    void snapshotsComeOnlyWhenSomethingChanged()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.settle();
        const auto count = watched.all.size();
        watched.settle();
        QCOMPARE(watched.all.size(), count);
        std::uint64_t sequence = 0;
        for (const auto &snapshot : watched.all)
            QVERIFY(std::exchange(sequence, snapshot->sequence) < snapshot->sequence);
    }

    void partsThatDidNotChangeAreTheSamePointers()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setTopicsWanted(true);
        watched.settle();
        const auto before = watched.last;
        watched.watch->setFocus(GroupId("billing"));
        watched.settle();
        QVERIFY(watched.last->focus);
        QCOMPARE(watched.last->groups.get(), before->groups.get());
        QCOMPARE(watched.last->trends.get(), before->trends.get());
        QCOMPARE(watched.last->topics.get(), before->topics.get());
    }

    void groupsOfOtherTypesAreAskedForRarelyAndRemembered()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.putUndescribable("shared");
        watched.pass(31s);
        QCOMPARE(watched.last->groups->size(), 2U);
        QVERIFY(watched.group(1).listing.error.has_value());
        QVERIFY(!watched.group(1).listing.state);
        QCOMPARE(watched.cluster.count(Call::ListUndescribable), 1U);
        watched.pass(31s);
        QCOMPARE(watched.cluster.count(Call::ListUndescribable), 2U);
    }

    void pausedNothingIsAskedUntilAPersonAsks()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.watch->setTopicsWanted(true);
        watched.settle();
        watched.watch->setPaused(true);
        watched.cluster.forget();
        watched.pass(30s);
        QVERIFY(watched.cluster.asked().empty());
        QVERIFY(watched.last->paused);
        watched.watch->refreshNow();
        watched.pass(10s);
        QCOMPARE(watched.cluster.count(Call::ListGroups), 1U);
        watched.cluster.forget();
        watched.watch->setFocus(GroupId("other"));
        watched.pass(10s);
        QCOMPARE(watched.cluster.count(Call::DescribeGroups), 1U);
        watched.watch->setPaused(false);
        watched.pass(1s);
        QVERIFY(!watched.last->paused);
        QCOMPARE(watched.cluster.count(Call::ListGroups), 1U);
    }

    void aPauseIsAGapInTheHistory()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.watch->setFocus(GroupId("billing"));
        watched.pass(6s);
        watched.watch->setPaused(true);
        watched.pass(60s);
        watched.watch->setPaused(false);
        watched.pass(12s);
        const auto &points = watched.last->focusHistory->total.points;
        QCOMPARE(std::count_if(points.begin(), points.end(),
                               [](const auto &point) { return !point.last; }),
                 1);
    }

    void aNewIntervalHoldsAtOnce()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.settle();
        watched.watch->setInterval(1s);
        watched.cluster.forget();
        watched.pass(5s);
        QCOMPARE(watched.cluster.count(Call::ListGroups), 5U);
        QCOMPARE(watched.last->interval, Millis(1000));
    }

    void progressIsToldAtMostTenTimesASecond()
    {
        Watched watched;
        for (int i = 0; i < 1000; ++i)
            watched.cluster.put("group g" + std::to_string(i) + " Empty\nt/0 committed=1 end=9");
        watched.settle();
        watched.all.clear();
        watched.cluster.setLatency(20ms);
        watched.watch->refreshNow();
        Millis gone{0};
        for (; watched.all.empty() || watched.last->progressTotal > 0 || gone < 100ms;
             gone += 10ms) {
            watched.cluster.tick(10ms);
            watched.turn();
        }
        QVERIFY(watched.all.size() <= static_cast<std::size_t>(gone / 100ms) + 6U);
        QCOMPARE(watched.cluster.mostInFlight(Call::CommittedOffsets), 200U);
    }

    void aDestroyedWatchDropsWhatIsUnderWay()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.setLatency(1s);
        watched.watch->setFocus(GroupId("billing"));
        watched.turn();
        watched.watch.reset();
        QCOMPARE(watched.cluster.alive(), 0);
    }
};

QTEST_APPLESS_MAIN(TestSessionWatch)
#include "tst_sessionwatch.moc"
