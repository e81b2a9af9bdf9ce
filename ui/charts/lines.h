#pragma once

#include "core/monitor/history.h"
#include "core/workspace/snapshot.h"
#include "ui/format/format.h"

#include <QList>
#include <QPointF>
#include <QString>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace redrive::ui {

/// A stretch of time that a chart or its table shows.
struct TimeSpan
{
    WallTime from{};
    WallTime to{};
    bool operator==(const TimeSpan &) const = default;
};

/// Which partitions get a line of their own, and how much is left to the total alone.
struct LineChoice
{
    std::vector<std::string>
        names; ///< at most lineLimit; a line keeps its place, and so its colour, while it is shown
    std::size_t hidden = 0;
    bool operator==(const LineChoice &) const = default;
};
inline constexpr std::size_t lineLimit = 8;

/// The partitions with most lag now. In the lower half, those shown `before` stay a little longer
/// than their rank allows, so that lines do not come and go with every sample.
LineChoice chooseLines(const workspace::GroupHistory &history, const LineChoice &before);

/// Newest time of any sample.
std::optional<WallTime> newest(const workspace::GroupHistory &history);

/// Where a lag stands on the axis: itself, or log10(1 + lag), which has room for 0.
double onAxis(std::int64_t lag, bool logarithmic);

/// What is drawn of one line: unbroken stretches, parted where the lag is unknown, with at most two
/// points (the extremes) for each of `columns` pixel columns. x is milliseconds since the epoch.
struct Drawing
{
    std::vector<QList<QPointF>> stretches;
    bool truncated = false; ///< the oldest stretches were left out
};
Drawing draw(const std::vector<monitor::HistoryPoint> &points, TimeSpan span, int columns,
             bool logarithmic);
inline constexpr std::size_t stretchLimit = 40;

/// The sample nearest to a time; null when there is none.
const monitor::HistoryPoint *nearest(const std::vector<monitor::HistoryPoint> &points,
                                     WallTime time);

struct Tick
{
    double at = 0; ///< on the axis
    QString label;
    bool operator==(const Tick &) const = default;
};
/// Round lags from 0 up to `highest`, about `count` of them.
std::vector<Tick> lagTicks(std::int64_t highest, bool logarithmic, int count);
/// Round times of the zone, about `count` of them.
std::vector<Tick> timeTicks(TimeSpan span, TimeZone zone, int count);

} // namespace redrive::ui
