#include "core/offsets/readback.h"
#include "tests/unit/offsets/offsetworld.h"

using namespace redrive;
using namespace redrive::offsets;
using Kind = twin::Fate::Kind;
using store::JournalOutcome;
using store::JournalState;

namespace {

CommitImage at(std::int64_t offset, std::optional<std::int32_t> epoch = {},
               std::string metadata = {})
{
    return {.offset = Offset(offset), .leaderEpoch = epoch, .metadata = std::move(metadata)};
}

Error error(Error::Kind kind, const char *code)
{
    return {.kind = kind, .code = code, .message = "words", .attempted = {}, .retriable = {}};
}

} // namespace

/// What a change came to, where answers fail.
class SettlingTest : public QObject
{
    Q_OBJECT

private slots:
    void aRowIsJudgedByWhatIsCommittedAndWhatWasAnswered_data()
    {
        QTest::addColumn<int>("answer");
        QTest::addColumn<int>("reads"); // 20 is what was asked, 120 what was before
        QTest::addColumn<bool>("quiet");
        QTest::addColumn<QString>("outcome");
        const auto row = [](const char *name, Answer answer, int reads, bool quiet,
                            const char *outcome) {
            QTest::newRow(name) << static_cast<int>(answer) << reads << quiet << outcome;
        };
        row("done and there", Answer::Done, 20, false, "CONFIRMED");
        row("lost and there", Answer::Open, 20, false, "CONFIRMED");
        row("refused and yet there", Answer::Refused, 20, false, "CONFIRMED");
        row("refused and not there", Answer::Refused, 120, false, "NOT_APPLIED");
        row("refused and moved by another", Answer::Refused, 77, false, "NOT_APPLIED");
        row("lost and not there yet", Answer::Open, 120, false, "");
        row("lost and not there for long", Answer::Open, 120, true, "NOT_APPLIED");
        row("done and put back by another", Answer::Done, 120, false, "UNKNOWN");
        row("done and moved by another", Answer::Done, 77, false, "UNKNOWN");
        row("lost and moved by another", Answer::Open, 77, true, "UNKNOWN");
        row("not sent and moved by another", Answer::NotSent, 77, false, "UNKNOWN");
    }
    void aRowIsJudgedByWhatIsCommittedAndWhatWasAnswered()
    {
        QFETCH(int, answer);
        QFETCH(int, reads);
        QFETCH(bool, quiet);
        QFETCH(QString, outcome);
        const WrittenRow row{.partition = {"orders", 0},
                             .before = at(120),
                             .requested = at(20),
                             .answer = static_cast<Answer>(answer),
                             .error = {}};
        const auto verdict = judge(row, at(reads), quiet);
        QCOMPARE(verdict ? std::string(name(verdict->outcome)) : "", outcome.toStdString());
    }

    void theSameOffsetWithAnotherEpochOrMetadataIsNotWhatWasAsked()
    {
        const WrittenRow row{.partition = {"orders", 0},
                             .before = at(120),
                             .requested = at(20, 4, "m"),
                             .answer = Answer::Done,
                             .error = {}};
        for (const CommitImage &other : {at(20, 5, "m"), at(20, 4, "n"), at(20)}) {
            const auto verdict = judge(row, other, false);
            QVERIFY(verdict->outcome == JournalOutcome::Unknown);
        }
        QCOMPARE(*judge(row, at(20, 5, "m"), false)->error,
                 std::string("somebody else committed: offset 20 (leader epoch 5, metadata m) is "
                             "there, not offset 20 (leader epoch 4, metadata m)"));
    }

    void onlyWhatTheBrokerRefusesForCertainIsTakenForRefused()
    {
        for (const char *code : {"NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE",
                                 "REQUEST_TIMED_OUT", "UNKNOWN_SERVER_ERROR"})
            QVERIFY(leavesOpen(error(Error::Kind::Broker, code)));
        QVERIFY(leavesOpen(error(Error::Kind::Timeout, "_TIMED_OUT")));
        QVERIFY(leavesOpen(error(Error::Kind::Transport, "_TRANSPORT")));
        QVERIFY(!leavesOpen(error(Error::Kind::Broker, "UNKNOWN_MEMBER_ID")));
        QVERIFY(!leavesOpen(error(Error::Kind::Authorization, "GROUP_AUTHORIZATION_FAILED")));
    }

