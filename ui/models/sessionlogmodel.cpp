#include "ui/models/sessionlogmodel.h"

#include "ui/models/cells.h"
#include "ui/models/sessionwords.h"

#include <QStringList>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

using Cell = SessionLine::Cell;
using theme::Token;

Cell timeCell(WallTime time, TimeZone zone)
{
    return {preciseClock(time, zone), QString::fromStdString(toRfc3339(time)),
            absolute(time, zone)};
}

Cell textCell(const QString &text, Token token = Token::Text)
{
    return {text.isEmpty() ? unknownText() : text, text.isEmpty() ? QVariant() : QVariant(text),
            text, token};
}

Cell numberCell(std::int64_t value)
{
    return {number(std::optional(value)), static_cast<qlonglong>(value)};
}

Cell rateCell(double perSecond)
{
    return {rateText(perSecond), perSecond};
}

Cell millisCell(const std::optional<double> &millis)
{
    return {millisText(millis), millis ? QVariant(*millis) : QVariant()};
}

Cell topicCell(const std::optional<TopicPartition> &partition)
{
    return partition ? textCell(foreign(partition->topic)) : textCell({});
}

Cell partitionCell(const std::optional<TopicPartition> &partition)
{
    return partition ? Cell{QString::number(partition->partition), partition->partition}
                     : textCell({});
}

Cell offsetCell(const std::optional<Offset> &offset)
{
    return {number(offset), bareNumber(offset)};
}

} // namespace

SessionLines::SessionLines(std::vector<ColumnSpec> columns, QObject *parent)
    : RowTable(std::move(columns), parent)
{
}

QVariant SessionLines::cell(int number, int column, int role) const
{
    const SessionLine &line = row(number);
    const Cell &cell = line.cells.at(static_cast<std::size_t>(column));
    switch (role) {
    case Qt::DisplayRole: return cell.text;
    case SortRole:
        // Times sort by their order of arrival, which no two share.
        return column == 0 ? QVariant(static_cast<qulonglong>(line.number)) : cell.bare;
    case RawRole: return cell.bare;
    case Qt::ToolTipRole: return cell.tip;
    case Qt::ForegroundRole:
        return cell.token == Token::Text ? QVariant() : QVariant(theme::color(cell.token));
    default: return {};
    }
}

bool SessionLines::same(const SessionLine &a, const SessionLine &b) const
{
    return std::ranges::equal(a.cells, b.cells, {}, &Cell::text, &Cell::text);
}

std::vector<ColumnSpec> commitColumns()
{
    const auto tr = [](const char *text) { return SessionLines::tr(text); };
    return {
        {tr("Answered"), u"time"_s, {}, false, false},
        {tr("Requested"), u"requested"_s, {}, false, false},
        {tr("Mode"), u"mode"_s, tr("sync: the session waited for the answer"), false, false},
        {tr("Latency"), u"latency_ms"_s, {}, true, false},
        {tr("Partitions"), u"partitions"_s, {}, true, false},
        {tr("Offsets"), u"offsets"_s, tr("The next offset to be read, as committed"), false, false},
        {tr("Result"), u"result"_s, {}, false, false}};
}

SessionLine commitLine(const SessionDiary::Commit &commit, TimeZone zone)
{
    const consumer::told::Committed &told = commit.told;
    QStringList offsets;
    for (const Position &position : told.positions)
        offsets << partitionText(position.partition) + u" → "_s +
                       number(std::optional(position.next));
    SessionLine line;
    line.isProblem = told.error.has_value();
    line.cells = {timeCell(commit.answered, zone),
                  timeCell(commit.answered - told.latency, zone),
                  textCell(told.sync ? SessionLines::tr("sync") : SessionLines::tr("async")),
                  millisCell(static_cast<double>(told.latency.count())),
                  numberCell(static_cast<std::int64_t>(told.positions.size())),
                  textCell(offsets.join(u", "_s)),
                  told.error ? textCell(u"✕ "_s + errorText(*told.error), Token::Warning)
                             : textCell(SessionLines::tr("✓ acknowledged"), Token::Good)};
    line.cells[5].tip = offsets.mid(0, 40).join(u'\n');
    return line;
}

std::vector<ColumnSpec> rebalanceColumns()
{
    const auto tr = [](const char *text) { return SessionLines::tr(text); };
    return {{tr("Time"), u"time"_s, {}, false, false},
            {tr("What"), u"event"_s, {}, false, false},
            {tr("Protocol"), u"protocol"_s, {}, false, false},
            {tr("Partitions"), u"partitions"_s, {}, true, false},
            {tr("Which"), u"assignment"_s, {}, false, false}};
}

