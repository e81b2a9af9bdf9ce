#include "core/kafka/configure.h"
#include "tests/integration/consumerfixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <array>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::chrono_literals;
using kafkatest::committed;
using kafkatest::Member;
using kafkatest::upTo;
using testbroker::eventually;

/// A member of a group on a real Kafka: what it is given, what it gives back, and how it ends.
class TestConsumer : public QObject, private kafkatest::ConsumerFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { up(); }
    void membersShareAndReadOnAfterEachRebalance_data();
    void membersShareAndReadOnAfterEachRebalance();
    void heldIntakeCostsNoMembership();
    void aMemberThatDoesNotPollLosesItsPartitions();
    void aFencedInstanceIsNamed_data();
    void aFencedInstanceIsNamed();
    void aMissingTopicIsNamedAndNotCreated_data();
    void aMissingTopicIsNamedAndNotCreated();
    void aMemberThatDiesCommitsNothingAndItsBatchesLive();
    void whatLibrdkafkaRefusesIsSaid();
    void noProfileTurnsTheRulesOff();
    void cleanupTestCase() { QVERIFY(down()); }
};

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
