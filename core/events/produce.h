#pragma once

#include "core/events/instant.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::events {

enum class EventKind
{
    Order,
    Task,
    Reminder
};
std::optional<EventKind> parseEventKind(std::string_view text); ///< `order`, `task`, `reminder`

struct ProducePlan
{
    EventKind kind = EventKind::Order;
    std::uint64_t seed = 1;
    std::uint64_t users = 50; ///< at least 1: `u-0` … `u-49`
    /// Exactly every N-th record is malformed, each in the next way of malformations().
    std::optional<std::uint64_t> badEvery;
    Instant from{}; ///< the first record's time; each next one is a second later
};

struct ProducedEvent
{
    std::string key;                  ///< the user id
    std::optional<std::string> value; ///< none: a tombstone, one of the malformed kinds
    std::string_view malformation;    ///< empty: a good record
};

/// The record at `index`, from 0. A pure function: the same plan gives the same bytes, in any order
/// and at any speed.
ProducedEvent makeEvent(const ProducePlan &plan, std::uint64_t index);

/// The ways in which a record can be bad for decoding or validation, in the order in which they are
/// made. A value above the size limit is not among them: brokers would refuse it before any
/// consumer does.
std::vector<std::string_view> malformations(EventKind kind);

} // namespace redrive::events
