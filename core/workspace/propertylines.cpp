#include "core/workspace/propertylines.h"

#include "core/base/text.h"

#include <cctype>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::string_view blanks = " \t\f";

std::string_view trimmedLeft(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

std::string_view trimmed(std::string_view text)
{
    const auto left = trimmedLeft(text);
    return left.substr(0, left.find_last_not_of(blanks) + 1);
}

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const auto end = text.find_first_of("\r\n");
        lines.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        const bool both = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
        text.remove_prefix(end + (both ? 2 : 1));
    }
    return lines;
}

void appendUtf8(std::string &out, std::uint32_t codePoint)
{
    const auto tail = [&](unsigned shift) {
        out += static_cast<char>(0x80U | ((codePoint >> shift) & 0x3fU));
    };
    if (codePoint < 0x80) {
        out += static_cast<char>(codePoint);
    } else if (codePoint < 0x800) {
        out += static_cast<char>(0xc0U | (codePoint >> 6U));
        tail(0);
    } else if (codePoint < 0x10000) {
        out += static_cast<char>(0xe0U | (codePoint >> 12U));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0U | (codePoint >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::optional<std::uint32_t> unicodeEscape(std::string_view text)
{
    if (text.size() < 6 || text[0] != '\\' || text[1] != 'u')
        return {};
    std::uint32_t unit = 0;
    const auto [end, problem] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
    if (problem != std::errc{} || end != text.data() + 6)
        return {};
    return unit;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            if (text[i] != '\\')
                out += text[i];
            continue;
        }
        if (auto unit = unicodeEscape(text.substr(i))) {
            i += 5;
            const auto low = *unit >= 0xd800 && *unit < 0xdc00 ? unicodeEscape(text.substr(i + 1))
                                                               : std::nullopt;
            if (low && *low >= 0xdc00 && *low < 0xe000) {
                i += 6;
                unit = 0x10000 + ((*unit - 0xd800) << 10U) + (*low - 0xdc00);
            }
            appendUtf8(out, *unit);
            continue;
        }
        switch (text[++i]) {
        case 't': out += '\t'; break;
        case 'n': out += '\n'; break;
        case 'r': out += '\r'; break;
        case 'f': out += '\f'; break;
        default: out += text[i];
        }
    }
    return out;
}

bool isContinued(std::string_view line)
{
    const auto last = line.find_last_not_of('\\');
    const auto backslashes = line.size() - (last == std::string_view::npos ? 0 : last + 1);
    return backslashes % 2 == 1;
}

PropertyLine splitJava(int number, std::string_view logical)
{
    std::size_t end = 0;
    while (end < logical.size() &&
           std::string_view("=: \t\f").find(logical[end]) == std::string_view::npos)
        end += logical[end] == '\\' && end + 1 < logical.size() ? 2 : 1;
    auto rest = trimmedLeft(logical.substr(end));
    const bool separated = !rest.empty() && (rest.front() == '=' || rest.front() == ':');
    if (separated)
        rest = trimmedLeft(rest.substr(1));
    return {.line = number,
            .key = unescaped(logical.substr(0, end)),
            .value = unescaped(rest),
            .hasValue = separated || !rest.empty()};
}

std::string latin1ToUtf8(std::string_view text)
{
    std::string out;
    for (const char c : text)
        appendUtf8(out, static_cast<unsigned char>(c));
    return out;
}

std::string_view withoutQuotes(std::string_view text)
{
    const bool quotes = text.size() > 1 && text.front() == text.back() &&
                        (text.front() == '"' || text.front() == '\'');
    return quotes ? text.substr(1, text.size() - 2) : text;
}

PropertyLine splitPlain(int number, std::string_view line)
{
    const auto equals = line.find('=');
    if (equals == std::string_view::npos)
        return {.line = number, .key = std::string(trimmed(line)), .value = {}, .hasValue = false};
    return {.line = number,
            .key = std::string(trimmed(line.substr(0, equals))),
            .value = std::string(trimmed(line.substr(equals + 1))),
            .hasValue = true};
}

/// `-b host:9092 -X a=b -X 'c=d e'`
void readArguments(int number, std::string_view line, std::vector<PropertyLine> &found)
{
    while (!line.empty()) {
        const char option = line.size() > 1 ? line[1] : '\0';
        auto next = line.find(" -", 2);
        while (next != std::string_view::npos &&
               (next + 2 >= line.size() ||
                std::isalpha(static_cast<unsigned char>(line[next + 2])) == 0))
            next = line.find(" -", next + 2);
        auto argument = trimmed(line.substr(std::min<std::size_t>(2, line.size()),
                                            next == std::string_view::npos ? next : next - 2));
        if (argument.ends_with('\\'))
            argument = trimmed(argument.substr(0, argument.size() - 1));
        argument = withoutQuotes(argument);
        if (option == 'b')
            found.push_back({number, "bootstrap.servers", std::string(argument), true});
        else if (option == 'X') {
            auto property = splitPlain(number, argument);
            property.value = std::string(withoutQuotes(property.value));
            found.push_back(std::move(property));
        }
        line = next == std::string_view::npos ? std::string_view() : trimmedLeft(line.substr(next));
    }
}

} // namespace

std::vector<PropertyLine> readJavaProperties(std::string_view text)
{
    const std::string utf8 = isValidUtf8(text) ? std::string(text) : latin1ToUtf8(text);
    const auto lines = linesOf(utf8);
    std::vector<PropertyLine> found;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const int number = static_cast<int>(i) + 1;
        const auto first = trimmedLeft(lines[i]);
        if (first.empty() || first.front() == '#' || first.front() == '!')
            continue;
        std::string logical(first);
        while (isContinued(logical)) {
            logical.pop_back();
            if (i + 1 == lines.size())
                break;
            logical += trimmedLeft(lines[++i]);
        }
        found.push_back(splitJava(number, logical));
    }
    return found;
}

std::vector<PropertyLine> readPlainProperties(std::string_view text)
{
    std::vector<PropertyLine> found;
    int number = 0;
    for (const auto line : linesOf(text)) {
        ++number;
        auto content = trimmed(line);
        if (content.starts_with("kcat ") || content.starts_with("kafkacat "))
            content = trimmedLeft(content.substr(content.find(' ')));
        if (content.empty() || content.front() == '#')
            continue;
        if (content.front() == '-')
            readArguments(number, content, found);
        else
            found.push_back(splitPlain(number, content));
    }
    return found;
}

} // namespace redrive::workspace
