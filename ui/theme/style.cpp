#include "ui/theme/style.h"

#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui::theme {

namespace {

QColor mix(Token a, Token b, double partOfB)
{
    const QColor x = color(a);
    const QColor y = color(b);
    const auto blend = [partOfB](int from, int to) { return qRound(from + (to - from) * partOfB); };
    return {blend(x.red(), y.red()), blend(x.green(), y.green()), blend(x.blue(), y.blue())};
}

// The edge of something that can be typed into or pressed: stronger than a separator.
QColor edge()
{
    return mix(Token::Separator, Token::MutedText, 0.35);
}

void drawPanel(QPainter *painter, const QRect &rect, const QColor &fill, const QColor &border,
               qreal width = 1.0)
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

class FlatStyle final : public QProxyStyle
{
public:
    FlatStyle()
        : QProxyStyle(u"Fusion"_s)
    {
    }

    int pixelMetric(PixelMetric metric, const QStyleOption *option,
                    const QWidget *widget) const override
    {
        switch (metric) {
        case PM_ButtonShiftHorizontal:
        case PM_ButtonShiftVertical:
        case PM_MenuPanelWidth: return 1;
        case PM_MenuVMargin:
        case PM_MenuHMargin: return space4;
        case PM_SplitterWidth: return 7;
        case PM_ScrollBarExtent: return 12;
        case PM_ScrollBarSliderMin: return 32;
        case PM_LayoutLeftMargin:
        case PM_LayoutRightMargin:
        case PM_LayoutTopMargin:
        case PM_LayoutBottomMargin: return space12;
        case PM_LayoutHorizontalSpacing:
        case PM_LayoutVerticalSpacing: return space8;
        case PM_TabBarTabHSpace: return 2 * space12;
        case PM_TabBarTabVSpace: return 2 * space8 - space4;
        case PM_TabBarBaseOverlap:
        case PM_TabBarTabShiftVertical:
        case PM_TabBarTabOverlap: return 0;
        case PM_ToolTipLabelFrameWidth: return space4;
        default: return QProxyStyle::pixelMetric(metric, option, widget);
        }
    }

    int styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                  QStyleHintReturn *data) const override
    {
        switch (hint) {
        case SH_EtchDisabledText:
        case SH_DitherDisabledText:
        case SH_ItemView_ActivateItemOnSingleClick: return 0;
        case SH_ItemView_ShowDecorationSelected: return 1;
        case SH_Table_GridLineColor: return static_cast<int>(color(Token::Separator).rgba());
        default: return QProxyStyle::styleHint(hint, option, widget, data);
        }
    }

