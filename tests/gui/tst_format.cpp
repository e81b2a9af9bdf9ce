#include "ui/format/format.h"

#include <QTest>
#include <QTextDocument>

using namespace redrive;
using namespace redrive::ui;
using namespace std::chrono;

namespace {

WallTime at(int day, int hour, int minute, int second, int millis = 0)
{
    return sys_days(year(2026) / November / day) + hours(hour) + minutes(minute) + seconds(second) +
           milliseconds(millis);
}

} // namespace

class TestFormat : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { qputenv("TZ", "CET-1"); }

    void whatIsNotKnownIsADashAndNeverZero()
    {
        QCOMPARE(number(std::optional<std::int64_t>()), QStringLiteral("–"));
        QCOMPARE(number(std::optional<Offset>()), QStringLiteral("–"));
        QCOMPARE(number(std::optional<std::int64_t>(0)), QStringLiteral("0"));
    }

    void digitsAreGrouped()
    {
        QCOMPARE(number(std::optional<std::int64_t>(18402)), QStringLiteral("18,402"));
        QCOMPARE(number(Offset(1234567)), QStringLiteral("1,234,567"));
    }

    void aTimeIsNeverShownWithoutItsZone()
    {
        QCOMPARE(clock(at(21, 11, 3, 22), TimeZone::Utc, at(21, 12, 0, 0)),
                 QStringLiteral("11:03:22 UTC"));
        QCOMPARE(clock(at(21, 11, 3, 22), TimeZone::Local, at(21, 12, 0, 0)),
                 QStringLiteral("12:03:22 CET"));
        QCOMPARE(absolute(at(21, 11, 3, 22, 114), TimeZone::Utc),
                 QStringLiteral("2026-11-21 11:03:22.114 UTC"));
    }

    void aTimeOfAnotherDayNamesTheDay()
    {
        QCOMPARE(clock(at(20, 23, 30, 0), TimeZone::Utc, at(21, 12, 0, 0)),
                 QStringLiteral("20 Nov 23:30:00 UTC"));
    }

    void whichDayItIsDependsOnTheZone()
    {
        QCOMPARE(clock(at(20, 23, 30, 0), TimeZone::Local, at(21, 12, 0, 0)),
                 QStringLiteral("00:30:00 CET"));
    }

    void agesAreInWords()
    {
        QCOMPARE(ago(at(21, 11, 0, 0), at(21, 11, 0, 0, 900)), QStringLiteral("just now"));
        QCOMPARE(ago(at(21, 11, 0, 5), at(21, 11, 0, 0)), QStringLiteral("just now"));
        QCOMPARE(ago(at(21, 11, 0, 0), at(21, 11, 0, 12, 400)), QStringLiteral("12 s ago"));
        QCOMPARE(ago(at(21, 11, 0, 0), at(21, 11, 14, 3)), QStringLiteral("14 min ago"));
    }

    void anUnknownStateIsNotDead()
    {
        QCOMPARE(stateText(std::nullopt), QStringLiteral("? Unknown"));
        QCOMPARE(stateText(GroupState::Dead), QStringLiteral("✕ Dead"));
        QCOMPARE(stateText(GroupState::Stable), QStringLiteral("● Stable"));
        QCOMPARE(stateText(GroupState::PreparingRebalance), QStringLiteral("◐ PreparingRebalance"));
    }

    void everyConditionHasAWordAShapeAndAnExplanationOfItsOwn()
    {
        QStringList texts{conditionText(std::nullopt)};
        QStringList helps{conditionHelp(std::nullopt)};
        for (int i = 0; i <= static_cast<int>(Condition::Ok); ++i) {
            texts << conditionText(static_cast<Condition>(i));
            helps << conditionHelp(static_cast<Condition>(i));
        }
        for (const QString &text : std::as_const(texts)) {
            QVERIFY2(text.size() > 3 && text.at(1) == QLatin1Char(' '), qPrintable(text));
            QCOMPARE(texts.count(text), 1);
        }
        for (const QString &help : std::as_const(helps)) {
            QVERIFY(help.endsWith(QLatin1Char('.')));
            QCOMPARE(helps.count(help), 1);
        }
    }

    void markupInATooltipIsShownAsItIs()
    {
        const QString hostile = QStringLiteral("<b>bold</b> <img src=x>\nsecond & last");
        QTextDocument document;
        document.setHtml(toolTip(hostile));
        QCOMPARE(document.toPlainText(), hostile);
        QVERIFY(toolTip(QString()).isEmpty());
    }

    void controlAndBidirectionalCharactersAreMadeVisible()
    {
        const QString text = foreign("a\nb\xe2\x80\xae"
                                     "c");
        QVERIFY(!text.contains(QLatin1Char('\n')));
        QVERIFY(!text.contains(QChar(0x202e)));
        QVERIFY(text.contains(QStringLiteral("\\n")));
    }

    void anErrorSaysWhatWasAttempted()
    {
        const Error error{.kind = Error::Kind::Broker,
                          .code = "GROUP_AUTHORIZATION_FAILED",
                          .message = "Broker: Group authorization failed",
                          .attempted = "describing group billing",
                          .retriable = std::nullopt};
        QCOMPARE(errorText(error),
                 QStringLiteral("describing group billing: Broker: Group authorization failed "
                                "(GROUP_AUTHORIZATION_FAILED)"));
    }
};

QTEST_APPLESS_MAIN(TestFormat)
#include "tst_format.moc"
