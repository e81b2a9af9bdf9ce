#pragma once

#include "ui/models/groupmodel.h"
#include "ui/pages/page.h"
#include "ui/settings/settings.h"

#include <QTimer>

QT_BEGIN_NAMESPACE
class QMenu;
QT_END_NAMESPACE

namespace redrive::ui {

class DataTable;
class GroupDetailPanel;
class GroupFilterBar;
class ListDetail;

/// All groups of a cluster, and beside them the one that is looked at.
class GroupsPage : public Page
{
    Q_OBJECT
public:
    GroupsPage(Settings &settings, QWidget *parent = nullptr);

    QString title() const override;
    void setCluster(ClusterView *cluster) override;
    void setShown(bool shown) override;
    void focusFilter() override;
    std::vector<PaletteEntry> paletteEntries() const override;
    QString place() const override;
    void goTo(const QString &place) override;

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void showDetail();
    void showCount();
    void showEmptiness();
    void choose(const std::optional<GroupId> &group);
    void chooseCurrent();
    void changeRows(const std::function<void()> &change);
    void filterAgain();
    void watch(const QString &group, bool watched);
    void readWatched();
    void makeActions();
    const GroupSummary *chosenSummary() const;

    Settings &m_settings;
    QPointer<ClusterView> m_cluster;
    bool m_shown = false;
    bool m_changing =
        false; ///< rows change by themselves: the selection that follows is nobody's wish
    std::optional<GroupId> m_chosen;
    QTimer m_placeTimer;

    GroupFilterBar *m_filter; ///< made first: the keyboard reaches it before the table
    GroupModel *m_model;
    DataTable *m_table;
    GroupDetailPanel *m_detail;
    ListDetail *m_frame;
    QAction *m_watchAction = nullptr;
    QAction *m_join = nullptr;
    QAction *m_resetOffsets = nullptr;
    QAction *m_copyName = nullptr;
    QAction *m_copyCommand = nullptr;
};

} // namespace redrive::ui
