#include "core/offsets/tables.h"

#include "core/base/text.h"

#include <charconv>
#include <vector>

namespace redrive::offsets {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string cell(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos && trimmed(text) == text)
        return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

template <typename Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number value = 0;
    const char *const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, value);
    if (problem != std::errc() || end != last || value < 0)
        return {};
    return value;
}

struct Record
{
    std::vector<std::string> cells;
    std::size_t line = 1; ///< on which it begins
};

/// RFC 4180, with any line end.
class CsvText
{
public:
    explicit CsvText(std::string_view text)
        : m_text(text)
    {
        constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
        if (m_text.starts_with(byteOrderMark))
            m_text.remove_prefix(byteOrderMark.size());
    }

    /// None at the end, or where something is wrong: see problem().
    std::optional<Record> next()
    {
        while (!m_text.empty() && takeLineEnd()) {
        }
        if (m_text.empty() || m_problem)
            return {};
        Record record{.cells = {}, .line = m_line};
        do {
            record.cells.push_back(takeCell());
            if (m_problem)
                return {};
        } while (take(','));
        if (!m_text.empty() && !takeLineEnd()) {
            fail("something follows after a quoted field");
            return {};
        }
        return record;
    }

    std::size_t line() const { return m_line; }
    const std::optional<std::string> &problem() const { return m_problem; }

private:
    bool take(char c)
    {
        if (m_text.empty() || m_text.front() != c)
            return false;
        m_text.remove_prefix(1);
        return true;
    }

    bool takeLineEnd()
    {
        const bool isReturn = take('\r');
        const bool isEnd = take('\n') || isReturn;
        m_line += isEnd ? 1 : 0;
        return isEnd;
    }

    std::string takeCell()
    {
        if (take('"'))
            return takeQuoted();
        const auto end = std::min(m_text.find_first_of(",\r\n"), m_text.size());
        std::string text(trimmed(m_text.substr(0, end)));
        m_text.remove_prefix(end);
        return text;
    }

    std::string takeQuoted()
    {
        std::string text;
        for (;;) {
            const auto quote = m_text.find('"');
            if (quote == std::string_view::npos) {
                fail("a quoted field has no end");
                return {};
            }
            text += m_text.substr(0, quote);
            for (const char c : m_text.substr(0, quote))
                m_line += c == '\n' ? 1 : 0;
            m_text.remove_prefix(quote + 1);
            if (!take('"'))
                return text;
            text += '"';
        }
    }

    void fail(std::string problem) { m_problem = std::move(problem); }

    std::string_view m_text;
    std::size_t m_line = 1;
    std::optional<std::string> m_problem;
};

Error atLine(std::size_t line, const std::string &what)
{
    return {.kind = Error::Kind::Usage,
            .code = "INVALID_CSV",
            .message = "line " + std::to_string(line) + ": " + what,
            .attempted = "reading offsets as CSV",
            .retriable = false};
}

bool isHeader(const Record &record)
{
    using Names = std::vector<std::string>;
    return record.cells == Names{"topic", "partition", "offset"} ||
           record.cells == Names{"group", "topic", "partition", "offset"};
}

class CsvReader
{
public:
    explicit CsvReader(const std::optional<GroupId> &group)
        : m_group(group)
    {
    }

    /// What is wrong with it, if anything is.
    std::optional<std::string> take(const Record &record)
    {
        const std::size_t count = record.cells.size();
        if (count != 3 && count != 4)
            return "topic,partition,offset was expected, or group,topic,partition,offset";
        if (m_columns == 0)
            m_columns = count;
        else if (m_columns != count)
            return "the lines before it have " + std::to_string(m_columns) + " fields, this one " +
                   std::to_string(count);
        if (count == 4)
            if (auto problem = takeGroup(record.cells.front()))
                return problem;
        const std::string *cells = &record.cells[count - 3];
        if (cells[0].empty())
            return "there is no topic";
        const auto partition = wholeNumber<std::int32_t>(cells[1]);
        if (!partition)
            return "'" + visible(cells[1]) + "' is not a partition";
        const auto offset = wholeNumber<std::int64_t>(cells[2]);
        if (!offset)
            return "'" + visible(cells[2]) + "' is not an offset";
        const TopicPartition place{cells[0], *partition};
        const CommitImage image{.offset = Offset(*offset), .leaderEpoch = {}, .metadata = {}};
        if (!m_commits.emplace(place, image).second)
            return visible(place.topic) + " partition " + std::to_string(*partition) +
                   " stands on a line before it, too";
        return {};
    }

    CommitTable commits() && { return std::move(m_commits); }

private:
    std::optional<std::string> takeGroup(const std::string &name)
    {
        if (!m_group)
            m_group = GroupId(name);
        if (m_group->value() == name)
            return {};
        return "it is of group '" + visible(name) + "', not of '" + visible(m_group->value()) + "'";
    }

    std::optional<GroupId> m_group;
    std::size_t m_columns = 0;
    CommitTable m_commits;
};

} // namespace

std::string toCsv(const GroupOffsets &offsets)
{
    std::string text;
    for (const CommittedOffset &commit : offsets.offsets) {
        if (!commit.offset)
            continue;
        text += cell(commit.partition.topic) + "," + std::to_string(commit.partition.partition) +
                "," + std::to_string(commit.offset->value()) + "\n";
    }
    return text;
}

Result<CommitTable> fromCsv(std::string_view text, const std::optional<GroupId> &group)
{
    CsvText csv(text);
    CsvReader reader(group);
    bool isFirst = true;
    while (const auto record = csv.next()) {
        const bool isTitle = std::exchange(isFirst, false) && isHeader(*record);
        if (isTitle)
            continue;
        if (const auto problem = reader.take(*record))
            return atLine(record->line, *problem);
    }
    if (csv.problem())
        return atLine(csv.line(), *csv.problem());
    auto commits = std::move(reader).commits();
    if (commits.empty())
        return atLine(csv.line(), "there is no offset in it");
    return commits;
}

} // namespace redrive::offsets
