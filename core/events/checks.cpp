#include "core/events/checks.h"

#include <algorithm>

namespace redrive::events {

namespace {

constexpr std::size_t longestId = 128;
constexpr std::size_t longestName = 512;

bool isContinuation(char c) noexcept
{
    return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Of valid UTF-8, which decoding has made sure of.
bool isLonger(std::string_view text, std::size_t characters)
{
    if (text.size() <= characters)
        return false;
    const auto continuations = std::count_if(text.begin(), text.end(), isContinuation);
    return text.size() - static_cast<std::size_t>(continuations) > characters;
}

bool hasControls(std::string_view text)
{
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte < 0x20 || byte == 0x7f)
            return true;
        if (byte == 0xc2 && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0)
            return true; // U+0080…U+009F
    }
    return false;
}

/// Unicode's White_Space that is not a control character.
bool isOnlyBlanks(std::string_view text)
{
    constexpr std::string_view wide[]{"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                      "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009",
                                      "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        if (static_cast<unsigned char>(text.front()) < 0xc2)
            return false;
        const auto *const blank = std::find_if(std::begin(wide), std::end(wide),
                                               [&](auto bytes) { return text.starts_with(bytes); });
        if (blank == std::end(wide))
            return false;
        text.remove_prefix(blank->size());
    }
    return true;
}

std::string_view wordsFor(Money::Problem problem)
{
    switch (problem) {
    case Money::Problem::NotANumber: return " is not a decimal number";
    case Money::Problem::Negative: return " is below 0";
    case Money::Problem::TooManyDigits: return " has more than 18 digits";
    case Money::Problem::TooFine: return " has more than 4 digits after the point";
    }
    return " is not an amount";
}

} // namespace

std::string_view problemOfId(std::string_view id)
{
    if (id.empty())
        return " is empty";
    if (isLonger(id, longestId))
        return " is longer than 128 characters";
    if (hasControls(id))
        return " contains a control character";
    if (isOnlyBlanks(id))
        return " is only blanks";
    return {};
}

std::string_view problemOfName(std::string_view name)
{
    if (name.empty())
        return " is empty";
    if (isLonger(name, longestName))
        return " is longer than 512 characters";
    return {};
}

void Checks::enterElement(std::string_view list, std::size_t index)
{
    m_list = list;
    m_index = index;
}

std::string Checks::id(std::string_view field, const decode::Text &text)
{
    if (const auto problem = problemOfId(text.view()); !problem.empty())
        fail(field, problem);
    return text.str();
}

std::string Checks::name(std::string_view field, const decode::Text &text)
{
    if (const auto problem = problemOfName(text.view()); !problem.empty())
        fail(field, problem);
    return text.str();
}

std::optional<std::string> Checks::name(std::string_view field,
                                        const std::optional<decode::Text> &text)
{
    return text ? std::optional(name(field, *text)) : std::nullopt;
}

Instant Checks::instant(std::string_view field, const decode::Text &text)
{
    const auto instant = parseInstant(text.view());
    if (!instant)
        fail(field, " is not an ISO 8601 date and time of the years 1970 to 9999");
    return instant.value_or(Instant{});
}

std::optional<Instant> Checks::instant(std::string_view field,
                                       const std::optional<decode::Text> &text)
{
    return text ? std::optional(instant(field, *text)) : std::nullopt;
}

Money Checks::money(std::string_view field, const decode::Number &number)
{
    const auto parsed = Money::parse(number.digits);
    if (!parsed.money)
        fail(field, wordsFor(parsed.problem));
    return parsed.money.value_or(Money());
}

std::int64_t Checks::integer(std::string_view field, const decode::Integer &integer,
                             std::int64_t least, std::int64_t most)
{
    const auto value = integer.value();
    if (!value || *value < least || *value > most)
        fail(field, " is not between " + std::to_string(least) + " and " + std::to_string(most));
    return value.value_or(least);
}

void Checks::fail(std::string_view field, std::string_view problem)
{
    if (m_error)
        return;
    std::string path(m_inside);
    if (!m_list.empty())
        path.append(".").append(m_list).append("[" + std::to_string(m_index) + "]");
    path.append(".").append(field);
    m_error = ValidationError{.path = path, .message = path + std::string(problem)};
}

} // namespace redrive::events
