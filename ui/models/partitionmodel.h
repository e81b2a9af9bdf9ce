#pragma once

#include "core/model/lag.h"
#include "ui/models/rowtable.h"

#include <memory>
#include <string>

namespace redrive::ui {

struct PartitionRow
{
    const PartitionLag *lag = nullptr;  ///< in the model's detail
    const GroupMember *owner = nullptr; ///< null: nobody
};

/// The partitions of the group looked at: where it stands in each.
class PartitionModel : public RowTable<PartitionRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Topic,
        Partition,
        Committed,
        LogStart,
        LogEnd,
        StableEnd,
        Lag,
        ConditionWord,
        Lost,
        Owner,
        Metadata,
        Problem,
        Count
    };

    explicit PartitionModel(QObject *parent = nullptr);

    /// Null: nothing is known of the group.
    void show(std::shared_ptr<const GroupDetail> detail);

    /// Columns that most groups have nothing to say in are shown once a row needs them.
    bool hasStableEnds() const; ///< one lies below the log end
    bool hasLosses() const;
    bool hasMetadata() const;
    bool hasProblems() const;

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const PartitionRow &a, const PartitionRow &b) const override;
    bool same(const PartitionRow &a, const PartitionRow &b) const override;

private:
    std::shared_ptr<const GroupDetail> m_detail;
};

} // namespace redrive::ui
