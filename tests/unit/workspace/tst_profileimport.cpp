#include "core/workspace/profilestore.h"

#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::string_literals;

namespace {

using Properties = std::map<std::string, std::string>;

ImportedProfile import(const std::string &text)
{
    const auto imported = importProperties(text, "mine");
    return imported ? *imported : ImportedProfile{};
}

/// "2 security.protocol; 3 group.id"
std::string places(const ImportedProfile &imported)
{
    std::string out;
    for (const auto &problem : imported.problems)
        out += (out.empty() ? "" : "; ") + std::to_string(problem.line) + " " + problem.key;
    return out;
}

bool mentions(const ImportedProfile &imported, const std::string &what)
{
    return std::any_of(
        imported.problems.begin(), imported.problems.end(),
        [&](const auto &problem) { return problem.message.find(what) != std::string::npos; });
}

std::string keptIn(const std::string &property)
{
    return "keychain:redrive/mine/" + property;
}

} // namespace

class TestProfileImport : public QObject
{
    Q_OBJECT
private slots:
    void javasClientPropertiesAreTranslated()
    {
        const auto imported = import(
            "# from the wiki\n"
            "! also a comment\n"
            "bootstrap.servers : b1:9093,\\\n"
            "                    b2:9093\n"
            "security.protocol=SASL_SSL\n"
            "sasl.mechanism   SCRAM-SHA-512\n"
            "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\n"
            "    username=\"ann\" \\\n"
            "    password=\"ca\\\\\"nary;\";\n"
            "ssl.truststore.type=PEM\n"
            "ssl.truststore.location=/etc/ca.pem\n"
            "ssl.keystore.type=PEM\n"
            "ssl.keystore.location=/etc/me.pem\n"
            "ssl.key.password=pass\\u00e4word\n");
        QCOMPARE(places(imported), ""s);
        QCOMPARE(imported.profile.name, "mine"s);
        QCOMPARE(imported.profile.bootstrap, "b1:9093,b2:9093"s);
        const Properties wanted{{"security.protocol", "SASL_SSL"},
                                {"sasl.mechanism", "SCRAM-SHA-512"},
                                {"sasl.username", "ann"},
                                {"sasl.password", keptIn("sasl.password")},
                                {"ssl.ca.location", "/etc/ca.pem"},
                                {"ssl.certificate.location", "/etc/me.pem"},
                                {"ssl.key.location", "/etc/me.pem"},
                                {"ssl.key.password", keptIn("ssl.key.password")}};
        QVERIFY(imported.profile.properties == wanted);
        QCOMPARE(imported.secrets.size(), std::size_t{2});
        QCOMPARE(imported.secrets.at("sasl.password").value, "ca\"nary;"s);
        QCOMPARE(imported.secrets.at("ssl.key.password").value, "passäword"s);
    }

    void kcatsConfigurationIsTakenLiterally()
    {
        const auto imported = import("# kcat.conf\n"
                                     "metadata.broker.list = b1:9092\r\n"
                                     "security.protocol=sasl_ssl\n"
                                     "sasl.mechanisms=PLAIN\n"
                                     "  sasl.username = ann\n"
                                     "sasl.password = a\\tb=c#d\n");
        QCOMPARE(places(imported), ""s);
        QCOMPARE(imported.profile.bootstrap, "b1:9092"s);
        QCOMPARE(imported.profile.properties.at("sasl.username"), "ann"s);
        QCOMPARE(imported.secrets.at("sasl.password").value, "a\\tb=c#d"s);
    }

    void kcatsArgumentsAreTaken()
    {
        const auto imported = import("kcat -b b1:9092,b2 -X security.protocol=SASL_SSL \\\n"
                                     "  -X sasl.mechanisms=PLAIN -X 'sasl.username=ann x' \\\n"
                                     "-Xsasl.password=canary\n");
        QCOMPARE(places(imported), ""s);
        QCOMPARE(imported.profile.bootstrap, "b1:9092,b2"s);
        QCOMPARE(imported.profile.properties.at("sasl.mechanisms"), "PLAIN"s);
        QCOMPARE(imported.profile.properties.at("sasl.username"), "ann x"s);
        QCOMPARE(imported.secrets.at("sasl.password").value, "canary"s);
    }

