#include "tests/integration/offsetsworld.h"
#include "tests/integration/terminal.h"

#include <QTest>

#include <sqlite3.h>

using namespace redrive;
using namespace redrive::testworld;

namespace {

void execute(const QString &database, const char *statements)
{
    sqlite3 *file = nullptr;
    char *problem = nullptr;
    const bool done = sqlite3_open(database.toUtf8().constData(), &file) == SQLITE_OK &&
                      sqlite3_exec(file, statements, nullptr, nullptr, &problem) == SQLITE_OK;
    const std::string why = problem != nullptr ? problem : "";
    sqlite3_free(problem);
    sqlite3_close(file);
    if (!done)
        throw std::runtime_error("cannot change the file: " + why);
}

} // namespace

/// Before and after a change: who is asked, what is waited for, taken back and on the record.
class TestOffsetsBack : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_world = std::make_unique<OffsetsWorld>(); }
    void undoRestoresOffsetEpochAndMetadataAsKafkasLogHasThem();
    void deletedOffsetsComeBack();
    void aDeletedGroupComesBack();
    void aSnapshotIsGoneBackTo();
    void aGroupIsPutWhereAnotherOneIs();
    void anArmedResetFiresOnceTheGroupIsEmpty();
    void anArmedResetExpires();
    void anArmedResetIsCancelledBySigint();
    void theJournalListsWhatWasDone();
    void aCrashLeavesWhatCanBeSettledAndUndone();
    void aTerminalIsAsked_data();
    void aTerminalIsAsked();
    void theAuditLogTellsWhereItWasChanged(); // the last: it breaks the log
    void cleanupTestCase() { m_world.reset(); }

private:
    OffsetsWorld &world() { return *m_world; }
    std::unique_ptr<OffsetsWorld> m_world;
};

void TestOffsetsBack::undoRestoresOffsetEpochAndMetadataAsKafkasLogHasThem()
{
    world().join("undone").reset();
    world().waitUntilEmpty("undone");
    world().commit("undone", {{{"orders", 1}, 33}}, "checkpoint 7");
    const auto before = world().commitsInKafkasLog("undone");
    QCOMPARE(before.size(), 3U);
    QVERIFY(before.at("orders/0").epoch >= 0);
    QCOMPARE(before.at("orders/1").metadata, "checkpoint 7");

    const auto reset = world().change({"reset", "undone", "--topic", "orders", "--topic", "fresh",
                                       "--to", "earliest", "--execute"});
    VERIFY_EXIT(reset, 0);
    QCOMPARE(outcomesOf(reset.object).count("CONFIRMED"), 4);
    QCOMPARE(world().committed("undone").size(), 4U);

    const QString journal = reset.object["journal"].toString();
    const auto planned = world().change({"undo", journal});
    VERIFY_EXIT(planned, 0);
    QCOMPARE(planned.object["spec"].toString(), "undo:" + journal);
    QCOMPARE(world().committed("undone").size(), 4U);

    const auto undone = world().change({"undo", "--last", "--execute"});
    VERIFY_EXIT(undone, 0);
    QCOMPARE(outcomesOf(undone.object).count("CONFIRMED"), 4);
    QVERIFY(world().commitsInKafkasLog("undone") == before);
}

void TestOffsetsBack::deletedOffsetsComeBack()
{
    const OffsetMap before{{{"orders", 0}, 3}, {{"orders", 2}, 5}};
    world().commit("dropped", before);
    const auto dropped =
        world().change({"reset", "dropped", "--topic", "orders:2", "--delete", "--execute"});
    VERIFY_EXIT(dropped, 0);
    QVERIFY(dropped.object["rows"][0]["requested"].isNull());
    QVERIFY((world().committed("dropped") == OffsetMap{{{"orders", 0}, 3}}));
    VERIFY_EXIT(world().change({"undo", "--last", "--execute"}), 0);
    QVERIFY(world().committed("dropped") == before);
}

void TestOffsetsBack::aDeletedGroupComesBack()
{
    const OffsetMap before{{{"orders", 0}, 3}, {{"fresh", 0}, 5}};
    world().commit("removed", before);
    const auto removed =
        world().ctl.json({"--yes", "groups", "delete", "removed", "--reason", "nobody reads it"});
    VERIFY_EXIT(removed, 0);
    QCOMPARE(outcomesOf(removed.object), (QStringList{"CONFIRMED", "CONFIRMED"}));
    QCOMPARE(world().ctl.json({"groups", "describe", "removed"}).errorCode(), "GROUP_ID_NOT_FOUND");
    const auto again = world().ctl.json({"--yes", "groups", "delete", "removed"});
    VERIFY_EXIT(again, 1);
    QCOMPARE(again.errorCode(), "GROUP_ID_NOT_FOUND");
    VERIFY_EXIT(world().change({"undo", removed.object["journal"].toString(), "--execute"}), 0);
    QVERIFY(world().committed("removed") == before);
}

