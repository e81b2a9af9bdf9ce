#include "ui/models/journalwords.h"

#include "core/offsets/apply.h"
#include "ui/models/planmodel.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <string_view>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

using store::JournalOutcome;
using store::JournalState;
using theme::Token;

constexpr Millis resultPatience{90'000};
constexpr std::string_view ofSession = "session ";

QString tr(const char *text)
{
    return QCoreApplication::translate("Journal", text);
}

QString count(std::int64_t value)
{
    return number(std::optional(value));
}

std::int64_t rowsWith(const std::vector<store::JournalRow> &rows,
                      const std::optional<JournalOutcome> &outcome)
{
    return std::ranges::count(rows, outcome, &store::JournalRow::outcome);
}

} // namespace

bool isOfSession(const store::JournalEntry &entry)
{
    return entry.action.starts_with(ofSession);
}

bool endedWithoutResult(const store::JournalEntry &entry, WallTime now)
{
    return entry.state == JournalState::Begun && now - entry.time > resultPatience;
}

QString journalStateText(const store::JournalEntry &entry, WallTime now)
{
    switch (entry.state) {
    case JournalState::Begun:
        return endedWithoutResult(entry, now) ? tr("? no result") : tr("… under way");
    case JournalState::Asked: return tr("◌ asked");
    case JournalState::Done: return tr("● done");
    case JournalState::Partial: return tr("◐ partial");
    case JournalState::Failed: return tr("✕ failed");
    case JournalState::Unknown: return tr("? unknown");
    }
    return tr("? unknown");
}

QString journalStateHelp(const store::JournalEntry &entry, WallTime now)
{
    switch (entry.state) {
    case JournalState::Begun:
        if (!endedWithoutResult(entry, now))
            return tr("It has begun, and what came of it is not known yet.");
        return tr("Ended without a result: unknown. What was before is on the disk; Undo goes back "
                  "to it, and shows first what the group has now.");
    case JournalState::Asked:
        return tr("A running session was asked to do it. Its log tells what came of it.");
    case JournalState::Done: return tr("Each partition was read back as it was asked for.");
    case JournalState::Partial: return tr("Some partitions were read back as they were asked for.");
    case JournalState::Failed: return tr("No partition was read back as it was asked for.");
    case JournalState::Unknown:
        return tr("Some partitions could not be read back, so what they have is unknown. Undo "
                  "shows first what the group has now.");
    }
    return {};
}

Token journalStateToken(const store::JournalEntry &entry, WallTime now)
{
    switch (entry.state) {
    case JournalState::Begun:
        return endedWithoutResult(entry, now) ? Token::Warning : Token::Neutral;
    case JournalState::Asked: return Token::Neutral;
    case JournalState::Done: return Token::Good;
    case JournalState::Partial: return Token::Warning;
    case JournalState::Failed: return Token::Bad;
    case JournalState::Unknown: return Token::Warning;
    }
    return Token::Neutral;
}

QString journalOutcomeText(const std::optional<JournalOutcome> &outcome)
{
    return outcome ? outcomeText(*outcome) : unknownText();
}

QString journalOutcomeHelp(const std::optional<JournalOutcome> &outcome)
{
    if (!outcome)
        return tr("Nobody has written down what came of it.");
    switch (*outcome) {
    case JournalOutcome::Confirmed: return tr("Read back: the broker holds what was asked for.");
    case JournalOutcome::NotApplied:
        return tr("Read back: the broker holds something else than what was asked for.");
    case JournalOutcome::Unknown: return tr("It could not be read back.");
    }
    return {};
}

Token journalOutcomeToken(const std::optional<JournalOutcome> &outcome)
{
    if (!outcome)
        return Token::MutedText;
    switch (*outcome) {
    case JournalOutcome::Confirmed: return Token::Good;
    case JournalOutcome::NotApplied: return Token::Bad;
    case JournalOutcome::Unknown: return Token::Warning;
    }
    return Token::MutedText;
}

