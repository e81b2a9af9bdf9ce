#include "ui/theme/stylepaint.h"

#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QPainter>

#include <algorithm>

namespace redrive::ui::theme {

QColor mix(Token a, Token b, double partOfB)
{
    const QColor x = color(a);
    const QColor y = color(b);
    const auto blend = [partOfB](int from, int to) { return qRound(from + (to - from) * partOfB); };
    return {blend(x.red(), y.red()), blend(x.green(), y.green()), blend(x.blue(), y.blue())};
}

QColor edge()
{
    return mix(Token::Separator, Token::MutedText, 0.35);
}

void drawPanel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &border,
               qreal width)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const qreal half = width / 2;
    painter->setPen(border.isValid() ? QPen(border, width) : QPen(Qt::NoPen));
    painter->setBrush(fill.isValid() ? QBrush(fill) : QBrush(Qt::NoBrush));
    painter->drawRoundedRect(QRectF(rect).adjusted(half, half, -half, -half), radius, radius);
    painter->restore();
}

bool has(const QStyleOption *option, QStyle::StateFlag flag)
{
    return option->state.testFlag(flag);
}

bool isDefault(const QStyleOption *option)
{
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    return button && button->features.testFlag(QStyleOptionButton::DefaultButton) &&
           has(option, QStyle::State_Enabled);
}

void drawButton(const QStyleOption *option, QPainter *painter)
{
    const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
    const bool down = has(option, QStyle::State_Sunken) || has(option, QStyle::State_On);
    const bool hover = has(option, QStyle::State_Enabled) && has(option, QStyle::State_MouseOver);
    const bool flat = button && button->features.testFlag(QStyleOptionButton::Flat);
    QColor fill = flat ? QColor() : color(Token::Surface);
    QColor border = flat ? QColor() : edge();
    if (isDefault(option)) {
        fill = color(Token::Accent);
        if (hover || down)
            fill = mix(Token::Accent, Token::Text, down ? 0.25 : 0.12);
        border = fill;
    } else if (down) {
        fill = color(Token::Separator);
    } else if (hover) {
        fill = color(Token::Raised);
    }
    drawPanel(painter, option->rect, fill, border);
    if (!has(option, QStyle::State_HasFocus) || !has(option, QStyle::State_KeyboardFocusChange))
        return;
    const QColor ring = isDefault(option) ? color(Token::AccentText) : color(Token::Accent);
    const QRect inner = isDefault(option) ? option->rect.adjusted(2, 2, -2, -2) : option->rect;
    drawPanel(painter, inner, {}, ring, isDefault(option) ? 1.0 : 2.0);
}

void drawField(const QStyleOption *option, QPainter *painter, bool readOnly)
{
    const bool focus = has(option, QStyle::State_HasFocus) && !readOnly;
    const bool usable = has(option, QStyle::State_Enabled) && !readOnly;
    drawPanel(painter, option->rect, usable ? color(Token::Surface) : color(Token::Window),
              focus ? color(Token::Accent) : edge(), focus ? 2.0 : 1.0);
}

void drawChevron(QPainter *painter, const QRect &rect, bool up, const QColor &ink)
{
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(ink, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QPointF centre = QRectF(rect).center();
    const qreal rise = up ? -2 : 2;
    painter->drawPolyline(QPolygonF{{centre.x() - 3.5, centre.y() - rise},
                                    {centre.x(), centre.y() + rise},
                                    {centre.x() + 3.5, centre.y() - rise}});
    painter->restore();
}

QRect scrollBarRect(const QStyleOptionSlider *bar, QStyle::SubControl part)
{
    const QRect whole = bar->rect;
    const bool horizontal = bar->orientation == Qt::Horizontal;
    const int length = horizontal ? whole.width() : whole.height();
    int slider = length;
    if (bar->maximum != bar->minimum) {
        const double range = double(bar->maximum) - bar->minimum + bar->pageStep;
        slider = std::clamp(int(length * (bar->pageStep / range)), std::min(32, length), length);
    }
    const int start = QStyle::sliderPositionFromValue(
        bar->minimum, bar->maximum, bar->sliderPosition, length - slider, bar->upsideDown);
    const auto along = [&](int from, int extent) {
        return horizontal ? QRect(whole.x() + from, whole.y(), extent, whole.height())
                          : QRect(whole.x(), whole.y() + from, whole.width(), extent);
    };
    switch (part) {
    case QStyle::SC_ScrollBarGroove: return whole;
    case QStyle::SC_ScrollBarSlider: return along(start, slider);
    case QStyle::SC_ScrollBarSubPage: return along(0, start);
    case QStyle::SC_ScrollBarAddPage: return along(start + slider, length - start - slider);
    default: return {};
    }
}

void drawCheck(const QStyleOption *option, QPainter *painter)
{
    const bool partly = has(option, QStyle::State_NoChange); // some of what is beneath it
    const bool on = partly || has(option, QStyle::State_On);
    const bool usable = has(option, QStyle::State_Enabled);
    const bool ring =
        has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange);
    const QColor fill =
        !on ? color(Token::Surface) : color(usable ? Token::Accent : Token::MutedText);
    const QColor border = ring ? color(on ? Token::Text : Token::Accent) : on ? fill : edge();
    drawPanel(painter, option->rect, fill, border, ring ? 2.0 : 1.0);
    if (!on)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(
        QPen(color(Token::AccentText), 1.8, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const QRectF r(option->rect);
    const auto at = [&r](double x, double y) {
        return QPointF(r.left() + r.width() * x, r.top() + r.height() * y);
    };
    if (partly)
        painter->drawLine(at(0.28, 0.5), at(0.72, 0.5));
    else
        painter->drawPolyline(QPolygonF{{at(0.25, 0.53), at(0.43, 0.71), at(0.76, 0.32)}});
    painter->restore();
}

void drawRadio(const QStyleOption *option, QPainter *painter)
{
    const bool on = has(option, QStyle::State_On);
    const bool usable = has(option, QStyle::State_Enabled);
    const bool ring =
        has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange);
    const QColor ink = color(usable ? Token::Accent : Token::MutedText);
    const qreal width = ring ? 2.0 : 1.0;
    const QRectF r = QRectF(option->rect).adjusted(width / 2, width / 2, -width / 2, -width / 2);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(on || ring ? ink : edge(), width));
    painter->setBrush(color(Token::Surface));
    painter->drawEllipse(r);
    if (on) {
        const qreal inset = r.width() * 0.26;
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        painter->drawEllipse(r.adjusted(inset, inset, -inset, -inset));
    }
    painter->restore();
}

