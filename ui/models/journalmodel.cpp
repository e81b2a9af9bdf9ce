#include "ui/models/journalmodel.h"

#include "ui/models/cells.h"
#include "ui/models/journalwords.h"

#include <QStringList>

#include <algorithm>
#include <charconv>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::int64_t numberOf(const std::string &id)
{
    std::int64_t number = 0;
    if (id.size() > 1)
        std::from_chars(id.data() + 1, id.data() + id.size(), number);
    return number;
}

QString haystackOf(const store::JournalEntry &entry)
{
    QStringList parts{foreign(entry.id), foreign(entry.group.value()), foreign(entry.action),
                      foreign(entry.reason), foreign(entry.user)};
    const std::string *topic = nullptr;
    for (const store::JournalRow &row : entry.rows) {
        if (!topic || *topic != row.partition.topic)
            parts << foreign(row.partition.topic);
        topic = &row.partition.topic;
    }
    return parts.join(u'\n');
}

QVariant muted()
{
    return theme::color(theme::Token::MutedText);
}

} // namespace

JournalModel::JournalModel(QObject *parent)
    : RowTable({{tr("Time"), u"time"_s, {}, false, false},
                {tr("Group"), u"group"_s, {}, false, false},
                {tr("Action"), u"action"_s, {}, false, false},
                {tr("Reason"), u"reason"_s, tr("As it was given by who did it"), false, false},
                {tr("User"), u"user"_s, {}, false, false},
                {tr("State"), u"state"_s, {}},
                {tr("Partitions"), u"partitions"_s, {}, true, false}},
               parent)
{
}

void JournalModel::show(std::shared_ptr<const JournalReading> reading, TimeZone zone, WallTime now)
{
    const bool redraw = zone != m_zone || now - m_now > Millis(60'000);
    m_zone = zone;
    m_now = now;
    std::vector<JournalLine> next;
    if (reading && reading == m_reading) {
        next = rows();
    } else if (reading) {
        next.reserve(reading->entries.size());
        for (const store::JournalEntry &entry : reading->entries)
            next.push_back({.number = numberOf(entry.id),
                            .entry = &entry,
                            .stateText = {},
                            .stateHelp = {},
                            .sums = journalSums(entry.rows),
                            .haystack = haystackOf(entry)});
        std::ranges::sort(next, {}, &JournalLine::number);
    }
    for (JournalLine &line : next) {
        line.stateText = journalStateText(*line.entry, now);
        line.stateHelp = journalStateHelp(*line.entry, now);
        line.stateToken = static_cast<int>(journalStateToken(*line.entry, now));
    }
    update(std::move(next)); // compares with rows that point into the reading replaced below
    m_reading = std::move(reading);
    if (redraw && rowCount() > 0)
        emit dataChanged(index(0, Time), index(rowCount() - 1, Time), {Qt::DisplayRole});
}

void JournalModel::forget()
{
    clear();
    m_reading.reset();
}

int JournalModel::find(const std::string &id) const
{
    const auto found = std::ranges::lower_bound(rows(), numberOf(id), {}, &JournalLine::number);
    if (found == rows().end() || found->entry->id != id)
        return -1;
    return static_cast<int>(found - rows().begin());
}

std::vector<std::string> JournalModel::groups() const
{
    std::vector<std::string> groups;
    for (const JournalLine &line : rows())
        groups.push_back(line.entry->group.value());
    std::ranges::sort(groups);
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
    return groups;
}

bool JournalModel::same(const JournalLine &a, const JournalLine &b) const
{
    return a.stateText == b.stateText && (a.entry == b.entry || *a.entry == *b.entry);
}

QVariant JournalModel::cell(int number, int column, int role) const
{
    const JournalLine &line = row(number);
    const store::JournalEntry &entry = *line.entry;
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Time: return clock(entry.time, m_zone, m_now);
        case Group: return foreign(entry.group.value());
        case Action: return foreign(entry.action);
        case Reason: return foreign(entry.reason);
        case User: return foreign(entry.user);
        case State: return line.stateText;
        default: return ui::number(std::optional(std::int64_t(std::ssize(entry.rows))));
        }
    case SortRole:
    case RawRole:
        switch (column) {
        case Time: // changes of one millisecond stand in the order in which they were begun
            return role == SortRole ? QVariant(static_cast<qlonglong>(line.number))
                                    : QVariant(absolute(entry.time, m_zone));
        case Group: return bareText(entry.group.value());
        case Action: return bareText(entry.action);
        case Reason: return bareText(entry.reason);
        case User: return bareText(entry.user);
        case State: {
            const auto word = store::name(entry.state);
            return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
        }
        default: return static_cast<qlonglong>(entry.rows.size());
        }
    case Qt::ToolTipRole:
        switch (column) {
        case Time: return absolute(entry.time, m_zone);
        case Group: return foreign(entry.group.value());
        case Action: return foreign(entry.action);
        case Reason: return foreign(entry.reason);
        case User: return foreign(entry.user);
        case State: return line.stateHelp;
        default: return line.sums;
        }
    case Qt::ForegroundRole:
        if (column == State)
            return theme::color(static_cast<theme::Token>(line.stateToken));
        return column == User ? muted() : QVariant();
    default: return {};
    }
}

