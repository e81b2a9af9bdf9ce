#include "core/events/checks.h"
#include "core/events/translate.h"

#include <utility>

namespace redrive::events {

/// The keys by which one event is told from another.
struct TellingKeys
{
    std::optional<decode::Raw> orderId;
    std::optional<decode::Raw> eventType;
    std::optional<decode::Raw> remindAt;
    std::optional<decode::Raw> eventId;
    std::optional<decode::Raw> userId;
    std::optional<decode::Raw> taskData;
    std::optional<decode::Raw> timestamp;
    std::optional<decode::Raw> id;
    std::optional<decode::Raw> taskId;
};

struct OnlyEventId
{
    std::optional<decode::Text> eventId;
};

} // namespace redrive::events

namespace redrive::decode {

template <>
inline constexpr auto description<events::TellingKeys> = describeOpen(
    optional("order_id", &events::TellingKeys::orderId),
    optional("event_type", &events::TellingKeys::eventType),
    optional("remind_at", &events::TellingKeys::remindAt),
    optional("event_id", &events::TellingKeys::eventId),
    optional("user_id", &events::TellingKeys::userId),
    optional("task_data", &events::TellingKeys::taskData),
    optional("timestamp", &events::TellingKeys::timestamp),
    optional("id", &events::TellingKeys::id), optional("task_id", &events::TellingKeys::taskId));

template <>
inline constexpr auto description<events::OnlyEventId> =
    describeOpen(optional("event_id", &events::OnlyEventId::eventId));

} // namespace redrive::decode

namespace redrive::events {

namespace {

std::string usableId(std::string_view id)
{
    return problemOfId(id).empty() ? std::string(id) : std::string();
}

Rejected rejected(Value value, const decode::DecodeError &error)
{
    OnlyEventId only;
    std::string eventId;
    if (!decode::decode(value, only) && only.eventId)
        eventId = usableId(only.eventId->view());
    return {toFailure(error), std::move(eventId)};
}

Rejected rejected(std::string_view eventId, const ValidationError &error)
{
    return {toFailure(error), usableId(eventId)};
}

Reading<TaskEvent> readTaskCreated(Value value, Instant recordedAt, const decode::Options &options)
{
    decode::Kept<wire::TaskCreated> message;
    if (const auto error = decode::decode(value, message, options))
        return rejected(value, *error);
    auto event = translate(message, recordedAt);
    if (!event) {
        const auto &id = message.value.id ? *message.value.id : *message.value.taskId;
        return rejected("task-created:" + id.str(), event.error());
    }
    return *std::move(event);
}

} // namespace

Reading<Order> readOrder(Value value, const decode::Options &options)
{
    wire::Order message;
    if (const auto error = decode::decode(value, message, options))
        return rejected(value, *error);
    auto order = translate(message);
    if (!order)
        return rejected(message.eventId ? message.eventId->view() : "", order.error());
    return *std::move(order);
}

Reading<TaskEvent> readTaskEvent(Value value, Instant recordedAt, const decode::Options &options)
{
    wire::TaskEvent message;
    if (const auto error = decode::decode(value, message, options)) {
        if (shapeOf(value, Shape::TaskEvent) == Shape::TaskCreated)
            return readTaskCreated(value, recordedAt, options);
        return rejected(value, *error);
    }
    auto event = translate(message);
    if (!event)
        return rejected(message.eventId.view(), event.error());
    return *std::move(event);
}

Reading<Reminder> readReminder(Value value, const decode::Options &options)
{
    wire::Reminder message;
    if (const auto error = decode::decode(value, message, options))
        return rejected(value, *error);
    auto reminder = translate(message);
    if (!reminder)
        return rejected(message.eventId.view(), reminder.error());
    return *std::move(reminder);
}

Reading<Notice> readNotice(Value value, Instant recordedAt, const decode::Options &options)
{
    const Shape shape = shapeOf(value, Shape::Reminder);
    if (shape == Shape::TaskEvent || shape == Shape::TaskCreated) {
        auto event = readTaskEvent(value, recordedAt, options);
        if (!event)
            return std::move(event).error();
        return Notice(*std::move(event));
    }
    auto reminder = readReminder(value, options);
    if (!reminder)
        return std::move(reminder).error();
    return Notice(*std::move(reminder));
}

Shape shapeOf(Value value, Shape otherwise)
{
    TellingKeys keys;
    if (decode::decode(value, keys))
        return otherwise;
    if (keys.orderId)
        return Shape::Order;
    if (keys.eventType)
        return Shape::TaskEvent;
    if (keys.remindAt)
        return Shape::Reminder;
    if (keys.eventId || keys.userId || keys.taskData || keys.timestamp)
        return otherwise;
    return keys.id || keys.taskId ? Shape::TaskCreated : otherwise;
}

} // namespace redrive::events
