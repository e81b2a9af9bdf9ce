#include "core/workspace/session.h"
#include "tests/integration/kafkatext.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/broker/redrivectl.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"
#include "tests/support/proxy/proxy.h"

#include <QTest>

#include <memory>
#include <set>

using namespace redrive;
using namespace std::chrono_literals;
using testbroker::eventually;

namespace {

/// Every request that a program may send that only reads, by Kafka's api keys. What is not here
/// changes something, or need not be sent.
const std::map<int, const char *> reading{
    {1, "Fetch"},
    {2, "ListOffsets"},
    {3, "Metadata"},
    {9, "OffsetFetch"},
    {10, "FindCoordinator"},
    {15, "DescribeGroups"},
    {16, "ListGroups"},
    {18, "ApiVersions"},
    {23, "OffsetForLeaderEpoch"},
    {32, "DescribeConfigs"},
    {60, "DescribeCluster"},
    {69, "ConsumerGroupDescribe"},
    {75, "DescribeTopicPartitions"},
};

constexpr int metadata = 3;
constexpr int fetch = 1;

/// What Kafka's lists of topics and groups print where there are none.
const QStringList emptyCluster{"GROUP                TYPE                 PROTOCOL"};

const std::vector<QStringList> readCommands{
    {"cluster"},
    {"groups", "list"},
    {"groups", "list", "--lag", "--members"},
    {"groups", "describe", "--all"},
    {"groups", "describe", "billing"},
    {"groups", "describe", "billing", "nobody"},
    {"groups", "describe", "nobody"},
    {"groups", "describe", "nobody", "nowhere"},
    {"topics", "list"},
    {"topics", "list", "--no-readers"},
    {"topics", "readers", "orders"},
    {"topics", "readers", "nothing"},
};

QStringList sortedLines(const QString &text)
{
    QStringList lines = text.split('\n', Qt::SkipEmptyParts);
    for (auto &line : lines)
        line = line.trimmed();
    lines.sort();
    return lines;
}

} // namespace

/// Reading changes nothing: the cluster is the same before and after, and nothing is asked of it
/// that could change it.
class TestReadOnly : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aBrandNewClusterStaysEmptyUnderEveryReadCommand_data();
    void aBrandNewClusterStaysEmptyUnderEveryReadCommand();
    void aBrandNewClusterStaysEmptyUnderASession();
    void aFilledClusterStaysAsItIs();
    void aSessionLeavesAFilledClusterAsItIs();
    void cleanupTestCase();

private:
    QStringList topicsAndGroups() const;
    QStringList everything() const;
    void run(const QStringList &command);
    void watch(const GroupId &focus);
    void fill();
    /// What passed and does not only read; empty is good.
    QStringList changingRequests() const;

    testproxy::Proxy m_proxy;
    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    testbroker::Redrivectl m_ctl;
    QString m_address;
};

void TestReadOnly::initTestCase()
{
    m_address = "127.0.0.1:" + QString::number(m_proxy.port());
    testbroker::ClusterOptions options;
    options.advertise = m_address;
    options.settings = {"auto.create.topics.enable=true"}; // So that asking alone would create.
    m_kafka = std::make_unique<testbroker::KafkaCluster>(options);
    QCOMPARE(topicsAndGroups(), emptyCluster);
    m_proxy.setTarget(m_kafka->port());
    m_ctl = testbroker::Redrivectl({"--bootstrap", m_address});
}

void TestReadOnly::cleanupTestCase()
{
    m_kafka.reset();
}

QStringList TestReadOnly::topicsAndGroups() const
{
    return sortedLines(m_kafka->mustTool({"topics", "--list"}) +
                       m_kafka->mustTool({"groups", "--list"}));
}

/// Ends of internal topics are among it, so that a commit that changes no number shows, too.
QStringList TestReadOnly::everything() const
{
    return sortedLines(m_kafka->mustTool({"topics", "--describe"})) +
           sortedLines(m_kafka->mustTool({"groups", "--list"})) +
           sortedLines(m_kafka->mustTool({"get-offsets", "--time", "-1"})) +
           sortedLines(m_kafka->mustTool({"get-offsets", "--time", "-2"})) +
           sortedLines(m_kafka->mustTool({"consumer-groups", "--describe", "--all-groups"})) +
           sortedLines(m_kafka->mustTool({"configs", "--describe", "--entity-type", "groups"}));
}

