#pragma once

#include "ui/bridge/consumersessions.h"
#include "ui/settings/settings.h"

#include <QWidget>

#include <vector>

class QAction;
class QTabWidget;

namespace redrive::ui {

class SessionsChart;
class SessionsHeader;
class SessionsLanes;
class SessionsLines;

/// The panel of one session: its head, and tabs of what it owns, does and has told. Only the tab
/// that is shown is kept up to date.
class SessionsDetail : public QWidget
{
    Q_OBJECT
public:
    /// `actions` are those on all of the session; they stand in the head.
    SessionsDetail(Settings &settings, const std::vector<QAction *> &actions,
                   QWidget *parent = nullptr);

    void setSessions(ConsumerSessions *sessions);
    void show(const SessionEntry &entry, MonoTime now);
    void focusContents(); ///< the keyboard goes to the tab that is shown
    void focusFilter();
    void applyTheme();
    const std::vector<QAction *> &laneActions() const;

signals:
    void tabChanged();

private:
    void showTab(const SessionEntry &entry, MonoTime now);

    Settings &m_settings;
    SessionsHeader *m_header;
    QTabWidget *m_tabs;
    SessionsLanes *m_lanes;
    SessionsChart *m_chart;
    SessionsLines *m_commits;
    SessionsLines *m_rebalances;
    SessionsLines *m_log;
    SessionsLines *m_live;
};

} // namespace redrive::ui
