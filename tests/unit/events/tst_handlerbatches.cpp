#include "tests/unit/events/handlerworld.h"

#include <csignal>
#include <filesystem>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;
using consumer::Failure;

namespace {

Records fiveOrders()
{
    Records records("orders");
    for (int number = 0; number < 5; ++number)
        records.add(orderJson("o-" + std::to_string(number), "e-" + std::to_string(number)));
    return records;
}

} // namespace

class HandlerBatchesTest : public QObject
{
    Q_OBJECT

private slots:
    void aRecordThatIsNoMessageEndsTheBatchAndThoseBeforeItAreStored()
    {
        const World world;
        Records records("orders");
        records.add(orderJson("o-0", "e-0")).add(orderJson("o-1", "e-1"));
        records.add(R"({"event_id":"e-2","order_id":1})").add(orderJson("o-3", "e-3"));
        const auto result = World::run(*world.make("orders"), records);
        QCOMPARE(result.done, std::size_t{2});
        QVERIFY(result.failure->kind == Failure::Kind::Permanent);
        QVERIFY(result.failure->stage == consumer::Stage::Decode);
        QCOMPARE(world.count("orders"), 2);
        QCOMPARE(world.count("inbox"), 2);
    }

    void aFirstRecordThatIsNoMessageNeedsNoDatabase()
    {
        World world;
        world.settings.busyTimeout = Millis(0);
        const auto handler = world.make("orders");
        const auto other = world.look();
        const store::Transaction writing(*other);
        Records records("orders");
        records.add("nonsense");
        QVERIFY(World::run(*handler, records).failure->kind == Failure::Kind::Permanent);
    }

    void aRecordThatATriggerRefusesSpoilsNoneOfThoseBeforeIt_data()
    {
        QTest::addColumn<QString>("raise");
        QTest::newRow("of the statement") << "RAISE(ABORT, 'not o-3')";
        QTest::newRow("of the whole transaction") << "RAISE(ROLLBACK, 'not o-3')";
        QTest::newRow("with what it has done left") << "RAISE(FAIL, 'not o-3')";
    }
    void aRecordThatATriggerRefusesSpoilsNoneOfThoseBeforeIt()
    {
        QFETCH(QString, raise);
        const World world;
        const auto handler = world.make("orders");
        world.execute("CREATE TRIGGER refuse BEFORE INSERT ON orders WHEN NEW.order_id = 'o-3' "
                      "BEGIN SELECT " +
                      raise.toStdString() + "; END");
        const auto result = World::run(*handler, fiveOrders());
        QCOMPARE(result.done, std::size_t{3});
        QVERIFY(result.failure->kind == Failure::Kind::Transient);
        QVERIFY(result.failure->stage == consumer::Stage::Process);
        QCOMPARE(result.failure->errorClass, "ConstraintViolation"s);
        QVERIFY(result.failure->message.find("not o-3 (SQLITE_CONSTRAINT_TRIGGER)") !=
                std::string::npos);
        QCOMPARE(result.failedEventId, "e-3"s);
        QCOMPARE(result.notes.size(), std::size_t{3});
        QCOMPARE(duplicates(result), ""s);
        QCOMPARE(world.rows("SELECT order_id, version FROM orders", 2), "o-0|1\no-1|1\no-2|1"s);
        QCOMPARE(world.rows("SELECT id FROM inbox", 1), "e:e-0\ne:e-1\ne:e-2"s);

        world.execute("DROP TRIGGER refuse");
        Records again = fiveOrders();
        QCOMPARE(duplicates(World::run(*handler, again)), "0 1 2"s);
        QCOMPARE(world.count("orders"), 5);
    }

    void halfAnEffectIsNone()
    {
        const World world;
        const auto handler = world.make("orders");
        world.execute("CREATE TRIGGER refuse BEFORE INSERT ON order_lines BEGIN SELECT "
                      "RAISE(ABORT, 'no lines'); END");
        Records records("orders");
        records.add(orderJson("o-0", "e-0"));
        records.add(orderJson("o-1", "e-1", "2",
                              R"(,"line_items":[{"product_id":"a","quantity":2,"unit_price":1}])"));
        QCOMPARE(World::run(*handler, records).done, std::size_t{1});
        QCOMPARE(world.count("orders"), 1);
        QCOMPARE(world.count("inbox"), 1);
    }

    void aFirstRecordThatIsRefusedLeavesNothing()
    {
        const World world;
        const auto handler = world.make("orders");
        world.execute("CREATE TRIGGER refuse BEFORE INSERT ON orders BEGIN SELECT "
                      "RAISE(ABORT, 'none'); END");
        const auto result = World::run(*handler, fiveOrders());
        QCOMPARE(result.done, std::size_t{0});
        QCOMPARE(result.failedEventId, "e-0"s);
        QCOMPARE(world.count("inbox"), 0);
    }

