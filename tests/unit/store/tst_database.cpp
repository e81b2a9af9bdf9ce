#include "core/store/storeerror.h"
#include "tests/unit/store/storeplace.h"

#include <csignal>
#include <filesystem>
#include <functional>
#include <optional>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::store;

namespace {

std::optional<StoreError> refusal(const std::function<void()> &work)
{
    try {
        work();
    } catch (const StoreError &error) {
        return error;
    }
    return std::nullopt;
}

mode_t modeOf(const std::filesystem::path &path)
{
    struct stat about
    {
    };
    return ::stat(path.c_str(), &about) == 0 ? about.st_mode & 0777U : 0;
}

} // namespace

class DatabaseTest : public QObject
{
    Q_OBJECT

private slots:
    void aNewFileIsMadeWithALogAheadAndFullSynchronisation()
    {
        const Place place;
        const auto database = mustOpen(place / "new.db");
        QCOMPARE(database->readText("PRAGMA journal_mode"), std::string("wal"));
        QCOMPARE(database->readInteger("PRAGMA synchronous"), 2);
        QCOMPARE(database->readInteger("PRAGMA user_version"), 1);
        QCOMPARE(database->readInteger("PRAGMA application_id"), application);
        QVERIFY(!std::filesystem::exists(place / "new.db.v0.bak"));
    }

    void aPrivateFileAndItsLogAreForTheirOwnerOnly()
    {
        const Place place;
        const auto database = mustOpen(place / "own.db", version1, {.ownerOnly = true});
        add(*database, 1, "x");
        QCOMPARE(modeOf(place / "own.db"), mode_t{0600});
        QCOMPARE(modeOf(place / "own.db-wal"), mode_t{0600});
    }

    void textComesBackAsItWasAlsoEmptyAndWithANul()
    {
        const Place place;
        const auto database = mustOpen(place / "a.db");
        const std::string odd("a\0b", 3);
        add(*database, 1, odd);
        add(*database, 2, std::string_view());
        Statement select(*database, "SELECT text FROM notes ORDER BY id");
        QVERIFY(select.next());
        QCOMPARE(select.text(0), odd);
        QVERIFY(select.next());
        QCOMPARE(select.maybeText(0), std::optional<std::string>(""));
        QVERIFY(!select.next());
    }

    void aFileThatCannotBeOpenedIsNamed()
    {
        const Place place;
        for (const auto &path : {place / "missing/a.db", place / ""}) {
            const auto refused = Database::open(path, version1);
            QVERIFY(!refused);
            QVERIFY(describe(refused.error()).find(path.string()) != std::string::npos);
            QVERIFY(refused.error().code.starts_with("SQLITE_CANTOPEN"));
        }
    }

