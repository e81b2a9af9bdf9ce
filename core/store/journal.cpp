#include "core/store/journal.h"

#include "core/base/text.h"
#include "core/store/journalschema.h"
#include "core/store/statement.h"
#include "core/store/storeerror.h"

#include <array>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace redrive::store {

namespace {

constexpr std::array<std::pair<JournalState, std::string_view>, 5> states{
    {{JournalState::Begun, "begun"},
     {JournalState::Asked, "asked"},
     {JournalState::Done, "done"},
     {JournalState::Partial, "partial"},
     {JournalState::Failed, "failed"}}};

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

std::optional<std::int64_t> numberOf(const std::string &id)
{
    std::int64_t number = 0;
    if (id.size() < 2 || id.front() != 'j')
        return std::nullopt;
    const auto *const end = id.data() + id.size();
    const auto [stop, problem] = std::from_chars(id.data() + 1, end, number);
    return problem == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
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

void writeRows(Database &database, std::int64_t number, const std::vector<JournalRow> &rows)
{
    Statement insert(database,
                     R"(INSERT INTO journal_rows(journal, topic, partition, "before", requested,)"
                     R"( "after", outcome, error) VALUES(?, ?, ?, ?, ?, ?, ?, ?))"
                     R"( ON CONFLICT(journal, topic, partition) DO UPDATE SET)"
                     R"( "before" = excluded."before", requested = excluded.requested,)"
                     R"( "after" = excluded."after", outcome = excluded.outcome,)"
                     R"( error = excluded.error)");
    for (const JournalRow &row : rows) {
        const auto outcome = row.outcome ? std::optional(name(*row.outcome)) : std::nullopt;
        insert.run(number, row.partition.topic, row.partition.partition, plain(row.before),
                   plain(row.requested), plain(row.after), outcome, row.error);
    }
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
                        .error = select.maybeText(6)});
    }
    return rows;
}

std::vector<JournalEntry> readEntries(Database &database, const std::string &where,
                                      const std::string &group, std::int64_t number,
                                      std::int64_t most)
{
    Statement select(database, "SELECT number, time, user, reason, group_id, action, plan, state "
                               "FROM journal WHERE " +
                                   where + " ORDER BY number DESC LIMIT ?3");
    Statement rows(database, R"(SELECT topic, partition, "before", requested, "after", outcome,)"
                             R"( error FROM journal_rows WHERE journal = ?)"
                             R"( ORDER BY topic, partition)");
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
                           .rows = readRows(rows, found)});
    }
    return entries;
}

std::int64_t limited(std::size_t most)
{
    constexpr auto largest = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(most, largest));
}

Error noSuchEntry(const std::string &id)
{
    return Error{.kind = Error::Kind::Usage,
                 .code = "NO_SUCH_JOURNAL",
                 .message = "there is no journal entry " + visible(id),
                 .attempted = "reading the journal",
                 .retriable = false};
}

std::string describeRows(const std::vector<JournalRow> &rows)
{
    const auto say = [](const std::optional<Offset> &offset) {
        return offset ? std::to_string(offset->value()) : std::string("none");
    };
    std::string text;
    for (const JournalRow &row : rows) {
        text += (text.empty() ? "" : ", ") + visible(row.partition.topic) + "[" +
                std::to_string(row.partition.partition) + "] " + say(row.before) + " -> " +
                say(row.requested);
        if (row.outcome)
            text += " " + std::string(name(*row.outcome));
    }
    return text;
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

std::filesystem::path journalFile(const std::filesystem::path &directory,
                                  const std::string &clusterId)
{
    constexpr std::string_view plainCharacters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    constexpr std::string_view digits = "0123456789abcdef";
    std::string file;
    for (const char character : clusterId) {
        const auto byte = static_cast<unsigned char>(character);
        if (plainCharacters.find(character) != std::string_view::npos)
            file += character;
        else
            file.append("%").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
    }
    return directory / (file + ".db");
}

Journal::Journal(std::unique_ptr<Database> database)
    : m_database(std::move(database))
{
}

Result<std::unique_ptr<Journal>> Journal::open(const std::filesystem::path &file,
                                               Millis busyTimeout)
{
    std::error_code problem;
    const auto directory = file.parent_path();
    if (!directory.empty() && std::filesystem::create_directories(directory, problem))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, problem);
    auto database =
        Database::open(file, journalSchema(), {.busyTimeout = busyTimeout, .ownerOnly = true});
    if (!database)
        return database.error();
    return std::unique_ptr<Journal>(new Journal(std::move(*database)));
}

template <typename T, typename Work>
static Result<T> guarded(const char *attempted, Work work)
{
    try {
        return work();
    } catch (const StoreError &error) {
        return toError(error, attempted);
    }
}

Result<std::string> Journal::begin(const JournalEntry &entry)
{
    const std::scoped_lock lock(m_mutex);
    return guarded<std::string>("writing to the journal", [&]() -> Result<std::string> {
        Transaction transaction(*m_database);
        Statement insert(*m_database,
                         "INSERT INTO journal(time, user, reason, group_id, action, plan, state) "
                         "VALUES(?, ?, ?, ?, ?, ?, ?) RETURNING number");
        insert.query(std::int64_t{entry.time.time_since_epoch().count()}, entry.user, entry.reason,
                     entry.group.value(), entry.action, entry.plan, name(entry.state));
        insert.next();
        const std::int64_t number = insert.integer(0);
        insert.reset();
        writeRows(*m_database, number, entry.rows);
        const std::string id = "j" + std::to_string(number);
        appendLine({.time = toRfc3339(entry.time),
                    .user = entry.user,
                    .action = entry.action,
                    .target = "group " + visible(entry.group.value()),
                    .detail = id + " " + std::string(name(entry.state)) + ": " +
                              describeRows(entry.rows)});
        transaction.commit();
        return id;
    });
}

