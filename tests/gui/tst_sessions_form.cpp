#include "groupsstory.h"
#include "sessionsfixture.h"
#include "shellfixture.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/sessionform.h"
#include "ui/pages/sessionspage.h"
#include "ui/shell/sessionsclosing.h"

#include <QComboBox>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace advised = consumer::advised;

namespace {

SessionDraft soundDraft()
{
    SessionDraft draft;
    draft.group = "billing";
    draft.topics = "orders, payments,orders";
    return draft;
}

bool complains(const SessionDraft &draft, std::string_view field)
{
    const auto problems = read(draft).problems;
    return std::ranges::find(problems, field, &consumer::Advice::field) != problems.end();
}

} // namespace

class SessionsFormTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void theDefaultsAreThoseOfTheContract()
    {
        const SessionReading reading = read(soundDraft());
        QVERIFY(reading.problems.empty());
        const SessionRequest &request = reading.request;
        const consumer::SessionOptions defaults;
        QCOMPARE(request.options.topics, (std::vector<std::string>{"orders", "payments"}));
        QCOMPARE(request.options.commit, defaults.commit);
        QCOMPARE(request.options.workers, defaults.workers);
        QCOMPARE(request.options.retry, defaults.retry);
        QCOMPARE(request.options.dlqSuffix, defaults.dlqSuffix);
        QCOMPARE(request.options.drain, defaults.drain);
        QCOMPARE(request.options.reset, defaults.reset);
        QCOMPARE(request.handler, std::string("inspect"));
        QVERIFY(!request.faults.any());
    }

    void whatCannotBeReadIsSaidBesideItsField()
    {
        SessionDraft draft = soundDraft();
        draft.group = " ";
        QVERIFY(complains(draft, advised::group));
        draft = soundDraft();
        draft.topics = ",";
        QVERIFY(complains(draft, advised::topics));
        draft = soundDraft();
        draft.commitInterval = "soon";
        QVERIFY(complains(draft, advised::commit));
        draft.commit = consumer::CommitStrategy::Kind::Auto;
        QVERIFY(!complains(draft, advised::commit));
        draft = soundDraft();
        draft.commit = consumer::CommitStrategy::Kind::Batch;
        draft.commitBatch = "0";
        QVERIFY(complains(draft, advised::commit));
        draft = soundDraft();
        draft.backOff = "20s";
        QVERIFY(complains(draft, advised::retries));
        draft = soundDraft();
        draft.deadLetterSuffix = "";
        QVERIFY(complains(draft, advised::deadLetters));
        draft = soundDraft();
        draft.faults = "fail:often";
        QVERIFY(complains(draft, advised::faults));
        draft = soundDraft();
        draft.deadLetters = SessionDraft::DeadLetters::Topic;
        draft.deadLetterTopic = "payments";
        QVERIFY(complains(draft, advised::topics)); // reads its own dead letters
    }

    void everyChoiceReachesTheOptions()
    {
        SessionDraft draft = soundDraft();
        draft.commit = consumer::CommitStrategy::Kind::Batch;
        draft.commitBatch = "250";
        draft.onPoison = consumer::OnPoison::Skip;
        draft.protocol = GroupProtocol::Consumer;
        draft.instanceId = "a";
        draft.ordering = consumer::Ordering::Key;
        draft.retries = 0;
        draft.faults = "crash:1/5000";
        const SessionReading reading = read(draft);
        QVERIFY(reading.problems.empty());
        const consumer::SessionOptions &options = reading.request.options;
        QCOMPARE(options.commit.count, std::size_t(250));
        QVERIFY(options.isKip848);
        QCOMPARE(options.instanceId, std::optional<std::string>("a"));
        QVERIFY(!options.dlqSuffix && !options.dlqTopic);
        QCOMPARE(options.retry.retries, std::size_t(0));
        QVERIFY(reading.request.faults.crash);
    }

    void adviceStandsBesideItsFieldAndSaysTheSameToAssistiveTechnology()
    {
        ClusterView cluster(u"local"_s);
        auto snapshot = storySnapshot();
        focus(*snapshot, storyDetail(*snapshot));
        cluster.show(snapshot);
        ConsumerSessions sessions(std::make_shared<TwinRunner>());
        SessionForm form(&cluster, &sessions);
        form.setAttribute(Qt::WA_DeleteOnClose, false);
        form.show(soundDraft());
        static_cast<QDialog &>(form).show();
        auto *advice = form.findChild<QLabel *>(u"advice-group"_s);
        QVERIFY(advice->isVisible());
        QVERIFY(advice->text().contains(u"you will join it and take partitions"_s));
        auto *group = form.findChild<QLineEdit *>(u"session-group"_s);
        QCOMPARE(group->accessibleDescription(), advice->text());
        group->setText(u"somebody-else"_s);
        QTRY_VERIFY(!advice->isVisible());
        form.findChild<QComboBox *>(u"session-handler"_s)->setCurrentText(u"orders"_s);
        QVERIFY(form.findChild<QLineEdit *>(u"session-database"_s)->isVisible());
        QVERIFY(!form.findChild<QLabel *>(u"session-handler-about"_s)->text().isEmpty());
    }

    void anIncompleteFormStartsNothingAndPutsTheCursorWhereSomethingIsMissing()
    {
        const auto runner = std::make_shared<TwinRunner>();
        ClusterView cluster(u"local"_s);
        cluster.show(storySnapshot());
        cluster.setRunner(runner);
        SessionForm form(&cluster, &cluster.sessions());
        form.setAttribute(Qt::WA_DeleteOnClose, false);
        static_cast<QDialog &>(form).show();
        QVERIFY(QTest::qWaitForWindowActive(&form));
        auto *advice = form.findChild<QLabel *>(u"advice-topics"_s);
        QVERIFY(!advice->isVisible()); // not told off before trying
        form.findChild<QLineEdit *>(u"session-group"_s)->setText(u"g"_s);
        auto *start = form.findChild<QPushButton *>(u"session-form-start"_s);
        start->click();
        QVERIFY(advice->isVisible());
        QVERIFY(form.findChild<QLineEdit *>(u"session-topics"_s)->hasFocus());
        QVERIFY(cluster.sessions().entries().empty());
        form.findChild<QLineEdit *>(u"session-topics"_s)->setText(u"orders"_s);
        QSignalSpy started(&form, &SessionForm::started);
        start->click();
        QCOMPARE(started.count(), 1);
        QTRY_COMPARE(runner->requests().size(), std::size_t(1));
        cluster.sessions().kill(1);
        QTRY_COMPARE(cluster.sessions().alive(), std::size_t(0));
    }

    void topicsAreCompletedOneAfterTheOther()
    {
        ClusterView cluster(u"local"_s);
        auto snapshot = storySnapshot();
        std::vector<workspace::TopicRow> topics(2);
        topics[0].info.name = "orders";
        topics[1].info.name = "payments";
        snapshot->topics = std::make_shared<const std::vector<workspace::TopicRow>>(topics);
        cluster.show(snapshot);
        ConsumerSessions sessions(std::make_shared<TwinRunner>());
        SessionForm form(&cluster, &sessions);
        form.setAttribute(Qt::WA_DeleteOnClose, false);
        auto *field = form.findChild<QLineEdit *>(u"session-topics"_s);
        field->setText(u"orders, pay"_s);
        QCompleter *const completer = field->completer();
        completer->setCompletionPrefix(u"orders, pay"_s);
        QCOMPARE(completer->completionCount(), 1);
        QVERIFY(completer->setCurrentRow(0));
        QCOMPARE(completer->currentCompletion(), u"orders, payments"_s);
    }

    void joinAsSessionOpensTheFormWithTheGroupAndItsTopics()
    {
        ShellFixture fixture;
        fixture.showWindow();
        auto *view = fixture.addCluster(u"local"_s, storySnapshot());
        view->setRunner(std::make_shared<TwinRunner>());
        fixture.window().showPlace(u"Groups"_s, u"billing"_s);
        auto *button = fixture.find<QPushButton>("join-as-session-button");
        QVERIFY(button->isVisible());
        fixture.window().showPage(u"Topics"_s);
        fixture.window().showPlace(u"Groups"_s, u"billing"_s);
        fixture.find<QAction>("join-as-session")->trigger();
        QCOMPARE(fixture.window().currentPage()->title(), u"Sessions"_s);
        auto *form = fixture.find<SessionForm>("session-form");
        QVERIFY(form->isVisible());
        QCOMPARE(form->entered().group, std::string("billing"));
        QCOMPARE(form->entered().topics, std::string("orders, payments"));
        form->reject();
    }

    void closingTheWindowStopsSessionsInOrder()
    {
        ShellFixture fixture;
        fixture.showWindow();
        const auto runner = std::make_shared<TwinRunner>();
        auto *view = fixture.addCluster(u"local"_s, storySnapshot());
        view->setRunner(runner);
        const auto twin = runner->next();
        twin->show(runningSnapshot("billing"));
        twin->endsWhenStopped = false;
        view->sessions().start(requestOf("billing"));
        QTRY_VERIFY(view->sessions().find(1)->snapshot);
        fixture.window().close();
        QVERIFY(fixture.window().isVisible()); // it waits
        auto *closing = fixture.find<SessionsClosing>("sessions-closing");
        QVERIFY(closing->isVisible());
        const auto orders = twin->ordered();
        QVERIFY(std::ranges::find(orders, "stop: window closed") != orders.end());
        twin->end(consumer::SessionState::Stopped);
        QTRY_VERIFY(!fixture.window().isVisible());
        fixture.closeWindow();
        QTRY_VERIFY(twin->isDestroyed());
    }

    void closingTwiceKillsAndAStuckSessionDoesNotHoldTheWindow()
    {
        ShellFixture fixture;
        fixture.showWindow();
        const auto runner = std::make_shared<TwinRunner>();
        auto *view = fixture.addCluster(u"local"_s, storySnapshot());
        view->setRunner(runner);
        const auto twin = runner->next();
        twin->show(runningSnapshot("billing"));
        twin->endsWhenStopped = false;
        twin->endsWhenKilled = false;
        view->sessions().start(requestOf("billing"));
        QTRY_VERIFY(view->sessions().find(1)->snapshot);
        fixture.window().close();
        fixture.window().close();
        const auto orders = twin->ordered();
        QVERIFY(std::ranges::find(orders, "kill") != orders.end());
        QTRY_VERIFY_WITH_TIMEOUT(!fixture.window().isVisible(), 4000);
        fixture.closeWindow();
        QTRY_VERIFY(twin->isDestroyed());
    }

    void closingAClusterLeavesItsSessionsToTheBackgroundUntilTheyHaveDrained()
    {
        ShellFixture fixture;
        fixture.showWindow();
        const auto runner = std::make_shared<TwinRunner>();
        auto *view = fixture.addCluster(u"local"_s, storySnapshot());
        view->setRunner(runner);
        const auto twin = runner->next();
        twin->show(runningSnapshot("billing"));
        twin->endsWhenStopped = false;
        view->sessions().start(requestOf("billing"));
        QTRY_VERIFY(view->sessions().find(1)->snapshot);
        fixture.window().clusters().close(0);
        QTRY_COMPARE(twin->ordered(), std::vector<std::string>{"stop: window closed"});
        QVERIFY(!twin->isDestroyed());
        twin->end(consumer::SessionState::Stopped);
        QVERIFY(finishBackground(Millis(5000)));
        QVERIFY(twin->isDestroyed());
    }
};

QTEST_MAIN(SessionsFormTest)
#include "tst_sessions_form.moc"
