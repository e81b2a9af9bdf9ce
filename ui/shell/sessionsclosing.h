#pragma once

#include "ui/bridge/consumersessions.h"

#include <QDialog>
#include <QPointer>
#include <QTimer>

#include <vector>

class QProgressBar;

namespace redrive::ui {

class Label;

/// The window is to close while consumers run in it: asks them to stop, shows that they finish what
/// they have, and after their drain limit kills those that have not. Owned by the window.
class SessionsClosing : public QDialog
{
    Q_OBJECT
public:
    /// Stops them at once.
    SessionsClosing(std::vector<ConsumerSessions *> clusters, QWidget *parent);

    /// At once; a person, or a second signal, has no more patience.
    void killNow();

signals:
    void allEnded();

protected:
    void reject() override { killNow(); }

private:
    void refresh();
    std::size_t alive() const;

    std::vector<QPointer<ConsumerSessions>> m_clusters;
    MonoTime m_begun{};
    Millis m_limit{};
    bool m_killed = false;
    bool m_told = false;
    QTimer m_timer;
    Label *m_words;
    Label *m_rest;
    QProgressBar *m_bar;
};

} // namespace redrive::ui