    void aLoginModuleThatIsNotKafkasIsRefusedByName()
    {
        const auto imported =
            import("bootstrap.servers=b\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n"
                   "sasl.jaas.config=com.sun.security.auth.module.JndiLoginModule required "
                   "user.provider.url=\"ldap://evil/x\" password=\"canary\";\n");
        QCOMPARE(places(imported), "4 sasl.jaas.config"s);
        QVERIFY(mentions(imported, "com.sun.security.auth.module.JndiLoginModule"));
        QVERIFY(!mentions(imported, "evil"));
        QVERIFY(!mentions(imported, "canary"));
        QVERIFY(imported.secrets.empty());
    }

    void onlyOneWellFormedLoginModuleIsTaken()
    {
        const std::string plain =
            "org.apache.kafka.common.security.plain.PlainLoginModule required ";
        for (const std::string &jaas :
             {"username=\"a\" password=\"canary\";"s, plain + "username=\"a\" password=\"canary\"",
              plain + "username=\"a;", plain + "password=\"canary\"; " + plain + ";", ""s,
              "org.apache.kafka.common.security.plain.PlainLoginModule"s}) {
            const auto imported = import("bootstrap.servers=b\nsasl.jaas.config=" + jaas + "\n");
            QVERIFY2(places(imported) == "2 sasl.jaas.config", jaas.c_str());
            QVERIFY2(imported.secrets.empty(), jaas.c_str());
            QVERIFY(!mentions(imported, "canary"));
        }
        const auto lookalike =
            import("bootstrap.servers=b\nsasl.jaas.config=evil." + plain + "username=\"a\";\n");
        QVERIFY(mentions(lookalike, "is refused"));
    }

    void oauthIsTranslated()
    {
        const auto imported = import(
            "bootstrap.servers=b\nsecurity.protocol=SASL_SSL\nsasl.mechanism=OAUTHBEARER\n"
            "sasl.oauthbearer.token.endpoint.url=https://idp/token\n"
            "sasl.login.callback.handler.class=org.apache.kafka.X\n"
            "sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule "
            "required clientId=\"me\" clientSecret=\"canary\" scope=\"kafka\" "
            "extension_logicalCluster=\"lkc\";\n");
        QCOMPARE(places(imported), "5 sasl.login.callback.handler.class"s);
        const auto &properties = imported.profile.properties;
        QCOMPARE(properties.at("sasl.oauthbearer.method"), "oidc"s);
        QCOMPARE(properties.at("sasl.oauthbearer.client.id"), "me"s);
        QCOMPARE(properties.at("sasl.oauthbearer.scope"), "kafka"s);
        QCOMPARE(properties.at("sasl.oauthbearer.extensions"), "logicalCluster=lkc"s);
        QCOMPARE(imported.secrets.at("sasl.oauthbearer.client.secret").value, "canary"s);
    }

    void storesThatOnlyJavaReadsAreRefusedWithWhatToDo()
    {
        const auto jks = import("bootstrap.servers=b\nsecurity.protocol=SSL\n"
                                "ssl.truststore.location=/a.jks\nssl.truststore.password=canary\n"
                                "ssl.keystore.location=/b.jks\nssl.keystore.password=canary\n"
                                "ssl.key.password=canary\n");
        QCOMPARE(places(jks), "3 ssl.truststore.location; 4 ssl.truststore.password; 5 "
                              "ssl.keystore.location; 6 ssl.keystore.password; 7 "
                              "ssl.key.password"s);
        QVERIFY(mentions(jks, "ssl.ca.location"));
        QVERIFY(mentions(jks, "keytool"));
        QVERIFY(jks.secrets.empty());
        const auto pkcs12 = import("bootstrap.servers=b\nssl.keystore.type=PKCS12\n"
                                   "ssl.keystore.location=/b.p12\nssl.keystore.password=canary\n");
        QCOMPARE(places(pkcs12), ""s);
        QCOMPARE(pkcs12.profile.properties.at("ssl.keystore.location"), "/b.p12"s);
        QCOMPARE(pkcs12.secrets.at("ssl.keystore.password").value, "canary"s);
    }

