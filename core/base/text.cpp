#include "core/base/text.h"

#include "core/base/unicode.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace redrive {

namespace {

constexpr int mostMarksInARow = 8;

struct Decoded
{
    char32_t codePoint = 0;
    std::size_t length = 0; ///< 0: the byte there starts no valid character
};

Decoded decode(std::string_view bytes) noexcept
{
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char lead = at(0);
    if (lead < 0x80)
        return {lead, 1};
    std::size_t length = 0;
    char32_t codePoint = 0;
    char32_t smallest = 0;
    if ((lead & 0xe0U) == 0xc0U) {
        length = 2;
        codePoint = lead & 0x1fU;
        smallest = 0x80;
    } else if ((lead & 0xf0U) == 0xe0U) {
        length = 3;
        codePoint = lead & 0x0fU;
        smallest = 0x800;
    } else if ((lead & 0xf8U) == 0xf0U) {
        length = 4;
        codePoint = lead & 0x07U;
        smallest = 0x10000;
    }
    if (length == 0 || bytes.size() < length)
        return {};
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0U) != 0x80U)
            return {};
        codePoint = (codePoint << 6U) | (at(i) & 0x3fU);
    }
    const bool surrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    if (codePoint < smallest || codePoint > 0x10ffff || surrogate)
        return {};
    return {codePoint, length};
}

void appendHex(std::string &out, char kind, char32_t value, int digits)
{
    constexpr std::string_view hex = "0123456789abcdef";
    out += '\\';
    out += kind;
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
        out += hex[(value >> static_cast<unsigned>(shift)) & 0xfU];
}

void appendEscape(std::string &out, char32_t codePoint)
{
    switch (codePoint) {
    case U'\n': out += "\\n"; return;
    case U'\r': out += "\\r"; return;
    case U'\t': out += "\\t"; return;
    default: break;
    }
    if (codePoint < 0x80)
        appendHex(out, 'x', codePoint, 2);
    else if (codePoint < 0x10000)
        appendHex(out, 'u', codePoint, 4);
    else
        appendHex(out, 'U', codePoint, 8);
}

bool startsWithHex(std::string_view text, std::size_t digits)
{
    return text.size() >= digits && std::all_of(text.begin(), text.begin() + digits, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

bool readsAsEscape(std::string_view afterBackslash)
{
    if (afterBackslash.empty())
        return false;
    const std::string_view rest = afterBackslash.substr(1);
    switch (afterBackslash.front()) {
    case '\\':
    case 'n':
    case 'r':
    case 't': return true;
    case 'x': return startsWithHex(rest, 2);
    case 'u': return startsWithHex(rest, 4);
    case 'U': return startsWithHex(rest, 8);
    default: return false;
    }
}

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return c >= ' ' && c <= '~' && c != '\\'; }) &&
           (text.empty() || (text.front() != ' ' && text.back() != ' '));
}

} // namespace

std::string visible(std::string_view foreign)
{
    if (isPlain(foreign))
        return std::string(foreign);
    const std::size_t firstInk = std::min(foreign.find_first_not_of(' '), foreign.size());
    const std::size_t lastInk = foreign.find_last_not_of(' ');

    std::string out;
    out.reserve(foreign.size() + foreign.size() / 8);
    int marks = mostMarksInARow; // a mark needs something to stand on
    for (std::size_t i = 0; i < foreign.size();) {
        const auto [codePoint, length] = decode(foreign.substr(i));
        if (length == 0) {
            appendHex(out, 'x', static_cast<unsigned char>(foreign[i]), 2);
            ++i;
            marks = mostMarksInARow;
            continue;
        }
        const bool edge = codePoint == U' ' && (i < firstInk || i > lastInk);
        const bool mark = unicode::isCombiningMark(codePoint);
        if (edge || unicode::isHidden(codePoint) || (mark && marks >= mostMarksInARow)) {
            appendEscape(out, codePoint);
            marks = mostMarksInARow;
        } else {
            const std::string_view rest = foreign.substr(i + length);
            const auto next = rest.empty() ? Decoded{U'a', 1} : decode(rest);
            const bool escapeFollows = next.length == 0 || unicode::isHidden(next.codePoint) ||
                                       (next.codePoint == U' ' && i + length > lastInk) ||
                                       readsAsEscape(rest);
            if (codePoint == U'\\' && escapeFollows)
                out += '\\';
            out.append(foreign.substr(i, length));
            marks = mark ? marks + 1 : 0;
        }
        i += length;
    }
    return out;
}

bool isValidUtf8(std::string_view bytes) noexcept
{
    while (!bytes.empty()) {
        const std::size_t length = decode(bytes).length;
        if (length == 0)
            return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string grouped(std::int64_t number)
{
    std::string digits = std::to_string(number);
    const std::size_t first = number < 0 ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, 1, ',');
    }
    return digits;
}

} // namespace redrive
