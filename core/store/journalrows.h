#pragma once

#include "core/store/database.h"
#include "core/store/journal.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Private to the journal: entries as they stand in its tables. Every function throws StoreError.

namespace redrive::store {

/// The number in `j17`.
std::optional<std::int64_t> journalNumber(const std::string &id);

/// Answers the number of the new entry, which has its rows and topics with it.
std::int64_t insertEntry(Database &database, const JournalEntry &entry);
/// Replaces, partition by partition.
void writeRows(Database &database, std::int64_t number, const std::vector<JournalRow> &rows);

std::vector<JournalEntry> entriesOf(Database &database, const std::optional<GroupId> &group,
                                    std::size_t most);
std::optional<JournalEntry> entryOf(Database &database, std::int64_t number);

} // namespace redrive::store
