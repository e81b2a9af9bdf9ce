#include "core/workspace/watch.h"
#include "tests/support/values/fakecluster.h"

#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::chrono_literals;
using twin::brokerError;
using twin::Call;
using twin::FakeCluster;
using twin::Reach;

namespace {

/// A watch whose clock is the twin's, driven by hand.
struct Watched
{
    FakeCluster cluster;
    std::optional<Error> refusal; ///< what the factory says instead of opening
    SessionOptions options;
    std::unique_ptr<ClusterWatch> watch;
    std::vector<std::shared_ptr<const ClusterSnapshot>> all;
    std::shared_ptr<const ClusterSnapshot> last;

    Watched()
    {
        options.advise = [](const Error &error) { return "advice on " + error.code; };
        watch = std::make_unique<ClusterWatch>(
            [this]() -> Result<std::unique_ptr<kafka::ClusterClient>> {
                if (refusal)
                    return *refusal;
                return cluster.open();
            },
            options,
            WatchClock{.mono = [this] { return cluster.now(); },
                       .wall = [this] { return cluster.wall(); }});
    }

    void turn()
    {
        watch->turn(Millis{0});
        if (auto snapshot = watch->takeSnapshot()) {
            last = snapshot;
            all.push_back(std::move(snapshot));
        }
    }
    /// Lets all that needs no time happen.
    void settle()
    {
        for (int i = 0; i < 30; ++i)
            turn();
    }
    void pass(Millis time)
    {
        for (Millis gone{0}; gone < time; gone += 100ms) {
            cluster.tick(100ms);
            for (int i = 0; i < 8; ++i)
                turn();
        }
    }
    const GroupSummary &group(std::size_t i) const { return last->groups->at(i); }
    bool hasProblem(const std::string &code, bool isCurrent) const
    {
        return std::any_of(last->problems.begin(), last->problems.end(), [&](const Problem &each) {
            return each.error.code == code && each.current == isCurrent;
        });
    }
};

constexpr const char *billing = "group billing Stable classic\n"
                                "orders/0 member=m committed=100 end=150\n"
                                "orders/1 member=m committed=10 end=100";

} // namespace

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

    void topicsAreListedOnlyWhileWanted()
    {
        Watched watched;
        watched.cluster.put(billing);
        watched.cluster.put("group reader Stable\norders/1 member=r end=100");
        TopicInfo orders;
        orders.name = "orders";
        orders.partitions = {{.id = 0, .leader = 1, .error = {}},
                             {.id = 1, .leader = 1, .error = {}}};
        watched.cluster.putTopic(orders);
        watched.pass(6s);
        QCOMPARE(watched.cluster.count(Call::ListTopics), 0U);
        QVERIFY(!watched.last->topics);
        watched.watch->setTopicsWanted(true);
        watched.settle();
        const TopicRow &row = watched.last->topics->at(0);
        QCOMPARE(row.records, 250);
        QCOMPARE(row.readers, (std::vector<GroupId>{GroupId("billing"), GroupId("reader")}));
        QVERIFY(row.readersKnown);
        watched.pass(11s);
        QCOMPARE(watched.cluster.count(Call::ListTopics), 3U);
        QCOMPARE(watched.cluster.count(Call::DescribeGroups), 1U);
        watched.watch->setTopicsWanted(false);
        watched.pass(11s);
        QCOMPARE(watched.cluster.count(Call::ListTopics), 3U);
        QVERIFY(watched.last->topics);
    }

    void topicsAskedForBeforeTheFirstListingGetTheirReadersSoon()
    {
        Watched watched;
        watched.cluster.put("group reader Stable\norders/0 member=r end=100");
        TopicInfo orders;
        orders.name = "orders";
        orders.partitions = {{.id = 0, .leader = 1, .error = {}}};
        watched.cluster.putTopic(orders);
        watched.watch->setTopicsWanted(true);
        watched.settle();
        QCOMPARE(watched.last->topics->at(0).readers, std::vector<GroupId>{GroupId("reader")});
        QVERIFY(watched.last->topics->at(0).readersKnown);
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
