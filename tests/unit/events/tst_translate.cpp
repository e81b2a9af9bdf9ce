#include "core/decode/quote.h"
#include "core/events/translate.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;

namespace {

const Instant recordedAt = parseInstant("2026-11-22T00:00:00Z").value();

using Changes = std::vector<std::pair<std::string, std::string>>;

/// A good event with some members changed or added.
std::string changed(Changes members, const Changes &changes)
{
    for (const auto &change : changes) {
        const auto found = std::find_if(members.begin(), members.end(), [&](const auto &member) {
            return member.first == change.first;
        });
        if (found != members.end())
            found->second = change.second;
        else
            members.push_back(change);
    }
    std::string text;
    for (const auto &[name, json] : members)
        text += (text.empty() ? "{" : ",") + decode::jsonString(name) + ":" + json;
    return text + "}";
}

std::string order(const Changes &changes = {})
{
    return changed({{"order_id", R"("o-1")"},
                    {"created_at", R"("2026-11-21T10:00:00Z")"},
                    {"customer_name", R"("Ada")"},
                    {"total_price", "12.30"}},
                   changes);
}

std::string task(const Changes &changes = {})
{
    return changed({{"event_id", R"("e-1")"},
                    {"event_type", R"("completed")"},
                    {"task_id", R"("task-123")"},
                    {"user_id", R"("u-7")"},
                    {"timestamp", R"("2026-11-21T10:00:00.000Z")"},
                    {"task_data", "{}"}},
                   changes);
}

std::string reminder(const Changes &changes = {})
{
    return changed({{"event_id", R"("e-1")"},
                    {"task_id", R"("task-123")"},
                    {"user_id", R"("u-7")"},
                    {"title", R"("Water plants")"},
                    {"due_at", "null"},
                    {"remind_at", R"("2026-11-21T17:45:00Z")"}},
                   changes);
}

std::string lines(std::string_view items)
{
    return "[" + std::string(items) + "]";
}

std::string problem(const auto &reading)
{
    if (reading)
        return {};
    const auto &failure = reading.error().failure;
    if (failure.kind != consumer::Failure::Kind::Permanent)
        return "not permanent";
    return (failure.stage == consumer::Stage::Validate ? "validate " : "decode ") + failure.message;
}

std::string times(std::size_t count, std::string_view text)
{
    std::string all = "\"";
    for (; count > 0; --count)
        all += text;
    return all + "\"";
}

} // namespace

class TestTranslate : public QObject
{
    Q_OBJECT
private slots:
    void anOrderOfTheGivenFourFieldsIsEnough()
    {
        const auto read = readOrder(order());
        QVERIFY(read);
        QCOMPARE(read->id, OrderId("o-1"));
        QCOMPARE(toRfc3339(read->createdAt), "2026-11-21T10:00:00.000Z"s);
        QCOMPARE(read->customerName, "Ada"s);
        QCOMPARE(read->totalPrice.text(), "12.30"s);
        QCOMPARE(read->currency.code(), std::string_view("EUR"));
        QVERIFY(!read->eventId && !read->userId && read->lines.empty());
    }

    void anOrderKeepsAllThatItCarries()
    {
        const auto read = readOrder(order(
            {{"event_id", R"("e-9")"},
             {"user_id", R"("u-1")"},
             {"currency", R"("USD")"},
             {"line_items",
              R"([{"product_id":"p","title":"Pen","quantity":2,"unit_price":6.1},{"product_id":"q","quantity":1,"unit_price":0.1}])"}}));
        QVERIFY2(read, problem(read).c_str());
        QCOMPARE(*read->eventId, EventId("e-9"));
        QCOMPARE(*read->userId, UserId("u-1"));
        QCOMPARE(read->currency.code(), std::string_view("USD"));
        QCOMPARE(read->lines.size(), 2U);
        QCOMPARE(*read->lines[0].title, "Pen"s);
        QVERIFY(!read->lines[1].title);
        QCOMPARE(read->lines[0].quantity, 2);
        QCOMPARE(read->lines[1].unitPrice.text(), "0.1"s);
    }

