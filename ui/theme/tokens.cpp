#include "ui/theme/tokens.h"

#include "ui/theme/style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QStyle>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cstddef>

namespace redrive::ui::theme {

namespace {

struct Shade
{
    QRgb light;
    QRgb dark;
};

constexpr std::size_t tokenCount = static_cast<std::size_t>(Token::Series7) + 1;

// In the order of Token. Text on Window, Surface and Selection is at least 7:1, muted text and
// status words 4.5:1.
constexpr std::array<Shade, tokenCount> shades = {{
    {0xfff4f5f7, 0xff15181c}, // Window
    {0xffffffff, 0xff1b1f24}, // Surface
    {0xffebedf0, 0xff262b31}, // Raised
    {0xff1a1e24, 0xffe4e7ec}, // Text
    {0xff59626e, 0xff99a3b0}, // MutedText
    {0xffdde1e6, 0xff30363e}, // Separator
    {0xff1c5fcf, 0xff6aa5ff}, // Accent
    {0xffffffff, 0xff0a1424}, // AccentText
    {0xffd9e6fb, 0xff233d66}, // Selection
    {0xff00735a, 0xff3fc79f}, // Good
    {0xff945200, 0xfff0ad4a}, // Warning
    {0xffb8261f, 0xffff8379}, // Bad
    {0xff59626e, 0xff99a3b0}, // Neutral
    {0xfffff2c2, 0xff473c17}, // Glow
    {0xffa81f19, 0xff9e231c}, // Production
    {0xff0072b2, 0xff56aee8}, // Series0 …
    {0xffc85200, 0xffff9350}, {0xff008f68, 0xff35c99d}, {0xffb5588a, 0xffe89cc5},
    {0xff9a7200, 0xfff2c14e}, {0xff2f93cc, 0xff9bd6f7}, {0xff6f4fa8, 0xffbda2e8},
    {0xff59626e, 0xffa7b1bc},
}};

bool dark = false;

QColor shade(Token token, bool ofDark)
{
    const Shade &pair = shades.at(static_cast<std::size_t>(token));
    return QColor::fromRgb(ofDark ? pair.dark : pair.light);
}

bool systemIsDark()
{
    static const bool platformStartedDark =
        QApplication::palette().color(QPalette::Window).lightness() < 128;
    if (platformStartedDark)
        return true;
    return QApplication::style()->standardPalette().color(QPalette::Window).lightness() < 128;
}

} // namespace

int rowHeight()
{
    return std::max(26, QFontMetrics(QApplication::font()).height() + 10);
}

void apply(Scheme scheme)
{
    const bool followedDark = systemIsDark();
    dark = scheme == Scheme::Dark || (scheme == Scheme::System && followedDark);
    static bool styled = false;
    if (!styled) {
        QApplication::setStyle(makeStyle());
        styled = true;
    }
    QApplication::setPalette(palette(dark));
    QToolTip::setPalette(palette(dark));
}

bool isDark()
{
    return dark;
}

QColor color(Token token)
{
    return shade(token, dark);
}

QPalette palette(bool ofDark)
{
    const auto of = [ofDark](Token token) { return shade(token, ofDark); };
    QPalette result;
    result.setColor(QPalette::Window, of(Token::Window));
    result.setColor(QPalette::WindowText, of(Token::Text));
    result.setColor(QPalette::Base, of(Token::Surface));
    result.setColor(QPalette::AlternateBase, of(Token::Window));
    result.setColor(QPalette::Text, of(Token::Text));
    result.setColor(QPalette::PlaceholderText, of(Token::MutedText));
    result.setColor(QPalette::Button, of(Token::Surface));
    result.setColor(QPalette::ButtonText, of(Token::Text));
    result.setColor(QPalette::BrightText, of(Token::AccentText));
    result.setColor(QPalette::ToolTipBase, of(Token::Raised));
    result.setColor(QPalette::ToolTipText, of(Token::Text));
    result.setColor(QPalette::Highlight, of(Token::Selection));
    result.setColor(QPalette::HighlightedText, of(Token::Text));
    result.setColor(QPalette::Link, of(Token::Accent));
    result.setColor(QPalette::LinkVisited, of(Token::Accent));
    result.setColor(QPalette::Light, of(Token::Surface));
    result.setColor(QPalette::Midlight, of(Token::Raised));
    result.setColor(QPalette::Mid, of(Token::Separator));
    result.setColor(QPalette::Dark, of(Token::MutedText));
    result.setColor(QPalette::Shadow, ofDark ? QColor(0, 0, 0) : of(Token::MutedText));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        QColor faded = of(Token::MutedText);
        faded.setAlphaF(0.6F);
        result.setColor(QPalette::Disabled, role, faded);
    }
    return result;
}

QFont monospace()
{
    QFont font = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    font.setStyleHint(QFont::Monospace);
    const QFont general = QApplication::font();
    if (general.pointSizeF() > 0)
        font.setPointSizeF(general.pointSizeF());
    else
        font.setPixelSize(general.pixelSize());
    return font;
}

QFont numbers()
{
    return QApplication::font();
}

} // namespace redrive::ui::theme
