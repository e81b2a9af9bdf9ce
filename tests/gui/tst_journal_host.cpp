#include "app/window/journalhost.h"
#include "core/base/time.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>

using namespace redrive;
using namespace Qt::StringLiterals;

namespace {

/// A directory of journals, as Redrive and redrivectl share it.
struct World
{
    QTemporaryDir directory;
    std::filesystem::path path = directory.path().toStdString();
    std::shared_ptr<ui::JournalReader> reader = window::makeJournalReader(path);

    std::unique_ptr<store::Journal> writer(const std::string &cluster) const
    {
        auto journal = store::Journal::open(store::journalFile(path, cluster));
        return journal ? std::move(*journal) : nullptr;
    }
    std::shared_ptr<const ui::JournalReading> read(const std::string &mark = {}) const
    {
        const auto result = reader->read("cluster/a", mark);
        return result ? *result : nullptr;
    }
};

store::JournalEntry entryOf(const std::string &group)
{
    store::JournalEntry entry;
    entry.time = wallNow();
    entry.user = "an\"na";
    entry.group = GroupId(group);
    entry.action = "reset";
    entry.rows = {{.partition = {"orders", 0},
                   .before = Offset(7),
                   .requested = Offset(1),
                   .after = {},
                   .outcome = {},
                   .error = {}}};
    return entry;
}

} // namespace

class JournalHostTest : public QObject
{
    Q_OBJECT
private slots:
    void lookingMakesNoFile()
    {
        World world;
        const auto reading = world.read();
        QVERIFY(reading);
        QVERIFY(!reading->exists);
        QVERIFY(reading->entries.empty());
        QVERIFY(!world.read(reading->mark));
        QVERIFY(!world.reader->verify("cluster/a"));
        QVERIFY(std::filesystem::is_empty(world.path));
    }

    void whatAnotherProcessWritesIsFoundAndNothingElseIsReadAgain()
    {
        World world;
        const auto none = world.read();
        const auto writer = world.writer("cluster/a");
        const auto id = writer->begin(entryOf("billing"));
        QVERIFY(id);
        const auto first = world.read(none->mark);
        QVERIFY(first);
        QVERIFY(first->exists);
        QCOMPARE(first->entries.size(), std::size_t(1));
        QVERIFY(!world.read(first->mark));
        QVERIFY(!world.read(first->mark));

        auto rows = first->entries[0].rows;
        rows[0].outcome = store::JournalOutcome::Confirmed;
        rows[0].after = Offset(1);
        QVERIFY(writer->finish(*id, store::JournalState::Done, rows, wallNow()));
        const auto second = world.read(first->mark);
        QVERIFY(second);
        QCOMPARE(second->entries[0].state, store::JournalState::Done);
        QVERIFY(!world.read(second->mark));
    }

    void aJournalThatWasPutInPlaceOfAnotherIsOpenedAnew()
    {
        World world;
        QVERIFY(world.writer("cluster/a")->begin(entryOf("billing")));
        const auto first = world.read();
        QVERIFY(world.writer("cluster/b")->begin(entryOf("audit")));
        const auto file = store::journalFile(world.path, "cluster/a");
        std::filesystem::remove(file.string() + "-wal");
        std::filesystem::remove(file.string() + "-shm");
        std::filesystem::rename(store::journalFile(world.path, "cluster/b"), file);
        const auto second = world.read(first->mark);
        QVERIFY(second);
        QCOMPARE(second->entries.front().group.value(), "audit");
    }

    void aFileThatIsNoJournalIsAnErrorInWordsAndStaysAsItIs()
    {
        World world;
        const QString path =
            QString::fromStdString(store::journalFile(world.path, "cluster/a").string());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(4096, 'x'));
        file.close();
        const auto result = world.reader->read("cluster/a", {});
        QVERIFY(!result);
        QVERIFY(!result.error().message.empty());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray(4096, 'x'));
    }

    void theAuditLogIsExportedLineByLine()
    {
        World world;
        const auto writer = world.writer("cluster/a");
        for (int i = 0; i < 1200; ++i)
            QVERIFY(writer->append({.time = "2026-11-21T11:03:22.114Z",
                                    .user = "an\"na",
                                    .action = "offsets reset",
                                    .target = "group b\xc3\xbc",
                                    .detail = std::to_string(i)}));
        QCOMPARE(world.reader->verify("cluster/a")->lines, 1200);
        const QString path = world.directory.filePath(u"out.ndjson"_s);
        const auto lines = world.reader->exportAudit("cluster/a", path.toStdString());
        QVERIFY(lines);
        QCOMPARE(*lines, 1200);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray first = file.readLine();
        const QByteArray begin =
            "{\"seq\":1,\"time\":\"2026-11-21T11:03:22.114Z\",\"user\":\"an\\\"na\",";
        QVERIFY(first.startsWith(begin));
        const auto object = QJsonDocument::fromJson(first).object();
        QCOMPARE(object.value(u"target"_s).toString(), u"group bü"_s);
        QCOMPARE(object.value(u"hash"_s).toString().size(), 64);
        int count = 1;
        while (!file.atEnd())
            count += file.readLine().isEmpty() ? 0 : 1;
        QCOMPARE(count, 1200);
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void anExportThatCannotBeWrittenSaysWhere()
    {
        World world;
        QVERIFY(world.writer("cluster/a")->begin(entryOf("billing")));
        const auto lines = world.reader->exportAudit("cluster/a", world.path / "no" / "out.ndjson");
        QVERIFY(!lines);
        QVERIFY(describe(lines.error()).find("out.ndjson") != std::string::npos);
    }

    void theNewestComeFirstAndOlderOnesAreLeftOut()
    {
        World world;
        const auto writer = world.writer("cluster/a");
        for (std::size_t i = 0; i <= ui::JournalReader::mostEntries; ++i)
            QVERIFY(writer->begin(entryOf("billing")));
        const auto reading = world.read();
        QCOMPARE(reading->entries.size(), ui::JournalReader::mostEntries);
        QVERIFY(reading->hasMore);
        QCOMPARE(reading->entries.front().id, "j501");
    }
};

QTEST_GUILESS_MAIN(JournalHostTest)
#include "tst_journal_host.moc"
