#include "sessionsfixture.h"
#include "ui/bridge/background.h"
#include "ui/bridge/sessionseek.h"

#include <QSignalSpy>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using store::JournalOutcome;

namespace {

offsets::PlanRow rowTo(const std::string &topic, std::int32_t partition, std::int64_t target)
{
    offsets::PlanRow row;
    row.partition = {topic, partition};
    row.current.offset = Offset(100);
    row.target.offset = Offset(target);
    return row;
}

offsets::Plan planOf(const std::string &group, std::vector<offsets::PlanRow> rows)
{
    offsets::Plan plan;
    plan.group = GroupId(group);
    plan.action = "reset";
    plan.rows = std::move(rows);
    return plan;
}

consumer::SessionSnapshot owning(const std::string &group,
                                 const std::vector<TopicPartition> &partitions)
{
    auto snapshot = runningSnapshot(group);
    for (const TopicPartition &partition : partitions)
        snapshot.lanes.push_back(laneOf(partition.topic, partition.partition, 100, 500));
    return snapshot;
}

/// Sessions that are twins, looked at only when a test says so.
struct World
{
    std::shared_ptr<TwinRunner> runner = std::make_shared<TwinRunner>();
    std::unique_ptr<ConsumerSessions> sessions = std::make_unique<ConsumerSessions>(runner);

    std::pair<int, std::shared_ptr<TwinState>> start(consumer::SessionSnapshot snapshot)
    {
        auto twin = runner->next();
        const std::string group = snapshot.group.value();
        twin->show(std::move(snapshot));
        const int id = sessions->start(requestOf(group));
        const auto seen = [this, id] {
            sessions->refresh();
            return sessions->find(id)->snapshot != nullptr;
        };
        [&] { QTRY_VERIFY(seen()); }();
        return {id, twin};
    }
    SeekPlan plan(std::vector<offsets::PlanRow> rows) const
    {
        return seekPlanOf(*sessions, planOf("billing", std::move(rows)));
    }
};

told::Steered moved(std::int32_t partition, std::int64_t to)
{
    return {.partition = {"orders", partition},
            .action = "seek",
            .from = Offset(112),
            .to = Offset(to),
            .error = {}};
}

told::Committed committed(std::int32_t partition, std::int64_t next)
{
    return {.positions = {{{"orders", partition}, Offset(next), std::nullopt}}, .error = {}};
}

} // namespace

class SessionSeekTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void onlySessionsThatLiveInTheGroupAreInIt()
    {
        World world;
        const int first = world.start(owning("billing", {{"orders", 0}})).first;
        world.start(owning("audit", {{"orders", 0}}));
        const auto [gone, twin] = world.start(owning("billing", {{"orders", 1}}));
        QCOMPARE(sessionsIn(*world.sessions, GroupId("billing")), (std::vector{first, gone}));
        twin->end(consumer::SessionState::Stopped);
        world.sessions->refresh();
        QCOMPARE(sessionsIn(*world.sessions, GroupId("billing")), std::vector{first});
        QVERIFY(sessionsIn(*world.sessions, GroupId("elsewhere")).empty());
    }

    void eachPartitionIsMovedByTheSessionThatOwnsIt()
    {
        World world;
        const auto [first, one] = world.start(owning("billing", {{"orders", 0}, {"orders", 1}}));
        const auto [second, two] = world.start(owning("billing", {{"orders", 2}}));
        const SeekPlan plan = world.plan({rowTo("orders", 0, 7), rowTo("orders", 2, 9)});
        QVERIFY2(plan.isPossible(), qPrintable(plan.whyNot));
        QCOMPARE(plan.steps,
                 (std::vector<SeekStep>{{first, {"orders", 0}, Offset(112), Offset(7)},
                                        {second, {"orders", 2}, Offset(112), Offset(9)}}));
        const SessionSeek seek(world.sessions.get(), plan);
        QCOMPARE(one->ordered(), std::vector<std::string>{"seek orders/0 7"});
        QCOMPARE(two->ordered(), std::vector<std::string>{"seek orders/2 9"});
        QVERIFY(!seek.isOver());
        QCOMPARE(seek.state(), store::JournalState::Asked);
    }

    void whatCannotBeDoneBySeekingSaysWhyAndHasNoSteps()
    {
        World world;
        QVERIFY(
            world.plan({rowTo("orders", 0, 7)}).whyNot.startsWith(u"No session of this window"_s));
        const auto [id, twin] = world.start(owning("billing", {{"orders", 0}, {"orders", 1}}));

        auto foreign = world.plan({rowTo("orders", 0, 7), rowTo("orders", 5, 7)});
        QVERIFY(foreign.whyNot.startsWith(u"orders/5 is not read by a session of this window"_s));
        QVERIFY(foreign.steps.empty());

        auto row = rowTo("orders", 0, 7);
        row.target.offset.reset();
        QVERIFY(world.plan({row}).whyNot.startsWith(u"The commit of orders/0 would be deleted"_s));

        row.error = brokerError("planning", "no record at or after that time", "NO_RECORD");
        const QString both = world.plan({row, rowTo("orders", 9, 1), rowTo("orders", 8, 1)}).whyNot;
        QVERIFY(both.contains(u"no record at or after that time"_s));
        QVERIFY(both.endsWith(u"2 more partitions stand in the way, too."_s));

        auto starting = owning("billing", {{"orders", 0}});
        starting.lanes.front().state = consumer::LaneState::Starting;
        twin->show(starting);
        world.sessions->refresh();
        QVERIFY(world.plan({rowTo("orders", 0, 7)}).whyNot.contains(u"has not begun to read"_s));

        twin->endsWhenStopped = false;
        world.sessions->stop(id);
        QVERIFY(world.plan({rowTo("orders", 0, 7)}).whyNot.contains(u"is ending"_s));
        twin->end(consumer::SessionState::Stopped);
    }

    void aRowIsConfirmedOnlyByACommitThatWasAcknowledgedAfterTheMove()
    {
        World world;
        const auto twin = world.start(owning("billing", {{"orders", 0}})).second;
        twin->tell(committed(0, 90), noon() - Millis(2000));
        SessionSeek seek(world.sessions.get(), world.plan({rowTo("orders", 0, 7)}));
        QSignalSpy over(&seek, &SessionSeek::over);

        world.sessions->refresh();
        QVERIFY(!seek.rows().front().outcome);
        twin->tell(moved(0, 7), noon());
        world.sessions->refresh();
        QVERIFY(!seek.rows().front().outcome);

        auto failed = committed(0, 7);
        failed.error = brokerError("committing", "Broker: Not coordinator", "NOT_COORDINATOR");
        twin->tell(failed, noon() + Millis(100));
        world.sessions->refresh();
        QVERIFY(!seek.isOver());
        QVERIFY(seek.rows().front().error->find("Not coordinator") != std::string::npos);

        twin->tell(committed(0, 8), noon() + Millis(900));
        world.sessions->refresh();
        QCOMPARE(over.count(), 1);
        const store::JournalRow row = seek.rows().front();
        QCOMPARE(row.outcome, std::optional(JournalOutcome::Confirmed));
        QCOMPARE(row.before, std::optional(Offset(100)));
        QCOMPARE(row.requested, std::optional(Offset(7)));
        QCOMPARE(row.after, std::optional(Offset(8)));
        QVERIFY(!row.error);
        QCOMPARE(seek.state(), store::JournalState::Done);
    }

    void anAnswerToAnEarlierSeekIsNotTakenForThisOne()
    {
        World world;
        const auto twin = world.start(owning("billing", {{"orders", 0}})).second;
        twin->tell(moved(0, 3), noon());
        world.sessions->refresh();
        const SessionSeek seek(world.sessions.get(), world.plan({rowTo("orders", 0, 7)}));
        twin->tell(committed(0, 3), noon() + Millis(100));
        world.sessions->refresh();
        QVERIFY(!seek.rows().front().outcome);
    }

    void aRefusalIsNotAppliedInTheSessionsWords()
    {
        World world;
        const auto twin = world.start(owning("billing", {{"orders", 0}, {"orders", 1}})).second;
        SessionSeek seek(world.sessions.get(),
                         world.plan({rowTo("orders", 0, 7), rowTo("orders", 1, 7)}));
        auto refused = moved(1, 7);
        refused.error = Error{.kind = Error::Kind::Refused,
                              .code = "SQLITE_FULL",
                              .message = "database or disk is full",
                              .attempted = "writing to the journal",
                              .retriable = {}};
        twin->tell(refused);
        twin->tell(moved(0, 7));
        twin->tell(committed(0, 7), noon() + Millis(1));
        world.sessions->refresh();
        QVERIFY(seek.isOver());
        QCOMPARE(seek.rows()[1].outcome, std::optional(JournalOutcome::NotApplied));
        QVERIFY(seek.rows()[1].error->find("database or disk is full") != std::string::npos);
        QCOMPARE(seek.state(), store::JournalState::Partial);
    }

    void aPartitionThatGoesBeforeItsAnswerIsUnknown()
    {
        World world;
        const auto twin = world.start(owning("billing", {{"orders", 0}, {"orders", 1}})).second;
        SessionSeek seek(world.sessions.get(),
                         world.plan({rowTo("orders", 0, 7), rowTo("orders", 1, 7)}));
        twin->tell(moved(1, 7));
        twin->show(owning("billing", {{"orders", 1}}));
        world.sessions->refresh();
        QCOMPARE(seek.rows()[0].outcome, std::optional(JournalOutcome::Unknown));
        QVERIFY(seek.rows()[0].error->find("went to another member") != std::string::npos);
        QVERIFY(!seek.isOver());
        twin->end(consumer::SessionState::Killed);
        world.sessions->refresh();
        QVERIFY(seek.isOver());
        QVERIFY(seek.rows()[1].error->find("ended before a commit") != std::string::npos);
        QCOMPARE(seek.state(), store::JournalState::Unknown);
    }

    void theClusterMayBeClosedMeanwhile()
    {
        World world;
        world.start(owning("billing", {{"orders", 0}}));
        SessionSeek seek(world.sessions.get(), world.plan({rowTo("orders", 0, 7)}));
        QSignalSpy over(&seek, &SessionSeek::over);
        world.sessions.reset();
        QCOMPARE(over.count(), 1);
        QCOMPARE(seek.rows().front().outcome, std::optional(JournalOutcome::Unknown));
    }
};

QTEST_MAIN(SessionSeekTest)
#include "tst_session_seek.moc"
