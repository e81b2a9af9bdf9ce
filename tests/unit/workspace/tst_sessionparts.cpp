#include "core/workspace/grouplist.h"
#include "core/workspace/health.h"
#include "core/workspace/problems.h"
#include "core/workspace/refreshtimer.h"
#include "core/workspace/topicrows.h"
#include "tests/support/values/grouptext.h"

#include <QTest>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::chrono_literals;
using twin::brokerError;

namespace {

constexpr MonoTime zero = MonoTime{} + 1h;
constexpr WallTime wall{Millis{1'795'600'000'000}};

GroupListing listing(const char *id)
{
    GroupListing result;
    result.id = GroupId(id);
    return result;
}

GroupSummary summary(const char *id, std::int64_t lag)
{
    GroupSummary result;
    result.listing = listing(id);
    result.totalLag = lag;
    result.offsetsReadAt = wall;
    result.topics = {"t"};
    return result;
}

GroupSummary failure(const char *id, const char *code)
{
    GroupSummary result;
    result.listing = listing(id);
    result.error = brokerError(code);
    return result;
}

TopicInfo topic(const char *name, int partitions)
{
    TopicInfo result;
    result.name = name;
    for (int i = 0; i < partitions; ++i)
        result.partitions.push_back({.id = i, .leader = 1, .error = {}});
    return result;
}

OffsetAnswer at(std::int64_t offset)
{
    return {.offset = Offset(offset), .error = {}};
}

} // namespace

class TestSessionParts : public QObject
{
    Q_OBJECT

private slots:
    void aTimerIsDueAtOnceAndThenEveryInterval()
    {
        RefreshTimer timer(5s);
        QVERIFY(timer.isDue(zero));
        timer.start(zero);
        QVERIFY(!timer.isDue(zero + 1h));
        timer.end(zero + 100ms, true);
        QVERIFY(!timer.isDue(zero + 4999ms));
        QVERIFY(timer.isDue(zero + 5s));
    }

    void aSlowRefreshStretchesTheIntervalAndAFastOneEndsThat()
    {
        RefreshTimer timer(5s);
        timer.start(zero);
        QCOMPARE(timer.end(zero + 4s, true), Millis(4000));
        QCOMPARE(timer.interval(), Millis(8000));
        QVERIFY(timer.isSlowed());
        QVERIFY(!timer.isDue(zero + 7s));
        timer.start(zero + 8s);
        timer.end(zero + 9s, true);
        QVERIFY(!timer.isSlowed());
    }

    void aFailureStretchesNothing()
    {
        RefreshTimer timer(5s);
        timer.start(zero);
        timer.end(zero + 8s, false);
        QVERIFY(!timer.isSlowed());
        QVERIFY(!timer.isDue(zero + 8s));
        QVERIFY(timer.isDue(zero + 9s));
    }

    void askingMakesDueAndANewIntervalMovesWhatIsDue()
    {
        RefreshTimer timer(5s);
        timer.start(zero);
        timer.end(zero, true);
        timer.setInterval(2s);
        QVERIFY(timer.isDue(zero + 2s));
        timer.setInterval(60s);
        QVERIFY(!timer.isDue(zero + 59s));
        timer.ask();
        QVERIFY(timer.isDue(zero));
        QVERIFY(timer.isAsked());
    }

    void theSameProblemIsOneLineThatCounts()
    {
        ProblemList problems([](const Error &error) { return "do about " + error.code; });
        const Error error = brokerError("GROUP_AUTHORIZATION_FAILED", "describing group a");
        QVERIFY(problems.report("focus", {error}, wall));
        QVERIFY(problems.report("focus", {error}, wall + 5s));
        const auto list = problems.list();
        QCOMPARE(list.size(), 1U);
        QCOMPARE(list.at(0).count, 2U);
        QCOMPARE(list.at(0).first, wall);
        QCOMPARE(list.at(0).last, wall + 5s);
        QVERIFY(list.at(0).current);
        QCOMPARE(list.at(0).advice, std::string("do about GROUP_AUTHORIZATION_FAILED"));
    }

    void whatIsNotReportedAgainIsOverAndCanBeCleared()
    {
        ProblemList problems({});
        problems.report("focus", {brokerError("A", "x")}, wall);
        problems.report("listing", {brokerError("B", "y")}, wall + 1s);
        QVERIFY(problems.report("focus", {}, wall + 2s));
        QVERIFY(!problems.report("focus", {}, wall + 3s));
        auto list = problems.list();
        QVERIFY(list.at(0).current);
        QCOMPARE(list.at(0).error.code, std::string("B"));
        QVERIFY(!list.at(1).current);
        problems.clearPast();
        QCOMPARE(problems.list().size(), 1U);
        problems.report("focus", {brokerError("A", "x")}, wall + 4s);
        QCOMPARE(problems.list().at(0).count, 1U);
    }

