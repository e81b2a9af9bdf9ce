#include "core/workspace/profilestore.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::string_literals;

namespace {

const Profile *find(const LoadedProfiles &loaded, const std::string &name)
{
    const auto found = std::find_if(loaded.profiles.begin(), loaded.profiles.end(),
                                    [&](const auto &profile) { return profile.name == name; });
    return found == loaded.profiles.end() ? nullptr : &*found;
}

/// "4 sasl.password; 9 mode": where the problems are.
std::string places(const LoadedProfiles &loaded)
{
    std::string out;
    for (const auto &problem : loaded.problems)
        out += (out.empty() ? "" : "; ") + std::to_string(problem.line) + " " + problem.key;
    return out;
}

bool mentions(const LoadedProfiles &loaded, const std::string &what)
{
    return std::any_of(loaded.problems.begin(), loaded.problems.end(), [&](const auto &problem) {
        return problem.message.find(what) != std::string::npos;
    });
}

} // namespace

class TestProfileParse : public QObject
{
    Q_OBJECT
private slots:
    void profilesComeInTheOrderOfTheFile()
    {
        const auto loaded = parseProfiles(R"(# mine
[profiles.zeta]
bootstrap = "z:1"
mode = "confirm"
production = true
address-map = ["b-0.svc:9092=127.0.0.1:19092"]
properties = { "security.protocol" = "SSL", "socket.timeout.ms" = 5000 }

[profiles."my cluster"]
bootstrap = "m:1,n:2"
[profiles."my cluster".properties]
"sasl.password" = "env:SECRET"
enable.ssl.certificate.verification = false
client.id = "c"
)");
        QCOMPARE(places(loaded), ""s);
        QCOMPARE(loaded.profiles.size(), std::size_t{2});
        const auto &zeta = loaded.profiles[0];
        QCOMPARE(zeta.name, "zeta"s);
        QCOMPARE(zeta.mode, std::optional(kafka::AccessMode::Confirm));
        QVERIFY(zeta.production);
        QCOMPARE(zeta.addressMap.front().target, "127.0.0.1:19092"s);
        QCOMPARE(zeta.properties.at("socket.timeout.ms"), "5000"s);
        const auto &mine = loaded.profiles[1];
        QCOMPARE(mine.name, "my cluster"s);
        QCOMPARE(mine.properties.at("enable.ssl.certificate.verification"), "false"s);
        QCOMPARE(mine.properties.at("client.id"), "c"s);
        QVERIFY(!mine.mode);
    }

    void anEmptyTextHasNoProfilesAndNoProblems()
    {
        QVERIFY(parseProfiles("").problems.empty());
        QVERIFY(parseProfiles("# nothing yet\n").profiles.empty());
        QVERIFY(parseProfiles("[profiles]\n").problems.empty());
    }

    void aSyntaxErrorCostsTheTableItIsIn()
    {
        const auto loaded = parseProfiles("[profiles.a]\n"
                                          "bootstrap = \"a:1\"\n"
                                          "\n"
                                          "[profiles.broken]\n"
                                          "bootstrap = \"b:1\n"
                                          "mode = \"free\"\n"
                                          "\n"
                                          "[profiles.c]\n"
                                          "bootstrap = \"c:1\"\n");
        QCOMPARE(places(loaded), "5 bootstrap"s);
        QVERIFY(mentions(loaded, "syntax error"));
        QCOMPARE(loaded.problems.front().profile, "broken"s);
        QVERIFY(find(loaded, "a") != nullptr);
        QVERIFY(find(loaded, "broken") == nullptr);
        QVERIFY(find(loaded, "c") != nullptr);
    }

    void aStringOrListThatNeverEndsCostsOnlyItsTable()
    {
        for (const char *open :
             {"x = \"\"\"", "x = [\"a\",", "x = '''\n[no", "address-map = [ [", "x = { a = 1,"}) {
            const auto loaded = parseProfiles("[profiles.a]\nbootstrap = \"a\"\n"s + open +
                                              "\n[profiles.b]\nbootstrap = \"b\"\n");
            QVERIFY2(find(loaded, "b") != nullptr, open);
            QVERIFY2(find(loaded, "a") == nullptr, open);
            QVERIFY2(loaded.problems.size() == 1, open);
        }
    }

    void aBrokenPropertiesTableKeepsItsProfileFromConnecting()
    {
        const auto loaded = parseProfiles(R"([profiles.a]
bootstrap = "a:1"
[profiles.a.properties]
"security.protocol" = SASL_SSL
)");
        QVERIFY(find(loaded, "a") != nullptr);
        QVERIFY(!find(loaded, "a")->refused.empty());
        QVERIFY(!resolve(*find(loaded, "a")));
    }

