#include "app/ctl/eventshapes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <set>

using namespace redrive;
using namespace redrive::consumer;

namespace {

const WallTime noon{std::chrono::duration_cast<Millis>(std::chrono::seconds(1'795'255'200)) +
                    Millis(7)};
const RecordAt at{{"orders", 3}, Offset(42)};
const Failure notText{.kind = Failure::Kind::Permanent,
                      .stage = Stage::Decode,
                      .errorClass = "DecodeError",
                      .message = "expected string at $.order_id, got number"};

QJsonObject line(told::What what)
{
    const std::string text = ctl::eventLine({.time = noon, .what = std::move(what)});
    if (text.find('\n') != text.size() - 1)
        return {};
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

QJsonArray one(const char *topic, int partition)
{
    return {QJsonObject{{"topic", topic}, {"partition", partition}}};
}

std::set<QString> keys(const QJsonObject &object)
{
    const auto list = object.keys();
    return {list.begin(), list.end()};
}

} // namespace

/// The shapes of `consume`, which scripts rely on.
class TestEventShapes : public QObject
{
    Q_OBJECT

private slots:
    void everyEventBeginsWithItsNameAndTimeInUtc()
    {
        const std::string text = ctl::eventLine({.time = noon, .what = told::Stopped{}});
        QVERIFY2(text.starts_with("{\"event\":\"stopped\",\"time\":\"2026-11-21T10:00:00.007Z\","),
                 text.c_str());
    }

    void assignedRevokedAndLostNameTheirPartitionsAndTheProtocol()
    {
        const auto assigned = line(told::Assigned{{{"orders", 3}}, "cooperative"});
        QCOMPARE(assigned["event"].toString(), QString("assigned"));
        QCOMPARE(assigned["partitions"].toArray(), one("orders", 3));
        QCOMPARE(assigned["protocol"].toString(), QString("cooperative"));
        QCOMPARE(line(told::Revoked{{{"orders", 3}}, "eager", false})["event"].toString(),
                 QString("revoked"));
        const auto lost = line(told::Revoked{{{"orders", 3}}, "eager", true});
        QCOMPARE(lost["event"].toString(), QString("lost"));
        QCOMPARE(lost["partitions"].toArray(), one("orders", 3));
    }

    void retryAndDeadLetteredSayWhereWhyAndHowOften()
    {
        const auto retry = line(told::Retry{at, 2, Millis(150), notText});
        QCOMPARE(retry["event"].toString(), QString("retry"));
        QCOMPARE(retry["topic"].toString(), QString("orders"));
        QCOMPARE(retry["partition"].toInt(-1), 3);
        QCOMPARE(retry["offset"].toInt(-1), 42);
        QCOMPARE(retry["attempt"].toInt(), 2);
        QCOMPARE(retry["delay_seconds"].toDouble(), 0.15);
        QCOMPARE(retry["error"].toString(), QString::fromStdString(notText.message));

        const auto letter = line(told::DeadLettered{at, "orders.dlq", 1, Offset(7), 4, notText});
        QCOMPARE(letter["event"].toString(), QString("dead_lettered"));
        QCOMPARE(letter["dlq_topic"].toString(), QString("orders.dlq"));
        QCOMPARE(letter["dlq_partition"].toInt(-1), 1);
        QCOMPARE(letter["dlq_offset"].toInt(-1), 7);
        QCOMPARE(letter["attempts"].toInt(), 4);
        QCOMPARE(letter["stage"].toString(), QString("decode"));
        QCOMPARE(letter["error"].toString(), QString::fromStdString(notText.message));
    }

    void aCommitHasAnErrorOfNullOnceItIsAcknowledged()
    {
        const told::Committed good{.positions = {{{"orders", 3}, Offset(43), 5}}, .sync = true};
        const auto acknowledged = line(good);
        QCOMPARE(acknowledged["event"].toString(), QString("committed"));
        QVERIFY(acknowledged["error"].isNull());
        QCOMPARE(acknowledged["sync"].toBool(), true);
        QCOMPARE(acknowledged["offsets"].toArray(),
                 (QJsonArray{QJsonObject{{"topic", "orders"}, {"partition", 3}, {"offset", 43}}}));

        told::Committed bad = good;
        bad.error = Error{.kind = Error::Kind::Broker,
                          .code = "REBALANCE_IN_PROGRESS",
                          .message = "a rebalance is in progress",
                          .attempted = {},
                          .retriable = true};
        const auto refused = line(bad);
        QCOMPARE(refused["error"].toString(), QString("a rebalance is in progress"));
        QCOMPARE(refused["code"].toString(), QString("REBALANCE_IN_PROGRESS"));
        const auto says = [&](const char *words) {
            const std::string text = ctl::eventText({.time = noon, .what = bad}, false);
            return text.find(words) != std::string::npos;
        };
        QVERIFY(says("commit refused orders/3"));
        // Without an answer nobody knows.
        for (const auto kind : {Error::Kind::Timeout, Error::Kind::Transport}) {
            bad.error->kind = kind;
            QVERIFY(says("commit not answered orders/3"));
        }
    }

    void anErrorSaysOfTheRecordsLostHowManyAndWhere()
    {
        const Error error{.kind = Error::Kind::Broker,
                          .code = "RECORDS_LOST",
                          .message = "5 offsets are gone",
                          .attempted = {},
                          .retriable = false};
        const auto lost = line(told::Problem{.error = error,
                                             .partition = at.partition,
                                             .committed = Offset(10),
                                             .logStart = Offset(15),
                                             .lost = 5});
        QCOMPARE(lost["code"].toString(), QString("RECORDS_LOST"));
        QCOMPARE(lost["message"].toString(), QString("5 offsets are gone"));
        QCOMPARE(lost["fatal"].toBool(true), false);
        QCOMPARE(lost["topic"].toString(), QString("orders"));
        QCOMPARE(lost["committed"].toInt(), 10);
        QCOMPARE(lost["log_start"].toInt(), 15);
        QCOMPARE(lost["lost"].toInt(), 5);
        QVERIFY(!lost.contains("offset"));
        QVERIFY(keys(line(told::Problem{.error = error})) ==
                (std::set<QString>{"event", "time", "code", "message", "fatal", "attempted"}));
    }

    void skippedSaysWhyAndStoppedHowItWent()
    {
        const auto skipped = line(told::Skipped{at, "duplicate", "e-1", {}});
        QCOMPARE(skipped["event"].toString(), QString("skipped"));
        QCOMPARE(skipped["reason"].toString(), QString("duplicate"));
        const auto stopped = line(told::Stopped{"until_end", 10, 2, 1, 0});
        QCOMPARE(stopped["reason"].toString(), QString("until_end"));
        QCOMPARE(stopped["processed"].toInt(), 10);
        QCOMPARE(stopped["dead_lettered"].toInt(), 2);
        QCOMPARE(stopped["skipped"].toInt(), 1);
        QCOMPARE(stopped["exit"].toInt(-1), 0);
    }

    void theTaskDataOfAnUpdateStaysAsItsSenderWroteIt()
    {
        const std::string text = ctl::eventLine(
            {.time = noon,
             .what = told::Live{at, Update{.eventId = "e",
                                           .eventType = "completed",
                                           .taskId = "t",
                                           .userId = "u",
                                           .taskData = "{\n \"cost\": 1.10,\r\n \"n\": 1e2}"}}});
        QVERIFY2(text.ends_with(",\"task_data\":{  \"cost\": 1.10,   \"n\": 1e2}}\n"),
                 text.c_str());
        const auto update = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
        QCOMPARE(update["event"].toString(), QString("update"));
        QCOMPARE(update["event_type"].toString(), QString("completed"));
        QVERIFY(line(told::Live{at, Update{}})["task_data"].isNull());
    }

    void textThatIsNoUtf8IsStillALineOfJson()
    {
        told::Problem problem;
        problem.error.message = "\xff\xfe\n";
        QCOMPARE(line(problem)["message"].toString(), QString("\ufffd\ufffd\n"));
    }

    void forPeopleALineHidesNothingAndBreaksNowhere()
    {
        const std::string text = ctl::eventText(
            {.time = noon,
             .what = told::DeadLettered{{{"a\nb", 0}, Offset(1)}, "d", 0, Offset(2), 1, notText}},
            false);
        QCOMPARE(QString::fromStdString(text),
                 QString("2026-11-21 10:00:00 UTC  dead-lettered a\\nb/0 offset 1 to d/0 offset 2 "
                         "after 1 attempt: decode: expected string at $.order_id, got number\n"));
    }
};

QTEST_GUILESS_MAIN(TestEventShapes)
#include "tst_eventshapes.moc"
