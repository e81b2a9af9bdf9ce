#pragma once

#include "core/model/lag.h"
#include "ui/models/rowtable.h"

#include <memory>
#include <optional>

namespace redrive::ui {

struct MemberRow
{
    const GroupMember *member = nullptr; ///< in the model's detail
    std::optional<std::int64_t> lag;     ///< of its partitions, where known
    std::size_t unknownLags = 0;
    std::optional<int>
        slowestShare; ///< per cent of the group's lag, for the member that has most of it
};

/// Who is in the group that is looked at, what each was given, and which of them is behind.
class MemberModel : public RowTable<MemberRow>
{
    Q_OBJECT
public:
    enum Column
    {
        ClientId,
        Host,
        Partitions,
        Lag,
        Remark,
        Assignment,
        Target,
        InstanceId,
        MemberId,
        Count
    };

    explicit MemberModel(QObject *parent = nullptr);

    void show(std::shared_ptr<const GroupDetail> detail);
    bool hasTargets() const;   ///< KIP-848
    bool hasInstances() const; ///< static membership
    bool hasRemarks() const;

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const MemberRow &a, const MemberRow &b) const override;
    bool same(const MemberRow &a, const MemberRow &b) const override;

private:
    std::shared_ptr<const GroupDetail> m_detail;
};

struct AssignmentRow
{
    enum class Kind
    {
        Owned,
        Coming,
        Going
    };
    TopicPartition partition;
    Kind kind = Kind::Owned;
    std::optional<std::int64_t> lag;
};

/// What one member has been assigned, and for KIP-848 what its target still adds or takes away.
class AssignmentModel : public RowTable<AssignmentRow>
{
    Q_OBJECT
public:
    enum Column
    {
        Topic,
        Partition,
        Lag,
        Assignment,
        Count
    };

    explicit AssignmentModel(QObject *parent = nullptr);

    /// An empty list when there is no such member.
    void show(const GroupDetail *detail, const std::string &memberId);

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const AssignmentRow &a, const AssignmentRow &b) const override;
    bool same(const AssignmentRow &a, const AssignmentRow &b) const override;
};

} // namespace redrive::ui
