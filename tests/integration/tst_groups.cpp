#include "tests/integration/ctltext.h"
#include "tests/integration/groupworld.h"
#include "tests/integration/kafkatext.h"
#include "tests/support/broker/redrivectl.h"

#include <QTest>

#include <memory>

using namespace redrive;
using namespace redrive::ctltext;
using testbroker::Redrivectl;

/// redrivectl beside Kafka's own tools, on a group of every kind.
class TestGroups : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void offsetsAndLagAreWhatKafkasToolSays();
    void everyGroupIsListedWithStateAndType();
    void membersAndAssignmentsAreWhatKafkasToolSays();
    void targetAssignmentsOfKip848GroupsAreKnown();
    void totalLagsAreSumsOfTheTools();
    void conditions_data();
    void conditions();
    void lostRecordsAreCounted();
    void aCommitBeyondTheEndHasNoLag();
    void metadataAndLeaderEpochOfACommitAreShown();
    void anOpenTransactionIsToldFromTheMarkersItLeaves();
    void groupsOfOtherTypesAreListedButNeverDead();
    void aGroupThatDoesNotExistIsAnError();
    void namesAreTakenAsTheyAre();
    void readersOfATopicAreItsGroups();
    void topicsAreListedWithTheirRecords();
    void theClusterIsDescribed();
    void aDeletedTopicWithAnAssignmentIsNamedSo(); // the last: Kafka's tool throws from here on
    void cleanupTestCase();

private:
    Redrivectl::Answer describeAll() const { return m_ctl.json({"groups", "describe", "--all"}); }

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    std::unique_ptr<testworld::GroupWorld> m_world;
    Redrivectl m_ctl;
    std::vector<kafkatext::OffsetRow> m_truth;
    Redrivectl::Answer m_described;
};

void TestGroups::initTestCase()
{
    m_kafka = std::make_unique<testbroker::KafkaCluster>();
    m_world = std::make_unique<testworld::GroupWorld>(*m_kafka);
    m_ctl = Redrivectl({"--bootstrap", QString::fromStdString(m_kafka->bootstrap())});
    m_truth = kafkatext::parseOffsets(
        m_kafka->mustTool({"consumer-groups", "--describe", "--all-groups"}));
    // The second line of a name that has two.
    std::erase_if(m_truth, [](const auto &one) { return one.group == "break tab"; });
    m_described = describeAll();
    QVERIFY2(!m_described.list.isEmpty(), m_described.err + m_described.raw);
    QCOMPARE(m_described.exitCode, 0);
}

void TestGroups::cleanupTestCase()
{
    m_world.reset();
    m_kafka.reset();
}

void TestGroups::offsetsAndLagAreWhatKafkasToolSays()
{
    QVERIFY(m_truth.size() > 30);
    std::map<QString, int> rowsOf;
    for (const auto &truth : m_truth) {
        ++rowsOf[truth.group];
        const auto group = m_described.find("group", truth.group);
        const auto ours = row(group, truth.topic, truth.partition);
        const QByteArray where =
            (truth.group + ' ' + truth.topic + '/' + QString::number(truth.partition)).toUtf8();
        QVERIFY2(!ours.isEmpty(), where);
        QVERIFY2(ours["committed"] == orNull(truth.committed), where);
        QVERIFY2(ours["log_end"] == orNull(truth.end), where);
        const bool beyond = truth.lag && *truth.lag < 0;
        QVERIFY2(ours["lag"] == orNull(beyond ? std::nullopt : truth.lag), where);
        QVERIFY2(ours["member_id"].toString() == truth.consumer, where);
        QVERIFY2(ours["error"].isNull(), where);
    }
    for (const auto &[name, count] : rowsOf) {
        const auto group = m_described.find("group", name);
        QVERIFY2(group["partitions"].toArray().size() == count, name.toUtf8());
    }
}

void TestGroups::everyGroupIsListedWithStateAndType()
{
    const auto listed = m_ctl.json({"groups", "list"});
    QCOMPARE(listed.exitCode, 0);
    const auto states =
        kafkatext::parsePairs(m_kafka->mustTool({"consumer-groups", "--list", "--state"}));
    const auto types =
        kafkatext::parsePairs(m_kafka->mustTool({"consumer-groups", "--list", "--type"}));
    QVERIFY(states.size() > 15);
    for (auto truth = states.begin(); truth != states.end(); ++truth) {
        if (truth.key() == "break tab")
            continue;
        const auto ours = listed.find("group", truth.key());
        QVERIFY2(!ours.isEmpty(), truth.key().toUtf8());
        QCOMPARE(ours["state"].toString(), truth.value());
        QCOMPARE(ours["type"].toString(), types.value(truth.key()).toLower());
        QVERIFY(ours["total_lag"].isNull());
        QVERIFY(ours["members"].isNull());
    }
    QVERIFY(listed.find("group", "simple")["protocol_type"].isNull());
    QCOMPARE(listed.find("group", "classic")["protocol_type"], QJsonValue("consumer"));
}

