#include "core/offsets/grouplock.h"
#include "core/offsets/readback.h"
#include "tests/unit/offsets/offsetworld.h"

using namespace redrive;
using namespace redrive::offsets;
using Kind = twin::Fate::Kind;
using store::JournalState;

namespace {

CommitImage at(std::int64_t offset, std::optional<std::int32_t> epoch = {},
               std::string metadata = {})
{
    return {.offset = Offset(offset), .leaderEpoch = epoch, .metadata = std::move(metadata)};
}

} // namespace

class ApplyTest : public QObject
{
    Q_OBJECT

private slots:
    void whatWasAskedIsWrittenReadBackAndJournalled()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        const auto applied = world.applied(planned);
        QVERIFY(bool(applied));
        QCOMPARE(applied->journal, std::string("j1"));
        QCOMPARE(inShort(applied->rows), std::string("CONFIRMED 20, CONFIRMED 20, CONFIRMED 20"));
        QVERIFY(applied->state == JournalState::Done && !applied->notRecorded);
        const auto entry = **world.journal->entry("j1");
        QVERIFY(entry.state == JournalState::Done && entry.rows == applied->rows);
        QCOMPARE(entry.plan, std::optional(planned.hash));
        QCOMPARE(entry.user + "/" + entry.reason + "/" + entry.action,
                 std::string("ada/bad deploy/reset"));
        QCOMPARE(entry.topicIds.at("orders"), std::string("orders-1"));
        QCOMPARE(world.commits().at({"orders", 1}).offset, std::optional(Offset(20)));
    }

    void theBeforeImageIsOnTheDiskBeforeAnythingIsSent()
    {
        OffsetWorld world;
        world.cluster->group("billing").commits[{"orders", 0}] = at(120, 4, "by hand");
        const Plan planned = world.planned(to::Earliest{});
        world.options.failPoint = [&](const char *place) {
            if (std::string(place) != "begun")
                return;
            QCOMPARE(world.writes(), std::size_t{0});
            const auto entry = **world.journal->entry("j1");
            QVERIFY(entry.state == JournalState::Begun);
            QVERIFY(beforeOf(entry.rows[0]) == at(120, 4, "by hand"));
            QCOMPARE(entry.rows[0].requested, std::optional(Offset(0)));
        };
        QVERIFY(bool(world.applied(planned)));
        QCOMPARE(world.writes(), std::size_t{1});
    }

    void aGroupThatIsNotEmptyIsRefusedWithWhoIsInIt()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        world.cluster->join("billing");
        const auto refused = world.applied(planned);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("GROUP_NOT_EMPTY"));
        QVERIFY(refused.error().message.find("Stable with 1 member: billing-1 at /10.0.0.5") !=
                std::string::npos);
        QCOMPARE(world.writes(), std::size_t{0});
        QVERIFY(world.journal->entries({})->empty());
    }

    void aStateThatCannotBeToldIsNotTakenForEmpty()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        world.cluster->group("billing").state.reset();
        const auto refused = world.applied(planned);
        QCOMPARE(refused.error().code, std::string("GROUP_NOT_EMPTY"));
        QCOMPARE(world.writes(), std::size_t{0});
    }

    void aStalePlanIsRefusedAndNothingIsSent_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("said");
        QTest::newRow("F41: moved back by somebody") << "back"
                                                     << "committed was 120, and is 7 now";
        QTest::newRow("F41: moved on by somebody") << "on"
                                                   << "committed was 120, and is 130 now";
        QTest::newRow("F42: the log start passed the target") << "start"
                                                              << "log start";
        QTest::newRow("the topic was made again") << "topic"
                                                  << "deleted and made again";
        QTest::newRow("the topic is gone") << "gone"
                                           << "is gone";
        QTest::newRow("another cluster") << "cluster"
                                         << "this is cluster";
        QTest::newRow("committed with other metadata") << "metadata"
                                                       << "metadata";
    }
    void aStalePlanIsRefusedAndNothingIsSent()
    {
        QFETCH(QString, what);
        QFETCH(QString, said);
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        if (what == "back")
            world.cluster->commit("billing", {"orders", 1}, 7);
        else if (what == "on")
            world.cluster->commit("billing", {"orders", 1}, 130);
        else if (what == "start")
            world.cluster->topics["orders"].partitions[2].start = 30;
        else if (what == "topic")
            world.cluster->topics["orders"].id = "orders-2";
        else if (what == "gone")
            world.cluster->topics.erase("orders");
        else if (what == "cluster")
            world.cluster->clusterId = "other";
        else
            world.cluster->group("billing").commits[{"orders", 0}] = at(120, {}, "x");
        const auto refused = world.applied(planned);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("PLAN_OUT_OF_DATE"));
        QVERIFY2(refused.error().message.find(said.toStdString()) != std::string::npos,
                 refused.error().message.c_str());
        QCOMPARE(world.writes(), std::size_t{0});
        QVERIFY(world.journal->entries({})->empty());
    }

    void aGrownLogIsNoDifference()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        world.cluster->topics["orders"].partitions[2].end = 9000;
        QVERIFY(bool(world.applied(planned)));
    }

    void commitsThatMoveInAnEmptyGroupAreRefusedUnlessAllowed()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        std::int64_t next = 121;
        world.cluster->hook = [&](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name == "committedOffsets" && twin.count("alterOffsets") == 0)
                twin.commit("billing", {"orders", 0}, next++);
            return twin::Fate{};
        };
        const auto refused = world.applied(planned);
        QCOMPARE(refused.error().code, std::string("COMMITS_MOVE"));
        QCOMPARE(world.writes(), std::size_t{0});

        world.options.evenIfMoving = true;
        const auto applied = world.applied(planned);
        QVERIFY(bool(applied));
        QVERIFY(applied->rows[0].before > Offset(121)); // what was there then, not what was planned
        QVERIFY(applied->state == JournalState::Done);
    }

    void commitsThatMovedDuringThePlanningAreNotForgotten()
    {
        OffsetWorld world;
        Plan planned = world.planned(to::Earliest{});
        planned.moving = {{"orders", 0}};
        QCOMPARE(world.applied(planned).error().code, std::string("COMMITS_MOVE"));
        world.options.evenIfMoving = true;
        QVERIFY(bool(world.applied(planned)));
    }

    void toAllowMovingCommitsAllowsNothingElse()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        world.cluster->commit("billing", {"orders", 1}, 130);
        world.cluster->topics["orders"].id = "orders-2";
        world.options.evenIfMoving = true;
        QCOMPARE(world.applied(planned).error().code, std::string("PLAN_OUT_OF_DATE"));
        QCOMPARE(world.writes(), std::size_t{0});
    }

    void aPlanWithAnErrorIsRefusedUntilTheRowIsLeftOut()
    {
        OffsetWorld world;
        world.cluster->topics["orders"].partitions[1].start = 50;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        QCOMPARE(world.applied(planned).error().code, std::string("PLAN_HAS_ERRORS"));
        QCOMPARE(world.writes(), std::size_t{0});
        const auto applied = world.applied(without(planned, {{"orders", 1}}));
        QVERIFY(bool(applied));
        QCOMPARE(applied->rows.size(), std::size_t{2});
        QCOMPARE(world.commits().at({"orders", 1}).offset, std::optional(Offset(120)));
    }

    void aPermitForAnotherGroupIsWorthNothing()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        const auto other = OffsetWorld::permitFor("shipping");
        const auto refused = apply(world.admin, planned, *world.journal, other, world.options, {});
        QCOMPARE(refused.error().code, std::string("CONFIRMATION_MISMATCH"));
        QCOMPARE(world.writes(), std::size_t{0});
    }

    void aSecondRedriveOnThisMachineIsKeptAway()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        {
            const auto held = GroupLock::take(world.options.lockDirectory, "twin",
                                              GroupId("billing"), "bob", world.options.wall());
            QVERIFY(bool(held));
            const auto refused = world.applied(planned);
            QCOMPARE(refused.error().code, std::string("GROUP_LOCKED"));
            QVERIFY(refused.error().message.find("bob, process ") != std::string::npos);
            QCOMPARE(world.writes(), std::size_t{0});
            QVERIFY(bool(GroupLock::take(world.options.lockDirectory, "twin", GroupId("shipping"),
                                         "bob", world.options.wall())));
        }
        QVERIFY(bool(world.applied(planned)));
    }

    void longAndHostileNamesHaveLocksOfTheirOwn()
    {
        const std::string common(400, '/');
        const auto one = lockFile("/locks", "c", GroupId(common + "1"));
        const auto other = lockFile("/locks", "c", GroupId(common + "2"));
        QVERIFY(one != other);
        QCOMPARE(one.parent_path().string(), std::string("/locks"));
        QVERIFY(one.filename().string().size() < 255);
        QVERIFY(lockFile("/l", "a", GroupId("b.c")) != lockFile("/l", "a.b", GroupId("c")));
    }

    void aRowThatIsThereAlreadyIsNotWritten()
    {
        OffsetWorld world;
        world.cluster->commit("billing", {"orders", 1}, 20);
        world.cluster->hook = only("alterOffsets", 1, {.kind = Kind::LostBefore});
        const auto applied = world.applied(world.planned(to::Exact{Offset(20)}));
        QCOMPARE(inShort(applied->rows),
                 std::string("NOT_APPLIED 120, CONFIRMED 20, NOT_APPLIED 120"));
        const std::vector<TopicPartition> sent{{"orders", 0}, {"orders", 2}};
        QVERIFY(world.cluster->sent == sent);
        QVERIFY(applied->state == JournalState::Partial);
    }

    void commitsAreDeletedWhereThatIsThePlan()
    {
        OffsetWorld world;
        const auto applied = world.applied(world.planned(to::Delete{}));
        QCOMPARE(inShort(applied->rows), std::string("CONFIRMED -, CONFIRMED -, CONFIRMED -"));
        QVERIFY(world.commits().empty());
        QCOMPARE((*world.journal->entry("j1"))->action, std::string("delete"));
    }

    void partsThatTheBrokerRefusesAreNotAppliedInItsWords()
    {
        OffsetWorld world;
        world.cluster->hook =
            only("alterOffsets", 1,
                 {.parts = {{{"orders", 1}, twin::brokerError("TOPIC_AUTHORIZATION_FAILED")}}});
        const auto applied = world.applied(world.planned(to::Earliest{}));
        QCOMPARE(inShort(applied->rows), std::string("CONFIRMED 0, NOT_APPLIED 120, CONFIRMED 0"));
        QVERIFY(applied->rows[1].error->find("TOPIC_AUTHORIZATION_FAILED") != std::string::npos);
        QVERIFY(applied->state == JournalState::Partial);
    }

    void aMemberThatJoinsAtTheLastMomentKeepsAllOfItOut()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name == "alterOffsets")
                twin.join("billing");
            return twin::Fate{};
        };
        const auto applied = world.applied(planned);
        QVERIFY(applied->state == JournalState::Failed);
        QVERIFY(applied->rows[0].error->find("somebody joined the group") != std::string::npos);
    }

    void aStopBeforeTheWriteSendsNothing()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(world.applied(planned, stop.get_token()).error().code, std::string("_CANCELLED"));
        QCOMPARE(world.writes(), std::size_t{0});
        QVERIFY(world.journal->entries({})->empty());
    }

    void aGroupIsMadeOnlyWhereThatWasAsked()
    {
        OffsetWorld world;
        PlanRequest fresh = OffsetWorld::request(to::Exact{Offset(20)});
        fresh.group = GroupId("fresh");
        const auto permit = OffsetWorld::permitFor("fresh");
        const auto refused =
            apply(world.admin, world.planned(fresh), *world.journal, permit, world.options, {});
        QCOMPARE(refused.error().code, std::string("GROUP_ID_NOT_FOUND"));
        QVERIFY(!world.cluster->groups.contains("fresh"));

        fresh.create = true;
        const auto applied =
            apply(world.admin, world.planned(fresh), *world.journal, permit, world.options, {});
        QVERIFY(bool(applied) && applied->state == JournalState::Done);
        QCOMPARE(world.cluster->group("fresh").commits.size(), std::size_t{3});
    }

    void anOutcomeThatCannotBeWrittenDownIsStillTold()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        world.options.failPoint = [&](const char *place) {
            if (std::string(place) == "read back")
                std::filesystem::rename(world.place() / "twin.db", world.place() / "elsewhere");
        };
        const auto applied = world.applied(planned);
        QVERIFY(bool(applied));
        QVERIFY(applied->notRecorded.has_value());
        QVERIFY(applied->state == JournalState::Done);
    }

    void nothingIsSentWithoutAJournal()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        std::filesystem::remove(world.place() / "twin.db");
        QVERIFY(!world.applied(planned));
        QCOMPARE(world.writes(), std::size_t{0});
    }

    void clusterThatCannotBeReadAgainIsNoDifferenceButAnError()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Earliest{});
        world.cluster->hook = only("describeGroups", 2, {.kind = Kind::LostBefore});
        const auto failed = world.applied(planned);
        QCOMPARE(failed.error().code, std::string("_TIMED_OUT"));
        QCOMPARE(world.writes(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(ApplyTest)
#include "tst_apply.moc"
