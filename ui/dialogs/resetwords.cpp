#include "ui/dialogs/resetwords.h"

#include "core/base/overloaded.h"
#include "core/offsets/words.h"
#include "ui/models/cells.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace to = offsets::to;
using offsets::JobState;

namespace {

constexpr std::size_t mostNames = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("ResetWords", text);
}

QString count(std::size_t value)
{
    return number(std::optional(static_cast<std::int64_t>(value)));
}

/// What stands against any change, armed or not.
QString whyNotChange(const ResetState &state)
{
    if (state.policy.mode == kafka::AccessMode::ReadOnly)
        return tr("This profile is read-only: it may look, and nothing more.");
    if (state.job == JobState::Applying)
        return tr("It is being applied.");
    if (state.job == JobState::Waiting)
        return tr("It waits until the group is empty.");
    if (state.job == JobState::Done)
        return tr("It has been applied. Change something to plan anew.");
    if (state.job == JobState::Planning)
        return tr("It is still being planned.");
    if (!state.plan || !state.isCurrent)
        return tr("There is no plan yet: choose what to move, and where to.");
    if (state.plan->error)
        return errorText(*state.plan->error);
    if (state.plan->rows.empty())
        return tr("The plan has no partitions.");
    const auto errors = offsets::totals(*state.plan).errors;
    if (errors == 1)
        return tr("1 partition needs a decision: change the plan, or leave it out.");
    if (errors > 1)
        return tr("%1 partitions need a decision: change the plan, or leave them out.")
            .arg(count(errors));
    if (state.policy.mode == kafka::AccessMode::Confirm &&
        state.typedName.toStdString() != state.group.value())
        return tr("Type the group's name to confirm it.");
    return {};
}

} // namespace

QString whyNotApply(const ResetState &state)
{
    if (QString why = whyNotChange(state); !why.isEmpty())
        return why;
    if (state.hasOwnSession)
        return tr("A session of this window is in the group: seek it instead, or stop it first.");
    if (const auto way = offsets::whatStandsInTheWay(*state.plan);
        !way.empty() && state.plan->moving.empty())
        return QString::fromStdString(way);
    if (!state.plan->members.empty())
        return tr("The group has members: it must be empty.");
    if ((!state.plan->moving.empty() || state.wasRefusedMoving) && !state.evenIfMoving)
        return tr("Commits move in this group although it looks empty: somebody may be using it.");
    return {};
}

QString whyNotWait(const ResetState &state)
{
    if (QString why = whyNotChange(state); !why.isEmpty())
        return why;
    return state.plan->members.empty() && offsets::whatStandsInTheWay(*state.plan).empty()
               ? tr("The group is empty already.")
               : QString();
}

QString partitionsText(std::size_t partitions)
{
    return partitions == 1 ? tr("1 partition") : tr("%1 partitions").arg(count(partitions));
}

QString applyText(const offsets::Plan *plan)
{
    if (!plan || plan->rows.empty())
        return tr("&Move");
    const auto rows = plan->rows.size();
    if (std::holds_alternative<to::Delete>(plan->target))
        return rows == 1 ? tr("&Delete 1 commit") : tr("&Delete %1 commits").arg(count(rows));
    if (std::holds_alternative<to::Undo>(plan->target))
        return tr("Put &back %1").arg(partitionsText(rows));
    return tr("&Move %1").arg(partitionsText(rows));
}

QString targetText(const offsets::Target &target, TimeZone zone)
{
    const auto whole = [](std::int64_t value) { return number(std::optional(value)); };
    return std::visit(
        Overloaded{
            [](const to::Earliest &) { return tr("to the earliest record"); },
            [](const to::Latest &) { return tr("to the end"); },
            [&](const to::Time &at) { return tr("to %1").arg(absolute(at.time, zone)); },
            [](const to::Ago &ago) {
                return tr("to %1 ago").arg(foreign(humanDuration(ago.span)));
            },
            [&](const to::Shift &shift) {
                return shift.by < 0 ? tr("%1 back").arg(whole(-shift.by))
                                    : tr("%1 forward").arg(whole(shift.by));
            },
            [&](const to::LatestMinus &minus) {
                return tr("to %1 before the end").arg(whole(minus.count));
            },
            [](const to::Exact &exact) {
                return tr("to offset %1").arg(number(std::optional(exact.offset)));
            },
            [](const to::Table &) { return tr("to the offsets of a file"); },
            [](const to::OtherGroup &other) {
                return tr("to where %1 stands").arg(foreign(other.group.value()));
            },
            [](const to::Delete &) { return tr("commits deleted"); },
            [](const to::Undo &undo) { return tr("undo of %1").arg(foreign(undo.journal)); },
        },
        target);
}

