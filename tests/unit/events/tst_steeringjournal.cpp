#include "core/events/steeringjournal.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace redrive;
using consumer::told::Steered;

namespace {

Steered steered(const char *action)
{
    return {.partition = {"orders", 3},
            .action = action,
            .from = Offset(41),
            .to = Offset(42),
            .error = {}};
}

} // namespace

class SteeringJournalTest : public QObject
{
    Q_OBJECT

private slots:
    void whatMovesAnOffsetIsInTheJournalAndAPauseIsNot()
    {
        const QTemporaryDir directory;
        auto opened =
            store::Journal::open(std::filesystem::path(directory.path().toStdString()) / "c.db");
        QVERIFY(bool(opened));
        const std::shared_ptr<store::Journal> journal = std::move(*opened);
        const auto record = events::steeringJournal(journal, GroupId("billing"), "ada",
                                                    [] { return WallTime(Millis(1000)); });
        for (const char *action : {"skip", "pause", "seek", "rewind", "resume"})
            QVERIFY(bool(record(steered(action))));
        const auto entries = journal->entries(GroupId("billing"));
        QCOMPARE(entries->size(), std::size_t{3});
        const store::JournalEntry &skip = entries->back();
        QCOMPARE(skip.action, std::string("session skip"));
        QCOMPARE(skip.user, std::string("ada"));
        QVERIFY(skip.state == store::JournalState::Asked);
        QVERIFY(skip.rows.at(0).partition == (TopicPartition{"orders", 3}));
        QVERIFY(skip.rows.at(0).before == Offset(41));
        QVERIFY(skip.rows.at(0).requested == Offset(42));
        QCOMPARE(journal->audit()->size(), std::size_t{3});
    }

    void whatIsCommittedAtTheNewPositionIsDone()
    {
        const QTemporaryDir directory;
        auto opened =
            store::Journal::open(std::filesystem::path(directory.path().toStdString()) / "c.db");
        QVERIFY(bool(opened));
        const std::shared_ptr<store::Journal> journal = std::move(*opened);
        const auto record = events::steeringJournal(journal, GroupId("billing"), "ada");
        for (const char *action : {"skip", "seek"})
            QVERIFY(bool(record(steered(action))));
        auto confirmed = steered("skip");
        confirmed.committed = Offset(44);
        QVERIFY(bool(record(confirmed)));
        QVERIFY(bool(record(confirmed))); // and of that which is not open nothing is said
        const auto entries = journal->entries(GroupId("billing"));
        QCOMPARE(entries->size(), std::size_t{2});
        QVERIFY(entries->front().state == store::JournalState::Asked);
        const store::JournalEntry &skip = entries->back();
        QVERIFY(skip.state == store::JournalState::Done);
        QVERIFY(skip.rows.at(0).after == Offset(44));
        QVERIFY(skip.rows.at(0).outcome == store::JournalOutcome::Confirmed);
        QCOMPARE(journal->audit()->size(), std::size_t{3});
    }

    void whatCannotBeWrittenIsRefused()
    {
        const QTemporaryDir directory;
        const auto file = std::filesystem::path(directory.path().toStdString()) / "c.db";
        auto opened = store::Journal::open(file);
        QVERIFY(bool(opened));
        const std::shared_ptr<store::Journal> journal = std::move(*opened);
        const auto record = events::steeringJournal(journal, GroupId("billing"), "ada");
        std::filesystem::remove(file);
        QVERIFY(!record(steered("skip")));
    }
};

QTEST_GUILESS_MAIN(SteeringJournalTest)
#include "tst_steeringjournal.moc"
