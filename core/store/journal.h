#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/store/auditchain.h"
#include "core/store/database.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace redrive::store {

enum class JournalState
{
    Begun,   ///< the before-image is on the disk; what came of it is unknown
    Asked,   ///< of a session that runs here, which tells by its events what came of it
    Done,    ///< every row confirmed
    Partial, ///< some rows
    Failed,  ///< none
    Unknown, ///< of some rows it could not be read back whether they were
};
/// `begun`, `asked`, `done`, `partial`, `failed`, `unknown`
std::string_view name(JournalState state);

enum class JournalOutcome
{
    Confirmed,
    NotApplied,
    Unknown
};
std::string_view name(JournalOutcome outcome); ///< `CONFIRMED`, `NOT_APPLIED`, `UNKNOWN`

struct JournalRow
{
    TopicPartition partition;
    std::optional<Offset> before; ///< none: nothing was committed
    std::optional<Offset> requested;
    std::optional<Offset> after; ///< none: not read back
    std::optional<JournalOutcome> outcome;
    std::optional<std::string> error;
    /// What an undo writes back beside the offsets.
    std::optional<std::int32_t> beforeEpoch{};
    std::string beforeMetadata{}; ///< bytes
    std::optional<std::int32_t> requestedEpoch{};
    std::string requestedMetadata{}; ///< bytes
    bool operator==(const JournalRow &) const = default;
};

/// A change to a cluster: who, when, why, before, after, result (O5).
struct JournalEntry
{
    std::string id; ///< `j17`; given by begin()
    WallTime time{};
    std::string user;
    std::string reason;
    GroupId group;
    std::string action;              ///< `reset`, `delete`, `session skip`
    std::optional<std::string> plan; ///< `sha256:…`
    JournalState state = JournalState::Begun;
    std::vector<JournalRow> rows;        ///< sorted by partition
    std::optional<std::string> undoes{}; ///< the entry that this one takes back
    /// Of its topics, where they were known: an undo does not go into one that was made again.
    std::map<std::string, std::string> topicIds{};
    bool operator==(const JournalEntry &) const = default;
};

/// What was found of the chain.
struct AuditCheck
{
    std::int64_t lines = 0;
    std::optional<std::int64_t> brokenAt; ///< the first line that does not chain
};

/// `DIRECTORY/<cluster id>.db`, with what cannot be in a file's name escaped as %2f.
std::filesystem::path journalFile(const std::filesystem::path &directory,
                                  const std::string &clusterId);

/// The record of all changes to one cluster: the journal, and the audit log, which is append-only
/// and hash-chained. What a function has written is on the disk when it returns. Thread-safe; any
/// number of processes may write to one file.
class Journal
{
public:
    /// Makes the directory (mode 0700) and the file (0600) where they are missing.
    static Result<std::unique_ptr<Journal>> open(const std::filesystem::path &file,
                                                 Millis busyTimeout = Millis(10'000));

    /// Before anything is sent. Answers the id; also appends to the audit log.
    Result<std::string> begin(const JournalEntry &entry);
    /// What came of it: `rows` replace those given before, partition by partition.
    Result<void> finish(const std::string &id, JournalState state,
                        const std::vector<JournalRow> &rows, WallTime now);
    /// Newest first; of one group, or of all.
    Result<std::vector<JournalEntry>> entries(const std::optional<GroupId> &group,
                                              std::size_t most = 1000) const;
    Result<std::optional<JournalEntry>> entry(const std::string &id) const;

    Result<AuditLine> append(const AuditEntry &entry);
    /// In order, from `seq` on.
    Result<std::vector<AuditLine>> audit(std::int64_t from = 1, std::size_t most = 10'000) const;
    /// Reads the whole chain.
    Result<AuditCheck> verify() const;

private:
    explicit Journal(std::unique_ptr<Database> database);
    AuditLine appendLine(const AuditEntry &entry);
    Result<std::int64_t> linesEverWritten() const;

    mutable std::mutex m_mutex;
    std::unique_ptr<Database> m_database; ///< guarded by m_mutex
};

} // namespace redrive::store
