// The window's sessions on a real Kafka: the form, the glue, the engine and the page, as a person
// uses them.
#include "app/window/consumerhost.h"
#include "sessionsfixture.h"
#include "shellfixture.h"
#include "tests/support/broker/kafkacluster.h"
#include "ui/bridge/background.h"
#include "ui/bridge/sessionseek.h"
#include "ui/dialogs/produceform.h"
#include "ui/dialogs/sessionform.h"
#include "ui/dialogs/sessionsteer.h"
#include "ui/pages/sessionspage.h"
#include "ui/shell/sessionsclosing.h"
#include "ui/widgets/datatable.h"

#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QTabWidget>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using consumer::SessionState;

namespace {

constexpr int slow = 40'000; ///< ms: joining a group on a busy machine

struct KafkaWindow : ShellFixture
{
    explicit KafkaWindow(const std::string &bootstrap)
        : ShellFixture(&workspace::openSession)
    {
        connector->setRunnerFactory(&window::makeRunner);
        showWindow();
        workspace::Profile profile;
        profile.name = "kafka";
        profile.bootstrap = bootstrap;
        window().openProfile(profile, false);
        view = window().clusters().at(0).view.get();
        window().showPage(u"Sessions"_s);
    }
    SessionForm *form()
    {
        find<QAction>("session-start")->trigger();
        return find<SessionForm>("session-form");
    }
    /// The newest session, once it owns that many partitions.
    const SessionEntry *owning(std::size_t partitions)
    {
        const auto newest = [this] { return view->sessions().entries().back(); };
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(
                newest()->snapshot && newest()->snapshot->lanes.size() == partitions, slow);
        }();
        return newest();
    }
    void picture(const QString &name)
    {
        QCoreApplication::processEvents();
        const QString folder =
            QDir(QString::fromUtf8(REDRIVE_BIN_DIR)).filePath(u"../screenshots"_s);
        QDir().mkpath(folder);
        QVERIFY(window().grab().save(u"%1/kafka-%2.png"_s.arg(folder, name)));
    }
    ClusterView *view = nullptr;
};

} // namespace

class KafkaSessionsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;

