#include "tests/unit/offsets/offsetworld.h"

using namespace redrive;
using namespace redrive::offsets;

class PlannerTest : public QObject
{
    Q_OBJECT

private slots:
    void aPlanIsReadInFewRoundTrips()
    {
        OffsetWorld world;
        const MonoTime begun = world.cluster->now();
        const Plan planned = world.planned(to::Time{WallTime(Millis(1'795'255'220'000))});
        QCOMPARE(planned.rows.size(), std::size_t{3});
        QVERIFY(!planned.rows.front().error);
        QCOMPARE(planned.rows.front().target.offset, std::optional(Offset(20)));
        QVERIFY(planned.rows.front().next.has_value());
        QVERIFY(world.cluster->now() - begun <= 3 * world.cluster->latency);
    }

    void aPlanIsMadeAppliedAndReadBackInAtMostEightRoundTrips()
    {
        OffsetWorld world;
        const MonoTime begun = world.cluster->now();
        PlanRequest all = OffsetWorld::request(to::Earliest{});
        all.scope = {.topics = {}, .allTopics = true};
        const auto applied = world.applied(world.planned(all));
        QVERIFY(bool(applied));
        QCOMPARE(inShort(applied->rows), std::string("CONFIRMED 0, CONFIRMED 0, CONFIRMED 0"));
        QVERIFY(world.cluster->now() - begun <= 8 * world.cluster->latency);
    }

    void topicsThatOnlyTheCommitsNameAreLookedAtToo()
    {
        OffsetWorld world;
        world.cluster->topics["payments"] = {.id = "p", .partitions = {{0, {0, 9}}}};
        world.cluster->commit("billing", {"payments", 0}, 4);
        PlanRequest all = OffsetWorld::request(to::Latest{});
        all.scope = {.topics = {}, .allTopics = true};
        const Plan planned = world.planned(all);
        QCOMPARE(planned.rows.size(), std::size_t{4});
        QCOMPARE(planned.topicIds.at("payments"), std::string("p"));
        QCOMPARE(planned.rows.back().target.offset, std::optional(Offset(9)));
    }

    void aPlanGrowsBeforeTheEyesOfTheOneWhoWaits()
    {
        OffsetWorld world;
        std::vector<Plan> seen;
        world.reading.onProgress = [&](const Plan &known) { seen.push_back(known); };
        const Plan planned = world.planned(to::Earliest{});
        QCOMPARE(seen.size(), std::size_t{3});
        QCOMPARE(seen[0].rows.size(), std::size_t{3});
        QVERIFY(!seen[0].rows[0].target.offset);
        QVERIFY(seen[1].rows[0].target.offset && !seen[1].rows[0].next);
        QVERIFY(seen[2] == planned && planned.rows[0].next);
    }

    void commitsThatMoveInAGroupThatLooksEmptyAreSeen()
    {
        OffsetWorld world;
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name == "committedOffsets" && request.number == 2)
                twin.commit("billing", {"orders", 1}, 125);
            return twin::Fate{};
        };
        const Plan planned = world.planned(to::Earliest{});
        QCOMPARE(planned.moving.size(), std::size_t{1});
        QCOMPARE(planned.moving.front().partition, 1);
    }

    void aLogThatGrowsWhileItIsReadIsNoOpenTransaction()
    {
        OffsetWorld world;
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            auto &stable = twin.topics["orders"].partitions[0].stable;
            if (request.name == "listOffsets")
                stable = request.number <= 3 ? std::optional<std::int64_t>(140) : std::nullopt;
            return twin::Fate{};
        };
        const Plan planned = world.planned(to::Latest{});
        QVERIFY(!planned.rows[0].error);
        QCOMPARE(planned.rows[0].target.offset, std::optional(Offset(150)));
    }

    void aGroupWithMembersIsExpectedToMove()
    {
        OffsetWorld world;
        world.cluster->join("billing");
        const Plan planned = world.planned(to::Earliest{});
        QCOMPARE(world.cluster->count("committedOffsets"), std::size_t{1});
        QVERIFY(planned.moving.empty());
        QCOMPARE(planned.members.size(), std::size_t{1});
    }

    void aTimeAgoIsCountedBackFromTheClock()
    {
        OffsetWorld world;
        const WallTime record(Millis(1'795'255'200'000 + 100'000));
        world.reading.wall = [record] { return record + Millis(60'000); };
        const Plan planned = world.planned(to::Ago{Millis(60'000)});
        QCOMPARE(planned.rows.front().target.offset, std::optional(Offset(100)));
    }

    void withoutABrokerThereIsNoPlan()
    {
        OffsetWorld world;
        world.cluster->latency = Millis(60'000);
        const auto failed =
            plan(world.admin, OffsetWorld::request(to::Earliest{}), world.reading, {});
        QVERIFY(!failed);
        QVERIFY(failed.error().kind == Error::Kind::Timeout);
    }

    void aPlanningCanBeCancelledAtEachOfItsRequests_data()
    {
        QTest::addColumn<QString>("request");
        for (const char *request :
             {"describeCluster", "committedOffsets", "listOffsets", "offsetsForTimes", "glance"})
            QTest::newRow(request) << request;
    }
    void aPlanningCanBeCancelledAtEachOfItsRequests()
    {
        QFETCH(QString, request);
        OffsetWorld world;
        std::stop_source stop;
        world.cluster->hook = [&](twin::GroupTwin &, const twin::TwinRequest &asked) {
            if (asked.name == request.toStdString())
                stop.request_stop();
            return twin::Fate{};
        };
        const auto cancelled =
            plan(world.admin, OffsetWorld::request(to::Time{WallTime(Millis(1))}), world.reading,
                 stop.get_token());
        QVERIFY(!cancelled);
        QCOMPARE(cancelled.error().code, std::string("_CANCELLED"));
        world.admin.poll(Millis(1000)); // what is still under way finds nobody
    }

    void aPartitionThatCannotBeReadKeepsItsErrorToItself()
    {
        OffsetWorld world;
        world.cluster->topics["orders"].partitions.erase(2);
        PlanRequest named = OffsetWorld::request(to::Earliest{}, {0, 2});
        const Plan planned = world.planned(named);
        QVERIFY(!planned.rows[0].error);
        QVERIFY(planned.rows[1].error.has_value());
    }
};

QTEST_GUILESS_MAIN(PlannerTest)
#include "tst_planner.moc"
