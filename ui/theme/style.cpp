#include "ui/theme/style.h"

#include "ui/theme/stylepaint.h"
#include "ui/theme/tokens.h"

#include <QPainter>
#include <QProxyStyle>
#include <QStyleOption>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui::theme {

namespace {

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
        case PM_MenuButtonIndicator: return 14;
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
        case PM_FocusFrameHMargin: return space8 - 1;
        case PM_HeaderMargin: return space8;
        case PM_IndicatorWidth:
        case PM_IndicatorHeight:
        case PM_ExclusiveIndicatorWidth:
        case PM_ExclusiveIndicatorHeight: return 16;
        case PM_CheckBoxLabelSpacing: return space8;
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
        case CT_ComboBox: result.setHeight(std::max(size.height() + space8 + 2, control)); break;
        case CT_SpinBox: result.setHeight(control); break;
        case CT_MenuItem:
            if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
                item && item->menuItemType != QStyleOptionMenuItem::Separator)
                result.setHeight(std::max(result.height(), rowHeight()));
            break;
        case CT_ToolButton:
            if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
                button && showsChevron(*button))
                result.rwidth() += space16;
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
        const QRect rect = QProxyStyle::subControlRect(control, option, part, widget);
        if (control == CC_ComboBox && part == SC_ComboBoxEditField)
            return rect.adjusted(space4, 0, 0, 0);
        return rect;
    }

    QRect subElementRect(SubElement element, const QStyleOption *option,
                         const QWidget *widget) const override
    {
        const QRect rect = QProxyStyle::subElementRect(element, option, widget);
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        if (element == SE_LineEditContents && frame && frame->lineWidth > 0)
            return rect.adjusted(space4, 0, -space4, 0);
        return rect;
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
        case PE_IndicatorCheckBox:
        case PE_IndicatorItemViewItemCheck: drawCheck(option, painter); return;
        case PE_IndicatorRadioButton: drawRadio(option, painter); return;
        case PE_IndicatorHeaderArrow:
            if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option))
                drawChevron(painter, option->rect,
                            header->sortIndicator == QStyleOptionHeader::SortDown,
                            color(Token::Text));
            return;
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
        case CE_Header:
            // The common style asks itself, not us, where label and arrow stand.
            if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
                header && header->orientation == Qt::Horizontal) {
                drawHeader(option, painter);
                QStyleOptionHeaderV2 part;
                if (const auto *v2 = qstyleoption_cast<const QStyleOptionHeaderV2 *>(option))
                    part = *v2;
                else
                    static_cast<QStyleOptionHeader &>(part) = *header;
                part.rect = headerLabelRect(header);
                proxy()->drawControl(CE_HeaderLabel, &part, painter, widget);
                if (header->sortIndicator != QStyleOptionHeader::None) {
                    part.rect = headerArrowRect(header);
                    proxy()->drawPrimitive(PE_IndicatorHeaderArrow, &part, painter, widget);
                }
                return;
            }
            break;
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
        case CC_ToolButton:
            if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
                button && button->features.testFlag(QStyleOptionToolButton::HasMenu)) {
                drawMenuButton(*button, painter, widget);
                return;
            }
            break;
        default: break;
        }
        QProxyStyle::drawComplexControl(control, option, painter, widget);
    }

private:
    // The corner arrow of an icon or a sign alone says nothing; beside words there is a chevron.
    static bool showsChevron(const QStyleOptionToolButton &button)
    {
        return button.features.testFlag(QStyleOptionToolButton::HasMenu) &&
               button.text.size() > 2 && button.toolButtonStyle != Qt::ToolButtonIconOnly;
    }

    void drawMenuButton(const QStyleOptionToolButton &button, QPainter *painter,
                        const QWidget *widget) const
    {
        drawToolPanel(&button, painter);
        QStyleOptionToolButton label = button;
        label.features &= ~QStyleOptionToolButton::HasMenu;
        if (showsChevron(button)) {
            const QRect arrow(button.rect.right() - space16, button.rect.top(), space12,
                              button.rect.height());
            label.rect.setRight(arrow.left());
            drawChevron(painter, arrow, false, color(Token::MutedText));
        }
        proxy()->drawControl(CE_ToolButtonLabel, &label, painter, widget);
    }
};

} // namespace

QStyle *makeStyle()
{
    return new FlatStyle;
}

} // namespace redrive::ui::theme
