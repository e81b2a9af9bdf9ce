#include "core/monitor/lag.h"
#include "tests/support/values/grouptext.h"

#include <QTest>

#include <random>

using namespace redrive;
using namespace redrive::monitor;
using redrive::twin::groupCase;

namespace {

GroupDetail detailOf(const twin::GroupCase &one)
{
    return groupDetail(one.listing, one.description, one.commits, one.bounds);
}

class Dice
{
public:
    explicit Dice(unsigned seed)
        : m_engine(seed)
    {
    }
    int upTo(int most) { return std::uniform_int_distribution<int>(0, most)(m_engine); }
    bool once(int in) { return upTo(in - 1) == 0; }
    std::string offset()
    {
        static const std::array<const char *, 5> failures{"!UNKNOWN_TOPIC_OR_PARTITION",
                                                          "!_TIMED_OUT", "!LEADER_NOT_AVAILABLE",
                                                          "!TOPIC_AUTHORIZATION_FAILED", "?"};
        return once(4) ? failures.at(static_cast<std::size_t>(upTo(4))) : std::to_string(upTo(80));
    }

private:
    std::mt19937 m_engine;
};

std::string randomGroup(Dice &dice)
{
    static const std::array<const char *, 4> states{"Stable", "Empty", "PreparingRebalance", "?"};
    std::string text = "group g ";
    text += states.at(static_cast<std::size_t>(dice.upTo(3)));
    text += dice.once(2) ? " classic" : " consumer";
    text += dice.once(8) ? " describe=!_TIMED_OUT" : "";
    text += dice.once(8) ? " commits=!_TIMED_OUT\n" : "\n";
    for (int i = 0; i < 6; ++i) {
        text += "t" + std::to_string(i % 3) + "/" + std::to_string(i);
        text += dice.once(2) ? " member=a" : dice.once(3) ? " target=b" : "";
        std::string committed = dice.offset();
        if (committed != "?")
            text += " committed=" + committed;
        text += " start=" + dice.offset() + " stable=" + dice.offset() + " end=" + dice.offset();
        text += "\n";
    }
    return text;
}

} // namespace

class TestLagSums : public QObject
{
    Q_OBJECT

private slots:
    void theSumKnowsWhatItLacks()
    {
        const GroupDetail detail = detailOf(groupCase(R"(
            group g Stable classic
            t/0 member=a committed=100 end=150
            t/1 member=a committed=100 start=120 end=150
            t/2 member=a committed=200 end=150
            t/3 member=a end=150)"));
        QCOMPARE(detail.totalLag, 100);
        QCOMPARE(detail.unknownLags, 2U);
    }

    void aSumOfNothingKnownIsUnknown()
    {
        const GroupDetail detail =
            detailOf(groupCase("group g Stable classic\nt/0 member=a end=150"));
        QVERIFY(!detail.totalLag);
        QCOMPARE(detail.unknownLags, 1U);
        QVERIFY(!detailOf(groupCase("group g Empty")).totalLag);
    }

    void aSummarySumsCommitsAgainstEnds()
    {
        const twin::GroupCase one = groupCase(R"(
            group g Stable classic
            b/0 committed=100 end=150
            a/1 committed=100 end=!UNKNOWN_TOPIC_OR_PARTITION
            a/0 committed=100 end=110)");
        const GroupSummary summary = groupSummary(one.listing, one.commits, one.bounds.end);
        QCOMPARE(summary.totalLag, 60);
        QCOMPARE(summary.partitions, 3U);
        QCOMPARE(summary.unknownLags, 1U);
        QCOMPARE(summary.topics, (std::vector<std::string>{"a", "b"}));
        QVERIFY(!summary.error);
        QVERIFY(summary.offsetsReadAt.has_value());
    }

    void aSummaryNamesWhatCouldNotBeRead()
    {
        const twin::GroupCase failed = groupCase("group g Stable classic commits=!_TIMED_OUT");
        const GroupSummary none = groupSummary(failed.listing, failed.commits, {});
        QVERIFY(!none.totalLag);
        QVERIFY(!none.offsetsReadAt);
        QCOMPARE(none.error->code, std::string("_TIMED_OUT"));

        const twin::GroupCase part = groupCase(R"(
            group g Empty
            a/0 committed=100 end=110
            a/1 committed=100 end=!LEADER_NOT_AVAILABLE)");
        const GroupSummary some = groupSummary(part.listing, part.commits, part.bounds.end);
        QCOMPARE(some.totalLag, 10);
        QCOMPARE(some.unknownLags, 1U);
        QCOMPARE(some.error->code, std::string("LEADER_NOT_AVAILABLE"));
    }

    void hugeLagsSaturateInsteadOfTurningNegative()
    {
        const twin::GroupCase one = groupCase(R"(
            group g Empty
            a/0 committed=0 end=9223372036854775807
            a/1 committed=0 end=9223372036854775807)");
        QCOMPARE(detailOf(one).totalLag, std::numeric_limits<std::int64_t>::max());
    }

    void whateverIsReadNothingUnknownBecomesANumber()
    {
        Dice dice(20261121);
        for (int round = 0; round < 5000; ++round) {
            const std::string text = randomGroup(dice);
            const twin::GroupCase one = groupCase(text);
            const GroupDetail detail = detailOf(one);
            std::int64_t sum = 0;
            std::size_t known = 0;
            for (const PartitionLag &row : detail.partitions) {
                const auto why = [&] {
                    return text + "\n" + twin::toText(row, detail.description.members);
                };
                const auto holds = [&](bool truth) { return truth ? std::string() : why(); };
                QCOMPARE(holds(!row.lag || (row.committed && row.logEnd)), std::string());
                QCOMPARE(holds(!row.lag || *row.lag >= 0), std::string());
                QCOMPARE(holds(!row.lost || *row.lost > 0), std::string());
                QCOMPARE(holds(row.condition || !row.conditionNote.empty()), std::string());
                using enum Condition;
                if (row.condition == TopicDeleted || row.condition == BeyondEnd ||
                    row.condition == NoCommit)
                    QCOMPARE(holds(!row.lag), std::string());
                if (row.condition == Ok || row.condition == MarkersOnly)
                    QCOMPARE(holds(row.lag > 0), std::string());
                if (row.condition == Idle)
                    QCOMPARE(holds(row.lag == 0), std::string());
                if (row.condition == RecordsLost)
                    QCOMPARE(holds(row.lost > 0), std::string());
                if (row.condition == Unsubscribed)
                    QCOMPARE(holds(!row.member && row.committed), std::string());
                sum += row.lag.value_or(0);
                known += row.lag ? 1U : 0U;
            }
            QCOMPARE(detail.totalLag.has_value(), known > 0);
            QCOMPARE(detail.totalLag.value_or(0), sum);
            QCOMPARE(detail.unknownLags + known, detail.partitions.size());
            QVERIFY(std::is_sorted(
                detail.partitions.begin(), detail.partitions.end(),
                [](const auto &a, const auto &b) { return a.partition < b.partition; }));
        }
    }
};

QTEST_APPLESS_MAIN(TestLagSums)
#include "tst_lagsums.moc"