    void aLostAnswerToWhatWasDoneIsConfirmed() // F4, F44
    {
        OffsetWorld world;
        world.cluster->hook = only("alterOffsets", 1, fate(Kind::LostAfter));
        const auto applied = world.applied(world.planned(to::Exact{Offset(20)}));
        QVERIFY(applied->state == JournalState::Done);
        QCOMPARE(world.cluster->count("alterOffsets"), std::size_t{1}); // never sent twice
    }

    void aRequestThatNeverArrivedIsNotApplied() // F44
    {
        OffsetWorld world;
        world.cluster->hook = only("alterOffsets", 1, fate(Kind::LostBefore));
        const Plan planned = world.planned(to::Exact{Offset(20)});
        const MonoTime begun = world.cluster->now();
        const auto applied = world.applied(planned);
        QVERIFY(applied->state == JournalState::Failed);
        QVERIFY(world.cluster->now() - begun >=
                world.options.timeout + world.options.readBackPatience / 2);
        QVERIFY(applied->rows[0].error->find("_TIMED_OUT") != std::string::npos);
        QCOMPARE(world.cluster->count("alterOffsets"), std::size_t{1});
    }

    void aWriteThatTheBrokerHeldBackIsSeenWhenItComes_data()
    {
        QTest::addColumn<int>("seconds");
        for (const int seconds : {9, 12, 20})
            QTest::newRow(std::to_string(seconds).c_str()) << seconds;
    }
    void aWriteThatTheBrokerHeldBackIsSeenWhenItComes()
    {
        QFETCH(int, seconds);
        OffsetWorld world;
        world.cluster->hook =
            only("alterOffsets", 1, fate(Kind::Late, std::chrono::seconds(seconds)));
        const auto applied = world.applied(world.planned(to::Exact{Offset(20)}));
        QCOMPARE(inShort(applied->rows), std::string("CONFIRMED 20, CONFIRMED 20, CONFIRMED 20"));
    }

    void aWrongCoordinatorLeavesItOpenUntilItIsReadBack_data()
    {
        QTest::addColumn<bool>("done");
        QTest::newRow("it was in the log") << true;
        QTest::newRow("it was not") << false;
    }
    void aWrongCoordinatorLeavesItOpenUntilItIsReadBack()
    {
        QFETCH(bool, done);
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        world.cluster->hook = [done](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            if (request.name != "alterOffsets")
                return twin::Fate{};
            for (const int partition : {0, 1, 2}) {
                if (done)
                    twin.commit("billing", {"orders", partition}, 20);
            }
            return twin::Fate{.kind = Kind::Refused, .error = twin::brokerError("NOT_COORDINATOR")};
        };
        const auto applied = world.applied(planned);
        QVERIFY(applied->state == (done ? JournalState::Done : JournalState::Failed));
    }

