#include "core/telemetry/httpurl.h"
#include "core/telemetry/otlpjson.h"
#include "core/telemetry/tracing.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace redrive::telemetry;
using namespace std::string_literals;

namespace {

const std::string sample = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

QJsonObject requestOf(const std::vector<Span> &spans)
{
    const auto text = toOtlpJson(spans, {{"service.name", "orders"}});
    QJsonParseError problem{};
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text), &problem);
    if (problem.error != QJsonParseError::NoError)
        qWarning("%s in %s", qPrintable(problem.errorString()), text.c_str());
    return document.object()["resourceSpans"].toArray()[0].toObject();
}

QJsonObject spanOf(const Span &span)
{
    return requestOf({span})["scopeSpans"].toArray()[0].toObject()["spans"].toArray()[0].toObject();
}

Span someSpan()
{
    Span span;
    span.name = "process orders";
    span.kind = SpanKind::Consumer;
    span.context = *parseTraceparent(sample);
    span.startNanos = 1'763'719'200'123'456'789;
    span.endNanos = 1'763'719'200'123'999'999;
    return span;
}

} // namespace

class TestTracing : public QObject
{
    Q_OBJECT
private slots:
    void aTraceparentSurvivesReadingAndWriting()
    {
        const auto context = parseTraceparent(sample);
        QVERIFY(context.has_value());
        QCOMPARE(int{context->trace[0]}, 0x4b);
        QCOMPARE(int{context->span[7]}, 0xb7);
        QVERIFY(isSampled(*context));
        QCOMPARE(toTraceparent(*context), sample);
    }