    void whatCannotBeStoredIsTheRecordsFaultAndAFullDiskIsNot()
    {
        const Place place;
        const auto database = mustOpen(place / "a.db");
        add(*database, 1, "x");
        database->execute("CREATE TRIGGER no BEFORE INSERT ON notes WHEN NEW.text = 'bad' "
                          "BEGIN SELECT RAISE(ABORT, 'not this one'); END");

        const auto twice = refusal([&] { add(*database, 1, "y"); });
        QVERIFY(twice && twice->blame() == Blame::Record);
        const auto trigger = refusal([&] { add(*database, 2, "bad"); });
        QVERIFY(trigger && trigger->blame() == Blame::Record);
        QCOMPARE(codeName(trigger->code()), std::string("SQLITE_CONSTRAINT_TRIGGER"));
        QCOMPARE(std::string(trigger->what()), std::string("not this one"));

        database->execute("PRAGMA max_page_count = " +
                          std::to_string(database->readInteger("PRAGMA page_count")));
        const auto full = refusal([&] { add(*database, 3, std::string(100'000, 'x')); });
        QVERIFY(full && full->blame() == Blame::Environment);
        QCOMPARE(codeName(full->code()), std::string("SQLITE_FULL"));

        database->execute("PRAGMA max_page_count = 1000000; PRAGMA query_only = 1");
        const auto readOnly = refusal([&] { add(*database, 4, "x"); });
        QVERIFY(readOnly && readOnly->blame() == Blame::Environment);
    }

    void aDiskThatTakesNoMoreIsTheEnvironmentsFault()
    {
        const Place place;
        const pid_t child = ::fork();
        if (child == 0) {
            const auto database = mustOpen(place / "a.db");
            ::signal(SIGXFSZ, SIG_IGN);
            const rlimit small{.rlim_cur = 64 * 1024, .rlim_max = 64 * 1024};
            ::setrlimit(RLIMIT_FSIZE, &small);
            const auto error = refusal([&] { add(*database, 1, std::string(200'000, 'x')); });
            ::_exit(error && error->blame() == Blame::Environment ? 0 : 1);
        }
        int status = -1;
        ::waitpid(child, &status, 0);
        QCOMPARE(status, 0);
    }

    void aSecondWriterWaitsAndThenSaysBusy()
    {
        const Place place;
        const auto one = mustOpen(place / "a.db");
        const auto other = mustOpen(place / "a.db", version1, {.busyTimeout = Millis(50)});
        {
            Transaction writing(*one);
            add(*one, 1, "x");
            const MonoTime before = monoNow();
            const auto busy = refusal([&] { Transaction refused(*other); });
            QVERIFY(monoNow() - before >= Millis(50));
            QVERIFY(busy && busy->blame() == Blame::Environment);
            QCOMPARE(codeName(busy->code()), std::string("SQLITE_BUSY"));
            QCOMPARE(other->readInteger("SELECT count(*) FROM notes"), 0);
            writing.commit();
        }
        Transaction now(*other);
        add(*other, 2, "y");
        now.commit();
        QCOMPARE(one->readInteger("SELECT count(*) FROM notes"), 2);
    }

    void aTransactionThatIsLeftIsRolledBack()
    {
        const Place place;
        const auto database = mustOpen(place / "a.db");
        {
            const Transaction left(*database);
            add(*database, 1, "x");
        }
        QCOMPARE(database->readInteger("SELECT count(*) FROM notes"), 0);
    }

    void aTransactionThatATriggerRolledBackCannotBeCommitted()
    {
        const Place place;
        const auto database = mustOpen(place / "a.db");
        database->execute("CREATE TRIGGER no BEFORE INSERT ON notes WHEN NEW.text = 'bad' "
                          "BEGIN SELECT RAISE(ROLLBACK, 'all of it'); END");
        Transaction writing(*database);
        add(*database, 1, "x");
        QVERIFY(refusal([&] { add(*database, 2, "bad"); }));
        QVERIFY(refusal([&] { writing.commit(); }));
        QCOMPARE(database->readInteger("SELECT count(*) FROM notes"), 0);
    }

    void aFileThatIsTakenAwayIsNoticedBeforeAnythingIsWritten()
    {
        const Place place;
        const auto database = mustOpen(place / "a.db");
        std::filesystem::remove(place / "a.db");
        const auto gone = refusal([&] { Transaction writing(*database); });
        QVERIFY(gone && gone->blame() == Blame::Environment);
        mustOpen(place / "a.db");
        QVERIFY(refusal([&] { Transaction writing(*database); }));
    }

    void manyProcessesThatCreateAndWriteOneFileAtOnceLoseNothing()
    {
        constexpr int processes = 6;
        constexpr int each = 60;
        const Place place;
        std::vector<pid_t> children;
        for (int process = 0; process < processes; ++process) {
            const pid_t child = ::fork();
            if (child == 0) {
                const auto database = mustOpen(place / "a.db");
                for (int note = 0; note < each; ++note) {
                    Transaction writing(*database);
                    add(*database, process * 1000 + note, "x");
                    writing.commit();
                }
                ::_exit(0);
            }
            children.push_back(child);
        }
        for (const pid_t child : children) {
            int status = -1;
            ::waitpid(child, &status, 0);
            QCOMPARE(status, 0);
        }
        QCOMPARE(mustOpen(place / "a.db")->readInteger("SELECT count(*) FROM notes"),
                 processes * each);
    }

    void whatIsCommittedSurvivesBeingKilled()
    {
        const Place place;
        const pid_t child = ::fork();
        if (child == 0) {
            const auto database = mustOpen(place / "a.db");
            add(*database, 1, "committed");
            const Transaction open(*database);
            add(*database, 2, "not committed");
            ::kill(::getpid(), SIGKILL);
        }
        ::waitpid(child, nullptr, 0);
        const auto database = mustOpen(place / "a.db");
        QCOMPARE(database->readInteger("SELECT count(*) FROM notes"), 1);
    }

    void anUpsertTellsNewRowsFromUpdatedOnes()
    {
        const Place place;
        const auto database = mustOpen(place / "a.db");
        Statement upsert(*database, "INSERT INTO notes(id, text) VALUES(?, ?) ON CONFLICT(id) DO "
                                    "UPDATE SET text = excluded.text");
        QVERIFY(upsert.inserts(5, "a"));
        QVERIFY(!upsert.inserts(5, "b"));
        QVERIFY(upsert.inserts(6, "c"));
        QCOMPARE(database->readText("SELECT text FROM notes WHERE id = 5"), std::string("b"));
    }
};

QTEST_GUILESS_MAIN(DatabaseTest)
#include "tst_database.moc"
