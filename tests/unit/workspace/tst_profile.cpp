#include "core/workspace/profile.h"

#include <QTest>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::string_literals;

namespace {

Profile secured()
{
    return {.name = "prod",
            .bootstrap = "SASL_SSL://broker:9093,[::1]",
            .properties = {{"security.protocol", "SASL_SSL"},
                           {"sasl.mechanism", "PLAIN"},
                           {"sasl.username", "me"},
                           {"sasl.password", "env:REDRIVE_TEST_SECRET"}},
            .addressMap = {{"broker:9093", "127.0.0.1:19093"}},
            .mode = {},
            .production = false};
}

bool says(const Error &error, const std::string &what)
{
    return describe(error).find(what) != std::string::npos;
}

} // namespace

class TestProfile : public QObject
{
    Q_OBJECT
private slots:
    void init() { qunsetenv("REDRIVE_TEST_SECRET"); }

    void referencesBecomeWhatTheyReferTo()
    {
        qputenv("REDRIVE_TEST_SECRET", "canary");
        auto profile = secured();
        profile.properties["ssl.key.password"] = "keychain:redrive/prod/ssl.key.password";
        std::string asked;
        const auto settings = resolve(profile, [&](const std::string &key) -> Result<std::string> {
            asked = key;
            return "from the keychain"s;
        });
        QVERIFY(settings);
        QCOMPARE(asked, "redrive/prod/ssl.key.password"s);
        QCOMPARE(settings->properties.at("sasl.password"), "canary"s);
        QCOMPARE(settings->properties.at("ssl.key.password"), "from the keychain"s);
        QCOMPARE(settings->properties.at("sasl.username"), "me"s);
        QCOMPARE(settings->bootstrap, "broker:9093,[::1]:9092"s);
        QCOMPARE(settings->addressMap, profile.addressMap);
    }

    void aReferenceThatLeadsNowhereIsNamed()
    {
        const auto settings = resolve(secured());
        QVERIFY(!settings);
        QVERIFY(says(settings.error(), "sasl.password"));
        QVERIFY(says(settings.error(), "REDRIVE_TEST_SECRET"));
        QVERIFY(says(settings.error(), "prod"));
        QCOMPARE(settings.error().kind, Error::Kind::Config);
        qputenv("REDRIVE_TEST_SECRET", "");
        QVERIFY(says(resolve(secured()).error(), "is empty"));
    }

    void aKeychainThatCannotBeReadIsSaid()
    {
        auto profile = secured();
        profile.properties["sasl.password"] = "keychain:redrive/prod/sasl.password";
        QVERIFY(says(resolve(profile).error(), "env:NAME"));
        const auto locked = resolve(profile, [](const std::string &) -> Result<std::string> {
            Error error;
            error.message = "the keychain is locked";
            return error;
        });
        QVERIFY(says(locked.error(), "the keychain is locked"));
        const auto nothing =
            resolve(profile, [](const std::string &) -> Result<std::string> { return ""s; });
        QVERIFY(!nothing);
    }

    void aLiteralSecretIsRefusedAndNotRepeated()
    {
        auto profile = secured();
        profile.properties["sasl.password"] = "canary";
        const auto settings = resolve(profile);
        QVERIFY(!settings);
        QVERIFY(says(settings.error(), "sasl.password"));
        QVERIFY(!says(settings.error(), "canary"));
    }

    void aValueThatComesByReferenceIsCheckedAndNotRepeated()
    {
        qputenv("REDRIVE_TEST_SECRET", "canary");
        auto profile = secured();
        profile.properties["security.protocol"] = "env:REDRIVE_TEST_SECRET";
        const auto settings = resolve(profile);
        QVERIFY(!settings);
        QVERIFY(says(settings.error(), "security.protocol"));
        QVERIFY(!says(settings.error(), "canary"));
    }

    void aProfileThatLostASecurityPropertyDoesNotConnect()
    {
        auto profile = secured();
        profile.properties.clear();
        profile.refused = {{.line = 4, .key = "security.protocol", .message = "must be a text"}};
        const auto settings = resolve(profile);
        QVERIFY(!settings);
        QVERIFY(says(settings.error(), "line 4"));
        QVERIFY(says(settings.error(), "security.protocol"));
    }

    void saslWithoutAMechanismAsksForOne()
    {
        auto profile = secured();
        qputenv("REDRIVE_TEST_SECRET", "canary");
        profile.properties.erase("sasl.mechanism");
        const auto settings = resolve(profile);
        QVERIFY(!settings);
        QCOMPARE(settings.error().code, "MECHANISM_MISSING"s);
        QVERIFY(says(settings.error(), "give sasl.mechanism"));
        profile.properties["sasl.mechanisms"] = "PLAIN";
        QVERIFY(resolve(profile));
        profile.properties = {{"security.protocol", "SSL"}};
        QVERIFY(resolve(profile));
    }

    void propertiesThatAreNotAllowedDoNotGetThrough()
    {
        auto profile = secured();
        profile.properties = {{"plugin.library.paths", "/tmp/x.so"}};
        QVERIFY(says(resolve(profile).error(), "plugin.library.paths"));
    }

    void argumentsMakeANamelessProfile()
    {
        const auto profile =
            profileFromArguments("a:1,b", {"security.protocol=SSL", "sasl.password=env:X",
                                           "ssl.ca.location=/a=b", "client.id=x", "client.id=y"});
        QVERIFY(profile);
        QCOMPARE(profile->bootstrap, "a:1,b"s);
        QCOMPARE(profile->properties.at("ssl.ca.location"), "/a=b"s);
        QCOMPARE(profile->properties.at("client.id"), "y"s);
        QVERIFY(profile->name.empty());
    }

    void wrongArgumentsAreUsageErrorsThatRepeatNoSecret()
    {
        for (const char *argument :
             {"sasl.password=canary", "ssl.key.pem=canary", "sasl.password:canary", "=canary",
              "sasl.password=env:not a canary", "sasl.password=keychain:", "no.such.key=canary",
              "plugin.library.paths=canary", "ssl.truststore.password=canary"}) {
            const auto profile = profileFromArguments("localhost", {argument});
            QVERIFY2(!profile, argument);
            QCOMPARE(profile.error().kind, Error::Kind::Usage);
            QVERIFY2(!says(profile.error(), "canary"), argument);
        }
        QCOMPARE(profileFromArguments("a:0", {}).error().kind, Error::Kind::Usage);
        QCOMPARE(profileFromArguments("", {}).error().kind, Error::Kind::Usage);
    }
};

QTEST_APPLESS_MAIN(TestProfile)
#include "tst_profile.moc"
