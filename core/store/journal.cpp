#include "core/store/journal.h"

#include "core/base/text.h"
#include "core/store/journalrows.h"
#include "core/store/journalschema.h"
#include "core/store/statement.h"
#include "core/store/storeerror.h"

#include <algorithm>
#include <limits>
#include <system_error>
#include <utility>

namespace redrive::store {

namespace {

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
        const std::int64_t number = insertEntry(*m_database, entry);
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
        const auto number = journalNumber(id);
        if (!number)
            return noSuchEntry(id);
        Transaction transaction(*m_database);
        Statement about(*m_database, "SELECT user, action, group_id FROM journal WHERE number = ?");
        if (!about.query(*number).next())
            return noSuchEntry(id);
        const AuditEntry line{.time = toRfc3339(now),
                              .user = about.text(0),
                              .action = about.text(1),
                              .target = "group " + visible(about.text(2)),
                              .detail =
                                  id + " " + std::string(name(state)) + ": " + describeRows(rows)};
        about.reset();
        Statement(*m_database, "UPDATE journal SET state = ? WHERE number = ?")
            .run(name(state), *number);
        writeRows(*m_database, *number, rows);
        appendLine(line);
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
        return entriesOf(*m_database, group, most);
    });
}

Result<std::optional<JournalEntry>> Journal::entry(const std::string &id) const
{
    using Found = std::optional<JournalEntry>;
    const std::scoped_lock lock(m_mutex);
    return guarded<Found>("reading the journal", [&]() -> Result<Found> {
        const auto number = journalNumber(id);
        if (!number)
            return Found();
        return entryOf(*m_database, *number);
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
