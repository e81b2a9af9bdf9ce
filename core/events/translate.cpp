#include "core/events/translate.h"

#include "core/events/checks.h"

#include <limits>

namespace redrive::events {

namespace {

constexpr std::int64_t mostPieces = 1'000'000;

std::vector<OrderLine> linesOf(const wire::Order &message, const Money &total, Checks &check)
{
    std::vector<OrderLine> lines;
    lines.reserve(message.lineItems.size());
    MoneySum sum;
    for (std::size_t i = 0; i < message.lineItems.size(); ++i) {
        const auto &item = message.lineItems[i];
        check.enterElement("line_items", i);
        auto &line = lines.emplace_back();
        line.productId = item.productId.str();
        line.title = check.name("title", item.title);
        line.quantity = check.integer("quantity", item.quantity, 1, mostPieces);
        line.unitPrice = check.money("unit_price", item.unitPrice);
        if (check.error())
            return {};
        sum.add(line.quantity, line.unitPrice);
    }
    check.leaveElement();
    if (!lines.empty() && !sum.is(total))
        check.fail("total_price", " is not the sum of the line items");
    return lines;
}

} // namespace

Translated<Order> translate(const wire::Order &message)
{
    Checks check;
    Order order{.id = check.named<OrderId>("order_id", message.orderId),
                .createdAt = check.instant("created_at", message.createdAt),
                .customerName = check.name("customer_name", message.customerName),
                .totalPrice = check.money("total_price", message.totalPrice),
                .currency = {},
                .eventId = check.named<EventId>("event_id", message.eventId),
                .userId = check.named<UserId>("user_id", message.userId),
                .lines = {}};
    if (message.currency) {
        if (const auto currency = Currency::parse(message.currency->view()))
            order.currency = *currency;
        else
            check.fail("currency", " is not a currency code of ISO 4217");
    }
    order.lines = linesOf(message, order.totalPrice, check);
    if (check.error())
        return *check.error();
    return order;
}

Translated<TaskEvent> translate(const wire::TaskEvent &message)
{
    Checks check;
    TaskEvent event;
    event.eventId = check.named<EventId>("event_id", message.eventId);
    if (const auto type = parseTaskEventType(message.eventType.view()))
        event.type = *type;
    else
        check.fail("event_type", " is none of created, updated, completed, deleted");
    event.taskId = check.named<TaskId>("task_id", message.taskId);
    event.userId = check.named<UserId>("user_id", message.userId);
    event.timestamp = check.instant("timestamp", message.timestamp);
    if (check.error())
        return *check.error();

    const auto &data = message.taskData.value;
    Checks inside("$.task_data");
    event.title = inside.name("title", data.title);
    if (data.recurrence) {
        if (const auto recurrence = parseRecurrence(data.recurrence->view()))
            event.recurrence = *recurrence;
        else
            inside.fail("recurrence", " is none of none, daily, weekly, monthly, yearly");
    }
    if (data.recurrenceInterval)
        event.recurrenceInterval = inside.integer("recurrence_interval", *data.recurrenceInterval,
                                                  1, std::numeric_limits<std::int64_t>::max());
    event.dueAt = inside.instant("due_at", data.dueAt);
    if (inside.error())
        return *inside.error();
    event.taskData = message.taskData.bytes;
    return event;
}

Translated<Reminder> translate(const wire::Reminder &message)
{
    Checks check;
    Reminder reminder{.eventId = check.named<EventId>("event_id", message.eventId),
                      .taskId = check.named<TaskId>("task_id", message.taskId),
                      .userId = check.named<UserId>("user_id", message.userId),
                      .title = check.name("title", message.title),
                      .dueAt = check.instant("due_at", message.dueAt),
                      .remindAt = check.instant("remind_at", message.remindAt)};
    if (check.error())
        return *check.error();
    return reminder;
}

Translated<TaskEvent> translate(const decode::Kept<wire::TaskCreated> &kept, Instant recordedAt)
{
    const auto &message = kept.value;
    Checks check;
    TaskEvent event;
    event.taskId = message.id ? check.named<TaskId>("id", *message.id)
                              : check.named<TaskId>("task_id", *message.taskId);
    event.eventId = EventId("task-created:" + event.taskId.value());
    event.userId = check.named<UserId>("owner_email", message.ownerEmail);
    event.timestamp = check.instant("created_at", message.createdAt).value_or(recordedAt);
    event.title = check.name("title", message.title);
    event.taskData = kept.bytes;
    if (check.error())
        return *check.error();
    return event;
}

consumer::Failure toFailure(const decode::DecodeError &error)
{
    return {.kind = consumer::Failure::Kind::Permanent,
            .stage = consumer::Stage::Decode,
            .errorClass = "DecodeError",
            .message = error.message};
}

consumer::Failure toFailure(const ValidationError &error)
{
    return {.kind = consumer::Failure::Kind::Permanent,
            .stage = consumer::Stage::Validate,
            .errorClass = "ValidationError",
            .message = error.message};
}

} // namespace redrive::events
