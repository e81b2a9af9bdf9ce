#include "core/kafka/connectiontest.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/broker/redrivectl.h"
#include "tests/support/proxy/httpserver.h"

#include <QDirIterator>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace redrive;
using namespace std::chrono_literals;

namespace {

const QString password = "admin-secret";
const QString wrongPassword = "wrong-XYZZY-secret";
const QString advertised = "kafka.internal.invalid:9092";

} // namespace

using Properties = std::map<std::string, std::string>;

/// How one gets in, and what one is told when one does not.
class TestSecurity : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void thatWhichFitsConnects_data();
    void thatWhichFitsConnects();
    void whatFailsIsSaidClearlyAndSoon_data();
    void whatFailsIsSaidClearlyAndSoon();
    void inATableNothingIsPrintedButTheReason();
    void connectionTestNamesTheStepThatFails_data();
    void connectionTestNamesTheStepThatFails();
    void connectionTestPassesWhatFits();
    void anAddressMapReachesABrokerThatAdvertisesAnotherName();
    void aLiteralSecretInTheArgumentsIsRefusedUnsaid();
    void aClosedDoorIsSaidByTheBrokersWord();
    void secretsAreNowhere();
    void cleanupTestCase();

private:
    QString place(const QString &name) const;
    Properties properties(const QString &kind) const;
    QStringList options(const QString &kind, const QString &where) const;
    void addFailures(bool withSteps);

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    testproxy::HttpServer m_http;
    testbroker::Redrivectl m_ctl;
    QByteArray m_everythingSaid;
};

void TestSecurity::initTestCase()
{
    testbroker::ClusterOptions wanted;
    wanted.secure = true;
    wanted.advertise = advertised;
    m_kafka = std::make_unique<testbroker::KafkaCluster>(wanted);
    m_ctl.setVariable("REDRIVE_TEST_PASSWORD", password);
    m_ctl.setVariable("REDRIVE_TEST_WRONG", wrongPassword);
}

void TestSecurity::cleanupTestCase()
{
    m_kafka.reset();
}

QString TestSecurity::place(const QString &name) const
{
    if (name == "http")
        return "127.0.0.1:" + QString::number(m_http.port());
    if (name == "closed")
        return "127.0.0.1:" + QString::number(testproxy::closedPort());
    if (name == "nowhere")
        return "no-such-host.invalid:9092";
    return m_kafka->value(name);
}

/// With the password itself; options() puts a reference in its place.
Properties TestSecurity::properties(const QString &kind) const
{
    const std::string certs = m_kafka->value("certs").toStdString() + '/';
    Properties all;
    if (kind == "none")
        return all;
    all["ssl.ca.location"] = certs + (kind.contains("other-ca") ? "other-ca.crt" : "ca.crt");
    if (kind == "mtls") {
        all["security.protocol"] = "ssl";
        all["ssl.certificate.location"] = certs + "client.crt";
        all["ssl.key.location"] = certs + "client.key";
    } else if (kind.startsWith("tls")) {
        all["security.protocol"] = "ssl";
    } else {
        all["security.protocol"] = "sasl_ssl";
        all["sasl.mechanism"] = kind.contains("scram") ? "SCRAM-SHA-512" : "PLAIN";
        all["sasl.username"] = "admin";
        all["sasl.password"] = (kind.contains("wrong") ? wrongPassword : password).toStdString();
    }
    return all;
}

QStringList TestSecurity::options(const QString &kind, const QString &where) const
{
    QStringList all{"--bootstrap", where, "--timeout", "8s", "-v"};
    auto wanted = properties(kind);
    if (wanted.count("sasl.password") > 0)
        wanted["sasl.password"] =
            kind.contains("wrong") ? "env:REDRIVE_TEST_WRONG" : "env:REDRIVE_TEST_PASSWORD";
    for (const auto &[key, value] : wanted)
        all += {"-X", QString::fromStdString(key + '=' + value)};
    return all;
}

void TestSecurity::thatWhichFitsConnects_data()
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("kind");
    QTest::newRow("SASL_SSL, PLAIN") << "sasl_ssl"
                                     << "plain";
    QTest::newRow("SASL_SSL, SCRAM-SHA-512") << "sasl_ssl"
                                             << "scram";
    QTest::newRow("mutual TLS") << "mtls"
                                << "mtls";
}