    void whatHoldsForEachFieldOfAnOrder_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *field, const std::string &json, const char *problem) {
            QTest::addRow("%s %s", field, json.substr(0, 40).c_str())
                << field << QString::fromStdString(json) << problem;
        };
        row("order_id", times(128, "x"), "");
        row("order_id", times(128, "é"), "");
        row("order_id", times(129, "é"), "validate $.order_id is longer than 128 characters");
        row("order_id", R"("")", "validate $.order_id is empty");
        row("order_id", R"("  \u00a0\u3000 ")", "validate $.order_id is only blanks");
        row("order_id", R"(" o ")", "");
        row("order_id", R"("a\u0000b")", "validate $.order_id contains a control character");
        row("order_id", R"("a\tb")", "validate $.order_id contains a control character");
        row("order_id", R"("a\u007f")", "validate $.order_id contains a control character");
        row("order_id", R"("a\u0085")", "validate $.order_id contains a control character");
        row("order_id", R"("a\u00a1")", "");
        row("event_id", R"("")", "validate $.event_id is empty");
        row("user_id", R"(" ")", "validate $.user_id is only blanks");
        row("customer_name", R"("")", "validate $.customer_name is empty");
        row("customer_name", times(512, "€"), "");
        row("customer_name", times(513, "x"),
            "validate $.customer_name is longer than 512 characters");
        row("created_at", R"("2026-11-21T10:00:00")", "");
        row("created_at", R"("2026-11-21T10:00:00+01:00")", "");
        row("created_at", R"("yesterday")",
            "validate $.created_at is not an ISO 8601 date and time of the years 1970 to 9999");
        row("created_at", R"("1969-12-31T23:59:59Z")",
            "validate $.created_at is not an ISO 8601 date and time of the years 1970 to 9999");
        row("total_price", "1.23e1", "");
        row("total_price", "-0.01", "validate $.total_price is below 0");
        row("total_price", "0.00001",
            "validate $.total_price has more than 4 digits after the point");
        row("total_price", "1234567890123456789", "validate $.total_price has more than 18 digits");
        row("total_price", "1e400", "validate $.total_price has more than 18 digits");
        row("total_price", "9007199254740993", "");
        row("total_price", ("0." + std::string(400, '1')),
            "validate $.total_price has more than 4 digits after the point");
        row("total_price", R"("12.30")", "decode expected number at $.total_price, got string");
        row("currency", R"("CHF")", "");
        row("currency", R"("chf")", "validate $.currency is not a currency code of ISO 4217");
        row("currency", R"("ABC")", "validate $.currency is not a currency code of ISO 4217");
        row("currency", "null", "decode expected string at $.currency, got null");
        row("line_items", "[]", "");
        row("line_items", lines(R"({"product_id":"p","quantity":3,"unit_price":4.1})"), "");
        row("line_items", lines(R"({"product_id":"p","quantity":0,"unit_price":1})"),
            "validate $.line_items[0].quantity is not between 1 and 1000000");
        row("line_items", lines(R"({"product_id":"p","quantity":-1,"unit_price":1})"),
            "validate $.line_items[0].quantity is not between 1 and 1000000");
        row("line_items", lines(R"({"product_id":"p","quantity":1000001,"unit_price":1})"),
            "validate $.line_items[0].quantity is not between 1 and 1000000");
        row("line_items",
            lines(R"({"product_id":"p","quantity":99999999999999999999,"unit_price":1})"),
            "validate $.line_items[0].quantity is not between 1 and 1000000");
        row("line_items", lines(R"({"product_id":"p","quantity":1.5,"unit_price":1})"),
            "decode expected integer at $.line_items[0].quantity, got number");
        row("line_items",
            lines(
                R"({"product_id":"p","quantity":1,"unit_price":1},{"product_id":"p","quantity":1,"unit_price":-1})"),
            "validate $.line_items[1].unit_price is below 0");
        row("line_items", lines(R"({"product_id":"p","title":"","quantity":1,"unit_price":1})"),
            "validate $.line_items[0].title is empty");
        row("line_items", lines(R"({"product_id":"p","quantity":3,"unit_price":4.1001})"),
            "validate $.total_price is not the sum of the line items");
        row("line_items", lines(R"({"product_id":"p","quantity":1,"unit_price":12.3000})"), "");
    }
    void whatHoldsForEachFieldOfAnOrder()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, json);
        QFETCH(const QString, problem);
        const auto read = readOrder(order({{field.toStdString(), json.toStdString()}}));
        QCOMPARE(QString::fromStdString(::problem(read)), problem);
    }

    void aTenthAndTwoTenthsMakeAnOrderOfThreeTenths()
    {
        QVERIFY(readOrder(order(
            {{"total_price", "0.3"},
             {"line_items",
              R"([{"product_id":"p","quantity":1,"unit_price":0.1},{"product_id":"p","quantity":1,"unit_price":0.2}])"}})));
    }

    void aTaskEventBecomesADomainEvent()
    {
        const std::string data =
            R"({ "title":"Water plants","recurrence":"weekly","recurrence_interval":2,"due_at":"2026-11-21T18:00:00Z", "colour" : 1.50 })";
        const auto read =
            readTaskEvent(task({{"task_id", "123"}, {"task_data", data}}), recordedAt);
        QVERIFY2(read, problem(read).c_str());
        QCOMPARE(read->eventId, EventId("e-1"));
        QVERIFY(read->type == TaskEventType::Completed);
        QCOMPARE(read->taskId, TaskId("123"));
        QCOMPARE(*read->userId, UserId("u-7"));
        QCOMPARE(*read->title, "Water plants"s);
        QVERIFY(read->recurrence == Recurrence::Weekly);
        QCOMPARE(read->recurrenceInterval, 2);
        QCOMPARE(toRfc3339(*read->dueAt), "2026-11-21T18:00:00.000Z"s);
        QCOMPARE(read->taskData, data);
    }

    void whatHoldsForEachFieldOfATaskEvent_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("json");
        QTest::addColumn<QString>("problem");
        const auto row = [](const char *field, const char *json, const char *problem) {
            QTest::addRow("%s %s", field, json) << field << json << problem;
        };
        row("event_type", R"("created")", "");
        row("event_type", R"("deleted")", "");
        row("event_type", R"("Created")",
            "validate $.event_type is none of created, updated, completed, deleted");
        row("event_id", R"("\n")", "validate $.event_id contains a control character");
        row("task_id", R"("")", "validate $.task_id is empty");
        row("task_id", "7", "");
        row("task_id", "7.5", "decode expected string or integer at $.task_id, got number");
        row("user_id", R"("   ")", "validate $.user_id is only blanks");
        row("timestamp", R"("noon")",
            "validate $.timestamp is not an ISO 8601 date and time of the years 1970 to 9999");
        row("task_data", "null", "decode expected object at $.task_data, got null");
        row("task_data", R"({"recurrence":null,"due_at":null})", "");
        row("task_data", R"({"recurrence":"none"})", "");
        row("task_data", R"({"recurrence":"hourly"})",
            "validate $.task_data.recurrence is none of none, daily, weekly, monthly, yearly");
        row("task_data", R"({"recurrence_interval":0})",
            "validate $.task_data.recurrence_interval is not between 1 and 9223372036854775807");
        row("task_data", R"({"recurrence_interval":1.5})",
            "decode expected integer at $.task_data.recurrence_interval, got number");
        row("task_data", R"({"due_at":"soon"})",
            "validate $.task_data.due_at is not an ISO 8601 date and time of the years 1970 to "
            "9999");
        row("task_data", R"({"title":""})", "validate $.task_data.title is empty");
        row("task_data", R"({"any":{"thing":[1,{"a":1,"a":2}]}})",
            "decode duplicate key $.task_data.any.thing[1].a");
    }
    void whatHoldsForEachFieldOfATaskEvent()
    {
        QFETCH(const QString, field);
        QFETCH(const QString, json);
        QFETCH(const QString, problem);
        const auto read =
            readTaskEvent(task({{field.toStdString(), json.toStdString()}}), recordedAt);
        QCOMPARE(QString::fromStdString(::problem(read)), problem);
    }

    void refusingUnknownFieldsLeavesTaskDataFree()
    {
        const decode::Options strict{.refuseUnknownFields = true};
        QVERIFY(readTaskEvent(task({{"task_data", R"({"colour":"red"})"}}), recordedAt, strict));
        QCOMPARE(problem(readTaskEvent(task({{"colour", "1"}}), recordedAt, strict)),
                 "decode unknown field $.colour"s);
        QCOMPARE(problem(readOrder(order({{"colour", "1"}}), strict)),
                 "decode unknown field $.colour"s);
    }

    void aReminderBecomesADomainReminder()
    {
        const auto read = readReminder(reminder({{"due_at", R"("2026-11-21T18:00:00Z")"}}));
        QVERIFY2(read, problem(read).c_str());
        QCOMPARE(read->title, "Water plants"s);
        QCOMPARE(toRfc3339(read->remindAt), "2026-11-21T17:45:00.000Z"s);
        QCOMPARE(toRfc3339(*read->dueAt), "2026-11-21T18:00:00.000Z"s);
        QVERIFY(!readReminder(reminder())->dueAt);
        QCOMPARE(problem(readReminder(reminder({{"title", times(513, "x")}}))),
                 "validate $.title is longer than 512 characters"s);
        QCOMPARE(
            problem(readReminder(reminder({{"remind_at", R"("")"}}))),
            "validate $.remind_at is not an ISO 8601 date and time of the years 1970 to 9999"s);
    }

    void aTaskCreatedMessageIsTakenForAnEventOfThatType()
    {
        const std::string value =
            R"({"id":7,"title":"T","owner_email":"a@b.example","created_at":"2026-11-21T10:00:00Z"})";
        const auto read = readTaskEvent(" " + value + "\n", recordedAt);
        QVERIFY2(read, problem(read).c_str());
        QCOMPARE(read->eventId, EventId("task-created:7"));
        QCOMPARE(read->taskId, TaskId("7"));
        QVERIFY(read->type == TaskEventType::Created);
        QCOMPARE(*read->userId, UserId("a@b.example"));
        QCOMPARE(toRfc3339(read->timestamp), "2026-11-21T10:00:00.000Z"s);
        QCOMPARE(*read->title, "T"s);
        QCOMPARE(read->taskData, value);

        const auto least = readTaskEvent(R"({"task_id":"task-8","title":"T"})", recordedAt);
        QVERIFY(least);
        QCOMPARE(least->eventId, EventId("task-created:task-8"));
        QVERIFY(!least->userId);
        QVERIFY(least->timestamp == recordedAt);
    }

    void aBadTaskCreatedMessageIsToldInItsOwnTerms()
    {
        QCOMPARE(problem(readTaskEvent(R"({"id":7,"title":5})", recordedAt)),
                 "decode expected string at $.title, got number"s);
        QCOMPARE(problem(readTaskEvent(R"({"id":"7"})", recordedAt)),
                 "decode missing required field $.title"s);
        QCOMPARE(problem(readTaskEvent(R"({"task_id":"","title":"T"})", recordedAt)),
                 "validate $.task_id is empty"s);
        QCOMPARE(problem(readTaskEvent("{}", recordedAt)),
                 "decode missing required field $.event_id"s);
        QCOMPARE(problem(readTaskEvent(R"({"event_type":"created","task_id":1})", recordedAt)),
                 "decode missing required field $.event_id"s);
    }

    void noticesAreRemindersOrTaskEvents()
    {
        QVERIFY(std::holds_alternative<Reminder>(*readNotice(reminder(), recordedAt)));
        QVERIFY(std::holds_alternative<TaskEvent>(*readNotice(task(), recordedAt)));
        QVERIFY(std::holds_alternative<TaskEvent>(
            *readNotice(R"({"id":"1","title":"T"})", recordedAt)));
        QCOMPARE(problem(readNotice(R"({"event_id":"e","task_id":"t","user_id":"u","title":"T"})",
                                    recordedAt)),
                 "decode missing required field $.remind_at"s);
        QCOMPARE(problem(readNotice("{}", recordedAt)),
                 "decode missing required field $.event_id"s);
        QCOMPARE(problem(readNotice({}, recordedAt)), "decode null value"s);
    }

    void anEventIdIsFoundInWhatIsRejectedWhereThereIsOne()
    {
        const auto idOf = [](const auto &reading) { return reading.error().eventId; };
        QCOMPARE(idOf(readOrder(order({{"order_id", "1"}, {"event_id", R"("e-5")"}}))), "e-5"s);
        QCOMPARE(idOf(readOrder(order({{"total_price", "-1"}, {"event_id", R"("e-5")"}}))), "e-5"s);
        QCOMPARE(idOf(readOrder(order({{"total_price", "-1"}}))), ""s);
        QCOMPARE(idOf(readOrder(order({{"event_id", R"("a\nb")"}}))), ""s);
        QCOMPARE(idOf(readOrder(order({{"event_id", "5"}}))), ""s);
        QCOMPARE(idOf(readOrder("junk")), ""s);
        QCOMPARE(idOf(readTaskEvent(task({{"event_type", R"("x")"}}), recordedAt)), "e-1"s);
        QCOMPARE(idOf(readTaskEvent(R"({"id":"7","title":""})", recordedAt)), "task-created:7"s);
    }

    void messagesNeverRepeatTheSendersText()
    {
        const std::string secret = "Grace-Hopper-4711";
        for (const auto *field : {"order_id", "created_at", "currency", "event_id", "user_id"}) {
            const auto read =
                readOrder(order({{field, decode::jsonString(secret + std::string(600, '\x01'))}}));
            QVERIFY2(!read, field);
            QVERIFY2(read.error().failure.message.find(secret) == std::string::npos, field);
        }
    }

    void nullAndEmptyValuesAreRefusedByEveryReader()
    {
        QCOMPARE(problem(readOrder({})), "decode null value"s);
        QCOMPARE(problem(readOrder("")), "decode empty value"s);
        QCOMPARE(problem(readTaskEvent({}, recordedAt)), "decode null value"s);
        QCOMPARE(problem(readReminder("")), "decode empty value"s);
    }
};

QTEST_APPLESS_MAIN(TestTranslate)
#include "tst_translate.moc"