    void nothingThatIsLeftOutIsLeftOutSilently_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("named");
        QTest::newRow("password of a trust store in PEM")
            << "ssl.truststore.type=PEM\nssl.truststore.location=/a\nssl.truststore.password=x\n"
            << "4 ssl.truststore.password";
        QTest::newRow("a trust store beside certificates")
            << "ssl.truststore.type=PEM\nssl.truststore.location=/a\n"
               "ssl.truststore.certificates=b\n"
            << "3 ssl.truststore.location";
        QTest::newRow("password of a key store in PEM")
            << "ssl.keystore.type=PEM\nssl.keystore.location=/a\nssl.keystore.password=x\n"
            << "4 ssl.keystore.password";
        QTest::newRow("password without a key store")
            << "ssl.truststore.type=PEM\nssl.keystore.password=x\n"
            << "3 ssl.keystore.password";
        QTest::newRow("a second password of PKCS12")
            << "ssl.keystore.type=PKCS12\nssl.keystore.location=/a\nssl.keystore.password=x\n"
               "ssl.key.password=y\n"
            << "5 ssl.key.password";
    }
    void nothingThatIsLeftOutIsLeftOutSilently()
    {
        QFETCH(QString, text);
        QFETCH(QString, named);
        QCOMPARE(
            QString::fromStdString(places(import("bootstrap.servers=b\n" + text.toStdString()))),
            named);
    }

    void aSecretThatWasFoundHasItsLine()
    {
        const auto imported = import("bootstrap.servers=b\nssl.truststore.type=PEM\n"
                                     "ssl.key.password=canary\n");
        QCOMPARE(imported.secrets.at("ssl.key.password").line, 3);
    }

    void certificatesInTheFileAreTaken()
    {
        const auto imported = import(
            "bootstrap.servers=b\nssl.truststore.type=PEM\n"
            "ssl.truststore.certificates=-----BEGIN CERTIFICATE-----\\nabc\\n-----END "
            "CERTIFICATE-----\nssl.keystore.key=-----BEGIN PRIVATE KEY-----\\ncanary\\n-----END\n"
            "ssl.keystore.certificate.chain=-----BEGIN CERTIFICATE-----\\nx\\n-----END\n");
        QCOMPARE(places(imported), ""s);
        QVERIFY(imported.profile.properties.at("ssl.ca.pem").find("\nabc\n") != std::string::npos);
        QCOMPARE(imported.profile.properties.at("ssl.key.pem"), keptIn("ssl.key.pem"));
        QVERIFY(imported.secrets.at("ssl.key.pem").value.find("canary") != std::string::npos);
    }

    void weakenedTlsIsKeptAndSaidLoudly()
    {
        const auto java = import("bootstrap.servers=b\nsecurity.protocol=SSL\n"
                                 "ssl.endpoint.identification.algorithm=\n");
        QCOMPARE(places(java), "3 ssl.endpoint.identification.algorithm"s);
        QVERIFY(mentions(java, "WEAKENS"));
        QCOMPARE(java.profile.properties.at("ssl.endpoint.identification.algorithm"), "none"s);
        const auto kcat = import("metadata.broker.list=b\nsecurity.protocol=ssl\n"
                                 "enable.ssl.certificate.verification=false\n"
                                 "enable.sasl.oauthbearer.unsecure.jwt=true\n");
        QCOMPARE(places(kcat), "3 enable.ssl.certificate.verification; "
                               "4 enable.sasl.oauthbearer.unsecure.jwt"s);
        QVERIFY(mentions(kcat, "WEAKENS"));
    }

    void whatRunsCodeOrIsOfNoUseIsNamed()
    {
        const auto java = import("bootstrap.servers=b\n"
                                 "key.deserializer=org.apache.X\n"
                                 "interceptor.classes=evil.X\n"
                                 "group.id=g\n"
                                 "max.poll.records=5\n"
                                 "ssl.engine.factory.class=evil.Y\n"
                                 "plugin.library.paths=/tmp/x.so\n"
                                 "request.timeout.ms=20000\n");
        QCOMPARE(places(java), "2 key.deserializer; 3 interceptor.classes; 4 group.id; "
                               "5 max.poll.records; 6 ssl.engine.factory.class; "
                               "7 plugin.library.paths"s);
        QVERIFY(mentions(java, "loads code"));
        QVERIFY((java.profile.properties == Properties{{"request.timeout.ms", "20000"}}));
        QVERIFY(java.profile.refused.empty());
    }

    void whatWasMeantToSecureAndCannotBeTakenKeepsItFromConnecting()
    {
        for (const char *line : {"security.protocol=TLS", "sasl.mechanism=AWS_MSK_IAM"}) {
            const auto imported = import("bootstrap.servers=b\n"s + line + "\n");
            QVERIFY2(!imported.profile.refused.empty(), line);
            QVERIFY2(!resolve(imported.profile), line);
        }
        QVERIFY(!import("metadata.broker.list=b\nsecurity.protcol=ssl\n").profile.refused.empty());
    }

    void aFileFromElsewhereDoesNotPickSecretsOfThisMachine()
    {
        const auto imported = import("metadata.broker.list=b\nsasl.username=env:HOME\n"
                                     "sasl.password=keychain:redrive/prod/sasl.password\n"
                                     "ssl.key.password=env:KEY_PASSWORD\n");
        QCOMPARE(places(imported), "2 sasl.username; 3 sasl.password; 4 ssl.key.password"s);
        QVERIFY(
            (imported.profile.properties == Properties{{"ssl.key.password", "env:KEY_PASSWORD"}}));
        QVERIFY(mentions(imported, "KEY_PASSWORD"));
    }

    void aPlaceholderIsNoSecret()
    {
        const auto imported =
            import("bootstrap.servers=b\nssl.truststore.type=PEM\nssl.key.password=${file:/a:b}\n");
        QCOMPARE(places(imported), "3 ssl.key.password"s);
        QVERIFY(imported.secrets.empty());
    }

    void withoutServersItIsAProfileThatLacksThem()
    {
        const auto imported = import("security.protocol=SSL\n");
        QCOMPARE(places(imported), "0 bootstrap.servers"s);
        QVERIFY(imported.profile.bootstrap.empty());
        QCOMPARE(import("bootstrap.servers=b:0\nclient.id=x\n").problems.back().line, 1);
    }

    void whatIsNoPropertiesFileIsRefused()
    {
        QVERIFY(!importProperties("\xfe\xed\xfe\xed\0\0\0\2"s, "mine"));
        QVERIFY(!importProperties("", "mine"));
        QVERIFY(!importProperties("bootstrap.servers=b\n", "no/name"));
        QVERIFY(!importProperties(std::string((1U << 20U) + 1, 'a'), "mine"));
    }

    void latin1IsRead()
    {
        const auto imported = import("bootstrap.servers=b\nssl.truststore.type=PEM\n"
                                     "ssl.key.password=p\xe4ss\n");
        QCOMPARE(imported.secrets.at("ssl.key.password").value, "päss"s);
    }

    void noSecretIsRepeatedInAProblemAndNoTextMakesItCrash()
    {
        const std::string text =
            "bootstrap.servers=b\nsasl.jaas.config=org.apache.kafka.common.security.plain."
            "PlainLoginModule required username=\"u\" password=\"canary\";\nssl.key.password=canary"
            "\nssl.truststore.password=canary\n-X sasl.password=canary\n";
        for (std::size_t cut = 0; cut < text.size(); ++cut) {
            for (const auto &part : {text.substr(0, cut), text.substr(cut),
                                     text.substr(0, cut) + "\\" + text.substr(cut),
                                     text.substr(0, cut) + "\n-" + text.substr(cut)}) {
                const auto imported = import(part);
                if (part.find("canary") != std::string::npos)
                    QVERIFY2(!mentions(imported, "canary"), part.c_str());
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestProfileImport)
#include "tst_profileimport.moc"
