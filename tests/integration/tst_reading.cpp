#include "tests/integration/consumerfixture.h"
#include "tests/integration/kafkatext.h"

#include <QTest>

#include <sys/eventfd.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::chrono_literals;
using kafkatest::committed;
using kafkatest::Member;
using kafkatest::upTo;
using testbroker::eventually;

/// What a member of a group reads and commits on a real Kafka, and where it begins.
class TestReading : public QObject, private kafkatest::ConsumerFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { up(); }
    void aCommitCarriesEpochAndMetadata();
    void storedPositionsAreCommittedByTheTimer();
    void whatIsNotOursIsNotStored();
    void withoutACommitAnErrorPolicySaysSo();
    void aCommitBelowTheLogSaysSo();
    void startingPointsTellCommitsAndBounds();
    void endsPassOverTransactionMarkers();
    void pausedPartitionsRestAndGoOnWhereTheyWere();
    void aPauseEndsWithTheAssignment();
    void aSeekReadsFromThere();
    void arrivalsWakeThroughTheDescriptor();
    void cleanupTestCase() { QVERIFY(down()); }
};

void TestReading::aCommitCarriesEpochAndMetadata()
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

void TestReading::storedPositionsAreCommittedByTheTimer()
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

void TestReading::whatIsNotOursIsNotStored()
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

void TestReading::withoutACommitAnErrorPolicySaysSo()
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

void TestReading::aCommitBelowTheLogSaysSo()
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

void TestReading::startingPointsTellCommitsAndBounds()
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

void TestReading::endsPassOverTransactionMarkers()
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

void TestReading::pausedPartitionsRestAndGoOnWhereTheyWere()
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

void TestReading::aPauseEndsWithTheAssignment()
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

void TestReading::aSeekReadsFromThere()
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

void TestReading::arrivalsWakeThroughTheDescriptor()
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

QTEST_GUILESS_MAIN(TestReading)
#include "tst_reading.moc"
