#include "core/kafka/clusterclient.h"
#include "core/kafka/recordwriter.h"
#include "tests/integration/groupmember.h"
#include "tests/integration/replies.h"
#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <random>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::chrono_literals;
using kafkatest::Member;
using kafkatest::Replies;
using testbroker::eventually;

namespace {

const std::string bytes("\x00\xff\xc3(\n", 5); // no UTF-8

OutgoingRecord record(const std::string &topic, std::optional<std::string> key = {},
                      std::optional<std::string> value = "value")
{
    OutgoingRecord made;
    made.topic = topic;
    made.key = std::move(key);
    made.value = std::move(value);
    return made;
}

} // namespace

/// Records written to a real Kafka, whose broker would create every topic that it is asked for.
class TestWriter : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void recordsAreReadAsTheyWereWritten();
    void noTopicIsCreatedByWriting();
    void aDeletedTopicIsNotCreatedAgain();
    void aPartitionThatIsNotThereFallsBackToTheKey();
    void keysFallWhereJavasProducerPutsThem();
    void howLargeIsForTheBrokerToSay();
    void oneThatIsTooLargeTakesNoOtherWithIt();
    void withoutABrokerTheCauseIsSaid();
    void whatIsOpenAtTheEndIsGivenUp();
    void moreThanTheQueueHoldsIsWrittenInOrder();
    void topicsAreLookedForAndCreated();
    void cleanupTestCase();

private:
    std::unique_ptr<RecordWriter> open(Millis deliveryTimeout = 20s, const std::string &at = {})
    {
        ConnectionSettings settings = m_settings;
        if (!at.empty())
            settings.bootstrap = at;
        WriterOptions options;
        options.deliveryTimeout = deliveryTimeout;
        auto opened = openWriter(settings, options, kafkatest::permit());
        if (!opened)
            throw std::runtime_error(describe(opened.error()));
        return std::move(*opened);
    }

    Result<Delivered> write(RecordWriter &writer, OutgoingRecord out)
    {
        Replies replies;
        writer.send(std::move(out), replies.next());
        eventually("an answer", [&] { return replies.count() == 1; });
        if (!replies.areProper())
            throw std::runtime_error("answered elsewhere or twice");
        return replies.at(0);
    }

    GroupConsumerSettings reading(const std::string &topic)
    {
        GroupConsumerSettings made;
        made.connection = m_settings;
        made.group = GroupId("readers of " + topic);
        made.topics = {topic};
        return made;
    }

    std::vector<kafkatest::Read> readAll(const std::string &topic, std::size_t count)
    {
        Member member(reading(topic));
        eventually("read", [&] {
            member.turn();
            return member.records.size() >= count;
        });
        member.consumer().close();
        eventually("left", [&] {
            member.turn();
            return member.consumer().closed();
        });
        return std::move(member.records);
    }

    bool exists(const std::string &topic)
    {
        return m_kafka->mustTool({"topics", "--list"})
            .split('\n')
            .contains(QString::fromStdString(topic));
    }

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    std::unique_ptr<testclients::Admin> m_admin;
    ConnectionSettings m_settings;
};

void TestWriter::initTestCase()
{
    m_kafka = std::make_unique<testbroker::KafkaCluster>(
        testbroker::ClusterOptions{.nodes = 1,
                                   .secure = false,
                                   .advertise = {},
                                   .settings = {"auto.create.topics.enable=true"}});
    m_admin = std::make_unique<testclients::Admin>(m_kafka->bootstrap());
    m_settings.bootstrap = m_kafka->bootstrap();
}

void TestWriter::cleanupTestCase()
{
    m_admin.reset();
    QVERIFY(finishDestruction(10s));
    m_kafka.reset();
}

void TestWriter::recordsAreReadAsTheyWereWritten()
{
    m_admin->createTopic("matrix", 1);
    const auto writer = open();
    const std::array<std::optional<std::string>, 3> kinds{std::nullopt, std::string(), bytes};
    std::vector<OutgoingRecord> sent;
    for (const auto &key : kinds) {
        for (const auto &value : kinds) {
            for (const auto &header : kinds) {
                auto one = record("matrix", key, value);
                one.headers = {{"h", header}, {"other", "x"}, {"h", "again"}, {"h", header}};
                one.headers.push_back({"name \xff\xc3(", bytes});
                one.timestamp = WallTime(Millis(1'700'000'000'000 + sent.size()));
                sent.push_back(std::move(one));
            }
        }
    }
    sent.push_back(record("matrix", "no headers"));
    Replies replies;
    for (const auto &one : sent)
        writer->send(one, replies.next());
    QVERIFY(writer->flush(20s));
    QCOMPARE(replies.count(), sent.size());
    const auto read = readAll("matrix", sent.size());
    QCOMPARE(read.size(), sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
        const auto answer = replies.at(i);
        QVERIFY(answer.hasValue());
        QCOMPARE(answer->offset, Offset(static_cast<std::int64_t>(i)));
        QVERIFY(read[i].key == sent[i].key);
        QVERIFY(read[i].value == sent[i].value);
        QVERIFY(read[i].headers == sent[i].headers);
        QCOMPARE(read[i].timestampType, TimestampType::CreateTime);
        if (sent[i].timestamp)
            QCOMPARE(read[i].timestamp, sent[i].timestamp->time_since_epoch().count());
    }
    // Kafka's own consumer tells null from empty as well.
    const QStringList lines =
        m_kafka
            ->mustTool({"console-consumer", "--topic", "matrix", "--from-beginning",
                        "--max-messages", "27", "--formatter-property", "print.key=true",
                        "--formatter-property", "print.headers=true", "--formatter-property",
                        "null.literal=NULL", "--formatter-property", "key.separator=|",
                        "--formatter-property", "headers.separator=;"})
            .split('\n');
    const auto kind = [](const std::optional<std::string> &text) {
        return QString(!text ? "NULL" : text->empty() ? "" : "?");
    };
    for (int i = 0; i < 18; ++i) { // those without the line break in their key
        const auto &one = sent[static_cast<std::size_t>(i)];
        if (one.value == bytes || one.headers[0].value == bytes)
            continue;
        const QString begins = "h:" + kind(one.headers[0].value) +
                               ";other:x;h:again;h:" + kind(one.headers[0].value) + ";";
        const auto found = std::count_if(
            lines.begin(), lines.end(), [&](const QString &line) { return line.contains(begins); });
        QVERIFY2(found > 0, begins.toUtf8());
    }
}

