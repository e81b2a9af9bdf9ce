#include "core/events/produce.h"
#include "core/events/translate.h"

#include <QTest>

#include <set>
#include <string>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;

namespace {

const Instant start = parseInstant("2026-11-21T10:00:00Z").value();

ProducePlan planOf(EventKind kind)
{
    return {.kind = kind, .seed = 7, .users = 50, .badEvery = {}, .from = start};
}

Value valueOf(const ProducedEvent &event)
{
    return event.value ? Value(*event.value) : std::nullopt;
}

std::string problem(EventKind kind, const ProducedEvent &event)
{
    const auto tell = [](const auto &reading) {
        return reading ? std::string() : reading.error().failure.message;
    };
    switch (kind) {
    case EventKind::Order: return tell(readOrder(valueOf(event)));
    case EventKind::Task: return tell(readTaskEvent(valueOf(event), start));
    case EventKind::Reminder: return tell(readReminder(valueOf(event)));
    }
    return "no such kind";
}

} // namespace

class TestProduce : public QObject
{
    Q_OBJECT
private slots:
    void everyGoodRecordIsReadBackWithoutAComplaint()
    {
        for (const auto kind : {EventKind::Order, EventKind::Task, EventKind::Reminder}) {
            for (std::uint64_t i = 0; i < 2000; ++i) {
                const auto event = makeEvent(planOf(kind), i);
                QCOMPARE(problem(kind, event), ""s);
                QVERIFY(event.malformation.empty());
            }
        }
    }

    void theSameSeedGivesTheSameRecordsAndAnotherOneOthers()
    {
        auto plan = planOf(EventKind::Order);
        const auto first = makeEvent(plan, 12);
        makeEvent(plan, 99);
        QCOMPARE(*makeEvent(plan, 12).value, *first.value);
        plan.seed = 8;
        QVERIFY(*makeEvent(plan, 12).value != *first.value);
    }

    void idsAreAllDifferentAndUsersAsManyAsWereAskedFor()
    {
        auto plan = planOf(EventKind::Order);
        plan.users = 5;
        std::set<std::string> events;
        std::set<std::string> orders;
        std::set<std::string> users;
        for (std::uint64_t i = 0; i < 20'000; ++i) {
            const auto event = makeEvent(plan, i);
            const auto order = readOrder(valueOf(event));
            QVERIFY(order);
            QCOMPARE(order->userId->value(), event.key);
            events.insert(order->eventId->value());
            orders.insert(order->id.value());
            users.insert(event.key);
        }
        QCOMPARE(events.size(), 20'000U);
        QCOMPARE(orders.size(), 20'000U);
        QCOMPARE(users, (std::set<std::string>{"u-0", "u-1", "u-2", "u-3", "u-4"}));
    }

    void exactlyEveryNthRecordIsBadInTheNextWay()
    {
        for (const auto kind : {EventKind::Order, EventKind::Task, EventKind::Reminder}) {
            auto plan = planOf(kind);
            plan.badEvery = 10;
            const auto ways = malformations(kind);
            std::size_t bad = 0;
            for (std::uint64_t i = 0; i < 1000; ++i) {
                const auto event = makeEvent(plan, i);
                const bool isBad = (i + 1) % 10 == 0;
                QCOMPARE(problem(kind, event).empty(), !isBad);
                QCOMPARE(event.malformation, isBad ? ways[bad++ % ways.size()] : "");
                QVERIFY(event.key.starts_with("u-"));
            }
            QCOMPARE(bad, 100U);
        }
    }

    void everyRowOfTheContractHasItsBadOrder()
    {
        auto plan = planOf(EventKind::Order);
        plan.badEvery = 1;
        std::string told;
        for (std::uint64_t i = 0; i < malformations(EventKind::Order).size(); ++i)
            told += problem(plan.kind, makeEvent(plan, i)) + "\n";
        for (const char *part :
             {"invalid JSON at byte", "expected string at $.order_id, got number",
              "expected integer at $.line_items[0].quantity, got number",
              "missing required field $.order_id", "duplicate key $.event_id",
              "lone surrogate at $.event_id", "invalid UTF-8 at byte", "empty value", "null value",
              "nesting deeper than 128 at byte", "$.order_id is", "$.customer_name is",
              "$.created_at is", "$.total_price is below", "$.total_price has", "$.currency is",
              "$.line_items[0].quantity is", "$.total_price is not the sum"})
            QVERIFY2(told.find(part) != std::string::npos, part);
    }

    void otherwiseARecordIsTheSameWithAndWithoutBadOnes()
    {
        auto plan = planOf(EventKind::Task);
        const auto good = makeEvent(plan, 4);
        plan.badEvery = 3;
        QCOMPARE(*makeEvent(plan, 4).value, *good.value);
    }

    void kindsAreCalledAsOnTheCommandLine()
    {
        QVERIFY(parseEventKind("order") == EventKind::Order);
        QVERIFY(parseEventKind("task") == EventKind::Task);
        QVERIFY(parseEventKind("reminder") == EventKind::Reminder);
        QVERIFY(!parseEventKind("orders"));
    }
};

QTEST_APPLESS_MAIN(TestProduce)
#include "tst_produce.moc"
