#pragma once

#include "core/base/error.h"
#include "core/store/journal.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace redrive::ui {

/// A cluster's journal as it was read: a value.
struct JournalReading
{
    std::string mark;                         ///< of what was read; see JournalReader::read()
    bool exists = false;                      ///< false: nothing was ever changed there
    std::vector<store::JournalEntry> entries; ///< newest first
    bool hasMore = false;                     ///< there are older ones
};

/// What the window reads of the journals on this machine, one a cluster. Changes nothing, and makes
/// no file. Every function may block and is called off the UI thread, from any.
class JournalReader
{
public:
    static constexpr std::size_t mostEntries = 500;

    JournalReader() = default;
    JournalReader(const JournalReader &) = delete;
    JournalReader &operator=(const JournalReader &) = delete;
    virtual ~JournalReader() = default;

    /// Null: nothing was written since the reading that has that mark. Empty: read in any case.
    virtual Result<std::shared_ptr<const JournalReading>> read(const std::string &clusterId,
                                                               const std::string &mark) = 0;
    virtual Result<store::AuditCheck> verify(const std::string &clusterId) = 0;
    /// The whole audit log as NDJSON, one line an entry, as `redrivectl audit` gives it. Answers
    /// how many lines; a file that is there is replaced once all is written.
    virtual Result<std::int64_t> exportAudit(const std::string &clusterId,
                                             const std::filesystem::path &file) = 0;
};

} // namespace redrive::ui