QString outcomeInWords(const std::vector<store::JournalRow> &rows)
{
    using store::JournalOutcome;
    const auto having = [&](JournalOutcome outcome) {
        return static_cast<std::size_t>(
            std::ranges::count(rows, std::optional(outcome), &store::JournalRow::outcome));
    };
    const std::size_t confirmed = having(JournalOutcome::Confirmed);
    const std::size_t refused = having(JournalOutcome::NotApplied);
    const std::size_t unknown = rows.size() - confirmed - refused;
    QStringList parts{tr("%1 of %2 CONFIRMED").arg(count(confirmed), partitionsText(rows.size()))};
    if (refused > 0)
        parts << tr("%1 NOT APPLIED").arg(count(refused));
    if (unknown > 0)
        parts << tr("%1 UNKNOWN").arg(count(unknown));
    QString words = parts.join(u", "_s) + tr(", as read back from the broker.");
    if (unknown > 0)
        words += u' ' + tr("Where it is unknown, look again before anything else is done.");
    return words;
}

QString outcomeInWords(const offsets::Applied &applied)
{
    QString words = outcomeInWords(applied.rows);
    if (!applied.journal.empty())
        words += u' ' + tr("Journal entry %1.").arg(foreign(applied.journal));
    if (applied.notRecorded)
        words += u' ' + tr("The outcome could not be written into the journal: %1")
                            .arg(errorText(*applied.notRecorded));
    return words;
}

QStringList memberLines(const std::vector<GroupMember> &members, std::size_t most)
{
    QStringList lines;
    for (const GroupMember &member : members) {
        if (static_cast<std::size_t>(lines.size()) == most) {
            lines << tr("… and %1 more").arg(count(members.size() - most));
            break;
        }
        lines << tr("%1 at %2 has %3")
                     .arg(foreign(member.clientId), foreign(member.host),
                          assignmentText(member.assignment));
    }
    return lines;
}

QString waitingText(const offsets::JobSnapshot &snapshot)
{
    if (!snapshot.waiting)
        return tr("looking who is in the group");
    if (snapshot.waiting->problem)
        return tr("cannot be seen now: %1").arg(errorText(*snapshot.waiting->problem));
    const auto &members = snapshot.waiting->members;
    QStringList names;
    for (const GroupMember &member : members) {
        if (static_cast<std::size_t>(names.size()) == mostNames) {
            names << u"…"_s;
            break;
        }
        names << foreign(member.clientId);
    }
    if (members.empty())
        return tr("%1, no members").arg(stateText(snapshot.waiting->state));
    const QString left = members.size() == 1 ? tr("1 member left")
                                             : tr("%1 members left").arg(count(members.size()));
    return u"%1 (%2)"_s.arg(left, names.join(u", "_s));
}

QString expiryText(const std::optional<WallTime> &expires, WallTime now)
{
    if (!expires)
        return {};
    const Millis left = *expires - now;
    if (left <= Millis(0))
        return tr("expires now");
    return tr("expires in %1")
        .arg(foreign(humanDuration(std::chrono::ceil<std::chrono::seconds>(left))));
}

QString jobText(const offsets::JobSnapshot &snapshot, WallTime now)
{
    switch (snapshot.state) {
    case JobState::Waiting: {
        const QString expiry = expiryText(snapshot.expires, now);
        const QString waiting = waitingText(snapshot);
        return expiry.isEmpty() ? waiting : u"%1 · %2"_s.arg(waiting, expiry);
    }
    case JobState::Applying: return tr("being applied");
    case JobState::Done:
        return snapshot.applied ? outcomeInWords(*snapshot.applied) : tr("applied");
    case JobState::Refused:
    case JobState::Failed:
        return snapshot.error ? tr("not applied: %1").arg(errorText(*snapshot.error))
                              : tr("not applied");
    case JobState::Cancelled: return tr("cancelled, nothing was sent");
    case JobState::Planning:
    case JobState::Planned: break;
    }
    return tr("being planned");
}

} // namespace redrive::ui
