#include "ui/models/lanemodel.h"

#include "ui/models/cells.h"
#include "ui/models/sessionwords.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::int64_t whole(std::uint64_t count)
{
    return static_cast<std::int64_t>(count);
}

LaneRow rowOf(const consumer::LaneSnapshot &lane, MonoTime now)
{
    LaneRow row;
    row.lane = lane;
    if (lane.inFlightSince)
        row.inFlightFor = spanText(now - *lane.inFlightSince);
    if (lane.retry) {
        row.retry = lane.retry->due > now
                        ? LaneModel::tr("attempt %1, again in %2")
                              .arg(lane.retry->attempt)
                              .arg(spanText(lane.retry->due - now))
                        : LaneModel::tr("attempt %1, again now").arg(lane.retry->attempt);
        row.problem = failureText(lane.retry->failure);
    }
    if (lane.deadLetterProblem)
        row.problem = foreign(*lane.deadLetterProblem);
    return row;
}

QVariant bare(const LaneRow &row, int column)
{
    const consumer::LaneSnapshot &lane = row.lane;
    const auto text = [](const QString &words) {
        return words.isEmpty() ? QVariant() : QVariant(words);
    };
    switch (column) {
    case LaneModel::Topic: return QString::fromStdString(lane.partition.topic);
    case LaneModel::Partition: return lane.partition.partition;
    case LaneModel::State: return laneStateText(lane.state).mid(2);
    case LaneModel::Lag: return bareNumber(lane.lag);
    case LaneModel::Position: return bareNumber(lane.position);
    case LaneModel::Committed: return bareNumber(lane.committed);
    case LaneModel::LogEnd: return bareNumber(lane.logEnd);
    case LaneModel::Buffered: return static_cast<qlonglong>(lane.buffered);
    case LaneModel::InFlight: return bareNumber(lane.inFlight);
    case LaneModel::InFlightFor: return text(row.inFlightFor);
    case LaneModel::Retry: return text(row.retry);
    case LaneModel::Problem: return text(row.problem);
    case LaneModel::Processed: return static_cast<qlonglong>(lane.processed);
    case LaneModel::DeadLettered: return static_cast<qlonglong>(lane.deadLettered);
    case LaneModel::Skipped: return static_cast<qlonglong>(lane.skipped);
    default: return {};
    }
}

/// Ages and countdowns by length, not by their words.
QVariant order(const LaneRow &row, int column)
{
    const consumer::LaneSnapshot &lane = row.lane;
    const auto since = [](const std::optional<MonoTime> &time, bool olderIsMore) {
        if (!time)
            return QVariant();
        const auto count = static_cast<qlonglong>(time->time_since_epoch().count());
        return QVariant(olderIsMore ? -count : count);
    };
    if (column == LaneModel::InFlightFor)
        return since(lane.inFlightSince, true);
    if (column == LaneModel::Retry)
        return since(lane.retry ? std::optional(lane.retry->due) : std::nullopt, false);
    return bare(row, column);
}

QString text(const LaneRow &row, int column)
{
    const consumer::LaneSnapshot &lane = row.lane;
    const auto orDash = [](const QString &words) {
        return words.isEmpty() ? unknownText() : words;
    };
    switch (column) {
    case LaneModel::Topic: return foreign(lane.partition.topic);
    case LaneModel::Partition: return QString::number(lane.partition.partition);
    case LaneModel::State: return laneStateText(lane.state);
    case LaneModel::Lag: return number(lane.lag);
    case LaneModel::Position: return number(lane.position);
    case LaneModel::Committed: return number(lane.committed);
    case LaneModel::LogEnd: return number(lane.logEnd);
    case LaneModel::Buffered: return number(std::optional(whole(lane.buffered)));
    case LaneModel::InFlight: return number(lane.inFlight);
    case LaneModel::InFlightFor: return orDash(row.inFlightFor);
    case LaneModel::Retry: return orDash(row.retry);
    case LaneModel::Problem: return orDash(row.problem);
    case LaneModel::Processed: return number(std::optional(whole(lane.processed)));
    case LaneModel::DeadLettered: return number(std::optional(whole(lane.deadLettered)));
    case LaneModel::Skipped: return number(std::optional(whole(lane.skipped)));
    default: return {};
    }
}

