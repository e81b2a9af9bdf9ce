#pragma once

#include "ui/bridge/consumersessions.h"
#include "ui/settings/settings.h"

#include <QPointer>
#include <QWidget>

#include <vector>

class QAction;

namespace redrive::ui {

class DataTable;
class Label;
class LaneModel;

/// The partitions that a session owns, one lane each, and what a person can do with them while it
/// runs (O7): by buttons, the context menu and keys.
class SessionsLanes : public QWidget
{
    Q_OBJECT
public:
    explicit SessionsLanes(Settings &settings, QWidget *parent = nullptr);

    void setSessions(ConsumerSessions *sessions);
    void show(const SessionEntry &entry, MonoTime now);
    void forget();
    const std::vector<QAction *> &actions() const { return m_actions; }

private:
    QAction *make(const char *name, const QString &text, const QString &help, int key);
    void refreshActions();
    std::vector<TopicPartition> selected() const;
    void move(int how);

    QPointer<ConsumerSessions> m_sessions;
    int m_session = 0;
    bool m_canBeSteered = false;
    LaneModel *m_model;
    DataTable *m_table;
    Label *m_note;
    std::vector<QAction *> m_actions;
    QAction *m_pause;
    QAction *m_resume;
    QAction *m_seek;
    QAction *m_rewind;
    QAction *m_skip;
};

} // namespace redrive::ui
