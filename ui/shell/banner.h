#pragma once

#include "ui/theme/tokens.h"

#include <QLabel>

namespace redrive::ui {

/// A full-width line of plain text on a ground from the tokens, which follows the scheme: the
/// production band, and the warning of a weakened connection.
class Banner : public QLabel
{
    Q_OBJECT
public:
    /// `ink` of Token::Production means white, bold.
    Banner(theme::Token ground, theme::Token ink, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void tint();

    theme::Token m_ground;
    theme::Token m_ink;
    bool m_tinting = false;
};

} // namespace redrive::ui
