#include "core/monitor/survey.h"
#include "tests/support/values/fakecluster.h"

#include <QTest>

#include <algorithm>
#include <string>

using namespace redrive;
using namespace redrive::monitor;
using twin::brokerError;
using twin::Call;
using twin::FakeCluster;

namespace {

std::vector<GroupListing> listings(std::initializer_list<const char *> names)
{
    std::vector<GroupListing> result;
    for (const char *each : names) {
        result.emplace_back();
        result.back().id = GroupId(each);
    }
    return result;
}

std::vector<GroupId> ids(int count)
{
    std::vector<GroupId> result;
    for (int i = 0; i < count; ++i)
        result.emplace_back("g" + std::to_string(i));
    return result;
}

/// One client and what its surveys answered.
struct Survey
{
    FakeCluster cluster;
    std::unique_ptr<kafka::ClusterClient> client = cluster.open();
    SurveyOptions options;

    void run()
    {
        while (client->poll(Millis{0}) || !quiet())
            cluster.tick(Millis{10});
    }
    bool quiet()
    {
        cluster.tick(options.timeout);
        return !client->poll(Millis{0});
    }

    std::vector<GroupDetail> detail(std::vector<GroupListing> groups)
    {
        int times = 0;
        std::vector<GroupDetail> result;
        surveyDetail(*client, std::move(groups), options, {}, [&](std::vector<GroupDetail> answer) {
            ++times;
            result = std::move(answer);
        });
        run();
        return times == 1 ? result : std::vector<GroupDetail>{};
    }

    std::vector<GroupSummary> lag(std::vector<GroupListing> groups)
    {
        int times = 0;
        std::vector<GroupSummary> result;
        surveyLag(*client, std::move(groups), options, {}, [&](std::vector<GroupSummary> answer) {
            ++times;
            result = std::move(answer);
        });
        run();
        return times == 1 ? result : std::vector<GroupSummary>{};
    }
};

std::size_t position(const std::vector<std::string> &log, const std::string &prefix)
{
    return static_cast<std::size_t>(
        std::find_if(log.begin(), log.end(),
                     [&](const std::string &line) { return line.starts_with(prefix); }) -
        log.begin());
}

} // namespace

class TestSurvey : public QObject
{
    Q_OBJECT

private slots:
    void commitsComeInTheOrderAskedAndNeverMoreThanTheBoundAreOut()
    {
        Survey survey;
        survey.options.inFlight = 7;
        survey.cluster.setLatency(Millis{5});
        for (int i = 0; i < 50; ++i)
            survey.cluster.put("group g" + std::to_string(i) +
                               " Empty\nt/0 committed=" + std::to_string(i) + " end=100");
        std::vector<std::size_t> heard;
        std::vector<std::vector<GroupOffsets>> answers;
        fetchCommits(
            *survey.client, ids(50), survey.options, [&](std::size_t n) { heard.push_back(n); },
            [&](auto answer) { answers.push_back(std::move(answer)); });
        QVERIFY(answers.empty());
        survey.run();
        QCOMPARE(answers.size(), 1U);
        QCOMPARE(answers.at(0).size(), 50U);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(answers.at(0).at(static_cast<std::size_t>(i)).offsets.at(0).offset, Offset(i));
        QCOMPARE(survey.cluster.mostInFlight(Call::CommittedOffsets), 7U);
        QCOMPARE(heard.size(), 50U);
        QCOMPARE(heard.back(), 50U);
        QVERIFY(std::is_sorted(heard.begin(), heard.end()));
    }

    void nothingToAskIsAnsweredFromPoll()
    {
        Survey survey;
        bool isDone = false;
        fetchCommits(*survey.client, {}, survey.options, {}, [&](auto) { isDone = true; });
        QVERIFY(!isDone);
        survey.run();
        QVERIFY(isDone);
        QVERIFY(survey.detail({}).empty());
    }

