#include "tests/integration/kafkatext.h"
#include "tests/integration/streamworld.h"
#include "tests/support/broker/redrivectl.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <memory>

using namespace redrive;
using namespace redrive::testworld;
using testclients::Message;

/// `redrivectl consume` beside a real Kafka: what it commits, dead-letters and says.
class TestConsume : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyCommitStrategyEndsBehindTheLastRecord();
    void aPoisonRecordGoesToTheDeadLetterTopicAsItCame();
    void aRecordThatFailsIsTriedAgainAndThenDeadLettered();
    void maxStopsAfterExactlySoMany();
    void aTopicThatIsNotThereIsNamedAndNotCreated();
    void aMissingDeadLetterTopicIsSaidAtTheStartAndItsRecordsWait();
    void createDlqMakesItAsWideAsItsSource();
    void resetErrorStopsWithoutACommitAndBelowTheLogStart();
    void recordsLostToRetentionAreCounted();
    void aReadOnlyProfileRefusesToConsumeAndToProduce();
    void twoMembersShareTheWorkAndNothingIsHandledTwice();
    void withNobodyThereUntilEndExitsThreeNamingTheAddress();
    void cleanupTestCase() { m_world.reset(); }

private:
    std::unique_ptr<StreamWorld> m_world;
};

void TestConsume::initTestCase()
{
    m_world = std::make_unique<StreamWorld>();
}

void TestConsume::everyCommitStrategyEndsBehindTheLastRecord()
{
    m_world->make("commits");
    m_world->fill("commits", 90);
    const QStringList strategies{"auto", "sync", "async", "batch:7", "every:100ms"};
    for (const auto &strategy : strategies) {
        const auto consumer =
            m_world->run("by-" + strategy, "commits", {"--commit", strategy, "--until-end"});
        QCOMPARE(consumer->exitCode(), std::optional<int>(0));
        const auto events = consumer->events();
        QCOMPARE(events.back()["event"].toString(), QString("stopped"));
        QCOMPARE(events.back()["reason"].toString(), QString("until_end"));
        QCOMPARE(events.back()["processed"].toInt(), 90);
        QVERIFY(consumer->hasSaid("committed",
                                  [](const auto &event) { return event["error"].isNull(); }));
    }
    const auto rows = kafkatext::parseOffsets(
        m_world->kafka.mustTool({"consumer-groups", "--describe", "--all-groups"}));
    for (const auto &strategy : strategies) {
        QMap<int, qint64> offsets;
        for (const auto &row : rows) {
            if (row.group == "by-" + strategy)
                offsets[row.partition] = row.committed.value_or(-1);
        }
        QCOMPARE(offsets, (QMap<int, qint64>{{0, 30}, {1, 30}, {2, 30}}));
    }
    // Nothing is left to do, which is no reason to wait.
    const auto again = m_world->run("by-sync", "commits", {"--until-end"});
    QCOMPARE(again->exitCode(), std::optional<int>(0));
    QCOMPARE(again->events().back()["processed"].toInt(-1), 0);
}

