#include "tests/unit/offsets/planworld.h"

#include <QTest>

using namespace redrive;
using namespace redrive::offsets;

namespace {

constexpr const char *before = "group Empty\n"
                               "orders/0 committed=120 start=20 end=150\n"
                               "orders/1 start=0 end=9\n"
                               "payments/0 committed=5 end=9\n";

Plan planBefore(const Target &target = to::Earliest{})
{
    return makePlan(request(target, {.topics = {{"orders", {}}, {"payments", {}}}}),
                    factsOf(before), noon);
}

QString said(const Plan &plan, const Facts &now)
{
    QStringList lines;
    for (const std::string &line : differences(plan, now))
        lines << QString::fromStdString(line);
    return lines.join("|");
}

QString said(const char *now)
{
    return said(planBefore(), factsOf(now));
}

const TopicPartition orders0{"orders", 0};

kafka::GlanceAnswer record(std::int64_t offset, Millis after = {})
{
    return {.record = kafka::RecordGlance{.offset = Offset(offset),
                                          .time = noon + after,
                                          .key = {},
                                          .value = {},
                                          .valueSize = 0},
            .error = {}};
}

QString toText(const std::vector<kafka::GlanceQuery> &queries)
{
    QStringList words;
    for (const auto &query : queries)
        words << QString("%1 %2[%3,%4)")
                     .arg(QString::fromStdString(query.partition.topic) +
                              QString::number(query.partition.partition),
                          query.which == kafka::GlanceQuery::Which::First ? "first" : "last")
                     .arg(query.from.value())
                     .arg(query.end.value());
    return words.join("; ");
}

Plan oneRow(const Target &target, const char *facts)
{
    return makePlan(request(target, topic("orders")), factsOf(std::string("group Empty\n") + facts),
                    noon);
}

} // namespace

class TestPlanDifferences : public QObject
{
    Q_OBJECT

private slots:
    void aPlanHoldsWhileWhatItAssumesIsSo() { QCOMPARE(said(before), ""); }

    void aGrownLogIsNoDifference()
    {
        QCOMPARE(said("group Stable 2\norders/0 committed=120 start=20 end=9150\n"
                      "orders/1 start=0 end=99\npayments/0 committed=5 end=99\n"),
                 "");
    }

