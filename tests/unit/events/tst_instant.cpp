#include "core/events/instant.h"

#include <QTest>

#include <string>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;

namespace {

std::string read(std::string_view text)
{
    const auto instant = parseInstant(text);
    return instant ? toRfc3339(*instant) : "";
}

std::string due(std::string_view from, Recurrence recurrence, std::int64_t interval = 1)
{
    const auto next = nextDue(parseInstant(from).value(), recurrence, interval);
    return next ? toRfc3339(*next) : "";
}

} // namespace

class TestInstant : public QObject
{
    Q_OBJECT
private slots:
    void everyUsualWayOfWritingAMomentIsRead()
    {
        const std::pair<const char *, const char *> cases[]{
            {"2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z"},
            {"2026-11-21T10:00:00.000Z", "2026-11-21T10:00:00.000Z"},
            {"2026-11-21T10:00:00.5Z", "2026-11-21T10:00:00.500Z"},
            {"2026-11-21T10:00:00.123456789Z", "2026-11-21T10:00:00.123Z"},
            {"2026-11-21T10:00:00,25Z", "2026-11-21T10:00:00.250Z"},
            {"2026-11-21T10:00:00", "2026-11-21T10:00:00.000Z"},
            {"2026-11-21T10:00:00.999999", "2026-11-21T10:00:00.999Z"},
            {"2026-11-21T10:00", "2026-11-21T10:00:00.000Z"},
            {"2026-11-21 10:00:00", "2026-11-21T10:00:00.000Z"},
            {"2026-11-21t10:00:00z", "2026-11-21T10:00:00.000Z"},
            {"2026-11-21T10:00:00+01:00", "2026-11-21T09:00:00.000Z"},
            {"2026-11-21T10:00:00-05:30", "2026-11-21T15:30:00.000Z"},
            {"2026-11-21T10:00:00+0200", "2026-11-21T08:00:00.000Z"},
            {"2026-11-21T10:00:00+02", "2026-11-21T08:00:00.000Z"},
            {"2026-11-21T10:00:00-00:00", "2026-11-21T10:00:00.000Z"},
            {"2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00.000Z"},
            {"20261121T100000Z", "2026-11-21T10:00:00.000Z"},
            {"20261121T100000.5+0100", "2026-11-21T09:00:00.500Z"},
            {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
            {"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
            {"2017-01-01T00:59:60.7+01:00", "2017-01-01T00:00:00.000Z"},
            {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"},
            {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"}};
        for (const auto &[text, instant] : cases)
            QCOMPARE(read(text), std::string(instant));
    }

    void whatIsNoMomentIsNotGuessedAt()
    {
        for (const char *text : {"",
                                 "yesterday",
                                 "2026-11-21",
                                 "10:00:00",
                                 "2026-11-21T",
                                 "2026-11-21T10",
                                 "2026-11-21T10:00:00 Z",
                                 " 2026-11-21T10:00:00Z",
                                 "2026-11-21T10:00:00Z ",
                                 "2026-13-01T00:00:00Z",
                                 "2026-00-01T00:00:00Z",
                                 "2026-02-30T00:00:00Z",
                                 "2025-02-29T00:00:00Z",
                                 "2026-11-00T00:00:00Z",
                                 "2026-11-21T24:00:00Z",
                                 "2026-11-21T10:60:00Z",
                                 "2026-11-21T10:00:61Z",
                                 "2026-11-21T10:00:60Z",
                                 "2026-11-21T10:00:00.Z",
                                 "2026-11-21T10:00:00+1:00",
                                 "2026-11-21T10:00:00+24:00",
                                 "2026-11-21T10:00:00+01:60",
                                 "2026-11-21T10:00:00+",
                                 "2026-11-21T10:00:00UTC",
                                 "2026-1-1T10:00:00Z",
                                 "26-11-21T10:00:00Z",
                                 "+2026-11-21T10:00:00Z",
                                 "20261121T10:00:00",
                                 "2026-1121T10:00:00Z",
                                 "1763719200",
                                 "21/11/2026 10:00:00",
                                 "2026-11-21T10:0a:00Z",
                                 "2026-11-21T10:00:00ZZ"})
            QVERIFY2(!parseInstant(text), text);
    }

    void yearsOutsideTheContractAreRefusedAfterTheZoneIsApplied()
    {
        for (const char *text : {"1969-12-31T23:59:59Z", "1970-01-01T00:30:00+01:00",
                                 "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00Z"})
            QVERIFY2(!parseInstant(text), text);
        QCOMPARE(read("1969-12-31T23:30:00-01:00"), "1970-01-01T00:30:00.000Z"s);
    }

    void theNextOccurrenceIsOneStepLater()
    {
        QCOMPARE(due("2026-11-21T18:00:00.250Z", Recurrence::Daily), "2026-11-22T18:00:00.250Z"s);
        QCOMPARE(due("2026-11-21T18:00:00Z", Recurrence::Daily, 14), "2026-12-05T18:00:00.000Z"s);
        QCOMPARE(due("2026-12-28T18:00:00Z", Recurrence::Weekly), "2027-01-04T18:00:00.000Z"s);
        QCOMPARE(due("2026-11-21T18:00:00Z", Recurrence::Monthly, 2), "2027-01-21T18:00:00.000Z"s);
        QCOMPARE(due("2026-11-21T18:00:00Z", Recurrence::Yearly, 3), "2029-11-21T18:00:00.000Z"s);
    }

    void monthsWithoutTheDayEndOnTheirLast()
    {
        QCOMPARE(due("2026-01-31T08:00:00Z", Recurrence::Monthly), "2026-02-28T08:00:00.000Z"s);
        QCOMPARE(due("2028-01-31T08:00:00Z", Recurrence::Monthly), "2028-02-29T08:00:00.000Z"s);
        QCOMPARE(due("2026-01-30T08:00:00Z", Recurrence::Monthly, 13), "2027-02-28T08:00:00.000Z"s);
        QCOMPARE(due("2026-03-31T08:00:00Z", Recurrence::Monthly), "2026-04-30T08:00:00.000Z"s);
        QCOMPARE(due("2028-02-29T08:00:00Z", Recurrence::Yearly), "2029-02-28T08:00:00.000Z"s);
        QCOMPARE(due("2028-02-29T08:00:00Z", Recurrence::Yearly, 4), "2032-02-29T08:00:00.000Z"s);
    }

    void nothingFollowsWithoutARecurrenceOrBeyondTheLastYear()
    {
        QCOMPARE(due("2026-11-21T18:00:00Z", Recurrence::None), ""s);
        QCOMPARE(due("2026-11-21T18:00:00Z", Recurrence::Daily, 0), ""s);
        QCOMPARE(due("2026-11-21T18:00:00Z", Recurrence::Daily, -1), ""s);
        for (const auto recurrence :
             {Recurrence::Daily, Recurrence::Weekly, Recurrence::Monthly, Recurrence::Yearly}) {
            QCOMPARE(due("2026-11-21T18:00:00Z", recurrence, INT64_MAX), ""s);
            QCOMPARE(due("9999-12-31T18:00:00Z", recurrence), ""s);
        }
        QCOMPARE(due("1970-01-01T00:00:00Z", Recurrence::Yearly, 8029),
                 "9999-01-01T00:00:00.000Z"s);
        QCOMPARE(due("1970-01-01T00:00:00Z", Recurrence::Yearly, 8030), ""s);
    }
};

QTEST_APPLESS_MAIN(TestInstant)
#include "tst_instant.moc"
