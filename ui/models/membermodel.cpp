#include "ui/models/membermodel.h"

#include "ui/format/format.h"
#include "ui/models/cells.h"
#include "ui/theme/tokens.h"

#include <QStringList>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

std::vector<TopicPartition> without(const std::vector<TopicPartition> &from,
                                    const std::vector<TopicPartition> &these)
{
    std::vector<TopicPartition> rest;
    std::ranges::set_difference(from, these, std::back_inserter(rest));
    return rest;
}

QString remark(const MemberRow &row)
{
    QStringList words;
    if (row.slowestShare)
        words << MemberModel::tr("slowest: %1 % of the lag").arg(*row.slowestShare);
    const GroupMember &member = *row.member;
    if (member.target && *member.target != member.assignment) {
        const auto coming = without(*member.target, member.assignment).size();
        const auto going = without(member.assignment, *member.target).size();
        words << MemberModel::tr("on the way to its target: %1 to come, %2 to go")
                     .arg(coming)
                     .arg(going);
    }
    return words.join(u"; "_s);
}

QString text(const MemberRow &row, int column)
{
    const GroupMember &member = *row.member;
    switch (column) {
    case MemberModel::ClientId: return foreign(member.clientId);
    case MemberModel::MemberId: return foreign(member.memberId);
    case MemberModel::InstanceId:
        return member.instanceId ? foreign(*member.instanceId) : unknownText();
    case MemberModel::Host: return foreign(member.host);
    case MemberModel::Partitions: return QString::number(member.assignment.size());
    case MemberModel::Lag: return number(row.lag);
    case MemberModel::Remark: return remark(row);
    case MemberModel::Assignment: return assignmentText(member.assignment);
    case MemberModel::Target: return member.target ? assignmentText(*member.target) : unknownText();
    default: return {};
    }
}

QVariant bare(const MemberRow &row, int column)
{
    const GroupMember &member = *row.member;
    switch (column) {
    case MemberModel::ClientId: return QString::fromStdString(member.clientId);
    case MemberModel::MemberId: return QString::fromStdString(member.memberId);
    case MemberModel::InstanceId:
        return member.instanceId ? QVariant(QString::fromStdString(*member.instanceId))
                                 : QVariant();
    case MemberModel::Host: return QString::fromStdString(member.host);
    case MemberModel::Partitions: return static_cast<qlonglong>(member.assignment.size());
    case MemberModel::Lag: return bareNumber(row.lag);
    case MemberModel::Remark: {
        const QString words = remark(row);
        return words.isEmpty() ? QVariant() : QVariant(words);
    }
    case MemberModel::Assignment:
        return member.assignment.empty() ? QVariant() : QVariant(assignmentText(member.assignment));
    case MemberModel::Target:
        return member.target && !member.target->empty() ? QVariant(assignmentText(*member.target))
                                                        : QVariant();
    default: return {};
    }
}

QString tip(const MemberRow &row, int column)
{
    switch (column) {
    case MemberModel::InstanceId:
        return row.member->instanceId ? text(row, column) : MemberModel::tr("Not a static member.");
    case MemberModel::Lag:
        if (!row.lag)
            return row.member->assignment.empty()
                       ? MemberModel::tr("It has no partition.")
                       : MemberModel::tr("The lag of none of its partitions is known.");
        return row.unknownLags == 0 ? QString()
                                    : MemberModel::tr("Without %1 partitions whose lag is unknown.")
                                          .arg(row.unknownLags);
    case MemberModel::Assignment:
        return row.member->assignment.empty() ? MemberModel::tr("It has no partition.")
                                              : text(row, column);
    case MemberModel::Target:
        return row.member->target ? text(row, column)
                                  : MemberModel::tr("Only KIP-848 groups have target assignments.");
    default: return text(row, column);
    }
}

/// Marks the member that has at least half of a lag that several members share.
void markSlowest(std::vector<MemberRow> &rows)
{
    std::int64_t sum = 0;
    for (const MemberRow &row : rows)
        sum += row.lag.value_or(0);
    if (rows.size() < 2 || sum <= 0)
        return;
    const auto slowest = std::ranges::max_element(
        rows, {}, [](const MemberRow &row) { return row.lag.value_or(0); });
    const double share = 100.0 * static_cast<double>(*slowest->lag) / static_cast<double>(sum);
    if (share * static_cast<double>(rows.size()) > 110)
        slowest->slowestShare = static_cast<int>(share);
}

} // namespace

MemberModel::MemberModel(QObject *parent)
    : RowTable({{tr("Client id"), u"client_id"_s, {}, false, false},
                {tr("Host"), u"host"_s, {}, false, false},
                {tr("Partitions"), u"partitions"_s, {}, true},
                {tr("Lag"), u"lag"_s, tr("Sum over its partitions, where known"), true},
                {tr("Remark"), u"remark"_s, {}},
                {tr("Assignment"), u"assignment"_s, {}},
                {tr("Target"), u"target"_s, tr("What a KIP-848 group wants this member to have")},
                {tr("Instance id"), u"instance_id"_s, tr("group.instance.id of static members"),
                 false, false},
                {tr("Member id"), u"member_id"_s, {}, false, false}},
               parent)
{
}

