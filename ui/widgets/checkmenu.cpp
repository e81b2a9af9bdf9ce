#include "ui/widgets/checkmenu.h"

#include <QAction>
#include <QKeyEvent>
#include <QMenu>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace redrive::ui {

CheckMenu::CheckMenu(const QString &title, QWidget *parent)
    : QToolButton(parent)
    , m_title(title)
    , m_clear(nullptr)
{
    setPopupMode(InstantPopup);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(this);
    menu->installEventFilter(this);
    setMenu(menu);
    m_clear = menu->addAction(tr("Any"));
    menu->addSeparator();
    connect(m_clear, &QAction::triggered, this, &CheckMenu::clear);
    refreshText();
}

void CheckMenu::addChoice(const QString &text, int value)
{
    QAction *action = menu()->addAction(text);
    action->setCheckable(true);
    action->setData(value);
    connect(action, &QAction::toggled, this, [this] {
        refreshText();
        emit chosenChanged();
    });
}

QSet<int> CheckMenu::chosen() const
{
    QSet<int> values;
    const auto actions = menu()->actions();
    for (const QAction *action : actions) {
        if (action->isChecked())
            values.insert(action->data().toInt());
    }
    return values;
}

void CheckMenu::clear()
{
    const auto actions = menu()->actions();
    for (QAction *action : actions)
        action->setChecked(false);
}

bool CheckMenu::eventFilter(QObject *watched, QEvent *event)
{
    QAction *active = menu()->activeAction();
    const bool ticks = event->type() == QEvent::MouseButtonRelease ||
                       (event->type() == QEvent::KeyPress &&
                        static_cast<QKeyEvent *>(event)->key() == Qt::Key_Space);
    if (watched == menu() && ticks && active && active->isCheckable()) {
        active->trigger();
        return true;
    }
    return QToolButton::eventFilter(watched, event);
}

void CheckMenu::refreshText()
{
    QStringList ticked;
    const auto actions = menu()->actions();
    for (const QAction *action : actions) {
        if (action->isChecked())
            ticked << action->text();
    }
    const QString choice = ticked.isEmpty()    ? tr("any")
                           : ticked.size() < 3 ? ticked.join(u", "_s)
                                               : tr("%1 chosen").arg(ticked.size());
    setText(u"%1: %2"_s.arg(m_title, choice));
    setAccessibleName(text());
    m_clear->setEnabled(!ticked.isEmpty());
}

} // namespace redrive::ui
