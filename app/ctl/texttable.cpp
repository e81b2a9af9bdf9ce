#include "app/ctl/texttable.h"

#include "app/ctl/displaywidth.h"
#include "core/base/text.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr std::string_view unknownSign = "–";

std::string_view escape(Tint tint)
{
    switch (tint) {
    case Tint::None: return {};
    case Tint::Strong: return "\x1b[1m";
    case Tint::Good: return "\x1b[32m";
    case Tint::Busy: return "\x1b[33m";
    case Tint::Bad: return "\x1b[31m";
    case Tint::Dim: return "\x1b[2m";
    }
    return {};
}

} // namespace

Cell text(std::string_view foreign, Tint tint)
{
    return {visible(foreign), tint};
}

Cell textOrUnknown(const std::optional<std::string> &foreign)
{
    return foreign ? text(std::string_view(*foreign)) : unknownCell();
}

Cell number(std::optional<std::int64_t> value)
{
    return value ? Cell{grouped(*value), Tint::None} : unknownCell();
}

Cell number(const std::optional<Offset> &value)
{
    return value ? Cell{grouped(value->value()), Tint::None} : unknownCell();
}

Cell unknownCell()
{
    return {std::string(unknownSign), Tint::Dim};
}

std::string painted(std::string_view text, Tint tint, bool colour)
{
    if (!colour || tint == Tint::None || text.empty())
        return std::string(text);
    return std::string(escape(tint)) + std::string(text) + "\x1b[0m";
}

std::string painted(const Cell &cell, bool colour)
{
    return painted(cell.text, cell.tint, colour);
}

TextTable::TextTable(std::vector<Column> columns)
    : m_columns(std::move(columns))
{
}

void TextTable::add(std::vector<Cell> row)
{
    assert(row.size() == m_columns.size());
    m_rows.push_back(std::move(row));
}

std::string TextTable::render(bool colour, std::string_view indent) const
{
    const auto forEachCell = [this](const auto &fn) {
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            fn(c, m_columns[c].title);
            for (const auto &row : m_rows)
                fn(c, row[c].text);
        }
    };
    std::vector<std::size_t> widths(m_columns.size(), 0);
    forEachCell([&](std::size_t c, const std::string &cell) {
        widths[c] = std::max(widths[c], displayWidth(cell));
    });

    std::string out;
    const auto line = [&](const auto &cellAt) {
        std::string text(indent);
        std::size_t end = text.size(); // after the last cell that is not empty
        for (std::size_t c = 0; c < m_columns.size(); ++c) {
            const Cell cell = cellAt(c);
            const std::size_t width = displayWidth(cell.text);
            const std::string gap(widths[c] - std::min(width, widths[c]), ' ');
            if (m_columns[c].align == Align::Right)
                text += gap;
            text += painted(cell, colour);
            if (!cell.text.empty())
                end = text.size();
            if (m_columns[c].align == Align::Left)
                text += gap;
            text += "  ";
        }
        text.resize(end);
        out += text + '\n';
    };
    line([&](std::size_t c) { return Cell{m_columns[c].title, Tint::Strong}; });
    for (const auto &row : m_rows)
        line([&](std::size_t c) { return row[c]; });
    return out;
}

} // namespace redrive::ctl
