#include "core/decode/unescape.h"

#include <cstdint>
#include <optional>

namespace redrive::decode {

namespace {

constexpr std::uint32_t highSurrogates = 0xd800;
constexpr std::uint32_t lowSurrogates = 0xdc00;
constexpr std::uint32_t behindSurrogates = 0xe000;

std::optional<std::uint32_t> fourHexDigits(std::string_view text, std::size_t at)
{
    if (at > text.size() || text.size() - at < 4)
        return {};
    std::uint32_t value = 0;
    for (const char c : text.substr(at, 4)) {
        const std::uint32_t digit =
            c >= '0' && c <= '9'   ? static_cast<std::uint32_t>(c - '0')
            : c >= 'a' && c <= 'f' ? static_cast<std::uint32_t>(c - 'a' + 10)
            : c >= 'A' && c <= 'F' ? static_cast<std::uint32_t>(c - 'A' + 10)
                                   : 16U;
        if (digit == 16U)
            return {};
        value = value * 16 + digit;
    }
    return value;
}

void appendUtf8(std::string &out, std::uint32_t c)
{
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0U | (c >> 6U));
        put(0x80U | (c & 0x3fU));
    } else if (c < 0x10000) {
        put(0xe0U | (c >> 12U));
        put(0x80U | ((c >> 6U) & 0x3fU));
        put(0x80U | (c & 0x3fU));
    } else {
        put(0xf0U | (c >> 18U));
        put(0x80U | ((c >> 12U) & 0x3fU));
        put(0x80U | ((c >> 6U) & 0x3fU));
        put(0x80U | (c & 0x3fU));
    }
}

char plainEscape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
    }
}

} // namespace

UnescapeResult unescape(std::string_view raw, std::string *into)
{
    for (std::size_t at = 0; at < raw.size();) {
        const std::size_t escape = std::min(raw.find('\\', at), raw.size());
        if (into != nullptr)
            into->append(raw, at, escape - at);
        if (escape == raw.size())
            break;
        const char what = escape + 1 < raw.size() ? raw[escape + 1] : '\0';
        if (what != 'u') {
            const char plain = plainEscape(what);
            if (plain == '\0')
                return {Unescaped::BadEscape, escape};
            if (into != nullptr)
                *into += plain;
            at = escape + 2;
            continue;
        }
        auto code = fourHexDigits(raw, escape + 2);
        if (!code)
            return {Unescaped::BadEscape, escape};
        at = escape + 6;
        if (*code >= highSurrogates && *code < behindSurrogates) {
            const bool isFollowed = raw.substr(at, 2) == "\\u";
            const auto low = isFollowed ? fourHexDigits(raw, at + 2) : std::nullopt;
            if (isFollowed && !low)
                return {Unescaped::BadEscape, at};
            if (*code >= lowSurrogates || !low || *low < lowSurrogates || *low >= behindSurrogates)
                return {Unescaped::LoneSurrogate, escape};
            *code = 0x10000 + ((*code - highSurrogates) << 10U) + (*low - lowSurrogates);
            at += 6;
        }
        if (into != nullptr)
            appendUtf8(*into, *code);
    }
    return {Unescaped::Good, raw.size()};
}

} // namespace redrive::decode
