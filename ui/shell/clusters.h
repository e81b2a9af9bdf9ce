#pragma once

#include "core/workspace/profile.h"
#include "ui/bridge/clusterview.h"
#include "ui/shell/history.h"

#include <QHash>
#include <QObject>

#include <memory>
#include <vector>

namespace redrive::ui {

/// A cluster of the window: its view, the profile it came from, and where the user was in it.
struct OpenCluster
{
    std::unique_ptr<ClusterView> view;
    QString profile; ///< name in the store; empty: opened by arguments
    History history;
    Place at;
    QHash<QString, QString> within; ///< page -> place that was shown there
    bool paused = false;
};

/// The clusters that are open side by side, and the one that is shown. Owned by the window; UI
/// thread.
class Clusters : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    int count() const { return static_cast<int>(m_open.size()); }
    OpenCluster &at(int index) { return *m_open.at(static_cast<std::size_t>(index)); }
    int current() const { return m_current; } ///< -1: none is open
    OpenCluster *shown() { return m_current < 0 ? nullptr : &at(m_current); }
    int indexOfProfile(const QString &name) const;
    QStringList profiles() const;

    int add(std::unique_ptr<ClusterView> view, const QString &profile);
    void setCurrent(int index);
    /// The view is destroyed after currentChanged() has told everybody of the next one.
    void close(int index);

signals:
    /// Before the change: what is shown may be remembered in `shown()`.
    void aboutToChange();
    void currentChanged();
    void snapshotChanged(redrive::ui::ClusterView *view);

private:
    std::vector<std::unique_ptr<OpenCluster>> m_open;
    int m_current = -1;
};

} // namespace redrive::ui
