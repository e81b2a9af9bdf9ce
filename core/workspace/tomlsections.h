#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::workspace {

/// One `[a.b]` of a TOML text with its lines, or what stands before the first one.
struct TomlSection
{
    int line = 1;                  ///< of the header, 1-based
    std::vector<std::string> path; ///< {"a", "b"}; empty: before the first header, or unreadable
    std::size_t begin = 0;         ///< bytes of the text, from the header's line …
    std::size_t contentEnd = 0; ///< … behind its last line that is no comment and not blank …
    std::size_t end = 0;        ///< … and up to the next header

    bool isWithin(const std::vector<std::string> &table) const;
};

/// Where the tables of a text are, without reading their values. In a broken text, where a string
/// or an array may not end, a line that starts with `[profiles` always starts a section.
std::vector<TomlSection> splitToml(std::string_view text, bool broken);

/// What a line sets: `"sasl.password" = …` -> "sasl.password"; empty when it sets nothing.
std::string keyOfLine(std::string_view text, int line);

} // namespace redrive::workspace
