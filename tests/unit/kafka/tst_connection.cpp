#include "core/kafka/connection.h"

#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::kafka;
using namespace std::string_literals;

namespace {

using Properties = std::map<std::string, std::string>;

std::vector<std::string> weaknessesOf(const std::string &bootstrap, Properties properties,
                                      std::vector<AddressMapping> map = {})
{
    return weaknesses({.bootstrap = bootstrap,
                       .properties = std::move(properties),
                       .addressMap = std::move(map)});
}

bool mentions(const std::vector<std::string> &lines, const std::string &what)
{
    return std::any_of(lines.begin(), lines.end(),
                       [&](const auto &line) { return line.find(what) != std::string::npos; });
}

} // namespace

class TestConnection : public QObject
{
    Q_OBJECT
private slots:
    void addressesAreReadAsPeopleWriteThem_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        QTest::newRow("host and port") << "broker-1.example:9093"
                                       << "broker-1.example" << 9093;
        QTest::newRow("default port") << "broker"
                                      << "broker" << 9092;
        QTest::newRow("listener") << "SASL_SSL://b_1.svc:65535"
                                  << "b_1.svc" << 65535;
        QTest::newRow("IPv4") << "127.0.0.1:1"
                              << "127.0.0.1" << 1;
        QTest::newRow("IPv6") << "[::1]:9094"
                              << "::1" << 9094;
        QTest::newRow("IPv6, default port") << "[fe80::1%eth0]"
                                            << "fe80::1%eth0" << 9092;
        QTest::newRow("blanks around") << "  a:2 "
                                       << "a" << 2;
    }
    void addressesAreReadAsPeopleWriteThem()
    {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto place = parseHostPort(text.toStdString());
        QVERIFY2(place, qPrintable(text));
        QCOMPARE(place->host, host.toStdString());
        QCOMPARE(place->port, port);
    }

    void whatIsNoAddressIsRefusedAndNamed()
    {
        for (const std::string text :
             {"a:0", "a:65536", "a:-1", "a:9092x", "a:", ":9092", "::1", "[::1", "[::1]9092",
              "[::g]:1", "[]:1", "a b:1", "a/b:1", "a\nb:1", "host:99999999999"}) {
            const auto place = parseHostPort(text);
            QVERIFY2(!place, text.c_str());
            QCOMPARE(place.error().kind, Error::Kind::Config);
            QCOMPARE(place.error().code, "INVALID_ADDRESS"s);
        }
        QVERIFY(parseHostPort("a:9092x").error().message.find("a:9092x") != std::string::npos);
        QVERIFY(parseHostPort("a\nb:1").error().message.find("a\\nb:1") != std::string::npos);
    }

    void aPasswordInAnAddressIsNotRepeated()
    {
        const auto place = parseHostPort("admin:canary@broker:9092");
        QVERIFY(!place);
        QVERIFY(place.error().message.find("canary") == std::string::npos);
    }

    void everyBadBootstrapServerIsNamed()
    {
        const auto good = parseBootstrap("a:1, b:2,,[::1]:3,");
        QVERIFY(good);
        QCOMPARE(good->size(), std::size_t{3});
        const auto bad = parseBootstrap("a:1,b:x,c:0");
        QVERIFY(!bad);
        QVERIFY(bad.error().message.find("b:x") != std::string::npos);
        QVERIFY(bad.error().message.find("c:0") != std::string::npos);
        QVERIFY(bad.error().message.find("a:1") == std::string::npos);
        QVERIFY(!parseBootstrap(""));
        QVERIFY(!parseBootstrap(" , "));
    }

    void anAddressMappingHasAnAdvertisedAndARealPlace()
    {
        const auto mapping = parseAddressMapping("broker-0.kafka.svc:9092=127.0.0.1:19092");
        QVERIFY(mapping);
        QCOMPARE(mapping->advertised, "broker-0.kafka.svc:9092"s);
        QCOMPARE(mapping->target, "127.0.0.1:19092"s);
        QCOMPARE(parseAddressMapping("b=[::1]:5")->advertised, "b:9092"s);
        QCOMPARE(parseAddressMapping("b=[::1]:5")->target, "[::1]:5"s);
        for (const char *text : {"", "a:1", "=b:1", "a:1=", "a:1=b:0", "a:x=b:1"})
            QVERIFY2(!parseAddressMapping(text), text);
    }

    void propertiesThatConnectSecureOrTimeArePassed()
    {
        const Properties fine{{"security.protocol", "SASL_SSL"},
                              {"security.protocol", "sasl_plaintext"},
                              {"sasl.mechanism", "SCRAM-SHA-512"},
                              {"sasl.mechanisms", "OAUTHBEARER"},
                              {"sasl.password", "p w \"!"},
                              {"sasl.oauthbearer.method", "oidc"},
                              {"sasl.oauthbearer.token.endpoint.url", "https://idp/token"},
                              {"sasl.kerberos.principal", "me/host@EXAMPLE.ORG"},
                              {"ssl.ca.pem", "-----BEGIN\nabc\n-----END\n"},
                              {"ssl.endpoint.identification.algorithm", "none"},
                              {"enable.ssl.certificate.verification", "false"},
                              {"socket.timeout.ms", "10"},
                              {"topic.metadata.refresh.interval.ms", "-1"},
                              {"group.protocol", "consumer"},
                              {"client.id", "a b"}};
        for (const auto &[key, value] : fine)
            QVERIFY2(checkProperty(key, value), key.c_str());
    }

    void whatLoadsCodeRunsACommandOrIsOursIsRefusedWithTheReason_data()
    {
        QTest::addColumn<QString>("key");
        QTest::addColumn<QString>("reason");
        QTest::newRow("plugins") << "plugin.library.paths"
                                 << "loads code";
        QTest::newRow("engine") << "ssl.engine.location"
                                << "loads code";
        QTest::newRow("engine id") << "ssl.engine.id"
                                   << "loads code";
        QTest::newRow("providers") << "ssl.providers"
                                   << "loads code";
        QTest::newRow("kinit") << "sasl.kerberos.kinit.cmd"
                               << "runs a command";
        QTest::newRow("callback") << "resolve_cb"
                                  << "not text";
        QTest::newRow("engine callback") << "ssl_engine_callback_data"
                                         << "not text";
        QTest::newRow("debug") << "debug"
                               << "secrets";
        QTest::newRow("assertion file") << "sasl.oauthbearer.assertion.file"
                                        << "local file";
        QTest::newRow("cloud identity") << "sasl.oauthbearer.metadata.authentication.type"
                                        << "identity";
        QTest::newRow("bootstrap") << "bootstrap.servers"
                                   << "field of its own";
        QTest::newRow("group") << "group.id"
                               << "Redrive sets it itself";
        QTest::newRow("auto commit") << "enable.auto.commit"
                                     << "Redrive sets it itself";
        QTest::newRow("topic creation") << "allow.auto.create.topics"
                                        << "Redrive sets it itself";
        QTest::newRow("mock") << "test.mock.num.brokers"
                              << "mock";
        QTest::newRow("unknown") << "no.such.property"
                                 << "not a property that Redrive knows";
        QTest::newRow("wrong case") << "SASL.Username"
                                    << "it is written sasl.username";
    }
    void whatLoadsCodeRunsACommandOrIsOursIsRefusedWithTheReason()
    {
        QFETCH(QString, key);
        QFETCH(QString, reason);
        const auto checked = checkProperty(key.toStdString(), "canary");
        QVERIFY(!checked);
        QCOMPARE(checked.error().kind, Error::Kind::Config);
        const auto said = QString::fromStdString(checked.error().message);
        QVERIFY2(said.contains(key), qPrintable(said));
        QVERIFY2(said.contains(reason), qPrintable(said));
        QVERIFY(!said.contains("canary"));
    }

    void valuesThatCannotBeAreRefused()
    {
        const std::vector<std::pair<std::string, std::string>> wrong{
            {"socket.timeout.ms", "9"},
            {"socket.timeout.ms", "300001"},
            {"socket.timeout.ms", "10s"},
            {"enable.ssl.certificate.verification", "f"},
            {"enable.ssl.certificate.verification", "FALSE"},
            {"ssl.endpoint.identification.algorithm", "off"},
            {"security.protocol", "TLS"},
            {"sasl.mechanism", "plain"},
            {"sasl.username", ""},
            {"sasl.username", "a\0b"s},
            {"sasl.username", "a\nb"},
            {"sasl.kerberos.principal", "x; rm -rf ~"},
            {"sasl.kerberos.keytab", "/tmp/$(id)"},
            {"sasl.oauthbearer.token.endpoint.url", "file:///etc/passwd"},
        };
        for (const auto &[key, value] : wrong) {
            const auto checked = checkProperty(key, value);
            QVERIFY2(!checked, (key + "=" + value).c_str());
            QCOMPARE(checked.error().code, "INVALID_VALUE"s);
        }
    }

    void noSecretIsEverRepeatedInARefusal()
    {
        for (const auto key : allowedProperties()) {
            if (!isSecret(key))
                continue;
            const auto checked = checkProperty(key, "canary\x01");
            QVERIFY(!checked);
            QVERIFY(checked.error().message.find("canary") == std::string::npos);
        }
    }

    void secretsAreKnownByName()
    {
        for (const char *key :
             {"sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password",
              "sasl.oauthbearer.client.secret", "sasl.oauthbearer.client.credentials.client.secret",
              "ssl.truststore.password", "sasl.jaas.config", "SASL.PASSWORD"})
            QVERIFY2(isSecret(key), key);
        for (const char *key : {"sasl.username", "ssl.certificate.pem", "ssl.ca.pem",
                                "sasl.oauthbearer.token.endpoint.url",
                                "sasl.oauthbearer.client.credentials.client.id", "client.id"})
            QVERIFY2(!isSecret(key), key);
    }

    void theListOfPropertiesIsSorted()
    {
        const auto &keys = allowedProperties();
        QVERIFY(std::is_sorted(keys.begin(), keys.end()));
        QVERIFY(keys.size() > 60);
    }

    void loopbackInPlainTextIsNoWeakness()
    {
        for (const char *bootstrap : {"localhost:9092", "127.0.0.1:1,[::1]:2", "kafka.localhost"}) {
            QVERIFY(weaknessesOf(bootstrap, {}).empty());
            QVERIFY(weaknessesOf(bootstrap, {{"security.protocol", "sasl_plaintext"},
                                             {"sasl.mechanism", "PLAIN"}})
                        .empty());
        }
    }

    void plainTextOverTheNetworkIsNamed()
    {
        QVERIFY(mentions(weaknessesOf("broker:9092", {}), "nothing is encrypted"));
        QVERIFY(mentions(weaknessesOf("localhost,10.0.0.1", {}), "nothing is encrypted"));
        QVERIFY(mentions(weaknessesOf("127.0.0.1.evil.example", {}), "nothing is encrypted"));
        QVERIFY(mentions(weaknessesOf("b", {{"security.protocol", "SASL_PLAINTEXT"},
                                            {"sasl.mechanism", "PLAIN"}}),
                         "the password crosses the network in clear"));
        const auto scram = weaknessesOf(
            "b", {{"security.protocol", "SASL_PLAINTEXT"}, {"sasl.mechanisms", "SCRAM-SHA-256"}});
        QCOMPARE(scram.size(), std::size_t{1});
        QVERIFY(!mentions(scram, "password"));
    }

    void anAddressMapDecidesWhereTheBytesGo()
    {
        QVERIFY(weaknessesOf("b:9092", {}, {{"b:9092", "127.0.0.1:19092"}}).empty());
        QVERIFY(!weaknessesOf("localhost:9092", {}, {{"b:9092", "10.0.0.1:9092"}}).empty());
    }

    void weakenedTlsIsNamed()
    {
        const auto tls = [](Properties more) {
            more["security.protocol"] = "SSL";
            return weaknessesOf("broker", std::move(more));
        };
        QVERIFY(tls({}).empty());
        QVERIFY(tls({{"enable.ssl.certificate.verification", "true"}}).empty());
        QVERIFY(mentions(tls({{"enable.ssl.certificate.verification", "false"}}),
                         "certificate is not checked"));
        QVERIFY(mentions(tls({{"enable.ssl.certificate.verification", "0"}}),
                         "certificate is not checked"));
        QVERIFY(mentions(tls({{"ssl.endpoint.identification.algorithm", "None"}}),
                         "name is not checked"));
        QVERIFY(mentions(tls({{"ssl.cipher.suites", "DEFAULT:eNULL"}}), "cipher"));
        QVERIFY(tls({{"ssl.cipher.suites", "HIGH:!aNULL:!LOW"}}).empty());
        QVERIFY(mentions(tls({{"enable.sasl.oauthbearer.unsecure.jwt", "true"}}), "not signed"));
        QVERIFY(
            mentions(tls({{"sasl.oauthbearer.token.endpoint.url", "http://idp/t"}}), "http://"));
        QVERIFY(tls({{"sasl.oauthbearer.token.endpoint.url", "http://localhost:8080/t"}}).empty());
    }
};

QTEST_APPLESS_MAIN(TestConnection)
#include "tst_connection.moc"