    void whatOnlyTheCommitRefusesIsFoundRecordByRecord()
    {
        const World world;
        const auto handler = world.make("orders");
        world.execute("CREATE TABLE allowed(order_id TEXT PRIMARY KEY);"
                      "CREATE TABLE checked(order_id TEXT REFERENCES allowed(order_id) "
                      "DEFERRABLE INITIALLY DEFERRED);"
                      "INSERT INTO allowed VALUES('o-0'), ('o-1'), ('o-3'), ('o-4');"
                      "CREATE TRIGGER later AFTER INSERT ON orders BEGIN INSERT INTO checked "
                      "VALUES(NEW.order_id); END");
        const auto result = World::run(*handler, fiveOrders());
        QCOMPARE(result.done, std::size_t{2});
        QVERIFY(result.failure->kind == Failure::Kind::Transient);
        QCOMPARE(result.failedEventId, "e-2"s);
        QCOMPARE(world.count("orders"), 2);
    }

    void aDatabaseThatIsBusyForTooLongIsNobodysFault()
    {
        World world;
        world.settings.busyTimeout = Millis(20);
        const auto handler = world.make("orders");
        const auto other = world.look();
        std::optional<store::Transaction> writing(std::in_place, *other);
        const auto result = World::run(*handler, fiveOrders());
        QCOMPARE(result.done, std::size_t{0});
        QVERIFY(result.failure->kind == Failure::Kind::Environment);
        QVERIFY(result.failure->message.find("e.db: ") != std::string::npos);
        QVERIFY(result.failure->message.find("SQLITE_BUSY") != std::string::npos);
        writing.reset();
        QCOMPARE(World::run(*handler, fiveOrders()).done, std::size_t{5});
    }

    void aDatabaseThatIsGoneIsNobodysFault()
    {
        const World world;
        const auto handler = world.make("orders");
        std::filesystem::remove(world.settings.database);
        const auto result = World::run(*handler, fiveOrders());
        QCOMPARE(result.done, std::size_t{0});
        QVERIFY(result.failure->kind == Failure::Kind::Environment);
        QVERIFY(!std::filesystem::exists(world.settings.database));
    }

    void aFullDiskIsNobodysFaultAndWorkGoesOnWhenThereIsRoom()
    {
        const World world;
        const pid_t child = ::fork();
        if (child == 0) {
            const auto handler = world.make("orders");
            ::signal(SIGXFSZ, SIG_IGN);
            rlimit limit{};
            ::getrlimit(RLIMIT_FSIZE, &limit);
            rlimit small = limit;
            small.rlim_cur = 100 * 1024;
            ::setrlimit(RLIMIT_FSIZE, &small);
            Records many("orders");
            for (int number = 0; number < 2000; ++number)
                many.add(orderJson("o-" + std::to_string(number), "e-" + std::to_string(number)));
            const auto result = World::run(*handler, many);
            const bool refused = result.done == 0 && result.failure &&
                                 result.failure->kind == Failure::Kind::Environment;
            ::setrlimit(RLIMIT_FSIZE, &limit);
            const bool wentOn = World::run(*handler, many).done == 2000;
            ::_exit(refused && wentOn ? 0 : refused ? 1 : 2);
        }
        int status = -1;
        ::waitpid(child, &status, 0);
        QCOMPARE(status, 0);
        QCOMPARE(world.count("orders"), 2000);
    }

    void aBatchEndsWhereTheSessionStops()
    {
        const World world;
        const auto handler = world.make("orders");
        Watch watch;
        watch.stopAt = 3;
        const Records records = fiveOrders();
        const auto result = handler->process(records.views(), watch);
        QCOMPARE(result.done, std::size_t{3});
        QVERIFY(!result.failure);
        QCOMPARE(world.count("orders"), 3);
        QCOMPARE(watch.begun, (std::vector<std::size_t>{0, 1, 2, 3}));
    }

    void anEventThatComesTwiceInABatchHasOneEffect()
    {
        const World world;
        Records records("orders");
        records.add(orderJson("o-1", "e-1")).add(orderJson("o-1", "e-1"));
        QCOMPARE(duplicates(World::run(*world.make("orders"), records)), "1"s);
        QCOMPARE(world.rows("SELECT version FROM orders", 1), "1"s);
    }

    void byOriginAnIdDoesNotCountAndWithNoneNothingDoes()
    {
        World world;
        Records records("orders");
        records.add(orderJson("o-1", "e-1")).add(orderJson("o-1", "e-1"));
        world.settings.dedupe = Dedupe::ByOrigin;
        QCOMPARE(duplicates(World::run(*world.make("orders"), records)), ""s);
        QCOMPARE(duplicates(World::run(*world.make("orders"), records)), "0 1"s);
        QCOMPARE(world.rows("SELECT id FROM inbox", 1), "o:orders:3:0\no:orders:3:1"s);
        world.settings.dedupe = Dedupe::None;
        QCOMPARE(duplicates(World::run(*world.make("orders"), records)), ""s);
        QCOMPARE(world.rows("SELECT version FROM orders", 1), "4"s);
        QCOMPARE(world.count("inbox"), 2);
    }

