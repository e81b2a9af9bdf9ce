#include "core/store/inbox.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace redrive;
using namespace redrive::store;

namespace {

RecordView recordAt(std::string_view topic, std::int32_t partition, std::int64_t offset)
{
    RecordView record;
    record.topic = topic;
    record.partition = partition;
    record.offset = offset;
    return record;
}

} // namespace

class InboxTest : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        auto database = Database::open(
            std::filesystem::path(m_directory->path().toStdString()) / "a.db", Schema{});
        QVERIFY(bool(database));
        m_database = std::move(*database);
    }

    void anIdIsAdmittedOnce()
    {
        Inbox inbox(*m_database, "orders");
        const RecordView record = recordAt("orders", 2, 7);
        QVERIFY(!inbox.contains("e:1"));
        QVERIFY(inbox.admit("e:1", record, "2026-11-21T10:00:00.000Z"));
        QVERIFY(!inbox.admit("e:1", record, "2026-11-21T10:00:01.000Z"));
        QVERIFY(inbox.contains("e:1"));
        QCOMPARE(m_database->readText("SELECT id || topic || partition || \"offset\" || "
                                      "processed_at FROM inbox"),
                 std::string("e:1orders272026-11-21T10:00:00.000Z"));
    }

    void twoHandlersThatShareAFileDoNotTakeEachOthersEventsForDuplicates()
    {
        Inbox audit(*m_database, "audit");
        Inbox stats(*m_database, "stats");
        Inbox auditAgain(*m_database, "audit");
        const RecordView record = recordAt("task-events", 0, 0);
        QVERIFY(audit.admit("e:1", record, ""));
        QVERIFY(stats.admit("e:1", record, ""));
        QVERIFY(!auditAgain.admit("e:1", record, ""));
        QCOMPARE(audit.table(), std::string("inbox"));
        QCOMPARE(auditAgain.table(), std::string("inbox"));
        QCOMPARE(stats.table(), std::string("inbox_stats"));
    }

    void anAdmissionThatIsRolledBackIsNone()
    {
        Inbox inbox(*m_database, "orders");
        {
            const Transaction left(*m_database);
            QVERIFY(inbox.admit("e:1", recordAt("t", 0, 0), ""));
        }
        QVERIFY(!inbox.contains("e:1"));
    }

private:
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<Database> m_database;
};

QTEST_GUILESS_MAIN(InboxTest)
#include "tst_inbox.moc"