    void aPassingErrorIsAskedAgainAndALastingOneIsNot()
    {
        Survey survey;
        survey.cluster.put("group g0 Empty\nt/0 committed=1 end=100");
        survey.cluster.put("group g1 Empty\nt/0 committed=1 end=100");
        survey.cluster.fail(Call::CommittedOffsets, brokerError("NOT_COORDINATOR"), 2, "g0");
        survey.cluster.fail(Call::CommittedOffsets, brokerError("GROUP_AUTHORIZATION_FAILED"), 2,
                            "g1");
        const auto summaries = survey.lag(listings({"g0", "g1"}));
        QCOMPARE(summaries.at(0).totalLag, 99);
        QCOMPARE(summaries.at(1).error->code, std::string("GROUP_AUTHORIZATION_FAILED"));
        QVERIFY(!summaries.at(1).totalLag);
        QCOMPARE(survey.cluster.count(Call::CommittedOffsets), 4U);
    }

    void anErrorThatDoesNotPassIsTheAnswerInTheEnd()
    {
        Survey survey;
        survey.cluster.put("group g0 Empty\nt/0 committed=1 end=100");
        survey.cluster.fail(Call::CommittedOffsets, brokerError("COORDINATOR_LOAD_IN_PROGRESS"),
                            100);
        survey.cluster.fail(Call::DescribeGroups, brokerError("COORDINATOR_LOAD_IN_PROGRESS"), 100,
                            "g0");
        const auto details = survey.detail(listings({"g0"}));
        QCOMPARE(details.at(0).errors.size(), 1U);
        QCOMPARE(details.at(0).errors.at(0).code, std::string("COORDINATOR_LOAD_IN_PROGRESS"));
        QCOMPARE(survey.cluster.count(Call::CommittedOffsets), 3U);
        QCOMPARE(survey.cluster.count(Call::DescribeGroups), 3U);
    }

    void onlyGroupsThatStillLoadAreDescribedAgain()
    {
        Survey survey;
        survey.cluster.put("group a Empty\nt/0 committed=1 end=100");
        survey.cluster.put("group b Empty\nt/0 committed=1 end=100");
        survey.cluster.fail(Call::DescribeGroups, brokerError("COORDINATOR_LOAD_IN_PROGRESS"), 1,
                            "b");
        const auto details = survey.detail(listings({"a", "b"}));
        QCOMPARE(details.at(1).description.state, GroupState::Empty);
        const auto log = survey.cluster.asked();
        QVERIFY(position(log, "describeGroups a b") < position(log, "describeGroups b"));
        QCOMPARE(survey.cluster.count(Call::DescribeGroups), 2U);
    }

    void descriptionsComeInTheOrderAskedAndInPartsOfTheBound()
    {
        Survey survey;
        survey.options.inFlight = 2;
        for (const char *id : {"a", "b", "c"})
            survey.cluster.put("group " + std::string(id) + " Empty");
        std::vector<GroupDescription> answers;
        fetchDescriptions(*survey.client, {GroupId("c"), GroupId("a"), GroupId("b")},
                          survey.options, [&](auto answer) { answers = std::move(answer); });
        survey.run();
        QCOMPARE(survey.cluster.asked(),
                 (std::vector<std::string>{"describeGroups c a", "describeGroups b"}));
        QCOMPARE(answers.size(), 3U);
        QCOMPARE(answers.at(0).id, GroupId("c"));
        QCOMPARE(answers.at(2).id, GroupId("b"));
    }

    void endsAreReadAfterAllCommitsAndStableEndsAfterEnds()
    {
        Survey survey;
        survey.options.inFlight = 1;
        survey.cluster.setLatency(Millis{5});
        for (int i = 0; i < 5; ++i)
            survey.cluster.put("group g" + std::to_string(i) + " Empty\nt/0 committed=1 end=100");
        QCOMPARE(survey.detail(listings({"g0", "g1", "g2", "g3", "g4"})).size(), 5U);
        const auto log = survey.cluster.asked();
        QVERIFY(position(log, "committedOffsets g4") < position(log, "listOffsets start"));
        QVERIFY(position(log, "committedOffsets g4") < position(log, "listOffsets end"));
        QVERIFY(position(log, "listOffsets end") < position(log, "listOffsets stable"));
        QVERIFY(position(log, "listOffsets stable") < log.size());
    }

