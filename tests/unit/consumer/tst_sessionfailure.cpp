#include "tests/unit/consumer/sessionworld.h"

#include <QTemporaryDir>

#include <filesystem>

using namespace redrive;
using namespace redrive::consumer;
using Kind = CommitStrategy::Kind;

namespace {

std::string text(const OutgoingRecord &record, std::string_view name)
{
    const std::string *value = lastHeader(record.headers, name);
    return value == nullptr ? "(none)" : *value;
}

} // namespace

class SessionFailureTest : public QObject
{
    Q_OBJECT
private slots:
    void poisonIsDeadLetteredAtOnceWithItsBytesAndReason()
    {
        World world({}, [](const RecordView &record) -> std::optional<Failure> {
            if (record.offset == 1)
                return poison();
            return std::nullopt;
        });
        world.group.append(p0, "good");
        world.group.append(p0, std::nullopt, "key\xff", {{"trace", "a"}, {"trace", std::nullopt}});
        world.group.append(p0, "good too");
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 3));
        const auto letters = world.group.letters();
        QCOMPARE(letters.size(), std::size_t(1));
        const OutgoingRecord &letter = letters.front();
        QCOMPARE(letter.topic, std::string("orders.dlq"));
        QCOMPARE(letter.partition, std::optional<std::int32_t>(0));
        QCOMPARE(letter.key, std::optional<std::string>("key\xff"));
        QCOMPARE(letter.value, std::nullopt);
        QCOMPARE(letter.headers[0], (Header{"trace", "a"}));
        QCOMPARE(letter.headers[1], (Header{"trace", std::nullopt}));
        QCOMPARE(text(letter, "dlq.origin.topic"), std::string("orders"));
        QCOMPARE(text(letter, "dlq.origin.offset"), std::string("1"));
        QCOMPARE(text(letter, "dlq.origin.group"), std::string("billing"));
        QCOMPARE(text(letter, "dlq.error.stage"), std::string("decode"));
        QCOMPARE(text(letter, "dlq.error.retriable"), std::string("false"));
        QCOMPARE(text(letter, "dlq.attempts"), std::string("1"));
        QCOMPARE(world.handler->seen(p0), (std::vector<std::int64_t>{0, 1, 2}));
    }

    void aPassingFailureIsTriedAgainInOrderAndOthersFlow()
    {
        auto failures = std::make_shared<std::atomic<int>>(0);
        World world({}, [failures](const RecordView &record) -> std::optional<Failure> {
            if (record.partition == 0 && record.offset == 1 && failures->fetch_add(1) < 2)
                return passing();
            return std::nullopt;
        });
        world.group.appendMany(p0, 3);
        world.group.appendMany(p1, 3);
        world.start();
        world.group.give({p0, p1});
        QVERIFY(world.untilCommitted(p0, 3));
        QVERIFY(world.untilCommitted(p1, 3));
        QCOMPARE(world.handler->seen(p0), (std::vector<std::int64_t>{0, 1, 1, 1, 2}));
        QCOMPARE(world.all<told::Retry>().size(), std::size_t(2));
        QVERIFY(world.group.letters().empty());
    }

    void afterSoManyRetriesItIsADeadLetter()
    {
        World world({}, [](const RecordView &record) -> std::optional<Failure> {
            if (record.offset == 0)
                return passing("no luck");
            return std::nullopt;
        });
        world.group.appendMany(p0, 2);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 2));
        QCOMPARE(world.handler->seen(p0), (std::vector<std::int64_t>{0, 0, 0, 0, 1}));
        QCOMPARE(text(world.group.letters().front(), "dlq.attempts"), std::string("4"));
        const auto *dead = world.await<told::DeadLettered>();
        QVERIFY(dead != nullptr);
        QCOMPARE(dead->attempts, std::size_t(4));
    }

    void theSourceOffsetWaitsForTheDeadLettersAcknowledgement()
    {
        World world({}, [](const RecordView &) { return poison(); });
        world.group.append(p0, "bad");
        world.group.holdLetters(true);
        world.start();
        world.group.give({p0});
        QVERIFY(world.until([&] {
            const auto snapshot = world.session->snapshot();
            return !snapshot->lanes.empty() &&
                   snapshot->lanes.front().state == LaneState::DeadLettering;
        }));
        QVERIFY(world.group.commits().empty());
        world.group.holdLetters(false);
        QVERIFY(world.untilCommitted(p0, 1));
    }

    void aDeadLetterTopicThatIsNotThereStopsThePartitionAndSaysSo()
    {
        World world({}, [](const RecordView &record) -> std::optional<Failure> {
            if (record.partition == 0)
                return poison();
            return std::nullopt;
        });
        world.group.refuseLetters(
            {brokerError("UNKNOWN_TOPIC_OR_PARTITION"), brokerError("UNKNOWN_TOPIC_OR_PARTITION")});
        world.group.append(p0, "bad");
        world.group.appendMany(p1, 2);
        world.start();
        world.group.give({p0, p1});
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr);
        QCOMPARE(problem->error.code, std::string("UNKNOWN_TOPIC_OR_PARTITION"));
        QVERIFY(problem->error.message.find("orders.dlq") != std::string::npos);
        QVERIFY(world.untilCommitted(p1, 2));
        QVERIFY(world.untilCommitted(p0, 1)); // the third time it was there
        QCOMPARE(world.group.letters().size(), std::size_t(1));
    }

    void aLetterThatIsTooLargeIsShortenedInOurWordsOnly()
    {
        World world({}, [](const RecordView &) { return poison(std::string(5000, 'x')); });
        world.group.refuseLetters({brokerError("MESSAGE_TOO_LARGE"),
                                   brokerError("MESSAGE_TOO_LARGE"),
                                   brokerError("MESSAGE_TOO_LARGE")});
        world.group.append(p0, "bad");
        world.start();
        world.group.give({p0});
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr); // the third time there is nothing left to shorten: it waits
        QCOMPARE(problem->error.code, std::string("MESSAGE_TOO_LARGE"));
        QVERIFY(world.untilCommitted(p0, 1));
        const auto letter = world.group.letters().front();
        QCOMPARE(letter.value, std::optional<std::string>("bad"));
        QCOMPARE(text(letter, "dlq.error.message"), std::string("(none)"));
    }

    void skippingPoisonCountsAndTells()
    {
        World world([](SessionOptions &options) { options.onPoison = OnPoison::Skip; },
                    [](const RecordView &record) -> std::optional<Failure> {
                        if (record.offset == 0)
                            return poison();
                        return std::nullopt;
                    });
        world.group.appendMany(p0, 2);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 2));
        const auto skipped = world.all<told::Skipped>();
        QCOMPARE(skipped.size(), std::size_t(1));
        QCOMPARE(skipped.front().reason, std::string("poison"));
        QVERIFY(world.group.letters().empty());
    }

    void stoppingAtPoisonCommitsWhatIsBeforeItAndEndsWithOne()
    {
        World world([](SessionOptions &options) { options.onPoison = OnPoison::Stop; },
                    [](const RecordView &record) -> std::optional<Failure> {
                        if (record.offset == 2)
                            return poison();
                        return std::nullopt;
                    });
        world.group.appendMany(p0, 5);
        world.start();
        world.group.give({p0});
        QVERIFY(world.session->wait(Millis(10'000)));
        QCOMPARE(world.group.committed(p0), std::optional<std::int64_t>(2));
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr);
        QCOMPARE(problem->error.code, std::string("POISON_RECORD"));
        QCOMPARE(world.session->snapshot()->stopped->exit, 1);
    }

    void aFullDiskOpensTheBreakerAndDeadLettersNothing()
    {
        auto full = std::make_shared<std::atomic<bool>>(true);
        World world({}, [full](const RecordView &) -> std::optional<Failure> {
            if (*full)
                return environment();
            return std::nullopt;
        });
        world.group.appendMany(p0, 20);
        world.group.appendMany(p1, 20);
        world.start();
        world.group.give({p0, p1});
        const auto *open = world.await<told::Problem>();
        QVERIFY(open != nullptr);
        QCOMPARE(open->error.code, std::string("BREAKER_OPEN"));
        QVERIFY(world.until([&] { return world.session->snapshot()->breaker.open; }));
        *full = false;
        QVERIFY(world.untilCommitted(p0, 20));
        QVERIFY(world.untilCommitted(p1, 20));
        QVERIFY(world.group.letters().empty());
        QVERIFY(world.until([&] { return !world.session->snapshot()->breaker.open; }));
    }

    void whenEverythingFailsTheWorldIsNotDeadLettered()
    {
        World world([](SessionOptions &options) { options.retry.retries = 0; },
                    [](const RecordView &) { return passing("downstream is gone"); });
        world.group.appendMany(p0, 500);
        world.start();
        world.group.give({p0});
        QVERIFY(world.await<told::Problem>(
            [](const told::Problem &problem) { return problem.error.code == "BREAKER_OPEN"; }));
        QVERIFY(world.group.letters().size() < Breaker::least);
    }

    void theBreakerTriesOneKeyAfterTheOther()
    {
        auto gone = std::make_shared<std::atomic<bool>>(true);
        World world(
            [](SessionOptions &options) {
                options.ordering = Ordering::Key;
                options.retry.retries = 0;
            },
            [gone](const RecordView &record) -> std::optional<Failure> {
                if (*gone || record.key == "bad")
                    return passing("downstream is gone");
                return std::nullopt;
            });
        for (int i = 0; i < 400; ++i)
            world.group.append(p0, "v", i % 8 == 0 ? "bad" : "key " + std::to_string(i % 8));
        world.start();
        world.group.give({p0});
        QVERIFY(world.until([&] { return world.session->snapshot()->breaker.open; }));
        *gone = false;
        QVERIFY(world.until([&] { return world.session->snapshot()->counters.processed > 100; }));
    }

    void whatTheHandlerThrowsIsAFailureOfThatRecord()
    {
        World world({}, [](const RecordView &record) -> std::optional<Failure> {
            if (record.offset == 3)
                throw 42;
            return std::nullopt;
        });
        world.options.retry.retries = 1;
        world.group.appendMany(p0, 6);
        world.start();
        world.group.give({p0});
        QVERIFY(world.untilCommitted(p0, 6));
        QCOMPARE(world.group.letters().size(), std::size_t(1));
        QCOMPARE(text(world.group.letters().front(), "dlq.origin.offset"), std::string("3"));
        QCOMPARE(text(world.group.letters().front(), "dlq.attempts"), std::string("2"));
    }

    void stoppingInTheMiddleOfALongBackOffIsPrompt()
    {
        World world(
            [](SessionOptions &options) {
                options.retry = {.retries = 5, .base = Millis(60'000), .cap = Millis(60'000)};
            },
            [](const RecordView &) { return passing(); });
        world.group.append(p0, "bad");
        world.start();
        world.group.give({p0});
        QVERIFY(world.await<told::Retry>() != nullptr);
        const auto before = monoNow();
        QVERIFY(world.stop());
        QVERIFY(monoNow() - before < Millis(2'000));
        QVERIFY(world.group.commits().empty());
    }

    void aSourceThatIsItsOwnDeadLetterTopicIsRefused()
    {
        World world([](SessionOptions &options) { options.topics = {"orders", "orders.dlq"}; });
        world.start();
        QVERIFY(world.session->wait(Millis(10'000)));
        const auto *problem = world.await<told::Problem>();
        QVERIFY(problem != nullptr);
        QCOMPARE(problem->error.kind, Error::Kind::Usage);
    }
};

QTEST_GUILESS_MAIN(SessionFailureTest)
#include "tst_sessionfailure.moc"
