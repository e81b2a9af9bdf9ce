#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace redrive::ui::theme {

/// Spacing in device-independent pixels.
inline constexpr int space4 = 4;
inline constexpr int space8 = 8;
inline constexpr int space12 = 12;
inline constexpr int space16 = 16;
inline constexpr int radius = 4;
/// Row height of tables: 26 at the default font, growing with it.
int rowHeight();

enum class Token
{
    Window,
    Surface,
    Raised,
    Text,
    MutedText,
    Separator,
    Accent,
    AccentText,
    Selection,
    Good,
    Warning,
    Bad,
    Neutral,    ///< status only; each is used with a shape and a word
    Glow,       ///< behind a cell that has just changed
    Production, ///< the band of production profiles
    Series0,
    Series1,
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
    Series7, ///< charts, colour-blind safe
};

enum class Scheme
{
    System,
    Light,
    Dark
};

/// Applies palette and style to the application; call again to switch. UI thread.
void apply(Scheme scheme);
bool isDark();
QColor color(Token token);
QPalette palette(bool dark);
/// Monospace, for bytes, hex and JSON only.
QFont monospace();
/// The system font with tabular figures where it has them.
QFont numbers();

} // namespace redrive::ui::theme