    void aPartitionOfManyGroupsIsAskedForOnce()
    {
        Survey survey;
        survey.cluster.put("group a Empty\nt/0 committed=1 end=100\nt/1 committed=1 end=50");
        survey.cluster.put("group b Stable\nt/1 committed=2 end=50\nt/2 member=m end=10");
        const auto details = survey.detail(listings({"a", "b"}));
        QCOMPARE(QString::fromStdString(twin::toText(details.at(1))),
                 "t/1 committed=2 lag=48 ok\nt/2 member=m no_commit\n");
        QCOMPARE(survey.cluster.count(Call::ListOffsets), 3U);
        const auto log = survey.cluster.asked();
        QVERIFY(position(log, "listOffsets end t/0 t/1 t/2") < log.size());
    }

    void longListsOfPartitionsAreAskedForInParts()
    {
        Survey survey;
        twin::GroupCase group = twin::groupCase("group g Empty");
        for (int i = 0; i < 4500; ++i) {
            CommittedOffset commit;
            commit.partition = {"t", i};
            commit.offset = Offset(1);
            group.commits.offsets.push_back(commit);
            group.bounds.end[commit.partition].offset = Offset(3);
        }
        survey.cluster.put(group);
        QCOMPARE(survey.lag(listings({"g"})).at(0).totalLag, 9000);
        QCOMPARE(survey.cluster.count(Call::ListOffsets), 3U);
    }

    void theNearestTailsAreReadWithinTheBudgetAndSharedByGroups()
    {
        Survey survey;
        survey.options.tailBudget = 2;
        survey.cluster.put(R"(group a Empty
            t/0 committed=119 end=120 last=118
            t/1 committed=100 end=120 last=-
            t/2 committed=7 start=5 end=10)");
        survey.cluster.put("group b Empty\nt/0 committed=110 end=120 last=118");
        const auto details = survey.detail(listings({"a", "b"}));
        QCOMPARE(QString::fromStdString(twin::toText(details.at(0))),
                 "t/0 committed=119 lag=1 markers_only\n"
                 "t/1 committed=100 lag=20 (the tail of the log was not read: no time, no "
                 "permission or too many)\n"
                 "t/2 committed=7 lag=3 ok\n");
        QCOMPARE(QString::fromStdString(twin::toText(details.at(1))),
                 "t/0 committed=110 lag=10 ok\n");
        QCOMPARE(survey.cluster.asked().back(), std::string("readTails t/0:88-120 t/2:5-10"));
    }

    void aTailThatIsKnownIsReadAgainOnlyWhenItsLogGrew()
    {
        Survey survey;
        survey.options.tails = std::make_shared<TailCache>();
        survey.cluster.put("group a Empty\nt/0 committed=119 end=120 last=118");
        for (int i = 0; i < 3; ++i)
            QCOMPARE(survey.detail(listings({"a"})).at(0).partitions.at(0).condition,
                     Condition::MarkersOnly);
        QCOMPARE(survey.cluster.count(Call::ReadTails), 1U);
        survey.cluster.put("group a Empty\nt/0 committed=119 end=121 last=120");
        QCOMPARE(survey.detail(listings({"a"})).at(0).partitions.at(0).condition, Condition::Ok);
        QCOMPARE(survey.cluster.count(Call::ReadTails), 2U);
    }

    void tailsThatCouldNotBeReadLeaveTheirConditionOpen()
    {
        Survey survey;
        survey.cluster.put("group a Empty\nt/0 committed=119 end=120");
        survey.cluster.fail(Call::ReadTails, brokerError("_TIMED_OUT"));
        const auto details = survey.detail(listings({"a"}));
        QVERIFY(!details.at(0).partitions.at(0).condition);
        QCOMPARE(details.at(0).totalLag, 1);
    }

    void aGroupThatCannotBeDescribedIsPassedThroughAndNotAskedAbout()
    {
        Survey survey;
        survey.cluster.put("group b Empty\nt/0 committed=1 end=100");
        auto groups = listings({"a", "b"});
        groups.at(0).error = brokerError("SHARE");
        const auto details = survey.detail(groups);
        QCOMPARE(details.at(0).errors.at(0).code, std::string("SHARE"));
        QVERIFY(!details.at(0).description.state);
        QCOMPARE(details.at(1).totalLag, 99);
        const auto summaries = survey.lag(groups);
        QCOMPARE(summaries.at(0).listing.error->code, std::string("SHARE"));
        QVERIFY(!summaries.at(0).totalLag);
        QCOMPARE(summaries.at(1).totalLag, 99);
        for (const std::string &line : survey.cluster.asked())
            QVERIFY2(line.find(" a") == std::string::npos, line.c_str());
    }

