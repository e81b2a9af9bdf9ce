#pragma once

#include "ui/pages/overviewmodel.h"
#include "ui/pages/page.h"
#include "ui/settings/settings.h"
#include "ui/shell/label.h"

class QBoxLayout;
class QStackedLayout;

namespace redrive::ui {

class DataTable;
class EmptyState;

/// What needs me now: what is known to be wrong, the groups with the largest lag and those watched,
/// and the cluster's facts.
class OverviewPage : public Page
{
    Q_OBJECT
public:
    explicit OverviewPage(Settings &settings, QWidget *parent = nullptr);

    QString title() const override;
    void setCluster(ClusterView *cluster) override;
    void setShown(bool shown) override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *buildFacts();
    void refresh();
    bool showEmpty(const workspace::ClusterSnapshot &snapshot);
    void showFacts(const workspace::ClusterSnapshot &snapshot);
    void sizeFindings();

    static constexpr std::size_t mostRanked = 20;

    Settings &m_settings;
    QPointer<ClusterView> m_cluster;
    bool m_shown = false;
    FindingModel m_findings;
    RankModel m_ranks;
    QStackedLayout *m_layers;
    EmptyState *m_empty;
    Label *m_headline;
    Label *m_when;
    DataTable *m_findingTable;
    DataTable *m_rankTable;
    Label *m_rankHeading = nullptr;
    Label *m_caughtUp;
    QWidget *m_filler = nullptr; ///< below, while the table is not there
    QBoxLayout *m_columns;
    QWidget *m_facts;
    Label *m_clusterId;
    Label *m_controller;
    Label *m_library;
    Label *m_brokers;
    QString m_emptyAction; ///< page that the empty state's button leads to
};

} // namespace redrive::ui
