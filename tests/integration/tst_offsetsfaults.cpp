#include "tests/integration/offsetsproxied.h"

#include <QTest>

#include <atomic>

using namespace redrive;
using namespace redrive::testworld;
using testproxy::Proxy;
using At = Proxy::Passing::At;
using Kind = Proxy::Verdict::Kind;

namespace {

constexpr int offsetCommit = 8;
constexpr int offsetFetch = 9;
constexpr std::int16_t notCoordinator = 16;
/// Where the error stands in the answers about one partition (flexible versions): before the empty
/// tags of partition, topic and answer, and before those of group and answer.
const std::map<int, std::size_t> errorFromEnd{{offsetCommit, 5}, {offsetFetch, 4}};

void putError(std::span<char> answer, int apiKey, std::int16_t code)
{
    const auto error = answer.last(errorFromEnd.at(apiKey)).first(2);
    error[0] = static_cast<char>(code >> 8);
    error[1] = static_cast<char>(code & 0xff);
}

} // namespace

/// Bad luck while a group is moved: answers that are lost, coordinators that are somewhere else,
/// others at the same group. What nobody has read back is never called done or failed.
class TestOffsetsFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_world = std::make_unique<OffsetsProxied>(); }
    void aWriteWhoseAnswerIsLostIsReadBack_data();
    void aWriteWhoseAnswerIsLostIsReadBack();
    void aWriteThatNeverArrivedIsReadBackAsNotApplied();
    void whatCannotBeReadBackIsUnknownUntilTheBrokerAnswers_data();
    void whatCannotBeReadBackIsUnknownUntilTheBrokerAnswers();
    void aBrokerThatIsNotTheCoordinatorIsAskedNoMore_data();
    void aBrokerThatIsNotTheCoordinatorIsAskedNoMore();
    void whoOnlyLooksIsToldThatItIsNotTheCoordinator();
    void aPartThatTheBrokerRefusesIsNotAppliedAndTheOthersAre();
    void aBrokerThatDiesLeavesItOpenUntilItIsBack_data();
    void aBrokerThatDiesLeavesItOpenUntilItIsBack();
    void nothingOfThisBrokeTheAuditLog();
    void cleanupTestCase() { m_world.reset(); }

private:
    void undo(const QString &group, const QString &journal, bool wasDone);

    std::unique_ptr<OffsetsProxied> m_world;
};

void TestOffsetsFaults::undo(const QString &group, const QString &journal, bool wasDone)
{
    const auto undo = m_world->change({"undo", journal, "--execute"});
    VERIFY_EXIT(undo, wasDone ? 0 : 1);
    QCOMPARE(undo.errorCode(), wasDone ? "" : "NOTHING_TO_DO");
    QVERIFY(m_world->committed(group) == m_world->asItWas);
}

void TestOffsetsFaults::aWriteWhoseAnswerIsLostIsReadBack_data()
{
    QTest::addColumn<bool>("breaks");
    QTest::newRow("the connection breaks") << true;
    QTest::newRow("the connection hangs") << false;
}

void TestOffsetsFaults::aWriteWhoseAnswerIsLostIsReadBack()
{
    QFETCH(const bool, breaks);
    const QString group = m_world->newGroup();
    std::atomic<int> answers{0};
    m_world->proxy().setWatch([&](const Proxy::Passing &passing) -> Proxy::Verdict {
        if (passing.at != At::Answer || passing.apiKey != offsetCommit || answers++ > 0)
            return {};
        return {.kind = breaks ? Kind::Reset : Kind::Vanish, .bytes = 0};
    });
    const auto reset = m_world->resetByProxy(group);
    m_world->proxy().setWatch({});
    QVERIFY(answers > 0);
    VERIFY_EXIT(reset, 0);
    QCOMPARE(outcomesOf(reset.object).count("CONFIRMED"), 3);
    QVERIFY(m_world->committed(group) == m_world->asAsked);
    QCOMPARE(m_world->journalOf(group)["state"].toString(), "done");
}

void TestOffsetsFaults::aWriteThatNeverArrivedIsReadBackAsNotApplied()
{
    const QString group = m_world->newGroup();
    m_world->proxy().setWatch([](const Proxy::Passing &passing) -> Proxy::Verdict {
        const bool isWrite = passing.at == At::Request && passing.apiKey == offsetCommit;
        return {.kind = isWrite ? Kind::Vanish : Kind::Pass, .bytes = 0};
    });
    const auto reset = m_world->resetByProxy(group);
    m_world->proxy().setWatch({});
    VERIFY_EXIT(reset, 1);
    QCOMPARE(outcomesOf(reset.object).count("NOT_APPLIED"), 3);
    QVERIFY2(reset.raw.contains("still committed"), told(reset));
    QVERIFY(m_world->committed(group) == m_world->asItWas);
    QCOMPARE(m_world->journalOf(group)["state"].toString(), "failed");
}

