#pragma once

#include "app/ctl/tables.h"
#include "core/offsets/apply.h"
#include "core/offsets/armed.h"
#include "core/offsets/plan.h"
#include "core/store/auditchain.h"
#include "core/store/journal.h"

#include <string>
#include <vector>

namespace redrive::ctl {

/// A plan in full: what is done to whom, a row a partition, what a row needs to be known, the sums
/// in words, and what stands in the way.
std::string planBlock(const offsets::Plan &plan, const Look &look);
/// What came of it, a row a partition, the sums in words.
std::string outcomeBlock(const offsets::Applied &applied, const Look &look);
std::string journalTable(const std::vector<store::JournalEntry> &entries, const Look &look);
std::string auditTable(const std::vector<store::AuditLine> &lines, const Look &look);

/// "2 confirmed, 1 unknown"
std::string outcomesInWords(const std::vector<store::JournalRow> &rows);
/// "Stable, 2 members: billing-1 (/10.0.0.5), billing-2 (/10.0.0.6)"; safe to show.
std::string whoIsInIt(const offsets::Waiting &waiting);

} // namespace redrive::ctl
