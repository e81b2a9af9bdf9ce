#include "core/consumer/spans.h"

#include <QTest>

#include <string>

using namespace redrive;
using namespace redrive::consumer;
using namespace redrive::telemetry;
using namespace std::string_literals;

namespace {

const auto remote = *parseTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
const spans::Scope scope{.group = GroupId("billing"),
                         .clientId = "redrive",
                         .serverAddress = "kafka-1",
                         .serverPort = 9092};
const spans::Period when{.start = 1000, .end = 2500};

using Value = decltype(Attribute::second);

std::optional<Value> attribute(const std::vector<Attribute> &attributes, const std::string &name)
{
    std::optional<Value> found;
    for (const auto &[key, value] : attributes) {
        if (key != name)
            continue;
        if (found)
            return "twice"s;
        found = value;
    }
    return found;
}

Value text(const std::string &value)
{
    return value;
}

RecordView order(std::optional<std::string_view> key, std::optional<std::string_view> value)
{
    RecordView record;
    record.topic = "orders";
    record.partition = 3;
    record.offset = 42;
    record.key = key;
    record.value = value;
    return record;
}

} // namespace

class TestSpans : public QObject
{
    Q_OBJECT
private slots:
    void theContextIsThatOfTheLastHeader()
    {
        const auto other = toTraceparent(newContext(std::nullopt));
        QVERIFY(!spans::contextOf({}));
        QCOMPARE(spans::contextOf({{"traceparent", other}, {"traceparent", toTraceparent(remote)}}),
                 std::optional(remote));
        QVERIFY(!spans::contextOf({{"traceparent", other}, {"traceparent", "nonsense"}}));
        QVERIFY(!spans::contextOf({{"traceparent", std::nullopt}}));
        QVERIFY(!spans::contextOf({{"Traceparent", other}}));
    }

    void processingIsAChildOfTheSendersSpanAndLinkedToIt()
    {
        const auto span = spans::process(scope, order("alice", "{}"), remote, when);
        QCOMPARE(span.name, "process orders"s);
        QVERIFY(span.kind == SpanKind::Consumer);
        QCOMPARE(span.context.trace, remote.trace);
        QVERIFY(span.context.span != remote.span);
        QCOMPARE(span.parent, std::optional(remote.span));
        QCOMPARE(span.links.size(), 1U);
        QCOMPARE(span.links[0].context, remote);
        QCOMPARE(span.startNanos, 1000);
        QCOMPARE(span.endNanos, 2500);
        const auto &all = span.attributes;
        QCOMPARE(attribute(all, "messaging.system"), text("kafka"));
        QCOMPARE(attribute(all, "messaging.operation.name"), text("process"));
        QCOMPARE(attribute(all, "messaging.operation.type"), text("process"));
        QCOMPARE(attribute(all, "messaging.destination.name"), text("orders"));
        QCOMPARE(attribute(all, "messaging.destination.partition.id"), text("3"));
        QCOMPARE(attribute(all, "messaging.kafka.offset"), Value(std::int64_t{42}));
        QCOMPARE(attribute(all, "messaging.consumer.group.name"), text("billing"));
        QCOMPARE(attribute(all, "messaging.kafka.message.key"), text("alice"));
        QCOMPARE(attribute(all, "messaging.client.id"), text("redrive"));
        QCOMPARE(attribute(all, "server.address"), text("kafka-1"));
        QCOMPARE(attribute(all, "server.port"), Value(std::int64_t{9092}));
        QVERIFY(!attribute(all, "messaging.kafka.message.tombstone"));
        QVERIFY(!attribute(all, "messaging.batch.message_count"));
        QVERIFY(!attribute(all, "error.type"));
        QVERIFY(!span.error);
    }

    void aRecordWithoutContextBeginsATrace()
    {
        const auto span = spans::process({}, order({}, {}), std::nullopt, when);
        QVERIFY(!span.parent);
        QVERIFY(span.links.empty());
        QVERIFY(isSampled(span.context));
        QVERIFY(!attribute(span.attributes, "server.address"));
        QVERIFY(!attribute(span.attributes, "messaging.client.id"));
        QVERIFY(!attribute(span.attributes, "messaging.consumer.group.name"));
    }

