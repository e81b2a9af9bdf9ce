#include "tests/integration/offsetsdesk.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace redrive;
using namespace redrive::testworld;

/// Three nodes: who coordinates a group changes while the group is moved.
class TestOffsetsNodes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aCoordinatorThatMovesIsFollowed_data();
    void aCoordinatorThatMovesIsFollowed();
    void cleanupTestCase() { m_desk.reset(); }

private:
    QTemporaryDir m_home;
    testbroker::KafkaCluster m_kafka{
        {.nodes = 3, .secure = false, .advertise = {}, .settings = {}}};
    std::unique_ptr<OffsetsDesk> m_desk;
    const std::string m_group = "followed";
};

void TestOffsetsNodes::initTestCase()
{
    testclients::Admin(m_kafka.bootstrap()).createTopic("spread", 12, 3);
    testclients::Producer producer(m_kafka.bootstrap());
    for (int i = 0; i < 12; ++i)
        producer.sendAll({"spread", i}, 20);
    m_desk = std::make_unique<OffsetsDesk>(m_kafka.bootstrap(), m_home.path());
}

void TestOffsetsNodes::aCoordinatorThatMovesIsFollowed_data()
{
    QTest::addColumn<QString>("when");
    QTest::newRow("between plan and apply") << "planned";
    QTest::newRow("between the last check and the write") << "begun";
    QTest::newRow("between write and read-back") << "written";
}

void TestOffsetsNodes::aCoordinatorThatMovesIsFollowed()
{
    QFETCH(const QString, when);
    offsets::CommitTable before;
    offsets::CommitTable asked;
    for (int i = 0; i < 12; ++i) {
        before[{"spread", i}] = {.offset = Offset(15), .leaderEpoch = 0, .metadata = "before"};
        asked[{"spread", i}] = {.offset = Offset(5), .leaderEpoch = {}, .metadata = {}};
    }
    m_desk->put(m_group, before);
    const int node = m_desk->coordinator(m_group);
    const auto plan = m_desk->plan(m_group, "spread", offsets::to::Exact{Offset(5)});
    if (when == "planned")
        m_kafka.kill(node);
    const auto applied = m_desk->apply(plan, [&](const char *place) {
        if (when == place)
            m_kafka.kill(node);
    });
    m_kafka.start(node);
    QVERIFY2(applied, applied ? "" : describe(applied.error()).c_str());
    for (const store::JournalRow &row : applied->rows)
        QVERIFY2(!row.error, row.error->c_str());
    QCOMPARE(inWords(applied), std::string("CONFIRMED, done"));
    QVERIFY(m_desk->coordinator(m_group) != node);

    OffsetsDesk colleague(m_kafka.bootstrap(), m_home.path());
    QVERIFY(colleague.committed(m_group) == asked);
    QCOMPARE(inWords(colleague.undo(m_desk->entry(applied->journal))),
             std::string("CONFIRMED, done"));
    QVERIFY(colleague.committed(m_group) == before);
}

QTEST_GUILESS_MAIN(TestOffsetsNodes)
#include "tst_offsetsnodes.moc"