void TestOffsetsBack::aSnapshotIsGoneBackTo()
{
    const OffsetMap before{{{"orders", 0}, 21}, {{"orders", 1}, 22}};
    world().commit("kept", before, "as it was");
    const QString file = world().path("kept.json");
    VERIFY_EXIT(world().ctl.json({"offsets", "snapshot", "kept", "--save", file}), 0);
    world().commit("kept", {{{"orders", 0}, 40}, {{"orders", 1}, 41}});
    VERIFY_EXIT(
        world().change({"reset", "kept", "--all-topics", "--to", "snapshot:" + file, "--execute"}),
        0);
    QVERIFY(world().committed("kept") == before);
    const auto described = world().ctl.json({"groups", "describe", "kept"});
    QCOMPARE(described.list[0]["partitions"][0]["metadata"].toString(), "as it was");
}

void TestOffsetsBack::aGroupIsPutWhereAnotherOneIs()
{
    world().commit("source", {{{"orders", 0}, 11}, {{"orders", 2}, 12}, {{"fresh", 0}, 13}});
    world().commit("sink", {{{"orders", 0}, 1}, {{"orders", 1}, 9}});
    VERIFY_EXIT(world().change({"copy", "source", "sink", "--topic", "orders", "--execute"}), 0);
    QVERIFY((world().committed("sink") ==
             OffsetMap{{{"orders", 0}, 11}, {{"orders", 1}, 9}, {{"orders", 2}, 12}}));
    const auto created =
        world().change({"copy", "source", "new-sink", "--all-topics", "--create", "--execute"});
    VERIFY_EXIT(created, 0);
    QVERIFY(world().committed("new-sink") == world().committed("source"));
}

void TestOffsetsBack::anArmedResetFiresOnceTheGroupIsEmpty()
{
    auto member = world().join("armed");
    const auto armed = world().start({"reset", "armed", "--topic", "orders", "--to",
                                      "latest-minus:7", "--execute", "--when-empty"});
    armed->waitForWords("worker");
    world().producer.sendAll({"orders", 0}, 2); // what it fires with is planned when it fires
    member.reset();
    QVERIFY2(armed->exitCode() == 0, armed->said());
    QCOMPARE(outcomesOf(armed->result()).count("CONFIRMED"), 3);
    QVERIFY((world().committed("armed") ==
             OffsetMap{{{"orders", 0}, 45}, {{"orders", 1}, 43}, {{"orders", 2}, 43}}));
}

void TestOffsetsBack::anArmedResetExpires()
{
    const auto member = world().join("patient");
    const auto before = world().committed("patient");
    const auto expired =
        world().change({"reset", "patient", "--topic", "orders", "--to", "earliest", "--execute",
                        "--when-empty", "--expires", "1500ms"});
    VERIFY_EXIT(expired, 4);
    QCOMPARE(expired.errorCode(), "EXPIRED");
    QVERIFY(world().committed("patient") == before);
}

void TestOffsetsBack::anArmedResetIsCancelledBySigint()
{
    const auto member = world().join("impatient");
    const auto before = world().committed("impatient");
    const auto armed = world().start({"reset", "impatient", "--topic", "orders", "--to", "earliest",
                                      "--execute", "--when-empty"});
    armed->waitForWords("worker");
    armed->interrupt();
    QVERIFY2(armed->exitCode() == 130, armed->said());
    QVERIFY(world().committed("impatient") == before);
}

void TestOffsetsBack::theJournalListsWhatWasDone()
{
    const auto all = world().ctl.json({"offsets", "journal"});
    VERIFY_EXIT(all, 0);
    QVERIFY2(all.list.size() == 10, told(all));
    const auto mine = world().ctl.json({"offsets", "journal", "--group", "undone"});
    QCOMPARE(mine.list.size(), 2);
    QCOMPARE(mine.list[0]["action"].toString(), "undo");
    const auto reset = mine.list[1].toObject();
    QCOMPARE(reset["action"].toString(), "reset");
    QCOMPARE(reset["user"].toString(), "ann");
    QCOMPARE(reset["state"].toString(), "done");
    QCOMPARE(reset["rows"].toArray().size(), 4);
    QCOMPARE(all.find("reason", "nobody reads it")["group"].toString(), "removed");
    QVERIFY(world().ctl.run({"offsets", "journal"}).out.contains("nobody reads it"));
    QCOMPARE(world().ctl.json({"offsets", "journal", "--group", "patient"}).list.size(), 0);
}

