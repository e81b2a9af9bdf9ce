#include "core/monitor/history.h"
#include "core/monitor/historystore.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <malloc.h>
#include <random>

using namespace redrive;
using namespace redrive::monitor;
using namespace std::chrono_literals;

namespace {

constexpr WallTime start{Millis{1'795'600'000'000}};
constexpr std::size_t all = 1'000'000;

std::vector<HistoryPoint> everything(const HistoryRing &ring)
{
    return ring.points(start - 1000h, start + 1000h, all);
}

HistoryPoint exactly(WallTime time, std::int64_t value)
{
    return {.time = time, .last = value, .low = value, .high = value};
}

struct Extremes
{
    std::int64_t low = std::numeric_limits<std::int64_t>::max();
    std::int64_t high = -1;
    std::size_t gaps = 0;
    bool operator==(const Extremes &) const = default;

    void add(const HistoryPoint &point)
    {
        if (!point.last) {
            ++gaps;
            return;
        }
        low = std::min(low, point.low);
        high = std::max(high, point.high);
    }
};

Extremes extremes(const std::vector<HistoryPoint> &points)
{
    Extremes found;
    for (const HistoryPoint &point : points)
        found.add(point);
    return found;
}

bool isInOrder(const std::vector<HistoryPoint> &points)
{
    return std::is_sorted(points.begin(), points.end(),
                          [](const auto &a, const auto &b) { return a.time < b.time; });
}

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT

private slots:
    void theLastHourStaysAsItWas()
    {
        HistoryRing ring;
        for (int i = 0; i < 700; ++i)
            ring.record(start + i * 5s, i);
        const auto points = everything(ring);
        QCOMPARE(points.size(), 700U);
        QCOMPARE(points.front(), exactly(start, 0));
        QCOMPARE(points.back(), exactly(start + 699 * 5s, 699));
    }

    void olderSamplesBecomePointsWithTheirExtremes()
    {
        HistoryRing ring;
        for (int i = 0; i < 3 * 720; ++i)
            ring.record(start + i * 5s, i % 6 == 3 ? 1000 : i % 6);
        const auto points = everything(ring);
        QVERIFY(points.size() - 720U <= 2 * 120U + 1U);
        QCOMPARE(points.front().low, 0);
        QCOMPARE(points.front().high, 1000);
        QVERIFY(isInOrder(points));
    }

    void whatIsOlderThanADayIsForgotten()
    {
        HistoryRing ring;
        for (int i = 0; i < 30 * 720; ++i)
            ring.record(start + i * 5s, i);
        const auto points = everything(ring);
        QVERIFY(points.back().time - points.front().time <= 24h + 2min);
        QVERIFY(points.back().time - points.front().time >= 23h);
        QVERIFY(points.size() <= 720U + 600U + 542U);
    }

    void fasterSamplingTakesNoMoreMemory()
    {
        HistoryRing slow;
        HistoryRing fast;
        for (int i = 0; i < 24 * 720; ++i)
            slow.record(start + i * 5s, i);
        for (int i = 0; i < 24 * 3600; ++i)
            fast.record(start + i * 1s, i);
        QVERIFY(fast.bytes() <= slow.bytes() * 5 / 4);
    }

    void aRunOfEqualValuesTakesTwoPoints()
    {
        HistoryRing ring;
        for (int i = 0; i < 700; ++i)
            ring.record(start + i * 5s, 7);
        QCOMPARE(everything(ring), (std::vector{exactly(start, 7), exactly(start + 699 * 5s, 7)}));
        ring.record(start + 700 * 5s, 8);
        QCOMPARE(everything(ring).size(), 3U);
    }

    void aLongRunStaysSmall()
    {
        HistoryRing ring;
        for (int i = 0; i < 24 * 720; ++i)
            ring.record(start + i * 5s, 7);
        QVERIFY(ring.bytes() < 4000U);
        QCOMPARE(extremes(everything(ring)), (Extremes{.low = 7, .high = 7, .gaps = 0}));
    }