    void eachDifferenceIsSaid_data()
    {
        QTest::addColumn<QString>("now");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *title, const char *now, const char *expected) {
            QTest::newRow(title) << QString::fromUtf8(now) << QString::fromUtf8(expected);
        };
        row("a commit moved", "orders/0 committed=121 start=20 end=150",
            "orders partition 0: committed was 120, and is 121 now");
        row("a commit went", "orders/0 start=20 end=150",
            "orders partition 0: committed was 120, and is nothing now");
        row("a commit cannot be read",
            "orders/0 committed=!UNSTABLE_OFFSET_COMMIT start=20 end=150",
            "what is committed for orders partition 0 could not be read: in the broker's words");
        row("the log start moved past the target", "orders/0 committed=120 start=21 end=150",
            "orders partition 0: the log start was 20, and is 21 now, above the target 20");
        row("the log start cannot be read", "orders/0 committed=120 start=!_TIMED_OUT end=150",
            "the log start of orders partition 0 could not be read: in the broker's words");
    }
    void eachDifferenceIsSaid()
    {
        QFETCH(QString, now);
        QTEST(said(qPrintable("group Empty\n" + now +
                              "\norders/1 start=0 end=9\npayments/0 committed=5 end=9\n")),
              "expected");
    }

    void aCommitThatCameIsADifference()
    {
        QCOMPARE(said("group Empty\norders/0 committed=120 start=20 end=150\n"
                      "orders/1 committed=3 start=0 end=9\npayments/0 committed=5 end=9\n"),
                 "orders partition 1: committed was nothing, and is 3 now");
    }

    void theSameOffsetCommittedAgainIsADifference()
    {
        auto now = factsOf(before);
        now.committed.offsets.front().metadata = "again";
        QCOMPARE(said(planBefore(), now),
                 "orders partition 0: 120 was committed again, with another metadata");
        now.committed.offsets.front().metadata = "";
        now.committed.offsets.front().leaderEpoch = 2;
        QCOMPARE(said(planBefore(), now),
                 "orders partition 0: 120 was committed again, with another leader epoch");
    }

    void aLogStartBelowTheTargetIsADifferenceLikeAnyOther()
    {
        auto now = factsOf(before);
        now.start[orders0].offset = Offset(30);
        QCOMPARE(said(planBefore(to::Latest{}), now),
                 "orders partition 0: the log start was 20, and is 30 now");
    }

    void aTopicThatIsNotTheSameIsSaidOnce()
    {
        auto now = factsOf(before);
        now.topics["orders"].id = "another";
        now.committed.offsets.clear();
        QCOMPARE(said(planBefore(), now),
                 "topic orders was deleted and made again|"
                 "payments partition 0: committed was 5, and is nothing now");
        now = factsOf(before);
        now.topics["orders"].error = brokerError("UNKNOWN_TOPIC_OR_PARTITION");
        QCOMPARE(said(planBefore(), now), "topic orders is gone");
        now.topics["orders"].error = brokerError("_TIMED_OUT");
        QCOMPARE(said(planBefore(), now),
                 "topic orders could not be looked at: in the broker's words");
        now.topics.erase("orders");
        QCOMPARE(said(planBefore(), now), "topic orders was not looked at again");
    }

    void anIdThatIsNotKnownIsNoDifference()
    {
        auto now = factsOf(before);
        now.topics["orders"].id.reset();
        QCOMPARE(said(planBefore(), now), "");
        auto plan = planBefore();
        plan.topicIds.clear();
        QCOMPARE(said(plan, factsOf(before)), "");
    }

    void aPartitionThatIsNotThereAnyMoreIsSaid()
    {
        auto now = factsOf(before);
        now.topics["orders"].partitions = {0};
        QCOMPARE(said(planBefore(), now), "orders partition 1 is gone");
    }

    void anotherClusterIsSaid()
    {
        auto now = factsOf(before);
        now.clusterId = "elsewhere";
        QCOMPARE(said(planBefore(), now),
                 "this is cluster elsewhere, and the plan is for cluster cluster");
    }

    void commitsThatCannotBeReadAreSaidOnce()
    {
        auto now = factsOf(before);
        now.committed.error = brokerError("NOT_COORDINATOR");
        QCOMPARE(said(planBefore(), now),
                 "what is committed could not be read: in the broker's words");
    }

    void aPlanForAGroupThatIsNotThereHoldsWhileItIsNot()
    {
        auto asked = request(to::Earliest{}, topic("orders"));
        asked.create = true;
        const char *missing = "group !GROUP_ID_NOT_FOUND\ncommits !GROUP_ID_NOT_FOUND\n"
                              "orders/0 end=9\n";
        const Plan plan = makePlan(asked, factsOf(missing), noon);
        QVERIFY(!plan.error);
        QCOMPARE(said(plan, factsOf(missing)), "");
        QCOMPARE(said(plan, factsOf("group Empty\norders/0 committed=3 end=9")),
                 "orders partition 0: committed was nothing, and is 3 now");
    }

    void aRowThatIsLeftOutIsNotInThePlanAnyMore()
    {
        const Plan plan = planBefore();
        const Plan rest = without(plan, {orders0, {"payments", 0}});
        QCOMPARE(QString::fromStdString(redrive::offsets::toText(rest)),
                 "orders/1 - -> 0 again=? skipped=? lost=?");
        QVERIFY(rest.scope == topic("orders", {1}));
        QVERIFY(!rest.topicIds.contains("payments"));
        QCOMPARE(rest.hash, hashOf(rest));
        QVERIFY(rest.hash != plan.hash);
        QVERIFY(without(plan, {}) == plan);
        QVERIFY(without(plan, {{"orders", 77}}) == plan);
        QVERIFY(without(without(plan, {orders0}), {{"payments", 0}}) == rest);
        QVERIFY(without(rest, {{"orders", 1}}).error);
    }

    void aPlanWithoutARowIsTheOneThatNeverHadIt()
    {
        const Plan narrow =
            makePlan(request(to::Earliest{}, {.topics = {{"orders", {1}}, {"payments", {0}}}}),
                     factsOf(before), noon);
        QVERIFY(without(planBefore(), {orders0}) == narrow);
    }

    void whatIsWorthALookIsTheNextRecordAndTheEndsOfTheSpan()
    {
        QCOMPARE(toText(glancesOf(
                     oneRow(to::Exact{Offset(1000)},
                            "orders/0 committed=120 end=9000\norders/1 committed=3000 end=9000\n"
                            "orders/2 committed=1000 end=9000\norders/3 end=9000\n"),
                     100)),
                 "orders0 first[1000,9000); orders1 first[1000,9000); orders2 first[1000,9000); "
                 "orders3 first[1000,9000); orders0 first[120,1000); orders0 last[500,1000); "
                 "orders1 last[2500,3000)");
        QCOMPARE(toText(glancesOf(oneRow(to::Latest{}, "orders/0 committed=120 end=150"), 100)),
                 "orders0 first[120,150); orders0 last[120,150)");
        QCOMPARE(
            toText(glancesOf(oneRow(to::Earliest{}, "orders/0 committed=99 start=20 end=50"), 100)),
            "orders0 first[20,50); orders0 last[20,50)");
        QCOMPARE(toText(glancesOf(
                     oneRow(to::Exact{Offset(7)}, "orders/0 committed=1 start=9 end=50"), 100)),
                 "");
        QCOMPARE(glancesOf(planBefore(), 2).size(), 2U);
    }

    void whatWasSeenIsFilledIn()
    {
        Plan plan = oneRow(to::Earliest{}, "orders/0 committed=120 end=150");
        const auto queries = glancesOf(plan, 100);
        QCOMPARE(toText(queries), "orders0 first[0,150); orders0 last[0,120)");
        addGlances(plan, queries, {record(0), record(119, Millis(500))});
        const PlanRow &row = plan.rows.front();
        QCOMPARE(row.next, record(0).record);
        QVERIFY(row.firstTime == noon);
        QVERIFY(row.lastTime == noon + Millis(500));
        QVERIFY(row.notes.empty());
        QCOMPARE(plan.hash, hashOf(plan));
    }

    void theTimesOfWhatIsSkippedAreThoseOfTheSpanNotOfTheNextRecord()
    {
        Plan plan = oneRow(to::Exact{Offset(100)}, "orders/0 committed=20 end=150");
        const auto queries = glancesOf(plan, 100);
        QCOMPARE(queries.size(), 3U);
        addGlances(plan, queries,
                   {record(100, Millis(9)), record(20, Millis(1)), record(99, Millis(8))});
        QVERIFY(plan.rows.front().firstTime == noon + Millis(1));
        QVERIFY(plan.rows.front().lastTime == noon + Millis(8));
        QCOMPARE(plan.rows.front().next, record(100, Millis(9)).record);
    }

    void aTargetThatHoldsNoRecordIsSaid()
    {
        Plan plan = oneRow(to::Exact{Offset(100)}, "orders/0 committed=120 end=150");
        const auto queries = glancesOf(plan, 100);
        addGlances(plan, queries, {record(103), {}});
        addGlances(plan, queries, {record(103), {}});
        QCOMPARE(plan.rows.front().notes,
                 std::vector<std::string>{"offset 100 holds no record (a transaction marker, or "
                                          "compacted away): the next is 103"});
        QVERIFY(plan.rows.front().firstTime);
        QVERIFY(!plan.rows.front().lastTime);
    }

    void aSpanWithoutRecordsHasNoTimes()
    {
        Plan plan = oneRow(to::Exact{Offset(100)}, "orders/0 committed=102 end=150");
        addGlances(plan, glancesOf(plan, 100), {record(103), {}});
        QVERIFY(!plan.rows.front().firstTime);
    }

    void aLogWithoutAnotherRecordIsSaid()
    {
        Plan plan = oneRow(to::Exact{Offset(148)}, "orders/0 committed=148 end=150");
        addGlances(plan, glancesOf(plan, 100), {{}});
        QCOMPARE(plan.rows.front().notes,
                 std::vector<std::string>{"only transaction markers and holes are left from 148 up "
                                          "to the log end 150"});
    }

    void aLookThatFailedLeavesThingsUnknown()
    {
        Plan plan = oneRow(to::Earliest{}, "orders/0 committed=120 end=150");
        const Plan unseen = plan;
        addGlances(plan, glancesOf(plan, 100),
                   {{.record = {}, .error = brokerError("_TIMED_OUT")},
                    {.record = {}, .error = brokerError("_TIMED_OUT")}});
        QVERIFY(plan == unseen);
    }
};

QTEST_APPLESS_MAIN(TestPlanDifferences)
#include "tst_plandifferences.moc"