void TestOffsetsBack::aCrashLeavesWhatCanBeSettledAndUndone()
{
    const OffsetMap before{{{"orders", 0}, 5}};
    world().commit("crashed", before);
    const auto reset = world().change(
        {"reset", "crashed", "--topic", "orders:0", "--to", "offset:9", "--execute"});
    VERIFY_EXIT(reset, 0);
    const QString journal = reset.object["journal"].toString();
    execute(world().journalFile(),
            QString("UPDATE journal SET state = 'begun' WHERE number = %1; UPDATE journal_rows "
                    "SET outcome = NULL, \"after\" = NULL WHERE journal = %1")
                .arg(journal.mid(1))
                .toUtf8());
    const auto seen = [&](const testbroker::Redrivectl &ctl) {
        const auto entry =
            ctl.json({"offsets", "journal", "--group", "crashed"}).list[0].toObject();
        return entry["state"].toString() + ' ' + outcomesOf(entry).join(' ');
    };
    testbroker::Redrivectl alone({"--bootstrap", "127.0.0.1:1", "--timeout", "2s"});
    alone.setVariable("XDG_DATA_HOME", world().path("data"));
    QCOMPARE(seen(alone), "begun UNKNOWN");
    QCOMPARE(seen(world().ctl), "begun CONFIRMED");
    world().commit("crashed", {{{"orders", 0}, 7}});
    QCOMPARE(seen(world().ctl), "begun UNKNOWN");
    world().commit("crashed", before);
    QCOMPARE(seen(world().ctl), "begun NOT_APPLIED");
    world().commit("crashed", {{{"orders", 0}, 9}});
    const auto undone = world().change({"undo", journal, "--execute"});
    VERIFY_EXIT(undone, 0);
    QVERIFY(world().committed("crashed") == before);
}

void TestOffsetsBack::aTerminalIsAsked_data()
{
    QTest::addColumn<QByteArray>("typed");
    QTest::addColumn<int>("exit");
    QTest::addColumn<qint64>("left");
    QTest::newRow("no") << QByteArray("n\n") << 4 << qint64(5);
    QTest::newRow("control-c") << QByteArray("\x03") << 130 << qint64(5);
    QTest::newRow("yes") << QByteArray("y\n") << 0 << qint64(6);
}

void TestOffsetsBack::aTerminalIsAsked()
{
    QFETCH(const QByteArray, typed);
    QFETCH(const int, exit);
    QFETCH(const qint64, left);
    world().commit("asked", {{{"fresh", 0}, 5}});
    Terminal terminal(QStringList{"--bootstrap", QString::fromStdString(world().kafka.bootstrap()),
                                  "offsets", "reset", "asked", "--topic", "fresh", "--to",
                                  "offset:6", "--execute"},
                      world().environment);
    terminal.waitForWords("reset 1 partition of group asked? [y/N]");
    QVERIFY((world().committed("asked") == OffsetMap{{{"fresh", 0}, 5}}));
    terminal.type(typed);
    QVERIFY2(terminal.exitCode() == exit, terminal.said());
    QVERIFY((world().committed("asked") == OffsetMap{{{"fresh", 0}, left}}));
}

void TestOffsetsBack::theAuditLogTellsWhereItWasChanged()
{
    const QString file = world().path("audit.ndjson");
    const auto lines = world().ctl.json({"audit"});
    VERIFY_EXIT(lines, 0);
    QVERIFY(lines.list.size() >= 8);
    QCOMPARE(lines.list[0]["seq"].toInt(), 1);
    VERIFY_EXIT(world().ctl.json({"audit", "--verify", "--export", file}), 0);
    QCOMPARE(world().read("audit.ndjson").count('\n'), lines.list.size());

    execute(world().journalFile(),
            "DROP TRIGGER audit_stays; UPDATE audit SET user = 'bob' WHERE seq = 5");
    const auto broken = world().ctl.json({"audit", "--verify"});
    VERIFY_EXIT(broken, 1);
    QCOMPARE(broken.object["broken_at"].toInt(), 5);
    QCOMPARE(broken.errorCode(), "AUDIT_BROKEN");

    // Nobody has to reach a cluster to look at what was done to it.
    testbroker::Redrivectl alone({"--bootstrap", "127.0.0.1:1", "--timeout", "2s"});
    VERIFY_EXIT(alone.json({"audit", "--verify"}), 3);
    alone.setVariable("XDG_DATA_HOME", world().path("data"));
    const auto here = alone.json({"audit", "--verify"});
    VERIFY_EXIT(here, 1);
    QVERIFY2(here.err.contains("only journal"), told(here));
}

QTEST_GUILESS_MAIN(TestOffsetsBack)
#include "tst_offsetsback.moc"
