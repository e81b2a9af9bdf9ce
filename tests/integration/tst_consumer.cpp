#include "core/kafka/clusterclient.h"
#include "core/kafka/configure.h"
#include "tests/integration/groupmember.h"
#include "tests/integration/kafkatext.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <memory>
#include <numeric>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::chrono_literals;
using kafkatest::Member;
using testbroker::eventually;
using testclients::Properties;

namespace {

std::vector<std::int64_t> upTo(std::int64_t end, std::int64_t from = 0)
{
    std::vector<std::int64_t> offsets(static_cast<std::size_t>(end - from));
    std::iota(offsets.begin(), offsets.end(), from);
    return offsets;
}

/// What a group has committed for a partition, as librdkafka itself reads it.
struct Commit
{
    std::int64_t offset = -1;
    std::int32_t epoch = -1;
    std::string metadata;
};

Commit committed(const std::string &bootstrap, const std::string &group,
                 const TopicPartition &partition)
{
    const auto client = testclients::makeClient(
        RD_KAFKA_CONSUMER, testclients::makeConf(bootstrap, {{"group.id", group}}));
    const testclients::PartitionsPtr list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.partition);
    testclients::require("reading a commit", rd_kafka_committed(client.get(), list.get(), 10'000));
    const auto &element = list->elems[0];
    Commit commit;
    commit.offset = element.offset;
    commit.epoch = rd_kafka_topic_partition_get_leader_epoch(&element);
    if (element.metadata != nullptr)
        commit.metadata.assign(static_cast<const char *>(element.metadata), element.metadata_size);
    return commit;
}

} // namespace

/// A member of a group on a real Kafka: what it is given, what it gives back, and what it says.
class TestConsumer : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void membersShareAndReadOnAfterEachRebalance_data();
    void membersShareAndReadOnAfterEachRebalance();
    void aCommitCarriesEpochAndMetadata();
    void storedPositionsAreCommittedByTheTimer();
    void whatIsNotOursIsNotStored();
    void heldIntakeCostsNoMembership();
    void aMemberThatDoesNotPollLosesItsPartitions();
    void withoutACommitAnErrorPolicySaysSo();
    void aCommitBelowTheLogSaysSo();
    void startingPointsTellCommitsAndBounds();
    void endsPassOverTransactionMarkers();
    void pausedPartitionsRestAndGoOnWhereTheyWere();
    void aPauseEndsWithTheAssignment();
    void aSeekReadsFromThere();
    void aFencedInstanceIsNamed_data();
    void aFencedInstanceIsNamed();
    void aMissingTopicIsNamedAndNotCreated_data();
    void aMissingTopicIsNamedAndNotCreated();
    void aMemberThatDiesCommitsNothingAndItsBatchesLive();
    void arrivalsWakeThroughTheDescriptor();
    void whatLibrdkafkaRefusesIsSaid();
    void noProfileTurnsTheRulesOff();
    void cleanupTestCase();

private:
    using Turned = std::initializer_list<Member *>;

    GroupConsumerSettings settings(const std::string &topic, const Properties &properties = {})
    {
        GroupConsumerSettings made;
        made.connection.bootstrap = m_kafka->bootstrap();
        made.connection.properties = {{"heartbeat.interval.ms", "200"},
                                      {"session.timeout.ms", "2000"}};
        for (const auto &[key, value] : properties)
            made.connection.properties[key] = value;
        if (properties.count("group.protocol") != 0) {
            made.connection.properties.erase("heartbeat.interval.ms");
            made.connection.properties.erase("session.timeout.ms");
        }
        made.group = GroupId("group of " + topic);
        made.topics = {topic};
        return made;
    }

    template <typename Condition>
    void turnUntil(const QString &what, Turned members, Condition condition)
    {
        eventually(what, [&] {
            for (auto *member : members)
                member->turn();
            return condition();
        });
    }

    void leave(Member &member, Turned others = {})
    {
        member.consumer().close();
        turnUntil("left", {&member}, [&] {
            for (auto *other : others)
                other->turn();
            return member.consumer().closed();
        });
    }

    void createTopic(const std::string &topic, int partitions, int records)
    {
        m_admin->createTopic(topic, partitions);
        for (int i = 0; i < partitions && records > 0; ++i)
            m_producer->sendAll({topic, i}, records);
    }

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    std::unique_ptr<testclients::Admin> m_admin;
    std::unique_ptr<testclients::Producer> m_producer;
};

