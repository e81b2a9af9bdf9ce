#include "tests/integration/offsetsdesk.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <QTemporaryDir>
#include <QTest>

#include <functional>
#include <stdexcept>

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

private:
    /// Asked anew, with a handle of its own, as long as nodes are finding their places.
    void eventually(const char *what, const std::function<bool(OffsetsDesk &)> &condition)
    {
        testbroker::eventually(
            what,
            [&] {
                try {
                    OffsetsDesk desk(m_kafka.bootstrap(), m_home.path());
                    return condition(desk);
                } catch (const std::runtime_error &) {
                    return false;
                }
            },
            60'000);
    }

    QTemporaryDir m_home;
    testbroker::KafkaCluster m_kafka{
        {.nodes = 3, .secure = false, .advertise = {}, .settings = {}}};
    const std::string m_group = "followed";
};

void TestOffsetsNodes::initTestCase()
{
    testclients::Admin(m_kafka.bootstrap()).createTopic("spread", 12, 3);
    testclients::Producer producer(m_kafka.bootstrap());
    for (int i = 0; i < 12; ++i)
        producer.sendAll({"spread", i}, 20);
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
    eventually("all nodes are in their places", [&](OffsetsDesk &desk) {
        desk.put(m_group, before);
        return true;
    });
    OffsetsDesk desk(m_kafka.bootstrap(), m_home.path());
    const int node = desk.coordinator(m_group);
    const auto plan = desk.plan(m_group, "spread", offsets::to::Exact{Offset(5)});
    if (when == "planned") {
        m_kafka.kill(node);
        eventually("another node coordinates it",
                   [&](OffsetsDesk &other) { return other.coordinator(m_group) != node; });
    }
    auto applied = desk.apply(plan, [&](const char *place) {
        if (when == place)
            m_kafka.kill(node);
    });
    if (!applied && when == "planned") {
        // A handle that still counts on the one that is gone sends nothing; a new one does it.
        eventually("nothing was sent",
                   [&](OffsetsDesk &other) { return other.committed(m_group) == before; });
        applied = OffsetsDesk(m_kafka.bootstrap(), m_home.path()).apply(plan);
    }
    m_kafka.start(node);
    QVERIFY2(applied, applied ? "" : describe(applied.error()).c_str());
    const std::string came = inWords(applied);
    qInfo("%s", came.c_str());
    const auto entry = desk.entry(applied->journal);
    // What was on its way to the one that died may have been done, or not; which, is known. What
    // was done is confirmed, though that may take longer than anybody waits for.
    const bool isOpen = when == "written" && came == "UNKNOWN, unknown";
    const bool isDone = isOpen || came == "CONFIRMED, done";
    QVERIFY2(isDone || (when == "begun" && came == "NOT_APPLIED, failed"), came.c_str());
    if (isOpen)
        eventually("it is settled", [&](OffsetsDesk &other) {
            return outcomesOf(other.settled(entry)) == "CONFIRMED";
        });
    offsets::CommitTable now;
    eventually("it is read", [&](OffsetsDesk &other) {
        now = other.committed(m_group);
        return true;
    });
    QVERIFY(now == (isDone ? asked : before));
    if (isDone)
        eventually("it is undone", [&](OffsetsDesk &other) {
            return inWords(other.undo(entry)) == "CONFIRMED, done" &&
                   other.committed(m_group) == before;
        });
}

QTEST_GUILESS_MAIN(TestOffsetsNodes)
#include "tst_offsetsnodes.moc"
