#pragma once

#include "ui/bridge/clusterview.h"

#include <QPointer>
#include <QToolButton>

#include <vector>

class QMenu;

namespace redrive::ui {

/// The jobs that go on without a dialog, in the status line: how many wait, what each is at, and
/// what came of those that nobody has looked at. Hidden while there is none.
class ResetJobsButton : public QToolButton
{
    Q_OBJECT
public:
    explicit ResetJobsButton(QWidget *parent = nullptr);

    /// Of all clusters of the window; those that go are left out by themselves.
    void show(const std::vector<ClusterView *> &clusters);

signals:
    void openRequested(redrive::ui::ClusterView *cluster, int job);

private:
    void refresh();
    void fillMenu();
    void addJob(ClusterView *cluster, const OffsetEntry &entry, bool nameCluster);

    std::vector<QPointer<ClusterView>> m_clusters;
    QMenu *m_menu;
};

} // namespace redrive::ui