    void aHeaderThatIsNoneCostsOnlyItself()
    {
        for (const char *header :
             {"[=]", "[ %", "[[", "[]", "[profiles.]", "[profiles", "[\"\"\"a\"\"\"]"}) {
            const auto loaded = parseProfiles("[profiles.a]\nbootstrap = \"a\"\n"s + header +
                                              "\n[profiles.b]\nbootstrap = \"b\"\n");
            QVERIFY2(loaded.profiles.size() == 2, header);
            QVERIFY2(loaded.problems.size() == 1, header);
            QVERIFY2(loaded.problems.front().line == 3, header);
        }
    }

    void brokenBytesCostOnlyTheirTable()
    {
        const auto loaded = parseProfiles("[profiles.a]\nbootstrap = \"a\xff\"\n"
                                          "[profiles.b]\nbootstrap = \"b\"\n");
        QCOMPARE(loaded.profiles.size(), std::size_t{1});
        QCOMPARE(loaded.problems.size(), std::size_t{1});
    }

    void aSecondTableOfTheSameNameIsNotMixedIntoTheFirst()
    {
        const auto loaded = parseProfiles(R"([profiles.a]
bootstrap = "first:1"
[profiles.b]
bootstrap = "b:1"
[profiles.a]
bootstrap = "second:1"
[profiles.a.properties]
"client.id" = "of the second"
)");
        QCOMPARE(find(loaded, "a")->bootstrap, "first:1"s);
        QVERIFY(find(loaded, "a")->properties.empty());
        QVERIFY(find(loaded, "b") != nullptr);
        QVERIFY(mentions(loaded, "twice"));
        QCOMPARE(loaded.problems.front().line, 5);
    }

    void aKeyThatIsThereTwiceCostsItsTable()
    {
        const auto loaded =
            parseProfiles("[profiles.a]\nbootstrap = \"a\"\nmode = \"free\"\n"
                          "mode = \"read-only\"\n[profiles.b]\nbootstrap = \"b\"\n");
        QCOMPARE(places(loaded), "4 mode"s);
        QVERIFY(find(loaded, "a") == nullptr);
        QVERIFY(find(loaded, "b") != nullptr);
    }

    void whatIsUnknownWrongOrRefusedIsNamedByLineAndKey()
    {
        const auto loaded = parseProfiles(R"([profiles.a]
bootstrap = "a:1"
colour = "red"
mode = "careful"
[profiles.a.properties]
"plugin.library.paths" = "/tmp/x.so"
"socket.timeout.ms" = "soon"
"client.id" = 1.5
"no.such.property" = "x"
[settings]
theme = "dark"
)");
        QCOMPARE(places(loaded), "3 colour; 4 mode; 6 plugin.library.paths; 7 socket.timeout.ms; "
                                 "8 client.id; 9 no.such.property; 10 settings"s);
        const auto *profile = find(loaded, "a");
        QVERIFY(profile != nullptr);
        QVERIFY(profile->properties.empty());
        QCOMPARE(profile->mode, std::optional(kafka::AccessMode::ReadOnly));
        QVERIFY(profile->refused.empty());
        QVERIFY(resolve(*profile));
    }

    void aLiteralSecretIsNamedByLineAndKeyAndItsValueNever()
    {
        const auto loaded = parseProfiles(R"([profiles.a]
bootstrap = "a:1"
properties = { "sasl.password" = "canary", "client.id" = "c" }
[profiles.b]
bootstrap = "b:1"
sasl.password = "canary"
[profiles.c]
bootstrap = "c:1"
[profiles.c.properties]
"ssl.key.password" = canary
[profiles.d]
bootstrap = "d:1"
[profiles.d.properties]
"sasl.password" = 99999999999999999999
"sasl.password" = 'canary'
)");
        for (const auto &problem : loaded.problems) {
            QVERIFY(problem.message.find("canary") == std::string::npos);
            QVERIFY(problem.message.find("9999") == std::string::npos);
        }
        QCOMPARE(places(loaded), "3 sasl.password; 6 sasl.password; 10 ssl.key.password; "
                                 "14 sasl.password"s);
        for (const char *name : {"a", "b", "c", "d"}) {
            QVERIFY2(find(loaded, name) != nullptr, name);
            QVERIFY2(!find(loaded, name)->refused.empty(), name);
            QVERIFY2(!resolve(*find(loaded, name)), name);
        }
        QCOMPARE(find(loaded, "a")->properties.at("client.id"), "c"s);
    }