void TestConsume::aPoisonRecordGoesToTheDeadLetterTopicAsItCame()
{
    m_world->make("poison");
    m_world->fill("poison", 3);
    m_world->producer.send("poison", 2,
                           Message{.key = "k-1",
                                   .value = R"({"order_id":5,"created_at":"x"} )",
                                   .headers = {{"a", "1"}, {"b", ""}, {"a", "2"}}});
    m_world->fill("poison", 3);
    m_world->producer.flush();
    const auto consumer =
        m_world->run("poison-g", "poison",
                     {"--handler", "orders", "--db", m_world->file("poison.db"), "--until-end"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    const auto letters = consumer->events("dead_lettered");
    QCOMPARE(letters.size(), 1U);
    const auto &letter = letters.front();
    QCOMPARE(letter["topic"].toString(), QString("poison"));
    QCOMPARE(letter["partition"].toInt(-1), 2);
    QCOMPARE(letter["offset"].toInt(-1), 1);
    QCOMPARE(letter["dlq_topic"].toString(), QString("poison.dlq"));
    QCOMPARE(letter["dlq_partition"].toInt(-1), 2);
    QCOMPARE(letter["dlq_offset"].toInt(-1), 0);
    QCOMPARE(letter["attempts"].toInt(), 1);
    QCOMPARE(letter["stage"].toString(), QString("decode"));
    QCOMPARE(letter["error"].toString(), QString("expected string at $.order_id, got number"));
    QCOMPARE(consumer->count("retry"), 0);
    QCOMPARE(sql(m_world->file("poison.db"), "SELECT count(*) FROM orders"), QStringList{"3"});
    QCOMPARE(sql(m_world->file("poison.db"), "SELECT count(*) FROM inbox"), QStringList{"3"});
    QCOMPARE(m_world->committed("poison-g"), (QMap<int, qint64>{{0, 2}, {1, 2}, {2, 3}}));

    const QString line = m_world->read("poison.dlq", 1).value(0);
    QVERIFY2(line.startsWith("Partition:2\ta:1,b:,a:2,"), line.toUtf8());
    QVERIFY2(line.endsWith("\tk-1\t{\"order_id\":5,\"created_at\":\"x\"} "), line.toUtf8());
    for (const char *header :
         {"dlq.origin.topic:poison", "dlq.origin.partition:2", "dlq.origin.offset:1",
          "dlq.origin.group:poison-g", "dlq.error.class:", "dlq.error.stage:decode",
          "dlq.error.message:expected string at $.order_id, got number", "dlq.attempts:1",
          "dlq.first-failed-at:", "dlq.schema:"})
        QVERIFY2(line.contains(header), (line + "\n" + header).toUtf8());
}

void TestConsume::aRecordThatFailsIsTriedAgainAndThenDeadLettered()
{
    m_world->make("failing", 2);
    m_world->fill("failing", 2, 2);
    const QString file = m_world->file("failing.db");
    const QStringList options{"--handler", "orders",    "--db",      file,         "--retries",
                              "2",         "--backoff", "20ms:40ms", "--until-end"};
    QCOMPARE(m_world->run("failing-g", "failing", options)->exitCode(), std::optional<int>(0));
    sql(file, "CREATE TRIGGER no BEFORE INSERT ON orders WHEN NEW.order_id = 'o-7' "
              "BEGIN SELECT RAISE(ABORT, 'seven is refused'); END");
    m_world->producer.send("failing", 0, order(7));
    m_world->producer.send("failing", 0, order(8));
    m_world->producer.flush();
    const auto consumer = m_world->run("failing-g", "failing", options);
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    const auto retries = consumer->events("retry");
    QCOMPARE(retries.size(), 2U);
    for (std::size_t i = 0; i < retries.size(); ++i) {
        QCOMPARE(retries[i]["attempt"].toInt(), static_cast<int>(i) + 1);
        QVERIFY(retries[i]["delay_seconds"].toDouble() <= 0.04);
        QVERIFY(retries[i]["error"].toString().contains("seven is refused"));
    }
    const auto letters = consumer->events("dead_lettered");
    QCOMPARE(letters.size(), 1U);
    QCOMPARE(letters.front()["attempts"].toInt(), 3);
    QCOMPARE(letters.front()["stage"].toString(), QString("process"));
    QCOMPARE(sql(file, "SELECT order_id FROM orders ORDER BY order_id"),
             (QStringList{"o-0", "o-1", "o-8"}));
    QCOMPARE(m_world->committed("failing-g"), (QMap<int, qint64>{{0, 3}, {1, 1}}));
}

void TestConsume::maxStopsAfterExactlySoMany()
{
    m_world->make("most");
    m_world->fill("most", 300);
    const auto consumer = m_world->run("most-g", "most", {"--max", "137", "--workers", "3"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    QCOMPARE(consumer->events().back()["reason"].toString(), QString("max"));
    QCOMPARE(consumer->events().back()["processed"].toInt(), 137);
    qint64 sum = 0;
    for (const auto offset : m_world->committed("most-g"))
        sum += std::max<qint64>(0, offset);
    QCOMPARE(sum, 137);
}

void TestConsume::aTopicThatIsNotThereIsNamedAndNotCreated()
{
    const auto consumer = m_world->run("nobody", "nowhere", {"--until-end"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(1));
    QVERIFY(consumer->hasSaid("error", [](const auto &event) {
        return event["code"].toString().startsWith("UNKNOWN_TOPIC_OR_PART") &&
               event["message"].toString().contains("nowhere");
    }));
    QVERIFY(!m_world->hasTopic("nowhere"));
}

void TestConsume::aMissingDeadLetterTopicIsSaidAtTheStartAndItsRecordsWait()
{
    m_world->make("lonely", 1, false);
    m_world->producer.send("lonely", 0, order(0));
    m_world->producer.send("lonely", 0, Message{.key = {}, .value = {}, .headers = {}});
    m_world->producer.send("lonely", 0, order(1));
    m_world->producer.flush();
    const QStringList options{"--handler", "orders",    "--db", m_world->file("lonely.db"),
                              "--backoff", "50ms:100ms"};
    Consumer consumer(m_world->arguments("lonely-g", "lonely", options));
    const auto namesIt = [](const auto &event) {
        return event["message"].toString().contains("lonely.dlq");
    };
    QVERIFY(consumer.until("error", namesIt));
    QVERIFY(consumer.until("error", [](const auto &event) {
        return event["offset"].toInt(-1) == 1 && event["message"].toString().contains("lonely.dlq");
    }));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode(), std::optional<int>(0));
    QCOMPARE(consumer.events().back()["reason"].toString(), QString("signal"));
    QCOMPARE(consumer.count("dead_lettered"), 0);
    QCOMPARE(m_world->committed("lonely-g"), (QMap<int, qint64>{{0, 1}}));
    QVERIFY(!m_world->hasTopic("lonely.dlq"));
}

void TestConsume::createDlqMakesItAsWideAsItsSource()
{
    m_world->make("wide", 4, false);
    m_world->producer.send("wide", 3, "rubbish");
    m_world->producer.flush();
    const auto consumer = m_world->run(
        "wide-g", "wide",
        {"--handler", "orders", "--db", m_world->file("wide.db"), "--create-dlq", "--until-end"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    QCOMPARE(consumer->count("error"), 0);
    QCOMPARE(consumer->events("dead_lettered").front()["dlq_partition"].toInt(-1), 3);
    QVERIFY(m_world->kafka.mustTool({"topics", "--describe", "--topic", "wide.dlq"})
                .contains("PartitionCount: 4"));
}

void TestConsume::resetErrorStopsWithoutACommitAndBelowTheLogStart()
{
    m_world->make("strict", 1);
    m_world->fill("strict", 20, 1);
    const auto none = m_world->run("strict-g", "strict", {"--reset", "error", "--until-end"});
    QCOMPARE(none->exitCode(), std::optional<int>(1));
    QVERIFY(none->hasSaid("error", withCode("NO_OFFSET")));
    QCOMPARE(none->events().back()["exit"].toInt(), 1);
    QVERIFY2(none->errors().contains("strict/0"), none->errors());

    m_world->admin.alterOffsets("strict-g", {{{"strict", 0}, 5}});
    m_world->admin.deleteRecords({"strict", 0}, 12);
    const auto below = m_world->run("strict-g", "strict", {"--reset", "error", "--until-end"});
    QCOMPARE(below->exitCode(), std::optional<int>(1));
    QVERIFY(below->hasSaid("error", [](const auto &event) {
        return event["code"].toString() == "OFFSET_OUT_OF_RANGE" &&
               event["message"].toString().contains("strict/0") &&
               event["message"].toString().contains("5");
    }));
    QCOMPARE(below->count("processed"), 0);
    QCOMPARE(m_world->committed("strict-g"), (QMap<int, qint64>{{0, 5}}));
}

void TestConsume::recordsLostToRetentionAreCounted()
{
    m_world->make("lost", 1);
    m_world->fill("lost", 20, 1);
    m_world->admin.alterOffsets("lost-g", {{{"lost", 0}, 5}});
    m_world->admin.deleteRecords({"lost", 0}, 12);
    const auto consumer = m_world->run("lost-g", "lost", {"--until-end"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    const auto errors = consumer->events("error");
    QCOMPARE(errors.size(), 1U);
    QCOMPARE(errors.front()["code"].toString(), QString("RECORDS_LOST"));
    QCOMPARE(errors.front()["topic"].toString(), QString("lost"));
    QCOMPARE(errors.front()["partition"].toInt(-1), 0);
    QCOMPARE(errors.front()["committed"].toInt(), 5);
    QCOMPARE(errors.front()["log_start"].toInt(), 12);
    QCOMPARE(errors.front()["lost"].toInt(), 7);
    QCOMPARE(errors.front()["fatal"].toBool(true), false);
    QCOMPARE(consumer->events().back()["processed"].toInt(), 8);
}

void TestConsume::aReadOnlyProfileRefusesToConsumeAndToProduce()
{
    m_world->make("guarded", 1);
    testbroker::Redrivectl ctl({"--profile", "careful"});
    QFile file(ctl.configDirectory() + "/profiles.toml");
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("[profiles.careful]\nbootstrap = \"" +
               QByteArray::fromStdString(m_world->kafka.bootstrap()) +
               "\"\nmode = \"read-only\"\n");
    file.close();
    for (const QStringList &command :
         {QStringList{"consume", "--group", "guarded-g", "--topics", "guarded", "--until-end"},
          QStringList{"produce", "guarded", "--event", "order"}}) {
        const auto answer = ctl.json(command);
        QCOMPARE(answer.exitCode, 4);
        QCOMPARE(answer.errorCode(), QString("READ_ONLY"));
    }
    QVERIFY(!m_world->kafka.mustTool({"consumer-groups", "--list"}).contains("guarded-g"));
    QCOMPARE(m_world->admin.endOffset({"guarded", 0}), 0);
}

void TestConsume::twoMembersShareTheWorkAndNothingIsHandledTwice()
{
    m_world->make("shared", 4);
    const QStringList options{"--handler", "orders", "--db", m_world->file("shared.db")};
    Consumer one(m_world->arguments("shared-g", "shared", options));
    Consumer two(m_world->arguments("shared-g", "shared", options));
    QTRY_VERIFY_WITH_TIMEOUT(one.owned().size() == 2 && two.owned().size() == 2, 20'000);
    m_world->fill("shared", 400, 4);
    QTRY_COMPARE_WITH_TIMEOUT(sql(m_world->file("shared.db"), "SELECT count(*) FROM orders"),
                              QStringList{"400"}, 20'000);
    one.signal(SIGTERM);
    QCOMPARE(one.exitCode(), std::optional<int>(0));
    two.signal(SIGINT);
    QCOMPARE(two.exitCode(), std::optional<int>(0));
    QCOMPARE(one.events().back()["processed"].toInt() + two.events().back()["processed"].toInt(),
             400);
    QCOMPARE(m_world->committed("shared-g"),
             (QMap<int, qint64>{{0, 100}, {1, 100}, {2, 100}, {3, 100}}));
    QCOMPARE(sql(m_world->file("shared.db"), "SELECT max(version) FROM orders"), QStringList{"1"});
}

void TestConsume::withNobodyThereUntilEndExitsThreeNamingTheAddress()
{
    Consumer consumer({"--bootstrap", "127.0.0.1:1", "--timeout", "1s", "consume", "--group", "g",
                       "--topics", "t", "--until-end"});
    QCOMPARE(consumer.exitCode(10'000), std::optional<int>(3));
    QVERIFY(consumer.errors().contains("127.0.0.1:1"));
    QCOMPARE(consumer.events().back()["exit"].toInt(), 3);
    QVERIFY(consumer.count("error") <= 4);
}

QTEST_GUILESS_MAIN(TestConsume)
#include "tst_consume.moc"
