#include "core/workspace/profilestore.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::string_literals;

namespace {

class Place
{
public:
    std::filesystem::path file() const { return directory() / "profiles.toml"; }
    std::filesystem::path directory() const
    {
        return std::filesystem::path(m_directory.path().toStdString()) / "redrive";
    }
    void write(const std::string &text) const
    {
        std::filesystem::create_directories(directory());
        QFile out(QString::fromStdString(file().string()));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(QByteArray::fromStdString(text));
    }
    std::string read() const
    {
        QFile in(QString::fromStdString(file().string()));
        return in.open(QIODevice::ReadOnly) ? in.readAll().toStdString() : "(no file)";
    }
    ProfileStore store() const { return ProfileStore(file()); }

private:
    QTemporaryDir m_directory;
};

Profile named(const std::string &name)
{
    return {.name = name,
            .bootstrap = "broker:9092",
            .properties = {{"client.id", "x"}},
            .addressMap = {},
            .mode = {}};
}

mode_t modeOf(const std::filesystem::path &path)
{
    struct stat about
    {
    };
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
}

const std::string handwritten = R"(# my clusters  
future-key = 1

# staging, ask Ann
[profiles.staging]   # trailing
bootstrap = "s:1"
unknown = "kept"

# production: careful
[profiles.prod]
bootstrap = "p:1"
address-map = [
    # a comment in a list
    "a:1=b:2",
]
# about the properties
[profiles.prod.properties]
"ssl.ca.pem" = """
[profiles.staging]
"""

[profiles.zzz]
bootstrap = "z:1"
)";

} // namespace

class TestProfileStore : public QObject
{
    Q_OBJECT
private slots:
    void aFileThatIsNotThereIsAnEmptyList()
    {
        const Place place;
        QVERIFY(place.store().load().profiles.empty());
        QVERIFY(place.store().load().problems.empty());
        QCOMPARE(place.store().find("a").error().code, "PROFILE_NOT_FOUND"s);
        QVERIFY(!std::filesystem::exists(place.directory()));
    }

    void theFirstProfileMakesAFileForTheOwnerAlone()
    {
        const Place place;
        QVERIFY(place.store().add(named("a")));
        QCOMPARE(modeOf(place.directory()), mode_t{0700});
        QCOMPARE(modeOf(place.file()), mode_t{0600});
        QVERIFY(*place.store().find("a") == named("a"));
    }

    void addingKeepsEveryByteThatWasThere()
    {
        const Place place;
        for (const std::string &before :
             {handwritten, "[profiles.a]\nbootstrap = \"a\""s, "# only a comment"s, "\r\n"s}) {
            place.write(before);
            QVERIFY(place.store().add(named("new one")));
            QCOMPARE(place.read().substr(0, before.size()), before);
            QVERIFY(*place.store().find("new one") == named("new one"));
        }
    }

    void addingAndRemovingLeavesTheFileAsItWas()
    {
        const Place place;
        place.write(handwritten);
        auto added = named("x");
        added.addressMap = {{"a:1", "b:2"}};
        QVERIFY(place.store().add(added));
        QVERIFY(place.store().remove("x"));
        QCOMPARE(place.read(), handwritten);
    }

    void removingCutsTheTablesLinesAndNoOthers()
    {
        const Place place;
        place.write(handwritten);
        QVERIFY(place.store().remove("prod"));
        QCOMPARE(place.read(), R"(# my clusters  
future-key = 1

# staging, ask Ann
[profiles.staging]   # trailing
bootstrap = "s:1"
unknown = "kept"

# production: careful
# about the properties

[profiles.zzz]
bootstrap = "z:1"
)"s);
        QVERIFY(place.store().find("staging"));
    }

    void replacingChangesOneTableInItsPlace()
    {
        const Place place;
        place.write(handwritten);
        QVERIFY(place.store().replace("staging", named("stage")));
        const auto text = place.read();
        QVERIFY(text.starts_with("# my clusters  \nfuture-key = 1\n\n# staging, ask Ann\n"
                                 "[profiles.stage]\n"));
        QVERIFY(text.ends_with(handwritten.substr(handwritten.find("\n# production"))));
        const auto loaded = place.store().load();
        QCOMPARE(loaded.profiles.size(), std::size_t{3});
        QVERIFY(loaded.profiles.front() == named("stage"));
        QCOMPARE(place.store().replace("stage", named("prod")).error().code, "PROFILE_EXISTS"s);
        QCOMPARE(place.store().replace("gone", named("gone")).error().code, "PROFILE_NOT_FOUND"s);
    }

    void aNameThatIsTakenIsRefused()
    {
        const Place place;
        place.write(handwritten);
        QCOMPARE(place.store().add(named("prod")).error().code, "PROFILE_EXISTS"s);
        QCOMPARE(place.store().remove("nobody").error().code, "PROFILE_NOT_FOUND"s);
        QCOMPARE(place.read(), handwritten);
    }

