#include "core/monitor/history.h"

#include <algorithm>
#include <limits>

namespace redrive::monitor {

namespace {

/// A gap inside the rings, where an optional would double a sample's size.
constexpr std::int64_t gap = std::numeric_limits<std::int64_t>::min();

/// A sequence that merge() can put points into, as Ring is one.
template <typename T>
struct Points
{
    std::vector<T> all;
    std::size_t size() const { return all.size(); }
    T &operator[](std::size_t i) { return all[i]; }
    void push(T next) { all.push_back(next); }
};

std::int64_t slotOf(WallTime time, WallTime origin, Millis slot)
{
    const std::int64_t since = (time - origin).count();
    return since >= 0 ? since / slot.count() : -((-since - 1) / slot.count()) - 1;
}

} // namespace

HistoryRing::Stretch HistoryRing::stretch(const Sample &sample)
{
    return {.time = sample.time, .last = sample.value, .low = sample.value, .high = sample.value};
}

HistoryPoint HistoryRing::point(const Stretch &stretch)
{
    if (stretch.last == gap)
        return {.time = stretch.time, .last = {}, .low = 0, .high = 0};
    return {.time = stretch.time, .last = stretch.last, .low = stretch.low, .high = stretch.high};
}

/// A slot holds at most one point with a value and one gap, the later one last.
template <typename Points>
void HistoryRing::merge(Points &points, const Stretch &next, WallTime origin, Millis slot)
{
    const std::int64_t ours = slotOf(next.time, origin, slot);
    const std::size_t size = points.size();
    for (std::size_t back = 1; back <= std::min<std::size_t>(2, size); ++back) {
        Stretch &same = points[size - back];
        if (slotOf(same.time, origin, slot) != ours)
            break;
        if ((same.last == gap) != (next.last == gap))
            continue;
        same = {.time = next.time,
                .last = next.last,
                .low = std::min(same.low, next.low),
                .high = std::max(same.high, next.high)};
        if (back == 2)
            std::swap(same, points[size - 1]);
        return;
    }
    points.push(next);
}

void HistoryRing::record(WallTime time, std::optional<std::int64_t> value)
{
    if (!makeRoomFor(time))
        return;
    const Sample sample{.time = time, .value = value.value_or(gap)};
    const std::size_t size = m_raw.size();
    if (size >= 2 && m_raw[size - 1].value == sample.value && m_raw[size - 2].value == sample.value)
        m_raw.back().time = time;
    else
        m_raw.push(sample);
    age(time);
}

bool HistoryRing::makeRoomFor(WallTime time)
{
    const auto last = newest();
    if (!last || *last < time)
        return true;
    if (*last - time < clockSlack) {
        ++m_dropped;
        return false;
    }
    const auto takeBack = [&](auto &ring) {
        while (!ring.empty() && ring.back().time >= time) {
            ring.popBack();
            ++m_dropped;
        }
    };
    takeBack(m_raw);
    takeBack(m_fine);
    takeBack(m_coarse);
    return true;
}

void HistoryRing::age(WallTime now)
{
    const WallTime origin{};
    while (m_raw.size() > rawSamples || (!m_raw.empty() && now - m_raw.front().time > rawFor)) {
        merge(m_fine, stretch(m_raw.front()), origin, fineSlot);
        m_raw.popFront();
    }
    while (!m_fine.empty() && now - m_fine.front().time > fineFor) {
        merge(m_coarse, m_fine.front(), origin, coarseSlot);
        m_fine.popFront();
    }
    while (!m_coarse.empty() && now - m_coarse.front().time > coarseFor)
        m_coarse.popFront();
}

std::vector<HistoryRing::Stretch> HistoryRing::within(WallTime from, WallTime to) const
{
    std::vector<Stretch> found;
    std::optional<Stretch> before;
    std::optional<Stretch> after;
    const auto look = [&](const Stretch &each) {
        if (each.time < from)
            before = each;
        else if (each.time <= to)
            found.push_back(each);
        else if (!after)
            after = each;
    };
    for (std::size_t i = 0; i < m_coarse.size(); ++i)
        look(m_coarse[i]);
    for (std::size_t i = 0; i < m_fine.size(); ++i)
        look(m_fine[i]);
    for (std::size_t i = 0; i < m_raw.size(); ++i)
        look(stretch(m_raw[i]));

    const auto isRun = [](const std::optional<Stretch> &a, const std::optional<Stretch> &b) {
        return a && b && a->last == b->last && b->low == b->high;
    };
    const auto edge = [](WallTime time, const Stretch &run) {
        return Stretch{.time = time, .last = run.last, .low = run.last, .high = run.last};
    };
    const auto first = found.empty() ? after : std::optional(found.front());
    const auto last = found.empty() ? before : std::optional(found.back());
    const bool reachesIn = isRun(before, first) && (found.empty() || first->time > from);
    const bool reachesOut = isRun(last, after) && (found.empty() || last->time < to);
    if (reachesIn)
        found.insert(found.begin(), edge(from, *before));
    if (reachesOut && to > from)
        found.push_back(edge(to, *after));
    return found;
}

std::vector<HistoryPoint> HistoryRing::points(WallTime from, WallTime to, std::size_t most) const
{
    std::vector<Stretch> found = within(from, to);
    if (found.size() > most) {
        const auto slots = static_cast<std::int64_t>(std::max<std::size_t>(1, most / 2));
        const Millis slot{(to - from).count() / slots + 1};
        Points<Stretch> fewer;
        for (const Stretch &each : found)
            merge(fewer, each, from, slot);
        found = std::move(fewer.all);
    }
    std::vector<HistoryPoint> result;
    result.reserve(found.size());
    for (const Stretch &each : found)
        result.push_back(point(each));
    return result;
}

std::optional<WallTime> HistoryRing::newest() const
{
    if (!m_raw.empty())
        return m_raw.back().time;
    if (!m_fine.empty())
        return m_fine.back().time;
    if (!m_coarse.empty())
        return m_coarse.back().time;
    return {};
}

std::size_t HistoryRing::bytes() const noexcept
{
    return sizeof(*this) + m_raw.bytes() + m_fine.bytes() + m_coarse.bytes();
}

} // namespace redrive::monitor