void TestGroups::membersAndAssignmentsAreWhatKafkasToolSays()
{
    const auto members = kafkatext::parseMembers(m_kafka->mustTool(
        {"consumer-groups", "--describe", "--all-groups", "--members", "--verbose"}));
    QVERIFY(members.size() >= 8);
    std::map<QString, int> membersOf;
    for (const auto &truth : members) {
        ++membersOf[truth.group];
        const auto group = m_described.find("group", truth.group);
        QJsonObject ours;
        for (const QJsonValue entry : group["members"].toArray()) {
            if (entry["member_id"].toString() == truth.consumer)
                ours = entry.toObject();
        }
        QVERIFY2(!ours.isEmpty(), (truth.group + ' ' + truth.consumer).toUtf8());
        QCOMPARE(ours["host"].toString(), truth.host);
        QCOMPARE(ours["client_id"].toString(), truth.client);
        QCOMPARE(partitionNames(ours["assignment"]), truth.assignment.value_or(QStringList()));
        QCOMPARE(ours["target"].isNull(), !truth.target.has_value());
        QCOMPARE(partitionNames(ours["target"]), truth.target.value_or(QStringList()));
    }
    for (const auto &[name, count] : membersOf)
        QCOMPARE(m_described.find("group", name)["members"].toArray().size(), count);
}

void TestGroups::targetAssignmentsOfKip848GroupsAreKnown()
{
    const auto modern = m_described.find("group", "modern");
    QCOMPARE(modern["type"].toString(), "consumer");
    QCOMPARE(modern["state"].toString(), "Stable");
    QCOMPARE(modern["protocol"].toString(), "uniform");
    QVERIFY(modern["epoch"].isNull());
    QCOMPARE(modern["members"].toArray().size(), 2);
    for (const QJsonValue member : modern["members"].toArray())
        QCOMPARE(partitionNames(member["target"]).size(), 2);
    const auto classic = m_described.find("group", "classic");
    QCOMPARE(classic["type"].toString(), "classic");
    QCOMPARE(classic["protocol"].toString(), "range");
    QCOMPARE(classic["coordinator"]["id"].toInt(), 1);
}

void TestGroups::totalLagsAreSumsOfTheTools()
{
    const auto listed = m_ctl.json({"groups", "list", "--lag", "--members"});
    QCOMPARE(listed.exitCode, 0);
    const auto sums = totalLags(m_truth);
    QVERIFY(sums.size() > 15);
    for (const auto &[name, sum] : sums) {
        const auto group = m_described.find("group", name);
        QVERIFY2(group["total_lag"] == orNull(sum), name.toUtf8());
        const auto line = listed.find("group", name);
        QVERIFY2(line["total_lag"] == orNull(sum), name.toUtf8());
        QCOMPARE(line["members"].toInt(-1), group["members"].toArray().size());
    }
}

void TestGroups::conditions_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<QString>("topic");
    QTest::addColumn<QString>("expected");

    QTest::newRow("behind") << "classic"
                            << "orders"
                            << "ok";
    QTest::newRow("behind, KIP-848") << "modern"
                                     << "events"
                                     << "ok";
    QTest::newRow("behind, nobody reads") << "left"
                                          << "orders"
                                          << "ok";
    QTest::newRow("committed at the end") << "idle"
                                          << "quiet"
                                          << "idle";
    QTest::newRow("assigned, never committed") << "never-commits"
                                               << "quiet"
                                               << "no_commit";
    QTest::newRow("below the log start") << "behind-the-start"
                                         << "trimmed"
                                         << "records_lost";
    QTest::newRow("past the log end") << "ahead-of-the-end"
                                      << "short"
                                      << "beyond_end";
    QTest::newRow("members read other topics") << "moved-on"
                                               << "retired"
                                               << "unsubscribed";
    QTest::newRow("only a marker is left") << "only-markers"
                                           << "marked"
                                           << "markers_only";
    QTest::newRow("records before the marker") << "before-markers"
                                               << "marked"
                                               << "ok";
    QTest::newRow("a topic with a long name")
        << "long-topic" << testworld::GroupWorld::longTopic() << "ok";
}

