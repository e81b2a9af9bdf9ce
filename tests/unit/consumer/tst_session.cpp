#include "tests/unit/consumer/sessionworld.h"

using namespace redrive;
using namespace redrive::consumer;
using Kind = CommitStrategy::Kind;

class SessionTest : public QObject
{
    Q_OBJECT
private slots:
    void processesWhatItIsGivenAndCommitsBehindTheLast()
    {
        World world;
        world.group.appendMany(p0, 3);
        world.group.appendMany(p1, 2);
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.untilCommitted(p0, 3));
        QVERIFY(world.untilCommitted(p1, 2));
        QCOMPARE(world.handler->seen(p0), (std::vector<std::int64_t>{0, 1, 2}));
        const auto commits = world.group.commits();
        QVERIFY(!commits.empty());
        QCOMPARE(commits.front().front().leaderEpoch, std::optional<std::int32_t>(7));
    }

    void goesOnFromTheCommit()
    {
        World world;
        world.group.appendMany(p0, 5);
        world.group.setCommitted(p0, 3);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 5));
        QCOMPARE(world.handler->seen(p0), (std::vector<std::int64_t>{3, 4}));
    }

    void gapsInTheLogAreNotWaitedFor()
    {
        World world;
        world.group.append(p0, "a", {}, {}, 10);
        world.group.append(p0, "b", {}, {}, 11);
        world.group.append(p0, "c", {}, {}, 15);
        world.group.setLogStart(p0, 10);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 16));
    }

    void neverCommitsBehindARecordThatIsNotFinished()
    {
        World world;
        world.group.appendMany(p0, 4);
        world.handler->hold([](const RecordView &record) { return record.offset == 2; });
        world.options.commit = CommitStrategy{.kind = Kind::Sync};
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 2));
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(2));
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 4));
    }

    void syncWaitsForTheBrokerBeforeTheNextRecordOfThePartition()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Sync};
        world.group.appendMany(p0, 2);
        world.group.appendMany(p1, 1);
        world.group.holdCommits(true);
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.handler->waitUntilSeen(p0, 0));
        QVERIFY(world.handler->waitUntilSeen(p1, 0));
        QVERIFY(world.until([&] {
            std::size_t positions = 0;
            for (const auto &commit : world.group.commits())
                positions += commit.size();
            return positions == 2;
        }));
        QCOMPARE(world.handler->seen(p0).size(), std::size_t(1));
        world.group.holdCommits(false);
        QVERIFY(world.handler->waitUntilSeen(p0, 1));
    }

    void batchCommitsAfterSoManyRecords()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Batch, .count = 10};
        world.group.appendMany(p0, 25);
        world.handler->hold([](const RecordView &record) { return record.offset == 24; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 24));
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 25));
        QVERIFY(world.stop());
    }

    void autoStoresBehindWhatIsProcessedAndCommitsWhenItEnds()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Auto};
        world.group.appendMany(p0, 3);
        world.start();
        world.group.give({p0});
        QVERIFY(world.until([&] { return world.handler->seen(p0).size() == 3; }));
        QVERIFY(world.group.commits().empty());
        QVERIFY(world.stop());
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(3));
        QCOMPARE(world.group.calls().front(), std::string("assign"));
        const auto calls = world.group.calls();
        QVERIFY(std::find(calls.begin(), calls.end(), "store") != calls.end());
    }

    void aCommitThatFailsForAWhileIsRepeated()
    {
        World world;
        world.group.refuseCommits(
            {brokerError("COORDINATOR_LOAD_IN_PROGRESS"), brokerError("REBALANCE_IN_PROGRESS")});
        world.group.appendMany(p0, 1);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 1));
        QVERIFY(world.await<told::Committed>(
            [](const told::Committed &event) { return !event.error; }));
    }

    void aFencedMemberStopsAndSaysWhy()
    {
        World world;
        world.group.refuseCommits({brokerError("FENCED_INSTANCE_ID")});
        world.group.appendMany(p0, 1);
        world.start();
        world.group.give({p0});
        const auto *stopped = world.await<told::Stopped>();
        QVERIFY(stopped != nullptr);
        QCOMPARE(stopped->reason, std::string("error"));
        QCOMPARE(stopped->exit, 1);
        QCOMPARE(world.group.committed(p0), std::nullopt);
    }

    void aZombiesCommitIsNeitherRepeatedNorFatal()
    {
        World world;
        world.group.refuseCommits({brokerError("ILLEGAL_GENERATION")});
        world.group.appendMany(p0, 1);
        world.start();
        world.group.give({p0});
        const auto *committed = world.await<told::Committed>();
        QVERIFY(committed != nullptr);
        QVERIFY(committed->error.has_value());
        world.group.revoke({p0}, true);
        QVERIFY(world.await<told::Revoked>() != nullptr);
        QCOMPARE(world.group.commits().size(), std::size_t(1));
        QVERIFY(!world.session->ended());
    }

    void stoppingFinishesWhatAHandlerHasCommitsAndLeaves()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Every, .interval = Millis(60'000)};
        world.group.appendMany(p0, 100);
        world.handler->hold([](const RecordView &record) { return record.offset == 5; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 5));
        world.session->stop();
        QVERIFY(world.until(
            [&] { return world.session->snapshot()->state == SessionState::Draining; }));
        world.handler->release();
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto *stopped = world.await<told::Stopped>();
        QVERIFY(stopped != nullptr);
        QCOMPARE(stopped->exit, 0);
        QCOMPARE(stopped->processed, std::uint64_t(6));
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(6));
        QVERIFY(world.group.hasLeft());
    }

    void aDrainHasALimitAndCommitsNothingUnfinished()
    {
        World world;
        world.options.drain = Millis(50);
        world.group.appendMany(p0, 2);
        world.handler->hold([](const RecordView &record) { return record.offset == 1; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 1));
        QVERIFY(world.stop());
        const auto *stopped = world.await<told::Stopped>();
        QVERIFY(stopped != nullptr);
        QCOMPARE(stopped->exit, 1);
        QVERIFY(world.group.committed(p0).value_or(0) <= 1);
        world.handler->release();
    }

    void killingCommitsNothingAndDoesNotLeave()
    {
        World world;
        world.options.commit = CommitStrategy{.kind = Kind::Every, .interval = Millis(60'000)};
        world.group.appendMany(p0, 3);
        world.start();
        world.group.give({p0});
        QVERIFY(world.until([&] { return world.handler->seen(p0).size() == 3; }));
        world.session->kill();
        QVERIFY(world.session->wait(Millis(10'000)));
        QVERIFY(world.group.commits().empty());
        QVERIFY(!world.group.hasLeft());
        QCOMPARE(world.session->snapshot()->state, SessionState::Killed);
    }

    void maxStopsAfterExactlySoManyRecords()
    {
        World world;
        world.options.most = 7;
        world.group.appendMany(p0, 50);
        world.group.appendMany(p1, 50);
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.session->wait(Millis(10'000)));
        QCOMPARE(world.handler->seen(p0).size() + world.handler->seen(p1).size(), std::size_t(7));
        const auto *stopped = world.await<told::Stopped>();
        QVERIFY(stopped != nullptr);
        QCOMPARE(stopped->reason, std::string("max"));
        QCOMPARE(world.group.committed(p0).value_or(0) + world.group.committed(p1).value_or(0),
                 std::int64_t(7));
    }

    void maxLosesNothingWhenRoomComesBackByARevoke()
    {
        World world;
        world.options.most = 100;
        world.group.appendMany(p0, 60);
        world.group.appendMany(p1, 300);
        world.handler->hold([](const RecordView &) { return true; });
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.handler->waitUntilSeen(p0, 0));
        QVERIFY(world.handler->waitUntilSeen(p1, 0));
        world.group.revoke({p0});
        world.handler->release();
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto seen = world.handler->seen(p1);
        const auto committed = world.group.committed(p1).value_or(0);
        QVERIFY2(committed <= static_cast<std::int64_t>(seen.size()), "committed, never handled");
        QCOMPARE(seen.size() + world.handler->seen(p0).size(), std::size_t(100));
    }

    void aLogThatIsShorterThanTheCommitIsSaidAndReadAgain()
    {
        World world;
        world.group.appendMany(p0, 3);
        world.group.setCommitted(p0, 500);
        world.group.truncateTo(p0, 0);
        world.start();
        world.group.give({p0});
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr);
        QCOMPARE(problem->error.code, std::string("LOG_WENT_BACK"));
        QVERIFY(world.untilCommitted(p0, 3));
    }

    void untilEndStopsWhereEachPartitionEndedAtTheStart()
    {
        World world;
        world.options.untilEnd = true;
        world.group.appendMany(p0, 4);
        world.group.give({p0, p1});
        world.start();
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto *stopped = world.await<told::Stopped>();
        QVERIFY(stopped != nullptr);
        QCOMPARE(stopped->reason, std::string("until_end"));
        QCOMPARE(stopped->exit, 0);
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(4));
    }

    void untilEndWaitsForPartitionsThatADeadMemberHasNotGivenBack()
    {
        World world;
        world.options.untilEnd = true;
        world.group.appendMany(p0, 4);
        world.group.appendMany(p1, 3);
        world.group.setCommitted(p1, 1);
        world.group.give({p0});
        world.start();
        QVERIFY(world.untilCommitted(p0, 4));
        const auto hasLooked = [&] {
            const auto calls = world.group.calls();
            return std::count(calls.begin(), calls.end(), "lookUpElsewhere") >= 2;
        };
        QVERIFY(world.until(hasLooked));
        QVERIFY(!world.session->ended());
        world.group.give({p1});
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto *stopped = world.await<told::Stopped>();
        QVERIFY(stopped != nullptr);
        QCOMPARE(stopped->reason, std::string("until_end"));
        QCOMPARE(world.group.committed(p1), std::optional<std::int64_t>(3));
    }

    void untilEndReadsWhatItIsGivenWhileItAsksForTheOthers()
    {
        World world;
        world.options.untilEnd = true;
        world.group.appendMany(p0, 4);
        world.group.appendMany(p1, 3);
        world.group.giveWhenOthersAreAskedFor({p1});
        world.group.give({p0});
        world.start();
        QVERIFY(world.session->wait(Millis(10'000)));
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(4));
        QCOMPARE(world.group.committed(p1), std::optional<std::int64_t>(3));
    }

    void untilEndEndsWithTheMembersThatHaveTheRest()
    {
        World world;
        world.options.untilEnd = true;
        world.group.appendMany(p0, 4);
        world.group.appendMany(p1, 3);
        world.group.give({p0});
        world.start();
        QVERIFY(world.untilCommitted(p0, 4));
        world.group.setCommitted(p1, 3);
        QVERIFY(world.session->wait(Millis(10'000)));
        QCOMPARE(world.await<told::Stopped>()->exit, 0);
        QVERIFY(world.handler->seen(p1).empty());
    }

    void lostRecordsAreCountedBeforeItGoesOn()
    {
        World world;
        world.group.append(p0, "late", {}, {}, 100);
        world.group.setLogStart(p0, 100);
        world.group.setCommitted(p0, 40);
        world.start();
        world.group.give({p0});
        const auto *lost = world.await<told::Problem>();
        QVERIFY(lost != nullptr);
        QCOMPARE(lost->error.code, std::string("RECORDS_LOST"));
        QCOMPARE(lost->lost, std::optional<std::int64_t>(60));
        QVERIFY(world.untilCommitted(p0, 101));
    }

    void resetErrorStopsBeforeAnythingIsRead()
    {
        World world;
        world.options.reset = kafka::ResetPolicy::Error;
        world.group.appendMany(p0, 3);
        world.start();
        world.group.give({p0});
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr);
        QCOMPARE(problem->error.code, std::string("NO_OFFSET"));
        QVERIFY(world.handler->seen(p0).empty());
        QCOMPARE(world.session->snapshot()->stopped->exit, 1);
    }

    void countersAddUp()
    {
        World world({}, [](const RecordView &record) -> std::optional<Failure> {
            if (record.offset % 10 == 3)
                return poison();
            return std::nullopt;
        });
        world.group.appendMany(p0, 40);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 40));
        QVERIFY(world.stop());
        const Counters counters = world.session->snapshot()->counters;
        QCOMPARE(counters.received,
                 counters.processed + counters.deadLettered + counters.skipped + counters.dropped);
        QCOMPARE(counters.processed, std::uint64_t(36));
        QCOMPARE(counters.deadLettered, std::uint64_t(4));
    }

    void aSlowReaderOfEventsHoldsIntakeWhereNoneMayBeLost()
    {
        World world;
        world.options.eventCapacity = 10;
        world.options.losesNoEvent = true;
        world.options.reportEach = true;
        world.group.appendMany(p0, 5000);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 5000));
        QVERIFY(world.stop());
        QCOMPARE(world.all<told::Processed>().size(), std::size_t(5000));
    }
};

QTEST_GUILESS_MAIN(SessionTest)
#include "tst_session.moc"
