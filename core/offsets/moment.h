#pragma once

#include "core/base/time.h"

#include <optional>
#include <string_view>

namespace redrive::offsets {

/// RFC 3339 in full, with its zone: `2026-11-21T10:00:00.000Z`, `2026-11-21T11:00:00+01:00`. What
/// is finer than a millisecond is cut. None where it is anything else.
std::optional<WallTime> parseRfc3339(std::string_view text);

/// The contract's TIME: RFC 3339, milliseconds since 1970, or `-15m` for a time before `now`. A
/// usage error for a local time without a zone, and for one before 1970: Kafka means something else
/// by those.
Result<WallTime> parseTime(std::string_view text, WallTime now);

} // namespace redrive::offsets