QString journalTitle(const store::JournalEntry &entry)
{
    const QString group = foreign(entry.group.value());
    const QString action = foreign(entry.action);
    return isOfSession(entry) ? tr("%1 in %2").arg(action, group)
                              : tr("%1 of %2").arg(action, group);
}

QString journalSums(const std::vector<store::JournalRow> &rows)
{
    const auto all = std::ssize(rows);
    QStringList parts;
    const auto add = [&](const std::optional<JournalOutcome> &outcome, const QString &words) {
        if (const std::int64_t found = rowsWith(rows, outcome); found > 0)
            parts << words.arg(count(found));
    };
    add(JournalOutcome::Confirmed, tr("%1 confirmed"));
    add(JournalOutcome::NotApplied, tr("%1 not applied"));
    add(JournalOutcome::Unknown, tr("%1 unknown"));
    if (!parts.isEmpty())
        add(std::nullopt, tr("%1 without a result"));
    const QString head = all == 1 ? tr("1 partition") : tr("%1 partitions").arg(count(all));
    return parts.isEmpty() ? head : head + u": "_s + parts.join(u", "_s);
}

bool hasUnknownRows(const store::JournalEntry &entry, WallTime now)
{
    return endedWithoutResult(entry, now) || rowsWith(entry.rows, JournalOutcome::Unknown) > 0;
}

std::optional<Settled> settledBy(const store::JournalEntry &entry, const GroupDetail *group,
                                 WallTime now)
{
    if (!group || group->listing.id != entry.group || group->commitsReadAt <= entry.time ||
        !group->errors.empty() || !hasUnknownRows(entry, now))
        return std::nullopt;
    GroupOffsets offsets;
    offsets.id = entry.group;
    offsets.readAt = group->commitsReadAt;
    for (const PartitionLag &lag : group->partitions) {
        if (lag.committed || lag.error)
            offsets.offsets.push_back({.partition = lag.partition,
                                       .offset = lag.committed,
                                       .leaderEpoch = lag.leaderEpoch,
                                       .metadata = lag.metadata,
                                       .error = lag.committed ? std::nullopt : lag.error});
    }
    return Settled{offsets::settle(entry, offsets), group->commitsReadAt};
}

QString whyNoUndo(const store::JournalEntry &entry)
{
    if (isOfSession(entry))
        return tr("It moved a running session, whose group's offsets have gone on since: move the "
                  "session back on the page Sessions.");
    if (!offsets::undoOf(entry))
        return tr("It changed nothing that could be taken back.");
    return {};
}

AuditWords auditWords(const AuditNews &news, TimeZone zone, WallTime now)
{
    using What = AuditNews::What;
    const QString at = clock(news.at, zone, now);
    const QString file = foreign(news.file.string());
    switch (news.what) {
    case What::Nothing:
        return {tr("Every change is also a line of the audit log, chained to the line before by "
                   "its hash.")};
    case What::Verifying: return {tr("Reading the whole chain…")};
    case What::Verified:
        if (news.check.brokenAt)
            return {tr("✕ Line %1 does not chain: it or a line before it was changed, removed or "
                       "put elsewhere (checked %2).")
                        .arg(count(*news.check.brokenAt), at),
                    Token::Bad};
        if (news.check.lines == 0)
            return {tr("The audit log has no lines yet (checked %1).").arg(at)};
        return {(news.check.lines == 1 ? tr("● The chain holds: %1 line (checked %2).")
                                       : tr("● The chain holds: %1 lines (checked %2)."))
                    .arg(count(news.check.lines), at),
                Token::Good};
    case What::Exporting: return {tr("Writing %1…").arg(file)};
    case What::Exported:
        return {(news.lines == 1 ? tr("● %1 line written to %2") : tr("● %1 lines written to %2"))
                    .arg(count(news.lines), file),
                Token::Good};
    case What::Failed:
        return {u"✕ "_s + (news.error ? errorText(*news.error) : tr("It failed.")), Token::Bad};
    }
    return {};
}

} // namespace redrive::ui
