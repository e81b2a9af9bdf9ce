#include "core/events/translate.h"
#include "tests/unit/events/handlerworld.h"

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;
using consumer::Failure;

namespace {

/// A broker in memory that answers at once, from another thread where asked to.
class FakeWriter final : public kafka::RecordWriter
{
public:
    void send(OutgoingRecord record, Reply reply) override
    {
        if (beforeSend)
            beforeSend();
        const auto place = sent.size();
        const auto refusal = refuse ? refuse(place) : std::nullopt;
        sent.push_back(std::move(record));
        if (refusal)
            reply(*refusal);
        else
            reply(kafka::Delivered{.partition = 1, .offset = Offset(100 + place)});
    }
    bool flush(Millis /*timeout*/) override { return true; }

    std::vector<OutgoingRecord> sent;
    std::function<void()> beforeSend;
    std::function<std::optional<Error>(std::size_t place)> refuse;
};

Error brokerError(const char *code)
{
    return {.kind = Error::Kind::Broker,
            .code = code,
            .message = "no",
            .attempted = "writing",
            .retriable = {}};
}

std::string completed(const std::string &event, const char *recurrence = "daily")
{
    return taskJson(event, "completed",
                    R"({"title":"Water","colour":"blue","recurrence":")"s + recurrence +
                        R"(","due_at":"2026-11-21T18:00:00Z"})");
}

struct RecurringWorld : World
{
    RecurringWorld()
        : writer(std::make_shared<FakeWriter>())
    {
        settings.writer = writer;
        settings.now = [] { return WallTime(Millis(1'795'260'000'000)); };
    }
    std::string states() const
    {
        return rows("SELECT event_id, state, produced_partition, produced_offset FROM recurring "
                    "ORDER BY rowid",
                    4);
    }
    std::shared_ptr<FakeWriter> writer;
};

} // namespace

