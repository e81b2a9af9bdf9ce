#include "core/base/time.h"

#include <QTest>

using namespace redrive;
using namespace std::chrono;
using namespace std::string_literals;

class TestTime : public QObject
{
    Q_OBJECT
private slots:
    void timesAreWrittenInUtcWithMilliseconds()
    {
        QCOMPARE(toRfc3339(sys_days(year(2026) / November / 21) + hours(10) + milliseconds(7)),
                 "2026-11-21T10:00:00.007Z"s);
        QCOMPARE(toRfc3339(WallTime()), "1970-01-01T00:00:00.000Z"s);
        QCOMPARE(toRfc3339(WallTime(milliseconds(-1))), "1969-12-31T23:59:59.999Z"s);
        QCOMPARE(
            toRfc3339(sys_days(year(2024) / February / 29) + hours(23) + minutes(59) + seconds(59)),
            "2024-02-29T23:59:59.000Z"s);
    }

    void durationsAreAWholeNumberAndAUnit()
    {
        const std::pair<const char *, Millis> cases[]{
            {"250ms", 250ms}, {"15s", 15s}, {"10m", 10min}, {"2h", 2h}, {"3d", 72h}, {"0s", 0ms}};
        for (const auto &[text, duration] : cases) {
            const auto parsed = parseDuration(text);
            QVERIFY2(parsed, text);
            QVERIFY2(*parsed == duration, text);
        }
    }

    void whatIsNoDurationIsRefusedInWords()
    {
        for (const char *text : {"", "5", "s", "-1s", "1.5s", "5 s", "5S", "5sec", "1h30m", " 5s",
                                 "99999999999999999999s", "9223372036854775807d"}) {
            const auto parsed = parseDuration(text);
            QVERIFY2(!parsed, text);
            QCOMPARE(parsed.error().kind, Error::Kind::Usage);
            QVERIFY(parsed.error().message.find(text) != std::string::npos);
        }
    }

    void peopleGetTwoUnitsAtMost()
    {
        QCOMPARE(humanDuration(0ms), "0 ms"s);
        QCOMPARE(humanDuration(340ms), "340 ms"s);
        QCOMPARE(humanDuration(12'999ms), "12 s"s);
        QCOMPARE(humanDuration(14min + 59s), "14 min"s);
        QCOMPARE(humanDuration(3h + 5min), "3 h 5 min"s);
        QCOMPARE(humanDuration(3h), "3 h"s);
        QCOMPARE(humanDuration(52h), "2 d 4 h"s);
        QCOMPARE(humanDuration(48h), "2 d"s);
    }
};

QTEST_APPLESS_MAIN(TestTime)
#include "tst_time.moc"
