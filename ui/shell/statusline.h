#pragma once

#include "ui/bridge/clusterview.h"
#include "ui/format/format.h"
#include "ui/shell/actions.h"
#include "ui/shell/label.h"

#include <QTimer>
#include <QWidget>

class QProgressBar;
class QToolButton;

namespace redrive::ui {

class ResetJobsButton;

/// The line at the bottom: how live what is shown is, what is being read, and how many problems
/// there are.
class StatusLine : public QWidget
{
    Q_OBJECT
public:
    explicit StatusLine(Actions &actions, QWidget *parent = nullptr);

    /// Null: no cluster is open.
    void show(const ClusterView *cluster, TimeZone zone, WallTime now);
    ResetJobsButton *jobs() const { return m_jobs; }

protected:
    void changeEvent(QEvent *event) override;

private:
    void tintProblems();
    void showProgress(const workspace::ClusterSnapshot &snapshot);
    void showProblems(const workspace::ClusterSnapshot &snapshot);

    Label *m_live;
    Label *m_reason; ///< what the broker or library said, while not connected
    Label *m_step;
    QProgressBar *m_progress;
    ResetJobsButton *m_jobs;
    QToolButton *m_problems;
    bool m_anyProblem = false;
    QTimer m_patience; ///< a refresh that is over at once shows no progress
};

} // namespace redrive::ui