private slots:
    void initTestCase()
    {
        isolateSettings();
        m_kafka = std::make_unique<testbroker::KafkaCluster>();
        for (const char *topic : {"orders", "orders.dlq"})
            m_kafka->mustTool({u"topics"_s, u"--create"_s, u"--topic"_s, QLatin1String(topic),
                               u"--partitions"_s, u"3"_s});
    }
    void cleanup() { QVERIFY(finishBackground(Millis(20'000))); }

    void ordersAreProducedProcessedSteeredAndLeftInOrder()
    {
        KafkaWindow fixture(m_kafka->bootstrap());
        fixture.find<QAction>("session-produce")->trigger();
        auto *produce = fixture.find<ProduceForm>("produce-form");
        produce->setTopic(u"orders"_s);
        produce->findChild<QComboBox *>(u"produce-what"_s)->setCurrentIndex(1);
        produce->findChild<QSpinBox *>(u"produce-count"_s)->setValue(3000);
        produce->findChild<QSpinBox *>(u"produce-bad-every"_s)->setValue(500);
        produce->findChild<QPushButton *>(u"produce-send"_s)->click();
        auto *result = produce->findChild<QLabel *>(u"produce-result"_s);
        QTRY_VERIFY_WITH_TIMEOUT(result->text().startsWith(u"✓ 3,000 of 3,000"_s), slow);
        produce->close();

        SessionForm *const form = fixture.form();
        SessionDraft draft;
        draft.group = "loader";
        draft.topics = "orders";
        draft.handler = "orders";
        draft.database = fixture.path(u"orders.db"_s).toStdString();
        form->show(draft);
        form->findChild<QPushButton *>(u"session-form-start"_s)->click();
        const SessionEntry *const entry = fixture.owning(3);
        QTRY_COMPARE_WITH_TIMEOUT(entry->snapshot->counters.deadLettered, std::uint64_t(6), slow);
        QTRY_COMPARE_WITH_TIMEOUT(entry->snapshot->counters.processed, std::uint64_t(2994), slow);
        QTRY_COMPARE_WITH_TIMEOUT(lagOf(*entry->snapshot), std::optional<std::int64_t>(0), slow);
        fixture.picture(u"caught-up"_s);

        auto *lanes = fixture.find<DataTable>("lanes-table");
        lanes->selectSourceRow(0);
        fixture.find<QAction>("lane-rewind")->trigger();
        auto *rewind = fixture.find<SessionSteer>("session-steer");
        rewind->findChild<QLineEdit *>(u"steer-number"_s)->setText(u"100"_s);
        rewind->findChild<QPushButton *>(u"steer-apply"_s)->click();
        // What comes again is known, and has no second effect.
        QTRY_COMPARE_WITH_TIMEOUT(entry->snapshot->counters.skipped, std::uint64_t(100), slow);
        fixture.find<QAction>("lane-pause")->trigger();
        QTRY_COMPARE(entry->snapshot->lanes[0].state, consumer::LaneState::Paused);
        fixture.find<QAction>("lane-resume")->trigger();
        QTRY_COMPARE(entry->snapshot->lanes[0].state, consumer::LaneState::Running);

        // A plan for the group is done by seeking, and what comes again has no second effect.
        offsets::Plan plan;
        plan.group = GroupId("loader");
        for (int partition = 0; partition < 3; ++partition) {
            offsets::PlanRow row;
            row.partition = {"orders", partition};
            row.target.offset = Offset(50);
            plan.rows.push_back(row);
        }
        const SeekPlan seeks = seekPlanOf(fixture.view->sessions(), plan);
        QVERIFY2(seeks.isPossible(), qPrintable(seeks.whyNot));
        const SessionSeek seek(&fixture.view->sessions(), seeks);
        QTRY_VERIFY_WITH_TIMEOUT(seek.isOver(), slow);
        QCOMPARE(seek.state(), store::JournalState::Done);
        QTRY_COMPARE_WITH_TIMEOUT(lagOf(*entry->snapshot), std::optional<std::int64_t>(0), slow);
        QVERIFY(entry->snapshot->counters.skipped > 2000);
        QCOMPARE(entry->snapshot->counters.processed, std::uint64_t(2994));
        auto *tabs = fixture.find<QTabWidget>("session-tabs");
        for (int tab = 1; tab < 5; ++tab) {
            tabs->setCurrentIndex(tab);
            fixture.picture(tabs->tabText(tab).toLower());
        }

        fixture.window().close();
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.window().isVisible(), slow);
        QCOMPARE(entry->snapshot->state, SessionState::Stopped);
        QVERIFY(entry->snapshot->stopped);
        QCOMPARE(entry->snapshot->stopped->exit, 0);
        fixture.closeWindow();
        const QString state = m_kafka->mustTool(
            {u"consumer-groups"_s, u"--describe"_s, u"--group"_s, u"loader"_s, u"--state"_s});
        QVERIFY2(state.contains(u"Empty"_s), qPrintable(state));
    }

    void twoSessionsShareAGroupAndTheSecondTakesAllWhenTheFirstLeaves_data()
    {
        QTest::addColumn<int>("protocol");
        QTest::newRow("range") << static_cast<int>(GroupProtocol::Range);
        QTest::newRow("cooperative") << static_cast<int>(GroupProtocol::CooperativeSticky);
        QTest::newRow("kip-848") << static_cast<int>(GroupProtocol::Consumer);
    }
    void twoSessionsShareAGroupAndTheSecondTakesAllWhenTheFirstLeaves()
    {
        QFETCH(const int, protocol);
        KafkaWindow fixture(m_kafka->bootstrap());
        SessionDraft draft;
        draft.group = "shared-" + std::to_string(protocol);
        draft.topics = "orders";
        draft.protocol = static_cast<GroupProtocol>(protocol);
        ConsumerSessions &sessions = fixture.view->sessions();
        sessions.start(read(draft).request);
        const SessionEntry *const first = fixture.owning(3);
        sessions.start(read(draft).request);
        QTRY_VERIFY_WITH_TIMEOUT(sessions.entries().back()->snapshot &&
                                     !sessions.entries().back()->snapshot->lanes.empty(),
                                 slow);
        QTRY_VERIFY_WITH_TIMEOUT(
            first->snapshot->lanes.size() + sessions.entries().back()->snapshot->lanes.size() == 3,
            slow);
        fixture.picture(u"two-"_s + QString::fromUtf8(QTest::currentDataTag()));
        sessions.stop(first->id);
        QTRY_VERIFY_WITH_TIMEOUT(first->ended, slow);
        QVERIFY(fixture.owning(3));
        QElapsedTimer clock;
        clock.start();
        sessions.killAll();
        QTRY_COMPARE_WITH_TIMEOUT(sessions.alive(), std::size_t(0), 5000);
        QVERIFY2(clock.elapsed() < 4000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(sessions.entries().back()->snapshot->state, SessionState::Killed);
        fixture.window().close();
        QTRY_VERIFY(!fixture.window().isVisible());
        fixture.closeWindow();
    }
};

QTEST_MAIN(KafkaSessionsTest)
#include "kafka_sessions.moc"
