#pragma once

#include "core/offsets/target.h"
#include "ui/bridge/clusterview.h"

#include <QHash>
#include <QPointer>
#include <QWidget>

#include <cstdint>
#include <map>
#include <set>
#include <string>

class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace redrive::ui {

/// What a plan is about: the topics of the group, beneath each its partitions, and a field for a
/// topic that the group has never read. Nothing is ticked by itself.
class ResetScope : public QWidget
{
    Q_OBJECT
public:
    ResetScope(ClusterView *cluster, GroupId group, QWidget *parent = nullptr);

    offsets::Scope scope() const;
    /// Ticks that and nothing else; topics that are not known yet are added.
    void choose(const offsets::Scope &scope);
    /// Takes in what the cluster shows now; ticks stay.
    void refresh();
    /// What the plan found that the group has committed to.
    void know(const std::vector<TopicPartition> &partitions);

signals:
    void changed();

private:
    QTreeWidgetItem *topicItem(const std::string &topic);
    void addPartitions(const std::string &topic, const std::set<std::int32_t> &partitions);
    void showCount(QTreeWidgetItem *item);
    void showCompletions();
    void addTyped();
    void tickAll(bool ticked);
    void tell();

    QPointer<ClusterView> m_cluster;
    GroupId m_group;
    std::map<std::string, QTreeWidgetItem *> m_topics;
    /// Those of which partitions were named: what is found of them later is not meant.
    std::set<std::string> m_byPartition;
    offsets::Scope m_told;
    bool m_isFilling = false;
    QTreeWidget *m_tree;
    QLineEdit *m_newTopic;
    QPushButton *m_add;
};

} // namespace redrive::ui
