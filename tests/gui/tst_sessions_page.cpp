#include "groupsstory.h"
#include "sessionsstory.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/produceform.h"
#include "ui/dialogs/sessionsteer.h"
#include "ui/pages/sessionspage.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using consumer::SessionState;

namespace {

/// A page over one cluster whose sessions are twins.
struct World
{
    Settings settings;
    std::shared_ptr<TwinRunner> runner = std::make_shared<TwinRunner>();
    ClusterView cluster{u"local"_s};
    std::unique_ptr<SessionsPage> page;

    World()
    {
        cluster.show(storySnapshot());
        cluster.setRunner(runner);
        page = std::make_unique<SessionsPage>(settings);
        page->resize(1080, 700);
        page->setCluster(&cluster);
        page->setShown(true);
        bringUp(*page);
    }
    std::shared_ptr<TwinState> start(const std::string &group)
    {
        auto state = runner->next();
        state->show(storySession(group));
        const int id = cluster.sessions().start(requestOf(group));
        const auto seen = [this, id] {
            const auto *entry = cluster.sessions().find(id);
            return entry && entry->snapshot;
        };
        [&] { QTRY_VERIFY(seen()); }();
        page->goTo(QString::number(id));
        return state;
    }
    template <typename T>
    T *find(const char *name) const
    {
        T *const found = page->findChild<T *>(QLatin1StringView(name));
        if (!found)
            qWarning() << "no" << name;
        return found;
    }
    QString label(const char *name) const { return find<QLabel>(name)->text(); }
};

bool has(const TwinState &state, const std::string &order)
{
    const auto orders = state.ordered();
    return std::ranges::find(orders, order) != orders.end();
}

} // namespace

class SessionsPageTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init() { failOnWarnings(); }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void anEmptyPageSaysWhatToDo()
    {
        World world;
        auto *empty = world.page->findChild<EmptyState *>();
        QVERIFY(empty->isVisible());
        QVERIFY(empty->text().contains(u"joins a consumer group"_s));
        QVERIFY(world.find<QAction>("session-start")->isEnabled());
    }

    void aReadOnlyProfileStartsNothingAndSaysWhy()
    {
        World world;
        ClusterView readOnly(u"prod"_s, kafka::effectivePolicy(std::nullopt, true), {});
        readOnly.setRunner(world.runner);
        world.page->setCluster(&readOnly);
        auto *button = world.find<QPushButton>("session-start-button");
        QVERIFY(!button->isEnabled());
        QVERIFY(button->accessibleDescription().contains(u"read-only"_s));
        QVERIFY(button->toolTip().contains(u"read-only"_s));
        QVERIFY(world.page->findChild<EmptyState *>()->text().contains(u"read-only"_s));
        world.page->setCluster(nullptr);
    }

    void severalSessionsStandSideBySideAlsoInOneGroup()
    {
        World world;
        world.start("billing");
        world.start("billing");
        auto *table = world.find<DataTable>("sessions-table");
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(world.label("sessions-count"), u"2 running, 0 ended"_s);
        QCOMPARE(world.label("session-state"), u"● running"_s);
        QCOMPARE(world.find<DataTable>("lanes-table")->model()->rowCount(), 6);
    }

    void partitionsArePausedResumedAndMovedWhileItRuns()
    {
        World world;
        const auto twin = world.start("billing");
        auto *lanes = world.find<DataTable>("lanes-table");
        lanes->selectSourceRow(1);
        lanes->setFocus();
        QTest::keyClick(lanes, Qt::Key_P);
        QVERIFY(has(*twin, "pause orders/1"));
        QVERIFY(!world.find<QAction>("lane-resume")->isEnabled());
        lanes->selectSourceRow(4);
        QTest::keyClick(lanes, Qt::Key_R);
        QVERIFY(has(*twin, "resume orders/4"));

        lanes->selectSourceRow(3);
        QTest::keyClick(lanes, Qt::Key_S);
        auto *seek = world.page->findChild<SessionSteer *>();
        QVERIFY(seek);
        auto *apply = seek->findChild<QPushButton *>(u"steer-apply"_s);
        auto *number = seek->findChild<QLineEdit *>(u"steer-number"_s);
        QVERIFY(!apply->isEnabled());
        number->setText(u"99,999"_s);
        QVERIFY(!apply->isEnabled());
        QVERIFY(apply->accessibleDescription().contains(u"The log ends at 36,625"_s));
        number->setText(u"18,000"_s);
        QVERIFY(apply->isEnabled());
        apply->click();
        QVERIFY(has(*twin, "seek orders/3 18000"));
        QTRY_VERIFY(!world.page->findChild<SessionSteer *>());

        world.find<QAction>("lane-rewind")->trigger();
        auto *rewind = world.page->findChild<SessionSteer *>();
        rewind->findChild<QLineEdit *>(u"steer-number"_s)->setText(u"63"_s);
        rewind->findChild<QPushButton *>(u"steer-apply"_s)->click();
        QVERIFY(has(*twin, "rewind orders/3 63"));
        QTRY_VERIFY(!world.page->findChild<SessionSteer *>());

        world.find<QAction>("lane-skip")->trigger();
        auto *skip = world.page->findChild<SessionSteer *>();
        QVERIFY(skip->findChild<QLabel *>(u"steer-meaning"_s)->text().contains(u"18,063"_s));
        skip->findChild<QPushButton *>(u"steer-apply"_s)->click();
        QVERIFY(has(*twin, "skip orders/3"));
    }

    void allPartitionsArePausedAtOnce()
    {
        World world;
        const auto twin = world.start("billing");
        world.find<QPushButton>("session-pause-all-button")->click();
        for (int p = 0; p < 6; ++p)
            QVERIFY(has(*twin, "pause orders/" + std::to_string(p)));
    }

    void stoppingShowsTheDrainAndTheEndedSessionStaysUntilItIsRemoved()
    {
        World world;
        const auto twin = world.start("billing");
        twin->endsWhenStopped = false;
        world.find<QPushButton>("session-stop-button")->click();
        QVERIFY(has(*twin, "stop: stopped by hand"));
        QCOMPARE(world.label("session-state"), u"◑ draining"_s);
        QVERIFY(world.find<QLabel>("session-draining")->isVisible());
        QVERIFY(world.label("session-draining").contains(u"2,040 records in hand"_s));
        QVERIFY(!world.find<QAction>("session-stop")->isEnabled());
        QVERIFY(!world.find<QAction>("lane-pause")->isEnabled());
        twin->end(SessionState::Stopped);
        QTRY_COMPARE(world.label("session-state"), u"○ stopped"_s);
        QTRY_VERIFY(twin->isDestroyed());
        QCOMPARE(world.find<DataTable>("sessions-table")->model()->rowCount(), 1);
        world.find<QAction>("session-remove")->trigger();
        QCOMPARE(world.find<DataTable>("sessions-table")->model()->rowCount(), 0);
    }

    void killingIsExplainedAndConfirmed()
    {
        World world;
        const auto twin = world.start("billing");
        world.find<QAction>("session-kill")->trigger();
        auto *box = world.find<QMessageBox>("session-kill-confirmation");
        QVERIFY(box->informativeText().contains(u"at least once"_s));
        QVERIFY(box->informativeText().contains(u"commits nothing more"_s));
        QCOMPARE(box->defaultButton()->text().remove(u'&'), u"Cancel"_s);
        QVERIFY(!has(*twin, "kill"));
        box->findChild<QPushButton *>(u"session-kill-confirm"_s)->click();
        QVERIFY(has(*twin, "kill"));
        QTRY_COMPARE(world.label("session-state"), u"■ killed"_s);
    }

    void aSessionThatCannotBeOpenedSaysSoInTheBrokersWords()
    {
        World world;
        world.runner->fail(brokerError("opening the database", "unable to open file", "CANTOPEN"));
        world.cluster.sessions().start(requestOf("billing"));
        world.page->goTo(u"1"_s);
        QTRY_COMPARE(world.label("session-state"), u"✕ not started"_s);
        QVERIFY(world.label("session-problem").contains(u"unable to open file"_s));
        QCOMPARE(world.cluster.sessions().alive(), std::size_t(0));
    }

    void openingNeverHoldsTheWindowAndAStopMeanwhileIsKept()
    {
        World world;
        world.runner->hold(true);
        const auto twin = world.runner->next();
        twin->show(storySession("billing"));
        const int id = world.cluster.sessions().start(requestOf("billing"));
        world.page->goTo(QString::number(id));
        QCOMPARE(world.label("session-state"), u"◌ opening"_s);
        world.cluster.sessions().stop(id);
        world.runner->hold(false);
        QTRY_VERIFY(has(*twin, "stop: stopped by hand"));
        QTRY_COMPARE(world.cluster.sessions().alive(), std::size_t(0));
    }

    void theTabsTellWhatTheSessionTold()
    {
        World world;
        const auto twin = world.start("billing");
        tellStory(*twin);
        auto snapshot = storySession("billing");
        snapshot.counters.eventsDropped = 1'204;
        snapshot.problem = brokerError("committing", "Broker: Unknown member", "UNKNOWN_MEMBER_ID");
        snapshot.breaker = {.open = true,
                            .since = snapshot.at,
                            .nextProbe = snapshot.at + Millis(60'000),
                            .reason = "disk full"};
        twin->show(snapshot);
        auto *tabs = world.find<QTabWidget>("session-tabs");
        tabs->setCurrentIndex(2);
        QTRY_COMPARE(world.find<DataTable>("session-commits-table")->model()->rowCount(), 40);
        QVERIFY(world.label("session-problem").contains(u"Unknown member"_s));
        QVERIFY(world.label("session-breaker").contains(u"disk full · tried again in"_s));
        QCOMPARE(world.label("session-fact-commits"), u"840 of 841"_s);
        tabs->setCurrentIndex(3);
        QCOMPARE(world.find<DataTable>("session-rebalances-table")->model()->rowCount(), 2);
        world.page->focusFilter();
        QCOMPARE(tabs->currentIndex(), 4);
        auto *log = world.find<DataTable>("session-log-table");
        QCOMPARE(log->model()->rowCount(), 10);
        QVERIFY(world.label("session-log-note").contains(u"1,204 events were dropped"_s));
        world.find<QLineEdit>("session-log-filter")->setText(u"rewind"_s);
        QCOMPARE(log->model()->rowCount(), 1);
        QVERIFY(!tabs->isTabVisible(5)); // no live handler
    }

    void theLiveTabFollowsTheLiveHandler()
    {
        World world;
        const auto twin = world.runner->next();
        twin->show(storySession("watch"));
        const int id = world.cluster.sessions().start(requestOf("watch", "task-events", "live"));
        world.page->goTo(QString::number(id));
        told::Live live{{{"task-events", 0}, Offset(4)}, {}};
        live.update.eventType = "task.completed";
        live.update.taskId = "t-1";
        twin->tell(live);
        auto *tabs = world.find<QTabWidget>("session-tabs");
        QVERIFY(tabs->isTabVisible(5));
        tabs->setCurrentIndex(5);
        auto *table = world.find<DataTable>("session-live-table");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(table->model()->index(0, 1).data().toString(), u"task.completed"_s);
    }

    void recordsAreProducedAndTheirDeliveryIsReported()
    {
        World world;
        world.find<QAction>("session-produce")->trigger();
        auto *form = world.page->findChild<ProduceForm *>();
        QVERIFY(form);
        auto *send = form->findChild<QPushButton *>(u"produce-send"_s);
        send->click();
        QVERIFY(form->findChild<QLabel *>(u"produce-problem"_s)->text().contains(u"topic"_s));
        form->setTopic(u"orders"_s);
        form->findChild<QComboBox *>(u"produce-what"_s)->setCurrentIndex(1);
        form->findChild<QSpinBox *>(u"produce-count"_s)->setValue(2500);
        send->click();
        auto *result = form->findChild<QLabel *>(u"produce-result"_s);
        QTRY_VERIFY(result->text().startsWith(u"✓ 2,500 of 2,500 acknowledged"_s));
        QVERIFY(result->text().contains(u"partition 2, offset 2,499"_s));
        {
            const std::scoped_lock lock(world.runner->written->mutex);
            QCOMPARE(world.runner->written->records.size(), std::size_t(2500));
            QVERIFY(world.runner->written->records[0].key->starts_with("u-"));
            world.runner->written->refuses = true;
        }
        form->findChild<QComboBox *>(u"produce-what"_s)->setCurrentIndex(0);
        form->findChild<QSpinBox *>(u"produce-count"_s)->setValue(1);
        form->findChild<QPlainTextEdit *>(u"produce-headers"_s)->setPlainText(u"a=1\nb"_s);
        send->click();
        QTRY_VERIFY(result->text().startsWith(u"✕ 0 of 1 acknowledged, 1 failed"_s));
        QVERIFY(form->findChild<QLabel *>(u"produce-problem"_s)
                    ->text()
                    .contains(u"Topic authorization failed"_s));
        const std::scoped_lock lock(world.runner->written->mutex);
        const auto &last = world.runner->written->records.back();
        QVERIFY(!last.key);
        QCOMPARE(last.headers.size(), std::size_t(2));
        QVERIFY(!last.headers[1].value);
        form->close();
    }
};

QTEST_MAIN(SessionsPageTest)
#include "tst_sessions_page.moc"