    void nullIsNotEmptyInKeysAndValues()
    {
        const std::string name = "messaging.kafka.message.key";
        const std::string tombstone = "messaging.kafka.message.tombstone";
        const auto nothing = spans::process(scope, order({}, {}), {}, when).attributes;
        QVERIFY(!attribute(nothing, name));
        QCOMPARE(attribute(nothing, tombstone), Value(true));
        const auto empty = spans::process(scope, order("", ""), {}, when).attributes;
        QCOMPARE(attribute(empty, name), text(""));
        QVERIFY(!attribute(empty, tombstone));
        const auto bytes = spans::process(scope, order("\xff", ""), {}, when).attributes;
        QCOMPARE(attribute(bytes, name), text("\\xff"));
    }

    void aFailureHasATypeOfFewAndAMessageOfMany()
    {
        const Failure failure{.kind = Failure::Kind::Permanent,
                              .stage = Stage::Decode,
                              .errorClass = "DecodeError",
                              .message = "expected string at $.order_id"};
        const auto span = spans::process(scope, order("a", "b"), remote, when, &failure);
        QCOMPARE(attribute(span.attributes, "error.type"), text("DecodeError"));
        QCOMPARE(span.error, std::optional("expected string at $.order_id"s));
    }

    void aPollLinksToEverySenderWithTheRecordsPlace()
    {
        const auto span = spans::poll(scope, "orders",
                                      {{.partition = 1, .offset = 10, .sender = remote},
                                       {.partition = 2, .offset = 20, .sender = std::nullopt},
                                       {.partition = 2, .offset = 21, .sender = remote}},
                                      when);
        QCOMPARE(span.name, "poll orders"s);
        QVERIFY(span.kind == SpanKind::Client);
        QVERIFY(!span.parent);
        QCOMPARE(attribute(span.attributes, "messaging.operation.type"), text("receive"));
        QCOMPARE(attribute(span.attributes, "messaging.batch.message_count"),
                 Value(std::int64_t{3}));
        QVERIFY(!attribute(span.attributes, "messaging.kafka.offset"));
        QCOMPARE(span.links.size(), 2U);
        QCOMPARE(attribute(span.links[1].attributes, "messaging.kafka.offset"),
                 Value(std::int64_t{21}));
        QCOMPARE(attribute(span.links[1].attributes, "messaging.destination.partition.id"),
                 text("2"));
    }

    void aPollCarriesNoMoreLinksThanASpanMay()
    {
        const std::vector<spans::Taken> many(500, {.partition = 0, .offset = 0, .sender = remote});
        const auto span = spans::poll(scope, "orders", many, when);
        QCOMPARE(span.links.size(), 128U);
        QCOMPARE(span.droppedLinks, 372U);
    }

    void aCommitHasASpanForEachTopic()
    {
        const std::vector<Position> positions{
            {.partition = {"orders", 0}, .next = Offset(5), .leaderEpoch = {}},
            {.partition = {"audit", 1}, .next = Offset(7), .leaderEpoch = {}},
            {.partition = {"orders", 1}, .next = Offset(6), .leaderEpoch = {}}};
        const Error no{.kind = Error::Kind::Broker,
                       .code = "ILLEGAL_GENERATION",
                       .message = "not now",
                       .attempted = "committing",
                       .retriable = true};
        const auto made = spans::commit(scope, positions, when, no);
        QCOMPARE(made.size(), 2U);
        QCOMPARE(made[0].name, "commit audit"s);
        QCOMPARE(made[1].name, "commit orders"s);
        QVERIFY(made[0].kind == SpanKind::Client);
        QCOMPARE(attribute(made[0].attributes, "messaging.operation.type"), text("settle"));
        QCOMPARE(attribute(made[0].attributes, "messaging.kafka.offset"), Value(std::int64_t{7}));
        QVERIFY(!attribute(made[1].attributes, "messaging.kafka.offset"));
        QVERIFY(!attribute(made[1].attributes, "messaging.kafka.message.key"));
        QCOMPARE(attribute(made[1].attributes, "error.type"), text("ILLEGAL_GENERATION"));
        QVERIFY(spans::commit(scope, positions, when, std::nullopt)[0].error == std::nullopt);
    }

