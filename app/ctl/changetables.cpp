#include "app/ctl/changetables.h"

#include "app/ctl/displaywidth.h"
#include "core/base/text.h"
#include "core/offsets/words.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace redrive::ctl {

namespace {

using Align = TextTable::Align;

constexpr std::size_t glanceWidth = 44;
constexpr std::size_t mostNamed = 5;

std::string count(std::size_t number, std::string_view one, std::string_view many)
{
    return grouped(static_cast<std::int64_t>(number)) + " " + std::string(number == 1 ? one : many);
}

std::string place(const TopicPartition &partition)
{
    return visible(partition.topic) + "[" + std::to_string(partition.partition) + "]";
}

/// As much of a text as `width` columns hold.
std::string cut(const std::string &shown, std::size_t width)
{
    if (displayWidth(shown) <= width)
        return shown;
    std::string out;
    for (std::size_t at = 0; at < shown.size();) {
        std::size_t next = at + 1;
        while (next < shown.size() && (static_cast<unsigned char>(shown[next]) & 0xc0U) == 0x80U)
            ++next;
        const std::string longer = out + shown.substr(at, next - at);
        if (displayWidth(longer) >= width)
            break;
        out = longer;
        at = next;
    }
    return out + "…";
}

Cell nextCell(const offsets::PlanRow &row, const Look &look)
{
    if (row.error)
        return {};
    if (!row.next) {
        if (row.target.offset && row.target.offset == row.logEnd)
            return {"the next one written", Tint::Dim};
        return unknownCell();
    }
    const kafka::RecordGlance &next = *row.next;
    std::string shown = next.time ? clockText(*next.time, look.local) : "no time";
    std::string content = next.key ? visible(*next.key) + ": " : std::string();
    content += next.value ? visible(*next.value) : std::string("no value");
    return {shown + "  " + cut(content, glanceWidth), Tint::None};
}

Cell targetCell(const offsets::PlanRow &row)
{
    if (row.error)
        return {"✕ see below", Tint::Bad};
    if (!row.target.offset)
        return {"deleted", Tint::Busy};
    return {grouped(row.target.offset->value()),
            row.target == row.current ? Tint::Dim : Tint::Strong};
}

Cell currentCell(const std::optional<Offset> &offset)
{
    return offset ? number(offset) : Cell{"none", Tint::Dim};
}

std::string rowsTable(const offsets::Plan &plan, const Look &look)
{
    const bool losses =
        std::any_of(plan.rows.begin(), plan.rows.end(),
                    [](const offsets::PlanRow &row) { return row.lost.value_or(0) > 0; });
    std::vector<TextTable::Column> titles{{"TOPIC"},
                                          {"P", Align::Right},
                                          {"COMMITTED", Align::Right},
                                          {"", Align::Left},
                                          {"NEW", Align::Right},
                                          {"AGAIN", Align::Right},
                                          {"SKIPPED", Align::Right}};
    if (losses)
        titles.push_back({"LOST", Align::Right});
    titles.push_back({"NEXT RECORD"});
    TextTable table(titles);
    for (const offsets::PlanRow &row : plan.rows) {
        std::vector<Cell> cells{text(row.partition.topic),
                                {std::to_string(row.partition.partition), Tint::None},
                                currentCell(row.current.offset),
                                {"→", Tint::Dim},
                                targetCell(row),
                                number(row.again),
                                number(row.skipped)};
        if (losses)
            cells.push_back(row.lost.value_or(0) > 0 ? Cell{grouped(*row.lost), Tint::Bad}
                                                     : number(row.lost));
        cells.push_back(nextCell(row, look));
        table.add(std::move(cells));
    }
    return table.render(look.colour);
}

/// The same remark of many partitions is one line.
class Remarks
{
public:
    void add(const TopicPartition &partition, const std::string &remark, Tint tint)
    {
        auto known = std::find_if(m_lines.begin(), m_lines.end(), [&](const Line &line) {
            return line.text == remark && line.tint == tint;
        });
        if (known == m_lines.end())
            known = m_lines.insert(m_lines.end(), {remark, tint, {}});
        known->partitions.push_back(partition);
    }

