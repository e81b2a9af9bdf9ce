#pragma once

#include "core/base/ids.h"
#include "core/events/instant.h"
#include "core/events/money.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What handlers work with: values that hold by construction, made by translate.h and by nothing
/// else. They own their text and outlive the record.
namespace redrive::events {

/// Ids: 1…128 characters, no control characters, not only blanks.
using EventId = Named<struct EventIdTag, std::string>;
using OrderId = Named<struct OrderIdTag, std::string>;
using TaskId = Named<struct TaskIdTag, std::string>;
using UserId = Named<struct UserIdTag, std::string>;

struct OrderLine
{
    std::string productId;
    std::optional<std::string> title;
    std::int64_t quantity = 0; ///< 1…1,000,000
    Money unitPrice;
};

struct Order
{
    OrderId id;
    Instant createdAt{};
    std::string customerName;
    Money totalPrice; ///< the sum of the lines, where there are any
    Currency currency;
    std::optional<EventId> eventId;
    std::optional<UserId> userId;
    std::vector<OrderLine> lines;
};

enum class TaskEventType
{
    Created,
    Updated,
    Completed,
    Deleted
};
std::optional<TaskEventType> parseTaskEventType(std::string_view text);
std::string_view name(TaskEventType type); ///< `created` …

struct TaskEvent
{
    EventId eventId;
    TaskEventType type = TaskEventType::Created;
    TaskId taskId;
    std::optional<UserId> userId; ///< none: a task-created message that names no owner
    Instant timestamp{};
    std::optional<std::string> title;
    Recurrence recurrence = Recurrence::None;
    std::int64_t recurrenceInterval = 1;
    std::optional<Instant> dueAt;
    std::string taskData; ///< the sender's JSON object, byte for byte
};

struct Reminder
{
    EventId eventId;
    TaskId taskId;
    UserId userId;
    std::string title;
    std::optional<Instant> dueAt;
    Instant remindAt{};
};

/// What notifications are made of.
using Notice = std::variant<Reminder, TaskEvent>;

} // namespace redrive::events
