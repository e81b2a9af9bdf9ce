#include "ui/shell/label.h"

#include "ui/format/format.h"

#include <QEvent>
#include <QFormLayout>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace redrive::ui {

Label::Label(const QString &text, QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setText(text);
}

void Label::setToken(theme::Token token)
{
    if (m_token == token)
        return;
    m_token = token;
    tint();
}

void Label::setElided(bool elided)
{
    m_elided = elided;
    setSizePolicy(elided ? QSizePolicy::Ignored : QSizePolicy::Preferred, QSizePolicy::Fixed);
    updateGeometry();
}

void Label::setScale(qreal factor, QFont::Weight weight)
{
    QFont scaled = font();
    if (scaled.pointSizeF() > 0)
        scaled.setPointSizeF(scaled.pointSizeF() * factor);
    else
        scaled.setPixelSize(qRound(scaled.pixelSize() * factor));
    scaled.setWeight(weight);
    setFont(scaled);
}

void Label::setPlainText(const QString &text)
{
    if (text == QLabel::text())
        return;
    setText(text);
    if (!m_elided)
        return;
    setToolTip(ui::toolTip(text));
    setAccessibleDescription(text);
}

QSize Label::minimumSizeHint() const
{
    if (!m_elided)
        return QLabel::minimumSizeHint();
    return {fontMetrics().averageCharWidth() * 6, fontMetrics().height()};
}

void Label::paintEvent(QPaintEvent *event)
{
    if (!m_elided) {
        QLabel::paintEvent(event);
        return;
    }
    QPainter painter(this);
    const QRect area = contentsRect().adjusted(margin(), 0, -margin(), 0);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, area.width());
    style()->drawItemText(&painter, area, static_cast<int>(alignment()), palette(), isEnabled(),
                          shown, foregroundRole());
}

void Label::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    const auto type = event->type();
    if (type == QEvent::PaletteChange || type == QEvent::ApplicationPaletteChange)
        tint();
}

void Label::tint()
{
    if (m_tinting || m_token == theme::Token::Text)
        return;
    m_tinting = true;
    QPalette tinted;
    // The role depends on the ground: Text on pages, WindowText on the frame.
    for (const auto role : {QPalette::WindowText, QPalette::Text})
        tinted.setColor(role, theme::color(m_token));
    setPalette(tinted);
    m_tinting = false;
}

void levelLabels(QFormLayout *form)
{
    const bool beside = form->rowWrapPolicy() == QFormLayout::DontWrapRows;
    for (int row = 0; row < form->rowCount(); ++row) {
        QLayoutItem *item = form->itemAt(row, QFormLayout::LabelRole);
        auto *label = item ? qobject_cast<QLabel *>(item->widget()) : nullptr;
        if (label && label->alignment().testFlag(Qt::AlignVCenter))
            label->setMinimumHeight(beside ? theme::rowHeight() + 2 : 0);
    }
}

QFrame *separator(Qt::Orientation orientation, QWidget *parent)
{
    auto *line = new QFrame(parent);
    const bool horizontal = orientation == Qt::Horizontal;
    line->setFrameShape(horizontal ? QFrame::HLine : QFrame::VLine);
    if (horizontal)
        line->setFixedHeight(1);
    else
        line->setFixedWidth(1);
    return line;
}

} // namespace redrive::ui
