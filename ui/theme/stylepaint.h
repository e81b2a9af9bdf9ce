#pragma once

#include "ui/theme/tokens.h"

#include <QStyle>
#include <QStyleOption>

class QPainter;

namespace redrive::ui::theme {

// What the flat style draws, part by part; colours come from the tokens at paint time.

QColor mix(Token a, Token b, double partOfB);
/// The edge of something that can be typed into or pressed: stronger than a separator.
QColor edge();
bool has(const QStyleOption *option, QStyle::StateFlag flag);
bool isDefault(const QStyleOption *option);

void drawPanel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &border,
               qreal width = 1.0);
void drawButton(const QStyleOption *option, QPainter *painter);
void drawField(const QStyleOption *option, QPainter *painter, bool readOnly);
void drawChevron(QPainter *painter, const QRect &rect, bool up, const QColor &ink);
void drawCheck(const QStyleOption *option, QPainter *painter);
void drawRadio(const QStyleOption *option, QPainter *painter);
QRect scrollBarRect(const QStyleOptionSlider *bar, QStyle::SubControl part);
void drawScrollBar(const QStyleOptionComplex *option, QPainter *painter);
QRect headerLabelRect(const QStyleOptionHeader *header);
QRect headerArrowRect(const QStyleOptionHeader *header);
void drawHeader(const QStyleOption *option, QPainter *painter);
void drawTab(const QStyleOption *option, QPainter *painter);
void drawProgress(const QStyleOption *option, QPainter *painter);
void drawToolPanel(const QStyleOption *option, QPainter *painter);
void drawFocus(const QStyleOption *option, QPainter *painter, const QWidget *widget);

} // namespace redrive::ui::theme