void TestConsumer::initTestCase()
{
    m_kafka = std::make_unique<testbroker::KafkaCluster>(testbroker::ClusterOptions{
        .nodes = 1,
        .secure = false,
        .advertise = {},
        .settings = {"auto.create.topics.enable=true", "group.consumer.heartbeat.interval.ms=300",
                     "group.consumer.min.heartbeat.interval.ms=300",
                     "group.consumer.session.timeout.ms=3000"}});
    m_admin = std::make_unique<testclients::Admin>(m_kafka->bootstrap());
    m_producer = std::make_unique<testclients::Producer>(m_kafka->bootstrap());
}

void TestConsumer::cleanupTestCase()
{
    m_producer.reset();
    m_admin.reset();
    QVERIFY(finishDestruction(10s));
    m_kafka.reset();
}

void TestConsumer::membersShareAndReadOnAfterEachRebalance_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("cooperative");
    QTest::newRow("eager") << "partition.assignment.strategy"
                           << "range" << false;
    QTest::newRow("cooperative") << "partition.assignment.strategy"
                                 << "cooperative-sticky" << true;
    QTest::newRow("kip848") << "group.protocol"
                            << "consumer" << true;
}

void TestConsumer::membersShareAndReadOnAfterEachRebalance()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(bool, cooperative);
    const std::string topic = std::string("shared-") + QTest::currentDataTag();
    createTopic(topic, 4, 100);
    const auto made = settings(topic, {{key.toStdString(), value.toStdString()}});

    Member first(made);
    turnUntil("all read", {&first}, [&] { return first.records.size() == 400; });
    for (int i = 0; i < 4; ++i) {
        QCOMPARE(first.offsets({topic, i}), upTo(100));
        // So that nothing is read again.
        first.consumer().commit(1, {{{topic, i}, Offset(100), std::nullopt}}, "");
        first.startAt.push_back({{topic, i}, Offset(100), std::nullopt});
    }
    QVERIFY(!first.consumer().memberId().empty());
    const auto protocol = cooperative ? RebalanceProtocol::Cooperative : RebalanceProtocol::Eager;
    QCOMPARE(first.all<consumed::Assigned>().front().protocol, protocol);

    Member second(made);
    turnUntil("shared", {&first, &second},
              [&] { return first.mine.size() == 2 && second.mine.size() == 2; });
    const auto revoked = first.all<consumed::Revoked>();
    QVERIFY(!revoked.empty());
    QCOMPARE(revoked.front().partitions.size(), cooperative ? 2U : 4U);
    for (const auto &one : revoked) {
        QVERIFY(!one.lost);
        QCOMPARE(one.protocol, protocol);
    }
    for (int i = 0; i < 4; ++i)
        m_producer->sendAll({topic, i}, 10);
    turnUntil("both read", {&first, &second}, [&] {
        return first.records.size() + second.records.size() == 440 && second.records.size() == 20;
    });

    leave(second, {&first});
    QCOMPARE(second.all<consumed::Revoked>().back().lost, false);
    // Where the second one did not commit, its twenty come again.
    for (auto &start : first.startAt)
        start.next = Offset(110);
    turnUntil("one has all", {&first}, [&] { return first.mine.size() == 4; });
    for (int i = 0; i < 4; ++i)
        m_producer->sendAll({topic, i}, 10);
    turnUntil("one reads all", {&first}, [&] {
        for (int i = 0; i < 4; ++i)
            if (const auto read = first.offsets({topic, i}); read.empty() || read.back() != 119)
                return false;
        return true;
    });
    for (const auto &complaint : first.all<consumed::Complaint>())
        QFAIL(describe(complaint.error).c_str());
    leave(first);
    QVERIFY(first.mine.empty());
}

