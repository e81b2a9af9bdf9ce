#pragma once

#include "core/kafka/groupadmin.h"
#include "core/kafka/guard.h"
#include "core/offsets/plan.h"
#include "core/store/journal.h"

#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace redrive::offsets {

struct ApplyOptions
{
    std::string user;
    std::string reason;
    Millis timeout{8000}; ///< of each request
    /// How long to go on reading back where answers are missing, before rows are UNKNOWN.
    Millis readBackPatience{30'000};
    /// Where another Redrive on this machine is kept away from the group; empty: no lock.
    std::filesystem::path lockDirectory;
    /// Apply though commits move in a group that looks empty (consumers that assign by hand).
    bool evenIfMoving = false;
    /// For tests: ends the process, or not, at a named place: "begun", "written", "read back".
    std::function<void(const char *)> failPoint;
};

struct Applied
{
    std::string journal; ///< `j17`
    std::string plan;    ///< its hash
    GroupId group;
    std::vector<store::JournalRow> rows;
    store::JournalState state = store::JournalState::Begun;
    /// The outcome could not be written down; the before-image was.
    std::optional<Error> notRecorded;
};

/// Re-checks, journals the before-image, writes, reads back, journals the result. Nothing is sent
/// after a refusal: GROUP_NOT_EMPTY, PLAN_OUT_OF_DATE (with the differences), PLAN_HAS_ERRORS,
/// COMMITS_MOVE, GROUP_LOCKED, GROUP_ID_NOT_FOUND. Blocks; for the thread that owns `admin`. Once
/// written, `stop` only ends the waiting: rows not read back are UNKNOWN.
Result<Applied> apply(kafka::GroupAdmin &admin, const Plan &plan, store::Journal &journal,
                      const kafka::Permit &permit, const ApplyOptions &options,
                      std::stop_token stop);

/// Rows of an entry that ended without a result (a crash, UNKNOWN), settled by what the group has
/// committed now: CONFIRMED where that is what was asked, NOT_APPLIED where it is what was before,
/// else still UNKNOWN.
std::vector<store::JournalRow> settle(const store::JournalEntry &entry, const GroupOffsets &now);

/// Back to before `entry`, as a request like any other (O5). Refuses one that did nothing.
Result<PlanRequest> undoOf(const store::JournalEntry &entry);

/// Deletes the group with all its commits, the before-image journalled first, through the same
/// checks.
Result<Applied> deleteGroup(kafka::GroupAdmin &admin, const GroupId &group, store::Journal &journal,
                            const kafka::Permit &permit, const ApplyOptions &options,
                            std::stop_token stop);

} // namespace redrive::offsets
