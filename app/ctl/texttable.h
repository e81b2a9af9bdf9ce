#pragma once

#include "core/base/ids.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::ctl {

/// Colour is never the only sign: every tinted cell says the same in words.
enum class Tint
{
    None,
    Strong,
    Good,
    Busy,
    Bad,
    Dim
};

/// A piece of a table or a header line: safe to print, on one line.
struct Cell
{
    std::string text;
    Tint tint = Tint::None;
};

/// Foreign text, made visible.
Cell text(std::string_view foreign, Tint tint = Tint::None);
/// "–" where nothing is known.
Cell textOrUnknown(const std::optional<std::string> &foreign);
/// 18,402, or "–".
Cell number(std::optional<std::int64_t> value);
Cell number(const std::optional<Offset> &value);
Cell unknownCell();

/// The cell's text, with escape sequences when `colour`.
std::string painted(const Cell &cell, bool colour);
std::string painted(std::string_view text, Tint tint, bool colour);

/// Aligned columns for people: titles in capitals, numbers to the right, as wide as they need to
/// be.
class TextTable
{
public:
    enum class Align
    {
        Left,
        Right
    };
    struct Column
    {
        std::string title;
        Align align = Align::Left;
    };

    explicit TextTable(std::vector<Column> columns);

    /// One cell a column.
    void add(std::vector<Cell> row);
    bool empty() const noexcept { return m_rows.empty(); }

    /// Lines that end in a newline and never in blanks; each begins with `indent`.
    std::string render(bool colour, std::string_view indent = {}) const;

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<Cell>> m_rows;
};

} // namespace redrive::ctl
