#pragma once

#include <QAction>
#include <QMenu>
#include <QObject>

#include <vector>

namespace redrive::ui {

/// Everything that the window can be told to do, each with text, shortcut, tooltip and icon, made
/// in one place. All of them stand in the menu. Owned by the window.
class Actions : public QObject
{
    Q_OBJECT
public:
    explicit Actions(const QStringList &pages, QWidget *window);

    std::vector<QAction *> pages;
    QAction *back = nullptr;
    QAction *forward = nullptr;
    QAction *palette = nullptr;
    QAction *filter = nullptr;
    QAction *refresh = nullptr;
    QAction *pause = nullptr;
    QAction *problems = nullptr;
    QAction *connect = nullptr;
    QAction *import = nullptr;
    QAction *closeCluster = nullptr;
    QAction *localTime = nullptr;
    QAction *schemeSystem = nullptr;
    QAction *schemeLight = nullptr;
    QAction *schemeDark = nullptr;
    QAction *toggleScheme = nullptr;
    QAction *settings = nullptr;
    QAction *about = nullptr;
    QAction *quit = nullptr;

    QMenu *menu() const { return m_menu; }
    /// Those that the palette offers, in the order of the menu.
    std::vector<QAction *> all() const { return m_all; }

    /// Switches an action off with the reason, or on again. The reason is told by tooltip and to
    /// assistive technology.
    static void setUsable(QAction *action, bool usable, const QString &why);

private:
    QAction *add(const char *name, const char *icon, const QString &text, const QString &help,
                 const QList<QKeySequence> &keys = {});

    QWidget *m_window;
    QMenu *m_menu;
    std::vector<QAction *> m_all;
};

} // namespace redrive::ui
