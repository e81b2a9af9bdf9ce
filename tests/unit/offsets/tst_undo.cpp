#include "core/offsets/readback.h"
#include "tests/unit/offsets/offsetworld.h"

#include <variant>

using namespace redrive;
using namespace redrive::offsets;
using Kind = twin::Fate::Kind;
using store::JournalOutcome;
using store::JournalState;

namespace {

struct Crash
{
};

CommitImage at(std::int64_t offset, std::optional<std::int32_t> epoch = {},
               std::string metadata = {})
{
    return {.offset = Offset(offset), .leaderEpoch = epoch, .metadata = std::move(metadata)};
}

/// Images of every kind: with epoch and metadata, without, and none at all.
void putImages(OffsetWorld &world)
{
    auto &commits = world.cluster->group("billing").commits;
    commits[{"orders", 0}] = at(120, 4, std::string("a\0b", 3));
    commits[{"orders", 1}] = at(20);
    commits.erase({"orders", 2});
}

GroupOffsets readNow(const OffsetWorld &world)
{
    GroupOffsets now;
    for (const auto &[partition, image] : world.commits())
        now.offsets.push_back({.partition = partition,
                               .offset = image.offset,
                               .leaderEpoch = image.leaderEpoch,
                               .metadata = image.metadata,
                               .error = {}});
    return now;
}

} // namespace

class UndoTest : public QObject
{
    Q_OBJECT

private slots:
    void anUndoRestoresOffsetEpochAndMetadataAndDeletesWhatWasNotThere()
    {
        OffsetWorld world;
        putImages(world);
        const auto before = world.commits();
        QVERIFY(bool(world.applied(world.planned(to::Exact{Offset(30)}))));
        QCOMPARE(world.commits().size(), std::size_t{3});
        const auto undone = world.applied(world.undone("j1"));
        QVERIFY(bool(undone) && undone->state == JournalState::Done);
        QVERIFY(world.commits() == before);
        const auto entry = **world.journal->entry("j2");
        QCOMPARE(entry.action, std::string("undo"));
        QCOMPARE(entry.undoes, std::optional(std::string("j1")));
    }

    void anUndoCanBeUndone()
    {
        OffsetWorld world;
        putImages(world);
        QVERIFY(bool(world.applied(world.planned(to::Exact{Offset(30)}))));
        const auto moved = world.commits();
        QVERIFY(bool(world.applied(world.undone("j1"))));
        QVERIFY(bool(world.applied(world.undone("j2"))));
        QVERIFY(world.commits() == moved);
    }

