#include "app/ctl/quantities.h"

#include "app/ctl/exitcode.h"
#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace redrive::ctl {

namespace {

Error bad(std::string_view option, std::string_view text, const std::string &why)
{
    return usageError(std::string(option) + " '" + visible(text) + "' is " + why);
}

/// A number and what follows it.
std::optional<std::pair<std::uint64_t, std::string_view>> leadingNumber(std::string_view text)
{
    std::uint64_t number = 0;
    const char *const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, number);
    if (problem != std::errc())
        return std::nullopt;
    return std::pair{number, std::string_view(end, static_cast<std::size_t>(last - end))};
}

} // namespace

Result<std::uint64_t> parseSize(std::string_view option, std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 9> units{
        {{"", 1},
         {"B", 1},
         {"KiB", 1U << 10U},
         {"MiB", 1U << 20U},
         {"GiB", 1U << 30U},
         {"kB", 1000},
         {"KB", 1000},
         {"MB", 1'000'000},
         {"GB", 1'000'000'000}}};
    const auto number = leadingNumber(text);
    if (number) {
        for (const auto &[unit, bytes] : units) {
            if (number->second == unit && number->first > 0 &&
                number->first <= std::numeric_limits<std::uint64_t>::max() / bytes)
                return number->first * bytes;
        }
    }
    return bad(option, text, "not a size such as 4MiB, 64KiB or 1048576");
}

Result<std::uint64_t> parseCount(std::string_view option, std::string_view text,
                                 std::uint64_t least)
{
    const auto number = leadingNumber(text);
    if (number && number->second.empty() && number->first >= least)
        return number->first;
    return bad(option, text, "not a whole number from " + std::to_string(least));
}

Result<double> parseRate(std::string_view option, std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, double>, 4> units{
        {{"", 1}, {"/s", 1}, {"/m", 60}, {"/h", 3600}}};
    const auto number = leadingNumber(text);
    if (number && number->first > 0) {
        for (const auto &[unit, seconds] : units) {
            if (number->second == unit)
                return static_cast<double>(number->first) / seconds;
        }
    }
    return bad(option, text, "not a rate such as 100/s or 30/m");
}

Result<std::uint64_t> parseEvery(std::string_view option, std::string_view text)
{
    const auto slash = text.find('/');
    if (slash != std::string_view::npos) {
        const auto some = leadingNumber(text.substr(0, slash));
        const auto all = leadingNumber(text.substr(slash + 1));
        if (some && all && some->second.empty() && all->second.empty() && some->first > 0 &&
            all->first >= some->first && all->first % some->first == 0)
            return all->first / some->first;
    }
    return bad(option, text, "not a share such as 1/100, which makes every hundredth one");
}

Result<Millis> parseSpan(std::string_view option, std::string_view text, Least least)
{
    const auto duration = parseDuration(text);
    if (!duration)
        return usageError(std::string(option) + " " + duration.error().message);
    if (least == Least::AboveNothing && duration->count() == 0)
        return bad(option, text, "nothing; give a time such as 500ms or 10s");
    return *duration;
}

Result<std::pair<Millis, Millis>> parseBackoff(std::string_view option, std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos)
        return bad(option, text, "not FIRST:LONGEST, such as 100ms:10s");
    const auto first = parseSpan(option, text.substr(0, colon), Least::AboveNothing);
    if (!first)
        return first.error();
    const auto longest = parseSpan(option, text.substr(colon + 1), Least::AboveNothing);
    if (!longest)
        return longest.error();
    if (*longest < *first)
        return bad(option, text, "upside down: the longest wait comes second");
    return std::pair{*first, *longest};
}

Result<std::vector<std::string>> parseNames(std::string_view option,
                                            const std::vector<std::string> &given)
{
    std::vector<std::string> names;
    for (const std::string &list : given) {
        for (std::size_t begin = 0; begin <= list.size();) {
            const auto comma = std::min(list.find(',', begin), list.size());
            std::string name = list.substr(begin, comma - begin);
            if (name.empty())
                return bad(option, list, "a list with an empty name in it");
            if (!isValidUtf8(name))
                return bad(option, list, "not valid UTF-8");
            if (std::find(names.begin(), names.end(), name) == names.end())
                names.push_back(std::move(name));
            begin = comma + 1;
        }
    }
    return names;
}

Error notOneOf(std::string_view option, std::string_view text, std::string_view values)
{
    return bad(option, text, "none of " + std::string(values));
}

} // namespace redrive::ctl
