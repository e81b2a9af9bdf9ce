#include "core/events/handlers/live.h"
#include "tests/unit/events/handlerworld.h"

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;

class HandlersTest : public QObject
{
    Q_OBJECT

private slots:
    void inspectTakesAnyBytesAndNeedsNothing()
    {
        Records records("anything");
        records.add(std::nullopt).add("").add("\xff\xfe no JSON").add(orderJson("o-1", "e-1"));
        const auto handler = makeHandler("inspect", HandlerSettings());
        QVERIFY(bool(handler));
        const auto result = World::run(**handler, records);
        QCOMPARE(result.done, std::size_t{4});
        QVERIFY(!result.failure);
        QVERIFY(result.notes.empty());
    }

    void anUnknownHandlerIsAnsweredWithTheNamesOfAll()
    {
        const auto refused = makeHandler("order", HandlerSettings());
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == Error::Kind::Usage);
        QCOMPARE(refused.error().message,
                 "there is no handler 'order': it is one of inspect, orders, audit, notifications, "
                 "recurring, live, stats"s);
    }

    void thoseThatWriteWantADatabase_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"orders", "audit", "notifications", "recurring", "stats"})
            QTest::newRow(name) << name;
    }
    void thoseThatWriteWantADatabase()
    {
        QFETCH(QString, name);
        const auto refused = makeHandler(name.toStdString(), HandlerSettings());
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == Error::Kind::Usage);
        QVERIFY(refused.error().message.find("--db FILE") != std::string::npos);
    }

    void aDatabaseThatCannotBeOpenedIsNamed()
    {
        HandlerSettings settings;
        settings.database = "/nowhere/at all/e.db";
        const auto refused = makeHandler("orders", settings);
        QVERIFY(!refused);
        QVERIFY(describe(refused.error()).find("/nowhere/at all/e.db") != std::string::npos);
        QVERIFY(refused.error().kind == Error::Kind::Internal);
    }

    void aTableOfThatNameAndAnotherShapeIsSaidAtTheStart()
    {
        const World world;
        world.execute("CREATE TABLE orders(x)");
        const auto refused = makeHandler("orders", world.settings);
        QVERIFY(!refused);
        QVERIFY(describe(refused.error()).find("e.db") != std::string::npos);
    }

    void waysToKnowDuplicatesAreRead()
    {
        for (const Dedupe dedupe : {Dedupe::ByEventId, Dedupe::ByOrigin, Dedupe::None})
            QVERIFY(parseDedupe(name(dedupe)) == dedupe);
        QVERIFY(!parseDedupe("event-id"));
    }

    void anOrderIsARowWithItsLines()
    {
        const World world;
        Records records("orders", 42);
        records.add(orderJson("o-1", "e-1", "30.50",
                              R"(,"user_id":"u-7","currency":"USD","line_items":[)"
                              R"({"product_id":"p-1","title":"Pot","quantity":3,"unit_price":10},)"
                              R"({"product_id":"p-2","quantity":1,"unit_price":0.5}])"));
        records.add(orderJson("o-2", ""));
        const auto result = World::run(*world.make("orders"), records);
        QCOMPARE(result.done, std::size_t{2});
        QCOMPARE(
            world.rows("SELECT seq, order_id, created_at, customer_name, total_price, currency,"
                       " user_id, event_id, version, topic, partition, \"offset\" FROM orders",
                       12),
            "1|o-1|2026-11-21T10:00:00.000Z|Ada|30.50|USD|u-7|e-1|1|orders|3|42\n"
            "2|o-2|2026-11-21T10:00:00.000Z|Ada|12.30|EUR|NULL|NULL|1|orders|3|43"s);
        QCOMPARE(world.rows("SELECT order_id, line, product_id, title, quantity, unit_price FROM "
                            "order_lines ORDER BY line",
                            6),
                 "o-1|0|p-1|Pot|3|10\no-1|1|p-2|NULL|1|0.5"s);
        QCOMPARE(world.rows("SELECT id, topic, partition, \"offset\" FROM inbox ORDER BY id", 4),
                 "e:e-1|orders|3|42\no:orders:3:43|orders|3|43"s);
    }

    void aSecondEventUpdatesAnOrderAndASecondDeliveryDoesNot()
    {
        const World world;
        const auto handler = world.make("orders");
        Records records("orders");
        records.add(orderJson("o-1", "e-1", "2",
                              R"(,"line_items":[{"product_id":"a","quantity":2,"unit_price":1}])"));
        records.add(orderJson("o-2", "e-2"));
        records.add(orderJson("o-1", "e-3", "4",
                              R"(,"line_items":[{"product_id":"b","quantity":1,"unit_price":4}])"));
        const auto first = World::run(*handler, records);
        QCOMPARE(first.notes.size(), std::size_t{3});
        QCOMPARE(first.notes[2].eventId, "e-3"s);
        QCOMPARE(duplicates(first), ""s);
        QCOMPARE(duplicates(World::run(*handler, records)), "0 1 2"s);
        QCOMPARE(
            world.rows("SELECT seq, order_id, total_price, version, \"offset\" FROM orders", 5),
            "1|o-1|4|2|2\n2|o-2|12.30|1|1"s);
        QCOMPARE(world.rows("SELECT product_id FROM order_lines", 1), "b"s);
    }

    void auditKeepsEachTaskEventInTheSendersBytes()
    {
        const World world;
        const std::string data = R"({ "title" : "caf\u00e9", "x":[1, 2] })";
        Records records("task-events");
        for (const char *type : {"created", "updated", "completed", "deleted"})
            records.add(taskJson("e-"s + type, type, data));
        records.add(R"({"id":17,"title":"New","created_at":"2026-11-20T09:00:00Z"})");
        const auto result = World::run(*world.make("audit"), records);
        QCOMPARE(result.done, std::size_t{5});
        QCOMPARE(world.rows("SELECT event_id, event_type, task_id, user_id, task_data, timestamp, "
                            "\"offset\" FROM audit WHERE seq IN(3, 5)",
                            7),
                 "e-completed|completed|task-1|u-7|" + data + "|2026-11-21T10:00:00.000Z|2\n" +
                     "task-created:17|created|17||" +
                     std::string(records.views()[4].value.value()) + "|2026-11-20T09:00:00.000Z|4");
    }

    void auditHasOneRowAnEventAlsoWithoutAnInbox()
    {
        World world;
        world.settings.dedupe = Dedupe::None;
        const auto handler = world.make("audit");
        Records records("task-events");
        records.add(taskJson("e-1", "created")).add(taskJson("e-1", "created"));
        const auto result = World::run(*handler, records);
        QCOMPARE(result.done, std::size_t{2});
        QCOMPARE(duplicates(result), "1"s);
        QCOMPARE(world.count("audit"), 1);
        QCOMPARE(world.count("inbox"), 0);
    }

    void aReminderIsARowFirstAndThenAToast()
    {
        World world;
        std::vector<std::string> toasts;
        world.settings.toast = [&](const Reminder &reminder) {
            const auto rows = world.count("notifications");
            toasts.push_back(reminder.title + " " + std::to_string(rows));
        };
        const auto handler = world.make("notifications");
        Records records("reminders");
        records.add(reminderJson("e-1"));
        QCOMPARE(World::run(*handler, records).done, std::size_t{1});
        QCOMPARE(duplicates(World::run(*handler, records)), "0"s);
        QCOMPARE(toasts, (std::vector{"Water plants 1"s}));
        QCOMPARE(world.rows("SELECT event_id, task_id, user_id, title, due_at, remind_at FROM "
                            "notifications",
                            6),
                 "e-1|task-1|u-7|Water plants|2026-11-21T18:00:00.000Z|2026-11-21T17:45:00.000Z"s);
    }

    void aToastThatCannotBeShownIsNoReasonToFail()
    {
        World world;
        world.settings.toast = [](const Reminder &) { throw 1; };
        Records records("reminders");
        records.add(reminderJson("e-1")).add(reminderJson("e-2"));
        const auto result = World::run(*world.make("notifications"), records);
        QCOMPARE(result.done, std::size_t{2});
        QVERIFY(!result.failure);
    }

    void aNewTaskIsNotifiedAndOtherTaskEventsAreNot()
    {
        World world;
        int toasts = 0;
        world.settings.toast = [&](const Reminder &) { ++toasts; };
        Records records("task-created");
        records.add(R"({"task_id":"t-1","title":"New","owner_email":"a@b.example"})");
        records.add(taskJson("e-1", "deleted"));
        const auto result = World::run(*world.make("notifications"), records);
        QCOMPARE(result.done, std::size_t{2});
        QCOMPARE(toasts, 1);
        QCOMPARE(world.rows("SELECT event_id, title FROM notifications", 2),
                 "task-created:t-1|New"s);
    }

    void statsCountEachEventOnceByDayAndType()
    {
        const World world;
        const auto handler = world.make("stats");
        Records records("task-events");
        records.add(taskJson("e-1", "created")).add(taskJson("e-2", "completed"));
        records.add(taskJson("e-3", "completed")).add(taskJson("e-3", "completed"));
        records.add(R"({"id":"1","title":"New","created_at":"2026-11-20T23:30:00-01:00"})");
        records.add(orderJson("o-1", "e-4")).add(reminderJson("e-5"));
        QCOMPARE(duplicates(World::run(*handler, records)), "3"s);
        QCOMPARE(duplicates(World::run(*handler, records)), "0 1 2 3 4 5 6"s);
        QCOMPARE(world.rows("SELECT day, event_type, count FROM daily_stats", 3),
                 "2026-11-21|completed|2\n2026-11-21|created|2\n2026-11-21|order|1\n"
                 "2026-11-21|reminder|1"s);
    }

    void liveTellsEachEventAndCountsByType()
    {
        LiveHandler handler{HandlerSettings()};
        Records records("task-updates");
        records.add(taskJson("e-1", "updated", R"({"a" : 1})")).add(taskJson("e-2", "created"));
        records.add(R"({"id":"1","title":"New"})").add("nonsense").add(taskJson("e-3", "created"));
        const auto result = World::run(handler, records);
        QCOMPARE(result.done, std::size_t{3});
        QVERIFY(result.failure->stage == consumer::Stage::Decode);
        const auto &update = result.notes.at(0).update.value();
        QCOMPARE(update.eventId, "e-1"s);
        QCOMPARE(update.eventType, "updated"s);
        QCOMPARE(update.taskId, "task-1"s);
        QCOMPARE(update.userId, "u-7"s);
        QCOMPARE(update.taskData, R"({"a" : 1})"s);
        QCOMPARE(handler.counts(),
                 (std::map<std::string, std::uint64_t>{{"updated", 1}, {"created", 2}}));
    }

    void limitsOfReadingAreHanded()
    {
        World world;
        world.settings.reading.refuseUnknownFields = true;
        Records records("orders");
        records.add(orderJson("o-1", "e-1", "1", R"(,"colour":"red")"));
        const auto result = World::run(*world.make("orders"), records);
        QVERIFY(result.failure->message.find("unknown field $.colour") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(HandlersTest)
#include "tst_handlers.moc"