JournalRowModel::JournalRowModel(QObject *parent)
    : RowTable(
          {{tr("Topic"), u"topic"_s, {}, false, false},
           {tr("Partition"), u"partition"_s, {}, true, false},
           {tr("Before"), u"before"_s, tr("What was committed; of a session, its position"), true},
           {tr("Requested"), u"requested"_s, {}, true},
           {tr("After"), u"after"_s, tr("As it was read back"), true},
           {tr("Outcome"), u"outcome"_s, {}},
           {tr("Problem"), u"error"_s, {}}},
          parent)
{
}

void JournalRowModel::show(std::vector<store::JournalRow> rows, bool ofSession)
{
    m_ofSession = ofSession;
    update(std::move(rows));
}

bool JournalRowModel::hasProblems() const
{
    return std::ranges::any_of(rows(),
                               [](const store::JournalRow &row) { return row.error.has_value(); });
}

namespace {

/// A commit that is not there is a fact, and not a dash.
QString offsetText(const std::optional<Offset> &offset, bool isKnown)
{
    if (offset)
        return number(offset);
    return isKnown ? JournalRowModel::tr("none") : unknownText();
}

QString imageHelp(const std::optional<std::int32_t> &epoch, const std::string &metadata)
{
    QStringList parts;
    if (epoch)
        parts << JournalRowModel::tr("leader epoch %1").arg(*epoch);
    if (!metadata.empty())
        parts << JournalRowModel::tr("metadata “%1”").arg(foreign(metadata));
    return parts.join(u", "_s);
}

/// Deleted, and read back as such.
bool isGone(const store::JournalRow &row)
{
    return !row.after && !row.requested && row.outcome == store::JournalOutcome::Confirmed;
}

} // namespace

QVariant JournalRowModel::cell(int number, int column, int role) const
{
    const store::JournalRow &row = this->row(number);
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Topic: return foreign(row.partition.topic);
        case Partition: return QString::number(row.partition.partition);
        case Before: return offsetText(row.before, !m_ofSession);
        case Requested: return offsetText(row.requested, !m_ofSession);
        case After: return offsetText(row.after, isGone(row));
        case Outcome: return journalOutcomeText(row.outcome);
        default: return row.error ? foreign(*row.error) : QString();
        }
    case SortRole:
    case RawRole:
        switch (column) {
        case Topic: return bareText(row.partition.topic);
        case Partition: return static_cast<qlonglong>(row.partition.partition);
        case Before: return bareNumber(row.before);
        case Requested: return bareNumber(row.requested);
        case After: return bareNumber(row.after);
        case Outcome: {
            if (!row.outcome)
                return {};
            const auto word = store::name(*row.outcome);
            return QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
        }
        default: return row.error ? bareText(*row.error) : QVariant();
        }
    case Qt::ToolTipRole:
        switch (column) {
        case Topic: return foreign(row.partition.topic);
        case Before:
            if (!row.before)
                return m_ofSession ? tr("Where the session stood was not known.")
                                   : tr("Nothing was committed here.");
            return imageHelp(row.beforeEpoch, row.beforeMetadata);
        case Requested:
            if (!row.requested)
                return m_ofSession ? tr("Nowhere was asked for.")
                                   : tr("The commit was to be deleted.");
            return imageHelp(row.requestedEpoch, row.requestedMetadata);
        case After:
            if (isGone(row))
                return tr("Nothing is committed here.");
            return row.after ? QString() : tr("It was not read back.");
        case Outcome: return journalOutcomeHelp(row.outcome);
        case Problem: return row.error ? foreign(*row.error) : QString();
        default: return {};
        }
    case Qt::ForegroundRole:
        if (column == Outcome)
            return theme::color(journalOutcomeToken(row.outcome));
        if (column == Problem)
            return theme::color(theme::Token::Bad);
        if ((column == Before && !row.before) || (column == Requested && !row.requested) ||
            (column == After && !row.after))
            return muted();
        return {};
    default: return {};
    }
}

} // namespace redrive::ui
