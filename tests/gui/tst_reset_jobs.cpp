#include "resetfixture.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetwords.h"

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

offsets::PlanRequest earliest(const std::string &topic = "orders")
{
    offsets::PlanRequest request;
    request.group = GroupId("billing");
    request.scope.topics = {{topic, {}}};
    request.target = offsets::to::Earliest{};
    return request;
}

struct Jobs
{
    std::shared_ptr<TwinOffsets> runner = std::make_shared<TwinOffsets>(factsOf("billing", 2));
    std::unique_ptr<OffsetJobs> jobs = std::make_unique<OffsetJobs>(runner);
    int id = jobs->begin(GroupId("billing"));
    OffsetTwin &twin = *runner->twins.front();

    JobState state() const { return jobs->find(id)->snapshot->state; }
    const offsets::Plan &planned()
    {
        jobs->plan(id, earliest());
        [&] { QTRY_COMPARE(state(), JobState::Planned); }();
        return *jobs->find(id)->snapshot->plan;
    }
};

} // namespace

class ResetJobsTest : public QObject
{
    Q_OBJECT
private slots:
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void whatIsSaidOfAnEarlierRequestIsDropped()
    {
        Jobs fixture;
        fixture.twin.holds = true;
        fixture.jobs->plan(fixture.id, earliest("payments"));
        fixture.jobs->plan(fixture.id, earliest("orders"));
        fixture.twin.say(fixture.twin.snapshotOf(JobState::Planned, earliest("payments")));
        QCoreApplication::processEvents();
        QCOMPARE(fixture.state(), JobState::Planning);
        fixture.twin.say(fixture.twin.snapshotOf(JobState::Planned, earliest("orders")));
        QTRY_COMPARE(fixture.state(), JobState::Planned);
    }

    void aPlanThatArrivesAfterItWasAppliedDoesNotInviteToApplyItAgain()
    {
        Jobs fixture;
        const offsets::Plan plan = fixture.planned();
        fixture.jobs->apply(fixture.id, plan, {.yes = true, .typedName = {}}, "why", false);
        QCOMPARE(fixture.state(), JobState::Applying);
        fixture.twin.say(fixture.twin.snapshotOf(JobState::Planned, earliest()));
        QCoreApplication::processEvents();
        QCOMPARE(fixture.state(), JobState::Applying);
        fixture.jobs->apply(fixture.id, plan, {.yes = true, .typedName = {}}, "twice", false);
        fixture.jobs->plan(fixture.id, earliest("payments"));
        QCOMPARE(fixture.twin.applied.size(), std::size_t(1));
        QCOMPARE(fixture.twin.planned.size(), std::size_t(1));
        fixture.twin.say(fixture.twin.doneOf());
        QTRY_COMPARE(fixture.state(), JobState::Done);
    }

    void aPlanThatNobodyShowsEndsAndOneThatWaitsGoesOn()
    {
        Jobs fixture;
        const int other = fixture.jobs->begin(GroupId("audit"));
        fixture.jobs->leave(other);
        QVERIFY(!fixture.jobs->find(other));
        QTRY_VERIFY(fixture.runner->twins[1]->destroyed);

        fixture.jobs->arm(fixture.id, fixture.planned(), {.yes = true, .typedName = {}}, "",
                          Millis(60'000));
        fixture.jobs->leave(fixture.id);
        QVERIFY(fixture.jobs->find(fixture.id));
        QCOMPARE(fixture.jobs->armed(), std::size_t(1));
        QCOMPARE(fixture.jobs->ofGroup(GroupId("billing"))->id, fixture.id);
        fixture.twin.say(fixture.twin.doneOf());
        QTRY_COMPARE(fixture.state(), JobState::Done);
        QVERIFY(fixture.jobs->ofGroup(GroupId("billing"))); // until somebody has looked
        fixture.jobs->attend(fixture.id);
        fixture.jobs->leave(fixture.id);
        QVERIFY(!fixture.jobs->find(fixture.id));
    }

    void whatWaitsIsCancelledWhenItsWindowGoes()
    {
        Jobs fixture;
        fixture.jobs->arm(fixture.id, fixture.planned(), {.yes = true, .typedName = {}}, "",
                          Millis(60'000));
        const auto twin = fixture.runner->twins.front();
        fixture.jobs.reset();
        QCOMPARE(twin->orders.back(), std::string("cancel"));
        QTRY_VERIFY(twin->destroyed);
        QVERIFY(!twin->wakeUp);
    }

    void theWordsSayWhoIsLeftAndForHowLong()
    {
        OffsetTwin twin;
        twin.planned.push_back(earliest());
        twin.applied.emplace_back();
        auto waiting = waitingOf(twin, 5);
        waiting.expires = noon() + Millis(61'000);
        QCOMPARE(jobText(waiting, noon()),
                 u"5 members left (billing-1, billing-2, billing-3, …) · expires in 1 min"_s);
        waiting.waiting->members.resize(1);
        QVERIFY(jobText(waiting, noon()).startsWith(u"1 member left (billing-1)"_s));
        waiting.waiting->problem = brokerError("describing group billing", "Not coordinator", "X");
        QVERIFY(jobText(waiting, noon()).contains(u"Not coordinator"_s));
        QVERIFY(outcomeInWords(std::vector<store::JournalRow>(3)).contains(u"3 UNKNOWN"_s));
        QCOMPARE(targetText(offsets::to::Shift{-100}, TimeZone::Utc), u"100 back"_s);
    }

    void whyNotNamesTheFirstThingInTheWay()
    {
        OffsetTwin twin;
        twin.facts = factsOf("billing", 2);
        offsets::Plan plan = twin.make(earliest());
        ResetState state;
        state.job = JobState::Planned;
        state.group = GroupId("billing");
        QVERIFY(whyNotApply(state).contains(u"no plan yet"_s));
        state.plan = &plan;
        QVERIFY(!whyNotApply(state).isEmpty());
        state.isCurrent = true;
        QCOMPARE(whyNotApply(state), QString());
        QVERIFY(whyNotWait(state).contains(u"empty already"_s));
        state.policy.mode = kafka::AccessMode::ReadOnly;
        QVERIFY(whyNotApply(state).contains(u"read-only"_s));
        state.policy.mode = kafka::AccessMode::Confirm;
        state.typedName = u"billin"_s;
        QVERIFY(whyNotApply(state).contains(u"name"_s));
        state.typedName = u"billing"_s;
        QCOMPARE(whyNotApply(state), QString());
        state.hasOwnSession = true;
        QVERIFY(whyNotApply(state).contains(u"session"_s));
        state.hasOwnSession = false;
        plan.moving = {{"orders", 0}};
        QVERIFY(whyNotApply(state).contains(u"Commits move"_s));
        state.evenIfMoving = true;
        QCOMPARE(whyNotApply(state), QString());
        plan.moving.clear();
        plan.state = GroupState::Stable;
        plan.members = {memberOf("billing-1", {{"orders", 0}})};
        QVERIFY(!whyNotApply(state).isEmpty());
        QCOMPARE(whyNotWait(state), QString());
        plan.rows[0].error = brokerError("planning", "gone", "X");
        QVERIFY(whyNotWait(state).contains(u"decision"_s));
    }
};

QTEST_MAIN(ResetJobsTest)
#include "tst_reset_jobs.moc"
