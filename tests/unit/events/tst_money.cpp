#include "core/events/money.h"

#include <QTest>

#include <string>

using namespace redrive::events;
using namespace std::string_literals;

namespace {

std::string textOf(std::string_view digits)
{
    const auto parsed = Money::parse(digits);
    return parsed.money ? parsed.money->text() : "";
}

Money money(std::string_view digits)
{
    return Money::parse(digits).money.value();
}

} // namespace

class TestMoney : public QObject
{
    Q_OBJECT
private slots:
    void anAmountIsWrittenAsPlainDigits()
    {
        const std::pair<const char *, const char *> cases[]{
            {"0", "0"},
            {"-0", "0"},
            {"0.00", "0.00"},
            {"12.3", "12.3"},
            {"12.30", "12.30"},
            {"0.0001", "0.0001"},
            {"1.23e1", "12.3"},
            {"1.23E+2", "123"},
            {"1e2", "100"},
            {"123e-2", "1.23"},
            {"5e-4", "0.0005"},
            {"0e5", "0"},
            {"0e99999999999999999999", "0"},
            {"0.1e1", "1"},
            {"999999999999999999", "999999999999999999"},
            {"99999999999999.9999", "99999999999999.9999"},
            {"1e17", "100000000000000000"},
            {"0.00000000012e10", "1.2"}};
        for (const auto &[digits, text] : cases)
            QCOMPARE(textOf(digits), std::string(text));
    }

    void whatDoesNotFitExactlyIsRefusedAndNeverRounded()
    {
        using P = Money::Problem;
        const std::pair<const char *, P> cases[]{{"1234567890123456789", P::TooManyDigits},
                                                 {"99999999999999999999999999", P::TooManyDigits},
                                                 {"1e18", P::TooManyDigits},
                                                 {"1e999999999999999999999", P::TooManyDigits},
                                                 {"123456789012345.1234", P::TooManyDigits},
                                                 {"12.34567", P::TooFine},
                                                 {"0.00001", P::TooFine},
                                                 {"1e-5", P::TooFine},
                                                 {"1e-99999999999999999999", P::TooFine},
                                                 {"1.00000", P::TooFine},
                                                 {"-0.01", P::Negative},
                                                 {"-12", P::Negative},
                                                 {"-1e-3", P::Negative},
                                                 {"", P::NotANumber},
                                                 {"-", P::NotANumber},
                                                 {"1.", P::NotANumber},
                                                 {".5", P::NotANumber},
                                                 {"1e", P::NotANumber},
                                                 {"1e+", P::NotANumber},
                                                 {"1,5", P::NotANumber},
                                                 {"1 ", P::NotANumber},
                                                 {"NaN", P::NotANumber}};
        for (const auto &[digits, problem] : cases) {
            const auto parsed = Money::parse(digits);
            QVERIFY2(!parsed.money, digits);
            QVERIFY2(parsed.problem == problem, digits);
        }
    }

    void equalAmountsAreEqualHoweverTheyAreWritten()
    {
        QVERIFY(money("12.3") == money("12.30"));
        QVERIFY(money("1.23e1") == money("12.3"));
        QVERIFY(money("0") == money("0.0000"));
        QVERIFY(money("0.1") < money("0.11"));
        QVERIFY(money("999999999999999999") > money("99999999999999.9999"));
    }

    void aTenthAndTwoTenthsAreThreeTenths()
    {
        MoneySum sum;
        sum.add(1, money("0.1"));
        sum.add(1, money("0.2"));
        QVERIFY(sum.is(money("0.3")));
        QVERIFY(sum.is(money("0.30")));
        QVERIFY(!sum.is(money("0.3001")));
    }

    void sumsBeyondSixtyFourBitsAreExact()
    {
        MoneySum sum;
        for (int line = 0; line < 1000; ++line)
            sum.add(1'000'000, money("999999999999999999"));
        QVERIFY(!sum.is(money("999999999999999999")));
        MoneySum small;
        small.add(1'000'000, money("99999999999.9999"));
        QVERIFY(small.is(money("99999999999999900")));
    }

    void currenciesAreThoseOfTheListInUpperCase()
    {
        for (const char *code : {"EUR", "USD", "JPY", "CHF", "AED", "ZWL", "XXX", "HRK", "XCG"})
            QVERIFY2(Currency::parse(code) && Currency::parse(code)->code() == code, code);
        for (const char *code : {"", "eur", "Eur", "EU", "EURO", "ABC", "ZZZ", "DEM", "EUR ", "€"})
            QVERIFY2(!Currency::parse(code), code);
        QCOMPARE(Currency().code(), std::string_view("EUR"));
    }

    void unitsMakeAnAmountWithinTheSameLimits()
    {
        QCOMPARE(Money::of(1230, 2)->text(), "12.30"s);
        QCOMPARE(Money::of(5, 4)->text(), "0.0005"s);
        QVERIFY(!Money::of(-1, 0));
        QVERIFY(!Money::of(1, 5));
        QVERIFY(!Money::of(1'000'000'000'000'000'000, 0));
    }
};

QTEST_APPLESS_MAIN(TestMoney)
#include "tst_money.moc"
