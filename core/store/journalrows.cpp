#include "core/store/journalrows.h"

#include "core/store/statement.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <string_view>
#include <system_error>
#include <utility>

namespace redrive::store {

namespace {

constexpr std::array<std::pair<JournalState, std::string_view>, 6> states{
    {{JournalState::Begun, "begun"},
     {JournalState::Asked, "asked"},
     {JournalState::Done, "done"},
     {JournalState::Partial, "partial"},
     {JournalState::Failed, "failed"},
     {JournalState::Unknown, "unknown"}}};

constexpr std::array<std::pair<JournalOutcome, std::string_view>, 3> outcomes{
    {{JournalOutcome::Confirmed, "CONFIRMED"},
     {JournalOutcome::NotApplied, "NOT_APPLIED"},
     {JournalOutcome::Unknown, "UNKNOWN"}}};

template <typename T, std::size_t N>
std::string_view nameIn(const std::array<std::pair<T, std::string_view>, N> &table, T value)
{
    for (const auto &[candidate, text] : table) {
        if (candidate == value)
            return text;
    }
    return {};
}

template <typename T, std::size_t N>
std::optional<T> parseIn(const std::array<std::pair<T, std::string_view>, N> &table,
                         std::string_view wanted)
{
    for (const auto &[candidate, text] : table) {
        if (text == wanted)
            return candidate;
    }
    return std::nullopt;
}

std::optional<std::int64_t> plain(const std::optional<Offset> &offset)
{
    return offset ? std::optional(offset->value()) : std::nullopt;
}

std::optional<Offset> offsetAt(const Statement &statement, int column)
{
    const auto number = statement.maybeInteger(column);
    return number ? std::optional(Offset(*number)) : std::nullopt;
}

std::optional<std::int32_t> epochAt(const Statement &statement, int column)
{
    const auto number = statement.maybeInteger(column);
    return number ? std::optional(static_cast<std::int32_t>(*number)) : std::nullopt;
}

std::vector<JournalRow> readRows(Statement &select, std::int64_t number)
{
    std::vector<JournalRow> rows;
    select.query(number);
    while (select.next()) {
        const auto outcome = select.maybeText(5);
        rows.push_back({.partition = {select.text(0), static_cast<int>(select.integer(1))},
                        .before = offsetAt(select, 2),
                        .requested = offsetAt(select, 3),
                        .after = offsetAt(select, 4),
                        .outcome = outcome ? parseIn(outcomes, *outcome) : std::nullopt,
                        .error = select.maybeText(6),
                        .beforeEpoch = epochAt(select, 7),
                        .beforeMetadata = select.text(8),
                        .requestedEpoch = epochAt(select, 9),
                        .requestedMetadata = select.text(10)});
    }
    return rows;
}

std::map<std::string, std::string> readTopics(Statement &select, std::int64_t number)
{
    std::map<std::string, std::string> topics;
    select.query(number);
    while (select.next())
        topics[select.text(0)] = select.text(1);
    return topics;
}

std::vector<JournalEntry> readEntries(Database &database, const std::string &where,
                                      const std::string &group, std::int64_t number,
                                      std::int64_t most)
{
    Statement select(database,
                     "SELECT number, time, user, reason, group_id, action, plan, state, undoes "
                     "FROM journal WHERE " +
                         where + " ORDER BY number DESC LIMIT ?3");
    Statement rows(database, R"(SELECT topic, partition, "before", requested, "after", outcome,)"
                             R"( error, before_epoch, before_metadata, requested_epoch,)"
                             R"( requested_metadata FROM journal_rows WHERE journal = ?)"
                             R"( ORDER BY topic, partition)");
    Statement topics(database, "SELECT topic, id FROM journal_topics WHERE journal = ?");
    std::vector<JournalEntry> entries;
    select.query(group, number, most);
    while (select.next()) {
        const std::int64_t found = select.integer(0);
        entries.push_back({.id = "j" + std::to_string(found),
                           .time = WallTime(Millis(select.integer(1))),
                           .user = select.text(2),
                           .reason = select.text(3),
                           .group = GroupId(select.text(4)),
                           .action = select.text(5),
                           .plan = select.maybeText(6),
                           .state = parseIn(states, select.text(7)).value_or(JournalState::Begun),
                           .rows = readRows(rows, found),
                           .undoes = select.maybeText(8),
                           .topicIds = readTopics(topics, found)});
    }
    return entries;
}

} // namespace

std::string_view name(JournalState state)
{
    return nameIn(states, state);
}

std::string_view name(JournalOutcome outcome)
{
    return nameIn(outcomes, outcome);
}

std::optional<std::int64_t> journalNumber(const std::string &id)
{
    std::int64_t number = 0;
    if (id.size() < 2 || id.front() != 'j')
        return std::nullopt;
    const auto *const end = id.data() + id.size();
    const auto [stop, problem] = std::from_chars(id.data() + 1, end, number);
    return problem == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::int64_t insertEntry(Database &database, const JournalEntry &entry)
{
    Statement insert(database,
                     "INSERT INTO journal(time, user, reason, group_id, action, plan, state, "
                     "undoes) VALUES(?, ?, ?, ?, ?, ?, ?, ?) RETURNING number");
    insert.query(std::int64_t{entry.time.time_since_epoch().count()}, entry.user, entry.reason,
                 entry.group.value(), entry.action, entry.plan, name(entry.state), entry.undoes);
    insert.next();
    const std::int64_t number = insert.integer(0);
    insert.reset();
    writeRows(database, number, entry.rows);
    Statement topics(database, "INSERT INTO journal_topics(journal, topic, id) VALUES(?, ?, ?)");
    for (const auto &[topic, id] : entry.topicIds)
        topics.run(number, topic, id);
    return number;
}

void writeRows(Database &database, std::int64_t number, const std::vector<JournalRow> &rows)
{
    Statement insert(database,
                     R"(INSERT INTO journal_rows(journal, topic, partition, "before", requested,)"
                     R"( "after", outcome, error, before_epoch, before_metadata,)"
                     R"( requested_epoch, requested_metadata))"
                     R"( VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS BLOB), ?, CAST(? AS BLOB)))"
                     R"( ON CONFLICT(journal, topic, partition) DO UPDATE SET)"
                     R"( "before" = excluded."before", requested = excluded.requested,)"
                     R"( "after" = excluded."after", outcome = excluded.outcome,)"
                     R"( error = excluded.error, before_epoch = excluded.before_epoch,)"
                     R"( before_metadata = excluded.before_metadata,)"
                     R"( requested_epoch = excluded.requested_epoch,)"
                     R"( requested_metadata = excluded.requested_metadata)");
    for (const JournalRow &row : rows) {
        const auto outcome = row.outcome ? std::optional(name(*row.outcome)) : std::nullopt;
        insert.run(number, row.partition.topic, row.partition.partition, plain(row.before),
                   plain(row.requested), plain(row.after), outcome, row.error, row.beforeEpoch,
                   row.beforeMetadata, row.requestedEpoch, row.requestedMetadata);
    }
}

std::vector<JournalEntry> entriesOf(Database &database, const std::optional<GroupId> &group,
                                    std::size_t most)
{
    constexpr auto largest = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    const auto limit = static_cast<std::int64_t>(std::min(most, largest));
    return group ? readEntries(database, "group_id = ?1", group->value(), 0, limit)
                 : readEntries(database, "1", {}, 0, limit);
}

std::optional<JournalEntry> entryOf(Database &database, std::int64_t number)
{
    auto found = readEntries(database, "number = ?2", {}, number, 1);
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

} // namespace redrive::store