void MemberModel::show(std::shared_ptr<const GroupDetail> detail)
{
    std::vector<MemberRow> next;
    if (detail) {
        const auto &members = detail->description.members;
        for (const GroupMember &member : members)
            next.push_back({&member, std::nullopt, 0, std::nullopt});
        for (const PartitionLag &lag : detail->partitions) {
            if (!lag.member || *lag.member >= next.size())
                continue;
            MemberRow &row = next[*lag.member];
            if (lag.lag)
                row.lag = row.lag.value_or(0) + *lag.lag;
            else
                ++row.unknownLags;
        }
        markSlowest(next);
        std::ranges::stable_sort(next, [this](const auto &a, const auto &b) { return less(a, b); });
    }
    update(std::move(next)); // compares with rows that point into the detail replaced below
    m_detail = std::move(detail);
}

bool MemberModel::hasTargets() const
{
    return std::ranges::any_of(rows(),
                               [](const MemberRow &row) { return row.member->target.has_value(); });
}

bool MemberModel::hasInstances() const
{
    return std::ranges::any_of(
        rows(), [](const MemberRow &row) { return row.member->instanceId.has_value(); });
}

bool MemberModel::hasRemarks() const
{
    return std::ranges::any_of(rows(), [](const MemberRow &row) { return !remark(row).isEmpty(); });
}

QVariant MemberModel::cell(int number, int column, int role) const
{
    const MemberRow &row = this->row(number);
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return tip(row, column);
    case SortRole:
    case RawRole: return bare(row, column);
    case Qt::ForegroundRole:
        if (column == Remark)
            return theme::color(theme::Token::Warning);
        if (column == MemberId || column == InstanceId || column == Host)
            return theme::color(theme::Token::MutedText);
        return {};
    default: return {};
    }
}

bool MemberModel::less(const MemberRow &a, const MemberRow &b) const
{
    return std::tie(a.member->clientId, a.member->memberId) <
           std::tie(b.member->clientId, b.member->memberId);
}

bool MemberModel::same(const MemberRow &a, const MemberRow &b) const
{
    return a.lag == b.lag && a.unknownLags == b.unknownLags && a.slowestShare == b.slowestShare &&
           *a.member == *b.member;
}

AssignmentModel::AssignmentModel(QObject *parent)
    : RowTable({{tr("Topic"), u"topic"_s, {}, false, false},
                {tr("Partition"), u"partition"_s, {}, true, false},
                {tr("Lag"), u"lag"_s, {}, true},
                {tr("Assignment"), u"assignment"_s, {}}},
               parent)
{
}

void AssignmentModel::show(const GroupDetail *detail, const std::string &memberId)
{
    std::vector<AssignmentRow> next;
    if (detail) {
        const auto &members = detail->description.members;
        const auto member = std::ranges::find(members, memberId, &GroupMember::memberId);
        if (member != members.end()) {
            using Kind = AssignmentRow::Kind;
            const auto target = member->target.value_or(member->assignment);
            for (const TopicPartition &tp : member->assignment)
                next.push_back({tp, Kind::Owned, std::nullopt});
            for (const TopicPartition &tp : without(member->assignment, target))
                std::ranges::find(next, tp, &AssignmentRow::partition)->kind = Kind::Going;
            for (const TopicPartition &tp : without(target, member->assignment))
                next.push_back({tp, Kind::Coming, std::nullopt});
            std::ranges::sort(next, {}, &AssignmentRow::partition);
            for (AssignmentRow &row : next) {
                const auto lag = std::ranges::lower_bound(detail->partitions, row.partition, {},
                                                          &PartitionLag::partition);
                if (lag != detail->partitions.end() && lag->partition == row.partition)
                    row.lag = lag->lag;
            }
        }
    }
    update(std::move(next));
}

QVariant AssignmentModel::cell(int number, int column, int role) const
{
    const AssignmentRow &row = this->row(number);
    const auto word = [&] {
        switch (row.kind) {
        case AssignmentRow::Kind::Owned: return tr("● owned");
        case AssignmentRow::Kind::Coming: return tr("◐ to come");
        case AssignmentRow::Kind::Going: return tr("◑ to go");
        }
        return QString();
    };
    switch (role) {
    case Qt::DisplayRole:
        switch (column) {
        case Topic: return foreign(row.partition.topic);
        case Partition: return QString::number(row.partition.partition);
        case Lag: return ui::number(row.lag);
        default: return word();
        }
    case SortRole:
    case RawRole:
        switch (column) {
        case Topic: return QString::fromStdString(row.partition.topic);
        case Partition: return static_cast<qlonglong>(row.partition.partition);
        case Lag: return bareNumber(row.lag);
        default: return word().mid(2);
        }
    case Qt::ToolTipRole:
        if (column == Lag && !row.lag)
            return tr("The Partitions tab says why.");
        return {};
    default: return {};
    }
}

bool AssignmentModel::less(const AssignmentRow &a, const AssignmentRow &b) const
{
    return a.partition < b.partition;
}

bool AssignmentModel::same(const AssignmentRow &a, const AssignmentRow &b) const
{
    return a.kind == b.kind && a.lag == b.lag;
}

} // namespace redrive::ui