    void aDeadLetterIsLinkedToAndItsTraceHeadersStayAsTheyAre()
    {
        const OutgoingRecord dead{.topic = "orders.dlq",
                                  .partition = {},
                                  .key = "alice",
                                  .value = std::nullopt,
                                  .headers = {{"traceparent", toTraceparent(remote)},
                                              {"tracestate", "a=b"},
                                              {"baggage", "c=d"}},
                                  .timestamp = {}};
        const auto headers = dead.headers;
        const auto within = newContext(std::nullopt);
        const auto span = spans::send(
            scope, dead, when, kafka::Delivered{.partition = 1, .offset = Offset(77)}, within);
        QCOMPARE(dead.headers, headers);
        QCOMPARE(span.name, "send orders.dlq"s);
        QVERIFY(span.kind == SpanKind::Producer);
        QCOMPARE(span.context.trace, within.trace);
        QCOMPARE(span.parent, std::optional(within.span));
        QCOMPARE(span.links.size(), 1U);
        QCOMPARE(span.links[0].context, remote);
        const auto &all = span.attributes;
        QCOMPARE(attribute(all, "messaging.operation.type"), text("send"));
        QCOMPARE(attribute(all, "messaging.destination.partition.id"), text("1"));
        QCOMPARE(attribute(all, "messaging.kafka.offset"), Value(std::int64_t{77}));
        QCOMPARE(attribute(all, "messaging.kafka.message.tombstone"), Value(true));
        QVERIFY(!attribute(all, "messaging.consumer.group.name"));
    }

    void aDeadLetterThatWasNotWrittenHasNoPlace()
    {
        const OutgoingRecord dead{.topic = "orders.dlq",
                                  .partition = {},
                                  .key = {},
                                  .value = "x",
                                  .headers = {},
                                  .timestamp = {}};
        const Error no{.kind = Error::Kind::Broker,
                       .code = {},
                       .message = "no such topic",
                       .attempted = "writing",
                       .retriable = false};
        const auto span = spans::send(scope, dead, when, no);
        QVERIFY(!attribute(span.attributes, "messaging.kafka.offset"));
        QCOMPARE(attribute(span.attributes, "error.type"), text("_OTHER"));
        QVERIFY(span.error.has_value());
        QVERIFY(span.links.empty());
        QVERIFY(!span.parent);
    }

    void theServerIsTheFirstOfTheBootstrapList_data()
    {
        QTest::addColumn<QString>("bootstrap");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("one") << "kafka:19092"
                             << "kafka" << 19092;
        QTest::newRow("many") << "a:1,b:2"
                              << "a" << 1;
        QTest::newRow("no port") << "kafka"
                                 << "kafka" << 9092;
        QTest::newRow("protocol") << "SASL_SSL://a:1"
                                  << "a" << 1;
        QTest::newRow("blanks") << " a:1 , b:2"
                                << "a" << 1;
        QTest::newRow("IPv6") << "[::1]:9093"
                              << "::1" << 9093;
        QTest::newRow("IPv6 without port") << "[::1]"
                                           << "::1" << 9092;
        QTest::newRow("nothing") << ""
                                 << "" << 0;
        QTest::newRow("no number") << "a:b"
                                   << "" << 0;
    }

    void theServerIsTheFirstOfTheBootstrapList()
    {
        QFETCH(QString, bootstrap);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto server = spans::firstServer(bootstrap.toStdString());
        QCOMPARE(server.has_value(), port > 0);
        if (server) {
            QCOMPARE(server->first, host.toStdString());
            QCOMPARE(server->second, port);
        }
    }
};

QTEST_APPLESS_MAIN(TestSpans)
#include "tst_spans.moc"