void TestSecurity::thatWhichFitsConnects()
{
    QFETCH(const QString, where);
    QFETCH(const QString, kind);
    const auto listed = m_ctl.json(options(kind, place(where)) + QStringList{"groups", "list"});
    m_everythingSaid += listed.raw + listed.err;
    QVERIFY2(listed.exitCode == 0, listed.raw + listed.err);
    const auto cluster = m_ctl.json(options(kind, place(where)) + QStringList{"cluster"});
    QCOMPARE(cluster.exitCode, 0);
    const QString id = m_kafka->mustTool({"cluster", "cluster-id"}).section(':', 1).trimmed();
    QCOMPARE(cluster.object["cluster_id"].toString(), id);
}

void TestSecurity::inATableNothingIsPrintedButTheReason()
{
    const auto table = m_ctl.run(options("none", place("closed")) + QStringList{"groups", "list"});
    QCOMPARE(table.exitCode, 3);
    QVERIFY2(table.out.isEmpty(), table.out);
    QVERIFY2(table.err.contains("refused"), table.err);
}

void TestSecurity::addFailures(bool withSteps)
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("step");
    const auto row = [&](const char *name, const QString &where, const QString &kind,
                         const QString &says, const QString &step) {
        if (withSteps ? !step.isEmpty() : !says.isEmpty())
            QTest::newRow(name) << where << kind << says << step;
    };
    row("wrong password, PLAIN", "sasl_ssl", "plain wrong", "authentication failed", "SASL");
    row("wrong password, SCRAM", "sasl_ssl", "scram wrong", "authentication failed", "SASL");
    row("unknown authority", "sasl_ssl", "plain other-ca", "certificate", "TLS handshake");
    row("expired certificate", "expired", "tls", "expired", "TLS handshake");
    row("no client certificate", "mtls", "tls", "certificate", "TLS handshake");
    row("TLS to a plain port", "bootstrap", "tls", "SSL", "TLS handshake");
    row("plain to a TLS port", "sasl_ssl", "none", "TLS", "metadata");
    row("an HTTP server", "http", "none", "HTTP", "metadata");
    row("nobody listens", "closed", "none", "refused", "Connect to");
    row("a name without an address", "nowhere", "none", "no-such-host.invalid", "Resolve");
    row("an advertised name without an address", "bootstrap", "none", "kafka.internal.invalid",
        "metadata");
}

void TestSecurity::whatFailsIsSaidClearlyAndSoon_data()
{
    addFailures(false);
}