QString tip(const LaneRow &row, int column)
{
    const consumer::LaneSnapshot &lane = row.lane;
    switch (column) {
    case LaneModel::Topic: return foreign(lane.partition.topic);
    case LaneModel::State: return laneStateHelp(lane.state);
    case LaneModel::Lag:
        return lane.lag ? QString()
                        : LaneModel::tr("Nothing is committed, or the log end is not known yet.");
    case LaneModel::Position:
        return lane.position ? LaneModel::tr("The next to be processed, in order.")
                             : LaneModel::tr("Where it begins is being looked up.");
    case LaneModel::Committed:
        return lane.committed ? LaneModel::tr("As the broker acknowledged it.")
                              : LaneModel::tr("Nothing is committed there.");
    case LaneModel::LogEnd:
        return lane.logEnd ? QString() : LaneModel::tr("No fetch has told it yet.");
    case LaneModel::InFlight:
        return lane.inFlight ? LaneModel::tr("The record that a handler has now.")
                             : LaneModel::tr("No handler has a record of it.");
    case LaneModel::Retry:
        return lane.retry ? LaneModel::tr("Offset %1: %2")
                                .arg(number(std::optional(lane.retry->offset)), row.retry)
                          : QString();
    case LaneModel::Problem: return row.problem;
    default: return {};
    }
}

} // namespace

LaneModel::LaneModel(QObject *parent)
    : RowTable({{tr("Topic"), u"topic"_s, {}, false, false},
                {tr("Partition"), u"partition"_s, {}, true, false},
                {tr("State"), u"state"_s, {}},
                {tr("Retry"), u"retry"_s, tr("A record that waits for its next try"), false, false},
                {tr("Error"), u"error"_s, tr("Why the last attempt failed"), false, false},
                {tr("Lag"), u"lag"_s, tr("Log end − committed"), true, false},
                {tr("Position"), u"position"_s, tr("Next to be processed, in order"), true, false},
                {tr("Committed"), u"committed"_s, tr("As the broker acknowledged it"), true, false},
                {tr("Log end"), u"log_end"_s, tr("As the last fetch told it"), true, false},
                {tr("Buffered"), u"buffered"_s, tr("Records taken and not finished"), true, false},
                {tr("In flight"), u"in_flight"_s, tr("Offset of the record a handler has now"),
                 true, false},
                {tr("For"), u"in_flight_for"_s, tr("How long the handler has had it"), true, false},
                {tr("Processed"), u"processed"_s, {}, true, false},
                {tr("Dead letters"), u"dead_lettered"_s, {}, true},
                {tr("Skipped"), u"skipped"_s, tr("By hand, as duplicates, or as poison"), true}},
               parent)
{
}

void LaneModel::show(const std::vector<consumer::LaneSnapshot> &lanes, MonoTime now)
{
    std::vector<LaneRow> next;
    next.reserve(lanes.size());
    for (const consumer::LaneSnapshot &lane : lanes)
        next.push_back(rowOf(lane, now));
    update(std::move(next));
}

int LaneModel::find(const TopicPartition &partition) const
{
    const auto found = std::ranges::find_if(
        rows(), [&](const LaneRow &row) { return row.lane.partition == partition; });
    return found == rows().end() ? -1 : static_cast<int>(found - rows().begin());
}

QVariant LaneModel::cell(int number, int column, int role) const
{
    const LaneRow &row = this->row(number);
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case SortRole: return order(row, column);
    case RawRole: return bare(row, column);
    case Qt::ToolTipRole: return tip(row, column);
    case Qt::ForegroundRole:
        if (column == State)
            return theme::color(laneStateToken(row.lane.state));
        if ((column == Problem && !row.problem.isEmpty()) ||
            (column == Retry && !row.retry.isEmpty()))
            return theme::color(theme::Token::Warning);
        return {};
    default: return {};
    }
}

bool LaneModel::less(const LaneRow &a, const LaneRow &b) const
{
    return a.lane.partition < b.lane.partition;
}

bool LaneModel::same(const LaneRow &a, const LaneRow &b) const
{
    const consumer::LaneSnapshot &x = a.lane;
    const consumer::LaneSnapshot &y = b.lane;
    return a.inFlightFor == b.inFlightFor && a.retry == b.retry && a.problem == b.problem &&
           x.state == y.state && x.position == y.position && x.committed == y.committed &&
           x.logEnd == y.logEnd && x.lag == y.lag && x.buffered == y.buffered &&
           x.inFlight == y.inFlight && x.processed == y.processed &&
           x.deadLettered == y.deadLettered && x.skipped == y.skipped;
}

} // namespace redrive::ui