    void aGapIsAPointWithoutAValue()
    {
        HistoryRing ring;
        ring.record(start, 7);
        ring.record(start + 5s, std::nullopt);
        ring.record(start + 10s, 0);
        const auto points = everything(ring);
        QCOMPARE(points.size(), 3U);
        QVERIFY(!points.at(1).last);
        QCOMPARE(points.at(2).last, 0);
    }

    void aGapSurvivesAging()
    {
        HistoryRing ring;
        ring.record(start, 7);
        ring.record(start + 5s, std::nullopt);
        ring.record(start + 10s, 9);
        for (int i = 0; i < 20; ++i)
            ring.record(start + 1h + i * 1h, i);
        const auto points = everything(ring);
        QVERIFY(!points.at(0).last);
        QCOMPARE(points.at(1), (HistoryPoint{.time = start + 10s, .last = 9, .low = 7, .high = 9}));
    }

    void aLateSampleIsDroppedAndCounted()
    {
        HistoryRing ring;
        ring.record(start, 7);
        ring.record(start, 8);
        ring.record(start - 59s, 9);
        QCOMPARE(everything(ring), std::vector{exactly(start, 7)});
        QCOMPARE(ring.dropped(), 2U);
    }

    void aClockSetBackTakesBackWhatItSaid()
    {
        HistoryRing ring;
        for (int i = 0; i < 2000; ++i)
            ring.record(start + i * 5s, i);
        ring.record(start + 1000s, 5);
        const auto points = everything(ring);
        QCOMPARE(points.back(), exactly(start + 1000s, 5));
        QVERIFY(isInOrder(points));
        QVERIFY(ring.dropped() > 0);
        ring.record(start + 1005s, 6);
        QCOMPARE(everything(ring).back(), exactly(start + 1005s, 6));
    }

    void aRunThatReachesOverTheEdgesIsCutThere()
    {
        HistoryRing ring;
        for (int i = 0; i <= 100; ++i)
            ring.record(start + i * 5s, 7);
        QCOMPARE(ring.points(start + 100s, start + 200s, 10),
                 (std::vector{exactly(start + 100s, 7), exactly(start + 200s, 7)}));
        QCOMPARE(ring.points(start + 100s, start + 900s, 10),
                 (std::vector{exactly(start + 100s, 7), exactly(start + 500s, 7)}));
        QCOMPARE(ring.points(start, start + 200s, 10),
                 (std::vector{exactly(start, 7), exactly(start + 200s, 7)}));
        QVERIFY(ring.points(start + 900s, start + 950s, 10).empty());
    }

    void nothingIsInventedBetweenDifferentValues()
    {
        HistoryRing ring;
        ring.record(start, 7);
        ring.record(start + 100s, 8);
        QVERIFY(ring.points(start + 10s, start + 90s, 10).empty());
    }

