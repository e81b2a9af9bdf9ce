#pragma once

#include "core/decode/description.h"
#include "core/decode/values.h"

#include <optional>
#include <vector>

/// The messages as they are on the wire, and nothing more: views into a record's bytes. Handlers
/// don't see them; translate.h makes domain values of them.
namespace redrive::events::wire {

struct LineItem
{
    decode::Text productId;
    std::optional<decode::Text> title;
    decode::Integer quantity;
    decode::Number unitPrice;
};

struct Order
{
    decode::Text orderId;
    decode::Text createdAt;
    decode::Text customerName;
    decode::Number totalPrice;
    std::optional<decode::Text> eventId;
    std::optional<decode::Text> userId;
    std::optional<decode::Text> currency;
    std::vector<LineItem> lineItems;
};

struct TaskData
{
    std::optional<decode::Text> title;
    std::optional<decode::Text> recurrence;
    std::optional<decode::Integer> recurrenceInterval;
    std::optional<decode::Text> dueAt;
};

/// Of `task-events`, and the same seven fields of `task-updates`.
struct TaskEvent
{
    decode::Text eventId;
    decode::Text eventType;
    decode::Text taskId;
    decode::Text userId;
    decode::Kept<TaskData> taskData;
    decode::Text timestamp;
};

struct TaskCreated
{
    std::optional<decode::Text> id; ///< or taskId; this one counts where both are there
    std::optional<decode::Text> taskId;
    decode::Text title;
    std::optional<decode::Text> ownerEmail;
    std::optional<decode::Text> createdAt;
};

struct Reminder
{
    decode::Text eventId;
    decode::Text taskId;
    decode::Text userId;
    decode::Text title;
    std::optional<decode::Text> dueAt;
    decode::Text remindAt;
};

} // namespace redrive::events::wire

namespace redrive::decode {

template <>
inline constexpr auto description<events::wire::LineItem> =
    describe(required("product_id", &events::wire::LineItem::productId),
             optional("title", &events::wire::LineItem::title),
             required("quantity", &events::wire::LineItem::quantity),
             required("unit_price", &events::wire::LineItem::unitPrice));

template <>
inline constexpr auto description<events::wire::Order> =
    describe(required("order_id", &events::wire::Order::orderId),
             required("created_at", &events::wire::Order::createdAt),
             required("customer_name", &events::wire::Order::customerName),
             required("total_price", &events::wire::Order::totalPrice),
             optional("event_id", &events::wire::Order::eventId),
             optional("user_id", &events::wire::Order::userId),
             optional("currency", &events::wire::Order::currency),
             optional("line_items", &events::wire::Order::lineItems));

template <>
inline constexpr auto description<events::wire::TaskData> =
    describeOpen(optional("title", &events::wire::TaskData::title),
                 nullable("recurrence", &events::wire::TaskData::recurrence),
                 optional("recurrence_interval", &events::wire::TaskData::recurrenceInterval),
                 nullable("due_at", &events::wire::TaskData::dueAt));

template <>
inline constexpr auto description<events::wire::TaskEvent> =
    describe(required("event_id", &events::wire::TaskEvent::eventId),
             required("event_type", &events::wire::TaskEvent::eventType),
             required("task_id", &events::wire::TaskEvent::taskId, Form::StringOrInteger),
             required("user_id", &events::wire::TaskEvent::userId),
             required("timestamp", &events::wire::TaskEvent::timestamp),
             required("task_data", &events::wire::TaskEvent::taskData));

template <>
inline constexpr auto description<events::wire::TaskCreated> =
    describe(requiredUnlessNext("id", &events::wire::TaskCreated::id, Form::StringOrInteger),
             optional("task_id", &events::wire::TaskCreated::taskId, Form::StringOrInteger),
             required("title", &events::wire::TaskCreated::title),
             optional("owner_email", &events::wire::TaskCreated::ownerEmail),
             optional("created_at", &events::wire::TaskCreated::createdAt));

template <>
inline constexpr auto description<events::wire::Reminder> =
    describe(required("event_id", &events::wire::Reminder::eventId),
             required("task_id", &events::wire::Reminder::taskId, Form::StringOrInteger),
             required("user_id", &events::wire::Reminder::userId),
             required("title", &events::wire::Reminder::title),
             nullable("due_at", &events::wire::Reminder::dueAt),
             required("remind_at", &events::wire::Reminder::remindAt));

} // namespace redrive::decode