void TestGroups::conditions()
{
    QFETCH(const QString, group);
    QFETCH(const QString, topic);
    QFETCH(const QString, expected);
    const auto found = m_described.find("group", group);
    QVERIFY(!found.isEmpty());
    QCOMPARE(condition(found, topic), expected);
}

void TestGroups::lostRecordsAreCounted()
{
    const auto lost = row(m_described.find("group", "behind-the-start"), "trimmed", 0);
    QCOMPARE(lost["log_start"].toInt(), 40);
    QCOMPARE(lost["lost"].toInt(), 30);
    QCOMPARE(lost["lag"].toInt(), 40);
}

void TestGroups::aCommitBeyondTheEndHasNoLag()
{
    const auto group = m_described.find("group", "ahead-of-the-end");
    const auto ahead = row(group, "short", 0);
    QCOMPARE(ahead["committed"].toInt(), 500);
    QCOMPARE(ahead["log_end"].toInt(), 50);
    QVERIFY(ahead["lag"].isNull());
    QVERIFY(group["total_lag"].isNull());
}

void TestGroups::metadataAndLeaderEpochOfACommitAreShown()
{
    const auto simple = row(m_described.find("group", "simple"), "orders", 0);
    QCOMPARE(simple["metadata"].toString(), "checkpoint 7");
    const auto never = row(m_described.find("group", "never-commits"), "quiet", 0);
    QVERIFY(never["metadata"].isNull());
    QVERIFY(never["leader_epoch"].isNull());
    QVERIFY(never["committed"].isNull());
    QVERIFY(never["lag"].isNull());
}

void TestGroups::anOpenTransactionIsToldFromTheMarkersItLeaves()
{
    m_world->holdTransaction();
    const auto during = m_ctl.json({"groups", "describe", "waiting"});
    QCOMPARE(during.exitCode, 0);
    const auto open = row(during.list.first().toObject(), "held", 0);
    QCOMPARE(open["condition"].toString(), "open_transaction");
    QCOMPARE(open["stable_end"].toInt(-1), 0);
    QCOMPARE(open["log_end"].toInt(), 5);
    QCOMPARE(open["lag"].toInt(), 5);

    m_world->endTransaction();
    const auto after = m_ctl.json({"groups", "describe", "waiting"});
    const auto left = row(after.list.first().toObject(), "held", 0);
    QCOMPARE(left["condition"].toString(), "markers_only");
    QCOMPARE(left["stable_end"].toInt(), 6);
    QCOMPARE(left["lag"].toInt(), 1);
}

void TestGroups::groupsOfOtherTypesAreListedButNeverDead()
{
    const auto check = [](const QJsonObject &group) {
        QVERIFY(!group.isEmpty());
        QCOMPARE(group["type"].toString(), "unknown");
        QVERIFY(group["state"].isNull());
        QVERIFY(group["total_lag"].isNull());
        QVERIFY(!group["error"]["message"].toString().isEmpty());
    };
    check(m_ctl.json({"groups", "list", "--lag", "--members"}).find("group", "shared"));
    check(m_described.find("group", "shared"));

    const auto named = m_ctl.json({"groups", "describe", "shared"});
    QCOMPARE(named.exitCode, 1);
    check(named.find("group", "shared"));
}

void TestGroups::aGroupThatDoesNotExistIsAnError()
{
    const auto alone = m_ctl.json({"groups", "describe", "nobody"});
    QCOMPARE(alone.exitCode, 1);
    QCOMPARE(alone.errorCode(), "GROUP_ID_NOT_FOUND");
    QVERIFY(alone.err.contains("nobody"));
    QVERIFY(m_ctl.run({"groups", "describe", "nobody"}).out.isEmpty());
    const auto mixed = m_ctl.json({"groups", "describe", "nobody", "idle"});
    QCOMPARE(mixed.exitCode, 1);
    const auto missing = mixed.find("group", "nobody");
    QCOMPARE(missing.keys(), (QStringList{"error", "group"}));
    QCOMPARE(missing["error"]["code"].toString(), "GROUP_ID_NOT_FOUND");
    QCOMPARE(condition(mixed.find("group", "idle"), "quiet"), "idle");
}

