#include "core/telemetry/healthserver.h"
#include "core/telemetry/httprequest.h"

#include <QTest>

#include <string>

using namespace redrive::telemetry;
using namespace std::string_literals;

class TestHttpRequest : public QObject
{
    Q_OBJECT
private slots:
    void requestsAreReadOrRefused_data()
    {
        QTest::addColumn<QByteArray>("received");
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<int>("refusal");
        const auto row = [](const char *name, const QByteArray &received, const char *method,
                            const char *path, int refusal) {
            QTest::newRow(name) << received << QByteArray(method) << QByteArray(path) << refusal;
        };
        row("plain", "GET /livez HTTP/1.1\r\n\r\n", "GET", "/livez", 0);
        row("headers", "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n", "GET", "/livez", 0);
        row("with a body", "POST / HTTP/1.1\r\n\r\nbody", "POST", "/", 0);
        row("a query", "GET /metrics?name=a HTTP/1.0\r\n\r\n", "GET", "/metrics", 0);
        row("nothing yet", "", "", "", 0);
        row("not all", "GET /livez HTTP/1.1\r\nHost: x\r\n", "", "", 0);
        row("no version", "GET /livez\r\n\r\n", "", "", 400);
        row("HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\n", "", "", 400);
        row("HTTP/2", "GET / HTTP/2.0\r\n\r\n", "", "", 505);
        row("another protocol", "GET / SIP/1.1\r\n\r\n", "", "", 400);
        row("a proxy's form", "GET http://x/livez HTTP/1.1\r\n\r\n", "", "", 400);
        row("small letters", "get / HTTP/1.1\r\n\r\n", "", "", 400);
        row("control characters", "GET /\x01 HTTP/1.1\r\n\r\n", "", "", 400);
        row("blanks in the path", "GET /a b HTTP/1.1\r\n\r\n", "", "", 400);
        row("empty line", "\r\n\r\n", "", "", 400);
        row("too long and not complete", "GET /" + QByteArray(9000, 'a'), "", "", 431);
        row("too long", "GET /" + QByteArray(9000, 'a') + " HTTP/1.1\r\n\r\n", "", "", 431);
        row("a Kafka client", QByteArray("\x00\x00\x00\x1f\x00\x12\r\n\r\n", 10), "", "", 400);
    }

    void requestsAreReadOrRefused()
    {
        QFETCH(QByteArray, received);
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(int, refusal);
        const auto head = parseHead(received.toStdString());
        QCOMPARE(head.refusal, refusal);
        QCOMPARE(head.request.has_value(), !method.isEmpty());
        if (!head.request)
            return;
        QCOMPARE(head.request->method, method.toStdString());
        QCOMPARE(head.request->path, path.toStdString());
    }

    void aHeadRequestGetsTheSameLengthAndNoBody()
    {
        const HttpResponse response{.status = 503, .body = "why\n"};
        const auto whole = serialize(response, false);
        const auto head = serialize(response, true);
        QCOMPARE(whole, head + "why\n");
        QVERIFY(head.starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
        QVERIFY(head.find("\r\nContent-Length: 4\r\n") != std::string::npos);
        QVERIFY(head.ends_with("Connection: close\r\n\r\n"));
    }

    void addressesAreAPortOrAnAddressWithAPort_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("port") << "8080"
                              << "127.0.0.1" << 8080;
        QTest::newRow("any port") << "0"
                                  << "127.0.0.1" << 0;
        QTest::newRow("all interfaces") << "0.0.0.0:9464"
                                        << "0.0.0.0" << 9464;
        QTest::newRow("IPv6") << "[::]:9464"
                              << "::" << 9464;
        QTest::newRow("by name") << "localhost:1"
                                 << "127.0.0.1" << 1;
        for (const auto *text : {"", ":", "x", "65536", "-1", "80x", "::1", "::1:80", ":80",
                                 "[]:80", "[::1]", "0.0.0.0", "0.0.0.0:", "[1.2.3.4]:80", " 80"})
            QTest::newRow(text) << text << "" << -1;
    }

    void addressesAreAPortOrAnAddressWithAPort()
    {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto address = parseHealthAddress(text.toStdString());
        QCOMPARE(address.hasValue(), port >= 0);
        if (!address) {
            QCOMPARE(address.error().code, "USAGE"s);
            return;
        }
        QCOMPARE(address->host, host.toStdString());
        QCOMPARE(int{address->port}, port);
    }
};

QTEST_APPLESS_MAIN(TestHttpRequest)
#include "tst_httprequest.moc"
