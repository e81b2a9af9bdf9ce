#pragma once

#include "core/model/lag.h"
#include "core/store/journal.h"
#include "ui/bridge/journalfeed.h"
#include "ui/format/format.h"
#include "ui/theme/tokens.h"

#include <QString>

#include <optional>
#include <vector>

namespace redrive::ui {

/// The words of the journal. Pure; foreign text in them is visible text.

/// Begun, and by now nobody can still be at it: a change is read back for half a minute at most.
bool endedWithoutResult(const store::JournalEntry &entry, WallTime now);

/// A step of a running session, which the session itself did.
bool isOfSession(const store::JournalEntry &entry);

/// "● done", "◐ partial", "✕ failed", "◌ asked", "… under way", "? no result", "? unknown": a shape
/// and a word.
QString journalStateText(const store::JournalEntry &entry, WallTime now);
/// A sentence on what that means.
QString journalStateHelp(const store::JournalEntry &entry, WallTime now);
theme::Token journalStateToken(const store::JournalEntry &entry, WallTime now);

/// "✓ CONFIRMED", "✕ NOT APPLIED", "? UNKNOWN"; the dash while nobody has said.
QString journalOutcomeText(const std::optional<store::JournalOutcome> &outcome);
QString journalOutcomeHelp(const std::optional<store::JournalOutcome> &outcome);
theme::Token journalOutcomeToken(const std::optional<store::JournalOutcome> &outcome);

/// "Move of billing", "Skip in billing": the headline of a change.
QString journalTitle(const store::JournalEntry &entry);
/// "6 partitions: 4 confirmed, 1 not applied, 1 unknown."
QString journalSums(const std::vector<store::JournalRow> &rows);
/// What is not known of a change, told by what its group has committed by now.
struct Settled
{
    std::vector<store::JournalRow> rows;
    WallTime readAt{};
};
/// None: all is known, or the group was not read since. `group` may be null, or another one.
std::optional<Settled> settledBy(const store::JournalEntry &entry, const GroupDetail *group,
                                 WallTime now);
/// It has rows of which nobody knows, and nobody is at it any more.
bool hasUnknownRows(const store::JournalEntry &entry, WallTime now);

/// Why it cannot be taken back; empty: it can.
QString whyNoUndo(const store::JournalEntry &entry);

/// What the strip beneath the journal says of the audit log.
struct AuditWords
{
    QString text;
    theme::Token token = theme::Token::MutedText;
};
AuditWords auditWords(const AuditNews &news, TimeZone zone, WallTime now);

} // namespace redrive::ui