QStringList TestReadOnly::changingRequests() const
{
    QStringList found;
    for (const auto &[key, count] : m_proxy.traffic().requests) {
        if (reading.count(key) == 0)
            found += QString("api key %1: %2 times").arg(key).arg(count);
    }
    return found;
}

void TestReadOnly::run(const QStringList &command)
{
    m_proxy.clearTraffic();
    const auto output = m_ctl.json(command);
    QVERIFY2(output.exitCode == 0 || output.exitCode == 1,
             QByteArray::number(output.exitCode) + output.raw + output.err);
    QVERIFY(m_proxy.traffic().requests.count(metadata) > 0);
    QCOMPARE(m_proxy.traffic().unreadable, 0);
    QCOMPARE(changingRequests(), QStringList());
}

/// A session as the window opens it, until it has shown everything twice.
void TestReadOnly::watch(const GroupId &focus)
{
    m_proxy.clearTraffic();
    workspace::Profile profile;
    profile.bootstrap = m_address.toStdString();
    workspace::SessionOptions options;
    options.interval = 200ms;
    options.focusInterval = 200ms;
    auto session = workspace::openSession(profile, {}, options);
    QVERIFY(session);
    (*session)->setFocus(focus);
    (*session)->setTopicsWanted(true);
    std::set<WallTime> refreshes;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            const auto snapshot = (*session)->take();
            if (snapshot && snapshot->groups && snapshot->topics && snapshot->refreshedAt &&
                snapshot->focus)
                refreshes.insert(*snapshot->refreshedAt);
            return refreshes.size() >= 3;
        }(),
        20'000);
    QCOMPARE(changingRequests(), QStringList());
}

void TestReadOnly::aBrandNewClusterStaysEmptyUnderEveryReadCommand_data()
{
    QTest::addColumn<QStringList>("command");
    for (const auto &command : readCommands)
        QTest::newRow(command.join(' ').toUtf8()) << command;
}

void TestReadOnly::aBrandNewClusterStaysEmptyUnderEveryReadCommand()
{
    QFETCH(const QStringList, command);
    run(command);
    QCOMPARE(m_kafka->mustTool({"topics", "--list"}).trimmed(), "");
}

void TestReadOnly::aBrandNewClusterStaysEmptyUnderASession()
{
    watch(GroupId("nobody"));
    QCOMPARE(topicsAndGroups(), emptyCluster);
}

void TestReadOnly::fill()
{
    const std::string bootstrap = m_address.toStdString();
    testclients::Admin admin(bootstrap);
    admin.createTopic("orders", 3);
    admin.createTopic("marked", 1);
    testclients::Producer(bootstrap).sendAll({"orders", 0}, 40);
    testclients::Producer transactional(bootstrap, "filler");
    transactional.begin();
    transactional.sendAll({"marked", 0}, 3);
    transactional.commit();
    eventually("the marker", [&] { return admin.stableOffset({"marked", 0}) == 4; });
    testclients::commitWithoutJoining(bootstrap, "billing",
                                      {{{"orders", 0}, 30}, {{"marked", 0}, 3}});
}

void TestReadOnly::aFilledClusterStaysAsItIs()
{
    fill();
    const QStringList before = everything();
    QVERIFY(before.join('\n').contains("billing"));
    QVERIFY(before.join('\n').contains("__consumer_offsets"));
    bool readsTails = false;
    for (const auto &command : readCommands) {
        run(command);
        readsTails = readsTails || m_proxy.traffic().requests.count(fetch) > 0;
    }
    QVERIFY(readsTails); // Which changes nothing either.
    QCOMPARE(everything(), before);
}

void TestReadOnly::aSessionLeavesAFilledClusterAsItIs()
{
    const QStringList before = everything();
    watch(GroupId("billing"));
    QCOMPARE(everything(), before);
}

QTEST_GUILESS_MAIN(TestReadOnly)
#include "tst_readonly.moc"
