#pragma once

#include "core/base/error.h"

#include <chrono>
#include <string>
#include <string_view>

namespace redrive {

/// When something happened, as people and brokers say it. Never used to measure a duration.
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// For intervals, deadlines and ages: unmoved by clock steps.
using MonoTime = std::chrono::steady_clock::time_point;
using Millis = std::chrono::milliseconds;

inline WallTime wallNow()
{
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
}
inline MonoTime monoNow()
{
    return std::chrono::steady_clock::now();
}

/// RFC 3339 in UTC with milliseconds: 2026-11-21T10:00:00.000Z
std::string toRfc3339(WallTime time);

/// `250ms`, `15s`, `10m`, `2h`, `3d`; a whole number and a unit, nothing else.
Result<Millis> parseDuration(std::string_view text);

/// For people: "340 ms", "12 s", "14 min", "3 h 5 min", "2 d 4 h".
std::string humanDuration(Millis duration);

} // namespace redrive
