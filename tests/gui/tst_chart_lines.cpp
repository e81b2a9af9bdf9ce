#include "groupsfixture.h"
#include "ui/charts/lagchart.h"
#include "ui/charts/lines.h"
#include "ui/pages/groupdetaillag.h"

#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QToolButton>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using Value = std::optional<std::int64_t>;

namespace {

workspace::GroupHistory historyOf(const std::vector<std::int64_t> &lags)
{
    workspace::GroupHistory history;
    history.total = seriesOf("", 10, [](int i) { return i; });
    for (std::size_t p = 0; p < lags.size(); ++p)
        history.partitions.push_back(
            seriesOf("t/" + std::to_string(p), 10, [&](int) { return lags[p]; }));
    return history;
}

TimeSpan lastMinutes(int minutes)
{
    return {noon() - std::chrono::minutes(minutes), noon()};
}

QStringList labels(const std::vector<Tick> &ticks)
{
    QStringList all;
    for (const Tick &tick : ticks)
        all << tick.label;
    return all;
}

} // namespace

class TestChartLines : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void initTestCase() { isolateSettings(); }

    void anUnknownLagIsAGapAndNotALine()
    {
        const auto series = seriesOf("t/0", 6, [](int i) { return i == 3 ? Value() : Value(i); });
        const Drawing drawing = draw(series.points, lastMinutes(1), 500, false);
        QCOMPARE(drawing.stretches.size(), std::size_t{2});
        QCOMPARE(drawing.stretches[0].size(), 3);
        QCOMPARE(drawing.stretches[1].size(), 2);
        QVERIFY(!drawing.truncated);
    }

    void atMostTwoPointsStandInAPixelColumn()
    {
        const auto series = seriesOf("t/0", 17'280, [](int i) { return (i * 37) % 1000; });
        const Drawing drawing = draw(series.points, lastMinutes(24 * 60), 300, false);
        QCOMPARE(drawing.stretches.size(), std::size_t{1});
        QVERIFY(drawing.stretches[0].size() <= 2 * 301);
    }

    void theExtremesOfAColumnAreKept()
    {
        const auto series = seriesOf("t/0", 1000, [](int i) { return i == 500 ? 1'000'000 : 3; });
        const Drawing drawing = draw(series.points, lastMinutes(120), 20, false);
        double highest = 0;
        for (const QPointF &point : drawing.stretches[0])
            highest = std::max(highest, point.y());
        QCOMPARE(highest, 1'000'000.0);
    }

    void manyGapsAreLeftOutFromTheOldestAndSaidSo()
    {
        const auto series = seriesOf("t/0", 400, [](int i) { return i % 2 ? Value() : Value(i); });
        const Drawing drawing = draw(series.points, lastMinutes(60), 2000, false);
        QCOMPARE(drawing.stretches.size(), stretchLimit);
        QVERIFY(drawing.truncated);
        QCOMPARE(drawing.stretches.back().back().y(), 398.0);
    }

    void aLogarithmicScaleHasRoomForZero()
    {
        QCOMPARE(onAxis(0, true), 0.0);
        QCOMPARE(onAxis(999, true), 3.0);
        QCOMPARE(labels(lagTicks(150'000, true, 10)),
                 (QStringList{u"0"_s, u"1"_s, u"10"_s, u"100"_s, u"1,000"_s, u"10,000"_s,
                              u"100,000"_s}));
        QVERIFY(lagTicks(std::numeric_limits<std::int64_t>::max(), true, 3).size() < 8);
    }

    void lagTicksAreRoundAndWhole()
    {
        QCOMPARE(labels(lagTicks(18'402, false, 4)),
                 (QStringList{u"0"_s, u"5,000"_s, u"10,000"_s, u"15,000"_s}));
        QCOMPARE(labels(lagTicks(0, false, 4)), (QStringList{u"0"_s, u"1"_s}));
        QVERIFY(lagTicks(std::numeric_limits<std::int64_t>::max(), false, 4).size() < 8);
    }

    void timeTicksAreRoundTimes()
    {
        QCOMPARE(labels(timeTicks(lastMinutes(15), TimeZone::Utc, 3)),
                 (QStringList{u"10:50"_s, u"10:55"_s, u"11:00"_s}));
        QCOMPARE(labels(timeTicks({noon() - Millis(10'000), noon()}, TimeZone::Utc, 2)),
                 (QStringList{u"11:03:15"_s, u"11:03:20"_s}));
    }

    void theEightPartitionsWithMostLagGetALine()
    {
        const LineChoice choice = chooseLines(historyOf({5, 1, 9, 2, 8, 3, 7, 4, 6, 0}), {});
        QCOMPARE(choice.names.size(), lineLimit);
        QCOMPARE(choice.hidden, std::size_t{2});
        QCOMPARE(choice.names.front(), std::string("t/2"));
        QVERIFY(std::ranges::find(choice.names, "t/9") == choice.names.end());
    }

    void aLineKeepsItsColourWhileItIsShown()
    {
        const LineChoice before = chooseLines(historyOf({5, 1, 9, 2, 8, 3, 7, 4, 6, 0}), {});
        const LineChoice after = chooseLines(historyOf({6, 1, 7, 2, 9, 3, 8, 4, 5, 0}), before);
        QCOMPARE(after.names, before.names);
        const LineChoice later = chooseLines(historyOf({6, 900, 7, 2, 9, 3, 8, 4, 5, 800}), before);
        QVERIFY(std::ranges::find(later.names, "t/9") != later.names.end());
        QCOMPARE(later.names[0], before.names[0]);
    }

    void theNearestSampleIsRead()
    {
        const auto series = seriesOf("t/0", 3, [](int i) { return i; });
        QCOMPARE(*nearest(series.points, noon() - Millis(2000))->last, 2);
        QCOMPARE(*nearest(series.points, noon() - Millis(3000))->last, 1);
        QCOMPARE(*nearest(series.points, noon() + Millis(9000))->last, 2);
        QVERIFY(!nearest({}, noon()));
    }

    void theCrossHairReadsOut()
    {
        LagChart chart;
        chart.resize(700, 300);
        chart.show(std::make_shared<const workspace::GroupHistory>(historyOf({5, 7})));
        QCOMPARE(chart.readOut(), u"11:03:22 UTC: Total 9; t/1 7; t/0 5"_s);
        chart.moveCrossHair(noon() - Millis(15'000));
        QCOMPARE(chart.readOut(), u"11:03:07 UTC: Total 6; t/1 7; t/0 5"_s);
        QCOMPARE(chart.accessibleDescription(), chart.readOut());
        QTest::keyClick(&chart, Qt::Key_Left);
        QVERIFY(chart.readOut().startsWith(u"11:03:02 UTC: Total 5"_s));
        QTest::keyClick(&chart, Qt::Key_Escape);
        QVERIFY(chart.readOut().startsWith(u"11:03:22 UTC"_s));
    }

    void dragZoomsAndDoubleClickGoesBack()
    {
        LagChart chart;
        chart.resize(900, 400);
        static_cast<QWidget &>(chart).show();
        chart.show(std::make_shared<const workspace::GroupHistory>(historyOf({5, 7})));
        QSignalSpy shown(&chart, &LagChart::shownChanged);
        QWidget *surface = chart.findChild<QAbstractScrollArea *>(u"lag-plot"_s)->viewport();
        QTest::mousePress(surface, Qt::LeftButton, {}, {200, 100});
        QTest::mouseMove(surface, {300, 120});
        QTest::mouseRelease(surface, Qt::LeftButton, {}, {300, 120});
        QVERIFY(chart.isZoomed());
        QVERIFY(chart.span().to - chart.span().from < std::chrono::minutes(15));
        QTest::mouseDClick(surface, Qt::LeftButton, {}, {300, 120});
        QVERIFY(!chart.isZoomed());
        QVERIFY(shown.size() >= 2);
    }

    void foreignNamesAreLegendTextAndNothingElse()
    {
        workspace::GroupHistory history = historyOf({5});
        history.partitions[0].name = "<b>x</b>\xe2\x80\xae/0";
        LagChart chart;
        chart.show(std::make_shared<const workspace::GroupHistory>(history));
        const auto *legend = chart.findChild<QTableWidget *>(u"lag-legend"_s);
        QCOMPARE(legend->item(1, 0)->text(), u"<b>x</b>\\u202e/0"_s);
    }

    void theTableHasTheNewestFirstWhateverLinesCome()
    {
        Settings settings;
        GroupDetailLag tab(settings);
        const auto *table = tab.findChild<QTableView *>(u"lag-table"_s);
        const auto newest = [&](std::vector<std::int64_t> lags) {
            tab.show(std::make_shared<const workspace::GroupHistory>(historyOf(std::move(lags))));
            return table->model()->index(0, 1).data().toString();
        };
        QCOMPARE(newest({}), u"9"_s);
        QCOMPARE(newest({5}), u"9"_s);
        QCOMPARE(newest({5, 7}), u"9"_s);
        QCOMPARE(newest({5, 7, 9}), u"9"_s);
        QCOMPARE(newest({9, 5}), u"9"_s);
    }

    void theTableHasTheNumbersOfTheChart()
    {
        Settings settings;
        GroupDetailLag tab(settings);
        tab.show(std::make_shared<const workspace::GroupHistory>(historyOf({5, 7})));
        const auto *table = tab.findChild<QTableView *>(u"lag-table"_s);
        QCOMPARE(table->model()->rowCount(), 10);
        QCOMPARE(table->model()->index(0, 1).data().toString(), u"9"_s);
        QCOMPARE(table->model()->headerData(2, Qt::Horizontal).toString(), u"t/1"_s);
        tab.findChild<QToolButton *>(u"lag-range-1-h"_s)->click();
        tab.forget();
        QCOMPARE(table->model()->rowCount(), 0);
    }
};

QTEST_MAIN(TestChartLines)
#include "tst_chart_lines.moc"
