#include "core/events/instant.h"

#include <array>

namespace redrive::events {

using namespace std::chrono;

namespace {

constexpr Instant first = sys_days(year(1970) / January / 1);
constexpr Instant behindLast = sys_days(year(10000) / January / 1);

bool isDigit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// Text consumed from the front; a failure sticks.
class Cursor
{
public:
    explicit Cursor(std::string_view text)
        : m_rest(text)
    {
    }
    bool isGood() const { return m_isGood; }
    bool isAtEnd() const { return m_rest.empty(); }
    char now() const { return m_rest.empty() ? '\0' : m_rest.front(); }
    bool isDigitNext() const { return isDigit(now()); }
    bool take(char c)
    {
        if (now() != c || m_rest.empty())
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    void expect(char c) { m_isGood = take(c) && m_isGood; }
    int digits(std::size_t count)
    {
        int value = 0;
        for (; count > 0; --count) {
            if (!isDigitNext()) {
                m_isGood = false;
                return 0;
            }
            value = value * 10 + (m_rest.front() - '0');
            m_rest.remove_prefix(1);
        }
        return value;
    }
    /// What follows a decimal point, cut to milliseconds.
    milliseconds fraction()
    {
        if (!isDigitNext())
            m_isGood = false;
        std::int64_t value = 0;
        for (int unit = 100; isDigitNext(); unit /= 10)
            value += unit * digits(1);
        return milliseconds(value);
    }
    void fail() { m_isGood = false; }

private:
    std::string_view m_rest;
    bool m_isGood = true;
};

struct TimeOfDay
{
    milliseconds sinceMidnight{};
    bool isLeapSecond = false;
};

TimeOfDay timeOfDay(Cursor &text, bool isExtended)
{
    const int hour = text.digits(2);
    if (isExtended)
        text.expect(':');
    const int minute = text.digits(2);
    int second = 0;
    milliseconds fraction{};
    if (isExtended ? text.take(':') : text.isDigitNext()) {
        second = text.digits(2);
        if (text.take('.') || text.take(','))
            fraction = text.fraction();
    }
    if (hour > 23 || minute > 59 || second > 60)
        text.fail();
    return {hours(hour) + minutes(minute) + seconds(second) + fraction, second == 60};
}

minutes zone(Cursor &text)
{
    if (text.isAtEnd() || text.take('Z') || text.take('z'))
        return {};
    const bool isWest = text.take('-');
    if (!isWest)
        text.expect('+');
    const int hour = text.digits(2);
    int minute = 0;
    if (text.take(':') || text.isDigitNext())
        minute = text.digits(2);
    if (hour > 23 || minute > 59)
        text.fail();
    const minutes offset = hours(hour) + minutes(minute);
    return isWest ? -offset : offset;
}

} // namespace

std::optional<Instant> parseInstant(std::string_view text)
{
    Cursor cursor(text);
    const int writtenYear = cursor.digits(4);
    const bool isExtended = cursor.take('-');
    const int writtenMonth = cursor.digits(2);
    if (isExtended)
        cursor.expect('-');
    const int writtenDay = cursor.digits(2);
    const year_month_day date(year(writtenYear), month(static_cast<unsigned>(writtenMonth)),
                              day(static_cast<unsigned>(writtenDay)));
    if (!cursor.take('T') && !cursor.take('t'))
        cursor.expect(' ');
    const auto time = timeOfDay(cursor, isExtended);
    const auto offset = zone(cursor);
    if (!cursor.isGood() || !cursor.isAtEnd() || !date.ok())
        return {};

    Instant instant = sys_days(date) + time.sinceMidnight - offset;
    if (time.isLeapSecond) {
        instant = floor<minutes>(instant);
        if (instant != floor<days>(instant))
            return {}; // leap seconds end a day in UTC, and only there
    }
    if (instant < first || instant >= behindLast)
        return {};
    return instant;
}

std::optional<Recurrence> parseRecurrence(std::string_view text)
{
    for (const auto recurrence : {Recurrence::None, Recurrence::Daily, Recurrence::Weekly,
                                  Recurrence::Monthly, Recurrence::Yearly})
        if (text == name(recurrence))
            return recurrence;
    return {};
}

std::string_view name(Recurrence recurrence)
{
    switch (recurrence) {
    case Recurrence::None: return "none";
    case Recurrence::Daily: return "daily";
    case Recurrence::Weekly: return "weekly";
    case Recurrence::Monthly: return "monthly";
    case Recurrence::Yearly: return "yearly";
    }
    return "none";
}

std::optional<Instant> nextDue(Instant from, Recurrence recurrence, std::int64_t interval)
{
    // 1970…9999 has fewer days than this, so no arithmetic below can overflow.
    constexpr std::int64_t mostSteps = 3'000'000;
    constexpr std::int64_t mostMonths = 8030 * 12;
    if (recurrence == Recurrence::None || interval < 1 || interval > mostSteps)
        return {};

    const auto date = floor<days>(from);
    const auto inMonths = [&](std::int64_t count) -> std::optional<Instant> {
        if (count > mostMonths)
            return {};
        const year_month_day start(date);
        auto then = start + months(count);
        if (!then.ok())
            then = then.year() / then.month() / last;
        return sys_days(then) + (from - date);
    };

    std::optional<Instant> due;
    switch (recurrence) {
    case Recurrence::None: break;
    case Recurrence::Daily: due = from + days(interval); break;
    case Recurrence::Weekly: due = from + weeks(interval); break;
    case Recurrence::Monthly: due = inMonths(interval); break;
    case Recurrence::Yearly: due = inMonths(interval * 12); break;
    }
    return due && *due < behindLast ? due : std::nullopt;
}

} // namespace redrive::events