class RecurringTest : public QObject
{
    Q_OBJECT

private slots:
    void aWriterIsNeeded()
    {
        World world;
        const auto refused = makeHandler("recurring", world.settings);
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == Error::Kind::Usage);
    }

    void aCompletedTaskMakesTheNextOccurrence()
    {
        const RecurringWorld world;
        Records records("task-events");
        records.add(completed("e-1"));
        const auto result = World::run(*world.make("recurring"), records);
        QCOMPARE(result.done, std::size_t{1});
        QVERIFY(!result.failure);
        QCOMPARE(world.writer->sent.size(), std::size_t{1});
        const OutgoingRecord &sent = world.writer->sent.front();
        const std::string next = uuidOfNext(world);
        QCOMPARE(sent.topic, "task-events"s);
        QCOMPARE(sent.key, std::optional("u-7"s));
        QVERIFY(!sent.partition);
        QVERIFY(sent.value->find("\"event_id\":\"" + next + "\"") != std::string::npos);
        QVERIFY(sent.value->find(R"("colour":"blue")") != std::string::npos);
        const auto made = readTaskEvent(*sent.value, {});
        QVERIFY(bool(made));
        QVERIFY(made->type == TaskEventType::Created);
        QCOMPARE(toRfc3339(*made->dueAt), "2026-11-22T18:00:00.000Z"s);
        QCOMPARE(world.rows("SELECT event_id, task_id, user_id, next_task_id, next_due_at, state, "
                            "produced_partition, produced_offset FROM recurring",
                            8),
                 "e-1|task-1|u-7|" + next + "|2026-11-22T18:00:00.000Z|produced|1|100");
        QCOMPARE(world.rows("SELECT id FROM inbox", 1), "e:e-1"s);
    }

    void otherEventsAreProcessedWithoutEffect()
    {
        const RecurringWorld world;
        Records records("task-events");
        records.add(taskJson("e-1", "created")).add(completed("e-2", "none"));
        records.add(taskJson("e-3", "deleted"));
        const auto result = World::run(*world.make("recurring"), records);
        QCOMPARE(result.done, std::size_t{3});
        QVERIFY(world.writer->sent.empty());
        QCOMPARE(world.count("recurring"), 0);
        QCOMPARE(world.count("inbox"), 3);
    }

    void theRowIsPendingBeforeTheRecordIsSentAndNothingIsDoneBeforeItIsAcknowledged()
    {
        const RecurringWorld world;
        std::string before;
        world.writer->beforeSend = [&] {
            before = world.states() + " " + std::to_string(world.count("inbox"));
        };
        Records records("task-events");
        records.add(completed("e-1"));
        World::run(*world.make("recurring"), records);
        QCOMPARE(before, "e-1|pending|NULL|NULL 0"s);
    }

    void anEventThatComesAgainIsProducedOnce()
    {
        for (const Dedupe dedupe : {Dedupe::ByEventId, Dedupe::ByOrigin, Dedupe::None}) {
            RecurringWorld world;
            world.settings.dedupe = dedupe;
            const auto handler = world.make("recurring");
            Records records("task-events");
            records.add(completed("e-1")).add(completed("e-1")).add(completed("e-2"));
            QCOMPARE(World::run(*handler, records).done, std::size_t{3});
            QCOMPARE(World::run(*handler, records).done, std::size_t{3});
            QCOMPARE(World::run(*world.make("recurring"), records).done, std::size_t{3});
            QCOMPARE(world.writer->sent.size(), std::size_t{2});
        }
    }

    void duplicatesAreSaid()
    {
        const RecurringWorld world;
        const auto handler = world.make("recurring");
        Records records("task-events");
        records.add(completed("e-1")).add(completed("e-1")).add(taskJson("e-2", "created"));
        QCOMPARE(duplicates(World::run(*handler, records)), "1"s);
        QCOMPARE(duplicates(World::run(*handler, records)), "0 1 2"s);
    }

    void aProcessThatDiesAfterSendingRepeatsTheSameEventAndThenItIsDone()
    {
        const RecurringWorld world;
        const pid_t child = ::fork();
        if (child == 0) {
            world.writer->beforeSend = [] { ::kill(::getpid(), SIGKILL); };
            Records records("task-events");
            records.add(completed("e-1"));
            World::run(*world.make("recurring"), records);
            ::_exit(0);
        }
        ::waitpid(child, nullptr, 0);
        QCOMPARE(world.states(), "e-1|pending|NULL|NULL"s);
        const std::string next = uuidOfNext(world);
        Records records("task-events");
        records.add(completed("e-1"));
        const auto result = World::run(*world.make("recurring"), records);
        QCOMPARE(result.done, std::size_t{1});
        QCOMPARE(duplicates(result), ""s);
        QCOMPARE(world.states(), "e-1|produced|1|100"s);
        QVERIFY(world.writer->sent.at(0).value->find(next) != std::string::npos);
        QCOMPARE(uuidOfNext(world), next);
    }

    void aBrokerThatIsAwayIsNobodysFaultAndThoseBeforeAreDone()
    {
        const RecurringWorld world;
        const auto handler = world.make("recurring");
        Records records("task-events");
        for (const char *event : {"e-0", "e-1", "e-2"})
            records.add(completed(event));
        world.writer->refuse = [](std::size_t place) {
            return place == 1 ? std::optional(brokerError("_MSG_TIMED_OUT")) : std::nullopt;
        };
        const auto result = World::run(*handler, records);
        QCOMPARE(result.done, std::size_t{1});
        QVERIFY(result.failure->kind == Failure::Kind::Environment);
        QCOMPARE(result.failedEventId, "e-1"s);
        QCOMPARE(result.notes.size(), std::size_t{1});
        QCOMPARE(world.states(), "e-0|produced|1|100\ne-1|pending|NULL|NULL\ne-2|produced|1|102"s);
        QCOMPARE(world.count("inbox"), 1);

        Records rest("task-events", 1);
        rest.add(completed("e-1")).add(completed("e-2"));
        const auto again = World::run(*handler, rest);
        QCOMPARE(again.done, std::size_t{2});
        QCOMPARE(duplicates(again), ""s);
        QCOMPARE(world.writer->sent.size(), std::size_t{4});
        QCOMPARE(world.count("inbox"), 3);
        QCOMPARE(world.states(), "e-0|produced|1|100\ne-1|produced|1|103\ne-2|produced|1|102"s);
    }

    void anOccurrenceThatTheBrokerWillNeverTakeIsTheRecordsOwnFault()
    {
        const RecurringWorld world;
        world.writer->refuse = [](std::size_t) { return brokerError("MESSAGE_TOO_LARGE"); };
        Records records("task-events");
        records.add(completed("e-1"));
        const auto result = World::run(*world.make("recurring"), records);
        QVERIFY(result.failure->kind == Failure::Kind::Transient);
        QVERIFY(result.failure->stage == consumer::Stage::Process);
    }

    void aDatabaseThatFailsAfterSendingMakesNoSecondRecord()
    {
        RecurringWorld world;
        world.settings.busyTimeout = Millis(20);
        const auto handler = world.make("recurring");
        const auto other = world.look();
        std::optional<store::Transaction> writing;
        world.writer->beforeSend = [&] { writing.emplace(*other); };
        Records records("task-events");
        records.add(completed("e-1"));
        const auto result = World::run(*handler, records);
        QCOMPARE(result.done, std::size_t{0});
        QVERIFY(result.failure->kind == Failure::Kind::Environment);
        writing.reset();
        QCOMPARE(World::run(*handler, records).done, std::size_t{1});
        QCOMPARE(world.writer->sent.size(), std::size_t{1});
        QCOMPARE(world.states(), "e-1|produced|1|100"s);
    }

    void aRowThatIsRefusedSpoilsNoneOfThoseBeforeIt()
    {
        const RecurringWorld world;
        const auto handler = world.make("recurring");
        world.execute("CREATE TRIGGER refuse BEFORE INSERT ON recurring WHEN NEW.event_id = 'e-2' "
                      "BEGIN SELECT RAISE(ABORT, 'not e-2'); END");
        Records records("task-events");
        for (const char *event : {"e-0", "e-1", "e-2", "e-3"})
            records.add(completed(event));
        const auto result = World::run(*handler, records);
        QCOMPARE(result.done, std::size_t{2});
        QVERIFY(result.failure->kind == Failure::Kind::Transient);
        QCOMPARE(result.failedEventId, "e-2"s);
        QCOMPARE(world.writer->sent.size(), std::size_t{2});
        QCOMPARE(world.count("inbox"), 2);
    }

    void aRecordThatIsNoMessageEndsTheBatch()
    {
        const RecurringWorld world;
        Records records("task-events");
        records.add(completed("e-0")).add(std::nullopt).add(completed("e-2"));
        const auto result = World::run(*world.make("recurring"), records);
        QCOMPARE(result.done, std::size_t{1});
        QVERIFY(result.failure->kind == Failure::Kind::Permanent);
        QCOMPARE(world.states(), "e-0|produced|1|100"s);
    }

    void aTraceGoesOnWithASpanOfItsOwn()
    {
        const RecurringWorld world;
        const auto parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"s;
        Records records("task-events");
        records.add(completed("e-1"), {{"traceparent", parent}, {"tracestate", "a=b"}});
        records.add(completed("e-2"));
        World::run(*world.make("recurring"), records);
        const Headers &headers = world.writer->sent.at(0).headers;
        const std::string made = *lastHeader(headers, "traceparent");
        QCOMPARE(made.substr(0, 36), parent.substr(0, 36));
        QVERIFY(made.substr(36, 16) != parent.substr(36, 16));
        QCOMPARE(made.substr(52), "-01"s);
        QCOMPARE(*lastHeader(headers, "tracestate"), "a=b"s);
        QVERIFY(world.writer->sent.at(1).headers.empty());
    }

    void aTracerGetsTheSpanThatTheRecordNames()
    {
        class Tracer final : public telemetry::Tracer
        {
        public:
            void record(telemetry::Span span) override { spans.push_back(std::move(span)); }
            std::uint64_t dropped() const override { return 0; }
            std::uint64_t exported() const override { return 0; }
            bool flush(Millis /*timeout*/) override { return true; }
            std::vector<telemetry::Span> spans;
        };
        RecurringWorld world;
        const auto tracer = std::make_shared<Tracer>();
        world.settings.tracer = tracer;
        Records records("task-events");
        records.add(completed("e-1"),
                    {{"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
        World::run(*world.make("recurring"), records);
        QCOMPARE(tracer->spans.size(), std::size_t{1});
        QCOMPARE(tracer->spans[0].name, "send task-events"s);
        QCOMPARE(telemetry::toTraceparent(tracer->spans[0].context),
                 *lastHeader(world.writer->sent.at(0).headers, "traceparent"));
        QVERIFY(tracer->spans[0].parent.has_value());
    }

    void oneEventThatComesToTwoWorkersAtOnceIsProducedOnce()
    {
        const RecurringWorld world;
        const auto handler = world.make("recurring");
        const auto run = [&](std::int64_t from) {
            for (int number = 0; number < 20; ++number) {
                Records records("task-events", from + number);
                records.add(completed("e-" + std::to_string(number)));
                World::run(*handler, records);
            }
        };
        std::thread one([&] { run(0); });
        std::thread other([&] { run(100); });
        one.join();
        other.join();
        QCOMPARE(world.writer->sent.size(), std::size_t{20});
    }

private:
    static std::string uuidOfNext(const World &world)
    {
        return world.rows("SELECT next_event_id FROM recurring", 1);
    }
};

QTEST_GUILESS_MAIN(RecurringTest)
#include "tst_recurring.moc"
