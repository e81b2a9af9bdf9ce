#include "groupsstory.h"
#include "ui/pages/groupspage.h"

#include <QAccessible>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

/// The page over a cluster that has no session: snapshots are shown by the test.
struct Desk
{
    Settings settings;
    ClusterView cluster{u"payments-eu"_s};
    GroupsPage page{settings};

    Desk()
    {
        page.setCluster(&cluster);
        page.resize(1400, 700);
        bringUp(page);
        page.setShown(true);
    }
    QTableView *table(const char *name = "groups-table")
    {
        return page.findChild<QTableView *>(QString::fromLatin1(name));
    }
    QString label(const char *name)
    {
        return page.findChild<QLabel *>(QString::fromLatin1(name))->text();
    }
    QStringList names()
    {
        QStringList all;
        for (int row = 0; row < table()->model()->rowCount(); ++row)
            all << table()->model()->index(row, 1).data().toString();
        return all;
    }
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {})
    {
        table()->setFocus();
        QTest::keyClick(table(), key, modifiers);
    }
    void trigger(const char *name)
    {
        page.findChild<QAction *>(QString::fromLatin1(name))->trigger();
    }
};

} // namespace

class TestGroupsPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init()
    {
        failOnWarnings();
        Settings settings;
        for (const QString &name : settings.watched(u"payments-eu"_s))
            settings.setWatched(u"payments-eu"_s, name, false);
        settings.setTimeZone(TimeZone::Utc);
        settings.setState(u"groups-table"_s, {});
    }

    void theGroupsWithMostLagComeFirstAndUnknownOnesLast()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        QCOMPARE(desk.names().mid(0, 3),
                 (QStringList{u"recommendations"_s, u"billing"_s, u"audit"_s}));
        QCOMPARE(desk.names().mid(11), (QStringList{u"legacy-share"_s, u"restricted"_s}));
        QCOMPARE(desk.label("groups-count"), u"13 groups"_s);
    }

    void arrowKeysGoThroughGroupsAndAskForEach()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        QSignalSpy moved(&desk.page, &Page::placeChanged);
        desk.press(Qt::Key_Down);
        desk.press(Qt::Key_Down);
        desk.press(Qt::Key_Up);
        const QString here = desk.page.place();
        QCOMPARE(here, desk.table()->currentIndex().siblingAtColumn(1).data().toString());
        QCOMPARE(desk.label("group-times"), u"Reading…"_s);
        QTRY_COMPARE(moved.size(), 1); // passing by is no place to go back to
    }

    void onlyTheDetailOfTheChosenGroupIsShown()
    {
        Desk desk;
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        desk.cluster.show(snapshot);
        desk.page.goTo(u"audit"_s);
        QCOMPARE(desk.label("group-times"), u"Reading…"_s);
        QCOMPARE(desk.label("group-headline"), u"○ Empty · classic"_s);
        QCOMPARE(desk.table("partition-table")->model()->rowCount(), 0);
        desk.page.goTo(u"billing"_s);
        QCOMPARE(
            desk.label("group-headline"),
            u"● Stable · classic · range · 3 members · coordinator 2 at broker-2.kafka.svc:9092"_s);
        QCOMPARE(desk.label("group-times"),
                 u"Commits read 11:03:22.114 UTC, ends 11:03:22.201 UTC"_s);
        QCOMPARE(desk.table("partition-table")->model()->rowCount(), 11);
        QVERIFY(desk.label("group-lag-caption").contains(u"without 3 of 11"_s));
        QVERIFY(desk.label("group-remarks").contains(u"stable offsets"_s));
    }

    void theSelectionSurvivesARefreshThatMovesIt()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.goTo(u"audit"_s);
        auto next = storySnapshot();
        std::vector<GroupSummary> groups = *next->groups;
        groups[3].totalLag = 99'999'999;
        next->groups = std::make_shared<const std::vector<GroupSummary>>(groups);
        desk.cluster.show(next);
        QCOMPARE(desk.page.place(), u"audit"_s);
        QCOMPARE(desk.table()->currentIndex().siblingAtColumn(1).data().toString(), u"audit"_s);
    }

    void aGroupThatGoesAwayLeavesItsPlaceAndNobodyElseTakesIt()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.goTo(u"audit"_s);
        auto next = snapshotOf({summaryOf("billing", 1), summaryOf("other", 2)});
        desk.cluster.show(next);
        QCOMPARE(desk.page.place(), u"audit"_s);
        QVERIFY(!desk.table()->selectionModel()->hasSelection());
        QCOMPARE(desk.label("group-headline"), u"Not in the list of groups"_s);
    }

    void theFilterHidesAndSaysHowMany()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.focusFilter();
        auto *filter = desk.page.findChild<QLineEdit *>(u"groups-filter"_s);
        QCOMPARE(QApplication::focusWidget(), filter);
        QTest::keyClicks(filter, u"BILL"_s);
        QCOMPARE(desk.names(), QStringList{u"billing"_s});
        QCOMPARE(desk.label("groups-count"), u"1 of 13"_s);
        QTest::keyClicks(filter, u"xyz"_s);
        auto *button =
            desk.page.findChild<QStackedWidget *>()->findChild<QPushButton *>(u"empty-button"_s);
        QVERIFY(button);
        for (QPushButton *candidate : desk.page.findChildren<QPushButton *>(u"empty-button"_s)) {
            if (candidate->isVisible())
                candidate->click();
        }
        QCOMPARE(desk.names().size(), 13);
        QVERIFY(filter->text().isEmpty());
    }

    void statesAreFilteredByChoice()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        auto *button = desk.page.findChild<QToolButton *>(u"groups-state-filter"_s);
        const auto choices = button->menu()->actions();
        for (QAction *choice : choices) {
            if (choice->text().contains(u"Empty"_s) || choice->text().contains(u"Dead"_s))
                choice->trigger();
        }
        QCOMPARE(desk.names(), (QStringList{u"audit"_s, u"warehouse-sync"_s, u"snapshot-tool"_s}));
        QCOMPARE(button->text(), u"State: ○ Empty, ✕ Dead"_s);
    }

    void aGroupIsWatchedByKeyAndRemembered()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.goTo(u"audit"_s);
        desk.press(Qt::Key_W);
        QCOMPARE(desk.settings.watched(u"payments-eu"_s), QSet<QString>{u"audit"_s});
        QCOMPARE(desk.table()->currentIndex().siblingAtColumn(0).data().toString(), u"★"_s);
        desk.page.findChild<QToolButton *>(u"groups-watched-only"_s)->click();
        QCOMPARE(desk.names(), QStringList{u"audit"_s});
        desk.press(Qt::Key_W);
        QVERIFY(desk.settings.watched(u"payments-eu"_s).isEmpty());
    }

    void theStarIsClicked()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        const QModelIndex star = desk.table()->model()->index(1, 0);
        QTest::mouseClick(desk.table()->viewport(), Qt::LeftButton, {},
                          desk.table()->visualRect(star).center());
        QCOMPARE(desk.settings.watched(u"payments-eu"_s), QSet<QString>{u"billing"_s});
    }

    void theCommandThatSaysTheSameIsCopied()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.goTo(u"billing"_s);
        desk.trigger("copy-group-command");
        QCOMPARE(QGuiApplication::clipboard()->text(),
                 u"redrivectl --profile payments-eu groups describe billing"_s);
    }

    void aClusterWithoutGroupsSaysSo()
    {
        Desk desk;
        desk.cluster.show(snapshotOf({}));
        QStringList shown;
        for (const QLabel *title : desk.page.findChildren<QLabel *>(u"empty-title"_s)) {
            if (title->isVisible())
                shown << title->text();
        }
        QCOMPARE(shown, QStringList{u"This cluster has no consumer groups."_s});
    }

    void aRefusalIsShownInTheBrokersWordsWithAdvice()
    {
        Desk desk;
        auto snapshot = std::make_shared<Snapshot>();
        snapshot->connectionError =
            brokerError("connecting to broker-1:9092", "Connection refused", "_TRANSPORT");
        snapshot->connectionAdvice = "Is a broker listening there?";
        desk.cluster.show(snapshot);
        QStringList shown;
        for (const QLabel *text : desk.page.findChildren<QLabel *>(u"empty-text"_s)) {
            if (text->isVisible())
                shown << text->text();
        }
        QCOMPARE(shown,
                 QStringList{u"connecting to broker-1:9092: Connection refused (_TRANSPORT)\n\n"
                             "Is a broker listening there?"_s});
    }

    void staleValuesStayAndAreMarked()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        auto stale = storySnapshot();
        stale->connection = workspace::Connection::Stale;
        stale->connectionError =
            brokerError("listing groups", "All brokers are down", "_ALL_BROKERS_DOWN");
        desk.cluster.show(stale);
        QCOMPARE(desk.names().size(), 13);
        QVERIFY(desk.label("groups-banner").contains(u"Not connected"_s));
        QVERIFY(desk.label("groups-banner").contains(u"All brokers are down"_s));
        QVERIFY(desk.page.findChild<QLabel *>(u"groups-banner"_s)->isVisible());
    }

    void rawIsTheContractOneFactALine()
    {
        Desk desk;
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        desk.cluster.show(snapshot);
        desk.page.goTo(u"billing"_s);
        desk.page.findChild<QTabWidget *>(u"group-tabs"_s)->setCurrentIndex(3);
        const QString raw = desk.page.findChild<QPlainTextEdit *>(u"group-raw"_s)->toPlainText();
        const QJsonDocument json = QJsonDocument::fromJson(raw.toUtf8());
        QVERIFY(json.isObject());
        QCOMPARE(json[u"group"_s].toString(), u"billing"_s);
        QCOMPARE(json[u"partitions"_s].toArray().size(), 11);
        QVERIFY(json[u"partitions"_s][8][u"committed"_s].isNull());
        QCOMPARE(json[u"partitions"_s][9][u"error"_s][u"code"_s].toString(),
                 u"LEADER_NOT_AVAILABLE"_s);
        QVERIFY(json[u"partitions"_s][6][u"metadata"_s].isObject());
        QCOMPARE(json[u"members"_s][0][u"instance_id"_s].toString(), u"billing-a"_s);
        for (const QString &line : raw.split(u'\n'))
            QVERIFY2(line.size() < 160, qPrintable(line));
    }

    void aHiddenPageDoesNotRefresh()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.setShown(false);
        desk.cluster.show(snapshotOf({summaryOf("only", 1)}));
        QCOMPARE(desk.names().size(), 13);
        desk.page.setShown(true);
        QCOMPARE(desk.names(), QStringList{u"only"_s});
    }

    void anotherClusterForgetsTheFirst()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        desk.page.goTo(u"billing"_s);
        ClusterView other(u"staging"_s);
        other.show(snapshotOf({summaryOf("billing", 1)}));
        desk.page.setCluster(&other);
        QCOMPARE(desk.names(), QStringList{u"billing"_s});
        QVERIFY(desk.page.place().isEmpty());
        desk.page.setCluster(nullptr);
        QVERIFY(desk.names().isEmpty());
    }

    void thePaletteOffersWhatCanBeDoneWithTheChosenGroup()
    {
        Desk desk;
        desk.cluster.show(storySnapshot());
        QVERIFY(desk.page.paletteEntries().empty());
        desk.page.goTo(u"billing"_s);
        const auto run = [&](const QString &text) {
            const auto entries = desk.page.paletteEntries();
            const auto found = std::ranges::find(entries, text, &PaletteEntry::text);
            QVERIFY2(found != entries.end(), qPrintable(text));
            QCOMPARE(found->hint, u"W"_s);
            found->run();
        };
        run(u"Watch: billing"_s);
        QCOMPARE(desk.settings.watched(u"payments-eu"_s), QSet<QString>{u"billing"_s});
        run(u"Stop watching: billing"_s);
        QVERIFY(desk.settings.watched(u"payments-eu"_s).isEmpty());
    }

    void tabGoesThroughThePageInTheOrderOfReading()
    {
        Desk desk;
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        desk.cluster.show(snapshot);
        desk.page.goTo(u"billing"_s);
        desk.page.focusFilter();
        QStringList reached;
        for (int i = 0; i < 7; ++i) {
            reached << QApplication::focusWidget()->objectName();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        QCOMPARE(reached,
                 (QStringList{u"groups-filter"_s, u"groups-state-filter"_s,
                              u"groups-watched-only"_s, u"groups-table"_s, u"group-actions"_s,
                              u"qt_tabwidget_tabbar"_s, u"partition-table"_s}));
    }

    void enterOpensTheDetailAndEscapeLeavesIt()
    {
        Desk desk;
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        desk.cluster.show(snapshot);
        desk.page.goTo(u"billing"_s);
        desk.press(Qt::Key_Return);
        QCOMPARE(QApplication::focusWidget(), desk.table("partition-table"));
        QTest::keyClick(desk.table("partition-table"), Qt::Key_Escape);
        QCOMPARE(QApplication::focusWidget(), desk.table());
    }

    void everythingThatTakesFocusHasAName()
    {
        Desk desk;
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        desk.cluster.show(snapshot);
        desk.page.goTo(u"billing"_s);
        for (const QWidget *widget : desk.page.findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus ||
                widget->objectName().startsWith(u"qt_"_s))
                continue;
            QAccessibleInterface *reached =
                QAccessible::queryAccessibleInterface(const_cast<QWidget *>(widget));
            QVERIFY2(reached && !reached->text(QAccessible::Name).isEmpty(),
                     qPrintable(widget->objectName() + u' ' +
                                QLatin1String(widget->metaObject()->className())));
        }
    }
};

QTEST_MAIN(TestGroupsPage)
#include "tst_groups_page.moc"