    void aReplayKeepsTheIdOfTheFirstDelivery_data()
    {
        QTest::addColumn<QString>("event");
        QTest::addColumn<QString>("known");
        QTest::addColumn<QString>("dedupe");
        QTest::addColumn<QString>("id");
        QTest::newRow("id") << "e-1"
                            << "e-1"
                            << "event_id"
                            << "e:e-1";
        QTest::newRow("another id") << "e-2"
                                    << "e-1"
                                    << "event_id"
                                    << "e:e-1";
        QTest::newRow("no id") << ""
                               << ""
                               << "event_id"
                               << "o:orders:1:7";
        QTest::newRow("origin as id") << ""
                                      << "orders:1:7"
                                      << "event_id"
                                      << "o:orders:1:7";
        QTest::newRow("by origin") << "e-1"
                                   << "e-1"
                                   << "origin"
                                   << "o:orders:1:7";
    }
    void aReplayKeepsTheIdOfTheFirstDelivery()
    {
        QFETCH(QString, event);
        QFETCH(QString, known);
        QFETCH(QString, dedupe);
        QFETCH(QString, id);
        Headers headers{{"dlq.origin.topic", "orders"},
                        {"dlq.origin.partition", "1"},
                        {"dlq.origin.offset", "7"}};
        if (!known.isEmpty())
            headers.push_back({"dlq.event-id", known.toStdString()});
        World world;
        world.settings.dedupe = *parseDedupe(dedupe.toStdString());
        const auto handler = world.make("orders");
        Records records("orders", 900);
        records.add(orderJson("o-1", event.toStdString()), headers);
        records.add(orderJson("o-1", event.toStdString()), headers);
        QCOMPARE(duplicates(World::run(*handler, records)), "1"s);
        QCOMPARE(world.rows("SELECT id FROM inbox", 1), id.toStdString());
    }

    void workersOfOneHandlerAndAnotherProcessShareAFileAndEachEventCountsOnce()
    {
        constexpr int events = 400;
        World world;
        const auto write = [&](consumer::Handler &handler, std::int64_t from) {
            for (int number = 0; number < events; number += 20) {
                Records records("orders", from + number);
                for (int each = number; each < number + 20; ++each)
                    records.add(
                        orderJson("o-" + std::to_string(each % 50), "e-" + std::to_string(each)));
                const auto result = World::run(handler, records);
                if (result.done != 20)
                    return false;
            }
            return true;
        };
        const pid_t child = ::fork();
        if (child == 0)
            ::_exit(write(*world.make("orders"), 0) ? 0 : 1);
        const auto handler = world.make("orders");
        bool oneWell = false;
        bool otherWell = false;
        std::thread one([&] { oneWell = write(*handler, 1000); });
        std::thread other([&] { otherWell = write(*handler, 2000); });
        one.join();
        other.join();
        int status = -1;
        ::waitpid(child, &status, 0);
        QCOMPARE(status, 0);
        QVERIFY(oneWell && otherWell);
        QCOMPARE(world.count("inbox"), events);
        QCOMPARE(world.rows("SELECT sum(version), count(*) FROM orders", 2), "400|50"s);
    }

    void aProcessThatIsKilledInABatchLeavesAllOfItOrNothing()
    {
        const World world;
        for (const std::size_t at : {1U, 3U, 4U}) {
            const pid_t child = ::fork();
            if (child == 0) {
                class Deadly final : public consumer::Progress
                {
                public:
                    explicit Deadly(std::size_t index)
                        : m_index(index)
                    {
                    }
                    bool begin(std::size_t index) override
                    {
                        if (index == m_index)
                            ::kill(::getpid(), SIGKILL);
                        return true;
                    }

                private:
                    std::size_t m_index;
                } deadly(at);
                const Records records = fiveOrders();
                world.make("orders")->process(records.views(), deadly);
                ::_exit(0);
            }
            ::waitpid(child, nullptr, 0);
            QCOMPARE(world.count("orders"), 0);
            QCOMPARE(world.count("inbox"), 0);
        }
        QCOMPARE(World::run(*world.make("orders"), fiveOrders()).done, std::size_t{5});
        QCOMPARE(world.rows("SELECT sum(version) FROM orders", 1), "5"s);
    }
};

QTEST_GUILESS_MAIN(HandlerBatchesTest)
#include "tst_handlerbatches.moc"
