#include "resetopen.h"
#include "ui/bridge/background.h"
#include "ui/models/planmodel.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QToolButton>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

class ResetApplyTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init() { failOnWarnings(); }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void aRowThatNeedsADecisionIsLeftOutOrKeepsThePlanFromBeingApplied()
    {
        Open open;
        open.planPastTheEnd();
        const QPushButton *apply = open.button("plan-apply");
        QVERIFY(!apply->isEnabled());
        QVERIFY(apply->toolTip().contains(u"decision"_s));
        QVERIFY(open.cell(0, PlanModel::Next).startsWith(u"✕"_s));
        QVERIFY(open.button("plan-leave-out")->isVisible());
        open.button("plan-leave-out")->click();
        QTRY_VERIFY(apply->isEnabled());
        QCOMPARE(open.table()->proxy().rowCount(), 1);
        open.button("plan-apply")->click();
        QCOMPARE(open.twin().applied.size(), std::size_t(1));
        QCOMPARE(open.twin().applied.front().rows.size(), std::size_t(1));
    }

    void aReadOnlyProfileLooksAndDoesNoMore()
    {
        Open open({.mode = kafka::AccessMode::ReadOnly, .production = true});
        open.planEarliest();
        QVERIFY(!open.button("plan-apply")->isEnabled());
        QVERIFY(open.button("plan-apply")->toolTip().contains(u"read-only"_s));
        QVERIFY(!open.find<QLineEdit>("plan-confirm-name")->isVisible());
    }

    void theNameIsTypedWhereTheProfileWantsIt()
    {
        Open open({.mode = kafka::AccessMode::Confirm, .production = true});
        open.planEarliest();
        auto *name = open.find<QLineEdit>("plan-confirm-name");
        QVERIFY(name->isVisible());
        QCOMPARE(name->accessibleName(), u"Type the group's name"_s);
        name->setText(u"Billing"_s);
        QVERIFY(!open.button("plan-apply")->isEnabled());
        name->setText(u"billing"_s);
        QVERIFY(open.button("plan-apply")->isEnabled());
        open.find<QLineEdit>("plan-reason")->setText(u"OPS-17"_s);
        open.button("plan-apply")->click();
        QCOMPARE(open.twin().confirmation.typedName, std::optional<std::string>("billing"));
        QVERIFY(open.twin().confirmation.yes);
        QCOMPARE(open.twin().reason, std::string("OPS-17"));
    }

    void theOutcomeStandsInTheSameTableAndIsUndoneThere()
    {
        Open open;
        open.planEarliest();
        open.button("plan-apply")->click();
        QVERIFY(!open.button("plan-apply")->isEnabled());
        open.twin().say(open.twin().doneOf({{"orders", 1}}, {{"orders", 2}}));
        QTRY_VERIFY(open.button("plan-undo")->isVisible());
        QVERIFY(!open.table()->isColumnHidden(PlanModel::Outcome));
        QStringList outcomes;
        for (int row = 0; row < 3; ++row)
            outcomes << open.cell(row, PlanModel::Outcome);
        outcomes.sort();
        QCOMPARE(outcomes, (QStringList{u"? UNKNOWN"_s, u"✓ CONFIRMED"_s, u"✕ NOT APPLIED"_s}));
        QVERIFY(open.words("plan-sums").contains(u"1 of 3 partitions CONFIRMED"_s));
        QVERIFY(open.words("plan-sums").contains(u"j17"_s));
        QVERIFY(!open.button("plan-apply")->isVisible());

        open.button("plan-undo")->click();
        QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
        QVERIFY(std::holds_alternative<offsets::to::Undo>(open.twin().planned.back().target));
        QTRY_VERIFY(open.button("plan-apply")->isEnabled());
        QCOMPARE(open.button("plan-apply")->text().remove(u'&'), u"Put back 2 partitions"_s);
        QVERIFY(open.words("reset-fixed").contains(u"j17"_s));
        QVERIFY(open.table()->isColumnHidden(PlanModel::Outcome));
    }

    void aPlanOutOfDateIsSaidPlannedAnewAndAskedForAgain()
    {
        Open open({.mode = kafka::AccessMode::Confirm, .production = false});
        open.planEarliest();
        open.find<QLineEdit>("plan-confirm-name")->setText(u"billing"_s);
        open.button("plan-apply")->click();
        open.twin().say(open.twin().refusalOf(
            "PLAN_OUT_OF_DATE", "orders partition 1: 18221 was committed, now 18300 is"));
        QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
        QTRY_VERIFY(open.isPlanned());
        QVERIFY(open.words("plan-message").contains(u"now 18300"_s));
        QVERIFY(!open.button("plan-apply")->isEnabled()); // the name is asked for again
        open.find<QLineEdit>("plan-confirm-name")->setText(u"billing"_s);
        QVERIFY(open.button("plan-apply")->isEnabled());
        QCOMPARE(open.twin().applied.size(), std::size_t(1));
    }

    void commitsThatMoveWantATickOfTheirOwn()
    {
        Open open;
        open.planEarliest();
        open.button("plan-apply")->click();
        open.twin().say(open.twin().refusalOf("COMMITS_MOVE", "orders partition 0 moved"));
        auto *tick = open.find<QCheckBox>("plan-even-if-moving");
        QTRY_VERIFY(tick->isVisible());
        QVERIFY(!tick->isChecked());
        QVERIFY(!open.button("plan-apply")->isEnabled());
        QVERIFY(open.words("plan-message").contains(u"moved"_s));
        tick->click();
        QVERIFY(open.button("plan-apply")->isEnabled());
        open.button("plan-apply")->click();
        QCOMPARE(open.twin().orders.back(), std::string("apply even if moving"));
    }

    void aGroupWithMembersIsWaitedFor()
    {
        auto facts = factsOf("billing", 3, GroupState::Stable);
        facts.group.members = {memberOf("billing-1", {{"orders", 0}})};
        Open open({}, std::move(facts));
        open.planEarliest();
        QVERIFY(!open.button("plan-apply")->isEnabled());
        QVERIFY(open.words("plan-way").contains(u"empty"_s));
        auto *wait = open.button("plan-wait");
        QVERIFY(wait->isVisible());
        QVERIFY(wait->isEnabled());
        const auto choices = wait->menu()->actions();
        choices.at(1)->trigger();
        QCOMPARE(open.twin().orders.back(), std::string("wait 30"));
        QVERIFY(!open.find<QTreeWidget>("reset-scope")->isEnabled());
        open.twin().say(waitingOf(open.twin(), 2));
        QTRY_VERIFY(open.words("plan-status").contains(u"2 members left"_s));
        QVERIFY(open.words("plan-status").contains(u"expires in"_s));
        QCOMPARE(open.button("plan-stop")->text(), u"Stop waiting"_s);
        open.button("plan-stop")->click();
        QCOMPARE(open.twin().orders.back(), std::string("cancel"));
        auto ended = waitingOf(open.twin(), 2);
        ended.state = JobState::Cancelled;
        open.twin().say(ended);
        QTRY_VERIFY(open.words("plan-message").contains(u"nothing was sent"_s));
        QVERIFY(open.find<QTreeWidget>("reset-scope")->isEnabled());
    }

    void aSessionOfThisWindowIsMovedBySeeking()
    {
        Open open;
        const auto running = open.sessions->next();
        auto snapshot = runningSnapshot("billing");
        for (int p = 0; p < 3; ++p)
            snapshot.lanes.push_back(laneOf("orders", p, 18'220 + p, 36'622));
        running->show(snapshot);
        ConsumerSessions &sessions = open.cluster.sessions();
        sessions.start(requestOf("billing"));
        QTRY_VERIFY(sessions.entries().front()->snapshot);
        open.planEarliest();
        QVERIFY(!open.button("plan-apply")->isEnabled());
        QVERIFY(open.button("plan-apply")->toolTip().contains(u"session"_s));
        QVERIFY(open.button("plan-seek-session")->isVisible());
        QVERIFY(open.button("plan-seek-session")->isEnabled());
        open.button("plan-seek-session")->click();
        QCOMPARE(running->ordered().size(), std::size_t(3));
        QCOMPARE(running->ordered().front(), std::string("seek orders/0 0"));
        QVERIFY(open.twin().applied.empty());
        running->end(consumer::SessionState::Stopped);
        QTRY_VERIFY(open.words("plan-sums").contains(u"3 UNKNOWN"_s));
        QTRY_COMPARE(sessions.alive(), std::size_t(0));
    }
};

QTEST_MAIN(ResetApplyTest)
#include "tst_reset_apply.moc"
