#include "ui/models/historymodel.h"

#include "ui/models/cells.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::vector<ColumnSpec> columnsFor(const LineChoice &lines)
{
    std::vector<ColumnSpec> columns{{HistoryModel::tr("Time"), u"time"_s, {}, false, false},
                                    {HistoryModel::tr("Total"), u"total_lag"_s, {}, true, false}};
    for (const std::string &name : lines.names)
        columns.push_back(
            {foreign(name), QString::fromStdString(name), foreign(name), true, false});
    return columns;
}

using Rows = std::map<WallTime, std::vector<HistoryValue>>;

/// A history keeps only the ends of a run of equal values: in between, the line had that value,
/// too.
void fillRuns(Rows &rows, std::size_t slot)
{
    auto last = rows.end(); ///< the newest row in which this line was read
    for (auto row = rows.begin(); row != rows.end(); ++row) {
        const HistoryValue &here = row->second[slot];
        if (!here.wasRead)
            continue;
        if (last != rows.end() && last->second[slot] == here && here.value)
            for (auto between = std::next(last); between != row; ++between)
                between->second[slot] = here;
        last = row;
    }
}

} // namespace

HistoryModel::HistoryModel(QObject *parent)
    : RowTable(columnsFor({}), parent)
{
}

void HistoryModel::show(const workspace::GroupHistory *history, const LineChoice &lines,
                        TimeSpan span)
{
    setLines(history ? lines : LineChoice{});
    Rows rows;
    const std::size_t width = m_lines.names.size() + 1;
    const auto add = [&](const workspace::Series &series, std::size_t slot) {
        for (const monitor::HistoryPoint &point : series.points) {
            if (point.time < span.from || point.time > span.to)
                continue;
            auto &values = rows[point.time];
            values.resize(width);
            values[slot] = {.wasRead = true, .value = point.last};
        }
    };
    if (history) {
        add(history->total, 0);
        for (std::size_t line = 0; line < m_lines.names.size(); ++line) {
            const auto series = std::ranges::find(history->partitions, m_lines.names[line],
                                                  &workspace::Series::name);
            if (series != history->partitions.end())
                add(*series, line + 1);
        }
    }
    for (std::size_t slot = 0; slot < width; ++slot)
        fillRuns(rows, slot);
    std::vector<HistoryRow> next;
    next.reserve(rows.size());
    for (auto &[time, values] : rows)
        next.push_back({time, std::move(values)});
    update(std::move(next));
}

void HistoryModel::setZone(TimeZone zone)
{
    m_zone = zone;
    if (rowCount() > 0)
        emit dataChanged(index(0, Time), index(rowCount() - 1, Time));
}

void HistoryModel::setLines(const LineChoice &lines)
{
    if (lines.names == m_lines.names)
        return;
    update({});
    if (columnCount() > FirstLine) {
        beginRemoveColumns({}, FirstLine, columnCount() - 1);
        setColumns(columnsFor({}));
        endRemoveColumns();
    }
    m_lines = lines;
    if (!m_lines.names.empty()) {
        beginInsertColumns({}, FirstLine, FirstLine + static_cast<int>(m_lines.names.size()) - 1);
        setColumns(columnsFor(m_lines));
        endInsertColumns();
    }
}

QVariant HistoryModel::cell(int number, int column, int role) const
{
    const HistoryRow &row = this->row(number);
    if (column == Time) {
        switch (role) {
        case Qt::DisplayRole: return clock(row.time, m_zone, rows().back().time);
        case Qt::ToolTipRole: return absolute(row.time, m_zone);
        case SortRole: return static_cast<qlonglong>(row.time.time_since_epoch().count());
        case RawRole: return QString::fromStdString(toRfc3339(row.time));
        default: return {};
        }
    }
    const auto &[wasRead, value] = row.values[static_cast<std::size_t>(column - Total)];
    switch (role) {
    case Qt::DisplayRole: return wasRead ? ui::number(value) : QString();
    case SortRole:
    case RawRole: return bareNumber(value);
    case Qt::ToolTipRole:
        if (!wasRead)
            return tr("It was not read at that time.");
        return value ? QString() : tr("It was not known at that time.");
    default: return {};
    }
}

bool HistoryModel::less(const HistoryRow &a, const HistoryRow &b) const
{
    return a.time < b.time;
}

bool HistoryModel::same(const HistoryRow &a, const HistoryRow &b) const
{
    return a.values == b.values;
}

} // namespace redrive::ui