Result<void> Journal::finish(const std::string &id, JournalState state,
                             const std::vector<JournalRow> &rows, WallTime now)
{
    const std::scoped_lock lock(m_mutex);
    return guarded<void>("writing to the journal", [&]() -> Result<void> {
        const auto number = numberOf(id);
        if (!number)
            return noSuchEntry(id);
        Transaction transaction(*m_database);
        const auto found = readEntries(*m_database, "number = ?2", {}, *number, 1);
        if (found.empty())
            return noSuchEntry(id);
        Statement(*m_database, "UPDATE journal SET state = ? WHERE number = ?")
            .run(name(state), *number);
        writeRows(*m_database, *number, rows);
        appendLine({.time = toRfc3339(now),
                    .user = found.front().user,
                    .action = found.front().action,
                    .target = "group " + visible(found.front().group.value()),
                    .detail = id + " " + std::string(name(state)) + ": " + describeRows(rows)});
        transaction.commit();
        return {};
    });
}

Result<std::vector<JournalEntry>> Journal::entries(const std::optional<GroupId> &group,
                                                   std::size_t most) const
{
    using Entries = std::vector<JournalEntry>;
    const std::scoped_lock lock(m_mutex);
    return guarded<Entries>("reading the journal", [&]() -> Result<Entries> {
        return group ? readEntries(*m_database, "group_id = ?1", group->value(), 0, limited(most))
                     : readEntries(*m_database, "1", {}, 0, limited(most));
    });
}

Result<std::optional<JournalEntry>> Journal::entry(const std::string &id) const
{
    using Found = std::optional<JournalEntry>;
    const std::scoped_lock lock(m_mutex);
    return guarded<Found>("reading the journal", [&]() -> Result<Found> {
        const auto number = numberOf(id);
        if (!number)
            return Found();
        auto found = readEntries(*m_database, "number = ?2", {}, *number, 1);
        return found.empty() ? Found() : Found(std::move(found.front()));
    });
}

AuditLine Journal::appendLine(const AuditEntry &entry)
{
    Statement last(*m_database, "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    std::string previous;
    AuditLine line{.seq = 1, .entry = entry, .hash = {}};
    if (last.next()) {
        line.seq = last.integer(0) + 1;
        previous = last.text(1);
        last.reset();
    }
    line.hash = chainHash(previous, line.seq, entry);
    Statement(*m_database, "INSERT INTO audit(seq, time, user, action, target, detail, hash) "
                           "VALUES(?, ?, ?, ?, ?, ?, ?)")
        .run(line.seq, entry.time, entry.user, entry.action, entry.target, entry.detail, line.hash);
    return line;
}

Result<AuditLine> Journal::append(const AuditEntry &entry)
{
    const std::scoped_lock lock(m_mutex);
    return guarded<AuditLine>("writing to the audit log", [&]() -> Result<AuditLine> {
        Transaction transaction(*m_database);
        AuditLine line = appendLine(entry);
        transaction.commit();
        return line;
    });
}

Result<std::vector<AuditLine>> Journal::audit(std::int64_t from, std::size_t most) const
{
    using Lines = std::vector<AuditLine>;
    const std::scoped_lock lock(m_mutex);
    return guarded<Lines>("reading the audit log", [&]() -> Result<Lines> {
        Statement select(*m_database, "SELECT seq, time, user, action, target, detail, hash "
                                      "FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?");
        Lines lines;
        select.query(from, limited(most));
        while (select.next())
            lines.push_back({.seq = select.integer(0),
                             .entry = {.time = select.text(1),
                                       .user = select.text(2),
                                       .action = select.text(3),
                                       .target = select.text(4),
                                       .detail = select.text(5)},
                             .hash = select.text(6)});
        return lines;
    });
}

Result<AuditCheck> Journal::verify() const
{
    constexpr std::size_t page = 1000;
    // Lines taken from the end leave a chain that holds, but not the counter.
    const auto given = linesEverWritten();
    if (!given)
        return given.error();
    AuditCheck check;
    std::string previous;
    for (;;) {
        const auto lines = audit(check.lines + 1, page);
        if (!lines)
            return lines.error();
        for (const AuditLine &line : *lines) {
            ++check.lines;
            if (line.seq != check.lines || line.hash != chainHash(previous, line.seq, line.entry)) {
                check.brokenAt = check.lines;
                return check;
            }
            previous = line.hash;
        }
        if (lines->size() < page)
            break;
    }
    if (*given > check.lines)
        check.brokenAt = check.lines + 1;
    return check;
}

Result<std::int64_t> Journal::linesEverWritten() const
{
    const std::scoped_lock lock(m_mutex);
    return guarded<std::int64_t>("reading the audit log", [&]() -> Result<std::int64_t> {
        return m_database->readInteger("SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
    });
}

} // namespace redrive::store
