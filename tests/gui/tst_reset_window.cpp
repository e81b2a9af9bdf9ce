// Resets as a part of the window: where they are asked for, and what goes on
// without their dialog.
#include "resetfixture.h"
#include "shellfixture.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/dialogs/resetjobsbutton.h"
#include "ui/widgets/datatable.h"

#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

struct ResetWindow : ShellFixture
{
    ResetWindow()
    {
        showWindow();
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        auto made = std::make_unique<ClusterView>(u"payments-eu"_s);
        view = made.get();
        view->setOffsetRunner(runner);
        view->show(snapshot);
        window().addCluster(std::move(made), {});
        window().showPlace(u"Groups"_s, u"billing"_s);
    }
    ResetDialog *dialog() { return window().findChild<ResetDialog *>(u"reset-offsets"_s); }
    std::vector<ResetDialog *> dialogs()
    {
        std::vector<ResetDialog *> shown;
        for (auto *each : window().findChildren<ResetDialog *>(u"reset-offsets"_s)) {
            if (each->isVisible())
                shown.push_back(each);
        }
        return shown;
    }
    /// A reset of billing waits, its dialog closed.
    OffsetTwin &arm()
    {
        find<QAction>("reset-group")->trigger();
        ResetDialog *const open = dialog();
        open->fillIn(
            {GroupId("billing"), {{{"orders", {}}}, false}, offsets::to::Earliest{}, false});
        [&] { QTRY_VERIFY(open->findChild<QPushButton *>(u"plan-wait"_s)->isVisible()); }();
        open->findChild<QPushButton *>(u"plan-wait"_s)->menu()->actions().front()->trigger();
        OffsetTwin &twin = *runner->twins.back();
        twin.say(waitingOf(twin, 3));
        [&] {
            QTRY_VERIFY(
                open->findChild<QLabel *>(u"plan-status"_s)->text().contains(u"3 members"_s));
        }();
        open->close();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        return twin;
    }
    QMenu *jobsMenu()
    {
        QMenu *const menu = find<ResetJobsButton>("jobs-button")->menu();
        emit menu->aboutToShow();
        return menu->actions().front()->menu();
    }
    QAction *job(const QString &name)
    {
        for (QAction *action : jobsMenu()->actions()) {
            if (action->objectName() == name)
                return action;
        }
        return nullptr;
    }

    std::shared_ptr<TwinOffsets> runner = [] {
        auto facts = factsOf("billing", 6, GroupState::Stable);
        facts.group.members = {memberOf("billing-1", {{"orders", 0}})};
        return std::make_shared<TwinOffsets>(std::move(facts));
    }();
    ClusterView *view = nullptr;
};

} // namespace

class ResetWindowTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init()
    {
        // What the offscreen platform cannot do is nobody's fault.
        QTest::failOnWarning(QRegularExpression(u"^(?!This plugin does not support)"_s));
    }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void aGroupHasOnePlanAndASecondRequestBringsItUp()
    {
        ResetWindow fixture;
        auto *action = fixture.find<QAction>("reset-group");
        QVERIFY(action->isEnabled());
        action->trigger();
        action->trigger();
        QCOMPARE(fixture.dialogs().size(), std::size_t(1));
        QCOMPARE(fixture.dialog()->windowTitle(), u"Move billing"_s);
        QVERIFY(!fixture.dialog()->isModal());
        fixture.window().showPlace(u"Groups"_s, u"audit"_s);
        action->trigger();
        QCOMPARE(fixture.dialogs().size(), std::size_t(2));
        QVERIFY(fixture.find<QPushButton>("reset-group-button")->isVisible());
    }

    void rowsOfPartitionsAreAPlanFilledIn()
    {
        ResetWindow fixture;
        auto *table = fixture.find<DataTable>("partition-table");
        auto *skip = fixture.find<QAction>("partition-skip");
        QVERIFY(!skip->isEnabled());
        QVERIFY(skip->toolTip().contains(u"selected"_s));
        for (int row = 0; row < table->source().rowCount(); ++row) {
            if (table->source().index(row, 0).data() == u"orders"_s &&
                table->source().index(row, 1).data() == u"3"_s)
                table->selectSourceRow(row);
        }
        QVERIFY(skip->isEnabled());
        skip->trigger();
        OffsetTwin &twin = *fixture.runner->twins.back();
        QTRY_COMPARE(twin.planned.size(), std::size_t(1));
        QCOMPARE(twin.planned.front().target, offsets::Target(offsets::to::Shift{1}));
        QCOMPARE(twin.planned.front().scope.topics,
                 (std::vector<offsets::TopicScope>{{"orders", {3}}}));
        table->selectAll();
        QVERIFY(!skip->isEnabled());
        QVERIFY(!fixture.find<QAction>("partition-seek")->isEnabled());
        fixture.find<QAction>("partition-reset")->trigger();
        QTRY_VERIFY(twin.planned.size() == 2);
        QCOMPARE(twin.planned.back().scope.topics.size(), std::size_t(3));
        QCOMPARE(fixture.dialogs().size(), std::size_t(1));
    }

    void thePaletteOffersIt()
    {
        ResetWindow fixture;
        const auto entries = fixture.window().currentPage()->paletteEntries();
        QVERIFY(std::ranges::any_of(
            entries, [](const auto &entry) { return entry.text == u"Reset offsets…: billing"_s; }));
    }

    void withoutARunnerItSaysWhyNot()
    {
        ShellFixture fixture;
        fixture.showWindow();
        fixture.addCluster(u"a"_s, storySnapshot());
        fixture.window().showPlace(u"Groups"_s, u"billing"_s);
        QVERIFY(!fixture.find<QAction>("reset-group")->isEnabled());
        QVERIFY(
            !fixture.find<QPushButton>("reset-group-button")->accessibleDescription().isEmpty());
    }

    void aResetThatWaitsStandsInTheStatusLineAndOpensAgain()
    {
        ResetWindow fixture;
        auto *button = fixture.find<ResetJobsButton>("jobs-button");
        QVERIFY(!button->isVisible());
        fixture.arm();
        QCOMPARE(fixture.dialogs().size(), std::size_t(0));
        QVERIFY(button->isVisible());
        QCOMPARE(button->accessibleName(), u"1 reset waits"_s);
        const QString title = fixture.jobsMenu()->title();
        QVERIFY2(title.startsWith(u"billing · 3 members left"_s), qPrintable(title));
        QVERIFY(title.contains(u"expires in"_s));
        fixture.job(u"job-open"_s)->trigger();
        QCOMPARE(fixture.dialogs().size(), std::size_t(1));
        ResetDialog *const again = fixture.dialogs().front();
        QVERIFY(again->findChild<QLabel *>(u"plan-status"_s)->text().contains(u"3 members"_s));
        QVERIFY(again->findChild<QRadioButton *>(u"reset-to-earliest"_s)->isChecked());
        QCOMPARE(again->findChild<DataTable *>(u"plan-table"_s)->proxy().rowCount(), 6);
        // Asking for the group brings up the same.
        fixture.find<QAction>("reset-group")->trigger();
        QCOMPARE(fixture.dialogs().size(), std::size_t(1));
    }

    void whatCameOfItIsToldUntilSomebodyHasLooked()
    {
        ResetWindow fixture;
        OffsetTwin &twin = fixture.arm();
        twin.say(twin.doneOf());
        auto *button = fixture.find<ResetJobsButton>("jobs-button");
        QTRY_COMPARE(button->accessibleName(), u"1 reset ended"_s);
        fixture.job(u"job-open"_s)->trigger();
        ResetDialog *const again = fixture.dialogs().front();
        QVERIFY(again->findChild<QLabel *>(u"plan-sums"_s)
                    ->text()
                    .contains(u"6 of 6 partitions CONFIRMED"_s));
        QVERIFY(again->findChild<QPushButton *>(u"plan-undo"_s)->isVisible());
        again->close();
        QVERIFY(!button->isVisible());
    }

    void oneThatExpiredSaysSoBesideThePlanAsItIsNow()
    {
        ResetWindow fixture;
        OffsetTwin &twin = fixture.arm();
        twin.say(twin.refusalOf("EXPIRED", "the group did not become empty in 5 min"));
        QTRY_COMPARE(fixture.find<ResetJobsButton>("jobs-button")->accessibleName(),
                     u"1 reset ended"_s);
        fixture.job(u"job-open"_s)->trigger();
        ResetDialog *const again = fixture.dialogs().front();
        QTRY_COMPARE(twin.planned.size(), std::size_t(2));
        QVERIFY(again->findChild<QLabel *>(u"plan-message"_s)->text().contains(u"5 min"_s));
    }

    void itCanBeCancelledFromTheStatusLine()
    {
        ResetWindow fixture;
        OffsetTwin &twin = fixture.arm();
        fixture.job(u"job-cancel"_s)->trigger();
        QCOMPARE(twin.orders.back(), std::string("cancel"));
    }

    void closingTheWindowAsksWhileAResetWaits()
    {
        ResetWindow fixture;
        const auto twin = [&] {
            fixture.arm();
            return fixture.runner->twins.back();
        }();
        fixture.window().close();
        QVERIFY(fixture.window().isVisible());
        auto *question = fixture.find<QMessageBox>("resets-closing");
        QVERIFY(question->text().contains(u"billing"_s));
        QCOMPARE(question->textFormat(), Qt::PlainText);
        fixture.find<QPushButton>("resets-closing-stay")->click();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QVERIFY(fixture.window().isVisible());
        QCOMPARE(fixture.view->offsetJobs().armed(), std::size_t(1));

        fixture.window().close();
        fixture.find<QPushButton>("resets-closing-end")->click();
        QTRY_VERIFY(!fixture.window().isVisible());
        fixture.closeWindow();
        QCOMPARE(twin->orders.back(), std::string("cancel"));
    }

    void closingTheClusterAsksToo()
    {
        ResetWindow fixture;
        fixture.arm();
        fixture.window().actions().closeCluster->trigger();
        QCOMPARE(fixture.window().clusters().count(), 1);
        fixture.find<QPushButton>("resets-closing-end")->click();
        QTRY_COMPARE(fixture.window().clusters().count(), 0);
        QVERIFY(!fixture.find<ResetJobsButton>("jobs-button")->isVisible());
    }

    void aPlanClosesWithItsCluster()
    {
        ResetWindow fixture;
        fixture.find<QAction>("reset-group")->trigger();
        fixture.window().actions().closeCluster->trigger();
        QTRY_COMPARE(fixture.dialogs().size(), std::size_t(0));
    }
};

QTEST_MAIN(ResetWindowTest)
#include "tst_reset_window.moc"
