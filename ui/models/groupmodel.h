#pragma once

#include "core/model/lag.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"

#include <QSet>
#include <QString>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace redrive::ui {

using GroupList = std::shared_ptr<const std::vector<GroupSummary>>;
using TrendValues = std::vector<std::optional<std::int64_t>>;
using TrendTable = std::shared_ptr<const std::map<GroupId, TrendValues>>;

enum class TrendWord
{
    Unknown,
    Steady,
    Rising,
    Falling
};

/// The direction of the newest samples against the oldest, with a tolerance of 5 %.
TrendWord trendOf(const TrendValues &values);

struct GroupRow
{
    const GroupSummary *summary = nullptr; ///< in the model's list
    const TrendValues *trend = nullptr;    ///< in the model's trends; null: no samples
    bool watched = false;
};

/// The groups of one cluster, one row a group.
class GroupModel : public RowTable<GroupRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Watched,
        Group,
        State,
        Lag,
        Trend,
        Members,
        Topics,
        Type,
        Protocol,
        Count
    };

    explicit GroupModel(QObject *parent = nullptr);

    void show(GroupList groups, TrendTable trends);
    void setWatched(const QSet<QString> &names);
    void setZone(TimeZone zone) { m_zone = zone; }
    void forget();

    /// Kafka's own name of the group, for asking about it again.
    const GroupId &groupAt(int row) const { return this->row(row).summary->listing.id; }
    /// -1 when there is no such group.
    int find(const GroupId &group) const;

    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

signals:
    void watchRequested(const QString &group, bool watched);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const GroupRow &a, const GroupRow &b) const override;
    bool same(const GroupRow &a, const GroupRow &b) const override;

private:
    QVariant text(const GroupRow &row, int column) const;
    QVariant bare(const GroupRow &row, int column) const;
    QString tip(const GroupRow &row, int column) const;

    GroupList m_groups;
    TrendTable m_trends;
    QSet<QString> m_watched;
    TimeZone m_zone = TimeZone::Utc;
};

/// As settings and places know a group.
QString groupName(const GroupId &group);

} // namespace redrive::ui
