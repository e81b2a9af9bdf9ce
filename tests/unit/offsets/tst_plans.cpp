#include "tests/unit/offsets/planworld.h"

#include <QTest>

#include <random>

using namespace redrive;
using namespace redrive::offsets;

namespace {

QString planned(const PlanRequest &asked, const std::string &facts)
{
    return QString::fromStdString(toText(makePlan(asked, factsOf(facts), noon)));
}

const PlanRow &onlyRow(const Plan &plan)
{
    static const PlanRow none;
    return plan.rows.size() == 1 ? plan.rows.front() : none;
}

QString messageOf(const PlanRequest &asked, const std::string &facts)
{
    const Plan plan = makePlan(asked, factsOf(facts), noon);
    const auto &error = plan.error ? plan.error : onlyRow(plan).error;
    return error ? QString::fromStdString(error->message) : QString();
}

constexpr const char *orders = "group Empty\norders/0 committed=120 start=20 end=150\n";

to::Undo undo(CommitTable before, CommitTable after)
{
    return {
        .journal = "j17", .before = std::move(before), .after = std::move(after), .topicIds = {}};
}

const TopicPartition orders0{"orders", 0};

} // namespace

Q_DECLARE_METATYPE(redrive::offsets::Target)

class TestPlans : public QObject
{
    Q_OBJECT

private slots:
    void everyTargetLeadsToItsOffsetOrSaysWhyNot_data()
    {
        QTest::addColumn<Target>("target");
        QTest::addColumn<QString>("facts");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *title, const Target &target, const char *facts,
                            const char *expected) {
            QTest::newRow(title) << target << QString::fromUtf8(facts) << expected;
        };
        const char *one = "orders/0 committed=120 start=20 end=150";
        row("earliest", to::Earliest{}, one, "orders/0 120 -> 20 again=100");
        row("latest", to::Latest{}, one, "orders/0 120 -> 150 skipped=30");
        row("exact", to::Exact{Offset(42)}, one, "orders/0 120 -> 42 again=78");
        row("exactly the log start", to::Exact{Offset(20)}, one, "orders/0 120 -> 20 again=100");
        row("exactly the log end", to::Exact{Offset(150)}, one, "orders/0 120 -> 150 skipped=30");
        row("below the log start", to::Exact{Offset(19)}, one, "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("above the log end", to::Exact{Offset(151)}, one, "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("where it stands", to::Exact{Offset(120)}, one, "orders/0 120 -> 120");
        row("shift back", to::Shift{-100}, one, "orders/0 120 -> 20 again=100");
        row("shift forward", to::Shift{30}, one, "orders/0 120 -> 150 skipped=30");
        row("shift below the log", to::Shift{-101}, one, "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("shift above the log", to::Shift{31}, one, "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("shift out of all numbers", to::Shift{std::numeric_limits<std::int64_t>::max()}, one,
            "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("shift below zero", to::Shift{std::numeric_limits<std::int64_t>::min()}, one,
            "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("latest minus", to::LatestMinus{100}, one, "orders/0 120 -> 50 again=70");
        row("latest minus all", to::LatestMinus{130}, one, "orders/0 120 -> 20 again=100");
        row("latest minus too many", to::LatestMinus{131}, one,
            "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("time", to::Time{noon}, "orders/0 committed=120 end=150 time=20",
            "orders/0 120 -> 20 again=100");
        row("ago", to::Ago{Millis(1000)}, "orders/0 committed=120 end=150 time=130",
            "orders/0 120 -> 130 skipped=10");
        row("a time after the last record", to::Time{noon}, "orders/0 committed=120 end=150 time=-",
            "orders/0 120 !NO_RECORD_AFTER_TIME");
        row("a time that could not be looked up", to::Time{noon},
            "orders/0 committed=120 end=150 time=!LEADER_NOT_AVAILABLE",
            "orders/0 120 !LEADER_NOT_AVAILABLE");
        row("a time not looked up yet", to::Time{noon}, "orders/0 committed=120 end=150",
            "orders/0 120 !NOT_READ");
        row("a record that came after the end was read", to::Time{noon},
            "orders/0 committed=120 end=150 time=152", "orders/0 120 -> 152 skipped=32");
        row("a time whose record retention took meanwhile", to::Time{noon},
            "orders/0 committed=120 start=60 end=150 time=50", "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("from a table", to::Table{{{orders0, at(42)}}}, one, "orders/0 120 -> 42 again=78");
        row("from a table, out of range", to::Table{{{orders0, at(5)}}}, one,
            "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("from another group", to::OtherGroup{GroupId("audit")},
            "orders/0 committed=120 end=150 other=42", "orders/0 120 -> 42 again=78");
        row("from another group that is out of range", to::OtherGroup{GroupId("audit")},
            "orders/0 committed=120 end=150 other=151", "orders/0 120 !OFFSET_OUT_OF_RANGE");
        row("from another group that could not be read", to::OtherGroup{GroupId("audit")},
            "orders/0 committed=120 end=150 other=!UNSTABLE_OFFSET_COMMIT",
            "orders/0 120 !UNSTABLE_OFFSET_COMMIT");
        row("delete", to::Delete{}, one, "orders/0 120 -> - again=? skipped=?");
        row("delete needs no log", to::Delete{},
            "orders/0 committed=120 start=!_TIMED_OUT end=!_TIMED_OUT",
            "orders/0 120 -> - again=? skipped=? lost=?");
    }
    void everyTargetLeadsToItsOffsetOrSaysWhyNot()
    {
        QFETCH(Target, target);
        QFETCH(QString, facts);
        QTEST(planned(request(target), "group Empty\n" + facts.toStdString()), "expected");
    }

    void whatIsReadAgainSkippedOrLostIsCountedInTheLogAlone_data()
    {
        QTest::addColumn<QString>("facts");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *title, const char *facts, const char *expected) {
            QTest::newRow(title) << facts << expected;
        };
        row("committed below the log start", "orders/0 committed=5 start=20 end=150",
            "orders/0 5 -> 50 skipped=30 lost=15");
        row("committed above the log end", "orders/0 committed=170 start=20 end=150",
            "orders/0 170 -> 50 again=100");
        row("nothing committed", "orders/0 start=20 end=150",
            "orders/0 - -> 50 again=? skipped=? lost=?");
    }
    void whatIsReadAgainSkippedOrLostIsCountedInTheLogAlone()
    {
        QFETCH(QString, facts);
        QTEST(planned(request(to::Exact{Offset(50)}, topic("orders")),
                      "group Empty\n" + facts.toStdString()),
              "expected");
    }

    void aRefusalSaysWhatCouldBeChosen()
    {
        QCOMPARE(messageOf(request(to::Exact{Offset(7)}), orders),
                 "offset 7 lies below the log start 20: from 20 to 150 can be chosen");
        QCOMPARE(messageOf(request(to::Exact{Offset(151)}), orders),
                 "offset 151 lies above the log end 150: from 20 to 150 can be chosen");
        QCOMPARE(messageOf(request(to::Exact{Offset(7)}),
                           "group Empty\norders/0 committed=120 start=150 end=150"),
                 "offset 7 lies below the log start 150: only 150 can be chosen");
        QCOMPARE(messageOf(request(to::Time{noon}),
                           "group Empty\norders/0 committed=120 end=150 time=-"),
                 "no record at or after 2026-11-21T10:00:00.000Z: choose the log end 150, or leave "
                 "the partition out");
        QCOMPARE(messageOf(request(to::Ago{Millis(60'000)}),
                           "group Empty\norders/0 committed=120 end=150 time=-"),
                 "no record at or after 2026-11-21T09:59:00.000Z: choose the log end 150, or leave "
                 "the partition out");
        QCOMPARE(messageOf(request(to::Shift{1}, topic("orders")), "group Empty\norders/0 end=150"),
                 "nothing is committed here that could be shifted; from 0 to 150 can be chosen");
    }

    void noTargetLiesBehindTheBeginOfAnOpenTransaction()
    {
        const char *facts = "group Empty\norders/0 committed=120 end=150 stable=130 time=140";
        QCOMPARE(planned(request(to::Latest{}), facts), "orders/0 120 !OPEN_TRANSACTION");
        QCOMPARE(planned(request(to::Time{noon}), facts), "orders/0 120 !OPEN_TRANSACTION");
        QCOMPARE(planned(request(to::Exact{Offset(130)}), facts), "orders/0 120 -> 130 skipped=10");
        QCOMPARE(messageOf(request(to::Latest{}), facts),
                 "offset 150 lies behind the begin of an open transaction at 130: from 0 to 130 "
                 "can be chosen, or any once it has ended");
    }

    void aStableEndReadAfterTheEndIsNoTransaction()
    {
        QCOMPARE(planned(request(to::Latest{}),
                         "group Empty\norders/0 committed=120 end=150 stable=152"),
                 "orders/0 120 -> 152 skipped=32");
    }

    void theErrorsOfAPartitionStayWithItInTheBrokersWords()
    {
        const Plan plan = makePlan(request(to::Earliest{}),
                                   factsOf("group Empty\n"
                                           "orders/0 committed=120 end=!_TIMED_OUT\n"
                                           "orders/1 committed=!UNSTABLE_OFFSET_COMMIT end=150\n"
                                           "orders/2 committed=120 end=150 stable=!_TIMED_OUT\n"
                                           "orders/3 committed=120 end=150\n"
                                           "secret/0 committed=7\n"
                                           "topic secret !TOPIC_AUTHORIZATION_FAILED\n"),
                                   noon);
        QCOMPARE(QString::fromStdString(toText(plan)),
                 "orders/0 120 !_TIMED_OUT; orders/1 - !UNSTABLE_OFFSET_COMMIT; "
                 "orders/2 120 !_TIMED_OUT; orders/3 120 -> 0 again=120; "
                 "secret/0 7 !TOPIC_AUTHORIZATION_FAILED");
        QCOMPARE(plan.rows.front().error, brokerError("_TIMED_OUT"));
        QCOMPARE(totals(plan).errors, 4U);
    }

    void nothingIsPreselected()
    {
        QCOMPARE(planned(request(to::Earliest{}, Scope{}), orders), "!EMPTY_SCOPE");
        QVERIFY(makePlan(request(to::Earliest{}, Scope{}), factsOf(orders), noon).rows.empty());
    }

    void allTopicsAreThoseWithACommit()
    {
        const char *facts = "group Empty\norders/0 committed=5 end=9\norders/1 end=9\n"
                            "payments/0 committed=- end=9\nrefunds/1 committed=3 end=9\n";
        QCOMPARE(planned(request(to::Earliest{}), facts),
                 "orders/0 5 -> 0 again=5; refunds/1 3 -> 0 again=3");
        QCOMPARE(planned(request(to::Earliest{}), "group Empty\norders/1 end=9"), "!NOTHING_TO_DO");
    }

    void aTopicWithoutACommitCanBeNamedForWhatNeedsNone()
    {
        const char *facts = "group Empty\norders/0 end=9\norders/1 committed=5 end=9\n";
        QCOMPARE(planned(request(to::Latest{}, topic("orders")), facts),
                 "orders/0 - -> 9 again=? skipped=? lost=?; orders/1 5 -> 9 skipped=4");
        QCOMPARE(planned(request(to::Shift{1}, topic("orders")), facts),
                 "orders/0 - !NO_COMMIT; orders/1 5 -> 6 skipped=1");
    }

    void whatIsNamedAndNotThereIsARowOfItsOwn()
    {
        QCOMPARE(planned(request(to::Earliest{}, topic("orders", {0, 9})), orders),
                 "orders/0 120 -> 20 again=100; orders/9 - !UNKNOWN_TOPIC_OR_PARTITION");
        QCOMPARE(messageOf(request(to::Earliest{}, topic("orders", {9})), orders),
                 "topic orders has 1 partition: there is no partition 9");
        const std::string facts = std::string(orders) + "topic ordres !UNKNOWN_TOPIC_OR_PARTITION";
        QCOMPARE(planned(request(to::Earliest{}, topic("ordres")), facts),
                 "ordres/0 - !UNKNOWN_TOPIC_OR_PARTITION");
        QCOMPARE(planned(request(to::Earliest{}, topic("ordres")), orders), "ordres/0 - !NOT_READ");
    }

    void aTopicThatIsGoneKeepsTheRowsOfItsCommits()
    {
        const char *facts = "group Empty\ngone/1 committed=5\ngone/3 committed=7\n"
                            "topic gone !UNKNOWN_TOPIC_OR_PARTITION";
        const char *rows =
            "gone/1 5 !UNKNOWN_TOPIC_OR_PARTITION; gone/3 7 !UNKNOWN_TOPIC_OR_PARTITION";
        QCOMPARE(planned(request(to::Earliest{}), facts), rows);
        QCOMPARE(planned(request(to::Earliest{}, topic("gone")), facts), rows);
        QCOMPARE(planned(request(to::Delete{}), facts), rows);
    }

    void aTableLeavesOutWhatItDoesNotHoldButNotWhatWasNamed()
    {
        const char *facts = "group Empty\norders/0 committed=5 end=9\norders/1 committed=5 end=9\n"
                            "payments/0 committed=5 end=9\n";
        const to::Table table{{{orders0, at(3)}}};
        QCOMPARE(planned(request(table), facts), "orders/0 5 -> 3 again=2");
        QCOMPARE(planned(request(table, topic("orders")), facts), "orders/0 5 -> 3 again=2");
        QCOMPARE(planned(request(table, topic("orders", {1})), facts), "orders/1 5 !NOT_IN_TABLE");
        QCOMPARE(planned(request(table, topic("payments")), facts), "payments/0 5 !NOT_IN_TABLE");
    }

    void aTableKeepsEpochAndMetadataSaveAnEpochOfAnotherCluster()
    {
        to::Table table{
            {{orders0, {.offset = Offset(42), .leaderEpoch = 7, .metadata = "by hand"}}},
            "cluster"};
        const auto same = onlyRow(makePlan(request(table), factsOf(orders), noon));
        QCOMPARE(same.target, table.commits.at(orders0));
        QVERIFY(same.notes.empty());
        table.clusterId = "elsewhere";
        const auto other = onlyRow(makePlan(request(table), factsOf(orders), noon));
        QVERIFY(!other.target.leaderEpoch);
        QCOMPARE(other.target.metadata, "by hand");
        QCOMPARE(other.notes.size(), 1U);
    }

    void deletingLeavesOutWhatHasNoCommitButNotWhatWasNamed()
    {
        const char *facts = "group Empty\norders/0 committed=5 end=9\norders/1 end=9\n"
                            "payments/0 end=9\n";
        QCOMPARE(planned(request(to::Delete{}), facts), "orders/0 5 -> - again=? skipped=?");
        QCOMPARE(planned(request(to::Delete{}, topic("orders")), facts),
                 "orders/0 5 -> - again=? skipped=?");
        QCOMPARE(planned(request(to::Delete{}, topic("orders", {1})), facts),
                 "orders/1 - !NO_COMMIT");
        QCOMPARE(planned(request(to::Delete{}, topic("payments")), facts),
                 "payments/0 - !NO_COMMIT");
    }

    void anUndoBringsBackWhatWasExactly()
    {
        const CommitImage before{.offset = Offset(100), .leaderEpoch = 4, .metadata = "x"};
        const Plan plan = makePlan(request(undo({{orders0, before}}, {{orders0, at(120)}})),
                                   factsOf(orders), noon);
        QCOMPARE(QString::fromStdString(toText(plan)), "orders/0 120 -> 100 again=20");
        QCOMPARE(onlyRow(plan).target, before);
        QVERIFY(onlyRow(plan).notes.empty());
        QCOMPARE(plan.action, "undo");
        QCOMPARE(plan.spec, "undo:j17");
        QCOMPARE(planned(request(undo({{orders0, CommitImage{}}}, {{orders0, at(120)}})), orders),
                 "orders/0 120 -> - again=? skipped=?");
    }

    void anUndoSaysWhatHappenedSince()
    {
        const auto notes = [](const to::Undo &target, const char *facts) {
            const Plan plan = makePlan(request(target), factsOf(facts), noon);
            QString text;
            for (const std::string &note : onlyRow(plan).notes)
                text += QString::fromStdString(note) + "|";
            return text;
        };
        QCOMPARE(notes(undo({{orders0, at(100)}}, {{orders0, at(60)}}), orders),
                 "committed since: j17 left 60, and now it is 120|");
        QCOMPARE(notes(undo({{orders0, at(100)}}, {}), orders),
                 "what j17 left here was not read back|");
        QCOMPARE(notes(undo({{orders0, at(5)}}, {{orders0, at(120)}}), orders),
                 "offset 5 lies below the log start 20: from 20 to 150 can be chosen|");
        QCOMPARE(notes(undo({{orders0, at(5)}}, {{orders0, at(120)}}),
                       "group Empty\norders/0 committed=120 end=!LEADER_NOT_AVAILABLE"),
                 "its log could not be looked at: in the broker's words|");
    }

    void anUndoLeavesOutWhatIsDoneAndWillNotTouchATopicMadeAgain()
    {
        const auto done = undo({{orders0, at(120)}}, {{orders0, at(60)}});
        QCOMPARE(planned(request(done), orders), "!NOTHING_TO_DO");
        QCOMPARE(planned(request(done, topic("orders", {0})), orders), "!NOTHING_TO_DO");
        auto recreated = undo({{orders0, at(100)}}, {{orders0, at(120)}});
        recreated.topicIds = {{"orders", "another id"}};
        QCOMPARE(planned(request(recreated), orders), "orders/0 120 !TOPIC_RECREATED");
        recreated.topicIds = {{"orders", "id of orders"}};
        QCOMPARE(planned(request(recreated), orders), "orders/0 120 -> 100 again=20");
    }

    void aGroupThatDoesNotExistIsOnlyMadeWhenAsked()
    {
        for (const char *group : {"group !GROUP_ID_NOT_FOUND\n", "group Dead\n"}) {
            const std::string facts = std::string(group) + "orders/0 end=9";
            auto asked = request(to::Earliest{}, topic("orders"));
            const Plan refused = makePlan(asked, factsOf(facts), noon);
            QVERIFY(refused.error);
            QCOMPARE(refused.error->code, "GROUP_ID_NOT_FOUND");
            QVERIFY(!refused.groupExists);
            asked.create = true;
            const Plan made = makePlan(asked, factsOf(facts), noon);
            QVERIFY(!made.error);
            QVERIFY(!made.groupExists);
            QVERIFY(!made.state);
            QCOMPARE(QString::fromStdString(toText(made)),
                     "orders/0 - -> 0 again=? skipped=? lost=?");
        }
    }

    void anUndoMayMakeTheGroupAgain()
    {
        const Plan plan = makePlan(request(undo({{orders0, at(3)}}, {{orders0, CommitImage{}}})),
                                   factsOf("group !GROUP_ID_NOT_FOUND\ncommits "
                                           "!GROUP_ID_NOT_FOUND\norders/0 end=9"),
                                   noon);
        QCOMPARE(QString::fromStdString(toText(plan)), "orders/0 - -> 3 again=? skipped=? lost=?");
        QVERIFY(plan.create);
    }

    void whatCannotBeReadOfTheGroupIsAnErrorOfThePlan()
    {
        QCOMPARE(planned(request(to::Earliest{}), "group !GROUP_AUTHORIZATION_FAILED\n"
                                                  "orders/0 committed=5 end=9"),
                 "!GROUP_AUTHORIZATION_FAILED; orders/0 5 -> 0 again=5");
        QCOMPARE(planned(request(to::Earliest{}, topic("orders")),
                         "group Empty\ncommits !_TIMED_OUT\norders/0 end=9"),
                 "!_TIMED_OUT; orders/0 - !_TIMED_OUT");
    }

    void aLiveGroupIsPlannedAndShown()
    {
        const Plan plan = makePlan(request(to::Earliest{}),
                                   factsOf("group Stable 3\norders/0 committed=5 end=9"), noon);
        QVERIFY(!plan.error);
        QCOMPARE(plan.members.size(), 3U);
        QVERIFY(plan.state == GroupState::Stable);
    }

    void commitsThatMoveAreToldOfAGroupThatLooksEmpty()
    {
        auto facts = factsOf(orders);
        facts.moving = {orders0};
        QCOMPARE(makePlan(request(to::Earliest{}), facts, noon).moving.size(), 1U);
        facts.group.members.resize(1);
        QVERIFY(makePlan(request(to::Earliest{}), facts, noon).moving.empty());
    }

    void whatMakesNoSenseIsRefused()
    {
        QCOMPARE(planned(request(to::OtherGroup{GroupId("billing")}), orders), "!INVALID_TARGET");
        QCOMPARE(planned(request(to::Time{WallTime(Millis(-1))}), orders), "!INVALID_TIME");
        QCOMPARE(
            planned(request(to::Ago{Millis(std::numeric_limits<std::int64_t>::max())}), orders),
            "!INVALID_TIME");
        QCOMPARE(planned(request(to::OtherGroup{GroupId("audit")}, topic("orders", {0})), orders),
                 "!NOT_READ; orders/0 120 !NO_COMMIT");
    }

    void whatIsWorthAskingForIsToldBeforeAllIsRead()
    {
        const auto names = [](const PlanRequest &asked, const Facts &facts) {
            QString text;
            for (const auto &one : partitionsOf(asked, facts))
                text += QString::fromStdString(one.topic) + QString::number(one.partition) + " ";
            return text;
        };
        auto facts = factsOf("group Empty\norders/0 committed=5 end=9\norders/1 end=9\n"
                             "gone/0 committed=5\n");
        QCOMPARE(names(request(to::Earliest{}), facts), "gone0 orders0 ");
        facts.topics["gone"].error = brokerError("UNKNOWN_TOPIC_OR_PARTITION");
        QCOMPARE(names(request(to::Earliest{}), facts), "orders0 ");
        QCOMPARE(names(request(to::Earliest{}, topic("orders")), facts), "orders0 orders1 ");
        facts.topics.clear();
        QCOMPARE(names(request(to::Earliest{}, topic("orders", {3})), facts), "orders3 ");
        QCOMPARE(names(request(to::Earliest{}, topic("orders")), facts), "");
    }

    void forRandomFactsATargetLiesInTheLogOrIsRefused()
    {
        std::mt19937 dice(17);
        const auto below = [&dice](int limit) {
            return std::uniform_int_distribution<std::int64_t>(0, limit - 1)(dice);
        };
        int moved = 0;
        int refused = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string text = "group Empty\n";
            const std::int64_t partitions = 1 + below(6);
            CommitTable table;
            for (std::int64_t p = 0; p < partitions; ++p) {
                const std::int64_t start = below(50);
                const std::int64_t end = start + below(100);
                const std::int64_t stable =
                    below(4) == 0 ? start + below(int(end - start) + 1) : end;
                text += "orders/" + std::to_string(p) + " start=" + std::to_string(start) +
                        " end=" + std::to_string(end) + " stable=" + std::to_string(stable) +
                        " time=" + (below(4) == 0 ? "-" : std::to_string(below(160))) +
                        " other=" + std::to_string(below(160));
                if (below(5) != 0)
                    text += " committed=" + std::to_string(below(180));
                text += "\n";
                table[{"orders", static_cast<std::int32_t>(p)}] = at(below(160));
            }
            const std::vector<Target> targets{to::Earliest{},
                                              to::Latest{},
                                              to::Time{noon},
                                              to::Shift{below(200) - 100},
                                              to::LatestMinus{below(120)},
                                              to::Exact{Offset(below(160))},
                                              to::Table{table},
                                              to::OtherGroup{GroupId("audit")}};
            const Target &target = targets[static_cast<std::size_t>(below(int(targets.size())))];
            const auto facts = factsOf(text);
            const Plan plan = makePlan(request(target, topic("orders")), facts, noon);
            QCOMPARE(plan.rows.size(), static_cast<std::size_t>(partitions));
            PlanTotals sums;
            for (const PlanRow &row : plan.rows) {
                sums.again += row.again.value_or(0);
                sums.skipped += row.skipped.value_or(0);
                sums.lost += row.lost.value_or(0);
                QVERIFY(row.again.value_or(0) == 0 || row.skipped.value_or(0) == 0);
                if (row.error) {
                    QVERIFY(!row.target.offset);
                    QVERIFY(!row.again && !row.skipped);
                    ++refused;
                    continue;
                }
                ++moved;
                QVERIFY(row.target.offset >= row.logStart && row.target.offset <= row.logEnd);
                QVERIFY(row.target.offset <= facts.stable.at(row.partition).offset ||
                        facts.stable.at(row.partition).offset ==
                            facts.end.at(row.partition).offset);
                if (!row.current.offset)
                    continue;
                // Counted one by one.
                std::int64_t again = 0;
                std::int64_t skipped = 0;
                for (auto o = row.logStart->value(); o < row.logEnd->value(); ++o) {
                    again += o >= row.target.offset->value() && o < row.current.offset->value();
                    skipped += o >= row.current.offset->value() && o < row.target.offset->value();
                }
                QCOMPARE(*row.again, again);
                QCOMPARE(*row.skipped, skipped);
            }
            QCOMPARE(totals(plan).again, sums.again);
            QCOMPARE(totals(plan).skipped, sums.skipped);
            QCOMPARE(totals(plan).lost, sums.lost);
        }
        QVERIFY(moved > 1000);
        QVERIFY(refused > 1000);
    }
};

QTEST_APPLESS_MAIN(TestPlans)
#include "tst_plans.moc"
