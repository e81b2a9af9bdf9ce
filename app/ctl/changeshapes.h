#pragma once

#include "app/ctl/render.h"
#include "core/offsets/apply.h"
#include "core/offsets/plan.h"
#include "core/store/auditchain.h"
#include "core/store/journal.h"

#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// The keys of each shape, in the contract's order; also the columns of its CSV. Of a plan and of
/// an outcome CSV has the rows alone.
extern const std::vector<std::string> planRowKeys;
extern const std::vector<std::string> outcomeKeys;
extern const std::vector<std::string> outcomeRowKeys;
extern const std::vector<std::string> journalKeys;
extern const std::vector<std::string> auditKeys;

/// A plan as its file has it, so that it can be applied from what was printed, with the commands
/// that do the same: Kafka's own, and ours. `error`: why it cannot be applied.
JsonValue planJson(const offsets::Plan &plan, const std::string &command,
                   const std::string &redrive, const std::optional<Error> &error);
JsonValue planRowJson(const offsets::PlanRow &row);
JsonValue outcomeJson(const offsets::Applied &applied);
JsonValue outcomeRowJson(const store::JournalRow &row);
JsonValue journalJson(const store::JournalEntry &entry);
JsonValue auditJson(const store::AuditLine &line);

} // namespace redrive::ctl
