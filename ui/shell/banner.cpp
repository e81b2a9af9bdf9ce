#include "ui/shell/banner.h"

#include <QEvent>

namespace redrive::ui {

Banner::Banner(theme::Token ground, theme::Token ink, QWidget *parent)
    : QLabel(parent)
    , m_ground(ground)
    , m_ink(ink)
{
    setTextFormat(Qt::PlainText);
    setAutoFillBackground(true);
    setContentsMargins(theme::space16, theme::space4, theme::space16, theme::space4);
    if (m_ink == theme::Token::Production) {
        QFont bold = font();
        bold.setWeight(QFont::Bold);
        bold.setLetterSpacing(QFont::AbsoluteSpacing, 0.5);
        setFont(bold);
    }
    tint();
}

void Banner::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::ApplicationPaletteChange)
        tint();
}

void Banner::tint()
{
    if (m_tinting)
        return;
    m_tinting = true;
    QPalette tinted;
    tinted.setColor(QPalette::Window, theme::color(m_ground));
    tinted.setColor(QPalette::WindowText,
                    m_ink == theme::Token::Production ? QColor(Qt::white) : theme::color(m_ink));
    setPalette(tinted);
    m_tinting = false;
}

} // namespace redrive::ui
