#include "ui/models/sessionmodel.h"

#include "ui/models/cells.h"
#include "ui/models/sessionwords.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

SessionRow rowOf(const SessionEntry &entry, WallTime now)
{
    SessionRow row;
    row.id = entry.id;
    row.state = sessionStateText(entry);
    row.stateHelp = sessionStateHelp(entry);
    row.stateToken = static_cast<int>(sessionStateToken(entry));
    row.group = entry.request.options.group.value();
    row.handler = entry.request.handler;
    QStringList topics;
    for (const std::string &topic : entry.request.options.topics)
        topics << foreign(topic);
    row.topics = topics.join(u", "_s);
    row.since = entry.asked;
    row.ended = entry.ended;
    if (entry.failure)
        row.problem = errorText(*entry.failure);
    if (const auto &snapshot = entry.snapshot) {
        row.since = snapshot->since == WallTime{} ? entry.asked : snapshot->since;
        row.processed = snapshot->counters.processed;
        row.deadLettered = snapshot->counters.deadLettered;
        if (!entry.ended) {
            row.partitions = snapshot->lanes.size();
            row.rate = snapshot->recordsPerSecond;
            row.lag = lagOf(*snapshot);
            row.p99 = snapshot->latency.p99;
        }
        if (snapshot->problem)
            row.problem = errorText(*snapshot->problem);
        else if (snapshot->breaker.open && !entry.ended)
            row.problem = foreign(snapshot->breaker.reason);
    }
    row.sinceText = ago(row.since, now);
    return row;
}

} // namespace

SessionModel::SessionModel(QObject *parent)
    : RowTable({{tr("#"), u"session"_s, tr("Number of the session"), true, false},
                {tr("State"), u"state"_s, {}},
                {tr("Group"), u"group"_s, {}, false, false},
                {tr("Handler"), u"handler"_s, {}, false, false},
                {tr("Rate"), u"records_per_second"_s, tr("Records finished a second, lately"), true,
                 false},
                {tr("Lag"), u"lag"_s, tr("Log end − committed, over the partitions it owns"), true,
                 false},
                {tr("p99"), u"p99_ms"_s, tr("Handler time of a record, over the last minute"), true,
                 false},
                {tr("Since"), u"since"_s, {}, false, false},
                {tr("Partitions"), u"partitions"_s, tr("Owned now"), true},
                {tr("Processed"), u"processed"_s, {}, true, false},
                {tr("Dead letters"), u"dead_lettered"_s, {}, true},
                {tr("Topics"), u"topics"_s, {}, false, false},
                {tr("Problem"), u"problem"_s, tr("The newest that still holds")}},
               parent)
{
}

void SessionModel::show(const std::vector<const SessionEntry *> &entries, TimeZone zone,
                        WallTime now)
{
    m_zone = zone;
    std::vector<SessionRow> next;
    next.reserve(entries.size());
    for (const SessionEntry *entry : entries)
        next.push_back(rowOf(*entry, now));
    update(std::move(next));
}

int SessionModel::find(int id) const
{
    const auto found = std::ranges::find(rows(), id, &SessionRow::id);
    return found == rows().end() ? -1 : static_cast<int>(found - rows().begin());
}

QVariant SessionModel::cell(int number, int column, int role) const
{
    const SessionRow &row = this->row(number);
    const auto count = [](std::uint64_t value) { return static_cast<qlonglong>(value); };
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Number: return QString::number(row.id);
        case State: return row.state;
        case Group: return foreign(row.group);
        case Handler: return foreign(row.handler);
        case Topics: return row.topics;
        case Partitions:
            return ui::number(row.partitions
                                  ? std::optional(static_cast<std::int64_t>(*row.partitions))
                                  : std::nullopt);
        case Rate: return rateText(row.rate);
        case Lag: return ui::number(row.lag);
        case P99: return millisText(row.p99);
        case Processed: return ui::number(std::optional(std::int64_t(count(row.processed))));
        case DeadLettered: return ui::number(std::optional(std::int64_t(count(row.deadLettered))));
        case Since: return row.sinceText;
        default: return row.problem;
        }
    case SortRole:
    case RawRole:
        switch (column) {
        case Number: return row.id;
        case State: return row.state.mid(2);
        case Group: return bareText(row.group);
        case Handler: return bareText(row.handler);
        case Topics: return row.topics;
        case Partitions: return row.partitions ? QVariant(count(*row.partitions)) : QVariant();
        case Rate: return row.rate ? QVariant(*row.rate) : QVariant();
        case Lag: return bareNumber(row.lag);
        case P99: return row.p99 ? QVariant(*row.p99) : QVariant();
        case Processed: return count(row.processed);
        case DeadLettered: return count(row.deadLettered);
        case Since:
            return role == SortRole
                       ? QVariant(static_cast<qlonglong>(row.since.time_since_epoch().count()))
                       : QVariant(absolute(row.since, m_zone));
        default: return row.problem.isEmpty() ? QVariant() : QVariant(row.problem);
        }
    case Qt::ToolTipRole:
        switch (column) {
        case State: return row.stateHelp;
        case Group: return foreign(row.group);
        case Since: return absolute(row.since, m_zone);
        case Problem: return row.problem;
        case Topics: return row.topics;
        case Partitions:
        case Rate:
        case Lag:
        case P99: return row.ended ? tr("It has ended.") : QString();
        default: return {};
        }
    case Qt::ForegroundRole:
        if (column == State)
            return theme::color(static_cast<theme::Token>(row.stateToken));
        if (column == Problem || (column == DeadLettered && row.deadLettered > 0))
            return theme::color(theme::Token::Warning);
        return row.ended ? QVariant(theme::color(theme::Token::MutedText)) : QVariant();
    default: return {};
    }
}

} // namespace redrive::ui