void TestSecurity::whatFailsIsSaidClearlyAndSoon()
{
    QFETCH(const QString, where);
    QFETCH(const QString, kind);
    QFETCH(const QString, says);
    const QString address = place(where);
    const auto output =
        m_ctl.run(options(kind, address) + QStringList{"--output", "json", "groups", "list"});
    m_everythingSaid += output.out + output.err;
    const QByteArray all = output.out + output.err;
    QVERIFY2(output.exitCode == 3, QByteArray::number(output.exitCode) + ": " + all);
    QVERIFY2(output.milliseconds < 14'000, QByteArray::number(output.milliseconds) + all);
    QVERIFY2(QString(output.err).contains(says, Qt::CaseInsensitive), all);
    QVERIFY2(QString(output.out).contains(R"("attempted":)"), all);
    QVERIFY2(QString(output.out).contains(address), all);
}

void TestSecurity::connectionTestNamesTheStepThatFails_data()
{
    addFailures(true);
}

void TestSecurity::connectionTestNamesTheStepThatFails()
{
    QFETCH(const QString, where);
    QFETCH(const QString, kind);
    QFETCH(const QString, step);
    std::vector<kafka::ConnectionStep> steps;
    const MonoTime begin = monoNow();
    kafka::testConnection({place(where).toStdString(), properties(kind), {}}, 8s, {},
                          [&](const auto &now) { steps = now; });
    QVERIFY(monoNow() - begin < 14s);
    QByteArray all;
    const kafka::ConnectionStep *failed = nullptr;
    for (const auto &entry : steps) {
        all += QByteArray::fromStdString(
            entry.title + " | " + entry.detail + " | " +
            (entry.error ? describe(*entry.error) + " | " + entry.advice : "") + '\n');
        QVERIFY2(entry.state != kafka::ConnectionStep::State::Running, all);
        if (entry.state == kafka::ConnectionStep::State::Failed && failed == nullptr)
            failed = &entry;
    }
    QVERIFY2(failed != nullptr, all);
    QVERIFY2(QString::fromStdString(failed->title).contains(step), all);
    QVERIFY2(failed->error && !failed->error->message.empty(), all);
    QVERIFY2(!failed->advice.empty(), all);
    m_everythingSaid += all;
}

void TestSecurity::connectionTestPassesWhatFits()
{
    std::vector<kafka::ConnectionStep> steps;
    const auto cluster =
        kafka::testConnection({place("sasl_ssl").toStdString(), properties("scram"), {}}, 10s, {},
                              [&](const auto &now) { steps = now; });
    QVERIFY(cluster);
    QCOMPARE(cluster->brokers.size(), std::size_t(1));
    for (const auto &step : steps)
        QVERIFY2(step.state == kafka::ConnectionStep::State::Passed, step.title.c_str());
}

void TestSecurity::anAddressMapReachesABrokerThatAdvertisesAnotherName()
{
    const QString plain = m_kafka->value("bootstrap");
    const auto added = m_ctl.run({"profiles", "add", "forwarded", "--bootstrap", plain,
                                  "--address-map", advertised + '=' + plain});
    QVERIFY2(added.exitCode == 0, added.err);
    const auto listed = m_ctl.json({"--profile", "forwarded", "groups", "list"});
    QVERIFY2(listed.exitCode == 0, listed.raw + listed.err);
    const auto cluster = m_ctl.json({"--profile", "forwarded", "cluster"});
    QCOMPARE(cluster.object["brokers"][0]["host"].toString(), "kafka.internal.invalid");
}

void TestSecurity::aLiteralSecretInTheArgumentsIsRefusedUnsaid()
{
    const auto output = m_ctl.run({"--bootstrap", "127.0.0.1:1", "--output", "json", "-X",
                                   "sasl.password=" + wrongPassword, "cluster"});
    QCOMPARE(output.exitCode, 2);
    QVERIFY(output.err.contains("sasl.password"));
    m_everythingSaid += output.out + output.err;
}

void TestSecurity::aClosedDoorIsSaidByTheBrokersWord()
{
    m_kafka->mustTool({"topics", "--create", "--topic", "vault", "--partitions", "1"});
    m_kafka->mustTool({"consumer-groups", "--reset-offsets", "--group", "secret-group", "--topic",
                       "vault", "--to-earliest", "--execute"});
    m_kafka->mustTool({"acls", "--add", "--deny-principal", "User:alice", "--operation", "Describe",
                       "--group", "*"});
    m_ctl.setVariable("REDRIVE_TEST_ALICE", "alice-secret");
    QStringList as = options("plain", place("sasl_ssl"));
    as.replaceInStrings("sasl.username=admin", "sasl.username=alice");
    as.replaceInStrings("env:REDRIVE_TEST_PASSWORD", "env:REDRIVE_TEST_ALICE");
    testbroker::Redrivectl::Answer described;
    QTRY_VERIFY_WITH_TIMEOUT(
        (described = m_ctl.json(as + QStringList{"groups", "describe", "secret-group"}),
         described.raw.contains("GROUP_AUTHORIZATION_FAILED")),
        10'000);
    QCOMPARE(described.exitCode, 1);
}

void TestSecurity::secretsAreNowhere()
{
    QVERIFY(!m_everythingSaid.isEmpty());
    QDirIterator files(m_ctl.home(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_everythingSaid += file.readAll();
    }
    for (const auto &secret : {password, wrongPassword, QString("alice-secret")})
        QVERIFY(!m_everythingSaid.contains(secret.toUtf8()));
}

QTEST_GUILESS_MAIN(TestSecurity)
#include "tst_security.moc"