void TestGroups::namesAreTakenAsTheyAre()
{
    const auto listed = m_ctl.json({"groups", "list"});
    for (const auto &name : testworld::GroupWorld::oddNames()) {
        QVERIFY2(!listed.find("group", name).isEmpty(), name.toUtf8());
        const auto described = m_ctl.json({"groups", "describe", "--", name});
        QVERIFY2(described.exitCode == 0, name.toUtf8() + ": " + described.raw + described.err);
        const auto group = described.find("group", name);
        QCOMPARE(row(group, "orders", 2)["committed"].toInt(), 45);
        const auto table = m_ctl.run({"groups", "describe", "--", name});
        QCOMPARE(table.exitCode, 0);
        for (const char hidden : {'\t', '\x1b', '\r'})
            QVERIFY2(!table.out.contains(hidden), name.toUtf8());
        QVERIFY2(!QString::fromUtf8(table.out).contains(QChar(0x202e)), name.toUtf8());
    }
    QVERIFY(m_ctl.run({"groups", "list"}).out.contains("line\\nbreak\\ttab"));
}

void TestGroups::readersOfATopicAreItsGroups()
{
    std::map<QString, int> partitionsOf;
    std::map<QString, qint64> lagOf;
    for (const auto &truth : m_truth) {
        if (truth.topic == "orders") {
            ++partitionsOf[truth.group];
            lagOf[truth.group] += truth.lag.value_or(0);
        }
    }
    const auto readers = m_ctl.json({"topics", "readers", "orders"});
    QCOMPARE(readers.exitCode, 0);
    QVERIFY(partitionsOf.size() >= 10);
    for (const auto &[name, partitions] : partitionsOf) {
        const auto line = readers.find("group", name);
        QVERIFY2(!line.isEmpty(), name.toUtf8());
        QCOMPARE(line["topic"].toString(), "orders");
        QCOMPARE(line["partitions"].toInt(), partitions);
        QCOMPARE(line["total_lag"].toInteger(), lagOf[name]);
    }
    QVERIFY(readers.find("group", "idle").isEmpty());
    const auto none = m_ctl.json({"topics", "readers", "no-such-topic"});
    QCOMPARE(none.exitCode, 1);
    QCOMPARE(none.errorCode(), "UNKNOWN_TOPIC_OR_PARTITION");
}

void TestGroups::topicsAreListedWithTheirRecords()
{
    const auto listed = m_ctl.json({"topics", "list"});
    QCOMPARE(listed.exitCode, 0);
    const QStringList names =
        m_kafka->mustTool({"topics", "--list"}).split('\n', Qt::SkipEmptyParts);
    QCOMPARE(listed.list.size(), names.size());
    for (const auto &name : names)
        QVERIFY2(!listed.find("topic", name).isEmpty(), name.toUtf8());

    const auto ends = kafkatext::sumOffsets(m_kafka->mustTool({"get-offsets", "--time", "-1"}));
    const auto starts = kafkatext::sumOffsets(m_kafka->mustTool({"get-offsets", "--time", "-2"}));
    for (const QString name : {"orders", "trimmed", "marked", "quiet"})
        QCOMPARE(listed.find("topic", name)["records"].toInteger(-1), ends[name] - starts[name]);
    QCOMPARE(listed.find("topic", "orders")["partitions"].toInt(), 4);
    QCOMPARE(listed.find("topic", "orders")["internal"].toBool(true), false);
    QCOMPARE(listed.find("topic", "__consumer_offsets")["internal"].toBool(false), true);
    QCOMPARE(listed.find("topic", "trimmed")["readers"].toInt(), 1);
}

void TestGroups::theClusterIsDescribed()
{
    const auto cluster = m_ctl.json({"cluster"});
    QCOMPARE(cluster.exitCode, 0);
    const QString id = m_kafka->mustTool({"cluster", "cluster-id"}).section(':', 1).trimmed();
    QCOMPARE(cluster.object["cluster_id"].toString(), id);
    QCOMPARE(cluster.object["controller_id"].toInt(), 1);
    QCOMPARE(cluster.object["brokers"].toArray().size(), 1);
    QCOMPARE(cluster.object["brokers"][0]["port"].toInt(), m_kafka->port());
    QVERIFY(cluster.object["brokers"][0]["rack"].isNull());
    QVERIFY(cluster.object["groups"].toInt() > 15);
}

void TestGroups::aDeletedTopicWithAnAssignmentIsNamedSo()
{
    QCOMPARE(condition(m_described.find("group", "stale"), "doomed"), "idle");
    m_world->deleteUnderMember();
    QJsonObject stale;
    QTRY_COMPARE_WITH_TIMEOUT(
        (stale = m_ctl.json({"groups", "describe", "stale"}).find("group", "stale"),
         condition(stale, "doomed")),
        "topic_deleted", 15'000);
    QVERIFY(row(stale, "doomed", 0)["lag"].isNull());
    QVERIFY(stale["total_lag"].isNull());

    const auto all = describeAll();
    QCOMPARE(all.find("group", "classic")["total_lag"],
             m_described.find("group", "classic")["total_lag"]);
}

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