    void onlyWhatTheStandardAllowsIsATraceparent_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isOne");
        const QString id = "4bf92f3577b34da6a3ce929d0e0e4736";
        const QString span = "00f067aa0ba902b7";
        QTest::newRow("version 00") << "00-" + id + "-" + span + "-01" << true;
        QTest::newRow("not sampled") << "00-" + id + "-" + span + "-00" << true;
        QTest::newRow("unknown flags") << "00-" + id + "-" + span + "-ff" << true;
        QTest::newRow("a later version") << "cc-" + id + "-" + span + "-01" << true;
        QTest::newRow("a later version with more") << "cc-" + id + "-" + span + "-01-what" << true;
        QTest::newRow("a later version glued") << "cc-" + id + "-" + span + "-01.what" << false;
        QTest::newRow("version ff") << "ff-" + id + "-" + span + "-01" << false;
        QTest::newRow("version 00 with more") << "00-" + id + "-" + span + "-01-x" << false;
        QTest::newRow("version 00 with a dash") << "00-" + id + "-" + span + "-01-" << false;
        QTest::newRow("capitals") << "00-" + id.toUpper() + "-" + span + "-01" << false;
        QTest::newRow("capital flags") << "00-" + id + "-" + span + "-0A" << false;
        QTest::newRow("zero trace") << "00-" + QString(32, '0') + "-" + span + "-01" << false;
        QTest::newRow("zero span") << "00-" + id + "-" + QString(16, '0') + "-01" << false;
        QTest::newRow("no hex") << "00-" + id.left(31) + "g-" + span + "-01" << false;
        QTest::newRow("short") << "00-" + id + "-" + span + "-0" << false;
        QTest::newRow("underscores") << "00_" + id + "_" + span + "_01" << false;
        QTest::newRow("blank before") << " 00-" + id + "-" + span + "-01" << false;
        QTest::newRow("empty") << QString() << false;
    }

    void onlyWhatTheStandardAllowsIsATraceparent()
    {
        QFETCH(QString, text);
        QFETCH(bool, isOne);
        QCOMPARE(parseTraceparent(text.toStdString()).has_value(), isOne);
    }

    void aChildStaysInItsParentsTraceAndKeepsTheDecisionToSample()
    {
        auto parent = *parseTraceparent(sample);
        parent.flags = 0xfe; // unknown flags are not passed on
        const auto child = newContext(parent);
        QCOMPARE(child.trace, parent.trace);
        QVERIFY(child.span != parent.span);
        QVERIFY(!isSampled(child));
        QCOMPARE(int{child.flags}, 0);
        QVERIFY(isSampled(newContext(std::nullopt)));
    }

    void contextsMadeOnManyThreadsAreAllDifferentAndValid()
    {
        constexpr std::size_t threads = 4;
        constexpr std::size_t each = 5000;
        std::vector<std::vector<std::string>> made(threads);
        {
            std::vector<std::jthread> workers;
            for (auto &mine : made)
                workers.emplace_back([&mine] {
                    for (std::size_t i = 0; i < each; ++i)
                        mine.push_back(toTraceparent(newContext(std::nullopt)));
                });
        }
        std::set<std::string> all;
        for (const auto &mine : made) {
            for (const auto &text : mine) {
                QVERIFY(parseTraceparent(text).has_value());
                all.insert(text);
            }
        }
        QCOMPARE(all.size(), threads * each);
    }

    void spansAreWrittenAsTheProtocolMapsThemToJson()
    {
        Span span = someSpan();
        span.parent = span.context.span;
        span.attributes = {{"messaging.kafka.offset", std::int64_t{9'007'199'254'740'993}},
                           {"messaging.kafka.message.tombstone", true},
                           {"messaging.system", "kafka"}};
        span.links.push_back({.context = span.context, .attributes = {{"n", std::int64_t{-1}}}});
        span.droppedLinks = 3;
        span.error = "no such order";
        const auto json = spanOf(span);
        QCOMPARE(json["traceId"].toString(), QString("4bf92f3577b34da6a3ce929d0e0e4736"));
        QCOMPARE(json["spanId"].toString(), QString("00f067aa0ba902b7"));
        QCOMPARE(json["parentSpanId"].toString(), QString("00f067aa0ba902b7"));
        QCOMPARE(json["kind"].toInt(), 5);
        QCOMPARE(json["flags"].toInt(), 1);
        QCOMPARE(json["startTimeUnixNano"].toString(), QString("1763719200123456789"));
        QCOMPARE(json["endTimeUnixNano"].toString(), QString("1763719200123999999"));
        const auto attributes = json["attributes"].toArray();
        QCOMPARE(attributes[0]["value"]["intValue"].toString(), QString("9007199254740993"));
        QCOMPARE(attributes[1]["value"]["boolValue"].toBool(), true);
        QCOMPARE(attributes[2]["key"].toString(), QString("messaging.system"));
        QCOMPARE(attributes[2]["value"]["stringValue"].toString(), QString("kafka"));
        QCOMPARE(json["links"][0]["traceId"], json["traceId"]);
        QCOMPARE(json["links"][0]["attributes"][0]["value"]["intValue"].toString(), QString("-1"));
        QCOMPARE(json["droppedLinksCount"].toInt(), 3);
        QCOMPARE(json["status"]["code"].toInt(), 2);
        QCOMPARE(json["status"]["message"].toString(), QString("no such order"));
        const auto resource = requestOf({span})["resource"].toObject();
        QCOMPARE(resource["attributes"][0]["value"]["stringValue"].toString(), QString("orders"));
    }

    void whatASpanDoesNotHaveIsNotWritten()
    {
        const auto json = spanOf(someSpan());
        QVERIFY(!json.contains("parentSpanId"));
        QVERIFY(!json.contains("links"));
        QVERIFY(!json.contains("status"));
        QVERIFY(!json.contains("droppedLinksCount"));
    }

    void foreignTextStaysOneJsonString()
    {
        Span span = someSpan();
        span.name = "process a\"\\\n\x01 ä";
        span.attributes = {{"key", "\xff\xfe"s}, {"null", "a\0b"s}};
        const auto json = spanOf(span);
        QCOMPARE(json["name"].toString(), QString("process a\"\\\n\x01 ä"));
        QCOMPARE(json["attributes"][0]["value"]["stringValue"].toString(), QString("\\xff\\xfe"));
        QCOMPARE(json["attributes"][1]["value"]["stringValue"].toString().size(), 3);
    }

    void aPartialSuccessTellsHowManyWereRejectedAndWhy_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<qint64>("rejected");
        QTest::addColumn<QString>("message");
        QTest::newRow("as the mapping wants it")
            << QByteArray(R"({"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}})")
            << 3LL << "too old";
        QTest::newRow("as a number")
            << QByteArray(R"({"partialSuccess":{"rejectedSpans":2}})") << 2LL << "";
        QTest::newRow("only a warning")
            << QByteArray(R"({"partialSuccess":{"errorMessage":"hm"}})") << 0LL << "hm";
        QTest::newRow("whole success") << QByteArray("{}") << 0LL << "";
        QTest::newRow("nothing") << QByteArray() << 0LL << "";
        QTest::newRow("no JSON") << QByteArray("\x0a\x02ok") << 0LL << "";
        QTest::newRow("another shape") << QByteArray(R"({"partialSuccess":[1]})") << 0LL << "";
        QTest::newRow("no number")
            << QByteArray(R"({"partialSuccess":{"rejectedSpans":"x"}})") << 0LL << "";
    }

    void aPartialSuccessTellsHowManyWereRejectedAndWhy()
    {
        QFETCH(QByteArray, body);
        QFETCH(qint64, rejected);
        QFETCH(QString, message);
        const auto partial = readPartialSuccess(body.toStdString());
        QCOMPARE(qint64{partial.rejected}, rejected);
        QCOMPARE(QString::fromStdString(partial.message), message);
    }

    void baseUrlsAreTakenApart_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("said");
        QTest::newRow("plain") << "http://otel:4318" << false << "otel" << 4318 << ""
                               << "otel:4318";
        QTest::newRow("TLS") << "https://otel.example" << true << "otel.example" << 443 << ""
                             << "otel.example";
        QTest::newRow("usual port") << "http://otel" << false << "otel" << 80 << ""
                                    << "otel";
        QTest::newRow("slash") << "http://otel/" << false << "otel" << 80 << ""
                               << "otel";
        QTest::newRow("path") << "https://h:8443/a/b//" << true << "h" << 8443 << "/a/b"
                              << "h:8443";
        QTest::newRow("IPv4") << "http://127.0.0.1:1" << false << "127.0.0.1" << 1 << ""
                              << "127.0.0.1:1";
        QTest::newRow("IPv6") << "http://[fe80::1]:4318/x" << false << "fe80::1" << 4318 << "/x"
                              << "[fe80::1]:4318";
    }

    void baseUrlsAreTakenApart()
    {
        QFETCH(QString, text);
        QFETCH(bool, tls);
        QFETCH(QString, host);
        QFETCH(int, port);
        QFETCH(QString, path);
        QFETCH(QString, said);
        const auto url = parseHttpUrl(text.toStdString());
        QVERIFY(url.hasValue());
        const HttpUrl expected{
            .tls = tls, .host = host.toStdString(), .port = port, .path = path.toStdString()};
        QCOMPARE(*url, expected);
        QCOMPARE(authority(*url), said.toStdString());
    }

    void whatIsNoBaseUrlIsRefusedWithoutRepeatingIt_data()
    {
        QTest::addColumn<QString>("text");
        for (const auto *text :
             {"", "otel:4318", "ftp://otel", "http://", "http://:80", "http://secret@otel",
              "http://u:secret@otel", "http://otel:0", "http://otel:65536",
              "http://otel:", "http://otel:4318x", "http://otel?key=secret",
              "http://otel/v1#secret", "http://ot el", "http://otel\r\nX: secret", "http://[::1",
              "http://[x]", "http://a_b$c", "http://[::1]4318"})
            QTest::newRow(text) << text;
    }

    void whatIsNoBaseUrlIsRefusedWithoutRepeatingIt()
    {
        QFETCH(QString, text);
        const auto tracer = openOtlp({.url = text.toStdString(), .resource = {}});
        QVERIFY(!tracer.hasValue());
        QCOMPARE(tracer.error().code, "INVALID_URL"s);
        QVERIFY(describe(tracer.error()).find("secret") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestTracing)
#include "tst_tracing.moc"
