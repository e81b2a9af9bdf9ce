#include "tests/unit/store/storeplace.h"

#include <QFile>

#include <csignal>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::store;

namespace {

QByteArray bytesOf(const std::filesystem::path &file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

} // namespace

class MigrationTest : public QObject
{
    Q_OBJECT

private slots:
    void anOlderFileIsMigratedAndACopyOfItIsKept()
    {
        const Place place;
        add(*mustOpen(place / "a.db"), 1, "kept");
        {
            const auto migrated = mustOpen(place / "a.db", version2);
            QCOMPARE(migrated->readInteger("PRAGMA user_version"), 2);
            QCOMPARE(migrated->readText("SELECT text || author FROM notes"),
                     std::string("keptnobody"));
        }
        const auto copy = mustOpen(place / "a.db.v1.bak");
        QCOMPARE(copy->readInteger("PRAGMA user_version"), 1);
        QCOMPARE(copy->readText("SELECT text FROM notes"), std::string("kept"));
        QVERIFY(!std::filesystem::exists(place / "a.db.v2.bak"));
    }

    void theCopyHasWhatWasOnlyInTheLogOfAProcessThatDied()
    {
        const Place place;
        const pid_t child = ::fork();
        if (child == 0) {
            add(*mustOpen(place / "a.db"), 1, "in the log"); // closed by the temporary's end
            auto database = mustOpen(place / "a.db");
            add(*database, 2, "in the log only");
            ::kill(::getpid(), SIGKILL);
        }
        ::waitpid(child, nullptr, 0);
        mustOpen(place / "a.db", version2);
        const auto copy = mustOpen(place / "a.db.v1.bak");
        QCOMPARE(copy->readInteger("SELECT count(*) FROM notes"), 2);
    }

    void aCopyThatIsThereAlreadyIsNeverOverwritten()
    {
        const Place place;
        add(*mustOpen(place / "a.db"), 1, "x");
        QFile before(QString::fromStdString((place / "a.db.v1.bak").string()));
        QVERIFY(before.open(QIODevice::WriteOnly));
        before.write("precious");
        before.close();
        mustOpen(place / "a.db", version2);
        QCOMPARE(bytesOf(place / "a.db.v1.bak"), QByteArray("precious"));
        QVERIFY(std::filesystem::exists(place / "a.db.v1.2.bak"));
    }

    void aMigrationThatFailsLeavesTheFileAsItWas()
    {
        const Place place;
        add(*mustOpen(place / "a.db"), 1, "kept");
        Schema broken = version2;
        broken.steps.emplace_back("CREATE TABLE more(x); CREATE NONSENSE");
        const auto failed = Database::open(place / "a.db", broken);
        QVERIFY(!failed);
        const auto database = mustOpen(place / "a.db");
        QCOMPARE(database->readInteger("PRAGMA user_version"), 1);
        QCOMPARE(database->readInteger("SELECT count(*) FROM sqlite_schema WHERE name = 'more'"),
                 0);
    }

    void aFileWithoutAVersionIsTakenOverWithACopyKept()
    {
        const Place place;
        {
            const auto byHand = mustOpen(place / "a.db", Schema{});
            byHand->execute(version1.steps[0]);
            add(*byHand, 7, "by hand");
        }
        const auto database = mustOpen(place / "a.db");
        QCOMPARE(database->readInteger("SELECT id FROM notes"), 7);
        QVERIFY(std::filesystem::exists(place / "a.db.v0.bak"));
    }

    void aNewerFileIsRefusedWithASentenceAndLeftAlone()
    {
        const Place place;
        mustOpen(place / "a.db", version2);
        const QByteArray before = bytesOf(place / "a.db");
        const auto refused = Database::open(place / "a.db", version1);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("NEWER_SCHEMA"));
        QVERIFY(refused.error().message.find("a.db was written by a newer Redrive: its schema "
                                             "version is 2, and this one knows up to 1") !=
                std::string::npos);
        QCOMPARE(bytesOf(place / "a.db"), before);
    }

    void aFileOfSomethingElseIsRefused()
    {
        const Place place;
        mustOpen(place / "a.db", Schema{.applicationId = 4711, .steps = version1.steps});
        const auto refused = Database::open(place / "a.db", version1);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("FOREIGN_DATABASE"));
    }

    void aFileThatIsNoDatabaseIsRefusedAndLeftAlone()
    {
        const Place place;
        const QByteArray text = QByteArray("This is my diary. ").repeated(400);
        QFile out(QString::fromStdString((place / "diary.txt").string()));
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(text);
        out.close();
        const auto refused = Database::open(place / "diary.txt", version1);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, std::string("SQLITE_NOTADB"));
        QVERIFY(refused.error().message.find("diary.txt is not an SQLite database") !=
                std::string::npos);
        QCOMPARE(bytesOf(place / "diary.txt"), text);
    }
};

QTEST_GUILESS_MAIN(MigrationTest)
#include "tst_migration.moc"
