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
    std::function<MonoTime()> clock = monoNow; ///< moves while the client is polled
    std::function<WallTime()> wall = wallNow;
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
/// EMPTY_PLAN, COMMITS_MOVE, GROUP_LOCKED, GROUP_ID_NOT_FOUND, CONFIRMATION_MISMATCH (the permit is
/// for another group). A row that is at its target already is not written. Blocks; for the thread
/// that owns `admin`. Once written, `stop` only shortens the waiting, to two seconds: rows not read
/// back by then are UNKNOWN.
Result<Applied> apply(kafka::GroupAdmin &admin, const Plan &plan, store::Journal &journal,
                      const kafka::Permit &permit, const ApplyOptions &options,
                      std::stop_token stop);

/// Done where all rows are confirmed, Failed where all are known not to be, Unknown where one is
/// not known, else Partial.
store::JournalState stateOf(const std::vector<store::JournalRow> &rows);

/// Rows of an entry that ended without a result (a crash, UNKNOWN), settled by what the group has
/// committed now: CONFIRMED where that is what was asked, NOT_APPLIED where it is what was before,
/// else still UNKNOWN.
std::vector<store::JournalRow> settle(const store::JournalEntry &entry, const GroupOffsets &now);

/// Back to before `entry`, as a request like any other (O5): of the rows that it changed or may
/// have changed. Refuses one that did nothing (NOTHING_TO_UNDO) and what a session did on its own
/// (NOT_UNDOABLE). A group that was deleted is made again.
Result<PlanRequest> undoOf(const store::JournalEntry &entry);

/// Of the journal's entries about a deleted group.
inline constexpr const char *deleteGroupAction = "delete group";

/// Deletes the group with all its commits, the before-image journalled first, through the same
/// checks. A group without commits has no rows to carry an error: its refusal is the answer.
Result<Applied> deleteGroup(kafka::GroupAdmin &admin, const GroupId &group, store::Journal &journal,
                            const kafka::Permit &permit, const ApplyOptions &options,
                            std::stop_token stop);

} // namespace redrive::offsets
