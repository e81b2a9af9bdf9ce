#pragma once

#include <QAction>
#include <QPushButton>

namespace redrive::ui {

/// A button for an action: its text, whether it can be pressed, its tooltip with the shortcut, and
/// where it is switched off the reason.
class ActionButton : public QPushButton
{
    Q_OBJECT
public:
    explicit ActionButton(QAction *action, QWidget *parent = nullptr);

private:
    void mirror();
    QAction *m_action;
};

/// Gives an action its tooltip, and switches it off with the reason or on again.
void setHelp(QAction *action, const QString &help, bool usable = true, const QString &why = {});

} // namespace redrive::ui