void TestWriter::noTopicIsCreatedByWriting()
{
    const auto writer = open();
    QElapsedTimer time;
    time.start();
    const auto answer = write(*writer, record("phantom", "k"));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QVERIFY(answer.error().message.find("phantom") != std::string::npos);
    QVERIFY2(time.elapsed() < 6000, QByteArray::number(time.elapsed()));
    time.restart();
    QVERIFY(!write(*writer, record("phantom", "k"))); // soon, now that it is known
    QVERIFY2(time.elapsed() < 2000, QByteArray::number(time.elapsed()));
    QVERIFY(!exists("phantom"));
    // And found soon when somebody creates it.
    m_admin->createTopic("phantom", 1);
    time.restart();
    eventually("written", [&] { return write(*writer, record("phantom", "k")).hasValue(); });
    QVERIFY2(time.elapsed() < 5000, QByteArray::number(time.elapsed()));
}

void TestWriter::aDeletedTopicIsNotCreatedAgain()
{
    m_admin->createTopic("deleted", 2);
    m_admin->createTopic("kept", 1);
    const auto writer = open();
    QVERIFY(write(*writer, record("deleted", "k")).hasValue());
    m_admin->deleteTopic("deleted");
    QElapsedTimer time;
    time.start();
    auto out = record("deleted", "k");
    out.partition = 1;
    const auto answer = write(*writer, out);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QVERIFY2(time.elapsed() < 15'000, QByteArray::number(time.elapsed()));
    QVERIFY(write(*writer, record("kept", "k")).hasValue());
    QVERIFY(!exists("deleted"));
}

void TestWriter::aPartitionThatIsNotThereFallsBackToTheKey()
{
    m_admin->createTopic("narrow", 3);
    const auto writer = open();
    const auto byKey = write(*writer, record("narrow", "order-17"));
    QVERIFY(byKey.hasValue());
    for (const int wanted : {2, 11}) {
        auto out = record("narrow", "order-17");
        out.partition = wanted;
        const auto answer = write(*writer, out);
        QVERIFY(answer.hasValue());
        QCOMPARE(answer->partition, wanted == 2 ? 2 : byKey->partition);
    }
    // Also when nothing is known yet about the topic.
    const auto fresh = open();
    auto out = record("narrow", "order-17");
    out.partition = 11;
    const auto answer = write(*fresh, out);
    QVERIFY(answer.hasValue());
    QCOMPARE(answer->partition, byKey->partition);
}

void TestWriter::keysFallWhereJavasProducerPutsThem()
{
    m_admin->createTopic("java", 7);
    m_admin->createTopic("ours", 7);
    QByteArray lines;
    std::vector<std::string> keys;
    for (int i = 0; i < 60; ++i)
        keys.push_back(std::string(static_cast<std::size_t>(i % 9), 'u') + std::to_string(i * 37));
    keys.push_back("schl\xc3\xbcssel");
    keys.push_back("");
    for (const auto &key : keys)
        lines += QByteArray::fromStdString(key) + "|v\n";
    m_kafka->mustTool({"console-producer", "--topic", "java", "--reader-property", "parse.key=true",
                       "--reader-property", "key.separator=|"},
                      lines);
    std::map<std::string, int> java;
    for (const auto &one : readAll("java", keys.size()))
        java[one.key.value_or("?")] = one.partition.partition;
    QCOMPARE(java.size(), keys.size());
    const auto writer = open();
    Replies replies;
    for (const auto &key : keys)
        writer->send(record("ours", key), replies.next());
    QVERIFY(writer->flush(20s));
    for (std::size_t i = 0; i < keys.size(); ++i)
        QCOMPARE(replies.at(i)->partition, java.at(keys[i]));
}

void TestWriter::howLargeIsForTheBrokerToSay()
{
    m_admin->createTopic("small", 1);
    m_admin->createTopic("large", 1, 1, {{"max.message.bytes", "6000000"}});
    const auto writer = open();
    const std::string five(5'000'000, 'x');
    QElapsedTimer time;
    time.start();
    const auto refused = write(*writer, record("small", "k", five));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, std::string("MESSAGE_TOO_LARGE"));
    QVERIFY2(time.elapsed() < 5000, QByteArray::number(time.elapsed()));
    QVERIFY(write(*writer, record("large", "k", five)).hasValue());
    QVERIFY(write(*writer, record("small", "k", std::string(900'000, 'x'))).hasValue());
}

void TestWriter::oneThatIsTooLargeTakesNoOtherWithIt()
{
    m_admin->createTopic("tight", 1, 1, {{"max.message.bytes", "1000"}});
    const auto writer = open();
    constexpr std::size_t count = 30;
    constexpr std::size_t tooLarge = 17;
    std::mt19937 random(1); // so that nothing is gained by compressing
    Replies replies;
    for (std::size_t i = 0; i < count; ++i) {
        std::string value = std::to_string(i) + ' ';
        for (int byte = 0; byte < (i == tooLarge ? 2000 : 100); ++byte)
            value += static_cast<char>(random());
        writer->send(record("tight", std::nullopt, value), replies.next());
    }
    QVERIFY(writer->flush(20s));
    QVERIFY(replies.areProper());
    for (std::size_t i = 0; i < count; ++i)
        QCOMPARE(replies.at(i).hasValue(), i != tooLarge);
    QCOMPARE(replies.at(tooLarge).error().code, std::string("MESSAGE_TOO_LARGE"));
    const auto read = readAll("tight", count - 1);
    QCOMPARE(read.size(), count - 1);
    for (std::size_t i = 0; i < read.size(); ++i)
        QCOMPARE(std::stoul(*read[i].value), i < tooLarge ? i : i + 1);
}

void TestWriter::withoutABrokerTheCauseIsSaid()
{
    const auto writer = open(1500ms, "127.0.0.1:1");
    const auto answer = write(*writer, record("any"));
    QVERIFY(!answer);
    QCOMPARE(answer.error().kind, Error::Kind::Transport);
    QVERIFY2(answer.error().message.find("127.0.0.1:1") != std::string::npos,
             answer.error().message.c_str());
}

void TestWriter::whatIsOpenAtTheEndIsGivenUp()
{
    Replies replies;
    auto writer = open(60s, "127.0.0.1:1");
    for (int i = 0; i < 3; ++i)
        writer->send(record("any"), replies.next());
    QVERIFY(!writer->flush(200ms));
    QCOMPARE(replies.count(), 0U);
    QElapsedTimer time;
    time.start();
    writer.reset();
    QVERIFY2(time.elapsed() < 3000, QByteArray::number(time.elapsed()));
    QCOMPARE(replies.count(), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        QCOMPARE(replies.at(i).error().code, std::string("_PURGE_QUEUE"));
    QVERIFY(replies.areProper());
}

void TestWriter::moreThanTheQueueHoldsIsWrittenInOrder()
{
    constexpr int count = 150'000; // librdkafka's own queue holds 100,000
    m_admin->createTopic("many", 1);
    const auto writer = open();
    std::atomic<int> failed{0};
    std::atomic<std::int64_t> last{-1};
    std::atomic<bool> ordered{true};
    for (int i = 0; i < count; ++i)
        writer->send(record("many", "k", std::to_string(i)), [&](const Result<Delivered> &result) {
            failed += result ? 0 : 1;
            ordered = ordered && result && result->offset.value() == last + 1;
            ++last;
        });
    QVERIFY(writer->flush(30s));
    QCOMPARE(failed.load(), 0);
    QVERIFY(ordered.load());
    QCOMPARE(last.load(), count - 1);
}

void TestWriter::topicsAreLookedForAndCreated()
{
    const auto missing = partitionCount(m_settings, "made", 5s);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QVERIFY(!exists("made"));
    const auto made = createTopic(m_settings, "made", 3, 10s, kafkatest::permit());
    QVERIFY2(made.hasValue(), made ? "" : describe(made.error()).c_str());
    eventually("seen", [&] {
        const auto count = partitionCount(m_settings, "made", 5s);
        return count && *count == 3;
    });
    const auto again = createTopic(m_settings, "made", 3, 10s, kafkatest::permit());
    QVERIFY(!again);
    QCOMPARE(again.error().code, std::string("TOPIC_ALREADY_EXISTS"));
    ConnectionSettings nowhere;
    nowhere.bootstrap = "127.0.0.1:1";
    QElapsedTimer time;
    time.start();
    const auto down = partitionCount(nowhere, "made", 1s);
    QVERIFY(!down);
    QCOMPARE(down.error().kind, Error::Kind::Transport);
    QVERIFY2(time.elapsed() < 3000, QByteArray::number(time.elapsed()));
}

QTEST_GUILESS_MAIN(TestWriter)
#include "tst_writer.moc"
