#include "core/offsets/moment.h"

#include "core/base/text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

namespace redrive::offsets {

using namespace std::chrono;

namespace {

constexpr WallTime behindLast = sys_days(year(10000) / January / 1);
constexpr std::size_t secondsLength = std::string_view("2026-11-21T10:00:00").size();

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// -1: there is no such number.
int number(std::string_view text, std::size_t at, std::size_t digits)
{
    if (text.size() < at + digits)
        return -1;
    int value = 0;
    for (const char c : text.substr(at, digits)) {
        if (!isDigit(c))
            return -1;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<WallTime> dateAndTime(std::string_view text)
{
    const auto has = [text](std::size_t at, char c) { return text.size() > at && text[at] == c; };
    if (!has(4, '-') || !has(7, '-') || !(has(10, 'T') || has(10, 't')) || !has(13, ':') ||
        !has(16, ':'))
        return {};
    const int hour = number(text, 11, 2);
    const int minute = number(text, 14, 2);
    const int second = number(text, 17, 2);
    const int writtenYear = number(text, 0, 4);
    const int writtenMonth = number(text, 5, 2);
    const int writtenDay = number(text, 8, 2);
    if (writtenYear < 0 || writtenMonth < 0 || writtenDay < 0 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 59)
        return {};
    const year_month_day date(year(writtenYear), month(static_cast<unsigned>(writtenMonth)),
                              day(static_cast<unsigned>(writtenDay)));
    if (!date.ok())
        return {};
    return sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

std::optional<minutes> zone(std::string_view text)
{
    if (text == "Z" || text == "z")
        return minutes(0);
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':')
        return {};
    const int hour = number(text, 1, 2);
    const int minute = number(text, 4, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return {};
    const minutes east = hours(hour) + minutes(minute);
    return text[0] == '-' ? -east : east;
}

Error notATime(std::string_view text, const std::string &why)
{
    return {.kind = Error::Kind::Usage,
            .code = "INVALID_TIME",
            .message = "'" + visible(text) + "' is " + why,
            .attempted = "reading a time",
            .retriable = false};
}

} // namespace

std::optional<WallTime> parseRfc3339(std::string_view text)
{
    const auto local = dateAndTime(text);
    if (!local)
        return {};
    std::string_view rest = text.substr(secondsLength);
    milliseconds fraction{};
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        const auto end = std::find_if_not(rest.begin(), rest.end(), isDigit);
        const auto digits = static_cast<std::size_t>(end - rest.begin());
        if (digits == 0)
            return {};
        int unit = 100;
        for (const char c : rest.substr(0, digits)) {
            fraction += milliseconds(unit * (c - '0'));
            unit /= 10;
        }
        rest.remove_prefix(digits);
    }
    const auto east = zone(rest);
    if (!east)
        return {};
    return *local + fraction - *east;
}

Result<WallTime> parseTime(std::string_view text, WallTime now)
{
    const auto from1970 = [text](WallTime time) -> Result<WallTime> {
        if (time < WallTime{})
            return notATime(text, "before 1970");
        if (time >= behindLast)
            return notATime(text, "after the year 9999");
        return time;
    };
    if (text.starts_with('-')) {
        const auto ago = parseDuration(text.substr(1));
        if (!ago)
            return notATime(text, "not a time ago such as -15m or -2h");
        return from1970(now - *ago);
    }
    std::int64_t millis = 0;
    const char *const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, millis);
    if (problem == std::errc() && end == last)
        return from1970(WallTime(Millis(millis)));
    if (const auto time = parseRfc3339(text))
        return from1970(*time);
    if (parseRfc3339(std::string(text) + "Z"))
        return notATime(text, "a local time without a zone: append Z for UTC, or +01:00");
    return notATime(text, "not a time such as 2026-11-21T10:00:00Z, milliseconds since 1970, or "
                          "-15m for a time ago");
}

} // namespace redrive::offsets