SessionLine rebalanceLine(const SessionDiary::Rebalance &rebalance, TimeZone zone)
{
    using Kind = SessionDiary::Rebalance::Kind;
    SessionLine line;
    line.isProblem = rebalance.kind == Kind::Lost;
    const auto what = [&] {
        switch (rebalance.kind) {
        case Kind::Assigned: return textCell(SessionLines::tr("＋ assigned"), Token::Good);
        case Kind::Revoked: return textCell(SessionLines::tr("− revoked"));
        case Kind::Lost: return textCell(SessionLines::tr("✕ lost"), Token::Bad);
        }
        return textCell({});
    };
    line.cells = {
        timeCell(rebalance.time, zone), what(), textCell(foreign(rebalance.protocol)),
        numberCell(static_cast<std::int64_t>(rebalance.partitions.size())),
        textCell(rebalance.partitions.empty() ? QString() : assignmentText(rebalance.partitions))};
    return line;
}

std::vector<ColumnSpec> logColumns()
{
    const auto tr = [](const char *text) { return SessionLines::tr(text); };
    return {{tr("Time"), u"time"_s, {}, false, false},
            {tr("Event"), u"event"_s, {}, false, false},
            {tr("Topic"), u"topic"_s, {}, false, false},
            {tr("Partition"), u"partition"_s, {}, true, false},
            {tr("Offset"), u"offset"_s, {}, true, false},
            {tr("What happened"), u"text"_s, {}, false, false}};
}

SessionLine logLine(const consumer::SessionEvent &event, TimeZone zone)
{
    const EventWords words = wordsOf(event);
    SessionLine line;
    line.isProblem = words.isProblem;
    line.cells = {timeCell(event.time, zone), textCell(words.kind, words.token),
                  topicCell(words.partition), partitionCell(words.partition),
                  offsetCell(words.offset),   textCell(words.text)};
    return line;
}

std::vector<ColumnSpec> liveColumns()
{
    const auto tr = [](const char *text) { return SessionLines::tr(text); };
    return {{tr("Time"), u"time"_s, {}, false, false},
            {tr("Type"), u"event_type"_s, {}, false, false},
            {tr("Task"), u"task_id"_s, {}, false, false},
            {tr("User"), u"user_id"_s, {}, false, false},
            {tr("Topic"), u"topic"_s, {}, false, false},
            {tr("Partition"), u"partition"_s, {}, true, false},
            {tr("Offset"), u"offset"_s, {}, true, false},
            {tr("Data"), u"task_data"_s, tr("As the sender wrote it"), false, false}};
}

SessionLine liveLine(const SessionDiary::Live &live, TimeZone zone)
{
    const consumer::Update &update = live.update;
    constexpr std::size_t most = 400;
    SessionLine line;
    line.cells = {timeCell(live.time, zone),
                  textCell(foreign(update.eventType)),
                  textCell(foreign(update.taskId)),
                  textCell(foreign(update.userId)),
                  topicCell(live.record.partition),
                  partitionCell(live.record.partition),
                  offsetCell(live.record.offset),
                  textCell(foreign(update.taskData.substr(0, most)) +
                           (update.taskData.size() > most ? u"…"_s : QString()))};
    line.cells[7].bare = QString::fromStdString(update.taskData);
    return line;
}

std::vector<ColumnSpec> sampleColumns()
{
    const auto tr = [](const char *text) { return SessionLines::tr(text); };
    return {{tr("Time"), u"time"_s, {}, false, false},
            {tr("Processed"), u"processed_per_second"_s, {}, true, false},
            {tr("Retries"), u"retried_per_second"_s, {}, true, false},
            {tr("Dead letters"), u"dead_lettered_per_second"_s, {}, true, false},
            {tr("p50"), u"p50_ms"_s, tr("Handler time of a record"), true, false},
            {tr("p99"), u"p99_ms"_s, tr("Handler time of a record"), true, false},
            {tr("Lag"), u"lag"_s, {}, true, false}};
}

SessionLine sampleLine(const SessionSample &sample, TimeZone zone)
{
    SessionLine line;
    line.cells = {timeCell(sample.time, zone),
                  rateCell(sample.processed),
                  rateCell(sample.retried),
                  rateCell(sample.deadLettered),
                  millisCell(sample.p50),
                  millisCell(sample.p99),
                  Cell{number(sample.lag), bareNumber(sample.lag)}};
    return line;
}

} // namespace redrive::ui