    void aGroupThatDoesNotExistSaysSo()
    {
        Survey survey;
        const auto details = survey.detail(listings({"nobody"}));
        QCOMPARE(details.at(0).errors.at(0).code, std::string("GROUP_ID_NOT_FOUND"));
        QVERIFY(!details.at(0).totalLag);
    }

    void oneFailingTopicSpoilsNoOther()
    {
        Survey survey;
        survey.cluster.put("group a Empty\nbad/0 committed=1 end=100\ngood/0 committed=1 end=100");
        survey.cluster.fail(Call::ListOffsets, brokerError("LEADER_NOT_AVAILABLE"), 100, "bad");
        const auto summary = survey.lag(listings({"a"})).at(0);
        QCOMPARE(summary.totalLag, 99);
        QCOMPARE(summary.unknownLags, 1U);
        QCOMPARE(summary.error->code, std::string("LEADER_NOT_AVAILABLE"));
    }

    void whenNothingAnswersEverythingIsUnknownAndDoneIsStillCalled()
    {
        Survey survey;
        survey.cluster.put("group a Stable\nt/0 member=m committed=1 end=100");
        survey.cluster.setReach(twin::Reach::Silent);
        const auto details = survey.detail(listings({"a"}));
        QCOMPARE(details.size(), 1U);
        QVERIFY(!details.at(0).totalLag);
        QVERIFY(details.at(0).partitions.empty());
        QCOMPARE(details.at(0).errors.size(), 2U);
        QCOMPARE(survey.lag(listings({"a"})).at(0).error->code, std::string("_TIMED_OUT"));
    }

    void timesOfReadingAreKept()
    {
        Survey survey;
        survey.options.clock = [&] { return survey.cluster.wall(); };
        survey.cluster.setLatency(Millis{10});
        survey.cluster.put("group a Empty\nt/0 committed=1 end=100");
        const WallTime before = survey.cluster.wall();
        const auto detail = survey.detail(listings({"a"})).at(0);
        QVERIFY(detail.commitsReadAt > before);
        QVERIFY(detail.endsReadAt > detail.commitsReadAt);
    }

    void theListingHasWhatOnlyTheOldCallKnows()
    {
        Survey survey;
        survey.cluster.put("group b Stable classic");
        survey.cluster.putUndescribable("a");
        survey.cluster.putUndescribable("c");
        std::optional<Result<kafka::GroupListings>> heard;
        surveyListing(*survey.client, survey.options, [&](auto answer) { heard = answer; });
        survey.run();
        const kafka::GroupListings &all = heard->value();
        QCOMPARE(all.groups.size(), 3U);
        QCOMPARE(all.groups.at(0).id, GroupId("a"));
        QVERIFY(all.groups.at(0).error.has_value());
        QVERIFY(!all.groups.at(1).error);
        QVERIFY(all.errors.empty());
    }

    void theListingOutlivesTheOldCallsFailure()
    {
        Survey survey;
        survey.cluster.put("group b Stable classic");
        survey.cluster.fail(Call::ListUndescribable, brokerError("_TIMED_OUT"));
        std::optional<Result<kafka::GroupListings>> heard;
        surveyListing(*survey.client, survey.options, [&](auto answer) { heard = answer; });
        survey.run();
        QCOMPARE(heard->value().groups.size(), 1U);
        QCOMPARE(heard->value().errors.at(0).code, std::string("_TIMED_OUT"));

        survey.cluster.fail(Call::ListGroups, brokerError("_TRANSPORT"));
        surveyListing(*survey.client, survey.options, [&](auto answer) { heard = answer; });
        survey.run();
        QCOMPARE(heard->error().code, std::string("_TRANSPORT"));
    }

    void aDestroyedClientLeavesNothingBehind()
    {
        Survey survey;
        survey.cluster.put("group a Empty\nt/0 committed=1 end=100");
        bool isDone = false;
        surveyDetail(*survey.client, listings({"a"}), survey.options, {},
                     [&](auto) { isDone = true; });
        survey.client.reset();
        QVERIFY(!isDone);
        QCOMPARE(survey.cluster.alive(), 0);
    }
};

QTEST_APPLESS_MAIN(TestSurvey)
#include "tst_survey.moc"
