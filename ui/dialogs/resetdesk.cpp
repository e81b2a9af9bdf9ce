#include "ui/dialogs/resetdesk.h"

#include "ui/dialogs/resetdialog.h"

namespace redrive::ui {

ResetDesk::ResetDesk(Settings &settings, QWidget *window)
    : QObject(window)
    , m_settings(settings)
    , m_window(window)
{
}

ResetDialog *ResetDesk::find(const ClusterView *cluster, const GroupId &group) const
{
    for (const auto &dialog : m_dialogs) {
        if (dialog && dialog->isVisible() && dialog->cluster() == cluster &&
            dialog->group() == group)
            return dialog;
    }
    return nullptr;
}

ResetDialog *ResetDesk::bringUp(ClusterView *cluster, const GroupId &group)
{
    ResetDialog *dialog = find(cluster, group);
    if (!dialog) {
        std::erase_if(m_dialogs, [](const auto &gone) { return gone.isNull(); });
        dialog = new ResetDialog(cluster, m_settings, group, m_window);
        m_dialogs.emplace_back(dialog);
    }
    dialog->show();
    dialog->raise();
    dialog->activateWindow();
    return dialog;
}

ResetDialog *ResetDesk::open(ClusterView *cluster, const OffsetWish &wish)
{
    if (!cluster->offsetJobs().runner())
        return nullptr;
    const OffsetEntry *const known = cluster->offsetJobs().ofGroup(wish.group);
    if (known && known->isBusy())
        return openJob(cluster, known->id);
    ResetDialog *const dialog = bringUp(cluster, wish.group);
    dialog->fillIn(wish);
    return dialog;
}

ResetDialog *ResetDesk::openJob(ClusterView *cluster, int job)
{
    const OffsetEntry *const known = cluster->offsetJobs().find(job);
    if (!known)
        return nullptr;
    ResetDialog *const dialog = bringUp(cluster, known->group);
    dialog->attach(job);
    return dialog;
}

} // namespace redrive::ui
