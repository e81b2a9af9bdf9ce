#include "ui/theme/icons.h"
#include "ui/theme/tokens.h"

#include <QApplication>
#include <QtTest>

#include <cmath>

using namespace redrive::ui;
using theme::Token;

namespace {

double luminance(const QColor &color)
{
    const auto part = [](double value) {
        return value <= 0.03928 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) +
           0.0722 * part(color.blueF());
}

double contrast(Token a, Token b)
{
    const double x = luminance(theme::color(a));
    const double y = luminance(theme::color(b));
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

} // namespace

class ThemeTest : public QObject
{
    Q_OBJECT
private slots:
    void textCanBeReadOnEveryGround_data()
    {
        QTest::addColumn<theme::Scheme>("scheme");
        QTest::newRow("light") << theme::Scheme::Light;
        QTest::newRow("dark") << theme::Scheme::Dark;
    }
    void textCanBeReadOnEveryGround()
    {
        QFETCH(theme::Scheme, scheme);
        theme::apply(scheme);
        for (const Token ground :
             {Token::Window, Token::Surface, Token::Raised, Token::Selection, Token::Glow})
            QVERIFY2(contrast(Token::Text, ground) >= 7.0,
                     qPrintable(QString::number(int(ground))));
        for (const Token word : {Token::MutedText, Token::Accent, Token::Good, Token::Warning,
                                 Token::Bad, Token::Neutral}) {
            QVERIFY2(contrast(word, Token::Surface) >= 4.5, qPrintable(QString::number(int(word))));
            QVERIFY2(contrast(word, Token::Window) >= 4.5, qPrintable(QString::number(int(word))));
        }
        QVERIFY(contrast(Token::AccentText, Token::Accent) >= 4.5);
    }

    void linesOfChartsStandOutFromTheirGround_data() { textCanBeReadOnEveryGround_data(); }
    void linesOfChartsStandOutFromTheirGround()
    {
        QFETCH(theme::Scheme, scheme);
        theme::apply(scheme);
        for (int i = int(Token::Series0); i <= int(Token::Series7); ++i)
            QVERIFY2(contrast(static_cast<Token>(i), Token::Surface) >= 3.0,
                     qPrintable(QString::number(i)));
    }

    void theSchemeCanBeSwitchedWhileRunning()
    {
        theme::apply(theme::Scheme::Light);
        QVERIFY(!theme::isDark());
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() > 128);
        theme::apply(theme::Scheme::Dark);
        QVERIFY(theme::isDark());
        QVERIFY(QApplication::palette().color(QPalette::Window).lightness() < 128);
    }

    void aRowIsAtLeast26HighAndHoldsItsText()
    {
        QVERIFY(theme::rowHeight() >= 26);
        QVERIFY(theme::rowHeight() > QFontMetrics(QApplication::font()).height());
    }

    void everyIconDrawsSomethingInTheInkOfTheScheme_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"overview", "groups",  "topics",  "search",   "menu",    "contrast", "lock",
              "warning",  "connect", "import",  "settings", "refresh", "pause",    "close",
              "folder",   "back",    "forward", "clock",    "about",   "quit",     "add"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }
    void everyIconDrawsSomethingInTheInkOfTheScheme()
    {
        QFETCH(QString, name);
        theme::apply(theme::Scheme::Dark);
        const QImage image = theme::icon(name).pixmap(32, 32).toImage();
        int inked = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel.alpha() < 250)
                    continue;
                ++inked;
                QVERIFY(pixel.lightness() > 150);
            }
        }
        QVERIFY(inked > 10);
    }
};

QTEST_MAIN(ThemeTest)
#include "tst_theme.moc"
