#pragma once

#include "ui/models/topicmodel.h"
#include "ui/pages/page.h"
#include "ui/settings/settings.h"

#include <QTimer>

#include <optional>
#include <string>

QT_BEGIN_NAMESPACE
class QCheckBox;
class QLabel;
class QLineEdit;
QT_END_NAMESPACE

namespace redrive::ui {

class DataTable;
class ListDetail;
class TopicDetailPanel;

/// The topics of a cluster, and beside them who reads the one that is looked at.
class TopicsPage : public Page
{
    Q_OBJECT
public:
    TopicsPage(Settings &settings, QWidget *parent = nullptr);

    QString title() const override;
    void setCluster(ClusterView *cluster) override;
    void setShown(bool shown) override;
    void focusFilter() override;
    QString place() const override;
    void goTo(const QString &place) override;

private:
    QWidget *makeFilterLine();
    void refresh();
    void showDetail();
    void showCount();
    void showEmptiness();
    void choose(const std::optional<std::string> &topic);
    void changeRows(const std::function<void()> &change);
    void filterAgain();
    bool accepts(int row) const;
    void clearFilter();

    Settings &m_settings;
    QPointer<ClusterView> m_cluster;
    bool m_shown = false;
    bool m_changing =
        false; ///< rows change by themselves: the selection that follows is nobody's wish
    std::optional<std::string> m_chosen;
    QString m_needle;
    QTimer m_placeTimer;

    QLineEdit *m_filter; ///< made first: the keyboard reaches it before the table
    QCheckBox *m_internal;
    TopicModel *m_topics;
    DataTable *m_table;
    TopicDetailPanel *m_detail;
    QLabel *m_count;
    ListDetail *m_frame;
};

} // namespace redrive::ui
