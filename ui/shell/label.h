#pragma once

#include "ui/theme/tokens.h"

#include <QFrame>
#include <QLabel>

class QFormLayout;

namespace redrive::ui {

/// Plain text in a colour of the tokens, which follows the scheme. Never renders markup. With
/// elision it may become narrower than its text, which then stands in the tooltip.
class Label : public QLabel
{
    Q_OBJECT
public:
    explicit Label(const QString &text = {}, QWidget *parent = nullptr);

    void setToken(theme::Token token);
    void setElided(bool elided);
    /// Relative to the system's size; 1.0 is as it is.
    void setScale(qreal factor, QFont::Weight weight = QFont::Normal);
    void setPlainText(const QString &text);

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void tint();

    theme::Token m_token = theme::Token::Text;
    bool m_elided = false;
    bool m_tinting = false;
};

/// Labels of a form stand level with the text of their fields.
void levelLabels(QFormLayout *form);

/// A thin line between two parts.
QFrame *separator(Qt::Orientation orientation, QWidget *parent = nullptr);

} // namespace redrive::ui
