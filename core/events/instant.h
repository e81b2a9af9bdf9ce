#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace redrive::events {

/// A moment in UTC, to the millisecond. toRfc3339() writes it.
using Instant = WallTime;

/// ISO 8601 date and time, in full: `2026-11-21T10:00:00.123456+01:00`, also without seconds, with
/// a blank or `t` for the T, a comma for the point, `+0100` or `+01` for the zone, or no zone,
/// which is UTC; and the basic form `20261121T100000Z`. What is finer than a millisecond is cut. A
/// leap second is the first moment of the next minute. None where it is anything else, or not in
/// 1970…9999.
std::optional<Instant> parseInstant(std::string_view text);

enum class Recurrence
{
    None,
    Daily,
    Weekly,
    Monthly,
    Yearly
};
std::optional<Recurrence> parseRecurrence(std::string_view text);
std::string_view name(Recurrence recurrence);

/// `from` + interval × unit in UTC. Months and years keep the day, or take the month's last one
/// where it has no such day (31 January → 28 February). None without a recurrence, with an interval
/// below 1, or beyond the year 9999.
std::optional<Instant> nextDue(Instant from, Recurrence recurrence, std::int64_t interval);

} // namespace redrive::events
