#include "ui/models/planmodel.h"

#include "ui/models/cells.h"
#include "ui/theme/tokens.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

using store::JournalOutcome;

constexpr qsizetype previewLength = 160;
constexpr auto decimals = 10; ///< of a partition's number, in the order of rows

bool isRefused(const PlanLine &line)
{
    return line.row.error || (line.outcome && line.outcome->outcome &&
                              *line.outcome->outcome != JournalOutcome::Confirmed);
}

/// The last word on a row: what the change said, else the plan.
QString problem(const PlanLine &line)
{
    if (line.outcome && line.outcome->error)
        return foreign(*line.outcome->error);
    return line.row.error ? errorText(*line.row.error) : QString();
}

/// The same without what was attempted: that stands over the table.
QString shortProblem(const PlanLine &line)
{
    if (line.outcome && line.outcome->error)
        return foreign(*line.outcome->error);
    return line.row.error ? foreign(line.row.error->message) : QString();
}

QString preview(const kafka::RecordGlance &record)
{
    if (!record.value)
        return PlanModel::tr("null value");
    QString text = foreign(*record.value);
    const bool isCut = text.size() > previewLength || record.valueSize > record.value->size();
    text.truncate(previewLength);
    return isCut ? text + u'…' : text;
}

QString nextText(const PlanLine &line, TimeZone zone)
{
    if (const QString words = shortProblem(line); !words.isEmpty())
        return u"✕ "_s + words;
    if (!line.row.next)
        return unknownText();
    const kafka::RecordGlance &record = *line.row.next;
    if (!record.time)
        return preview(record);
    return clock(*record.time, zone, wallNow()) + u"  "_s + preview(record);
}

QString notesText(const PlanLine &line, QLatin1StringView between)
{
    QStringList notes;
    for (const std::string &note : line.row.notes)
        notes << foreign(note);
    return notes.join(between);
}

QString newText(const PlanLine &line)
{
    if (line.isResolving)
        return u"…"_s;
    if (line.row.error)
        return unknownText();
    return line.row.target.offset ? number(line.row.target.offset) : PlanModel::tr("deleted");
}

QString outcomeOf(const PlanLine &line)
{
    if (!line.outcome)
        return {};
    return line.outcome->outcome ? outcomeText(*line.outcome->outcome) : u"…"_s;
}

QString text(const PlanLine &line, int column, TimeZone zone)
{
    const offsets::PlanRow &row = line.row;
    switch (column) {
    case PlanModel::Topic: return foreign(row.partition.topic);
    case PlanModel::Partition: return QString::number(row.partition.partition);
    case PlanModel::Committed: return number(row.current.offset);
    case PlanModel::New: return newText(line);
    case PlanModel::Again: return number(row.again);
    case PlanModel::Skipped: return number(row.skipped);
    case PlanModel::Lost: return row.lost ? number(row.lost) : QString();
    case PlanModel::Outcome: return outcomeOf(line);
    case PlanModel::Next: return nextText(line, zone);
    case PlanModel::Notes: return notesText(line, "; "_L1);
    default: return {};
    }
}

QVariant bare(const PlanLine &line, int column, TimeZone zone)
{
    const offsets::PlanRow &row = line.row;
    const auto words = [](const QString &some) {
        return some.isEmpty() || some == unknownText() ? QVariant() : QVariant(some);
    };
    switch (column) {
    case PlanModel::Topic: return QString::fromStdString(row.partition.topic);
    case PlanModel::Partition: return static_cast<qlonglong>(row.partition.partition);
    case PlanModel::Committed: return bareNumber(row.current.offset);
    case PlanModel::New: return bareNumber(row.target.offset);
    case PlanModel::Again: return bareNumber(row.again);
    case PlanModel::Skipped: return bareNumber(row.skipped);
    case PlanModel::Lost: return bareNumber(row.lost);
    case PlanModel::Outcome: return words(outcomeOf(line).mid(2));
    case PlanModel::Next: return words(nextText(line, zone));
    case PlanModel::Notes: return words(notesText(line, "; "_L1));
    default: return {};
    }
}

/// What needs a decision first, then by name and number.
QString orderOfTopic(const PlanLine &line)
{
    return QChar(isRefused(line) ? u'0' : u'1') + QString::fromStdString(line.row.partition.topic) +
           QChar(u'\x01') +
           QString::number(line.row.partition.partition).rightJustified(decimals, u'0');
}

