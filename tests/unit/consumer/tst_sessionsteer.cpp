#include "tests/unit/consumer/sessionworld.h"

using namespace redrive;
using namespace redrive::consumer;
using Kind = CommitStrategy::Kind;

namespace {

/// It is carried out when the handler has finished the record that it has. Commands are taken in
/// their order, so the refusal of the second says that the first was.
void seekAndWaitUntilNoted(World &world, std::int64_t offset)
{
    world.session->seek(p0, Offset(offset));
    world.session->pause({"nobody's", 0});
    QVERIFY(world.await<told::Steered>([](const told::Steered &steered) {
        return steered.error && steered.error->code == "NOT_ASSIGNED";
    }));
}

} // namespace

class SessionSteerTest : public QObject
{
    Q_OBJECT
private slots:
    void rewindingHandlesTheRecordsAgainAndMovesTheCommitBackAtOnce()
    {
        World world;
        world.group.appendMany(p0, 10);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 10));
        world.handler->hold([](const RecordView &record) { return record.offset == 7; });
        world.session->rewind(p0, 3);
        const auto *steered = world.await<told::Steered>();
        QVERIFY(steered != nullptr);
        QVERIFY(!steered->error);
        QCOMPARE(steered->from, std::optional<Offset>(Offset(10)));
        QCOMPARE(steered->to, std::optional<Offset>(Offset(7)));
        QVERIFY(world.untilCommitted(p0, 7));
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 10));
        QCOMPARE(world.handler->seen(p0),
                 (std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 7, 8, 9}));
    }

    void theJournalHearsOfAMoveBeforeItAndWhenItIsCommitted()
    {
        World world;
        std::mutex mutex;
        std::vector<told::Steered> heard;
        world.group.appendMany(p0, 10);
        world.start([&](const told::Steered &steered) -> Result<void> {
            const std::scoped_lock lock(mutex);
            heard.push_back(steered);
            return {};
        });
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 10));
        world.handler->hold([](const RecordView &record) { return record.offset == 7; });
        world.session->rewind(p0, 3);
        QVERIFY(world.untilCommitted(p0, 7));
        const auto count = [&] {
            const std::scoped_lock lock(mutex);
            return heard.size();
        };
        QTRY_COMPARE(count(), std::size_t(2));
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 10));
        world.session.reset();
        QCOMPARE(heard.size(), std::size_t(2));
        QVERIFY(!heard[0].committed);
        QCOMPARE(heard[1].committed, std::optional(Offset(7)));
        QCOMPARE(heard[1].to, heard[0].to);
    }

    void aRewindWhileTheHandlerRunsIsCommittedAndNotWhatItJustFinished()
    {
        World world; // async: a commit would go out in the very turn of the seek
        world.group.appendMany(p0, 6);
        world.handler->hold([](const RecordView &record) { return record.offset == 5; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 5));
        seekAndWaitUntilNoted(world, 1);
        world.handler->hold([](const RecordView &record) { return record.offset == 1; });
        QVERIFY(world.await<told::Steered>() != nullptr);
        QVERIFY(world.untilCommitted(p0, 1));
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 6));
    }

    void seekingForwardSkipsWhatLiesBetween()
    {
        World world;
        world.group.appendMany(p0, 100);
        world.handler->hold([](const RecordView &record) { return record.offset == 2; });
        world.start();
        world.group.give({p0});
        QVERIFY(world.handler->waitUntilSeen(p0, 2));
        seekAndWaitUntilNoted(world, 98);
        world.handler->release();
        QVERIFY(world.untilCommitted(p0, 100));
        const auto seen = world.handler->seen(p0);
        QCOMPARE(seen.size(), std::size_t(5));
        QCOMPARE(seen.back(), std::int64_t(99));
    }

    void outOfTheLogIsRefusedAndNeverClamped()
    {
        World world;
        world.group.appendMany(p0, 3);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 3));
        world.session->seek(p0, Offset(50));
        const auto *steered = world.await<told::Steered>();
        QVERIFY(steered != nullptr);
        QVERIFY(steered->error.has_value());
        QCOMPARE(steered->error->code, std::string("OFFSET_OUT_OF_RANGE"));
        world.session->rewind(p0, 4);
        const auto *rewound = world.await<told::Steered>();
        QVERIFY(rewound != nullptr);
        QVERIFY(rewound->error.has_value());
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(3));
    }

    void skippingOneLetsThePartitionGoOn()
    {
        World world(
            [](SessionOptions &options) {
                options.retry = {.retries = 100, .base = Millis(60'000), .cap = Millis(60'000)};
            },
            [](const RecordView &record) -> std::optional<Failure> {
                if (record.offset == 1)
                    return passing();
                return std::nullopt;
            });
        world.group.appendMany(p0, 3);
        world.start();
        world.group.give({p0});
        QVERIFY(world.await<told::Retry>() != nullptr);
        world.session->skipOne(p0);
        QVERIFY(world.untilCommitted(p0, 3));
        const auto skipped = world.all<told::Skipped>();
        QCOMPARE(skipped.size(), std::size_t(1));
        QCOMPARE(skipped.front().record.offset, Offset(1));
    }

    void aPausedPartitionStandsStillAndOthersDoNot()
    {
        World world;
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.until([&] {
            const auto snapshot = world.session->snapshot();
            return snapshot->lanes.size() == 2 &&
                   snapshot->lanes.front().state == LaneState::Running;
        }));
        world.session->pause(p0);
        QVERIFY(world.await<told::Steered>() != nullptr);
        world.group.appendMany(p0, 3);
        world.group.appendMany(p1, 3);
        QVERIFY(world.untilCommitted(p1, 3));
        QVERIFY(world.handler->seen(p0).empty());
        world.session->resume(p0);
        QVERIFY(world.untilCommitted(p0, 3));
    }

    void whatTheJournalCannotKeepIsNotDone()
    {
        World world;
        world.group.appendMany(p0, 3);
        world.start([](const told::Steered &) -> Result<void> {
            return Error{.kind = Error::Kind::Internal,
                         .code = "SQLITE_FULL",
                         .message = "disk full",
                         .attempted = "writing the journal",
                         .retriable = false};
        });
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 3));
        world.session->rewind(p0, 2);
        const auto *steered = world.await<told::Steered>();
        QVERIFY(steered != nullptr);
        QVERIFY(steered->error.has_value());
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(3));
    }

    void aPartitionThatIsNotOursIsNotSteered()
    {
        World world;
        world.start();
        world.session->pause(p1);
        const auto *steered = world.await<told::Steered>();
        QVERIFY(steered != nullptr);
        QCOMPARE(steered->error->code, std::string("NOT_ASSIGNED"));
    }
};

QTEST_GUILESS_MAIN(SessionSteerTest)
#include "tst_sessionsteer.moc"
