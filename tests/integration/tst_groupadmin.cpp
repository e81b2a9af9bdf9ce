#include "tests/integration/adminfixture.h"
#include "tests/support/clients/groupmember.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTest>

#include <array>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::chrono_literals;
using kafkatest::Asker;
using kafkatest::at;
using kafkatest::code;
using kafkatest::look;
using kafkatest::Offsets;
using kafkatest::offsetsIn;
using kafkatest::to;
using testbroker::eventually;
using Which = GlanceQuery::Which;

namespace {

rd_kafka_vu_t part(rd_kafka_vtype_t type)
{
    rd_kafka_vu_t made{};
    made.vtype = type;
    return made;
}

} // namespace

/// What planning and applying a change to a group asks of a real Kafka.
class TestGroupAdmin : public QObject, private kafkatest::AdminFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { up(); }
    void aClusterWithoutGroupsIsReadAndLeftAsItIs();
    void theFirstGroupOfAClusterIsCreated();
    void timesLeadWhereKafkasToolSays();
    void aTimeWithoutAPartitionIsAnErrorOfItsOwn();
    void topicsAreTheSameAsToKafkasTool();
    void aTopicMadeAgainIsAnother();
    void anEmptyGroupIsMovedAndReadBack();
    void whatARefusalIsAboutDoesNotStopTheRest();
    void aLiveGroupIsNotMoved_data();
    void aLiveGroupIsNotMoved();
    void anEmptyGroupOfTheNewProtocolIsMovedAndDeleted();
    void commitsAreDeleted();
    void groupsAreDeleted();
    void aNameThatWouldArriveAsAnotherIsRefused();
    void withoutABrokerTheTimeIsKept();
    void whatWasGivenUpIsNotSentLater();
    void cleanupTestCase() { QVERIFY(down()); }