    std::string render(const Look &look) const
    {
        std::string out;
        for (const Line &line : m_lines) {
            std::string names;
            for (std::size_t i = 0; i < std::min(mostNamed, line.partitions.size()); ++i)
                names += (i > 0 ? ", " : "") + place(line.partitions[i]);
            if (line.partitions.size() > mostNamed)
                names += " and " +
                         grouped(static_cast<std::int64_t>(line.partitions.size() - mostNamed)) +
                         " more";
            out += painted(line.tint == Tint::Bad ? "✕ " : "· ", line.tint, look.colour) + names +
                   ": " + line.text + "\n";
        }
        return out;
    }

private:
    struct Line
    {
        std::string text;
        Tint tint;
        std::vector<TopicPartition> partitions;
    };
    std::vector<Line> m_lines;
};

std::string remarks(const offsets::Plan &plan, const Look &look)
{
    Remarks lines;
    for (const offsets::PlanRow &row : plan.rows)
        if (row.error)
            lines.add(row.partition,
                      visible(row.error->message) +
                          (row.error->code.empty() ? "" : " (" + visible(row.error->code) + ")"),
                      Tint::Bad);
    for (const offsets::PlanRow &row : plan.rows)
        for (const std::string &note : row.notes)
            lines.add(row.partition, visible(note), Tint::Dim);
    return lines.render(look);
}

/// From when to when the records are that are read again or skipped.
std::string span(const offsets::Plan &plan, const Look &look)
{
    std::optional<WallTime> first;
    std::optional<WallTime> last;
    for (const offsets::PlanRow &row : plan.rows) {
        if (row.firstTime && (!first || *row.firstTime < *first))
            first = row.firstTime;
        if (row.lastTime && (!last || *row.lastTime > *last))
            last = row.lastTime;
    }
    if (!first || !last)
        return {};
    return "They are from " + clockText(*first, look.local) + " to " +
           clockText(*last, look.local) + ".\n";
}

Cell outcomeCell(const std::optional<store::JournalOutcome> &outcome)
{
    if (!outcome)
        return unknownCell();
    switch (*outcome) {
    case store::JournalOutcome::Confirmed: return {"● CONFIRMED", Tint::Good};
    case store::JournalOutcome::NotApplied: return {"✕ NOT_APPLIED", Tint::Bad};
    case store::JournalOutcome::Unknown: return {"? UNKNOWN", Tint::Busy};
    }
    return unknownCell();
}

} // namespace

std::string planBlock(const offsets::Plan &plan, const Look &look)
{
    const Cell state =
        plan.groupExists ? stateCell(plan.state)
                         : Cell{plan.create ? "does not exist: will be created" : "does not exist",
                                plan.create ? Tint::Busy : Tint::Bad};
    const std::string what =
        plan.spec.starts_with(plan.action) ? plan.spec : plan.action + " to " + plan.spec;
    std::string out = "Group " + painted(visible(plan.group.value()), Tint::Strong, look.colour) +
                      "  " + painted(state, look.colour) + "  " +
                      painted(visible(what), Tint::Dim, look.colour) + "\n\n";
    if (!plan.rows.empty())
        out += rowsTable(plan, look) + "\n";
    out += remarks(plan, look);
    if (plan.error)
        return out;
    out += offsets::sumsInWords(plan) + "\n" + span(plan, look);
    if (const std::string obstacle = offsets::whatStandsInTheWay(plan); !obstacle.empty())
        out += painted("! ", Tint::Busy, look.colour) + obstacle + "\n";
    return out;
}

std::string outcomesInWords(const std::vector<store::JournalRow> &rows)
{
    std::array<std::size_t, 3> counts{};
    std::size_t open = 0;
    for (const store::JournalRow &row : rows) {
        if (row.outcome)
            ++counts[static_cast<std::size_t>(*row.outcome)];
        else
            ++open;
    }
    constexpr std::array<std::string_view, 3> words{"confirmed", "not applied", "unknown"};
    std::string out;
    const auto add = [&](std::size_t number, std::string_view word) {
        if (number > 0)
            out += (out.empty() ? "" : ", ") + grouped(static_cast<std::int64_t>(number)) + " " +
                   std::string(word);
    };
    for (std::size_t i = 0; i < words.size(); ++i)
        add(counts[i], words[i]);
    add(open, "without a result");
    return out.empty() ? "nothing" : out;
}