void TestConsumer::aCommitCarriesEpochAndMetadata()
{
    createTopic("committed", 2, 50);
    const auto made = settings("committed");
    Member member(made);
    turnUntil("read", {&member}, [&] { return member.records.size() == 100; });
    const auto epoch = member.records.front().epoch;
    QVERIFY(epoch.has_value());
    const std::string metadata("r1\0\xff bytes", 11);
    member.consumer().commit(7, {{{"committed", 1}, Offset(41), epoch}}, metadata);
    member.consumer().commit(8, {{{"committed", 0}, Offset(3), epoch}}, "");
    turnUntil("answered", {&member},
              [&] { return member.all<consumed::CommitAnswer>().size() == 2; });
    const auto answers = member.all<consumed::CommitAnswer>();
    QCOMPARE(answers[0].request, 7U);
    QCOMPARE(answers[1].request, 8U);
    QVERIFY(!answers[0].error);
    QCOMPARE(answers[0].parts.size(), 1U);
    QCOMPARE(answers[0].parts[0].position, (Position{{"committed", 1}, Offset(41), epoch}));
    QVERIFY(!answers[0].parts[0].error);

    const auto read = committed(m_kafka->bootstrap(), made.group.value(), {"committed", 1});
    QCOMPARE(read.offset, 41);
    QCOMPARE(read.epoch, *epoch);
    // A broker keeps metadata as text.
    QVERIFY(read.metadata.starts_with("r1"));
    const auto rows = kafkatext::parseOffsets(m_kafka->mustTool(
        {"consumer-groups", "--describe", "--group", QString::fromStdString(made.group.value())}));
    QCOMPARE(rows.size(), 2U);
    for (const auto &row : rows)
        QCOMPARE(*row.committed, row.partition == 1 ? 41 : 3);

    member.consumer().commit(9, {{{"committed", 7}, Offset(1), std::nullopt}}, "");
    turnUntil("refused", {&member},
              [&] { return member.all<consumed::CommitAnswer>().size() == 3; });
    const auto refused = member.all<consumed::CommitAnswer>().back();
    QCOMPARE(refused.request, 9U);
    QCOMPARE(refused.parts.size(), 1U);
    QCOMPARE(refused.parts[0].error->code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    leave(member);
}

void TestConsumer::storedPositionsAreCommittedByTheTimer()
{
    createTopic("stored", 1, 10);
    auto made = settings("stored");
    made.autoCommit = 100ms;
    Member member(made);
    turnUntil("read", {&member}, [&] { return member.records.size() == 10; });
    // What was only read is not committed.
    const auto parts = member.consumer().store({{{"stored", 0}, Offset(6), 0}}, "by timer");
    QCOMPARE(parts.size(), 1U);
    QVERIFY(!parts[0].error);
    turnUntil("committed", {&member},
              [&] { return !member.all<consumed::CommitAnswer>().empty(); });
    const auto answer = member.all<consumed::CommitAnswer>().front();
    QCOMPARE(answer.request, 0U);
    QCOMPARE(answer.parts.size(), 1U);
    QCOMPARE(answer.parts[0].position.next, Offset(6));
    const auto read = committed(m_kafka->bootstrap(), made.group.value(), {"stored", 0});
    QCOMPARE(read.offset, 6);
    QCOMPARE(read.metadata, std::string("by timer"));
    // What is stored when it leaves is committed as well.
    member.consumer().store({{{"stored", 0}, Offset(9), 0}}, "");
    leave(member);
    QCOMPARE(committed(m_kafka->bootstrap(), made.group.value(), {"stored", 0}).offset, 9);
}

void TestConsumer::whatIsNotOursIsNotStored()
{
    createTopic("notours", 1, 1);
    Member member(settings("notours"));
    turnUntil("read", {&member}, [&] { return member.records.size() == 1; });
    auto parts = member.consumer().store(
        {{{"notours", 0}, Offset(1), 0}, {{"elsewhere", 3}, Offset(1), 0}}, "");
    QCOMPARE(parts.size(), 2U);
    QCOMPARE(parts[0].position.partition, (TopicPartition{"elsewhere", 3}));
    QCOMPARE(parts[0].error->code, std::string("_STATE"));
    QVERIFY(!parts[1].error);
    leave(member);
    parts = member.consumer().store({{{"notours", 0}, Offset(1), 0}}, "");
    QCOMPARE(parts.at(0).error->code, std::string("_STATE"));
}

void TestConsumer::heldIntakeCostsNoMembership()
{
    createTopic("held", 2, 500);
    Member member(
        settings("held", {{"session.timeout.ms", "1000"}, {"max.poll.interval.ms", "1000"}}));
    member.takes = false;
    turnUntil("assigned", {&member}, [&] { return member.mine.size() == 2; });
    QElapsedTimer held;
    held.start();
    turnUntil("three intervals have passed", {&member}, [&] { return held.elapsed() > 3000; });
    QCOMPARE(member.said.size(), 1U);
    member.takes = true;
    turnUntil("read", {&member}, [&] { return member.records.size() == 1000; });
    QCOMPARE(member.said.size(), 1U);
    leave(member);
}

void TestConsumer::aMemberThatDoesNotPollLosesItsPartitions()
{
    createTopic("lost", 1, 5);
    const auto made =
        settings("lost", {{"session.timeout.ms", "1000"}, {"max.poll.interval.ms", "1000"}});
    Member member(made);
    turnUntil("read", {&member}, [&] { return member.records.size() == 5; });
    Member heir(made);
    QElapsedTimer silent;
    silent.start();
    // The broker gives it away when one interval is over; librdkafka looks every half second.
    turnUntil("the other one has it", {&heir},
              [&] { return heir.records.size() == 5 && silent.elapsed() > 2000; });
    turnUntil("it is told", {&member, &heir},
              [&] { return !member.all<consumed::Revoked>().empty(); });
    QVERIFY(member.all<consumed::Revoked>().front().lost);
    const auto complaints = member.all<consumed::Complaint>();
    QVERIFY(!complaints.empty());
    QCOMPARE(complaints.front().error.code, std::string("_MAX_POLL_EXCEEDED"));
    QVERIFY(!complaints.front().fatal);
    // What it says all the same moves nothing.
    member.consumer().commit(1, {{{"lost", 0}, Offset(5), std::nullopt}}, "");
    turnUntil("refused", {&member, &heir},
              [&] { return !member.all<consumed::CommitAnswer>().empty(); });
    QVERIFY(member.all<consumed::CommitAnswer>().front().error);
    QCOMPARE(committed(m_kafka->bootstrap(), made.group.value(), {"lost", 0}).offset, -1001);
    leave(member, {&heir});
    leave(heir);
}

void TestConsumer::withoutACommitAnErrorPolicySaysSo()
{
    createTopic("nocommit", 1, 5);
    auto made = settings("nocommit");
    made.reset = ResetPolicy::Error;
    Member member(made);
    turnUntil("broken", {&member}, [&] { return !member.broken.empty(); });
    QCOMPARE(member.broken.front().error.code, std::string("NO_OFFSET"));
    QCOMPARE(member.broken.front().partition, (TopicPartition{"nocommit", 0}));
    QVERIFY(member.records.empty());
    leave(member);
}

void TestConsumer::aCommitBelowTheLogSaysSo()
{
    createTopic("below", 1, 20);
    m_admin->deleteRecords({"below", 0}, 10);
    auto made = settings("below");
    made.reset = ResetPolicy::Error;
    m_admin->alterOffsets(made.group.value(), {{{"below", 0}, 4}});
    {
        Member member(made);
        turnUntil("broken", {&member}, [&] { return !member.broken.empty(); });
        QCOMPARE(member.broken.front().error.code, std::string("OFFSET_OUT_OF_RANGE"));
        QCOMPARE(member.broken.front().at, std::optional(Offset(4)));
        leave(member);
    }
    made.reset = ResetPolicy::Earliest;
    Member member(made);
    turnUntil("read", {&member}, [&] { return member.records.size() == 10; });
    QCOMPARE(member.offsets({"below", 0}), upTo(20, 10));
    QVERIFY(member.broken.empty());
    leave(member);
}

void TestConsumer::startingPointsTellCommitsAndBounds()
{
    createTopic("points", 3, 20);
    m_admin->deleteRecords({"points", 0}, 10);
    testclients::Producer open(m_kafka->bootstrap(), "points-open");
    open.begin();
    open.sendAll({"points", 2}, 5);
    const auto made = settings("points");
    Member member(made);
    // Of a group that has never been.
    member.consumer().lookUp({{"points", 2}, {"points", 0}}, 5s);
    turnUntil("told", {&member}, [&] { return !member.all<consumed::StartingPoints>().empty(); });
    auto points = member.all<consumed::StartingPoints>().front().points;
    QCOMPARE(points.size(), 2U);
    for (const auto &point : points) {
        QVERIFY2(!point.error, point.error ? describe(*point.error).c_str() : "");
        QVERIFY(!point.committed);
    }
    QCOMPARE(points[0].partition, (TopicPartition{"points", 0}));
    QCOMPARE(points[0].logStart, std::optional(Offset(10)));
    QCOMPARE(points[0].logEnd, std::optional(Offset(20)));
    QCOMPARE(points[1].logEnd, std::optional(Offset(20))); // the open transaction is not readable

    turnUntil("read", {&member}, [&] { return member.records.size() == 50; });
    member.consumer().commit(1, {{{"points", 0}, Offset(12), 0}}, "");
    turnUntil("committed", {&member},
              [&] { return !member.all<consumed::CommitAnswer>().empty(); });
    member.consumer().lookUp({{"points", 0}, {"points", 1}, {"nowhere", 0}}, 5s);
    turnUntil("told", {&member},
              [&] { return member.all<consumed::StartingPoints>().size() == 2; });
    points = member.all<consumed::StartingPoints>().back().points;
    QCOMPARE(points.size(), 3U);
    QCOMPARE(points[0].error->code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(points[1].committed, std::optional(Offset(12)));
    QVERIFY(!points[2].committed);
    QVERIFY(!points[2].error);
    QCOMPARE(member.consumer().knownEnd({"points", 1}), std::optional(Offset(20)));
    QVERIFY(!member.consumer().knownEnd({"nowhere", 0}));

    member.consumer().lookUp({}, 5s);
    turnUntil("told nothing", {&member},
              [&] { return member.all<consumed::StartingPoints>().size() == 3; });
    open.abort();
    leave(member);
}

void TestConsumer::endsPassOverTransactionMarkers()
{
    m_admin->createTopic("marked", 1);
    testclients::Producer writer(m_kafka->bootstrap(), "marked-writer");
    for (const bool commits : {true, false}) {
        writer.begin();
        writer.sendAll({"marked", 0}, 3);
        commits ? writer.commit() : writer.abort();
    }
    Member member(settings("marked"));
    turnUntil("at the end", {&member}, [&] { return member.atEnd({"marked", 0}, 8); });
    QCOMPARE(member.offsets({"marked", 0}), upTo(3));
    leave(member);
}

void TestConsumer::pausedPartitionsRestAndGoOnWhereTheyWere()
{
    createTopic("paused", 2, 100);
    Member member(settings("paused"));
    turnUntil("read", {&member}, [&] { return member.records.size() == 200; });
    member.consumer().pause({{"paused", 0}});
    for (int i = 0; i < 2; ++i)
        m_producer->sendAll({"paused", i}, 50);
    turnUntil("one is read", {&member}, [&] {
        return member.offsets({"paused", 1}).size() == 150;
    });
    QCOMPARE(member.offsets({"paused", 0}).size(), 100U);
    member.consumer().resume({{"paused", 0}});
    turnUntil("both are read", {&member}, [&] {
        return member.offsets({"paused", 0}).size() == 150;
    });
    for (int i = 0; i < 2; ++i)
        QCOMPARE(member.offsets({"paused", i}), upTo(150));
    leave(member);
}

void TestConsumer::aPauseEndsWithTheAssignment()
{
    createTopic("repaused", 2, 10);
    const auto made = settings("repaused", {{"partition.assignment.strategy", "range"}});
    Member member(made);
    turnUntil("read", {&member}, [&] { return member.records.size() == 20; });
    member.consumer().pause({{"repaused", 0}, {"repaused", 1}});
    {
        Member guest(made);
        turnUntil("shared", {&member, &guest}, [&] { return guest.mine.size() == 1; });
        leave(guest, {&member});
    }
    member.records.clear();
    turnUntil("all again", {&member}, [&] { return member.mine.size() == 2; });
    turnUntil("both flow", {&member}, [&] {
        return member.offsets({"repaused", 0}).size() >= 10 &&
               member.offsets({"repaused", 1}).size() >= 10;
    });
    leave(member);
}

void TestConsumer::aSeekReadsFromThere()
{
    createTopic("sought", 1, 100);
    const TopicPartition partition{"sought", 0};
    Member member(settings("sought"));
    turnUntil("read", {&member}, [&] { return member.records.size() == 100; });
    member.records.clear();
    member.consumer().seek({{partition, Offset(40), std::nullopt}, {{"x", 1}, Offset(0), {}}}, 1s);
    turnUntil("read again", {&member}, [&] { return member.records.size() == 60; });
    QCOMPARE(member.offsets(partition), upTo(100, 40));
    const auto answer = member.all<consumed::SeekAnswer>().front();
    QCOMPARE(answer.parts.size(), 2U);
    QVERIFY(!answer.parts[0].error);
    QCOMPARE(answer.parts[1].error->code, std::string("_STATE"));

    // While it rests, and with what is fetched and not taken.
    member.records.clear();
    member.ends.clear();
    member.consumer().pause({partition});
    member.consumer().seek({{partition, Offset(95), std::nullopt}}, 1s);
    member.consumer().resume({partition});
    turnUntil("read once more", {&member}, [&] { return member.atEnd(partition, 100); });
    QCOMPARE(member.offsets(partition), upTo(100, 95));
    leave(member);
}

void TestConsumer::aFencedInstanceIsNamed_data()
{
    QTest::addColumn<bool>("kip848");
    QTest::newRow("classic") << false;
    QTest::newRow("kip848") << true;
}

void TestConsumer::aFencedInstanceIsNamed()
{
    QFETCH(bool, kip848);
    const std::string topic = kip848 ? "fenced848" : "fenced";
    createTopic(topic, 1, 1);
    auto made = settings(topic, kip848 ? Properties{{"group.protocol", "consumer"}} : Properties{});
    made.instanceId = "till 7";
    Member first(made);
    turnUntil("read", {&first}, [&] { return first.records.size() == 1; });
    Member second(made);
    // The coordinator puts the newer of two first in a classic group, the older in the other.
    Member &loser = kip848 ? second : first;
    turnUntil("one is told", {&first, &second},
              [&] { return !loser.all<consumed::Complaint>().empty(); });
    const auto complaint = loser.all<consumed::Complaint>().front();
    QVERIFY(complaint.fatal);
    QCOMPARE(complaint.error.code,
             std::string(kip848 ? "UNRELEASED_INSTANCE_ID" : "FENCED_INSTANCE_ID"));
    QVERIFY2(complaint.error.message.find("till 7") != std::string::npos,
             complaint.error.message.c_str());
    loser.consumer().close();
    turnUntil("it can end", {&first, &second}, [&] { return loser.consumer().closed(); });
    leave(kip848 ? first : second);
}

void TestConsumer::aMissingTopicIsNamedAndNotCreated_data()
{
    aFencedInstanceIsNamed_data();
}

void TestConsumer::aMissingTopicIsNamedAndNotCreated()
{
    QFETCH(bool, kip848);
    const std::string topic = kip848 ? "missing848" : "missing";
    Member member(settings(topic, kip848
                                      ? Properties{{"group.protocol", "consumer"}}
                                      : Properties{{"topic.metadata.refresh.interval.ms", "500"}}));
    turnUntil("complained", {&member}, [&] { return !member.all<consumed::Complaint>().empty(); });
    const auto complaint = member.all<consumed::Complaint>().front();
    QCOMPARE(complaint.error.code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(complaint.topic, std::optional(topic));
    QVERIFY(!complaint.fatal);
    QVERIFY(!m_kafka->mustTool({"topics", "--list"}).contains(QString::fromStdString(topic)));
    createTopic(topic, 1, 3);
    turnUntil("read", {&member}, [&] { return member.records.size() == 3; });
    leave(member);
}

void TestConsumer::aMemberThatDiesCommitsNothingAndItsBatchesLive()
{
    createTopic("dead", 1, 10);
    const auto made = settings("dead", {{"session.timeout.ms", "1000"}});
    Member member(made);
    member.takes = false;
    turnUntil("assigned", {&member}, [&] { return member.mine.size() == 1; });
    RecordBatch batch;
    turnUntil("taken", {&member}, [&] {
        auto taken = member.consumer().take(1000);
        if (!taken.records.empty())
            batch = std::move(taken);
        return batch.records.size() == 10;
    });
    member.consumer().store({{{"dead", 0}, Offset(5), 0}}, "");
    member.die();
    QCOMPARE(batch.records.back().offset, 9);
    QCOMPARE(*batch.records.front().value, std::string_view("record 0"));
    batch = {};
    QVERIFY(finishDestruction(5s));
    QCOMPARE(committed(m_kafka->bootstrap(), made.group.value(), {"dead", 0}).offset, -1001);
    Member heir(made);
    turnUntil("inherited", {&heir}, [&] { return heir.records.size() == 10; });
    leave(heir);
}

void TestConsumer::arrivalsWakeThroughTheDescriptor()
{
    createTopic("wakes", 1, 0);
    const int descriptor = ::eventfd(0, EFD_NONBLOCK);
    {
        Member member(settings("wakes"));
        member.consumer().wakeThrough(descriptor);
        turnUntil("at the end", {&member}, [&] { return member.atEnd({"wakes", 0}, 0); });
        std::uint64_t count = 0;
        const auto isAwake = [&] {
            return ::read(descriptor, &count, sizeof(count)) == sizeof(count);
        };
        while (isAwake())
            member.turn();
        m_producer->sendAll({"wakes", 0}, 1);
        eventually("woken by a record", isAwake);
        turnUntil("read", {&member}, [&] { return member.records.size() == 1; });
        while (isAwake())
            member.turn();
        member.consumer().commit(1, {{{"wakes", 0}, Offset(1), 0}}, "");
        eventually("woken by an answer", isAwake);
        while (isAwake())
            member.turn();
        member.consumer().seek({{{"nowhere", 0}, Offset(1), 0}}, 1s);
        QVERIFY(isAwake());
        leave(member);
    }
    ::close(descriptor);
}

void TestConsumer::whatLibrdkafkaRefusesIsSaid()
{
    auto made = settings("refused", {{"group.protocol", "consumer"}});
    made.connection.properties["session.timeout.ms"] = "2000";
    const auto opened = openGroupConsumer(made, kafkatest::permit());
    QVERIFY(!opened);
    QCOMPARE(opened.error().kind, Error::Kind::Config);
    QVERIFY2(opened.error().message.find("session.timeout.ms") != std::string::npos,
             opened.error().message.c_str());
}

void TestConsumer::noProfileTurnsTheRulesOff()
{
    ConnectionSettings profile;
    profile.bootstrap = m_kafka->bootstrap();
    profile.properties = {{"check.crcs", "false"},
                          {"enable.auto.offset.store", "true"},
                          {"isolation.level", "read_uncommitted"},
                          {"allow.auto.create.topics", "true"},
                          {"enable.metrics.push", "true"},
                          {"enable.idempotence", "false"},
                          {"acks", "1"},
                          {"partitioner", "random"},
                          {"max.in.flight", "1000"}};
    HandleContext context;
    const auto effective = [&](Role role, const char *key) {
        const auto conf = makeConf(profile, role, context);
        if (!conf)
            return describe(conf.error());
        std::array<char, 64> value{};
        std::size_t size = value.size();
        rd_kafka_conf_get(conf->get(), key, value.data(), &size);
        return std::string(value.data());
    };
    QCOMPARE(effective(Role::Consumer, "check.crcs"), std::string("true"));
    QCOMPARE(effective(Role::Consumer, "enable.auto.offset.store"), std::string("false"));
    QCOMPARE(effective(Role::Consumer, "isolation.level"), std::string("read_committed"));
    QCOMPARE(effective(Role::Consumer, "allow.auto.create.topics"), std::string("false"));
    QCOMPARE(effective(Role::Consumer, "enable.metrics.push"), std::string("false"));
    QCOMPARE(effective(Role::Consumer, "enable.partition.eof"), std::string("true"));
    QCOMPARE(effective(Role::Writer, "enable.idempotence"), std::string("true"));
    QCOMPARE(effective(Role::Writer, "acks"), std::string("-1"));
    QCOMPARE(effective(Role::Writer, "partitioner"), std::string("murmur2_random"));
    QCOMPARE(effective(Role::Writer, "allow.auto.create.topics"), std::string("false"));
    QVERIFY(effective(Role::Writer, "max.in.flight") != "1000");
}

QTEST_GUILESS_MAIN(TestConsumer)
#include "tst_consumer.moc"
