#pragma once

#include "core/consumer/handler.h"
#include "core/decode/decode.h"
#include "core/events/domain.h"
#include "core/events/messages.h"
#include "core/events/outcome.h"

#include <optional>
#include <string>
#include <string_view>

namespace redrive::events {

/// A good message that no domain value can be made of. The message names the path and never
/// repeats the value, which may be somebody's name.
struct ValidationError
{
    std::string path; ///< `$.line_items[0].quantity`
    std::string message;
    bool operator==(const ValidationError &) const = default;
};

// From the wire to the domain. Pure: time is an argument.

template <typename T>
using Translated = Outcome<T, ValidationError>;

Translated<Order> translate(const wire::Order &message);
Translated<TaskEvent> translate(const wire::TaskEvent &message);
Translated<Reminder> translate(const wire::Reminder &message);
/// As a task event of type created, id `task-created:` + id, whose data is the whole message;
/// `recordedAt` where it does not say when.
Translated<TaskEvent> translate(const decode::Kept<wire::TaskCreated> &message, Instant recordedAt);

/// Both are permanent: attempts = 1, straight to the dead letters.
consumer::Failure toFailure(const decode::DecodeError &error);
consumer::Failure toFailure(const ValidationError &error);

/// A record that is no such event.
struct Rejected
{
    consumer::Failure failure;
    std::string eventId; ///< where one could be read all the same
};

template <typename T>
using Reading = Outcome<T, Rejected>;
using Value = std::optional<std::string_view>; ///< of a record: null is not empty

// What handlers call: decode and translate in one. Thread-safe; keeps nothing of `value`.

Reading<Order> readOrder(Value value, const decode::Options &options = {});
/// A task event, a task update, or a task-created message.
Reading<TaskEvent> readTaskEvent(Value value, Instant recordedAt,
                                 const decode::Options &options = {});
Reading<Reminder> readReminder(Value value, const decode::Options &options = {});
/// A reminder, or whatever readTaskEvent() takes.
Reading<Notice> readNotice(Value value, Instant recordedAt, const decode::Options &options = {});

enum class Shape
{
    Order,
    TaskEvent,
    TaskCreated,
    Reminder
};
/// Which event a record is or was meant to be, by the keys it has; `otherwise` where they don't
/// tell, or where it is no JSON object.
Shape shapeOf(Value value, Shape otherwise);

} // namespace redrive::events
