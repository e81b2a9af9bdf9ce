#pragma once

#include "ui/bridge/clusterview.h"
#include "ui/settings/settings.h"

#include <QObject>
#include <QPointer>

#include <vector>

namespace redrive::ui {

class ResetDialog;

/// The plans that are open in a window: one a group, a second request brings the first up. Owned by
/// the window; UI thread.
class ResetDesk : public QObject
{
    Q_OBJECT
public:
    ResetDesk(Settings &settings, QWidget *window);

    /// A job that waits or writes is shown as it is. Null: this window cannot change offsets.
    ResetDialog *open(ClusterView *cluster, const OffsetWish &wish);
    /// Null: the job is gone.
    ResetDialog *openJob(ClusterView *cluster, int job);

private:
    ResetDialog *find(const ClusterView *cluster, const GroupId &group) const;
    ResetDialog *bringUp(ClusterView *cluster, const GroupId &group);

    Settings &m_settings;
    QWidget *m_window;
    std::vector<QPointer<ResetDialog>> m_dialogs;
};

} // namespace redrive::ui