    void manyFailuresOfOneKindAreOneProblem()
    {
        ProblemList problems({});
        std::vector<Error> errors;
        for (int i = 0; i < 1000; ++i)
            errors.push_back(
                brokerError("_TIMED_OUT", "reading the offsets of group " + std::to_string(i)));
        problems.report("offsets", errors, wall);
        errors.erase(errors.begin(), errors.begin() + 500);
        problems.report("offsets", errors, wall + 5s);
        const auto list = problems.list();
        QCOMPARE(list.size(), 1U);
        QCOMPARE(list.at(0).count, 2U);
        QVERIFY(list.at(0).error.attempted.ends_with(", and 499 more"));
    }

    void theListOfProblemsIsBounded()
    {
        ProblemList problems({});
        for (int i = 0; i < 1000; ++i)
            problems.report("focus", {brokerError("A", std::to_string(i))}, wall + i * 1s);
        QCOMPARE(problems.list().size(), ProblemList::mostKept);
        QCOMPARE(problems.list().at(0).error.attempted, std::string("999"));
    }

    void healthGoesFromConnectingToLiveToStaleAndBack()
    {
        Health health(wall);
        QCOMPARE(health.connection(), Connection::Connecting);
        health.unanswered(brokerError("_TIMED_OUT"));
        QCOMPARE(health.error()->code, std::string("_TIMED_OUT"));
        health.answered(wall + 1s);
        QCOMPARE(health.connection(), Connection::Live);
        QCOMPARE(health.since(), wall + 1s);
        QVERIFY(!health.error());
        health.answered(wall + 9s);
        QCOMPARE(health.since(), wall + 1s);
        health.unanswered(brokerError("_TRANSPORT"));
        QVERIFY(!health.error());
        health.wentDark();
        QCOMPARE(health.connection(), Connection::Stale);
        QCOMPARE(health.since(), wall + 9s);
        QCOMPARE(health.error()->code, std::string("_TRANSPORT"));
        health.troubled({.error = brokerError("_SSL"), .allBrokersDown = false, .hopeless = true});
        QCOMPARE(health.error()->code, std::string("_SSL"));
        health.answered(wall + 20s);
        QCOMPARE(health.connection(), Connection::Live);
        QCOMPARE(health.since(), wall + 20s);
        QVERIFY(!health.error());
    }

    void allBrokersDownIsStaleAtOnce()
    {
        Health health(wall);
        health.troubled(
            {.error = brokerError("_ALL_BROKERS_DOWN"), .allBrokersDown = true, .hopeless = false});
        QCOMPARE(health.connection(), Connection::Connecting);
        health.answered(wall);
        health.troubled(
            {.error = brokerError("_ALL_BROKERS_DOWN"), .allBrokersDown = true, .hopeless = false});
        QCOMPARE(health.connection(), Connection::Stale);
    }

    void aHandleIsGivenUpAfterTwoDeadRefreshesAndThenEverLessOften()
    {
        StuckHandle stuck;
        stuck.refreshEnded(true);
        QVERIFY(!stuck.isToBeReplaced(zero));
        stuck.refreshEnded(false);
        stuck.refreshEnded(true);
        stuck.refreshEnded(true);
        QVERIFY(stuck.isToBeReplaced(zero));
        MonoTime now = zero;
        for (const auto pause : {5s, 10s, 20s, 30s, 30s}) {
            stuck.replaced(now);
            QVERIFY(!stuck.isToBeReplaced(now + 1h));
            stuck.refreshEnded(true);
            stuck.refreshEnded(true);
            QVERIFY(!stuck.isToBeReplaced(now + pause - 1ms));
            now += pause;
            QVERIFY(stuck.isToBeReplaced(now));
        }
        stuck.refreshEnded(false);
        stuck.refreshEnded(true);
        stuck.refreshEnded(true);
        QVERIFY(stuck.isToBeReplaced(now));
    }

    void namesComeBeforeLagAndOldLagStaysUntilTheNew()
    {
        GroupList groups;
        QVERIFY(!groups.published());
        groups.list({listing("b"), listing("a")});
        QCOMPARE(groups.published()->at(0).listing.id, GroupId("a"));
        QVERIFY(!groups.published()->at(0).totalLag);
        groups.take({summary("a", 5), summary("b", 6)});
        groups.endRound();
        groups.list({listing("a"), listing("c")});
        const auto rows = groups.published();
        QCOMPARE(rows->size(), 2U);
        QCOMPARE(rows->at(0).totalLag, 5);
        QVERIFY(!rows->at(1).totalLag);
        QVERIFY(!groups.totals().at(0));
    }

