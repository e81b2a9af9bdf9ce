#pragma once

#include "ui/shell/actions.h"
#include "ui/shell/clusterbutton.h"

#include <QWidget>

class QPushButton;

namespace redrive::ui {

/// The bar over the pages: cluster switcher, command field, time zone, colours, menu.
class TopBar : public QWidget
{
    Q_OBJECT
public:
    explicit TopBar(Actions &actions, QWidget *parent = nullptr);

    ClusterButton *clusters() const { return m_clusters; }
    QToolButton *menuButton() const { return m_menu; }
    void setLocalTime(bool local);

private:
    QToolButton *button(QAction *action, const char *name);

    ClusterButton *m_clusters;
    QPushButton *m_command;
    QToolButton *m_zone;
    QToolButton *m_menu;
};

} // namespace redrive::ui
