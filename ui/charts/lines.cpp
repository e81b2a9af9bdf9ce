#include "ui/charts/lines.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::int64_t lagNow(const workspace::Series &series)
{
    for (auto point = series.points.rbegin(); point != series.points.rend(); ++point) {
        if (point->last)
            return *point->last;
    }
    return -1;
}

double millis(WallTime time)
{
    return static_cast<double>(time.time_since_epoch().count());
}

/// The extremes of one pixel column, in the order in which a line would pass them.
struct Bucket
{
    int column = -1;
    double time = 0;
    std::int64_t low = 0;
    std::int64_t high = 0;
    std::int64_t last = 0;
};

void flush(const Bucket &bucket, bool logarithmic, QList<QPointF> &into)
{
    if (bucket.column < 0)
        return;
    const double low = onAxis(bucket.low, logarithmic);
    const double high = onAxis(bucket.high, logarithmic);
    if (bucket.low == bucket.high) {
        into.append({bucket.time, low});
        return;
    }
    const bool endsHigh = bucket.last - bucket.low > bucket.high - bucket.last;
    into.append({bucket.time, endsHigh ? low : high});
    into.append({bucket.time, endsHigh ? high : low});
}

} // namespace

LineChoice chooseLines(const workspace::GroupHistory &history, const LineChoice &before)
{
    struct Candidate
    {
        const std::string *name;
        std::int64_t lag;
        std::size_t order;
    };
    std::vector<Candidate> ranked;
    for (std::size_t i = 0; i < history.partitions.size(); ++i)
        ranked.push_back({&history.partitions[i].name, lagNow(history.partitions[i]), i});
    std::ranges::stable_sort(ranked, std::ranges::greater(), &Candidate::lag);

    const std::size_t room = std::min(lineLimit, ranked.size());
    const std::size_t tolerated = std::min(ranked.size(), room + room / 2);
    const auto wasShown = [&](std::size_t rank) {
        return std::ranges::find(before.names, *ranked[rank].name) != before.names.end();
    };
    std::vector<std::size_t> chosen;
    const auto take = [&](std::size_t last, auto accepts) {
        for (std::size_t rank = 0; rank < last && chosen.size() < room; ++rank) {
            if (std::ranges::find(chosen, rank) == chosen.end() && accepts(rank))
                chosen.push_back(rank);
        }
    };
    const auto anyone = [](std::size_t) { return true; };
    take((room + 1) / 2, anyone);
    take(tolerated, wasShown);
    take(ranked.size(), anyone);
    std::ranges::sort(chosen);

    LineChoice choice;
    choice.names.assign(room, {});
    choice.hidden = ranked.size() - room;
    std::vector<std::size_t> newcomers;
    for (const std::size_t rank : chosen) {
        const auto kept = std::ranges::find(before.names, *ranked[rank].name);
        const auto slot = static_cast<std::size_t>(kept - before.names.begin());
        if (kept != before.names.end() && slot < room)
            choice.names[slot] = *ranked[rank].name;
        else
            newcomers.push_back(rank);
    }
    auto next = newcomers.begin();
    for (std::string &name : choice.names) {
        if (name.empty() && next != newcomers.end())
            name = *ranked[*next++].name;
    }
    return choice;
}

std::optional<WallTime> newest(const workspace::GroupHistory &history)
{
    std::optional<WallTime> time;
    const auto look = [&](const workspace::Series &series) {
        if (!series.points.empty() && (!time || series.points.back().time > *time))
            time = series.points.back().time;
    };
    look(history.total);
    std::ranges::for_each(history.partitions, look);
    return time;
}

double onAxis(std::int64_t lag, bool logarithmic)
{
    const auto value = static_cast<double>(lag);
    return logarithmic ? std::log10(1 + std::max(0.0, value)) : value;
}