    void aListWithErrorsTakesNoGroupAway()
    {
        GroupList groups;
        groups.list({listing("a"), listing("b")});
        groups.take({summary("a", 5), summary("b", 6)});
        Error missing;
        missing.code = "COORDINATOR_NOT_AVAILABLE";
        groups.list({listing("a")}, {missing});
        QCOMPARE(groups.rows().size(), 2U);
        QCOMPARE(groups.find(GroupId("b"))->totalLag, 6);
        QCOMPARE(groups.find(GroupId("b"))->error, missing);
        QVERIFY(!groups.find(GroupId("a"))->error);
        QCOMPARE(groups.askable().size(), 1U);
        groups.list({listing("a")});
        QVERIFY(groups.find(GroupId("b")) == nullptr);
    }

    void nothingNewIsTheSamePointer()
    {
        GroupList groups;
        groups.list({listing("a")});
        groups.take({summary("a", 5)});
        const auto before = groups.published();
        groups.list({listing("a")});
        groups.take({summary("a", 5)});
        QCOMPARE(groups.published().get(), before.get());
        groups.take({summary("a", 6)});
        QVERIFY(groups.published().get() != before.get());
    }

    void whatWasReadStaysWhileNobodyAnswersAndGoesWhenTheBrokerSaysNo()
    {
        GroupList groups;
        groups.list({listing("a"), listing("b")});
        groups.take({summary("a", 5), summary("b", 6)});
        groups.list({listing("a"), listing("b")});
        groups.take({failure("a", "_TIMED_OUT"), failure("b", "GROUP_AUTHORIZATION_FAILED")});
        const auto rows = groups.published();
        QCOMPARE(rows->at(0).totalLag, 5);
        QCOMPARE(rows->at(0).offsetsReadAt, wall);
        QCOMPARE(rows->at(0).error->code, std::string("_TIMED_OUT"));
        QVERIFY(!rows->at(1).totalLag);
        QCOMPARE(rows->at(1).error->code, std::string("GROUP_AUTHORIZATION_FAILED"));
        groups.endRound();
        QVERIFY(!groups.trends()->at(GroupId("a")).back());
    }

    void trendsKeepThirtySamplesWithUnknownsBetween()
    {
        GroupList groups;
        for (int i = 0; i < 40; ++i) {
            groups.list({listing("a")});
            if (i % 2 == 0)
                groups.take({summary("a", i)});
            groups.endRound();
        }
        const auto &samples = groups.trends()->at(GroupId("a"));
        QCOMPARE(samples.size(), 30U);
        QCOMPARE(samples.at(28), 38);
        QVERIFY(!samples.at(29));
    }

    void namesOfTheOldListingAreRememberedBetweenListings()
    {
        GroupList groups;
        groups.list({listing("b")});
        GroupListing share = listing("a");
        share.error = brokerError("SHARE");
        groups.setOthers({share});
        groups.list({listing("b")});
        QCOMPARE(groups.published()->size(), 2U);
        QCOMPARE(groups.askable().size(), 1U);
        groups.endRound();
        QVERIFY(!groups.trends()->contains(GroupId("a")));
    }

    void aTopicsRecordsAreUnknownWhereABoundIs()
    {
        LogBounds sizes;
        sizes.start = {{{"a", 0}, at(10)}, {{"a", 1}, at(0)}, {{"b", 0}, at(0)}};
        sizes.end = {{{"a", 0}, at(15)}, {{"a", 1}, at(7)}};
        sizes.end[{"b", 0}].error = brokerError("_TIMED_OUT");
        const auto rows = topicRows({topic("b", 1), topic("a", 2)}, sizes, {}, {}, false);
        QCOMPARE(rows.at(0).info.name, std::string("a"));
        QCOMPARE(rows.at(0).records, 12);
        QVERIFY(!rows.at(1).records);
        QVERIFY(!rows.at(1).readersKnown);
    }

    void readersAreThoseAssignedAndThoseWithACommit()
    {
        GroupDescription description;
        description.id = GroupId("assigned");
        description.members.emplace_back();
        description.members.back().assignment = {{"t", 0}};
        const auto rows = topicRows({topic("t", 1), topic("other", 1)}, {}, {summary("commits", 1)},
                                    assignedTopics({description}), true);
        QCOMPARE(rows.at(1).readers,
                 (std::vector<GroupId>{GroupId("assigned"), GroupId("commits")}));
        QVERIFY(rows.at(0).readers.empty());
        QVERIFY(rows.at(0).readersKnown);
    }
};

QTEST_APPLESS_MAIN(TestSessionParts)
#include "tst_sessionparts.moc"
