#include "ui/widgets/actionbutton.h"

#include "ui/format/format.h"
#include "ui/theme/tokens.h"

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr auto whyProperty = "why";

} // namespace

ActionButton::ActionButton(QAction *action, QWidget *parent)
    : QPushButton(parent)
    , m_action(action)
{
    setObjectName(action->objectName() + u"-button"_s);
    setAutoDefault(false);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(action, &QAction::changed, this, &ActionButton::mirror);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    mirror();
}

void ActionButton::mirror()
{
    setText(m_action->text());
    setIcon(m_action->icon());
    // May give up its generous margins where there is little room.
    setMinimumWidth(fontMetrics().horizontalAdvance(text()) +
                    (icon().isNull() ? 0 : iconSize().width() + theme::space4) + theme::space16);
    setEnabled(m_action->isEnabled());
    setVisible(m_action->isVisible());
    setToolTip(m_action->toolTip());
    setAccessibleDescription(m_action->property(whyProperty).toString());
}

void setHelp(QAction *action, const QString &help, bool usable, const QString &why)
{
    QString text = help;
    if (!action->shortcut().isEmpty())
        text += u" ("_s + action->shortcut().toString(QKeySequence::NativeText) + u')';
    if (!usable && !why.isEmpty())
        text += u'\n' + why;
    action->setProperty(whyProperty, usable ? QString() : why);
    action->setToolTip(toolTip(text));
    action->setEnabled(usable);
}

} // namespace redrive::ui
