#include "core/base/time.h"

#include <array>
#include <charconv>
#include <cstdio>
#include <limits>
#include <utility>

namespace redrive {

std::string toRfc3339(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 48> text{};
    const int length = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ld.%03ldZ",
        static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()), static_cast<long>(clock.hours().count()),
        static_cast<long>(clock.minutes().count()), static_cast<long>(clock.seconds().count()),
        static_cast<long>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

Result<Millis> parseDuration(std::string_view text)
{
    const auto refuse = [&] {
        return Error{.kind = Error::Kind::Usage,
                     .code = "INVALID_DURATION",
                     .message = "'" + std::string(text) +
                                "' is not a duration such as 250ms, 15s, 10m, 2h or 3d",
                     .attempted = "reading a duration",
                     .retriable = false};
    };
    std::int64_t count = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (problem != std::errc{} || count < 0)
        return refuse();
    const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
    constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
        {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
    for (const auto &[name, millis] : units) {
        if (unit != name)
            continue;
        if (count > std::numeric_limits<std::int64_t>::max() / millis)
            return refuse();
        return Millis(count * millis);
    }
    return refuse();
}

std::string humanDuration(Millis duration)
{
    const auto ms = duration.count();
    const auto pair = [](std::int64_t big, const char *bigUnit, std::int64_t small,
                         const char *smallUnit) {
        std::string text = std::to_string(big) + " " + bigUnit;
        if (small != 0)
            text += " " + std::to_string(small) + " " + smallUnit;
        return text;
    };
    if (ms < 1000)
        return std::to_string(ms) + " ms";
    const auto s = ms / 1000;
    if (s < 60)
        return std::to_string(s) + " s";
    if (s < 3600)
        return std::to_string(s / 60) + " min";
    if (s < 86'400)
        return pair(s / 3600, "h", s % 3600 / 60, "min");
    return pair(s / 86'400, "d", s % 86'400 / 3600, "h");
}

} // namespace redrive
