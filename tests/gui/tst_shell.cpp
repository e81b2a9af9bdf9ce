#include "tests/gui/shellfixture.h"
#include "ui/bridge/background.h"
#include "ui/models/groupmodel.h"
#include "ui/shell/connectiontext.h"
#include "ui/shell/history.h"
#include "ui/shell/problemsmodel.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QScrollBar>
#include <QTableView>
#include <QToolButton>

#include <future>

using namespace redrive;
using namespace redrive::test;
using namespace redrive::ui;
using namespace Qt::StringLiterals;

namespace {

const WallTime now(Millis(1'795'258'960'000));

workspace::Problem problem(const std::string &id, bool current, std::uint64_t count = 1)
{
    workspace::Problem made;
    made.id = id;
    made.error = brokerError("describing group " + id, "Group authorization failed",
                             "GROUP_AUTHORIZATION_FAILED");
    made.advice = "Grant DESCRIBE.";
    made.first = WallTime(Millis(1'795'258'900'000));
    made.last = WallTime(Millis(1'795'258'950'000));
    made.count = count;
    made.current = current;
    return made;
}

} // namespace

class ShellTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }

    void historyGoesBackAndForwardAndForgetsWhatLayAheadOfANewPlace()
    {
        History history;
        QVERIFY(!history.canGoBack() && !history.canGoForward());
        history.visit({u"Overview"_s, {}});
        history.visit({u"Groups"_s, u"a"_s});
        history.visit({u"Groups"_s, u"a"_s});
        history.visit({u"Groups"_s, u"b"_s});
        QCOMPARE(history.back().within, u"a"_s);
        QCOMPARE(history.back().page, u"Overview"_s);
        QVERIFY(!history.canGoBack());
        QCOMPARE(history.forward().within, u"a"_s);
        history.visit({u"Topics"_s, {}});
        QVERIFY(!history.canGoForward());
        QCOMPARE(history.back().within, u"a"_s);
    }

    void theConnectionIsToldByWordAndShape()
    {
        workspace::ClusterSnapshot snapshot;
        QCOMPARE(connectionWord(snapshot, ui::TimeZone::Utc, now).text, u"◐ connecting"_s);
        snapshot.connectionError = brokerError("connecting", "refused", "_TRANSPORT");
        QCOMPARE(connectionWord(snapshot, ui::TimeZone::Utc, now).text, u"✕ not connected"_s);
        snapshot.connection = workspace::Connection::Live;
        QCOMPARE(connectionWord(snapshot, ui::TimeZone::Utc, now).text, u"● connected"_s);
        snapshot.connection = workspace::Connection::Stale;
        snapshot.since = WallTime(Millis(1'795'258'900'000));
        QCOMPARE(connectionWord(snapshot, ui::TimeZone::Utc, now).text,
                 u"✕ not connected since 11:01:40 UTC"_s);
    }

    void theStatusLineSaysHowLiveThingsAre()
    {
        auto snapshot = *liveSnapshot({});
        QCOMPARE(liveLine(snapshot, ui::TimeZone::Utc, now).text,
                 u"● live, every 5 s · 11:02:30 UTC · 0.24 s"_s);
        snapshot.slowed = true;
        snapshot.interval = Millis(12'500);
        QCOMPARE(liveLine(snapshot, ui::TimeZone::Utc, now).text,
                 u"◐ live, slowed to every 12.5 s · 11:02:30 UTC · 0.24 s"_s);
        snapshot.paused = true;
        QCOMPARE(liveLine(snapshot, ui::TimeZone::Utc, now).text,
                 u"‖ paused · values of 11:02:30 UTC"_s);
        snapshot.connection = workspace::Connection::Stale;
        QVERIFY(liveLine(snapshot, ui::TimeZone::Utc, now).text.startsWith(u"✕ stale since"_s));
    }

    void backAndForwardReturnToThePlace()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s,
                           liveSnapshot({summaryOf("audit", 1), summaryOf("billing", 3)}));
        auto &window = fixture.window();
        window.showPlace(u"Groups"_s, u"billing"_s);
        window.showPlace(u"Groups"_s, u"audit"_s);
        window.showPage(u"Topics"_s);
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(window.currentPage()->place(), u"audit"_s);
        QTest::keyClick(&window, Qt::Key_Left, Qt::AltModifier);
        QTRY_COMPARE(window.currentPage()->place(), u"billing"_s);
        QTest::keyClick(&window, Qt::Key_Right, Qt::AltModifier);
        QTRY_COMPARE(window.currentPage()->place(), u"audit"_s);
    }

    void eachClusterKeepsItsPageAndPlace()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"one"_s, liveSnapshot({summaryOf("billing", 3)}));
        fixture.window().showPlace(u"Groups"_s, u"billing"_s);
        fixture.addCluster(u"two"_s, liveSnapshot({summaryOf("audit", 3)}));
        QCOMPARE(fixture.window().currentPage()->title(), u"Overview"_s);
        fixture.window().showPage(u"Topics"_s);
        fixture.window().clusters().setCurrent(0);
        QCOMPARE(fixture.window().currentPage()->title(), u"Groups"_s);
        QCOMPARE(fixture.window().currentPage()->place(), u"billing"_s);
        fixture.window().clusters().setCurrent(1);
        QCOMPARE(fixture.window().currentPage()->title(), u"Topics"_s);
        fixture.window().clusters().close(1);
        QCOMPARE(fixture.window().clusters().count(), 1);
        QCOMPARE(fixture.window().currentPage()->title(), u"Groups"_s);
    }

    void onlyProductionHasABandAndReadOnlySaysSo()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        auto *band = fixture.find<QLabel>("production-band");
        auto *warning = fixture.find<QLabel>("security-warning");
        auto *button = fixture.find<QToolButton>("cluster-switcher");
        QVERIFY(!band->isVisible());
        QVERIFY(!warning->isVisible());
        fixture.addCluster(u"payments-eu"_s, liveSnapshot({}),
                           kafka::effectivePolicy(std::nullopt, true),
                           {u"the broker's certificate is not checked"_s});
        QVERIFY(band->isVisible());
        QCOMPARE(band->text(), u"PROD · payments-eu"_s);
        QVERIFY(warning->isVisible());
        QVERIFY(warning->text().contains(u"the broker's certificate is not checked"_s));
        QVERIFY(button->accessibleName().contains(u"read-only"_s));
        QVERIFY(button->accessibleName().contains(u"● connected"_s));
        fixture.window().clusters().setCurrent(0);
        QVERIFY(!band->isVisible());
        QVERIFY(!warning->isVisible());
    }

    void problemsAreCountedListedAndCopied()
    {
        ShellFixture fixture;
        fixture.showWindow();
        auto snapshot = liveSnapshot({});
        auto *view = fixture.addCluster(u"local"_s, snapshot);
        auto *button = fixture.find<QToolButton>("problems-button");
        auto *table = fixture.find<QTableView>("problems-table");
        QCOMPARE(button->text(), u"✓ No problems"_s);
        auto next = std::make_shared<workspace::ClusterSnapshot>(*snapshot);
        next->problems = {problem("a", true, 11), problem("b", true), problem("c", false)};
        view->show(next);
        QCOMPARE(button->text(), u"⚠ 2 problems"_s);
        button->click();
        QTRY_VERIFY(table->isVisible());
        QCOMPARE(table->model()->rowCount(), 3);
        QVERIFY(table->hasFocus());
        QCOMPARE(table->model()->index(2, ProblemsModel::State).data().toString(), u"○ over"_s);
        QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"Group authorization failed"_s));
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"Grant DESCRIBE."_s));
        QTest::keyClick(table, Qt::Key_Escape);
        QTRY_VERIFY(!table->isVisible());
    }

    void theListOfProblemsChangesInPlace()
    {
        ProblemsModel model;
        const QAbstractItemModelTester tester(&model);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.show({problem("b", true), problem("a", true)}, ui::TimeZone::Utc, now);
        const QPersistentModelIndex kept = model.index(1, 0);
        model.show({problem("b", false, 2), problem("c", true)}, ui::TimeZone::Utc, now);
        QCOMPARE(model.rowCount(), 2);
        QVERIFY(kept.isValid());
        QCOMPARE(kept.row(), 0);
        QCOMPARE(kept.data().toString(), u"○ over"_s);
        model.show({}, ui::TimeZone::Utc, now);
        QCOMPARE(model.rowCount(), 0);
        QCOMPARE(resets.count(), 0);
    }

    void aFailureOfTheConnectionStandsInTheFrameInTheBrokersWords()
    {
        ShellFixture fixture;
        fixture.showWindow();
        auto snapshot = std::make_shared<workspace::ClusterSnapshot>();
        snapshot->connectionError =
            brokerError("connecting to b:1", "Connection refused", "_TRANSPORT");
        fixture.addCluster(u"local"_s, snapshot);
        QVERIFY(fixture.find<QLabel>("status-live")->text().startsWith(u"✕ not connected"_s));
        QVERIFY(fixture.find<QLabel>("status-reason")->text().contains(u"Connection refused"_s));
    }

    void theLayoutAndThePageAreThereAgainAfterARestart()
    {
        ShellFixture fixture;
        fixture.showWindow({1000, 700});
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        fixture.window().showPage(u"Groups"_s);
        fixture.window().close();
        fixture.closeWindow();
        QCOMPARE(fixture.settings->lastPage(), u"Groups"_s);
        fixture.window().show();
        QCOMPARE(fixture.window().size(), QSize(1000, 700));
        fixture.addCluster(u"local"_s, liveSnapshot({}));
        QCOMPARE(fixture.window().currentPage()->title(), u"Groups"_s);
    }

    void aProfileThatCannotBeOpenedIsShownInTheFormWithTheReason()
    {
        ShellFixture fixture;
        fixture.write(u"profiles.toml"_s,
                      "[profiles.local]\nbootstrap = \"localhost:1\"\nproperties = { "
                      "\"sasl.password\" = \"env:REDRIVE_TEST_NOT_SET\" }\n");
        fixture.settings->setLastProfiles({u"local"_s});
        fixture.showWindow();
        fixture.window().start({});
        QCOMPARE(fixture.window().currentPage()->title(), u"Connect"_s);
        QVERIFY(
            fixture.find<QLabel>("connect-message")->text().contains(u"REDRIVE_TEST_NOT_SET"_s));
        QCOMPARE(fixture.find<QLineEdit>("bootstrap-servers")->text(), u"localhost:1"_s);
    }

    void theOverviewLeadsToTheGroupByEnter()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"local"_s,
                           liveSnapshot({summaryOf("audit", 1), summaryOf("billing", 300)}));
        auto *table = fixture.find<QTableView>("ranking-table");
        QCOMPARE(table->model()->index(0, 0).data().toString(), u"billing"_s);
        table->setFocus();
        table->setCurrentIndex(table->model()->index(0, 0));
        QTest::keyClick(table, Qt::Key_Return);
        QTRY_COMPARE(fixture.window().currentPage()->title(), u"Groups"_s);
        QCOMPARE(fixture.window().currentPage()->place(), u"billing"_s);
    }

    void theOverviewFitsBesideItsFactsInAWindowOfTheUsualSize()
    {
        ShellFixture fixture;
        fixture.addCluster(u"local"_s, liveSnapshot({summaryOf("billing", 1)}));
        fixture.showWindow();
        const auto *table = fixture.find<QTableView>("ranking-table");
        QVERIFY(!table->isColumnHidden(4));
        QCOMPARE(table->horizontalScrollBar()->maximum(), 0);
    }

    void nothingUnknownIsANumberOnTheOverview()
    {
        ShellFixture fixture;
        fixture.showWindow();
        auto unknown = summaryOf("quiet", std::nullopt, std::nullopt);
        unknown.offsetsReadAt.reset();
        fixture.settings->setWatched(u"local"_s, u"quiet"_s, true);
        fixture.addCluster(u"local"_s, liveSnapshot({unknown}));
        auto *table = fixture.find<QTableView>("ranking-table");
        QCOMPARE(table->model()->rowCount(), 1);
        QCOMPARE(table->model()->index(0, 2).data().toString(), u"–"_s);
        QVERIFY(table->model()->index(0, 1).data().toString().startsWith(u"?"_s));
        QCOMPARE(fixture.find<QLabel>("overview-headline")->text(),
                 u"1 groups; no lag is known yet"_s);
    }

    void theTrendOfGroupsIsSeenWholeInAWindowNarrowerThanUsual()
    {
        ShellFixture fixture;
        fixture.addCluster(u"local"_s, liveSnapshot({summaryOf("billing", 1)}));
        fixture.showWindow({1300, 820});
        fixture.window().showPage(u"Groups"_s);
        const auto *table = fixture.find<QTableView>("groups-table");
        const int right = table->columnViewportPosition(GroupModel::Trend) +
                          table->columnWidth(GroupModel::Trend);
        QVERIFY2(right <= table->viewport()->width(),
                 qPrintable(u"%1 of %2"_s.arg(right).arg(table->viewport()->width())));
    }
};

QTEST_MAIN(ShellTest)
#include "tst_shell.moc"
