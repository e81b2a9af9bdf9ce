#pragma once

#include "core/workspace/snapshot.h"
#include "ui/models/groupmodel.h"
#include "ui/models/rowtable.h"

#include <memory>
#include <string>
#include <vector>

namespace redrive::ui {

using TopicList = std::shared_ptr<const std::vector<workspace::TopicRow>>;

/// What is wrong with a topic or its partitions, in one line; empty when nothing is.
QString problemOf(const TopicInfo &topic);

struct TopicEntry
{
    const workspace::TopicRow *topic = nullptr; ///< in the model's list
};

/// The topics of one cluster.
class TopicModel : public RowTable<TopicEntry>
{
    Q_OBJECT
public:
    enum Column
    {
        Topic,
        Partitions,
        Records,
        Readers,
        Kind,
        Problem,
        Count
    };

    explicit TopicModel(QObject *parent = nullptr);

    void show(TopicList topics);
    void forget();
    const workspace::TopicRow &topicAt(int row) const { return *this->row(row).topic; }
    int find(const std::string &topic) const; ///< -1: no such topic

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const TopicEntry &a, const TopicEntry &b) const override;
    bool same(const TopicEntry &a, const TopicEntry &b) const override;

private:
    TopicList m_topics;
};

struct ReaderRow
{
    GroupId group;
    const GroupSummary *summary = nullptr; ///< in the model's list; null: not listed
};

/// The groups that read one topic.
class ReaderModel : public RowTable<ReaderRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Group,
        State,
        Members,
        Lag,
        Count
    };

    explicit ReaderModel(QObject *parent = nullptr);

    /// Null: no topic is looked at.
    void show(const workspace::TopicRow *topic, GroupList groups);
    void forget();

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const ReaderRow &a, const ReaderRow &b) const override;
    bool same(const ReaderRow &a, const ReaderRow &b) const override;

private:
    GroupList m_groups;
};

/// The partitions of one topic, and who leads them.
class TopicPartitionModel : public RowTable<TopicInfo::Partition>
{
    Q_OBJECT
public:
    enum Column
    {
        Partition,
        Leader,
        Problem,
        Count
    };

    explicit TopicPartitionModel(QObject *parent = nullptr);

    void show(const TopicInfo *topic);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const TopicInfo::Partition &a, const TopicInfo::Partition &b) const override;
    bool same(const TopicInfo::Partition &a, const TopicInfo::Partition &b) const override;
};

} // namespace redrive::ui
