#include "groupsstory.h"
#include "pictures.h"
#include "sessionsstory.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/produceform.h"
#include "ui/dialogs/sessionform.h"
#include "ui/dialogs/sessionsteer.h"
#include "ui/pages/sessionspage.h"
#include "ui/theme/tokens.h"

#include <QLineEdit>
#include <QMessageBox>
#include <QTabWidget>
#include <QTableView>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

const std::string longName = "com.example.platform.ordering.fulfilment.shipment-confirmation-"
                             "projection-rebuilder.production.eu-central-1.blue";

std::shared_ptr<Snapshot> clusterSnapshot()
{
    auto snapshot = storySnapshot();
    focus(*snapshot, storyDetail(*snapshot));
    std::vector<workspace::TopicRow> topics;
    for (const char *name : {"orders", "payments", "returns"}) {
        workspace::TopicRow row;
        row.info.name = name;
        for (int p = 0; p < 6; ++p)
            row.info.partitions.push_back({p, 1, {}});
        topics.push_back(row);
    }
    snapshot->topics = std::make_shared<const std::vector<workspace::TopicRow>>(topics);
    return snapshot;
}

} // namespace

class SessionsPicturesTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void initTestCase()
    {
        isolateSettings();
        Settings settings;
        for (const char *name : {"sessions-table", "lanes-table", "sessions-splitter",
                                 "session-commits-table", "session-log-table"})
            settings.setState(QString::fromLatin1(name), {});
    }
    void cleanupTestCase() { QVERIFY(finishBackground(Millis(5000))); }

    void everyState_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void everyState()
    {
        QFETCH(const bool, dark);
        theme::apply(dark ? theme::Scheme::Dark : theme::Scheme::Light);
        Settings settings;
        ClusterView cluster(u"payments-eu"_s);
        cluster.show(clusterSnapshot());
        const auto runner = std::make_shared<TwinRunner>();
        cluster.setRunner(runner);
        SessionsPage page(settings);
        page.setCluster(&cluster);
        page.resize(1080, 700);
        page.show();
        page.setShown(true);
        take(page, u"sessions-empty"_s);

        ConsumerSessions &sessions = cluster.sessions();
        const auto ended = runner->next();
        ended->show(storySession("audit"));
        sessions.start(requestOf("audit", "task-events", "audit"));
        QTRY_VERIFY(sessions.entries()[0]->snapshot);
        ended->end(consumer::SessionState::Killed);
        const auto held = runner->next();
        auto broken = storySession(longName);
        broken.breaker = {.open = true,
                          .since = broken.at - Millis(72'000),
                          .nextProbe = broken.at + Millis(6400),
                          .reason = "disk I/O error: no space left on device"};
        for (auto &lane : broken.lanes) {
            lane.state = consumer::LaneState::HeldBack;
            lane.retry.reset();
        }
        held->show(broken);
        auto longRequest = requestOf(longName, longName + ".orders.v17");
        longRequest.options.topics.push_back("returns");
        sessions.start(longRequest);
        QTRY_VERIFY(sessions.entries()[1]->snapshot);
        const auto story = runner->next();
        auto snapshot = storySession("billing");
        snapshot.problem =
            brokerError("writing a dead letter to orders.dlq", "Broker: Unknown topic or partition",
                        "UNKNOWN_TOPIC_OR_PARTITION");
        snapshot.counters.eventsDropped = 1'204;
        story->show(snapshot);
        tellStory(*story);
        const int billing = sessions.start(requestOf("billing"));
        QTRY_COMPARE(sessions.alive(), std::size_t(2));
        QTRY_VERIFY(sessions.find(billing)->snapshot);
        sampleStory(const_cast<SessionEntry *>(sessions.find(billing))->diary, 300);
        page.goTo(QString::number(billing));
        auto *tabs = page.findChild<QTabWidget *>(u"session-tabs"_s);
        page.findChild<QTableView *>(u"lanes-table"_s)->selectRow(1);
        for (int tab = 0; tab < 5; ++tab) {
            tabs->setCurrentIndex(tab);
            take(page, u"sessions-"_s + tabs->tabText(tab).toLower());
        }
        tabs->setCurrentIndex(0);
        take(page, u"sessions-partitions"_s, 1.5);
        page.goTo(u"2"_s);
        take(page, u"sessions-held-long"_s);
        page.goTo(u"1"_s);
        take(page, u"sessions-killed"_s);
        page.resize(640, 560);
        page.goTo(QString::number(billing));
        take(page, u"sessions-narrow"_s);
        page.resize(1080, 700);

        SessionForm form(&cluster, &sessions);
        form.setAttribute(Qt::WA_DeleteOnClose, false);
        form.show(SessionDraft{});
        static_cast<QDialog &>(form).show();
        take(form, u"session-form-empty"_s);
        SessionDraft draft;
        draft.group = "billing";
        draft.topics = "orders";
        draft.handler = "orders";
        draft.commit = consumer::CommitStrategy::Kind::Auto;
        draft.faults = "fail:1/100,delay:2s";
        draft.workers = 8;
        draft.instanceId = "billing-a";
        form.show(draft);
        take(form, u"session-form"_s);
        take(form, u"session-form"_s, 1.5);

        ProduceForm produce(&cluster, runner, {});
        produce.setAttribute(Qt::WA_DeleteOnClose, false);
        produce.setTopic(u"orders"_s);
        produce.show();
        take(produce, u"produce-form"_s);
        SessionSteer seek(&sessions, billing, {"orders", 3}, SessionSteer::Move::Rewind);
        seek.setAttribute(Qt::WA_DeleteOnClose, false);
        seek.show();
        seek.findChild<QLineEdit *>(u"steer-number"_s)->setText(u"1000"_s);
        take(seek, u"session-rewind"_s);
        page.findChild<QAction *>(u"session-kill"_s)->trigger();
        take(*page.findChild<QMessageBox *>(u"session-kill-confirmation"_s), u"session-kill"_s);

        story->endsWhenStopped = false;
        sessions.stop(billing);
        page.goTo(QString::number(billing));
        take(page, u"sessions-draining"_s);
        story->end(consumer::SessionState::Stopped);
        held->end(consumer::SessionState::Stopped);
        QTRY_COMPARE(sessions.alive(), std::size_t(0));

        ClusterView readOnly(u"payments-eu"_s, kafka::effectivePolicy(std::nullopt, true), {});
        readOnly.show(clusterSnapshot());
        page.setCluster(&readOnly);
        take(page, u"sessions-read-only"_s);
        page.setCluster(nullptr);
    }
};

QTEST_MAIN(SessionsPicturesTest)
#include "tst_sessions_pictures.moc"
