#include "core/offsets/jsonread.h"

#include "core/base/text.h"
#include "core/offsets/moment.h"

namespace redrive::offsets::json {

namespace {

/// -1: not a digit.
int base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+')
        return 62;
    return c == '/' ? 63 : -1;
}

std::optional<std::string> fromBase64(std::string_view text)
{
    if (text.size() % 4 != 0)
        return {};
    std::size_t padding = 0;
    while (padding < 2 && !text.empty() && text.back() == '=') {
        text.remove_suffix(1);
        ++padding;
    }
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text) {
        const int digit = base64Digit(c);
        if (digit < 0)
            return {};
        bits = ((bits << 6U) | static_cast<std::uint32_t>(digit)) & 0xFFFFU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes += static_cast<char>((bits >> held) & 0xFFU);
        }
    }
    return bytes;
}

} // namespace

void Part::fail(const std::string &expected) const
{
    throw Malformed{(m_path.empty() ? std::string("it") : visible(m_path)) + " is not " + expected};
}

std::optional<Part> Part::find(std::string_view key) const
{
    simdjson::dom::object object;
    if (m_element.get(object) != simdjson::SUCCESS)
        fail("an object");
    simdjson::dom::element element;
    if (object.at_key(key).get(element) != simdjson::SUCCESS || element.is_null())
        return {};
    return Part(element, (m_path.empty() ? "" : m_path + ".") + std::string(key));
}

Part Part::at(std::string_view key) const
{
    if (const auto part = find(key))
        return *part;
    throw Malformed{"there is no " + (m_path.empty() ? "" : visible(m_path) + ".") +
                    std::string(key)};
}

std::vector<Part> Part::list() const
{
    simdjson::dom::array array;
    if (m_element.get(array) != simdjson::SUCCESS)
        fail("a list");
    std::vector<Part> parts;
    for (const simdjson::dom::element element : array)
        parts.emplace_back(element, m_path + "[" + std::to_string(parts.size()) + "]");
    return parts;
}

std::string Part::text() const
{
    std::string_view characters;
    if (m_element.get(characters) == simdjson::SUCCESS)
        return std::string(characters);
    if (m_element.is_object()) {
        if (const auto plain = find("text"); plain && plain->m_element.is_string())
            return plain->text();
        const auto encoded = find("base64");
        if (encoded && encoded->m_element.is_string())
            if (auto bytes = fromBase64(encoded->text()))
                return *std::move(bytes);
    }
    fail("a text");
}

bool Part::truth() const
{
    bool value = false;
    if (m_element.get(value) != simdjson::SUCCESS)
        fail("true or false");
    return value;
}

std::int64_t Part::number(std::int64_t least, std::int64_t most) const
{
    std::int64_t value = 0;
    if (m_element.get(value) != simdjson::SUCCESS)
        fail("a whole number");
    if (value < least || value > most)
        fail("a number that can be");
    return value;
}

WallTime Part::time() const
{
    if (m_element.is_int64())
        return WallTime(Millis(number()));
    if (const auto read = parseRfc3339(text()))
        return *read;
    fail("a time such as 2026-11-21T10:00:00.000Z");
}

std::int32_t Part::partition() const
{
    return static_cast<std::int32_t>(number(0, std::numeric_limits<std::int32_t>::max()));
}

std::int32_t Part::epoch() const
{
    return static_cast<std::int32_t>(
        number(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()));
}

} // namespace redrive::offsets::json
