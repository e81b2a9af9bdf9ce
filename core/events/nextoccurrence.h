#pragma once

#include "core/events/domain.h"
#include "core/events/translate.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::events {

/// A name-based UUID (RFC 4122 version 5, SHA-1), in lower case with hyphens.
std::string uuidV5(const std::array<std::uint8_t, 16> &nameSpace, std::string_view name);

/// The occurrence that follows a completed one: what is recorded and what is produced.
struct NextOccurrence
{
    EventId eventId; ///< UUIDv5 of the completed event's id: the same however often it is made
    TaskId taskId;   ///< the same
    Instant dueAt{};
    std::string key;   ///< of the record: the user id
    std::string value; ///< of the record: a task event of type created
};

/// None where nothing follows: not completed, or no recurrence. An error where the next occurrence
/// would be beyond the year 9999. `now` is the timestamp of the new event.
Outcome<std::optional<NextOccurrence>, ValidationError> nextOccurrence(const TaskEvent &completed,
                                                                       Instant now);

/// `object`, a JSON object, with its member `name` set to `value` (JSON), and every other byte as
/// it was.
std::string withMember(std::string_view object, std::string_view name, std::string_view value);

} // namespace redrive::events
