#include "core/offsets/armed.h"
#include "tests/unit/offsets/offsetworld.h"

using namespace redrive;
using namespace redrive::offsets;
using Kind = twin::Fate::Kind;
using store::JournalState;

namespace {

/// A world whose group is busy, and what was waited for.
class BusyWorld : public OffsetWorld
{
public:
    BusyWorld()
    {
        cluster->join("billing");
        armed.reading = reading;
        armed.applying = options;
        armed.onLook = [this](const Waiting &waiting) { looks.push_back(waiting); };
        armed.onFire = [this](const Plan &) { ++fired; };
    }

    Result<Applied> wait(const PlanRequest &request, std::stop_token stop = {})
    {
        const Plan shown = planned(request);
        begun = cluster->now();
        return wait(request, shown, std::move(stop));
    }
    Result<Applied> wait(const PlanRequest &request, const Plan &shown, std::stop_token stop = {})
    {
        return applyWhenEmpty(admin, request, shown, *journal, permit, armed, std::move(stop));
    }

    /// Does something as the group is looked at for the n-th time, planning not counted.
    template <typename Do>
    void atLook(std::size_t number, Do what)
    {
        auto before = cluster->hook;
        cluster->hook = [=](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name == "describeGroups" && request.number == number + 1)
                what(twin);
            return before ? before(twin, request) : twin::Fate{};
        };
    }

    ArmedOptions armed;
    std::vector<Waiting> looks;
    int fired = 0;
    MonoTime begun{};
};

} // namespace

class ArmedTest : public QObject
{
    Q_OBJECT

private slots:
    void itFiresWhenTheGroupIsEmptyAndShowsWhoIsInItUntilThen()
    {
        BusyWorld world;
        world.atLook(4, [](twin::GroupTwin &twin) { twin.leave("billing"); });
        const auto applied = world.wait(OffsetWorld::request(to::Exact{Offset(20)}));
        QVERIFY(bool(applied) && applied->state == JournalState::Done);
        QCOMPARE(world.looks.size(), std::size_t{4});
        QCOMPARE(world.looks[0].members.front().clientId, std::string("billing-1"));
        QVERIFY(world.looks[0].state == GroupState::Stable);
        QVERIFY(world.looks[3].members.empty());
        QCOMPARE(world.fired, 1);
    }

    void relativeTimesAreResolvedWhenItFires()
    {
        BusyWorld world;
        WallTime now(Millis(1'795'255'200'000 + 100'000));
        world.reading.wall = world.armed.reading.wall = [&now] { return now; };
        world.atLook(3, [&now](twin::GroupTwin &twin) {
            now += std::chrono::seconds(30);
            twin.leave("billing");
        });
        const auto applied = world.wait(OffsetWorld::request(to::Ago{std::chrono::seconds(50)}));
        QVERIFY(bool(applied));
        QCOMPARE(applied->rows[0].requested, std::optional(Offset(80)));
    }

    void itExpiresWithNothingSent()
    {
        BusyWorld world;
        world.armed.expires = std::chrono::minutes(30);
        const auto expired = world.wait(OffsetWorld::request(to::Earliest{}));
        QCOMPARE(expired.error().code, std::string("EXPIRED"));
        QVERIFY(expired.error().kind == Error::Kind::Refused);
        QCOMPARE(world.writes(), std::size_t{0});
        const auto took = world.cluster->now() - world.begun;
        QVERIFY(took >= std::chrono::minutes(30) && took < std::chrono::minutes(31));
    }

    void itIsCancelled()
    {
        BusyWorld world;
        std::stop_source stop;
        world.atLook(3, [&stop](twin::GroupTwin &) { stop.request_stop(); });
        const auto cancelled = world.wait(OffsetWorld::request(to::Earliest{}), stop.get_token());
        QCOMPARE(cancelled.error().code, std::string("_CANCELLED"));
        QCOMPARE(world.writes(), std::size_t{0});
    }

    void aBrokerThatIsAwayIsSaidAndWaitedThrough()
    {
        BusyWorld world;
        world.cluster->hook = [](twin::GroupTwin &, const twin::TwinRequest &request) {
            const bool isAway = request.number == 3 || request.number == 4;
            return request.name == "describeGroups" && isAway ? fate(Kind::LostBefore)
                                                              : twin::Fate{};
        };
        world.atLook(5, [](twin::GroupTwin &twin) { twin.leave("billing"); });
        QVERIFY(bool(world.wait(OffsetWorld::request(to::Earliest{}))));
        QVERIFY(!world.looks[0].problem);
        QCOMPARE(world.looks[1].problem->code, std::string("_TIMED_OUT"));
        QVERIFY(!world.looks[3].problem);
    }

    void brokersThatGoAwayAsItFiresAreWaitedForToo()
    {
        BusyWorld world;
        world.atLook(2, [](twin::GroupTwin &twin) {
            twin.leave("billing");
            twin.hook = only("describeCluster", 2, fate(Kind::LostBefore));
        });
        QVERIFY(bool(world.wait(OffsetWorld::request(to::Earliest{}))));
    }

    void aGroupThatFillsAgainBeforeTheWriteIsWaitedForAgain()
    {
        BusyWorld world;
        bool joined = false;
        world.cluster->hook = [&](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name == "glance" && request.number == 2) { // planned anew
                twin.join("billing");
                joined = true;
            }
            if (request.name == "describeGroups" && request.number == 8)
                twin.leave("billing");
            return twin::Fate{};
        };
        world.atLook(2, [](twin::GroupTwin &twin) { twin.leave("billing"); });
        const auto applied = world.wait(OffsetWorld::request(to::Exact{Offset(20)}));
        QVERIFY(joined);
        QVERIFY(bool(applied) && applied->state == JournalState::Done);
        QCOMPARE(world.fired, 2);
        QCOMPARE(world.journal->entries({})->size(), std::size_t{1});
    }

    void aMemberThatTheBrokerPrefersToTheWriteIsWaitedForAgain()
    {
        BusyWorld world;
        world.cluster->hook = [&](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name == "alterOffsets" && request.number == 1)
                twin.join("billing");
            if (request.name == "describeGroups" && request.number == 8)
                twin.leave("billing");
            return twin::Fate{};
        };
        world.atLook(2, [](twin::GroupTwin &twin) { twin.leave("billing"); });
        const auto applied = world.wait(OffsetWorld::request(to::Exact{Offset(20)}));
        QVERIFY(bool(applied) && applied->state == JournalState::Done);
        QCOMPARE(applied->journal, std::string("j2"));
        QVERIFY((*world.journal->entry("j1"))->state == JournalState::Failed);
    }