    void aCrashAtAnyInstantLeavesAJournalThatTellsAndUndoes_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("settled");
        QTest::newRow("before the write") << "begun"
                                          << "failed";
        QTest::newRow("after the write") << "written"
                                         << "done";
        QTest::newRow("after the read-back") << "read back"
                                             << "done";
    }
    void aCrashAtAnyInstantLeavesAJournalThatTellsAndUndoes()
    {
        QFETCH(QString, place);
        QFETCH(QString, settled);
        OffsetWorld world;
        putImages(world);
        const auto before = world.commits();
        const Plan planned = world.planned(to::Exact{Offset(30)});
        world.options.failPoint = [&](const char *reached) {
            if (place == reached)
                throw Crash{};
        };
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(world.applied(planned)), Crash);
        world.options.failPoint = {};

        auto reopened = store::Journal::open(world.place() / "twin.db");
        const auto entry = **(*reopened)->entry("j1");
        QVERIFY(entry.state == JournalState::Begun);
        const auto rows = settle(entry, readNow(world));
        QCOMPARE(std::string(store::name(stateOf(rows))), settled.toStdString());

        const Plan back = world.undone("j1"); // without having been settled first
        if (settled == "failed") {
            QCOMPARE(back.error->code, std::string("NOTHING_TO_DO"));
        } else {
            QVERIFY(bool(world.applied(back)));
        }
        QVERIFY(world.commits() == before);
    }

    void rowsOfAnUnknownOutcomeAreTakenBackToo()
    {
        OffsetWorld world;
        putImages(world);
        const auto before = world.commits();
        const Plan planned = world.planned(to::Exact{Offset(30)});
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            return twin.count("alterOffsets") > 0 && request.name == "committedOffsets"
                       ? twin::Fate{.kind = Kind::LostBefore}
                       : twin::Fate{};
        };
        QVERIFY(world.applied(planned)->state == JournalState::Unknown);
        world.cluster->hook = {};
        QVERIFY(bool(world.applied(world.undone("j1"))));
        QVERIFY(world.commits() == before);
    }

    void whatWasNotAppliedIsLeftAlone() // F43
    {
        OffsetWorld world;
        world.cluster->hook =
            only("alterOffsets", 1,
                 {.parts = {{{"orders", 1}, twin::brokerError("TOPIC_AUTHORIZATION_FAILED")}}});
        QVERIFY(bool(world.applied(world.planned(to::Exact{Offset(20)}))));
        const auto back = undoOf(**world.journal->entry("j1"));
        QCOMPARE(std::get<to::Undo>(back->target).before.size(), std::size_t{2});
        QVERIFY(!std::get<to::Undo>(back->target).before.contains({"orders", 1}));
    }

    void aChangeThatDidNothingCannotBeUndone()
    {
        OffsetWorld world;
        world.cluster->hook = only("alterOffsets", 1, fate(Kind::LostBefore));
        QVERIFY(bool(world.applied(world.planned(to::Exact{Offset(20)}))));
        const auto refused = undoOf(**world.journal->entry("j1"));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("NOTHING_TO_UNDO"));
    }

    void whatASessionDidOnItsOwnIsNotUndoneHere()
    {
        store::JournalEntry entry;
        entry.id = "j4";
        entry.action = "session skip";
        entry.rows.push_back(journalRow({"orders", 0}, at(1), at(2)));
        QCOMPARE(undoOf(entry).error().code, std::string("NOT_UNDOABLE"));
    }

    void anUndoIntoATopicThatWasMadeAgainIsRefused()
    {
        OffsetWorld world;
        QVERIFY(bool(world.applied(world.planned(to::Exact{Offset(20)}))));
        world.cluster->topics["orders"].id = "orders-2";
        const Plan back = world.undone("j1");
        QCOMPARE(back.rows.front().error->code, std::string("TOPIC_RECREATED"));
        QCOMPARE(world.applied(back).error().code, std::string("PLAN_HAS_ERRORS"));
    }

    void commitsThatCameSinceAreShownFirst() // F46
    {
        OffsetWorld world;
        QVERIFY(bool(world.applied(world.planned(to::Exact{Offset(20)}))));
        world.cluster->commit("billing", {"orders", 0}, 55);
        const Plan back = world.undone("j1");
        QCOMPARE(back.rows[0].current.offset, std::optional(Offset(55)));
        QVERIFY(!back.rows[0].notes.empty());
        QVERIFY(back.rows[1].notes.empty());
    }

    void aDeletedGroupIsGoneAndCanBeMadeAgain()
    {
        OffsetWorld world;
        putImages(world);
        const auto before = world.commits();
        const auto deleted = deleteGroup(world.admin, GroupId("billing"), *world.journal,
                                         world.permit, world.options, {});
        QVERIFY(bool(deleted) && deleted->state == JournalState::Done);
        QCOMPARE(inShort(deleted->rows), std::string("CONFIRMED -, CONFIRMED -"));
        QVERIFY(!world.cluster->groups.contains("billing"));
        const auto undone = world.applied(world.undone("j1"));
        QVERIFY(bool(undone));
        QVERIFY(undone->state == JournalState::Done);
        QVERIFY(world.commits() == before);
    }

    void aGroupWithMembersIsNotDeleted()
    {
        OffsetWorld world;
        world.cluster->join("billing");
        const auto refused = deleteGroup(world.admin, GroupId("billing"), *world.journal,
                                         world.permit, world.options, {});
        QCOMPARE(refused.error().code, std::string("GROUP_NOT_EMPTY"));
        QCOMPARE(world.writes(), std::size_t{0});
        QVERIFY(world.journal->entries({})->empty());
    }

    void aGroupThatIsNotThereIsNotDeleted()
    {
        OffsetWorld world;
        const auto refused = deleteGroup(world.admin, GroupId("nobody"), *world.journal,
                                         OffsetWorld::permitFor("nobody"), world.options, {});
        QCOMPARE(refused.error().code, std::string("GROUP_ID_NOT_FOUND"));
    }

    void aDeletionWhoseAnswerIsLostIsReadBack_data()
    {
        QTest::addColumn<bool>("hasCommits");
        QTest::addColumn<bool>("arrives");
        QTest::addColumn<QString>("state");
        QTest::newRow("done, with commits") << true << true << "done";
        QTest::newRow("done, without") << false << true << "done";
        QTest::newRow("not done, with commits") << true << false << "failed";
        QTest::newRow("not done, without") << false << false << "unknown";
    }
    void aDeletionWhoseAnswerIsLostIsReadBack()
    {
        QFETCH(bool, hasCommits);
        QFETCH(bool, arrives);
        QFETCH(QString, state);
        OffsetWorld world;
        if (!hasCommits)
            world.cluster->group("billing").commits.clear();
        world.cluster->hook =
            only("deleteGroup", 1, fate(arrives ? Kind::LostAfter : Kind::LostBefore));
        const auto deleted = deleteGroup(world.admin, GroupId("billing"), *world.journal,
                                         world.permit, world.options, {});
        QVERIFY(bool(deleted));
        QCOMPARE(std::string(store::name(deleted->state)), state.toStdString());
        QCOMPARE(world.cluster->count("deleteGroup"), std::size_t{1});
        QVERIFY((*world.journal->entry("j1"))->state == deleted->state);
    }

    void aDeletionThatTheBrokerRefusesIsSaidInItsWords()
    {
        OffsetWorld world;
        world.cluster->group("billing").commits.clear();
        const Error denied = twin::brokerError("GROUP_AUTHORIZATION_FAILED");
        world.cluster->hook = only("deleteGroup", 1, {.kind = Kind::Refused, .error = denied});
        const auto refused = deleteGroup(world.admin, GroupId("billing"), *world.journal,
                                         world.permit, world.options, {});
        QCOMPARE(refused.error().code, denied.code);
        QVERIFY((*world.journal->entry("j1"))->state == JournalState::Failed);
    }
};

QTEST_GUILESS_MAIN(UndoTest)
#include "tst_undo.moc"