std::string outcomeBlock(const offsets::Applied &applied, const Look &look)
{
    const bool errors = std::any_of(applied.rows.begin(), applied.rows.end(),
                                    [](const store::JournalRow &row) { return row.error; });
    std::vector<TextTable::Column> titles{{"TOPIC"},
                                          {"P", Align::Right},
                                          {"BEFORE", Align::Right},
                                          {"ASKED", Align::Right},
                                          {"NOW", Align::Right},
                                          {"OUTCOME"}};
    if (errors)
        titles.push_back({"ERROR"});
    TextTable table(titles);
    for (const store::JournalRow &row : applied.rows) {
        const bool readBack = row.outcome && row.outcome != store::JournalOutcome::Unknown;
        std::vector<Cell> cells{text(row.partition.topic),
                                {std::to_string(row.partition.partition), Tint::None},
                                currentCell(row.before),
                                row.requested ? number(row.requested) : Cell{"deleted", Tint::None},
                                row.after || !readBack ? number(row.after) : currentCell({}),
                                outcomeCell(row.outcome)};
        if (errors)
            cells.push_back(row.error ? text(*row.error, Tint::Bad) : Cell{});
        table.add(std::move(cells));
    }
    std::string out = applied.rows.empty() ? std::string() : table.render(look.colour) + "\n";
    out += count(applied.rows.size(), "partition", "partitions") + ": " +
           outcomesInWords(applied.rows) + ". Journal entry " + visible(applied.journal) + ".\n";
    return out;
}

std::string journalTable(const std::vector<store::JournalEntry> &entries, const Look &look)
{
    if (entries.empty())
        return "Nothing has been changed from here.\n";
    TextTable table({{"JOURNAL"},
                     {"TIME"},
                     {"USER"},
                     {"GROUP"},
                     {"ACTION"},
                     {"STATE"},
                     {"PARTITIONS"},
                     {"REASON"}});
    for (const store::JournalEntry &entry : entries) {
        const bool settled = entry.state == store::JournalState::Done;
        table.add({text(entry.id),
                   {clockText(entry.time, look.local), Tint::None},
                   text(entry.user),
                   text(entry.group.value(), Tint::Strong),
                   text(entry.action),
                   {std::string(name(entry.state)), settled ? Tint::Good : Tint::Busy},
                   {outcomesInWords(entry.rows), Tint::None},
                   text(entry.reason)});
    }
    return table.render(look.colour) + "\n" +
           painted(count(entries.size(), "change", "changes"), Tint::Dim, look.colour) + "\n";
}

std::string auditTable(const std::vector<store::AuditLine> &lines, const Look &look)
{
    if (lines.empty())
        return "Nothing has been changed from here.\n";
    TextTable table(
        {{"SEQ", Align::Right}, {"TIME"}, {"USER"}, {"ACTION"}, {"TARGET"}, {"DETAIL"}});
    for (const store::AuditLine &line : lines)
        table.add({number(line.seq), text(line.entry.time), text(line.entry.user),
                   text(line.entry.action), text(line.entry.target, Tint::Strong),
                   text(line.entry.detail)});
    return table.render(look.colour) + "\n" +
           painted(count(lines.size(), "line", "lines"), Tint::Dim, look.colour) + "\n";
}

std::string whoIsInIt(const offsets::Waiting &waiting)
{
    if (waiting.problem)
        return "cannot be described: " + visible(describe(*waiting.problem));
    std::string out = waiting.state ? std::string(name(*waiting.state)) : "in an unknown state";
    out += ", " + count(waiting.members.size(), "member", "members");
    for (std::size_t i = 0; i < std::min(mostNamed, waiting.members.size()); ++i)
        out += (i == 0 ? ": " : ", ") + visible(waiting.members[i].clientId) + " (" +
               visible(waiting.members[i].host) + ")";
    if (waiting.members.size() > mostNamed)
        out += " and " + std::to_string(waiting.members.size() - mostNamed) + " more";
    return out;
}

} // namespace redrive::ctl
