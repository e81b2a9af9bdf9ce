#include "modelfixture.h"
#include "sessionsstory.h"
#include "ui/models/lanemodel.h"
#include "ui/models/sessionlogmodel.h"
#include "ui/models/sessionmodel.h"
#include "ui/models/sessionwords.h"

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;
using consumer::LaneState;
using consumer::SessionState;

namespace {

SessionEntry entryOf(int id, const std::string &group, SessionState state)
{
    SessionEntry entry;
    entry.id = id;
    entry.request = requestOf(group);
    auto snapshot = storySession(group);
    snapshot.state = state;
    entry.snapshot = std::make_shared<const consumer::SessionSnapshot>(snapshot);
    entry.ended = state == SessionState::Stopped || state == SessionState::Failed ||
                  state == SessionState::Killed;
    return entry;
}

QString cell(const QAbstractItemModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class SessionsModelsTest : public QObject
{
    Q_OBJECT
private slots:
    void eachStateHasAShapeOfItsOwn()
    {
        QSet<QChar> shapes;
        for (const auto state :
             {SessionState::Joining, SessionState::Running, SessionState::Draining,
              SessionState::Stopped, SessionState::Failed, SessionState::Killed}) {
            const QString text = sessionStateText(entryOf(1, "billing", state));
            shapes.insert(text[0]);
            QCOMPARE(text[1], u' ');
            QVERIFY(!sessionStateHelp(entryOf(1, "billing", state)).isEmpty());
        }
        QCOMPARE(shapes.size(), 6);
        shapes.clear();
        for (const auto state :
             {LaneState::Starting, LaneState::Running, LaneState::Retrying,
              LaneState::DeadLettering, LaneState::Paused, LaneState::HeldBack}) {
            shapes.insert(laneStateText(state)[0]);
            QVERIFY(!laneStateHelp(state).isEmpty());
        }
        QCOMPARE(shapes.size(), 6);
    }

    void aSessionThatCouldNotBeOpenedSaysWhy()
    {
        SessionEntry entry;
        entry.request = requestOf("billing");
        QCOMPARE(sessionStateText(entry), u"◌ opening"_s);
        entry.failure = brokerError("opening the database", "unable to open", "CANTOPEN");
        entry.ended = true;
        QCOMPARE(sessionStateText(entry), u"✕ not started"_s);
        QVERIFY(sessionStateHelp(entry).contains(u"unable to open"_s));
    }

    void theListChangesInPlaceAndEndedSessionsShowNoRate()
    {
        SessionModel model;
        const QAbstractItemModelTester tester(&model, strict);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        SessionEntry one = entryOf(1, "billing", SessionState::Running);
        SessionEntry two = entryOf(2, "audit\n", SessionState::Joining);
        model.show({&one, &two}, ui::TimeZone::Utc, wallNow());
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(cell(model, 0, SessionModel::Rate), u"1,433/s"_s);
        QCOMPARE(cell(model, 0, SessionModel::Lag), u"21,492"_s);
        QCOMPARE(cell(model, 1, SessionModel::Group), u"audit\\n"_s);
        const QPersistentModelIndex kept = model.index(1, 0);
        one = entryOf(1, "billing", SessionState::Killed);
        model.show({&one, &two}, ui::TimeZone::Utc, wallNow());
        QCOMPARE(cell(model, 0, SessionModel::State), u"■ killed"_s);
        QCOMPARE(cell(model, 0, SessionModel::Rate), unknownText());
        QVERIFY(!model.index(0, SessionModel::Rate).data(RawRole).isValid());
        model.show({&two}, ui::TimeZone::Utc, wallNow());
        QVERIFY(kept.isValid());
        QCOMPARE(model.find(2), 0);
        QCOMPARE(model.find(1), -1);
        QCOMPARE(resets.count(), 0);
    }

    void anOpenBreakerIsToldInTheList()
    {
        SessionModel model;
        SessionEntry entry = entryOf(1, "billing", SessionState::Running);
        auto snapshot = *entry.snapshot;
        snapshot.breaker = {.open = true, .since = {}, .nextProbe = {}, .reason = "disk full"};
        entry.snapshot = std::make_shared<const consumer::SessionSnapshot>(snapshot);
        model.show({&entry}, ui::TimeZone::Utc, wallNow());
        QCOMPARE(cell(model, 0, SessionModel::State), u"▲ held back"_s);
        QCOMPARE(cell(model, 0, SessionModel::Problem), u"disk full"_s);
    }

    void lanesShowWhatIsInFlightAndCountDownToTheNextTry()
    {
        LaneModel model;
        const QAbstractItemModelTester tester(&model, strict);
        const auto snapshot = storySession("billing");
        model.show(snapshot.lanes, snapshot.at);
        QCOMPARE(model.rowCount(), 6);
        QCOMPARE(cell(model, 0, LaneModel::InFlight), u"36,012"_s);
        QCOMPARE(cell(model, 1, LaneModel::InFlight), unknownText());
        QCOMPARE(cell(model, 3, LaneModel::State), u"↻ retrying"_s);
        QCOMPARE(cell(model, 3, LaneModel::Retry), u"attempt 2, again in 3.2 s"_s);
        QCOMPARE(cell(model, 3, LaneModel::Problem),
                 u"process: database is locked (DatabaseBusy)"_s);
        model.show(snapshot.lanes, snapshot.at + Millis(2200));
        QCOMPARE(cell(model, 3, LaneModel::Retry), u"attempt 2, again in 1.0 s"_s);
        model.show(snapshot.lanes, snapshot.at + Millis(9000));
        QCOMPARE(cell(model, 3, LaneModel::Retry), u"attempt 2, again now"_s);
        QCOMPARE(cell(model, 5, LaneModel::Problem), u"Broker: Unknown topic or partition"_s);
    }

    void whatIsUnknownOfALaneIsADash()
    {
        LaneModel model;
        consumer::LaneSnapshot lane;
        lane.partition = {"orders", 0};
        model.show({lane}, monoNow());
        for (const int column : {LaneModel::Lag, LaneModel::Position, LaneModel::Committed,
                                 LaneModel::LogEnd, LaneModel::InFlight, LaneModel::Retry}) {
            QCOMPARE(cell(model, 0, column), unknownText());
            QVERIFY(!model.index(0, column).data(RawRole).isValid());
        }
    }

    void lanesComeAndGoWithoutAReset()
    {
        LaneModel model;
        const QAbstractItemModelTester tester(&model, strict);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        auto lanes = storySession("billing").lanes;
        model.show(lanes, monoNow());
        const QPersistentModelIndex kept = model.index(4, 0);
        lanes.erase(lanes.begin(), lanes.begin() + 2);
        model.show(lanes, monoNow());
        QCOMPARE(kept.row(), 2);
        QCOMPARE(model.find({"orders", 5}), 3);
        QCOMPARE(model.find({"orders", 0}), -1);
        QCOMPARE(resets.count(), 0);
    }

    void theDiarySortsEventsByWhatTheyAreAbout()
    {
        TwinState twin;
        tellStory(twin);
        SessionDiary diary;
        for (const auto &event : twin.events)
            diary.add(event);
        QCOMPARE(diary.commits().seen(), std::uint64_t(40));
        QCOMPARE(diary.rebalances().seen(), std::uint64_t(2));
        QCOMPARE(diary.log().seen(), std::uint64_t(10)); // with the one commit that failed
        QVERIFY(diary.newestProblem());
    }

    void aTailIsBoundedAndCountsWhatItLetGo()
    {
        SessionDiary diary;
        for (int i = 0; i < 2'500; ++i)
            diary.add({noon(), told::Committed{}});
        QCOMPARE(diary.commits().entries().size(), std::size_t(2000));
        QCOMPARE(diary.commits().letGo(), std::uint64_t(500));
        QCOMPARE(diary.commits().number(0), std::uint64_t(501));
    }

    void ratesAreOfTheTimeThatHasPassed()
    {
        SessionDiary diary;
        auto snapshot = runningSnapshot("billing");
        diary.sample(snapshot, noon());
        snapshot.at += Millis(400);
        snapshot.counters.processed = 100;
        diary.sample(snapshot, noon() + Millis(400));
        QCOMPARE(diary.samples().seen(), std::uint64_t(0)); // too soon
        snapshot.at += Millis(1600);
        snapshot.counters.processed = 3000;
        snapshot.counters.retried = 4;
        diary.sample(snapshot, noon() + Millis(2000));
        QCOMPARE(diary.samples().seen(), std::uint64_t(1));
        QCOMPARE(diary.samples().entries().back().processed, 1500.0);
        QCOMPARE(diary.samples().entries().back().retried, 2.0);
        QVERIFY(!diary.samples().entries().back().p99);
    }

    void linesFollowATailAndChangeSessions()
    {
        SessionLines model(logColumns());
        const QAbstractItemModelTester tester(&model, strict);
        const auto words = [](const consumer::SessionEvent &event) {
            return logLine(event, ui::TimeZone::Utc);
        };
        Tail<consumer::SessionEvent> tail(3);
        model.follow(1, tail, words);
        QCOMPARE(model.rowCount(), 0);
        for (int i = 0; i < 2; ++i)
            tail.add({noon(), told::Retry{{{"orders", i}, Offset(7)}, 1, Millis(100), badTotal()}});
        model.follow(1, tail, words);
        QCOMPARE(model.rowCount(), 2);
        const QPersistentModelIndex second = model.index(1, 0);
        for (int i = 2; i < 4; ++i)
            tail.add({noon(), told::Retry{{{"orders", i}, Offset(7)}, 1, Millis(100), badTotal()}});
        model.follow(1, tail, words);
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(second.row(), 0);
        QCOMPARE(cell(model, 2, 3), u"3"_s);
        QVERIFY(cell(model, 2, 5).contains(u"expected number at $.total_price, got string"_s));
        Tail<consumer::SessionEvent> other(3);
        model.follow(2, other, words);
        QCOMPARE(model.rowCount(), 0);
    }

    void aCommitTellsWhenItWasAskedForAndWhatCameOfIt()
    {
        told::Committed told;
        told.positions = {{{"orders", 1}, Offset(42), std::nullopt}};
        told.latency = Millis(14);
        auto line = commitLine({noon(), told}, ui::TimeZone::Utc);
        QCOMPARE(line.cells[0].text, u"11:03:22.114 UTC"_s);
        QCOMPARE(line.cells[1].text, u"11:03:22.100 UTC"_s);
        QCOMPARE(line.cells[5].text, u"orders/1 → 42"_s);
        QCOMPARE(line.cells[6].text, u"✓ acknowledged"_s);
        told.error = brokerError("committing", "Broker: Unknown member", "UNKNOWN_MEMBER_ID");
        line = commitLine({noon(), told}, ui::TimeZone::Utc);
        QVERIFY(line.cells[6].text.contains(u"Unknown member"_s));
        QVERIFY(line.isProblem);
    }

    void foreignTextInEventsIsVisibleText()
    {
        consumer::SessionEvent event{
            noon(), told::Problem{.error = brokerError("reading <b>\n", "\xe2\x80\xae", "X")}};
        const EventWords words = wordsOf(event);
        QVERIFY(words.text.contains(u"\\n"_s));
        QVERIFY(words.text.contains(u"\\u202e"_s));
    }
};

QTEST_MAIN(SessionsModelsTest)
#include "tst_sessions_models.moc"