    void onlyWhatWasShownIsTouched()
    {
        BusyWorld world;
        const PlanRequest request = OffsetWorld::request(to::Exact{Offset(20)});
        const Plan shown = without(world.planned(request), {{"orders", 1}});
        world.atLook(2, [](twin::GroupTwin &twin) {
            twin.topics["orders"].partitions[3] = {.start = 0, .end = 50};
            twin.leave("billing");
        });
        const auto applied = world.wait(request, shown);
        QVERIFY(bool(applied));
        QCOMPARE(applied->rows.size(), std::size_t{2});
        QCOMPARE(world.commits().at({"orders", 1}).offset, std::optional(Offset(120)));
        QVERIFY(!world.commits().contains({"orders", 3}));
    }

    void aPlanThatHasErrorsNowIsRefused()
    {
        BusyWorld world;
        world.atLook(2, [](twin::GroupTwin &twin) {
            twin.topics["orders"].partitions[1].start = 50;
            twin.leave("billing");
        });
        const auto refused = world.wait(OffsetWorld::request(to::Exact{Offset(20)}));
        QCOMPARE(refused.error().code, std::string("PLAN_HAS_ERRORS"));
        QCOMPARE(world.writes(), std::size_t{0});
        QCOMPARE(world.fired, 0);
    }

    void aTopicThatWasMadeAgainInTheMeantimeIsRefused()
    {
        BusyWorld world;
        world.atLook(2, [](twin::GroupTwin &twin) {
            twin.topics["orders"].id = "orders-2";
            twin.leave("billing");
        });
        const auto refused = world.wait(OffsetWorld::request(to::Exact{Offset(20)}));
        QCOMPARE(refused.error().code, std::string("PLAN_OUT_OF_DATE"));
        QCOMPARE(world.writes(), std::size_t{0});
    }

    void aWornClientIsReplaced()
    {
        BusyWorld world;
        twin::FakeGroupAdmin fresh(world.cluster);
        int renewed = 0;
        world.armed.renew = [&]() -> kafka::GroupAdmin * {
            ++renewed;
            world.cluster->isWorn = false;
            return &fresh;
        };
        world.atLook(2, [](twin::GroupTwin &twin) { twin.isWorn = true; });
        world.atLook(4, [](twin::GroupTwin &twin) { twin.leave("billing"); });
        QVERIFY(bool(world.wait(OffsetWorld::request(to::Earliest{}))));
        QCOMPARE(renewed, 1);
    }
};

QTEST_GUILESS_MAIN(ArmedTest)
#include "tst_armed.moc"
