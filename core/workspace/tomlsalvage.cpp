#include "core/workspace/tomlsalvage.h"

#include "core/workspace/tomlsections.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::string_view profilesTable = "profiles";
constexpr int mostSyntaxErrors = 100;

/// The parser's words, without what it quotes from the file: that may be a secret.
std::string withoutQuotes(std::string_view description)
{
    std::string out;
    while (!description.empty()) {
        const auto open = description.find('\'');
        const auto close = open == std::string_view::npos ? open : description.find('\'', open + 1);
        if (close == std::string_view::npos)
            return out + std::string(description.substr(0, open));
        out += description.substr(0, open);
        out += close - open <= 2 ? description.substr(open, close - open + 1) : "'…'";
        description.remove_prefix(close + 1);
    }
    return out;
}

struct SyntaxError
{
    int line = 0;
    std::string message;
};

std::optional<SyntaxError> tryParse(std::string_view text, toml::table &parsed)
{
    try {
        parsed = toml::parse(text);
        return {};
    } catch (const toml::parse_error &error) {
        return SyntaxError{static_cast<int>(error.source().begin.line),
                           "syntax error: " + withoutQuotes(error.description())};
    }
}

class Salvage
{
public:
    explicit Salvage(std::string_view text)
        : m_text(text)
        , m_sections(splitToml(text, true))
    {
    }

    /// The text with the tables that cannot be read blanked out, line by line.
    toml::table parse()
    {
        dropUnreadable();
        dropRepeated();
        toml::table parsed;
        for (int i = 0; i < mostSyntaxErrors; ++i) {
            const auto error = tryParse(m_text, parsed);
            if (!error)
                return parsed;
            drop(sectionAt(error->line), error->line, error->message);
        }
        problems.push_back({.line = 0, .key = {}, .message = "too many syntax errors"});
        return {};
    }

    std::vector<ProfileProblem> problems;
    /// Of profiles that are still there: tables below them that are not.
    std::vector<ProfileProblem> lostParts;

private:
    void dropUnreadable()
    {
        for (const auto &section : m_sections) {
            toml::table ignored;
            const auto chunk =
                std::string_view(m_text).substr(section.begin, section.end - section.begin);
            if (const auto error = tryParse(chunk, ignored)) {
                const int line = section.begin == 0 ? error->line : section.line + error->line - 1;
                drop(section, line, error->message);
            }
        }
    }

    void dropRepeated()
    {
        std::set<std::vector<std::string>> seen;
        const TomlSection *repeated = nullptr;
        for (const auto &section : m_sections) {
            if (section.path.empty())
                continue;
            if (repeated != nullptr && section.isWithin(repeated->path)) {
                blank(section);
                continue;
            }
            repeated = nullptr;
            if (!seen.insert(section.path).second && section.path.front() == profilesTable) {
                repeated = &section;
                drop(section, section.line,
                     "this table is there twice; the first one is taken, this one is not");
            }
        }
    }

    void drop(const TomlSection &section, int line, const std::string &message)
    {
        const bool ofProfile = section.path.size() >= 2 && section.path.front() == profilesTable;
        std::string table;
        for (const auto &part : section.path)
            table += (table.empty() ? "" : ".") + part;
        const auto key = keyOfLine(m_text, line);
        ProfileProblem problem{.line = line,
                               .key = key.empty() ? table : key,
                               .message = message,
                               .profile = ofProfile ? section.path[1] : std::string()};
        problems.push_back(problem);
        if (section.path.size() > 2)
            lostParts.push_back(std::move(problem));
        if (section.path.size() == 2) {
            for (const auto &below : m_sections)
                if (below.isWithin(section.path) && below.begin > section.begin)
                    blank(below);
        }
        blank(section);
    }

    void blank(const TomlSection &section)
    {
        std::replace_if(
            m_text.begin() + static_cast<std::ptrdiff_t>(section.begin),
            m_text.begin() + static_cast<std::ptrdiff_t>(section.end),
            [](char c) { return c != '\n'; }, ' ');
    }

    const TomlSection &sectionAt(int line) const
    {
        const auto after = std::find_if(m_sections.begin() + 1, m_sections.end(),
                                        [&](const auto &section) { return section.line > line; });
        return *std::prev(after);
    }

    std::string m_text;
    std::vector<TomlSection> m_sections;
};

} // namespace

ReadableToml parseWhatCanBeRead(std::string_view text)
{
    ReadableToml readable;
    if (!tryParse(text, readable.root))
        return readable;
    Salvage salvage(text);
    readable.root = salvage.parse();
    readable.problems = std::move(salvage.problems);
    readable.lostParts = std::move(salvage.lostParts);
    return readable;
}

} // namespace redrive::workspace