    QSize sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                           const QWidget *widget) const override
    {
        QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
        const int control = rowHeight() + 2;
        switch (type) {
        case CT_PushButton:
            result.setWidth(std::max(result.width() + space8, 72));
            result.setHeight(std::max(result.height(), control));
            break;
        case CT_LineEdit:
        case CT_ComboBox:
        case CT_SpinBox: result.setHeight(std::max(size.height() + space8 + 2, control)); break;
        case CT_MenuItem:
            if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
                item && item->menuItemType != QStyleOptionMenuItem::Separator)
                result.setHeight(std::max(result.height(), rowHeight()));
            break;
        case CT_HeaderSection: result.setHeight(std::max(result.height(), rowHeight())); break;
        default: break;
        }
        return result;
    }

    QRect subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                         const QWidget *widget) const override
    {
        if (control == CC_ScrollBar) {
            if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
                return scrollBarRect(bar, part);
        }
        return QProxyStyle::subControlRect(control, option, part, widget);
    }

    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                       const QWidget *widget) const override
    {
        switch (element) {
        case PE_PanelButtonCommand: drawButton(option, painter); return;
        case PE_FrameDefaultButton:
        case PE_FrameStatusBarItem:
        case PE_PanelStatusBar: return;
        case PE_PanelLineEdit: {
            const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            if (frame && frame->lineWidth > 0)
                drawField(option, painter, has(option, State_ReadOnly));
            return;
        }
        case PE_FrameLineEdit: return;
        case PE_Frame:
            if (has(option, State_HasFocus) && has(option, State_KeyboardFocusChange))
                drawPanel(painter, option->rect, {}, color(Token::Accent));
            else
                drawPanel(painter, option->rect, {}, color(Token::Separator));
            return;
        case PE_FrameTabWidget: return;
        case PE_FrameTabBarBase:
            painter->fillRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1,
                              color(Token::Separator));
            return;
        case PE_PanelButtonTool: drawToolPanel(option, painter); return;
        case PE_FrameFocusRect: drawFocus(option, painter, widget); return;
        case PE_PanelTipLabel:
            painter->fillRect(option->rect, color(Token::Raised));
            painter->setPen(edge());
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            return;
        case PE_PanelMenu: painter->fillRect(option->rect, color(Token::Surface)); return;
        case PE_FrameMenu:
            painter->setPen(edge());
            painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
            return;
        default: QProxyStyle::drawPrimitive(element, option, painter, widget);
        }
    }

    void drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                     const QWidget *widget) const override
    {
        switch (element) {
        case CE_HeaderSection:
        case CE_HeaderEmptyArea: drawHeader(option, painter); return;
        case CE_HeaderLabel:
            if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
                QStyleOptionHeaderV2 muted;
                if (const auto *v2 = qstyleoption_cast<const QStyleOptionHeaderV2 *>(option))
                    muted = *v2;
                else
                    static_cast<QStyleOptionHeader &>(muted) = *header;
                muted.palette.setColor(QPalette::ButtonText, color(Token::MutedText));
                muted.state &= ~State_On; // no bold header over a selected column
                QProxyStyle::drawControl(element, &muted, painter, widget);
            }
            return;
        case CE_PushButtonLabel:
            if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
                button && isDefault(option)) {
                QStyleOptionButton lit = *button;
                lit.palette.setColor(QPalette::ButtonText, color(Token::AccentText));
                QProxyStyle::drawControl(element, &lit, painter, widget);
                return;
            }
            break;
        case CE_TabBarTabShape: drawTab(option, painter); return;
        case CE_Splitter: {
            const QRect r = option->rect;
            const QColor line =
                has(option, State_MouseOver) ? color(Token::Accent) : color(Token::Separator);
            if (has(option, State_Horizontal))
                painter->fillRect(r.center().x(), r.y(), 1, r.height(), line);
            else
                painter->fillRect(r.x(), r.center().y(), r.width(), 1, line);
            return;
        }
        case CE_ProgressBarGroove:
            drawPanel(painter, option->rect, color(Token::Separator), {});
            return;
        case CE_ProgressBarContents: drawProgress(option, painter); return;
        case CE_ShapedFrame:
            if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
                frame &&
                (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)) {
                const QRect r = option->rect;
                if (frame->frameShape == QFrame::HLine)
                    painter->fillRect(r.x(), r.center().y(), r.width(), 1, color(Token::Separator));
                else
                    painter->fillRect(r.center().x(), r.y(), 1, r.height(),
                                      color(Token::Separator));
                return;
            }
            break;
        default: break;
        }
        QProxyStyle::drawControl(element, option, painter, widget);
    }

    void drawComplexControl(ComplexControl control, const QStyleOptionComplex *option,
                            QPainter *painter, const QWidget *widget) const override
    {
        switch (control) {
        case CC_ScrollBar: drawScrollBar(option, painter); return;
        case CC_ComboBox:
            if (const auto *combo = qstyleoption_cast<const QStyleOptionComboBox *>(option);
                combo && !combo->editable) {
                drawField(option, painter, false);
                if (has(option, State_MouseOver) && has(option, State_Enabled) &&
                    !has(option, State_HasFocus))
                    drawPanel(painter, option->rect, color(Token::Raised), edge());
                const QRect arrow = subControlRect(CC_ComboBox, option, SC_ComboBoxArrow, widget);
                drawChevron(painter, arrow, false, color(Token::MutedText));
                return;
            }
            break;
        case CC_SpinBox:
            drawField(option, painter, false);
            for (const auto part : {SC_SpinBoxUp, SC_SpinBoxDown}) {
                const bool active =
                    option->activeSubControls == part && has(option, State_MouseOver);
                drawChevron(painter, subControlRect(CC_SpinBox, option, part, widget),
                            part == SC_SpinBoxUp, color(active ? Token::Text : Token::MutedText));
            }
            return;
        default: break;
        }
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }

private:
    static QRect scrollBarRect(const QStyleOptionSlider *bar, SubControl part)
    {
        const QRect whole = bar->rect;
        const bool horizontal = bar->orientation == Qt::Horizontal;
        const int length = horizontal ? whole.width() : whole.height();
        int slider = length;
        if (bar->maximum != bar->minimum) {
            const double range = double(bar->maximum) - bar->minimum + bar->pageStep;
            slider =
                std::clamp(int(length * (bar->pageStep / range)), std::min(32, length), length);
        }
        const int start = sliderPositionFromValue(bar->minimum, bar->maximum, bar->sliderPosition,
                                                  length - slider, bar->upsideDown);
        const auto along = [&](int from, int extent) {
            return horizontal ? QRect(whole.x() + from, whole.y(), extent, whole.height())
                              : QRect(whole.x(), whole.y() + from, whole.width(), extent);
        };
        switch (part) {
        case SC_ScrollBarGroove: return whole;
        case SC_ScrollBarSlider: return along(start, slider);
        case SC_ScrollBarSubPage: return along(0, start);
        case SC_ScrollBarAddPage: return along(start + slider, length - start - slider);
        default: return {};
        }
    }

    static void drawScrollBar(const QStyleOptionComplex *option, QPainter *painter)
    {
        const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!bar || bar->maximum == bar->minimum)
            return;
        const bool active = option->activeSubControls.testFlag(SC_ScrollBarSlider) &&
                            (has(option, State_MouseOver) || has(option, State_Sunken));
        QColor ink = color(Token::MutedText);
        ink.setAlphaF(active ? 0.75F : 0.4F);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(ink);
        const QRectF handle = QRectF(scrollBarRect(bar, SC_ScrollBarSlider)).adjusted(3, 3, -3, -3);
        painter->drawRoundedRect(handle, 3, 3);
        painter->restore();
    }

    static void drawHeader(const QStyleOption *option, QPainter *painter)
    {
        const QRect r = option->rect;
        painter->fillRect(r, color(Token::Surface));
        if (has(option, State_MouseOver) && has(option, State_Enabled))
            painter->fillRect(r, color(Token::Raised));
        painter->fillRect(r.x(), r.bottom(), r.width(), 1, color(Token::Separator));
    }

    static void drawTab(const QStyleOption *option, QPainter *painter)
    {
        const QRect r = option->rect;
        if (has(option, State_MouseOver) && !has(option, State_Selected))
            painter->fillRect(r.adjusted(0, 0, 0, -1), color(Token::Raised));
        if (has(option, State_Selected))
            painter->fillRect(r.x(), r.bottom() - 1, r.width(), 2, color(Token::Accent));
        if (has(option, State_HasFocus) && has(option, State_KeyboardFocusChange))
            drawPanel(painter, r.adjusted(1, 1, -1, -3), {}, color(Token::Accent));
    }

    static void drawProgress(const QStyleOption *option, QPainter *painter)
    {
        const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option);
        if (!bar || bar->maximum <= bar->minimum)
            return;
        QRect filled = option->rect;
        const double part =
            double(bar->progress - bar->minimum) / double(bar->maximum - bar->minimum);
        filled.setWidth(int(filled.width() * std::clamp(part, 0.0, 1.0)));
        if (filled.width() > 0)
            drawPanel(painter, filled, color(Token::Accent), {});
    }

    static void drawToolPanel(const QStyleOption *option, QPainter *painter)
    {
        const bool usable = has(option, State_Enabled);
        QColor fill;
        if (has(option, State_On))
            fill = color(Token::Selection);
        else if (usable && has(option, State_Sunken))
            fill = color(Token::Separator);
        else if (usable && has(option, State_MouseOver))
            fill = color(Token::Raised);
        const bool ring = has(option, State_HasFocus) && has(option, State_KeyboardFocusChange);
        if (fill.isValid() || ring)
            drawPanel(painter, option->rect, fill, ring ? color(Token::Accent) : QColor(), 2.0);
    }

    void drawFocus(const QStyleOption *option, QPainter *painter, const QWidget *widget) const
    {
        if (qobject_cast<const QAbstractItemView *>(widget)) {
            if (!has(option, State_Selected))
                painter->fillRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1,
                                  color(Token::Accent));
            return;
        }
        if (has(option, State_KeyboardFocusChange))
            drawPanel(painter, option->rect, {}, color(Token::Accent), 1.5);
    }
};

} // namespace

QStyle *makeStyle()
{
    return new FlatStyle;
}

} // namespace redrive::ui::theme
