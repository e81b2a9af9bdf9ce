// The part of the window that deals with changes to offsets: their dialogs, and what goes on
// without.
#include "ui/dialogs/resetclosing.h"
#include "ui/dialogs/resetdesk.h"
#include "ui/dialogs/resetjobsbutton.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/statusline.h"

#include <QMessageBox>

#include <utility>

namespace redrive::ui {

void MainWindow::connectJobs()
{
    connect(m_status->jobs(), &ResetJobsButton::openRequested, this,
            [this](ClusterView *cluster, int job) { m_desk->openJob(cluster, job); });
}

void MainWindow::openPlan(const OffsetWish &wish)
{
    if (OpenCluster *shown = m_clusters.shown())
        m_desk->open(shown->view.get(), wish);
}

std::vector<ClusterView *> MainWindow::views()
{
    std::vector<ClusterView *> views;
    for (int i = 0; i < m_clusters.count(); ++i)
        views.push_back(m_clusters.at(i).view.get());
    return views;
}

void MainWindow::showJobs()
{
    m_status->jobs()->show(views());
}

bool MainWindow::asksForWaiting(const std::vector<ClusterView *> &clusters,
                                std::function<void()> goOn)
{
    if (m_waitingMayEnd || waitingGroups(clusters).isEmpty())
        return false;
    if (m_waitingQuestion) // asked again: no more patience
        return false;
    m_waitingQuestion = askToEndWaiting(clusters, this);
    connect(m_waitingQuestion, &QMessageBox::accepted, this, std::move(goOn));
    m_waitingQuestion->open();
    return true;
}

void MainWindow::closeShownCluster()
{
    OpenCluster *const shown = m_clusters.shown();
    if (!shown)
        return;
    const auto close = [this, view = QPointer(shown->view.get())] {
        const OpenCluster *const still = m_clusters.shown();
        if (still && still->view.get() == view)
            m_clusters.close(m_clusters.current());
    };
    if (!asksForWaiting({shown->view.get()}, close))
        close();
}

} // namespace redrive::ui