    void brokenTablesOfOthersStayAsTheyWere()
    {
        const Place place;
        const std::string broken = "[profiles.bad]\nbootstrap = \"b\nx = [\n\n[profiles.good]\n"
                                   "bootstrap = \"g:1\"\n";
        place.write(broken);
        QVERIFY(place.store().add(named("a")));
        QCOMPARE(place.read().substr(0, broken.size()), broken);
        QCOMPARE(place.store().add(named("bad")).error().code, "PROFILE_EXISTS"s);
        QCOMPARE(place.store().find("bad").error().code, "PROFILE_UNUSABLE"s);
        QVERIFY(place.store().remove("good"));
        QVERIFY(place.read().starts_with("[profiles.bad]\nbootstrap = \"b\nx = [\n"));
        QVERIFY(place.store().find("a"));
        QVERIFY(place.store().remove("bad"));
        QVERIFY(place.store().load().problems.empty());
        QVERIFY(place.store().find("a"));
    }

    void whatWouldChangeOthersIsRefusedAndTheFileStays()
    {
        const Place place;
        const std::string inlined = "profiles = { a = { bootstrap = \"a:1\" } }\n";
        place.write(inlined);
        QCOMPARE(place.store().add(named("b")).error().code, "PROFILES_UNSAFE_TO_CHANGE"s);
        QCOMPARE(place.store().add(named("a")).error().code, "PROFILE_EXISTS"s);
        QCOMPARE(place.store().remove("a").error().code, "PROFILES_UNSAFE_TO_CHANGE"s);
        QCOMPARE(place.read(), inlined);
    }

    void secretsAndHalfReadProfilesAreNeverWritten()
    {
        const Place place;
        auto profile = named("a");
        profile.properties["sasl.password"] = "canary";
        const auto refused = place.store().add(profile);
        QVERIFY(!refused);
        QVERIFY(describe(refused.error()).find("canary") == std::string::npos);

        profile = named("a");
        profile.refused = {{.line = 1, .key = "security.protocol", .message = "x"}};
        QCOMPARE(place.store().add(profile).error().code, "PROFILE_REFUSED"s);
        profile = named("a");
        profile.production = true;
        profile.mode = kafka::AccessMode::Free;
        QVERIFY(!place.store().add(profile));
        profile = named("a/b");
        QVERIFY(!place.store().add(profile));
        profile = named("a");
        profile.bootstrap.clear();
        QVERIFY(!place.store().add(profile));
        QVERIFY(!std::filesystem::exists(place.file()));
    }

    void aLinkStaysALink()
    {
        const Place place;
        const auto real = place.directory() / "dotfiles" / "p.toml";
        std::filesystem::create_directories(real.parent_path());
        std::filesystem::create_symlink("dotfiles/p.toml", place.file());
        QVERIFY(place.store().add(named("a")));
        QVERIFY(place.store().add(named("b")));
        QVERIFY(std::filesystem::is_symlink(place.file()));
        QVERIFY(std::filesystem::is_regular_file(real));
        QCOMPARE(place.store().load().profiles.size(), std::size_t{2});
    }

    void aFileThatCannotBeReadIsAProblemAndNeverOverwritten()
    {
        const Place place;
        std::filesystem::create_directories(place.file());
        QCOMPARE(place.store().load().problems.size(), std::size_t{1});
        QVERIFY(!place.store().add(named("a")));
        QVERIFY(std::filesystem::is_directory(place.file()));

        const Place pipe;
        std::filesystem::create_directories(pipe.directory());
        QCOMPARE(::mkfifo(pipe.file().c_str(), 0600), 0);
        QCOMPARE(pipe.store().load().problems.size(), std::size_t{1});
        QVERIFY(!pipe.store().add(named("a")));
    }

    void noTemporaryFilesAreLeft()
    {
        const Place place;
        QVERIFY(place.store().add(named("a")));
        QVERIFY(place.store().remove("a"));
        std::set<std::string> left;
        for (const auto &entry : std::filesystem::directory_iterator(place.directory()))
            left.insert(entry.path().filename().string());
        QVERIFY((left == std::set{".profiles.toml.lock"s, "profiles.toml"s}));
    }

    void writersAtTheSameTimeLoseNothing()
    {
        const Place place;
        {
            std::vector<std::jthread> writers;
            for (int t = 0; t < 4; ++t)
                writers.emplace_back([&place, t] {
                    for (int i = 0; i < 10; ++i)
                        if (!place.store().add(
                                named("p" + std::to_string(t) + "-" + std::to_string(i))))
                            return;
                });
        }
        QCOMPARE(place.store().load().profiles.size(), std::size_t{40});
        QVERIFY(place.store().load().problems.empty());
    }

    void directoriesFollowTheEnvironment()
    {
        qputenv("XDG_CONFIG_HOME", "/tmp/xdg");
        QCOMPARE(configDirectory().string(), "/tmp/xdg/redrive"s);
        qputenv("XDG_CONFIG_HOME", "relative");
        qputenv("HOME", "/home/ann");
        QCOMPARE(configDirectory().string(), "/home/ann/.config/redrive"s);
        qunsetenv("XDG_DATA_HOME");
        qunsetenv("XDG_STATE_HOME");
        QCOMPARE(dataDirectory().string(), "/home/ann/.local/share/redrive"s);
        QCOMPARE(stateDirectory().string(), "/home/ann/.local/state/redrive"s);
    }
};

QTEST_APPLESS_MAIN(TestProfileStore)
#include "tst_profilestore.moc"
