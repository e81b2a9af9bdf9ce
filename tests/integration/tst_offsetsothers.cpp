#include "tests/integration/offsetsproxied.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace redrive;
using namespace redrive::testworld;

namespace {

/// Assigns its partition by hand and commits ever further, so that its group looks Empty.
class HandConsumer
{
public:
    HandConsumer(const std::string &bootstrap, const std::string &group, std::int64_t from)
        : m_client(testclients::makeClient(
              RD_KAFKA_CONSUMER,
              testclients::makeConf(bootstrap,
                                    {{"group.id", group}, {"enable.auto.commit", "false"}})))
        , m_next(from)
        , m_thread([this](const std::stop_token &stop) { run(stop); })
    {
        testbroker::eventually("it commits", [this] { return m_commits > 1; });
    }

private:
    void run(const std::stop_token &stop)
    {
        const TopicPartition partition{"orders", 0};
        rd_kafka_assign(m_client.get(), testclients::toList({{partition, m_next}}).get());
        do {
            const auto list = testclients::toList({{partition, ++m_next}});
            if (rd_kafka_commit(m_client.get(), list.get(), 0) == RD_KAFKA_RESP_ERR_NO_ERROR)
                ++m_commits;
        } while (testclients::pause(stop, Millis(10)));
    }

    testclients::ClientPtr m_client;
    std::int64_t m_next;
    std::atomic<int> m_commits{0};
    std::jthread m_thread;
};

} // namespace

/// Others who change the same group: another Redrive here, another one elsewhere, and consumers
/// that nobody sees.
class TestOffsetsOthers : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_world = std::make_unique<OffsetsProxied>(); }
    void aSecondRedriveOnTheSameGroupIsRefused();
    void aRedriveElsewhereIsSeenByTheReadBack();
    void commitsOfAnEmptyGroupThatMoveAreToldAndRefused();
    void commitsThatGoOnSinceThePlanAreToldFromAnOldPlan();
    void cleanupTestCase() { m_world.reset(); }

private:
    std::unique_ptr<OffsetsProxied> m_world;
};

void TestOffsetsOthers::aSecondRedriveOnTheSameGroupIsRefused()
{
    const QString group = m_world->newGroup();
    const QString other = m_world->newGroup();
    const QStringList how{"--topic", "orders", "--to", "earliest", "--execute"};
    testbroker::Redrivectl::Answer second;
    testbroker::Redrivectl::Answer elsewhere;
    const auto plan = m_world->planTo20(group);
    const auto first = m_world->desk.apply(plan, [&](const char *place) {
        if (std::string_view(place) != "begun")
            return;
        second = m_world->change(QStringList{"reset", group} + how);
        elsewhere = m_world->change(QStringList{"reset", other} + how);
    });
    VERIFY_EXIT(second, 4);
    QCOMPARE(second.errorCode(), "GROUP_LOCKED");
    QVERIFY2(second.raw.contains("ann"), told(second));
    VERIFY_EXIT(elsewhere, 0);
    QCOMPARE(inWords(first), std::string("CONFIRMED, done"));
    QVERIFY(m_world->committed(group) == m_world->asAsked);
    VERIFY_EXIT(m_world->change(QStringList{"reset", group} + how), 0);
}

void TestOffsetsOthers::aRedriveElsewhereIsSeenByTheReadBack()
{
    const QString group = m_world->newGroup();
    testbroker::Redrivectl::Answer second;
    const auto plan = m_world->planTo20(group);
    const auto first = m_world->desk.apply(plan, [&](const char *place) {
        if (std::string_view(place) != "written")
            return;
        testbroker::Redrivectl colleague(
            {"--bootstrap", QString::fromStdString(m_world->kafka.bootstrap())});
        second = colleague.json({"--yes", "offsets", "reset", group, "--topic", "orders:0,2",
                                 "--to", "offset:33", "--execute"});
    });
    VERIFY_EXIT(second, 0);
    QCOMPARE(inWords(first), std::string("CONFIRMED UNKNOWN, unknown"));
    for (const std::size_t row : {0U, 2U}) {
        QVERIFY(first->rows[row].outcome == store::JournalOutcome::Unknown);
        QCOMPARE(first->rows[row].after->value(), 33);
        QVERIFY2(first->rows[row].error->starts_with("somebody else committed: offset 33"),
                 first->rows[row].error->c_str());
    }
    QVERIFY(first->rows[1].outcome == store::JournalOutcome::Confirmed);
    QCOMPARE(m_world->journalOf(group)["state"].toString(), "unknown");
}

void TestOffsetsOthers::commitsOfAnEmptyGroupThatMoveAreToldAndRefused()
{
    const QString group = m_world->newGroup();
    const QString file = m_world->path(group + ".json");
    const QStringList how{"--topic", "orders:0", "--to", "offset:3"};
    {
        const HandConsumer hidden(m_world->kafka.bootstrap(), group.toStdString(), 13);
        m_world->proxy().setLatency(Millis(30)); // the two looks of a plan are that far apart
        const auto plan =
            m_world->proxied.json(QStringList{"offsets", "plan", group, "--save", file} + how);
        const auto told = m_world->proxied.run(QStringList{"offsets", "plan", group} + how);
        const auto reset = m_world->proxied.json(QStringList{"--yes", "offsets", "reset", group} +
                                                 how + QStringList{"--execute"});
        m_world->proxy().setLatency(Millis(0));
        VERIFY_EXIT(plan, 0);
        QCOMPARE(plan.object["state"].toString(), "Empty");
        QCOMPARE(plan.object["moving"].toArray().size(), 1);
        QVERIFY2(told.out.contains("assigns its partitions by hand"), told.out);
        VERIFY_EXIT(reset, 4);
        QCOMPARE(reset.errorCode(), "COMMITS_MOVE");
    }
    QVERIFY((m_world->committed(group).at({"orders", 0}) > 13));
    const auto refused = m_world->change({"apply", file});
    VERIFY_EXIT(refused, 4);
    QCOMPARE(refused.errorCode(), "COMMITS_MOVE");
    QVERIFY((m_world->committed(group).at({"orders", 0}) > 13));
    VERIFY_EXIT(m_world->change({"apply", file, "--even-if-moving"}), 0);
    QVERIFY((m_world->committed(group).at({"orders", 0}) == 3));
}

void TestOffsetsOthers::commitsThatGoOnSinceThePlanAreToldFromAnOldPlan()
{
    const QString group = m_world->newGroup();
    const QString file = m_world->path(group + ".json");
    VERIFY_EXIT(m_world->plan({group, "--topic", "orders:0", "--to", "offset:3", "--save", file}),
                0);
    const HandConsumer hidden(m_world->kafka.bootstrap(), group.toStdString(), 13);
    const auto refused = m_world->change({"apply", file});
    VERIFY_EXIT(refused, 4);
    QCOMPARE(refused.errorCode(), "COMMITS_MOVE");
    QVERIFY((m_world->committed(group).at({"orders", 0}) > 13));
}

QTEST_GUILESS_MAIN(TestOffsetsOthers)
#include "tst_offsetsothers.moc"