void TestOffsetsFaults::whatCannotBeReadBackIsUnknownUntilTheBrokerAnswers_data()
{
    QTest::addColumn<bool>("isDone");
    QTest::newRow("it was done") << true;
    QTest::newRow("it never arrived") << false;
}

void TestOffsetsFaults::whatCannotBeReadBackIsUnknownUntilTheBrokerAnswers()
{
    QFETCH(const bool, isDone);
    const QString group = m_world->newGroup();
    std::atomic<bool> hasWritten{false};
    m_world->proxy().setWatch([&](const Proxy::Passing &passing) -> Proxy::Verdict {
        if (passing.apiKey == offsetCommit && isDone && passing.at == At::Answer)
            return {.kind = Kind::LoseAnswers, .bytes = 0};
        if (isDone || passing.at != At::Request)
            return {};
        hasWritten = hasWritten || passing.apiKey == offsetCommit;
        return {.kind = hasWritten ? Kind::Vanish : Kind::Pass, .bytes = 0};
    });
    const auto reset = m_world->resetByProxy(group);
    m_world->proxy().setWatch({});
    VERIFY_EXIT(reset, 5);
    QCOMPARE(outcomesOf(reset.object).count("UNKNOWN"), 3);
    for (const QJsonValue row : reset.object["rows"].toArray()) {
        QVERIFY2(row["after"].isNull(), told(reset));
        QVERIFY2(!row["error"].isNull(), told(reset));
    }
    QVERIFY(m_world->committed(group) == (isDone ? m_world->asAsked : m_world->asItWas));

    if (isDone) { // and nobody answers yet
        const auto deaf = m_world->proxied.json({"offsets", "journal", "--group", group});
        VERIFY_EXIT(deaf, 0);
        QCOMPARE(outcomesOf(deaf.list[0].toObject()).count("UNKNOWN"), 3);
    }
    m_world->proxy().loseAnswers(false);
    const auto journal = m_world->proxied.json({"offsets", "journal", "--group", group});
    VERIFY_EXIT(journal, 0);
    QCOMPARE(outcomesOf(journal.list[0].toObject()).count(isDone ? "CONFIRMED" : "NOT_APPLIED"), 3);
    undo(group, reset.object["journal"].toString(), isDone);
}

void TestOffsetsFaults::aBrokerThatIsNotTheCoordinatorIsAskedNoMore_data()
{
    QTest::addColumn<int>("apiKey");
    QTest::addColumn<int>("times");
    QTest::addColumn<int>("exit");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("commit, once") << offsetCommit << 1 << 0 << "CONFIRMED";
    QTest::newRow("commit, always") << offsetCommit << 1'000'000 << 0 << "CONFIRMED";
    QTest::newRow("read-back, once") << offsetFetch << 1 << 0 << "CONFIRMED";
    QTest::newRow("read-back, always") << offsetFetch << 1'000'000 << 5 << "UNKNOWN";
}

void TestOffsetsFaults::aBrokerThatIsNotTheCoordinatorIsAskedNoMore()
{
    QFETCH(const int, apiKey);
    QFETCH(const int, times);
    QFETCH(const int, exit);
    QFETCH(const QString, outcome);
    const QString group = m_world->newGroup();
    bool hasWritten = false; // on the proxy's thread
    std::atomic<int> said{0};
    m_world->proxy().setRewrite([&](int key, std::span<char> answer) {
        hasWritten = hasWritten || key == offsetCommit;
        if (key == apiKey && hasWritten && said < times) {
            putError(answer, key, notCoordinator);
            ++said;
        }
    });
    const auto reset = m_world->proxied.json({"--yes", "offsets", "reset", group, "--topic",
                                              "orders:1", "--to", "offset:20", "--execute"});
    m_world->proxy().setRewrite({});
    QVERIFY(times == 1 ? said == 1 : said > 1);
    VERIFY_EXIT(reset, exit);
    QCOMPARE(outcomesOf(reset.object), QStringList{outcome});
    if (exit != 0)
        QVERIFY2(reset.raw.contains("NOT_COORDINATOR"), told(reset));
    QCOMPARE(m_world->committed(group).at({"orders", 1}), 20);
}

