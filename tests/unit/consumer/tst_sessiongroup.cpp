#include "tests/unit/consumer/sessionworld.h"

using namespace redrive;
using namespace redrive::consumer;
using Kind = CommitStrategy::Kind;

class SessionGroupTest : public QObject
{
    Q_OBJECT
private slots:
    void givesBackAfterTheHandlerIsDoneAndTheCommitAcknowledged()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Every, .interval = Millis(60'000)};
        world.group.appendMany(p0, 10);
        world.handler->hold([](const RecordView &record) { return record.offset == 4; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 4));
        world.group.holdCommits(true);
        world.group.revoke({p0});
        QVERIFY(world.untilHeard());
        world.handler->release();
        QVERIFY(world.until([&] { return world.group.commits().size() == 1; }));
        QVERIFY(world.group.isAssigned(p0));
        world.group.holdCommits(false);
        const auto *revoked = world.await<told::Revoked>();
        QVERIFY(revoked != nullptr);
        QVERIFY(!revoked->lost);
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(5));
        const auto calls = world.group.calls();
        QCOMPARE(calls.back(), std::string("unassign"));
        QCOMPARE(calls[calls.size() - 2], std::string("commit"));
    }

    void lostPartitionsAreDroppedWithoutCommit()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Every, .interval = Millis(60'000)};
        world.group.appendMany(p0, 3);
        world.handler->hold([](const RecordView &record) { return record.offset == 2; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 2));
        world.group.revoke({p0}, true);
        const auto *revoked = world.await<told::Revoked>();
        QVERIFY(revoked != nullptr);
        QVERIFY(revoked->lost);
        world.handler->release();
        QVERIFY(world.until([&] { return world.session->snapshot()->counters.lateAcks > 0; }));
        QVERIFY(world.group.commits().empty());
    }

    void aLateFinishIsNotCountedForTheNextTimeThePartitionIsOurs()
    {
        World world;
        world.group.appendMany(p0, 1);
        world.handler->hold([](const RecordView &) { return true; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 0));
        world.group.revoke({p0}, true);
        QVERIFY(world.await<told::Revoked>() != nullptr);
        world.group.give({p0});
        QVERIFY(world.await<told::Assigned>([](const auto &) { return true; }) != nullptr);
        QVERIFY(world.until([&] { return world.handler->seen(p0).size() == 2; }));
        QVERIFY(world.group.commits().empty());
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 1));
        QVERIFY(world.until([&] { return world.session->snapshot()->counters.lateAcks == 1; }));
    }

    void whatStaysRunsOnWhileAnotherPartitionIsGivenBack()
    {
        World world;
        world.group.appendMany(p0, 5);
        world.group.appendMany(p1, 5);
        world.handler->hold(
            [](const RecordView &record) { return record.partition == 0 && record.offset == 2; });
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.handler->waitUntilSeen(p0, 2));
        world.group.revoke({p0});
        QVERIFY(world.untilCommitted(p1, 5));
        QVERIFY(world.group.isAssigned(p0));
        world.handler->release();
        QVERIFY(world.await<told::Revoked>() != nullptr);
    }

    void afterAnOwnerWhoDiesTheRecordComesAgain()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Every, .interval = Millis(60'000)};
        world.group.appendMany(p0, 2);
        world.start();
        world.group.give({p0});
        QVERIFY(world.until([&] { return world.handler->seen(p0).size() == 2; }));
        world.group.revoke({p0}, true);
        QVERIFY(world.await<told::Revoked>() != nullptr);
        world.group.give({p0});
        QVERIFY(world.until([&] { return world.handler->seen(p0).size() == 4; }));
        QCOMPARE(world.handler->seen(p0), (std::vector<std::int64_t>{0, 1, 0, 1}));
    }

    void aBlockedPartitionIsPausedBeforeItTakesAllTheRoom()
    {
        World world(
            [](SessionOptions &options) {
                options.bufferedRecords = 2000;
                options.retry = {.retries = 100, .base = Millis(60'000), .cap = Millis(60'000)};
            },
            [](const RecordView &record) -> std::optional<Failure> {
                if (record.partition == 0)
                    return passing();
                return std::nullopt;
            });
        world.group.appendMany(p0, 20'000);
        world.group.appendMany(p1, 5000);
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.untilCommitted(p1, 5000));
        QVERIFY(world.group.isPaused(p0));
        QVERIFY(world.group.taken() < 5000 + 4000);
    }

    void whatIsPausedAtTheConsumerIsResumedWhenItIsGivenBack()
    {
        World world(
            [](SessionOptions &options) {
                options.bufferedRecords = 100;
                options.retry = {.retries = 100, .base = Millis(60'000), .cap = Millis(60'000)};
            },
            [](const RecordView &) { return passing(); });
        world.group.appendMany(p0, 5000);
        world.start();
        world.group.give({p0});
        QVERIFY(world.until([&] { return world.group.isPaused(p0); }));
        world.group.revoke({p0});
        QVERIFY(world.await<told::Revoked>() != nullptr);
        QVERIFY(!world.group.isPaused(p0));
    }

    void keysAreHandledAtOnceAndEachInOrder()
    {
        World world([](SessionOptions &options) {
            options.ordering = Ordering::Key;
            options.workers = 2;
        });
        for (int i = 0; i < 50; ++i)
            world.group.append(p0, "v", "key " + std::to_string(i % 5));
        world.handler->hold([](const RecordView &record) { return record.offset == 0; });
        world.start();
        world.group.give({p0});
        // The others of the partition go on while the first is held; nothing behind it is
        // committed.
        QVERIFY(world.until([&] { return world.handler->seen(p0).size() > 5; }));
        QVERIFY(world.group.commits().empty());
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 50));
        std::map<std::int64_t, std::int64_t> last;
        for (const std::int64_t offset : world.handler->seen(p0)) {
            const auto [entry, isNew] = last.try_emplace(offset % 5, offset);
            QVERIFY(isNew || entry->second < offset);
            entry->second = offset;
        }
    }
};

QTEST_GUILESS_MAIN(SessionGroupTest)
#include "tst_sessiongroup.moc"
