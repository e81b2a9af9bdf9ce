#pragma once

#include "ui/bridge/clusterview.h"
#include "ui/shell/label.h"
#include "ui/shell/problemsmodel.h"

#include <QPointer>
#include <QSortFilterProxyModel>
#include <QWidget>

class QPushButton;
class QTableView;

namespace redrive::ui {

/// The list of what failed: what was attempted, what the broker said, what helps, since when, how
/// often. Opens under the page and takes nothing away from it.
class ProblemsPanel : public QWidget
{
    Q_OBJECT
public:
    explicit ProblemsPanel(QWidget *parent = nullptr);

    void setCluster(ClusterView *cluster, TimeZone zone, WallTime now);
    void refresh(TimeZone zone, WallTime now);
    void takeFocus();

signals:
    void closeRequested();

private:
    void showDetail();
    void copy();

    QPointer<ClusterView> m_cluster;
    TimeZone m_zone = TimeZone::Utc;
    ProblemsModel m_model;
    QSortFilterProxyModel m_sorted;
    QTableView *m_table;
    Label *m_detail;
    Label *m_empty;
    QPushButton *m_copy;
    QPushButton *m_clear;
};

} // namespace redrive::ui