void drawScrollBar(const QStyleOptionComplex *option, QPainter *painter)
{
    const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
    if (!bar || bar->maximum == bar->minimum)
        return;
    const bool active = option->activeSubControls.testFlag(QStyle::SC_ScrollBarSlider) &&
                        (has(option, QStyle::State_MouseOver) || has(option, QStyle::State_Sunken));
    QColor ink = color(Token::MutedText);
    ink.setAlphaF(active ? 0.75F : 0.4F);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(ink);
    const QRectF handle =
        QRectF(scrollBarRect(bar, QStyle::SC_ScrollBarSlider)).adjusted(3, 3, -3, -3);
    painter->drawRoundedRect(handle, 3, 3);
    painter->restore();
}

// The arrow stands beside the words, on the side that is free.
constexpr int arrowWidth = 10;

QRect headerLabelRect(const QStyleOptionHeader *header)
{
    const bool sorted = header->sortIndicator != QStyleOptionHeader::None;
    const int room = sorted ? arrowWidth + space4 : 0;
    const bool right = header->textAlignment.testFlag(Qt::AlignRight);
    return header->rect.adjusted(space8 + (right ? room : 0), 0, -space8 - (right ? 0 : room), 0);
}

QRect headerArrowRect(const QStyleOptionHeader *header)
{
    const QRect label = headerLabelRect(header);
    const int words = std::min(header->fontMetrics.horizontalAdvance(header->text), label.width());
    const int x = header->textAlignment.testFlag(Qt::AlignRight)
                      ? label.right() - words - space4 - arrowWidth
                      : label.left() + words + space4;
    return {x, header->rect.top(), arrowWidth, header->rect.height()};
}

void drawHeader(const QStyleOption *option, QPainter *painter)
{
    const QRect r = option->rect;
    painter->fillRect(r, color(Token::Surface));
    if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled))
        painter->fillRect(r, color(Token::Raised));
    painter->fillRect(r.x(), r.bottom(), r.width(), 1, color(Token::Separator));
}

void drawTab(const QStyleOption *option, QPainter *painter)
{
    const QRect r = option->rect;
    if (has(option, QStyle::State_MouseOver) && !has(option, QStyle::State_Selected))
        painter->fillRect(r.adjusted(0, 0, 0, -1), color(Token::Raised));
    if (has(option, QStyle::State_Selected))
        painter->fillRect(r.x(), r.bottom() - 1, r.width(), 2, color(Token::Accent));
    if (has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange))
        drawPanel(painter, r.adjusted(1, 1, -1, -3), {}, color(Token::Accent));
}

void drawProgress(const QStyleOption *option, QPainter *painter)
{
    const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option);
    if (!bar || bar->maximum <= bar->minimum)
        return;
    QRect filled = option->rect;
    const double part = double(bar->progress - bar->minimum) / double(bar->maximum - bar->minimum);
    filled.setWidth(int(filled.width() * std::clamp(part, 0.0, 1.0)));
    if (filled.width() > 0)
        drawPanel(painter, filled, color(Token::Accent), {});
}

void drawToolPanel(const QStyleOption *option, QPainter *painter)
{
    const bool usable = has(option, QStyle::State_Enabled);
    QColor fill;
    if (has(option, QStyle::State_On))
        fill = color(Token::Selection);
    else if (usable && has(option, QStyle::State_Sunken))
        fill = color(Token::Separator);
    else if (usable && has(option, QStyle::State_MouseOver))
        fill = color(Token::Raised);
    const bool ring =
        has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange);
    if (fill.isValid() || ring)
        drawPanel(painter, option->rect, fill, ring ? color(Token::Accent) : QColor(), 2.0);
}

void drawFocus(const QStyleOption *option, QPainter *painter, const QWidget *widget)
{
    if (qobject_cast<const QAbstractItemView *>(widget)) {
        if (!has(option, QStyle::State_Selected))
            painter->fillRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1,
                              color(Token::Accent));
        return;
    }
    if (has(option, QStyle::State_KeyboardFocusChange))
        drawPanel(painter, option->rect, {}, color(Token::Accent), 1.5);
}

} // namespace redrive::ui::theme