    void whatCannotBeReadBackIsUnknownAndSettledLater()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            const bool isAway = twin.count("alterOffsets") > 0;
            return isAway && request.name == "committedOffsets" ? fate(Kind::LostBefore)
                                                                : twin::Fate{};
        };
        const MonoTime begun = world.cluster->now();
        const auto applied = world.applied(planned);
        QVERIFY(applied->state == JournalState::Unknown);
        QCOMPARE(inShort(applied->rows), std::string("UNKNOWN -, UNKNOWN -, UNKNOWN -"));
        QVERIFY(applied->rows[0].error->find("could not be read back") != std::string::npos);
        const auto took = world.cluster->now() - begun;
        QVERIFY(took <= world.options.readBackPatience + world.options.timeout);

        GroupOffsets now;
        for (const auto &[partition, image] : world.commits())
            now.offsets.push_back({.partition = partition,
                                   .offset = image.offset,
                                   .leaderEpoch = image.leaderEpoch,
                                   .metadata = image.metadata,
                                   .error = {}});
        const auto settled = settle(**world.journal->entry("j1"), now);
        QCOMPARE(inShort(settled), std::string("CONFIRMED 20, CONFIRMED 20, CONFIRMED 20"));
        QVERIFY(stateOf(settled) == JournalState::Done);
        QVERIFY(!settled[0].error);
    }

    void aCoordinatorThatComesBackInTimeIsAskedAgain()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            const bool isLoading = twin.count("alterOffsets") > 0 && request.number < 6;
            return isLoading && request.name == "committedOffsets"
                       ? twin::Fate{.kind = Kind::Refused,
                                    .error = twin::brokerError("COORDINATOR_LOAD_IN_PROGRESS")}
                       : twin::Fate{};
        };
        QVERIFY(world.applied(planned)->state == JournalState::Done);
        QVERIFY(world.cluster->count("committedOffsets") >= 6);
    }

    void somebodyElsesCommitAcrossMachinesIsReported()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        world.options.failPoint = [&](const char *place) {
            if (std::string(place) == "written")
                world.cluster->commit("billing", {"orders", 1}, 90);
        };
        const auto applied = world.applied(planned);
        QCOMPARE(inShort(applied->rows), std::string("CONFIRMED 20, UNKNOWN 90, CONFIRMED 20"));
        QVERIFY(applied->rows[1].error->find("somebody else committed: offset 90") == 0);
        QVERIFY(applied->state == JournalState::Unknown);
    }

    void aStopAfterTheWriteLeavesTwoSecondsToReadBack()
    {
        OffsetWorld world;
        const Plan planned = world.planned(to::Exact{Offset(20)});
        std::stop_source stop;
        world.cluster->hook = [](twin::GroupTwin &twin, const twin::TwinRequest &request) {
            const bool isAway = twin.count("alterOffsets") > 0;
            return isAway && request.name == "committedOffsets" ? fate(Kind::LostBefore)
                                                                : twin::Fate{};
        };
        world.options.failPoint = [&](const char *place) {
            if (std::string(place) == "written")
                stop.request_stop();
        };
        const MonoTime begun = world.cluster->now();
        const auto applied = world.applied(planned, stop.get_token());
        QVERIFY(applied->state == JournalState::Unknown);
        QVERIFY(world.cluster->now() - begun < std::chrono::seconds(3));
        QVERIFY((*world.journal->entry("j1"))->state == JournalState::Unknown);
    }

    void anOpenRowIsSettledByWhatIsCommittedNow()
    {
        store::JournalEntry entry;
        for (const int partition : {0, 1, 2, 3, 4})
            entry.rows.push_back(journalRow({"orders", partition}, at(120, 4, "m"), at(20)));
        entry.rows[3].outcome = JournalOutcome::NotApplied;
        const auto commit = [](int partition, const CommitImage &image) {
            return CommittedOffset{.partition = {"orders", partition},
                                   .offset = image.offset,
                                   .leaderEpoch = image.leaderEpoch,
                                   .metadata = image.metadata,
                                   .error = {}};
        };
        GroupOffsets now;
        now.offsets = {commit(0, at(20)), commit(1, at(120, 4, "m")), commit(2, at(120)),
                       commit(3, at(20))};
        const auto rows = settle(entry, now);
        QCOMPARE(inShort(rows), std::string("CONFIRMED 20, NOT_APPLIED 120, UNKNOWN 120, "
                                            "NOT_APPLIED -, UNKNOWN -"));
        now.error = error(Error::Kind::Timeout, "_TIMED_OUT");
        QVERIFY(settle(entry, now) == entry.rows);
    }

    void theStateOfAnEntryFollowsFromItsRows()
    {
        const auto rows = [](std::vector<std::optional<JournalOutcome>> outcomes) {
            std::vector<store::JournalRow> made;
            for (const auto &outcome : outcomes) {
                made.push_back(journalRow({"orders", 0}, {}, {}));
                made.back().outcome = outcome;
            }
            return stateOf(made);
        };
        constexpr auto yes = JournalOutcome::Confirmed;
        constexpr auto no = JournalOutcome::NotApplied;
        QVERIFY(rows({yes, yes}) == JournalState::Done);
        QVERIFY(rows({no, no}) == JournalState::Failed);
        QVERIFY(rows({yes, no}) == JournalState::Partial);
        QVERIFY(rows({yes, JournalOutcome::Unknown}) == JournalState::Unknown);
        QVERIFY(rows({yes, {}}) == JournalState::Unknown);
    }
};

QTEST_GUILESS_MAIN(SettlingTest)
#include "tst_settling.moc"