QVariant order(const PlanLine &line, int column, TimeZone zone)
{
    if (column == PlanModel::Topic)
        return orderOfTopic(line);
    if (column == PlanModel::Next && line.row.next && line.row.next->time && !isRefused(line))
        return static_cast<qlonglong>(line.row.next->time->time_since_epoch().count());
    return bare(line, column, zone);
}

QString recordTip(const kafka::RecordGlance &record, TimeZone zone)
{
    QStringList lines{PlanModel::tr("Offset %1").arg(number(std::optional(record.offset)))};
    lines << (record.time ? absolute(*record.time, zone)
                          : PlanModel::tr("The record has no timestamp."));
    if (record.key)
        lines << PlanModel::tr("Key %1").arg(foreign(*record.key));
    lines << PlanModel::tr("%1 bytes: %2")
                 .arg(number(std::optional(static_cast<std::int64_t>(record.valueSize))),
                      preview(record));
    return lines.join(u'\n');
}

QString countTip(const PlanLine &line)
{
    if (!line.row.current.offset)
        return PlanModel::tr("Nothing is committed there, so nobody knows what was processed.");
    return problem(line);
}

QString tip(const PlanLine &line, int column, TimeZone zone)
{
    const offsets::PlanRow &row = line.row;
    switch (column) {
    case PlanModel::Topic: return foreign(row.partition.topic);
    case PlanModel::Committed:
        return row.current.offset ? QString()
                                  : PlanModel::tr("Nothing is committed for this partition.");
    case PlanModel::New:
        if (line.isResolving)
            return PlanModel::tr("Being looked up.");
        if (row.error)
            return problem(line);
        if (!row.target.offset)
            return PlanModel::tr("The commit is deleted.");
        return PlanModel::tr("The log reaches from %1 to %2.")
            .arg(number(row.logStart), number(row.logEnd));
    case PlanModel::Again:
        if (row.again && row.firstTime && row.lastTime)
            return PlanModel::tr("From %1\nto %2")
                .arg(absolute(*row.firstTime, zone), absolute(*row.lastTime, zone));
        return row.again ? QString() : countTip(line);
    case PlanModel::Skipped:
        if (row.skipped.value_or(0) > 0 && row.firstTime && row.lastTime)
            return PlanModel::tr("From %1\nto %2")
                .arg(absolute(*row.firstTime, zone), absolute(*row.lastTime, zone));
        return row.skipped ? QString() : countTip(line);
    case PlanModel::Lost: return PlanModel::tr("Deleted before the group read them.");
    case PlanModel::Outcome:
        return line.outcome ? PlanModel::tr("Asked for %1, read back %2")
                                  .arg(number(line.outcome->requested), number(line.outcome->after))
                            : QString();
    case PlanModel::Next:
        if (const QString words = problem(line); !words.isEmpty())
            return words;
        return row.next ? recordTip(*row.next, zone)
                        : PlanModel::tr("No record stands there yet, or it was not looked at.");
    case PlanModel::Notes: return notesText(line, "\n"_L1);
    default: return {};
    }
}

QVariant colour(const PlanLine &line, int column)
{
    using theme::Token;
    if (line.isOld)
        return theme::color(Token::MutedText);
    switch (column) {
    case PlanModel::Outcome:
        if (!line.outcome || !line.outcome->outcome)
            return {};
        return theme::color(*line.outcome->outcome == JournalOutcome::Confirmed ? Token::Good
                            : *line.outcome->outcome == JournalOutcome::Unknown ? Token::Warning
                                                                                : Token::Bad);
    case PlanModel::Next:
        return problem(line).isEmpty() ? QVariant() : QVariant(theme::color(Token::Bad));
    case PlanModel::Notes: return theme::color(Token::Warning);
    case PlanModel::Lost: return theme::color(Token::Bad);
    case PlanModel::Again:
    case PlanModel::Skipped: {
        const auto &count = column == PlanModel::Again ? line.row.again : line.row.skipped;
        return count.value_or(0) == 0 ? QVariant(theme::color(Token::MutedText)) : QVariant();
    }
    case PlanModel::Committed: return theme::color(Token::MutedText);
    default: return {};
    }
}

} // namespace