private:
    /// Records with timestamps of their own, one after the other.
    void sendAt(const TopicPartition &partition, const std::vector<std::int64_t> &times)
    {
        const auto client = testclients::makeClient(
            RD_KAFKA_PRODUCER, testclients::makeConf(m_kafka->bootstrap(), {}));
        for (const auto time : times) {
            std::array record{part(RD_KAFKA_VTYPE_TOPIC), part(RD_KAFKA_VTYPE_PARTITION),
                              part(RD_KAFKA_VTYPE_TIMESTAMP)};
            record[0].u.cstr = partition.topic.c_str();
            record[1].u.i32 = partition.partition;
            record[2].u.i64 = time;
            const std::unique_ptr<rd_kafka_error_t, testclients::Release<rd_kafka_error_destroy>>
                error(rd_kafka_produceva(client.get(), record.data(), record.size()));
            if (error)
                throw std::runtime_error(rd_kafka_error_string(error.get()));
        }
        testclients::require("flushing", rd_kafka_flush(client.get(), 10'000));
    }

    std::unique_ptr<testclients::GroupMember> join(const std::string &group,
                                                   const std::string &name, bool kip848)
    {
        testclients::MemberOptions options;
        options.group = group;
        options.topics = {name};
        options.kip848 = kip848;
        options.commits = false;
        auto member = std::make_unique<testclients::GroupMember>(m_kafka->bootstrap(), options);
        eventually("joined", [&] { return !member->assignment().empty(); });
        return member;
    }
};

void TestGroupAdmin::aClusterWithoutGroupsIsReadAndLeftAsItIs()
{
    m_kafka->mustTool({"topics", "--create", "--topic", "first", "--partitions", "2"});
    m_producer->sendAll({"first", 0}, 5);
    const auto seen = m_asker->glance(
        {look({"first", 0}, Which::First, 2, 5), look({"nowhere", 0}, Which::First, 0, 1)}, 5s);
    QCOMPARE(at(seen.at(0)), std::optional<std::int64_t>(2));
    QVERIFY(seen.at(1).error);
    QCOMPARE(code(m_asker->topicIdentities({"nowhere"}).at(0).error),
             std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(code(m_asker->deleteOffsets("first group", {{"first", 0}}).error),
             std::string("GROUP_ID_NOT_FOUND"));
    const auto deleted = m_asker->deleteGroup("first group");
    QVERIFY(!deleted);
    QCOMPARE(deleted.error().code, std::string("GROUP_ID_NOT_FOUND"));
    QCOMPARE(topicList(), QStringList{"first"});
}

void TestGroupAdmin::theFirstGroupOfAClusterIsCreated()
{
    const auto answer = m_asker->alter("first group", {to({"first", 0}, 3), to({"first", 1}, 0)});
    QVERIFY2(!answer.error, answer.error ? describe(*answer.error).c_str() : "");
    QCOMPARE(answer.parts.size(), 2U);
    for (const auto &[partition, error] : answer.parts)
        QVERIFY(!error);
    QCOMPARE(offsetsIn(m_asker->committed("first group")),
             (Offsets{{{"first", 0}, 3}, {{"first", 1}, 0}}));
    QCOMPARE(m_asker->describeGroup("first group").state, std::optional(GroupState::Empty));
}

void TestGroupAdmin::timesLeadWhereKafkasToolSays()
{
    topic("times", 3, 0);
    sendAt({"times", 0}, {1000, 2000, 2000, 1500, 5000});
    m_producer->sendAll({"times", 1}, 1);
    for (const std::int64_t time : {-5, 0, 999, 1000, 1001, 2000, 2001, 5000, 5001}) {
        const WallTime asked{Millis(time)};
        const auto answers =
            m_asker->offsetsForTimes({{{"times", 0}, asked},
                                      {{"times", 1}, WallTime(9'999'999'999'999ms)},
                                      {{"times", 2}, asked}});
        QCOMPARE(answers.size(), 3U);
        const auto &answer = answers.at({"times", 0});
        QVERIFY(!answer.error);
        if (time >= 0) {
            const QString said = m_kafka
                                     ->mustTool({"get-offsets", "--topic-partitions", "times:0",
                                                 "--time", QString::number(time)})
                                     .trimmed();
            const QString ours =
                answer.offset ? QString::number(answer.offset->value()) : QString();
            QCOMPARE(ours.isEmpty() ? ours : "times:0:" + ours, said);
        } else {
            QCOMPARE(answer.offset, std::optional(Offset(0)));
        }
        if (time == 1001) {
            QCOMPARE(answer.offset, std::optional(Offset(1)));
            QCOMPARE(answer.time, std::optional(WallTime(2000ms)));
        }
        for (const int partition : {1, 2})
            QCOMPARE(answers.at({"times", partition}), TimeAnswer{});
    }
    QVERIFY(m_asker->offsetsForTimes({}).empty());
}

void TestGroupAdmin::aTimeWithoutAPartitionIsAnErrorOfItsOwn()
{
    const TopicPartition missing{"times", 7};
    const TopicPartition nowhere{"nowhere", 0};
    const auto answers = m_asker->offsetsForTimes(
        {{{"times", 0}, WallTime(1000ms)}, {missing, WallTime(0ms)}, {nowhere, WallTime(0ms)}});
    QCOMPARE(answers.at({"times", 0}).offset, std::optional(Offset(0)));
    QCOMPARE(code(answers.at(missing).error), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(code(answers.at(nowhere).error), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    const auto none = m_asker->offsetsForTimes({{nowhere, WallTime(0ms)}});
    QCOMPARE(code(none.at(nowhere).error), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
}

void TestGroupAdmin::topicsAreTheSameAsToKafkasTool()
{
    // As many as it takes to see both letters in which Kafka's alphabet differs from the usual one.
    std::vector<std::string> names;
    for (int i = 0; i < 24; ++i)
        names.push_back("identity" + std::to_string(i));
    for (const auto &name : names)
        topic(name, 3, 0);
    const QString described = m_kafka->mustTool({"topics", "--describe"});
    auto asked = names;
    asked.insert(asked.begin() + 1, "nowhere");
    asked.push_back(names.front());
    asked.push_back("");
    const auto identities = m_asker->topicIdentities(asked);
    QCOMPARE(identities.size(), asked.size());
    QString letters;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto &one = identities[i];
        QCOMPARE(one.topic, asked[i]);
        if (asked[i] == "nowhere" || asked[i].empty()) {
            QVERIFY(one.error && !one.id && one.partitions.empty());
            continue;
        }
        const QRegularExpression line("Topic: " + QString::fromStdString(asked[i]) +
                                      "\tTopicId: (\\S+)");
        QVERIFY(!one.error && one.id);
        QCOMPARE(QString::fromStdString(*one.id), line.match(described).captured(1));
        QCOMPARE(one.partitions, (std::vector<std::int32_t>{0, 1, 2}));
        letters += QString::fromStdString(*one.id);
    }
    QVERIFY(letters.contains('-') || letters.contains('_'));
    QVERIFY(m_asker->topicIdentities({}).empty());
}

void TestGroupAdmin::aTopicMadeAgainIsAnother()
{
    topic("remade", 2, 0);
    const auto before = m_asker->topicIdentities({"remade"}).at(0);
    operatorsAdmin().deleteTopic("remade");
    eventually("it is gone", [&] { return m_asker->topicIdentities({"remade"}).at(0).error; });
    topic("remade", 2, 0);
    const auto after = m_asker->topicIdentities({"remade"}).at(0);
    QVERIFY(before.id && after.id);
    QVERIFY(*before.id != *after.id);
    QCOMPARE(after.partitions, before.partitions);
}

void TestGroupAdmin::anEmptyGroupIsMovedAndReadBack()
{
    topic("moved", 3, 20);
    operatorsAdmin().alterOffsets("mover",
                                  {{{"moved", 0}, 5}, {{"moved", 1}, 6}, {{"moved", 2}, 7}});
    const std::string metadata = "why: \xc3\xa9\t{\"a\":1}";
    const NewOffset full{
        .partition = {"moved", 0}, .offset = Offset(11), .leaderEpoch = 4, .metadata = metadata};
    for (int round = 0; round < 20; ++round) {
        auto moved = full;
        moved.offset = Offset(round);
        const auto answer = m_asker->alter("mover", {moved, to({"moved", 1}, 19 - round)});
        QVERIFY(!answer.error);
        QCOMPARE(answer.parts.size(), 2U);
        QVERIFY(!answer.parts.at({"moved", 0}) && !answer.parts.at({"moved", 1}));
        const auto read = m_asker->committed("mover");
        QCOMPARE(offsetsIn(read),
                 (Offsets{{{"moved", 0}, round}, {{"moved", 1}, 19 - round}, {{"moved", 2}, 7}}));
        QCOMPARE(read.offsets.at(0).leaderEpoch, std::optional<std::int32_t>(4));
        QCOMPARE(read.offsets.at(0).metadata, metadata);
        QVERIFY(!read.offsets.at(1).leaderEpoch && read.offsets.at(1).metadata.empty());
    }
    QCOMPARE(m_asker->alter("mover", {}), ChangeAnswer{});
}

void TestGroupAdmin::whatARefusalIsAboutDoesNotStopTheRest()
{
    auto wordy = to({"moved", 1}, 8);
    wordy.metadata = std::string(5000, 'x');
    const auto answer = m_asker->alter(
        "mover", {to({"nowhere", 0}, 1), to({"moved", 9}, 1), wordy, to({"moved", 2}, 9)});
    QVERIFY(!answer.error);
    QCOMPARE(answer.parts.size(), 4U);
    QCOMPARE(code(answer.parts.at({"nowhere", 0})), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(code(answer.parts.at({"moved", 9})), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(code(answer.parts.at({"moved", 1})), std::string("OFFSET_METADATA_TOO_LARGE"));
    QVERIFY(!answer.parts.at({"moved", 2}));
    QCOMPARE(offsetsIn(m_asker->committed("mover")),
             (Offsets{{{"moved", 0}, 19}, {{"moved", 1}, 0}, {{"moved", 2}, 9}}));
    const auto twice = m_asker->alter("mover", {to({"moved", 2}, 1), to({"moved", 2}, 2)});
    QVERIFY(twice.error && twice.parts.empty());
    QVERIFY(!topicList().contains("nowhere"));
}

void TestGroupAdmin::aLiveGroupIsNotMoved_data()
{
    QTest::addColumn<bool>("kip848");
    QTest::newRow("classic") << false;
    QTest::newRow("consumer") << true;
}

void TestGroupAdmin::aLiveGroupIsNotMoved()
{
    QFETCH(bool, kip848);
    const std::string group = kip848 ? "live new" : "live classic";
    topic("alive", 2, 10);
    const Offsets before{{{"alive", 0}, 4}, {{"alive", 1}, 5}};
    operatorsAdmin().alterOffsets(group, {{{"alive", 0}, 4}, {{"alive", 1}, 5}});
    const auto member = join(group, "alive", kip848);
    const auto moved = m_asker->alter(group, {to({"alive", 0}, 0), to({"alive", 1}, 0)});
    QVERIFY(!moved.error);
    QCOMPARE(moved.parts.size(), 2U);
    for (const auto &[partition, error] : moved.parts)
        QCOMPARE(code(error), std::string("UNKNOWN_MEMBER_ID"));
    const auto deleted = m_asker->deleteOffsets(group, {{"alive", 0}});
    QVERIFY(!deleted.error);
    QCOMPARE(code(deleted.parts.at({"alive", 0})), std::string("GROUP_SUBSCRIBED_TO_TOPIC"));
    const auto gone = m_asker->deleteGroup(group);
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, std::string("NON_EMPTY_GROUP"));
    QCOMPARE(offsetsIn(m_asker->committed(group)), before);
}

void TestGroupAdmin::anEmptyGroupOfTheNewProtocolIsMovedAndDeleted()
{
    topic("newborn", 2, 10);
    join("new protocol", "newborn", true).reset();
    eventually("it is empty",
               [&] { return m_asker->describeGroup("new protocol").state == GroupState::Empty; });
    QCOMPARE(m_asker->describeGroup("new protocol").type, std::optional(GroupType::Consumer));
    auto full = to({"newborn", 0}, 7);
    full.leaderEpoch = 0;
    full.metadata = "kept";
    const auto answer = m_asker->alter("new protocol", {full, to({"newborn", 1}, 2)});
    QVERIFY(!answer.error);
    QVERIFY(!answer.parts.at({"newborn", 0}) && !answer.parts.at({"newborn", 1}));
    const auto read = m_asker->committed("new protocol");
    QCOMPARE(offsetsIn(read), (Offsets{{{"newborn", 0}, 7}, {{"newborn", 1}, 2}}));
    QCOMPARE(read.offsets.at(0).leaderEpoch, std::optional<std::int32_t>(0));
    QCOMPARE(read.offsets.at(0).metadata, std::string("kept"));
    QCOMPARE(m_asker->describeGroup("new protocol").type, std::optional(GroupType::Consumer));
    QVERIFY(!m_asker->deleteOffsets("new protocol", {{"newborn", 1}}).parts.at({"newborn", 1}));
    QCOMPARE(offsetsIn(m_asker->committed("new protocol")), (Offsets{{{"newborn", 0}, 7}}));
    QVERIFY(m_asker->deleteGroup("new protocol"));
    QCOMPARE(code(m_asker->describeGroup("new protocol").error), std::string("GROUP_ID_NOT_FOUND"));
}

void TestGroupAdmin::commitsAreDeleted()
{
    topic("dropped", 3, 1);
    operatorsAdmin().alterOffsets("dropper", {{{"dropped", 0}, 1}, {{"dropped", 1}, 1}});
    const auto answer =
        m_asker->deleteOffsets("dropper", {{"dropped", 0}, {"dropped", 2}, {"nowhere", 0}});
    QVERIFY(!answer.error);
    QCOMPARE(answer.parts.size(), 3U);
    QVERIFY(!answer.parts.at({"dropped", 0}));
    QVERIFY(!answer.parts.at({"dropped", 2})); // Nothing was committed there.
    QCOMPARE(code(answer.parts.at({"nowhere", 0})), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(offsetsIn(m_asker->committed("dropper")), (Offsets{{{"dropped", 1}, 1}}));
    const auto missing = m_asker->deleteOffsets("no such group", {{"dropped", 0}});
    QCOMPARE(code(missing.error), std::string("GROUP_ID_NOT_FOUND"));
    QVERIFY(missing.parts.empty());
    QVERIFY(missing.error->message.find("parse") == std::string::npos);
    QCOMPARE(m_asker->deleteOffsets("dropper", {}), ChangeAnswer{});
}

void TestGroupAdmin::groupsAreDeleted()
{
    QVERIFY(m_asker->deleteGroup("dropper"));
    QVERIFY(offsetsIn(m_asker->committed("dropper")).empty());
    QVERIFY(!m_kafka->mustTool({"consumer-groups", "--list"}).split('\n').contains("dropper"));
    const auto again = m_asker->deleteGroup("dropper");
    QVERIFY(!again);
    QCOMPARE(again.error().code, std::string("GROUP_ID_NOT_FOUND"));
    QCOMPARE(again.error().attempted, std::string("deleting group dropper"));
}

void TestGroupAdmin::aNameThatWouldArriveAsAnotherIsRefused()
{
    topic("named", 1, 5);
    operatorsAdmin().alterOffsets("short", {{{"named", 0}, 2}});
    for (const auto &name : {std::string("short\0er", 8), std::string("\xff\xfe")}) {
        const auto moved = m_asker->alter(name, {to({"named", 0}, 0)});
        QVERIFY(moved.error && moved.parts.empty());
        QCOMPARE(moved.error->kind, Error::Kind::Usage);
        QCOMPARE(code(m_asker->deleteOffsets(name, {{"named", 0}}).error),
                 std::string("INVALID_GROUP_ID"));
        QVERIFY(!m_asker->deleteGroup(name));
    }
    const TopicPartition longer{std::string("named\0er", 8), 0};
    const auto partly = m_asker->alter("short", {to(longer, 0), to({"named", 0}, 3)});
    QCOMPARE(code(partly.parts.at(longer)), std::string("INVALID_TOPIC_EXCEPTION"));
    QVERIFY(!partly.parts.at({"named", 0}));
    QCOMPARE(offsetsIn(m_asker->committed("short")), (Offsets{{{"named", 0}, 3}}));
    const auto unheard = m_asker->glance({look(longer, Which::First, 0, 5)});
    QCOMPARE(code(unheard.at(0).error), std::string("INVALID_TOPIC_EXCEPTION"));
}

void TestGroupAdmin::withoutABrokerTheTimeIsKept()
{
    Asker asker("127.0.0.1:1");
    QElapsedTimer clock;
    clock.start();
    const auto seen = asker.glance({look({"plain", 0}, Which::First, 0, 50)}, 500ms);
    QCOMPARE(code(seen.at(0).error), std::string("_TIMED_OUT"));
    const auto moved = asker.alter("mover", {to({"moved", 0}, 1)}, 500ms);
    QVERIFY(moved.error && moved.parts.empty());
    QCOMPARE(moved.error->kind, Error::Kind::Timeout);
    QVERIFY2(clock.elapsed() < 5000, std::to_string(clock.elapsed()).c_str());
}

void TestGroupAdmin::whatWasGivenUpIsNotSentLater()
{
    QVERIFY(!m_asker->alter("mover", {to({"moved", 0}, 12)}).error);
    m_kafka->kill();
    // One that is on its way breaks with its connection, those that wait for another do not.
    eventually("it is waited for", [&] {
        const auto lost = m_asker->alter("mover", {to({"moved", 0}, 1)}, 500ms);
        return lost.error && lost.error->kind == Error::Kind::Timeout;
    });
    m_kafka->start();
    // For longer than a connection that broke is kept waiting before it is tried again.
    const MonoTime until = monoNow() + 3s;
    while (monoNow() < until) {
        const auto read = m_asker->committed("mover");
        if (!read.error)
            QCOMPARE(offsetsIn(read).at({"moved", 0}), 12);
    }
    QVERIFY(!m_asker->alter("mover", {to({"moved", 0}, 2)}).error);
}

QTEST_GUILESS_MAIN(TestGroupAdmin)
#include "tst_groupadmin.moc"
