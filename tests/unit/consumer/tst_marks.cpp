#include "core/consumer/marks.h"
#include "tests/unit/consumer/sessionworld.h"

#include <QTemporaryDir>

#include <sys/wait.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::consumer;

namespace {

const GroupId group("billing");

/// What a process does that dies in the middle of a record: nothing of it is destroyed.
void dieWith(const std::filesystem::path &beside, std::int64_t offset, std::size_t finished)
{
    const pid_t child = fork();
    if (child == 0) {
        auto marks = RunningMarks::open(beside, group, 1);
        (*marks)->start(0, "orders", 3);
        (*marks)->record(0, offset);
        (*marks)->finished(finished);
        _exit(0);
    }
    waitpid(child, nullptr, 0);
}

} // namespace

class MarksTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void aRecordThatWasRunningWhenTheProcessDiedIsASuspect()
    {
        dieWith(beside(), 42, 10);
        const auto marks = RunningMarks::open(beside(), group, 1);
        QVERIFY(marks);
        QCOMPARE((*marks)->suspects(), (std::vector{Suspect{{"orders", 3}, 42, 0}}));
    }

    void aStartCountsOnlyWhereNothingWasFinished()
    {
        dieWith(beside(), 42, 10); // came far
        dieWith(beside(), 42, 0);
        dieWith(beside(), 42, 0);
        dieWith(beside(), 42, 5); // came somewhere
        const auto marks = RunningMarks::open(beside(), group, 1);
        QCOMPARE((*marks)->suspects(), (std::vector{Suspect{{"orders", 3}, 42, 2}}));
    }

    void aRecordThatEndedIsNoSuspectAndLeavesNoFile()
    {
        {
            auto marks = RunningMarks::open(beside(), group, 1);
            (*marks)->start(0, "orders", 3);
            (*marks)->record(0, 7);
            (*marks)->end(0);
        }
        QVERIFY(std::filesystem::is_empty(m_dir->path().toStdString()));
        QVERIFY((*RunningMarks::open(beside(), group, 1))->suspects().empty());
    }

    void livingProcessesKeepTheirOwnMarks()
    {
        auto first = RunningMarks::open(beside(), group, 1);
        (*first)->start(0, "orders", 3);
        (*first)->record(0, 7);
        const auto second = RunningMarks::open(beside(), group, 1);
        QVERIFY(second);
        QVERIFY((*second)->suspects().empty());
    }

    void aSuspectRunsAloneAndIsAcquittedWhenItIsFinished()
    {
        dieWith(beside(), 1, 0);
        World world;
        world.options.marksBeside = beside();
        const TopicPartition suspicious{"orders", 3};
        world.group.appendMany(suspicious, 3);
        world.group.appendMany(p0, 3);
        world.handler->hold(
            [](const RecordView &record) { return record.partition == 3 && record.offset == 1; });
        world.start();
        world.group.give({p0, suspicious});
        QVERIFY(world.handler->waitUntilSeen(suspicious, 1));
        QVERIFY(world.handler->seen(p0).empty());
        QCOMPARE(world.group.committed(suspicious), std::optional<std::int64_t>(1));
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 3));
        QVERIFY(world.untilCommitted(suspicious, 3));
        QVERIFY(world.group.letters().empty());
        QVERIFY(world.stop());
        world.session.reset();
        QVERIFY((*RunningMarks::open(beside(), group, 1))->suspects().empty());
    }

    void aSuspectThatIsGoneOrGivenBackHoldsNobodyUp()
    {
        dieWith(beside(), 1, 0);
        World world;
        world.options.marksBeside = beside();
        const TopicPartition suspicious{"orders", 3};
        world.group.append(suspicious, "the suspect, 1, was compacted away");
        world.group.append(suspicious, "v", {}, {}, 5);
        world.group.appendMany(p0, 3);
        world.start();
        world.group.give({p0, suspicious});
        QVERIFY(world.untilCommitted(p0, 3));
        QVERIFY(world.untilCommitted(suspicious, 6));
    }

    void aSuspectWhosePartitionIsGivenBackHoldsNobodyUp()
    {
        dieWith(beside(), 1, 0);
        World world;
        world.options.marksBeside = beside();
        const TopicPartition suspicious{"orders", 3};
        world.group.appendMany(suspicious, 1);
        world.start();
        world.group.give({p0, suspicious});
        QVERIFY(world.untilCommitted(suspicious, 1));
        world.group.revoke({suspicious});
        world.group.appendMany(p0, 3);
        QVERIFY(world.untilCommitted(p0, 3));
    }

    void aSuspectThatWaitsForItsDeadLetterTopicHoldsOnlyItsPartition()
    {
        for (int i = 0; i < 3; ++i)
            dieWith(beside(), 1, 0);
        World world;
        world.options.marksBeside = beside();
        const TopicPartition suspicious{"orders", 3};
        world.group.appendMany(suspicious, 3);
        world.group.appendMany(p0, 3);
        world.group.holdLetters(true);
        world.start();
        world.group.give({p0, suspicious});
        QVERIFY(world.untilCommitted(p0, 3));
        QCOMPARE(world.group.committed(suspicious), std::optional<std::int64_t>(1));
        world.group.holdLetters(false);
        QVERIFY(world.untilCommitted(suspicious, 3));
    }

    void aRecordThatKillsTheProcessEachTimeIsDeadLettered()
    {
        for (int i = 0; i < 3; ++i)
            dieWith(beside(), 1, 0);
        World world;
        world.options.marksBeside = beside();
        const TopicPartition suspicious{"orders", 3};
        world.group.appendMany(suspicious, 3);
        world.start();
        world.group.give({suspicious});
        QVERIFY(world.untilCommitted(suspicious, 3));
        QCOMPARE(world.handler->seen(suspicious), (std::vector<std::int64_t>{0, 2}));
        const auto letters = world.group.letters();
        QCOMPARE(letters.size(), std::size_t(1));
        QCOMPARE(*lastHeader(letters.front().headers, "dlq.error.class"),
                 std::string("ProcessDied"));
        QCOMPARE(*lastHeader(letters.front().headers, "dlq.attempts"), std::string("3"));
    }

private:
    std::filesystem::path beside() const { return m_dir->filePath("db").toStdString(); }
    std::unique_ptr<QTemporaryDir> m_dir;
};

QTEST_GUILESS_MAIN(MarksTest)
#include "tst_marks.moc"
