#pragma once

#include "ui/charts/lines.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

#include <optional>
#include <vector>

namespace redrive::ui {

/// What a line had at a time: a value, nothing known, or nothing read just then (lines are read at
/// times of their own).
struct HistoryValue
{
    bool wasRead = false;
    std::optional<std::int64_t> value;
    bool operator==(const HistoryValue &) const = default;
};

struct HistoryRow
{
    WallTime time{};
    std::vector<HistoryValue> values; ///< total, then one a line of the chart
};

/// The numbers that the lag chart draws, one row a time. Columns follow the chart's lines.
class HistoryModel : public RowTable<HistoryRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Time,
        Total,
        FirstLine
    };

    explicit HistoryModel(QObject *parent = nullptr);

    /// Null: nothing.
    void show(const workspace::GroupHistory *history, const LineChoice &lines, TimeSpan span);
    void setZone(TimeZone zone);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const HistoryRow &a, const HistoryRow &b) const override;
    bool same(const HistoryRow &a, const HistoryRow &b) const override;

private:
    void setLines(const LineChoice &lines);

    LineChoice m_lines;
    TimeZone m_zone = TimeZone::Utc;
};

} // namespace redrive::ui
