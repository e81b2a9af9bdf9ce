#include "ui/shell/clusters.h"

#include <algorithm>
#include <utility>

namespace redrive::ui {

int Clusters::indexOfProfile(const QString &name) const
{
    const auto found = std::ranges::find_if(
        m_open, [&name](const auto &cluster) { return cluster->profile == name; });
    return found == m_open.end() ? -1 : static_cast<int>(found - m_open.begin());
}

QStringList Clusters::profiles() const
{
    QStringList names;
    for (const auto &cluster : m_open) {
        if (!cluster->profile.isEmpty())
            names.append(cluster->profile);
    }
    return names;
}

int Clusters::add(std::unique_ptr<ClusterView> view, const QString &profile)
{
    auto cluster = std::make_unique<OpenCluster>();
    cluster->profile = profile;
    ClusterView *const added = view.get();
    cluster->view = std::move(view);
    connect(added, &ClusterView::snapshotChanged, this,
            [this, added] { emit snapshotChanged(added); });
    m_open.push_back(std::move(cluster));
    return count() - 1;
}

void Clusters::setCurrent(int index)
{
    if (index == m_current || index < 0 || index >= count())
        return;
    emit aboutToChange();
    m_current = index;
    emit currentChanged();
}

void Clusters::close(int index)
{
    if (index < 0 || index >= count())
        return;
    const bool wasShown = index == m_current;
    if (wasShown)
        emit aboutToChange();
    const auto closed = std::move(m_open[static_cast<std::size_t>(index)]);
    m_open.erase(m_open.begin() + index);
    if (wasShown)
        m_current = std::min(index, count() - 1);
    else if (index < m_current)
        --m_current;
    if (wasShown)
        emit currentChanged();
    closed->view->disconnect(this);
}

} // namespace redrive::ui