Drawing draw(const std::vector<monitor::HistoryPoint> &points, TimeSpan span, int columns,
             bool logarithmic)
{
    Drawing drawing;
    const double width = std::max(1.0, millis(span.to) - millis(span.from));
    QList<QPointF> stretch;
    Bucket bucket;
    const auto endStretch = [&] {
        flush(bucket, logarithmic, stretch);
        bucket = {};
        if (!stretch.isEmpty())
            drawing.stretches.push_back(std::move(stretch));
        stretch = {};
    };
    for (const monitor::HistoryPoint &point : points) {
        if (point.time < span.from || point.time > span.to)
            continue;
        if (!point.last) {
            endStretch();
            continue;
        }
        const double time = millis(point.time);
        const int column =
            static_cast<int>((time - millis(span.from)) / width * std::max(1, columns));
        if (column != bucket.column) {
            flush(bucket, logarithmic, stretch);
            bucket = {column, time, point.low, point.high, *point.last};
        } else {
            bucket.time = time;
            bucket.low = std::min(bucket.low, point.low);
            bucket.high = std::max(bucket.high, point.high);
            bucket.last = *point.last;
        }
    }
    endStretch();
    if (drawing.stretches.size() > stretchLimit) {
        drawing.truncated = true;
        const auto surplus = static_cast<std::ptrdiff_t>(drawing.stretches.size() - stretchLimit);
        drawing.stretches.erase(drawing.stretches.begin(), drawing.stretches.begin() + surplus);
    }
    return drawing;
}

const monitor::HistoryPoint *nearest(const std::vector<monitor::HistoryPoint> &points,
                                     WallTime time)
{
    if (points.empty())
        return nullptr;
    const auto after = std::ranges::lower_bound(points, time, {}, &monitor::HistoryPoint::time);
    if (after == points.end())
        return &points.back();
    if (after == points.begin())
        return &*after;
    const auto before = std::prev(after);
    return time - before->time <= after->time - time ? &*before : &*after;
}

std::vector<Tick> lagTicks(std::int64_t highest, bool logarithmic, int count)
{
    highest = std::max<std::int64_t>(highest, 1);
    std::vector<Tick> ticks{{0, number(std::optional<std::int64_t>(0))}};
    const auto add = [&](std::int64_t lag) {
        ticks.push_back({onAxis(lag, logarithmic), number(std::optional<std::int64_t>(lag))});
    };
    if (logarithmic) {
        const auto decades = static_cast<int>(std::floor(std::log10(static_cast<double>(highest))));
        const int stride = std::max(1, (decades + count) / std::max(1, count));
        std::int64_t lag = 1;
        for (int decade = 0; decade <= decades; ++decade, lag *= 10) {
            if (decade % stride == 0)
                add(lag);
            if (decade == 18)
                break;
        }
        return ticks;
    }
    const double raw = static_cast<double>(highest) / std::max(1, count);
    const double magnitude = std::pow(10.0, std::floor(std::log10(std::max(raw, 1.0))));
    std::int64_t step = 1;
    for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
        step = static_cast<std::int64_t>(std::llround(factor * magnitude));
        if (static_cast<double>(step) >= raw)
            break;
    }
    for (std::int64_t lag = step; lag <= highest; lag += step) {
        add(lag);
        if (lag > highest - step)
            break;
    }
    return ticks;
}

std::vector<Tick> timeTicks(TimeSpan span, TimeZone zone, int count)
{
    static constexpr std::array<std::int64_t, 17> steps{
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200};
    const auto from =
        std::chrono::floor<std::chrono::seconds>(span.from).time_since_epoch().count();
    const auto to = std::chrono::floor<std::chrono::seconds>(span.to).time_since_epoch().count();
    const auto wanted = std::max<std::int64_t>(1, (to - from) / std::max(1, count));
    const auto found = std::ranges::lower_bound(steps, wanted);
    const std::int64_t step = found == steps.end() ? steps.back() : *found;
    const auto dateTime = [&](std::int64_t seconds) {
        return QDateTime::fromSecsSinceEpoch(seconds,
                                             zone == TimeZone::Utc ? Qt::UTC : Qt::LocalTime);
    };
    const std::int64_t offset = dateTime(from).offsetFromUtc();
    const QString pattern = step < 60 ? u"HH:mm:ss"_s : u"HH:mm"_s;
    std::vector<Tick> ticks;
    std::int64_t at = (from + offset + step - 1) / step * step - offset;
    for (; at <= to; at += step)
        ticks.push_back(
            {static_cast<double>(at) * 1000, QLocale::c().toString(dateTime(at), pattern)});
    return ticks;
}

} // namespace redrive::ui