    void aProfileThatLostWhatSecuresItIsListedButNeverConnects_data()
    {
        QTest::addColumn<QString>("line");
        QTest::newRow("wrong value") << R"(properties = { "security.protocol" = "TLS" })";
        QTest::newRow("wrong type") << R"(properties = { "security.protocol" = ["SSL"] })";
        QTest::newRow("misspelt") << R"(properties = { "security.protocl" = "SSL" })";
        QTest::newRow("misspelt value") << R"(properties = { "sasl.mechanism" = "SCRAM" })";
        QTest::newRow("outside properties") << R"("security.protocol" = "SSL")";
        QTest::newRow("dotted, outside properties") << R"(security.protocol = "SSL")";
        QTest::newRow("properties are no table") << R"(properties = "security.protocol=SSL")";
        QTest::newRow("bad address map") << R"(address-map = ["b:9092"])";
        QTest::newRow("address map is no list") << R"(address-map = "b:1=c:1")";
    }
    void aProfileThatLostWhatSecuresItIsListedButNeverConnects()
    {
        QFETCH(QString, line);
        const auto loaded =
            parseProfiles("[profiles.a]\nbootstrap = \"a:1\"\n" + line.toStdString() + "\n");
        QCOMPARE(loaded.profiles.size(), std::size_t{1});
        QCOMPARE(loaded.problems.size(), std::size_t{1});
        QCOMPARE(loaded.problems.front().line, 3);
        const auto settings = resolve(loaded.profiles.front());
        QVERIFY(!settings);
        QVERIFY(settings.error().message.find("line 3") != std::string::npos);
    }

    void productionIsNeverFree()
    {
        const auto loaded = parseProfiles("[profiles.a]\nbootstrap = \"a\"\nmode = \"free\"\n"
                                          "production = true\n");
        QCOMPARE(places(loaded), "3 mode"s);
        QCOMPARE(loaded.profiles.front().mode, std::optional(kafka::AccessMode::ReadOnly));
    }

    void aDoubtfulProductionMarkCountsAsSet()
    {
        const auto loaded =
            parseProfiles("[profiles.a]\nbootstrap = \"a\"\nproduction = \"yes\"\n");
        QCOMPARE(places(loaded), "3 production"s);
        QVERIFY(loaded.profiles.front().production);
    }

    void whatCannotBeUsedAtAllIsLeftOutWithTheReason()
    {
        const auto loaded = parseProfiles(R"([profiles.a]
mode = "free"
[profiles.b]
bootstrap = "b:0"
[profiles."c/d"]
bootstrap = "c:1"
[profiles.e]
bootstrap = ["e:1"]
[profiles.good]
bootstrap = "g:1"
)");
        QCOMPARE(places(loaded), "1 bootstrap; 4 bootstrap; 5 profiles.c/d; 8 bootstrap"s);
        QCOMPARE(loaded.profiles.size(), std::size_t{1});
    }

    void whatIsWrittenIsReadBack()
    {
        Profile profile{.name = "a.b ü",
                        .bootstrap = "a:1,b:2",
                        .properties = {{"client.id", "quote \" back \\ slash"},
                                       {"ssl.ca.pem", "-----BEGIN\nx\n-----END\n"},
                                       {"sasl.password", "env:X"}},
                        .addressMap = {{"a:1", "127.0.0.1:2"}, {"b:2", "[::1]:3"}},
                        .mode = kafka::AccessMode::Confirm,
                        .production = true};
        const auto loaded = parseProfiles(toToml(profile));
        QCOMPARE(places(loaded), ""s);
        QVERIFY(loaded.profiles == std::vector{profile});
        profile = {.name = "x", .bootstrap = "x", .properties = {}, .addressMap = {}, .mode = {}};
        QVERIFY(parseProfiles(toToml(profile)).profiles == std::vector{profile});
    }

    void theSampleThatShipsHasNoProblems()
    {
        QFile sample(REDRIVE_SOURCE_DIR "/resources/profiles.example.toml");
        QVERIFY(sample.open(QIODevice::ReadOnly));
        const auto loaded = parseProfiles(sample.readAll().toStdString());
        QCOMPARE(places(loaded), ""s);
        QVERIFY(loaded.profiles.size() >= 3);
    }

    void namesAreShortAndVisible()
    {
        for (const char *name : {"a", "prod-eu_1.x", "my cluster", "Büro", "客户"})
            QVERIFY2(checkProfileName(name), name);
        for (const std::string &name : {""s, " a"s, "a "s, "a/b"s, "a\nb"s, "a\0"s, "a\xff"s,
                                        "a\u202eb"s, "a\"b"s, std::string(65, 'a')})
            QVERIFY2(!checkProfileName(name), name.c_str());
        QVERIFY(checkProfileName(std::string(64, 'a')));
    }

    void noTextMakesItCrashOrHang()
    {
        const std::string text = "[profiles.a]\nbootstrap = \"a:1\"\naddress-map = [\"a=b\"]\n"
                                 "[profiles.a.properties]\n\"sasl.password\" = '''x'''\n"
                                 "[[profiles.b]]\n[profiles]\nc = { bootstrap = \"c\" }\n";
        for (std::size_t cut = 0; cut < text.size(); ++cut) {
            static_cast<void>(parseProfiles(text.substr(cut)));
            static_cast<void>(parseProfiles(text.substr(0, cut)));
            static_cast<void>(parseProfiles(text.substr(0, cut) + "\"" + text.substr(cut)));
            static_cast<void>(parseProfiles(text.substr(0, cut) + "[" + text.substr(cut)));
        }
        static_cast<void>(parseProfiles(std::string(200'000, '[')));
    }
};

QTEST_APPLESS_MAIN(TestProfileParse)
#include "tst_profileparse.moc"
