#pragma once

#include "core/kafka/guard.h"
#include "core/offsets/job.h"
#include "ui/format/format.h"

#include <QString>
#include <QStringList>

#include <cstddef>
#include <optional>

namespace redrive::ui {

/// What the dialog of a plan knows when it asks what may be done with it.
struct ResetState
{
    offsets::JobState job = offsets::JobState::Cancelled;
    const offsets::Plan *plan = nullptr; ///< without the rows left out; null: there is none
    bool isCurrent = false;              ///< the plan is that of what is entered
    kafka::AccessPolicy policy;
    GroupId group;
    QString typedName;
    bool evenIfMoving = false;     ///< ticked
    bool wasRefusedMoving = false; ///< commits moved when it was to be applied
    bool hasOwnSession = false;    ///< a session of this window lives in the group
};

/// Why not, in a sentence; empty: it may be done.
QString whyNotApply(const ResetState &state);
/// The same for waiting until the group is empty.
QString whyNotWait(const ResetState &state);

/// "Move 6 partitions", "Delete 3 commits", "Undo 6 partitions".
QString applyText(const offsets::Plan *plan);
/// "time 2026-11-21 09:03:22 UTC", "2 h ago", "100 back": for a list of jobs.
QString targetText(const offsets::Target &target, TimeZone zone);
/// "6 of 6 CONFIRMED, read back from the broker. Journal entry j17."
QString outcomeInWords(const offsets::Applied &applied);
QString outcomeInWords(const std::vector<store::JournalRow> &rows);
/// One a line, at most so many: "billing-1 at /10.0.0.5 has orders 0–3".
QStringList memberLines(const std::vector<GroupMember> &members, std::size_t most);
/// "3 members left (billing-1, billing-2, …)", "waiting to see who is in it".
QString waitingText(const offsets::JobSnapshot &snapshot);
/// "expires in 29 min"; empty where it does not.
QString expiryText(const std::optional<WallTime> &expires, WallTime now);
/// What a job is at, in a line of the status bar's menu.
QString jobText(const offsets::JobSnapshot &snapshot, WallTime now);
/// "1 partition", "1,000 partitions"
QString partitionsText(std::size_t count);

} // namespace redrive::ui
