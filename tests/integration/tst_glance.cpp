#include "tests/integration/adminfixture.h"
#include "tests/support/clients/reader.h"

#include <QElapsedTimer>
#include <QTest>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::chrono_literals;
using kafkatest::at;
using kafkatest::code;
using kafkatest::look;
using testbroker::eventually;
using testclients::Message;
using Which = GlanceQuery::Which;

/// Single records of a real Kafka, seen without joining or creating anything.
class TestGlance : public QObject, private kafkatest::AdminFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { up(); }
    void theEndsOfAStretchAreSeen();
    void recordsAreRecognised();
    void markersAreNoRecords();
    void holesOfCompactionArePassedOver();
    void deletedRecordsAreOutOfRange();
    void queriesOfOnePartitionAreAllAnswered();
    void whatIsNotThereIsAnErrorOfItsOwn();
    void manyPartitionsAreSeenAtOnce();
    void largeBatchesAreSeenWithoutARoundTripEach();
    void aGlanceJoinsNothingAndCreatesNothing();
    void cleanupTestCase() { QVERIFY(down()); }
};

void TestGlance::theEndsOfAStretchAreSeen()
{
    topic("plain", 1, 50);
    topic("empty", 1, 0);
    const TopicPartition plain{"plain", 0};
    const TopicPartition empty{"empty", 0};
    const auto seen =
        m_asker->glance({look(plain, Which::First, 17, 50), look(plain, Which::Last, 10, 30),
                         look(plain, Which::Last, 49, 50), look(plain, Which::First, 49, 50),
                         look(plain, Which::First, 50, 60), look(plain, Which::Last, 45, 100),
                         look(plain, Which::First, 5, 5), look(empty, Which::First, 0, 10),
                         look(empty, Which::Last, 0, 10), look(empty, Which::First, 0, 0)});
    const std::vector<std::optional<std::int64_t>> expected{
        17, 29, 49, 49, std::nullopt, 49, std::nullopt, std::nullopt, std::nullopt, std::nullopt};
    QCOMPARE(seen.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(at(seen[i]) == expected[i], std::to_string(i).c_str());
    QVERIFY(m_asker->glance({}).empty());
}

void TestGlance::recordsAreRecognised()
{
    operatorsAdmin().createTopic("known", 1);
    const WallTime before = wallNow();
    const std::string bytes("\x00\xff{", 3);
    m_producer->send("known", 0, Message{.key = "key", .value = bytes, .headers = {}});
    m_producer->send("known", 0, Message{.key = {}, .value = {}, .headers = {}});
    m_producer->send("known", 0, Message{.key = "", .value = "", .headers = {}});
    m_producer->send(
        "known", 0,
        Message{.key = std::string(300, 'k'), .value = std::string(70'000, 'v'), .headers = {}});
    m_producer->flush();
    const TopicPartition known{"known", 0};
    const auto seen =
        m_asker->glance({look(known, Which::First, 3, 4), look(known, Which::First, 2, 4),
                         look(known, Which::First, 1, 4), look(known, Which::First, 0, 4),
                         look(known, Which::Last, 0, 4)});
    QCOMPARE(seen[3].record->key, std::optional<std::string>("key"));
    QCOMPARE(seen[3].record->value, std::optional(bytes));
    QCOMPARE(seen[3].record->valueSize, 3U);
    QVERIFY(seen[3].record->time >= before && seen[3].record->time <= wallNow());
    QVERIFY(!seen[2].record->key && !seen[2].record->value);
    QCOMPARE(seen[1].record->key, std::optional<std::string>(""));
    QCOMPARE(seen[1].record->value, std::optional<std::string>(""));
    QCOMPARE(seen[0].record->key, std::optional(std::string(glanceBytes, 'k')));
    QCOMPARE(seen[0].record->value, std::optional(std::string(glanceBytes, 'v')));
    QCOMPARE(seen[0].record->valueSize, 70'000U);
    QCOMPARE(seen[4], seen[0]);
}

void TestGlance::markersAreNoRecords()
{
    operatorsAdmin().createTopic("marked", 1);
    const TopicPartition marked{"marked", 0};
    testclients::Producer writer(m_kafka->bootstrap(), "groupadmin-writer");
    writer.begin();
    writer.sendAll(marked, 3); // 0 to 2, the marker is 3
    writer.commit();
    writer.begin();
    writer.sendAll(marked, 2); // 4 and 5, the marker is 6
    writer.abort();
    writer.begin();
    writer.sendAll(marked, 1); // 7, which is open
    const auto seen =
        m_asker->glance({look(marked, Which::First, 3, 8), look(marked, Which::First, 3, 4),
                         look(marked, Which::Last, 3, 4), look(marked, Which::Last, 0, 4),
                         look(marked, Which::Last, 0, 7), look(marked, Which::First, 6, 7),
                         look(marked, Which::First, 6, 8), look(marked, Which::Last, 6, 8)});
    const std::vector<std::optional<std::int64_t>> expected{
        4, std::nullopt, std::nullopt, 2, 5, std::nullopt, 7, 7};
    for (std::size_t i = 0; i < expected.size(); ++i)
        QVERIFY2(at(seen[i]) == expected[i], std::to_string(i).c_str());
    writer.commit();
    // Where the log ends with markers, only its end tells that there is nothing.
    const auto end =
        m_asker->glance({look(marked, Which::First, 8, 9), look(marked, Which::Last, 8, 9),
                         look(marked, Which::Last, 7, 9)});
    QVERIFY(!at(end[0]) && !at(end[1]));
    QCOMPARE(at(end[2]), std::optional<std::int64_t>(7));
}

void TestGlance::holesOfCompactionArePassedOver()
{
    topic("compacted", 1, 0,
          {{"cleanup.policy", "compact"},
           {"segment.ms", "1"},
           {"min.cleanable.dirty.ratio", "0.001"}});
    const TopicPartition compacted{"compacted", 0};
    for (int i = 0; i < 10; ++i) {
        m_producer->send("compacted", 0, "value", i == 4 ? "kept" : "same");
        m_producer->flush();
    }
    std::vector<testclients::Stored> left;
    eventually("compacted", [&] {
        m_producer->send("compacted", 0, "value", "same");
        m_producer->flush();
        left = testclients::readTopic(m_kafka->bootstrap(), "compacted");
        return left.size() >= 2 && left.front().offset == 4 && left[1].offset > 8;
    });
    const auto end = left.back().offset + 1;
    const auto seen = m_asker->glance(
        {look(compacted, Which::First, 0, end), look(compacted, Which::First, 0, 4),
         look(compacted, Which::Last, 0, 4), look(compacted, Which::Last, 0, 7),
         look(compacted, Which::First, 5, end), look(compacted, Which::First, 5, 8)});
    QCOMPARE(at(seen[0]), std::optional<std::int64_t>(4));
    QVERIFY(!at(seen[1]) && !at(seen[2]) && !at(seen[5]));
    QCOMPARE(at(seen[3]), std::optional<std::int64_t>(4));
    QVERIFY(at(seen[4]) && *at(seen[4]) > 8);
}

void TestGlance::deletedRecordsAreOutOfRange()
{
    topic("shortened", 1, 20);
    const TopicPartition shortened{"shortened", 0};
    operatorsAdmin().deleteRecords(shortened, 10);
    const auto seen = m_asker->glance(
        {look(shortened, Which::First, 10, 20), look(shortened, Which::First, 4, 20),
         look(shortened, Which::Last, 0, 20), look(shortened, Which::Last, 10, 20),
         look(shortened, Which::First, 21, 30)});
    QCOMPARE(at(seen[0]), std::optional<std::int64_t>(10));
    QCOMPARE(code(seen[1].error), std::string("OFFSET_OUT_OF_RANGE"));
    QCOMPARE(code(seen[2].error), std::string("OFFSET_OUT_OF_RANGE"));
    QCOMPARE(at(seen[3]), std::optional<std::int64_t>(19));
    QCOMPARE(code(seen[4].error), std::string("OFFSET_OUT_OF_RANGE"));
}

void TestGlance::queriesOfOnePartitionAreAllAnswered()
{
    topic("often", 1, 200);
    const TopicPartition often{"often", 0};
    std::vector<GlanceQuery> queries;
    for (std::int64_t i = 0; i < 40; ++i) {
        const std::int64_t from = (i * 67) % 190;
        queries.push_back(look(often, Which::First, from, 200));
        queries.push_back(look(often, Which::Last, from, from + 10));
        queries.push_back(look(often, Which::First, from, 200));
    }
    const auto seen = m_asker->glance(queries);
    for (std::size_t i = 0; i < queries.size(); ++i)
        QCOMPARE(at(seen[i]),
                 std::optional(queries[i].which == Which::First ? queries[i].from.value()
                                                                : queries[i].end.value() - 1));
}

void TestGlance::whatIsNotThereIsAnErrorOfItsOwn()
{
    QElapsedTimer clock;
    clock.start();
    const auto seen = m_asker->glance(
        {look({"nowhere", 0}, Which::First, 0, 10), look({"plain", 0}, Which::First, 3, 10),
         look({"plain", 7}, Which::Last, 0, 10), look({"plain", -1}, Which::Last, 0, 10)},
        10s);
    QCOMPARE(code(seen[0].error), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QCOMPARE(at(seen[1]), std::optional<std::int64_t>(3));
    QCOMPARE(code(seen[2].error), std::string("UNKNOWN_TOPIC_OR_PARTITION"));
    QVERIFY(seen[3].error);
    QVERIFY2(clock.elapsed() < 8000, std::to_string(clock.elapsed()).c_str());
    QVERIFY(!topicList().contains("nowhere"));
}

void TestGlance::manyPartitionsAreSeenAtOnce()
{
    constexpr int partitions = 300;
    topic("many", partitions, 0);
    for (int i = 0; i < partitions; ++i)
        for (int k = 0; k < 10; ++k)
            m_producer->send("many", i, std::string(100, 'v'));
    m_producer->flush();
    std::vector<GlanceQuery> queries;
    for (int i = 0; i < partitions; ++i) {
        queries.push_back(look({"many", i}, Which::First, i % 10, 10));
        queries.push_back(look({"many", i}, Which::Last, 9, 10));
    }
    QElapsedTimer clock;
    clock.start();
    const auto seen = m_asker->glance(queries);
    const auto took = clock.elapsed();
    for (std::size_t i = 0; i < queries.size(); ++i)
        QCOMPARE(at(seen[i]), std::optional<std::int64_t>(
                                  i % 2 == 0 ? static_cast<std::int64_t>(i / 2 % 10) : 9));
    qInfo("%d glances took %lld ms", partitions * 2, took);
    QVERIFY(took < 5000);
}

/// Of batches that are larger than what is asked for a broker sends one an answer.
void TestGlance::largeBatchesAreSeenWithoutARoundTripEach()
{
    constexpr int partitions = 200;
    topic("large", partitions, 0);
    std::vector<GlanceQuery> queries;
    for (int i = 0; i < partitions; ++i) {
        for (int k = 0; k < 100; ++k)
            m_producer->send("large", i, std::string(1000, 'v'));
        queries.push_back(look({"large", i}, Which::First, i % 100, 100));
        queries.push_back(look({"large", i}, Which::Last, 50, 100));
    }
    m_producer->flush();
    QElapsedTimer clock;
    clock.start();
    const auto seen = m_asker->glance(queries);
    qInfo("%d glances at large batches took %lld ms", partitions * 2, clock.elapsed());
    for (std::size_t i = 0; i < queries.size(); ++i)
        QCOMPARE(at(seen[i]), std::optional<std::int64_t>(
                                  i % 2 == 0 ? static_cast<std::int64_t>(i / 2 % 100) : 99));
    QVERIFY(clock.elapsed() < 5000);
}

void TestGlance::aGlanceJoinsNothingAndCreatesNothing()
{
    const QString groups = m_kafka->mustTool({"consumer-groups", "--list"});
    const QStringList topics = topicList();
    m_asker->glance({look({"plain", 0}, Which::First, 0, 50), look({"none", 0}, Which::Last, 0, 5)},
                    5s);
    QCOMPARE(m_kafka->mustTool({"consumer-groups", "--list"}), groups);
    QCOMPARE(topicList(), topics);
    QVERIFY(!groups.contains("redrive"));
}

QTEST_GUILESS_MAIN(TestGlance)
#include "tst_glance.moc"
