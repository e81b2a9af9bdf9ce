#include "app/ctl/displaywidth.h"
#include "app/ctl/tables.h"
#include "app/ctl/texttable.h"
#include "core/monitor/lag.h"
#include "tests/support/values/grouptext.h"

#include <QTest>

using namespace redrive;
using namespace redrive::ctl;

namespace {

GroupDetail detailOf(std::string_view group)
{
    const twin::GroupCase one = twin::groupCase(group);
    return monitor::groupDetail(one.listing, one.description, one.commits, one.bounds);
}

QString blockOf(std::string_view group)
{
    return QString::fromStdString(groupBlock(detailOf(group), {}));
}

} // namespace

class TestTextTable : public QObject
{
    Q_OBJECT

private slots:
    void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight()
    {
        TextTable table({{"GROUP"}, {"LAG", TextTable::Align::Right}, {"TOPIC"}});
        table.add({text("billing"), number(18'402), text("orders")});
        table.add({text("a"), number(7), text("t")});
        QCOMPARE(QString::fromStdString(table.render(false)), QString("GROUP       LAG  TOPIC\n"
                                                                      "billing  18,402  orders\n"
                                                                      "a             7  t\n"));
    }

    void wideAndCombiningCharactersTakeTheColumnsThatATerminalGivesThem()
    {
        QCOMPARE(displayWidth("注文"), 4U);
        QCOMPARE(displayWidth("e\u0301"), 1U);
        QCOMPARE(displayWidth("–"), 1U);
        TextTable table({{"GROUP"}, {"LAG", TextTable::Align::Right}});
        table.add({text("注文"), number(1)});
        table.add({text("abcdef"), number(2)});
        QCOMPARE(QString::fromStdString(table.render(false)), QString("GROUP   LAG\n"
                                                                      "注文      1\n"
                                                                      "abcdef    2\n"));
    }

    void widthsDoNotFailOnBytesThatAreNotText()
    {
        QCOMPARE(displayWidth("a\xff"
                              "b"),
                 3U);
        QCOMPARE(displayWidth("\xe6\xb3"), 2U);
    }

    void whatIsUnknownIsADashAndNeverAZero()
    {
        QCOMPARE(number(std::optional<std::int64_t>()).text, std::string("–"));
        QCOMPARE(number(std::optional<Offset>()).text, std::string("–"));
        QCOMPARE(textOrUnknown(std::nullopt).text, std::string("–"));
        QCOMPARE(number(0).text, std::string("0"));
    }

    void linesEndWithoutBlanks()
    {
        TextTable table({{"A"}, {"B"}, {"C"}});
        table.add({text("x"), {}, {}});
        for (const bool colour : {false, true})
            for (const QString &line : QString::fromStdString(table.render(colour)).split('\n'))
                QVERIFY(!line.endsWith(' '));
    }

    void thereAreNoEscapeSequencesUnlessColoursAreWanted()
    {
        TextTable table({{"A"}});
        table.add({text("x", Tint::Bad)});
        QVERIFY(!QString::fromStdString(table.render(false)).contains('\x1b'));
        QVERIFY(QString::fromStdString(table.render(true)).contains("\x1b[31mx\x1b[0m"));
    }

    void foreignTextCommandsNoTerminal()
    {
        TextTable table({{"GROUP"}});
        table.add({text("a\x1b[2Jb\n\u202ec")});
        const QString out = QString::fromStdString(table.render(false));
        QVERIFY(!out.contains('\x1b'));
        QVERIFY(!out.contains(QChar(0x202e)));
        QCOMPARE(out.count('\n'), 2);
    }

    void statesHaveAShapeAndKafkasWord()
    {
        QCOMPARE(stateCell(GroupState::Stable).text, std::string("● Stable"));
        QCOMPARE(stateCell(GroupState::CompletingRebalance).text,
                 std::string("◐ CompletingRebalance"));
        QCOMPARE(stateCell(GroupState::Empty).text, std::string("○ Empty"));
        QCOMPARE(stateCell(GroupState::Dead).text, std::string("✕ Dead"));
        QCOMPARE(stateCell(std::nullopt).text, std::string("? unknown"));
    }

    void timesAreNeverShownWithoutTheirZone()
    {
        const WallTime time{Millis(1'795'255'200'000)};
        QCOMPARE(clockText(time, false), std::string("2026-11-21 10:00:00 UTC"));
        qputenv("TZ", "Asia/Tokyo");
        tzset();
        QCOMPARE(clockText(time, true), std::string("2026-11-21 19:00:00 JST"));
        qunsetenv("TZ");
        tzset();
    }

    void aGroupIsABlockWithConditionsInWordsAndATotal()
    {
        const QString block = blockOf("group billing Stable classic\n"
                                      "orders/0 member=c1 committed=100 end=1300\n"
                                      "orders/1 member=c1 committed=5 start=20 end=30\n"
                                      "orders/2 member=c1 committed=- end=9\n");
        QVERIFY2(block.startsWith("billing\n"), qPrintable(block));
        QVERIFY2(block.contains("● Stable"), qPrintable(block));
        QVERIFY2(block.contains("1,225 (unknown on 1 of 3 partitions)"), qPrintable(block));
        QVERIFY2(block.contains("▼ records lost: 15"), qPrintable(block));
        QVERIFY2(block.contains("□ no commit"), qPrintable(block));
    }

    void anErrorStandsAtThePartitionItBelongsTo()
    {
        const QString block = blockOf("group g Empty classic\n"
                                      "t/0 committed=1 end=2\n"
                                      "t/1 committed=1 end=!NOT_LEADER_OR_FOLLOWER\n");
        const QStringList lines = block.split('\n').filter("NOT_LEADER_OR_FOLLOWER");
        QVERIFY2(!lines.isEmpty(), qPrintable(block));
        QVERIFY2(lines.first().simplified().startsWith("t 1 "), qPrintable(lines.first()));
    }

    void theListSumsWhatIsKnownAndCountsWhatIsNot()
    {
        std::vector<GroupRow> rows(2);
        rows[0].listing.id = GroupId("a");
        rows[0].listing.state = GroupState::Empty;
        rows[0].totalLag = 18'000;
        rows[0].topics = {"orders", "refunds"};
        rows[1].listing.id = GroupId("b");
        rows[1].unknownLags = 3;
        const QString table = QString::fromStdString(groupsTable(rows, {.lag = true}, {}));
        QVERIFY2(table.contains("2 groups, total lag 18,000, lag unknown on 3 partitions"),
                 qPrintable(table));
        QVERIFY2(table.contains("orders, refunds"), qPrintable(table));
    }
};

QTEST_APPLESS_MAIN(TestTextTable)
#include "tst_texttable.moc"