QString outcomeText(JournalOutcome outcome)
{
    switch (outcome) {
    case JournalOutcome::Confirmed: return u"✓ CONFIRMED"_s;
    case JournalOutcome::NotApplied: return u"✕ NOT APPLIED"_s;
    case JournalOutcome::Unknown: break;
    }
    return u"? UNKNOWN"_s;
}

PlanModel::PlanModel(QObject *parent)
    : RowTable(
          {{tr("Topic"), u"topic"_s, {}, false, false},
           {tr("Partition"), u"partition"_s, {}, true, false},
           {tr("Committed"), u"committed"_s, tr("Where the group stands now"), true, false},
           {tr("New"), u"new"_s, tr("Where it will stand"), true, false},
           {tr("Again"), u"again"_s, tr("Records that will be processed again"), true, false},
           {tr("Skipped"), u"skipped"_s, tr("Records that will never be processed"), true, false},
           {tr("Lost"), u"lost"_s, tr("Deleted before the group read them"), true, false},
           {tr("Outcome"), u"outcome"_s, tr("As it was read back from the broker"), false, false},
           {tr("Next record"), u"next"_s, tr("What will be read next: its time, and how it begins"),
            false, false},
           {tr("Remarks"), u"notes"_s, tr("What one should know of it"), false, false}},
          parent)
{
}

void PlanModel::show(const offsets::Plan &plan, bool resolving)
{
    std::vector<PlanLine> next;
    next.reserve(plan.rows.size());
    for (const offsets::PlanRow &row : plan.rows) {
        next.push_back({.row = row, .outcome = std::nullopt, .isOld = false, .isResolving = false});
        if (!resolving || !row.error || row.error->code != "NOT_READ")
            continue;
        next.back().isResolving = true;
        next.back().row.error.reset(); // its turn comes
    }
    std::ranges::stable_sort(next, [this](const auto &a, const auto &b) { return less(a, b); });
    update(std::move(next));
}

void PlanModel::showOutcomes(const std::vector<store::JournalRow> &outcomes)
{
    std::map<TopicPartition, const store::JournalRow *> byPartition;
    for (const store::JournalRow &outcome : outcomes)
        byPartition.emplace(outcome.partition, &outcome);
    std::vector<PlanLine> next = rows();
    for (PlanLine &line : next) {
        if (const auto found = byPartition.find(line.row.partition); found != byPartition.end())
            line.outcome = *found->second;
    }
    update(std::move(next));
}

void PlanModel::ageRows()
{
    std::vector<PlanLine> next = rows();
    for (PlanLine &line : next)
        line.isOld = true;
    update(std::move(next));
}

void PlanModel::setZone(TimeZone zone)
{
    if (zone == m_zone)
        return;
    m_zone = zone;
    if (rowCount() > 0)
        emit dataChanged(index(0, Next), index(rowCount() - 1, Next));
}

bool PlanModel::hasLosses() const
{
    return std::ranges::any_of(rows(),
                               [](const PlanLine &line) { return line.row.lost.value_or(0) > 0; });
}

bool PlanModel::hasNotes() const
{
    return std::ranges::any_of(rows(),
                               [](const PlanLine &line) { return !line.row.notes.empty(); });
}

std::vector<TopicPartition> PlanModel::withErrors() const
{
    std::vector<TopicPartition> partitions;
    for (const PlanLine &line : rows()) {
        if (line.row.error)
            partitions.push_back(line.row.partition);
    }
    return partitions;
}

QVariant PlanModel::cell(int number, int column, int role) const
{
    const PlanLine &line = row(number);
    switch (role) {
    case Qt::DisplayRole: return text(line, column, m_zone);
    case SortRole: return order(line, column, m_zone);
    case RawRole: return bare(line, column, m_zone);
    case Qt::ToolTipRole: return tip(line, column, m_zone);
    case Qt::ForegroundRole: return colour(line, column);
    default: return {};
    }
}

bool PlanModel::less(const PlanLine &a, const PlanLine &b) const
{
    return a.row.partition < b.row.partition;
}

bool PlanModel::same(const PlanLine &a, const PlanLine &b) const
{
    return a == b;
}

} // namespace redrive::ui