void TestOffsetsFaults::whoOnlyLooksIsToldThatItIsNotTheCoordinator()
{
    const QString group = m_world->newGroup();
    std::atomic<int> said{0};
    m_world->proxy().setRewrite([&](int key, std::span<char> answer) {
        if (key == offsetFetch) {
            putError(answer, key, notCoordinator);
            ++said;
        }
    });
    const auto plan =
        m_world->proxied.json({"offsets", "plan", group, "--topic", "orders", "--to", "earliest"});
    const auto described = m_world->proxied.json({"groups", "describe", group});
    m_world->proxy().setRewrite({});
    QVERIFY(said > 1);
    for (const auto &answer : {plan, described}) {
        VERIFY_EXIT(answer, 1);
        QVERIFY2((answer.raw + answer.err).contains("NOT_COORDINATOR"), told(answer));
    }
}

void TestOffsetsFaults::aPartThatTheBrokerRefusesIsNotAppliedAndTheOthersAre()
{
    const QString group = m_world->newGroup();
    const auto wanted = [](std::int64_t offset, std::string metadata) {
        return offsets::CommitImage{
            .offset = Offset(offset), .leaderEpoch = {}, .metadata = std::move(metadata)};
    };
    const offsets::to::Table table{.commits = {{{"orders", 0}, wanted(21, "short")},
                                               {{"orders", 1}, wanted(22, std::string(5000, 'x'))},
                                               {{"orders", 2}, wanted(23, {})}}};
    const auto plan = m_world->desk.plan(group.toStdString(), "orders", table);
    const auto applied = m_world->desk.apply(plan);
    QCOMPARE(inWords(applied), std::string("CONFIRMED NOT_APPLIED, partial"));
    QVERIFY(applied->rows[1].outcome == store::JournalOutcome::NotApplied);
    QVERIFY2(applied->rows[1].error->find("OFFSET_METADATA_TOO_LARGE") != std::string::npos,
             applied->rows[1].error->c_str());
    QVERIFY((m_world->committed(group) ==
             OffsetMap{{{"orders", 0}, 21}, {{"orders", 1}, 11}, {{"orders", 2}, 23}}));
    QCOMPARE(inWords(m_world->desk.undo(m_world->desk.entry(applied->journal))),
             std::string("CONFIRMED, done"));
    QVERIFY(m_world->committed(group) == m_world->asItWas);
}

void TestOffsetsFaults::aBrokerThatDiesLeavesItOpenUntilItIsBack_data()
{
    QTest::addColumn<QString>("when");
    QTest::addColumn<QString>("outcome");
    QTest::newRow("between write and read-back") << "written"
                                                 << "CONFIRMED";
    QTest::newRow("before the write") << "begun"
                                      << "NOT_APPLIED";
}

void TestOffsetsFaults::aBrokerThatDiesLeavesItOpenUntilItIsBack()
{
    QFETCH(const QString, when);
    QFETCH(const QString, outcome);
    const QString group = m_world->newGroup();
    const auto plan = m_world->planTo20(group);
    const auto applied = m_world->desk.apply(plan, [&](const char *place) {
        if (when == place)
            m_world->kafka.kill();
    });
    m_world->kafka.start();
    QCOMPARE(inWords(applied), std::string("UNKNOWN, unknown"));
    for (const store::JournalRow &row : applied->rows)
        QVERIFY(row.error && !row.after);
    const auto settled = m_world->desk.settled(m_world->desk.entry(applied->journal));
    QCOMPARE(outcomesOf(settled), outcome.toStdString());
    QVERIFY(m_world->committed(group) == (when == "written" ? m_world->asAsked : m_world->asItWas));
    const auto journal = m_world->ctl.json({"offsets", "journal", "--group", group});
    VERIFY_EXIT(journal, 0);
    QCOMPARE(outcomesOf(journal.list[0].toObject()).count(outcome), 3);
    undo(group, QString::fromStdString(applied->journal), when == "written");
}

void TestOffsetsFaults::nothingOfThisBrokeTheAuditLog()
{
    const auto audit = m_world->ctl.json({"audit", "--verify"});
    VERIFY_EXIT(audit, 0);
}

QTEST_GUILESS_MAIN(TestOffsetsFaults)
#include "tst_offsetsfaults.moc"