    void thinningKeepsExtremesGapsAndOrder()
    {
        std::mt19937 engine(7);
        for (int round = 0; round < 200; ++round) {
            HistoryRing ring;
            WallTime time = start;
            Extremes told;
            const int samples = std::uniform_int_distribution<int>(1, 4000)(engine);
            const int gapIn = std::uniform_int_distribution<int>(2, 50)(engine);
            for (int i = 0; i < samples; ++i) {
                time += Millis{std::uniform_int_distribution<int>(1, 20'000)(engine)};
                const bool isGap = std::uniform_int_distribution<int>(1, gapIn)(engine) == 1;
                const std::int64_t value =
                    std::uniform_int_distribution<std::int64_t>(0, 1'000'000)(engine);
                ring.record(time, isGap ? std::nullopt : std::optional(value));
                told.add({.time = time,
                          .last = isGap ? std::nullopt : std::optional(value),
                          .low = value,
                          .high = value});
            }
            for (const std::size_t most : {2U, 10U, 500U, 100'000U}) {
                const auto points = ring.points(start, time, most);
                QVERIFY(points.size() <= most);
                QVERIFY(isInOrder(points));
                const Extremes kept = extremes(points);
                QCOMPARE(kept.low, told.low);
                QCOMPARE(kept.high, told.high);
                QCOMPARE(kept.gaps > 0, told.gaps > 0);
            }
        }
    }

    void anyOrderOfTimesLeavesTheRingInOrder()
    {
        std::mt19937 engine(11);
        for (int round = 0; round < 50; ++round) {
            HistoryRing ring;
            WallTime time = start;
            for (int i = 0; i < 2000; ++i) {
                time += Millis{std::uniform_int_distribution<int>(-30'000, 40'000)(engine)};
                if (i % 500 == 499)
                    time -= 8h;
                ring.record(time, i);
            }
            QVERIFY(isInOrder(everything(ring)));
            QVERIFY(everything(ring).size() <= 720U + 600U + 542U);
        }
    }

    void aDayOfAThousandPartitionsFitsInAHundredMegabytes()
    {
        constexpr std::size_t budget = 100'000'000;
        const auto before = mallinfo2();
        HistoryStore store(budget);
        std::vector<SeriesKey> keys;
        for (int i = 0; i < 1000; ++i)
            keys.push_back({.group = GroupId("a-group-with-a-name-of-usual-length"),
                            .partition = TopicPartition{"orders-of-this-year", i}});
        for (int second = 0; second < 24 * 3600; second += 5) {
            for (std::size_t i = 0; i < keys.size(); ++i)
                store.record(keys[i], start + std::chrono::seconds(second),
                             second * 7919LL % 100'003 + static_cast<std::int64_t>(i));
        }
        const auto after = mallinfo2();
        const std::size_t real =
            (after.uordblks + after.hblkhd) - (before.uordblks + before.hblkhd);
        QCOMPARE(store.evicted(), 0U);
        QCOMPARE(store.series(), 1000U);
        QVERIFY2(real <= budget, std::to_string(real).c_str());
        QVERIFY(store.bytes() <= budget);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        QVERIFY2(real > budget / 10, "the heap was not measured");
        QVERIFY2(store.bytes() * 11 / 10 >= real, std::to_string(store.bytes()).c_str());
#endif
        const auto points = store.points(keys.front(), start, start + std::chrono::hours(24), 2000);
        QVERIFY(points.size() > 1500U);
    }

    void theLeastRecentlyWantedSeriesGivesWay()
    {
        HistoryStore store(3000);
        const SeriesKey a{.group = GroupId("a"), .partition = {}};
        const SeriesKey b{.group = GroupId("b"), .partition = {}};
        store.record(a, start, 1);
        store.record(b, start, 1);
        QCOMPARE(store.points(a, start, start, 10).size(), 1U);
        for (int i = 1; store.evicted() == 0; ++i)
            store.record(SeriesKey{.group = GroupId("c"), .partition = {}}, start + i * 5s, i);
        QVERIFY(store.points(b, start, start, 10).empty());
        QCOMPARE(store.points(a, start, start, 10).size(), 1U);
        QVERIFY(store.bytes() <= 3000U);
    }

    void aGapIsRecordedEverywhere()
    {
        HistoryStore store(1'000'000);
        const SeriesKey a{.group = GroupId("a"), .partition = {}};
        const SeriesKey part{.group = GroupId("a"), .partition = TopicPartition{"t", 0}};
        store.record(a, start, 1);
        store.record(part, start, 2);
        store.recordGap(start + 1s);
        QVERIFY(!store.points(a, start, start + 1h, 10).back().last);
        QVERIFY(!store.points(part, start, start + 1h, 10).back().last);
        store.clear();
        QCOMPARE(store.bytes(), 0U);
        QCOMPARE(store.series(), 0U);
    }
};

QTEST_APPLESS_MAIN(TestHistory)
#include "tst_history.moc"
