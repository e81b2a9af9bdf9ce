#include "core/store/journal.h"
#include "core/store/journalschema.h"
#include "core/store/storeerror.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace redrive;
using namespace redrive::store;

namespace {

const WallTime noon{Millis(1'795'255'200'000)};

JournalEntry reset(const char *group)
{
    return {.id = {},
            .time = noon,
            .user = "ada",
            .reason = "bad deploy",
            .group = GroupId(group),
            .action = "reset",
            .plan = "sha256:ab",
            .state = JournalState::Begun,
            .rows = {{.partition = {"orders", 0},
                      .before = Offset(120),
                      .requested = Offset(20),
                      .after = {},
                      .outcome = {},
                      .error = {}},
                     {.partition = {"orders", 1},
                      .before = {},
                      .requested = Offset(0),
                      .after = {},
                      .outcome = {},
                      .error = {}}}};
}

AuditEntry line(const std::string &action)
{
    return {.time = "2026-11-21T10:00:00.000Z",
            .user = "ada",
            .action = action,
            .target = "group billing",
            .detail = ""};
}

} // namespace

class JournalTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        m_file = journalFile(std::filesystem::path(m_directory->path().toStdString()) / "redrive",
                             "Zk-1_x");
        auto journal = Journal::open(m_file);
        QVERIFY(bool(journal));
        m_journal = std::move(*journal);
    }

    void theFileIsNamedAfterTheClusterAndForItsOwnerOnly()
    {
        QCOMPARE(m_file.filename().string(), std::string("Zk-1_x.db"));
        QCOMPARE(journalFile("/d", "../a b").string(), std::string("/d/%2e%2e%2fa%20b.db"));
        struct stat about
        {
        };
        QCOMPARE(::stat(m_file.c_str(), &about), 0);
        QCOMPARE(about.st_mode & 0777U, mode_t{0600});
        QCOMPARE(::stat(m_file.parent_path().c_str(), &about), 0);
        QCOMPARE(about.st_mode & 0777U, mode_t{0700});
    }

    void anEntryIsThereWithItsBeforeImageFromTheMomentItIsBegun()
    {
        const auto id = m_journal->begin(reset("billing"));
        QVERIFY(bool(id));
        QCOMPARE(*id, std::string("j1"));
        auto again = Journal::open(m_file);
        QVERIFY(bool(again));
        auto found = (*again)->entry("j1");
        QVERIFY(found && *found);
        JournalEntry expected = reset("billing");
        expected.id = "j1";
        QVERIFY(**found == expected);
    }

    void whatCameOfItReplacesTheRows()
    {
        const std::string id = *m_journal->begin(reset("billing"));
        auto rows = reset("billing").rows;
        rows[0].after = Offset(20);
        rows[0].outcome = JournalOutcome::Confirmed;
        rows[1].outcome = JournalOutcome::NotApplied;
        rows[1].error = "no leader";
        QVERIFY(bool(m_journal->finish(id, JournalState::Partial, rows, noon)));
        const auto found = m_journal->entry(id);
        QVERIFY((*found)->state == JournalState::Partial);
        QVERIFY((*found)->rows == rows);
    }

    void anEntryKeepsWholeImagesTheTopicsIdsAndWhatItUndoes()
    {
        JournalEntry entry = reset("billing");
        entry.undoes = "j7";
        entry.topicIds = {{"orders", "Zm9v"}, {"payments", "YmFy"}};
        entry.rows[0].beforeEpoch = 4;
        entry.rows[0].beforeMetadata = std::string("a\0\xff", 3);
        entry.rows[0].requestedEpoch = 0;
        entry.rows[0].requestedMetadata = "x";
        entry.id = *m_journal->begin(entry);
        QVERIFY(**m_journal->entry(entry.id) == entry);
        entry.rows[1].outcome = JournalOutcome::Unknown;
        entry.state = JournalState::Unknown;
        QVERIFY(bool(m_journal->finish(entry.id, entry.state, entry.rows, noon)));
        QVERIFY(**m_journal->entry(entry.id) == entry);
    }

    void aThousandRowsAreOneTransaction()
    {
        JournalEntry entry = reset("billing");
        entry.rows.clear();
        for (int partition = 0; partition < 1000; ++partition) {
            entry.rows.push_back(reset("billing").rows[0]);
            entry.rows.back().partition = {"orders", partition};
        }
        const MonoTime begun = monoNow();
        const std::string id = *m_journal->begin(entry);
        QVERIFY(bool(m_journal->finish(id, JournalState::Done, entry.rows, noon)));
        QVERIFY(monoNow() - begun < std::chrono::seconds(2));
        QCOMPARE((*m_journal->entry(id))->rows.size(), std::size_t{1000});
    }

    void aFileOfTheFirstVersionKeepsAllThatIsInIt()
    {
        const auto file = m_file.parent_path() / "older.db";
        Schema first = journalSchema();
        first.steps.resize(1);
        {
            const auto older = Database::open(file, first);
            (*older)->execute(
                "INSERT INTO journal(number, time, user, reason, group_id, action, plan, state) "
                "VALUES(3, 1795255200000, 'ada', 'why', 'billing', 'session skip', NULL, 'asked');"
                "INSERT INTO journal_rows VALUES(3, 'orders', 0, 7, 8, NULL, 'UNKNOWN', 'e');"
                "INSERT INTO audit VALUES(1, 't', 'u', 'a', 'g', 'd', "
                "'c556b82f15f2bbc083c17c7f98cc2ec6562435dee9210a25489e4f7c9d04610c')");
        }
        const auto journal = Journal::open(file);
        QVERIFY2(bool(journal), journal ? "" : describe(journal.error()).c_str());
        QVERIFY(std::filesystem::exists(file.string() + ".v1.bak"));
        JournalEntry expected{.id = "j3",
                              .time = noon,
                              .user = "ada",
                              .reason = "why",
                              .group = GroupId("billing"),
                              .action = "session skip",
                              .plan = {},
                              .state = JournalState::Asked,
                              .rows = {{.partition = {"orders", 0},
                                        .before = Offset(7),
                                        .requested = Offset(8),
                                        .after = {},
                                        .outcome = JournalOutcome::Unknown,
                                        .error = "e"}}};
        QVERIFY(**(*journal)->entry("j3") == expected);
        QCOMPARE(*(*journal)->begin(reset("billing")), std::string("j4"));
        const auto check = (*journal)->verify();
        QVERIFY(check && !check->brokenAt);
        QCOMPARE(check->lines, 2);
    }

    void entriesComeNewestFirstAndByGroup()
    {
        for (const char *group : {"a", "b", "a"})
            QVERIFY(bool(m_journal->begin(reset(group))));
        const auto all = m_journal->entries({});
        QCOMPARE(all->size(), std::size_t{3});
        QCOMPARE(all->front().id, std::string("j3"));
        const auto ofA = m_journal->entries(GroupId("a"));
        QCOMPARE(ofA->size(), std::size_t{2});
        QCOMPARE(m_journal->entries({}, 1)->size(), std::size_t{1});
    }

    void anEntryThatIsNotThereIsSaidSo()
    {
        QVERIFY(!*m_journal->entry("j9"));
        QVERIFY(!*m_journal->entry("x"));
        const auto refused = m_journal->finish("j9", JournalState::Done, {}, noon);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("NO_SUCH_JOURNAL"));
    }

    void eachChangeIsInTheAuditLogAsWell()
    {
        const std::string id = *m_journal->begin(reset("billing"));
        QVERIFY(bool(m_journal->finish(id, JournalState::Done, {}, noon)));
        const auto lines = m_journal->audit();
        QCOMPARE(lines->size(), std::size_t{2});
        QCOMPARE(lines->front().entry.detail,
                 std::string("j1 begun: orders[0] 120 -> 20, orders[1] none -> 0"));
        QCOMPARE(lines->front().entry.target, std::string("group billing"));
    }

    void aHashIsThatOfALineAndTheOneBefore()
    {
        // printf '0:,1:1,1:t,1:u,1:a,1:g,1:d,' | sha256sum
        const AuditEntry entry{
            .time = "t", .user = "u", .action = "a", .target = "g", .detail = "d"};
        QCOMPARE(chainHash("", 1, entry),
                 std::string("c556b82f15f2bbc083c17c7f98cc2ec6562435dee9210a25489e4f7c9d04610c"));
        QVERIFY(chainHash("x", 1, entry) != chainHash("", 1, entry));
        AuditEntry moved = entry;
        moved.user = "ua";
        moved.action = "";
        QVERIFY(chainHash("", 1, moved) != chainHash("", 1, entry));
    }

    void aChainThatNobodyTouchedHolds()
    {
        for (int number = 0; number < 1100; ++number)
            QVERIFY(bool(m_journal->append(line("x" + std::to_string(number)))));
        const auto check = m_journal->verify();
        QVERIFY(bool(check));
        QCOMPARE(check->lines, 1100);
        QVERIFY(!check->brokenAt);
    }

    void noLineCanBeChangedOrTakenOut()
    {
        QVERIFY(bool(m_journal->append(line("a"))));
        const auto database = Database::open(m_file, journalSchema());
        for (const char *sql : {"UPDATE audit SET user = 'eve'", "DELETE FROM audit"}) {
            try {
                (*database)->execute(sql);
                QFAIL("was allowed");
            } catch (const StoreError &error) {
                QCOMPARE(std::string(error.what()), std::string("the audit log is append-only"));
            }
        }
    }

    void aChainThatWasTamperedWithBreaksAtThatLine_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<int>("line");
        QTest::newRow("changed") << "UPDATE audit SET user = 'eve' WHERE seq = 2" << 2;
        QTest::newRow("removed") << "DELETE FROM audit WHERE seq = 3" << 3;
        QTest::newRow("first removed") << "DELETE FROM audit WHERE seq = 1" << 1;
        QTest::newRow("last removed") << "DELETE FROM audit WHERE seq = 4" << 4;
        QTest::newRow("swapped")
            << "UPDATE audit SET seq = -1 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; "
               "UPDATE audit SET seq = 3 WHERE seq = -1"
            << 2;
    }
    void aChainThatWasTamperedWithBreaksAtThatLine()
    {
        for (const char *action : {"a", "b", "c", "d"})
            QVERIFY(bool(m_journal->append(line(action))));
        QFETCH(QString, sql);
        QFETCH(int, line);
        const auto database = Database::open(m_file, journalSchema());
        (*database)->execute("DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps");
        (*database)->execute(sql.toStdString());
        const auto check = m_journal->verify();
        QVERIFY(bool(check));
        QCOMPARE(check->brokenAt, std::optional<std::int64_t>(line));
    }

    void threadsAndConnectionsThatAppendAtOnceMakeOneChain()
    {
        constexpr int writers = 4;
        constexpr int each = 25;
        auto second = Journal::open(m_file);
        QVERIFY(bool(second));
        std::vector<std::thread> threads;
        for (int writer = 0; writer < writers; ++writer) {
            Journal &journal = writer % 2 == 0 ? *m_journal : **second;
            threads.emplace_back([&journal] {
                for (int number = 0; number < each; ++number) {
                    if (!journal.append(line("x")))
                        qFatal("was not appended");
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        const auto check = m_journal->verify();
        QCOMPARE(check->lines, writers * each);
        QVERIFY(!check->brokenAt);
    }

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    std::filesystem::path m_file;
    std::unique_ptr<Journal> m_journal;
};

QTEST_GUILESS_MAIN(JournalTest)
#include "tst_journal.moc"
