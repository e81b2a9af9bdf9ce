#include "core/workspace/tomlsections.h"

#include "core/workspace/toml.h"

#include <algorithm>

namespace redrive::workspace {

namespace {

constexpr std::string_view blanks = " \t\r\n";

/// Follows strings and brackets over lines, just far enough to know what is a header.
class Scanner
{
public:
    bool isBetweenStatements() const { return m_string.empty() && m_depth == 0; }
    void reset()
    {
        m_string = {};
        m_depth = 0;
    }

    void readLine(std::string_view line)
    {
        for (std::size_t i = 0; i < line.size();)
            i += m_string.empty() ? readBare(line.substr(i)) : readString(line.substr(i));
        if (m_string.size() == 1)
            m_string = {};
    }

private:
    std::size_t readBare(std::string_view rest)
    {
        switch (rest.front()) {
        case '#': return rest.size();
        case '"':
        case '\'':
            m_string =
                rest.substr(0, rest.starts_with("\"\"\"") || rest.starts_with("'''") ? 3 : 1);
            return m_string.size();
        case '[':
        case '{': ++m_depth; return 1;
        case ']':
        case '}': m_depth = std::max(0, m_depth - 1); return 1;
        default: return 1;
        }
    }

    std::size_t readString(std::string_view rest)
    {
        if (rest.front() == '\\' && m_string.front() == '"')
            return std::min<std::size_t>(2, rest.size());
        if (!rest.starts_with(m_string))
            return 1;
        std::size_t length = m_string.size();
        // """" … """"" end a string that ends in quotes.
        while (m_string.size() == 3 && length < 5 && length < rest.size() &&
               rest[length] == m_string.front())
            ++length;
        m_string = {};
        return length;
    }

    std::string_view m_string; ///< the quotes of the string that is open
    int m_depth = 0;
};

std::vector<std::string> pathOf(std::string_view header)
{
    std::vector<std::string> path;
    try {
        const toml::table parsed = toml::parse(header);
        const toml::table *table = &parsed;
        while (table != nullptr && table->size() == 1) {
            const auto only = table->begin(); // a pair of references, which must outlive their use
            path.emplace_back(only->first.str());
            table = only->second.as_table();
        }
    } catch (const toml::parse_error &) {
        path.clear();
    }
    return path;
}

std::string_view lineAt(std::string_view text, std::size_t begin)
{
    const auto newline = text.find('\n', begin);
    return text.substr(begin, newline == std::string_view::npos ? newline : newline + 1 - begin);
}

} // namespace

bool TomlSection::isWithin(const std::vector<std::string> &table) const
{
    return path.size() >= table.size() && std::equal(table.begin(), table.end(), path.begin());
}

std::vector<TomlSection> splitToml(std::string_view text, bool broken)
{
    std::vector<TomlSection> sections{TomlSection{}};
    Scanner scanner;
    int number = 0;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto line = lineAt(text, begin);
        ++number;
        const auto first = line.find_first_not_of(blanks);
        const auto content =
            first == std::string_view::npos ? std::string_view() : line.substr(first);
        const bool forced = broken && content.starts_with("[profiles");
        const bool header = content.starts_with('[') && (scanner.isBetweenStatements() || forced);
        const bool isContent =
            !content.empty() && !(content.starts_with('#') && scanner.isBetweenStatements());
        if (header) {
            sections.back().end = begin;
            scanner.reset();
            sections.push_back(TomlSection{.line = number,
                                           .path = pathOf(line),
                                           .begin = begin,
                                           .contentEnd = begin,
                                           .end = text.size()});
        } else {
            scanner.readLine(line);
        }
        begin += line.size();
        if (isContent)
            sections.back().contentEnd = begin;
    }
    sections.back().end = text.size();
    return sections;
}

std::string keyOfLine(std::string_view text, int line)
{
    std::size_t begin = 0;
    for (int i = 1; i < line && begin < text.size(); ++i)
        begin += lineAt(text, begin).size();
    const auto content = lineAt(text, std::min(begin, text.size()));
    const auto equals = content.find('=');
    const auto first = content.find_first_not_of(blanks);
    if (equals == std::string_view::npos || first >= equals || content[first] == '#')
        return {};
    auto key = content.substr(first, equals - first);
    key = key.substr(0, key.find_last_not_of(blanks) + 1);
    const bool isQuoted =
        key.size() > 1 && key.front() == key.back() && (key.front() == '"' || key.front() == '\'');
    const auto bare = isQuoted ? key.substr(1, key.size() - 2) : key;
    const bool isKey = std::all_of(bare.begin(), bare.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
    });
    return isKey ? std::string(bare) : std::string();
}

} // namespace redrive::workspace
