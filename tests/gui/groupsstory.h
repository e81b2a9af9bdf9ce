#pragma once

#include "groupsfixture.h"

namespace redrive::test {

/// A cluster with something of everything, for pages to show.
inline std::shared_ptr<Snapshot> storySnapshot()
{
    std::vector<GroupSummary> groups;
    groups.push_back(summaryOf("billing", 18'402));
    groups.back().members = 3;
    groups.back().protocol = "range";
    groups.back().topics = {"orders", "payments"};
    groups.push_back(summaryOf("search-indexer", 214));
    groups.back().listing.type = GroupType::Consumer;
    groups.push_back(summaryOf("audit", 9'120, GroupState::Empty));
    groups.push_back(summaryOf("notifications", 37, GroupState::PreparingRebalance));
    groups.push_back(summaryOf("orders-loader", 0));
    groups.push_back(summaryOf("recommendations", 1'204'553, std::nullopt));
    groups.back().listing.type = GroupType::Consumer;
    groups.back().unknownLags = 2;
    groups.push_back(summaryOf("warehouse-sync", 77, GroupState::Dead));
    groups.push_back(summaryOf("snapshot-tool", 5, GroupState::Empty));
    groups.back().listing.protocolType = "";
    groups.push_back(summaryOf("connect-s3-sink", 12));
    groups.back().listing.protocolType = "connect";
    groups.push_back(summaryOf("legacy-share", std::nullopt, std::nullopt));
    groups.back().listing.type.reset();
    groups.back().listing.protocolType.reset();
    groups.back().listing.error = Error{.kind = Error::Kind::Unsupported,
                                        .code = "GROUP_NOT_DESCRIBABLE",
                                        .message = "share, streams or foreign type",
                                        .attempted = "describing group legacy-share",
                                        .retriable = false};
    groups.back().topics.clear();
    groups.back().partitions = 0;
    groups.push_back(summaryOf("restricted", std::nullopt));
    groups.back().error =
        brokerError("reading offsets of group restricted", "Broker: Group authorization failed",
                    "GROUP_AUTHORIZATION_FAILED");
    groups.back().topics.clear();
    groups.back().partitions = 0;
    groups.push_back(summaryOf("<b>bold</b>\n\xe2\x80\xae"
                               "desrever",
                               3));
    groups.push_back(summaryOf(
        "com.example.platform.ordering.fulfilment.shipment-confirmation-projection-rebuilder."
        "production.eu-central-1.blue",
        640));
    auto snapshot = snapshotOf(std::move(groups));
    auto trends = std::make_shared<std::map<GroupId, std::vector<std::optional<std::int64_t>>>>();
    for (const GroupSummary &group : *snapshot->groups) {
        auto &values = (*trends)[group.listing.id];
        if (!group.totalLag)
            continue;
        const auto lag = *group.totalLag;
        const auto kind = group.listing.id.value().size() % 3;
        for (int i = 0; i < 30; ++i)
            values.push_back(kind == 0   ? lag
                             : kind == 1 ? lag * (60 - i) / 30
                                         : lag * (10 + i) / 40);
    }
    snapshot->trends = std::move(trends);
    return snapshot;
}

inline GroupDetail storyDetail(const Snapshot &snapshot)
{
    const GroupSummary &billing =
        *std::ranges::find(*snapshot.groups, GroupId("billing"),
                           [](const GroupSummary &group) { return group.listing.id; });
    std::vector<PartitionLag> rows;
    for (int p = 0; p < 6; ++p)
        rows.push_back(partitionOf("orders", p, 36'000 + p * 17 - (p == 3 ? 18'000 : 40), 36'622,
                                   static_cast<std::size_t>(p / 2)));
    rows[1].committed = rows[1].logEnd;
    rows[1].lag = 0;
    rows[1].condition = Condition::Idle;
    PartitionLag lost = partitionOf("payments", 0, 1'200, 9'000, 2);
    lost.logStart = Offset(4'000);
    lost.lost = 2'800;
    lost.condition = Condition::RecordsLost;
    lost.metadata = "checkpoint=1200;host=\xff\x01";
    PartitionLag open = partitionOf("payments", 1, 8'800, 9'000, 2);
    open.stableEnd = Offset(8'900);
    open.condition = Condition::OpenTransaction;
    PartitionLag never = partitionOf("payments", 2, std::nullopt, 500, 2);
    PartitionLag failed;
    failed.partition = {"payments", 3};
    failed.committed = Offset(77);
    failed.error = brokerError("reading the log end of payments/3", "Broker: Leader not available",
                               "LEADER_NOT_AVAILABLE");
    PartitionLag beyond = partitionOf("returns", 0, 90, 120);
    beyond.committed = Offset(500);
    beyond.lag.reset();
    beyond.condition = Condition::BeyondEnd;
    rows.insert(rows.end(), {lost, open, never, failed, beyond});
    std::vector<GroupMember> members;
    for (int m = 0; m < 3; ++m) {
        std::vector<TopicPartition> assignment{{"orders", 2 * m}, {"orders", 2 * m + 1}};
        if (m == 2)
            assignment.insert(assignment.end(),
                              {{"payments", 0}, {"payments", 1}, {"payments", 2}});
        members.push_back(memberOf("billing-" + std::to_string(m + 1), std::move(assignment)));
    }
    members[0].instanceId = "billing-a";
    GroupDetail detail = detailOf(billing, std::move(members), std::move(rows));
    detail.notes = {"The last stable offsets of 1 partition could not be read."};
    return detail;
}

inline workspace::GroupHistory storyHistory(const GroupDetail &detail)
{
    workspace::GroupHistory history;
    int p = 0;
    for (const PartitionLag &lag : detail.partitions) {
        ++p;
        history.partitions.push_back(seriesOf(
            lag.partition.topic + "/" + std::to_string(lag.partition.partition), 180, [&](int i) {
                const auto step = (i * 31 + p * 977) % 300;
                return i > 60 && i < 70 ? std::optional<std::int64_t>()
                       : lag.lag        ? *lag.lag * (60 + i) / 240 + step
                                        : std::optional<std::int64_t>();
            }));
    }
    history.total = seriesOf("", 180, [&](int i) {
        std::optional<std::int64_t> sum;
        for (const workspace::Series &series : history.partitions) {
            if (const auto value = series.points[static_cast<std::size_t>(i)].last)
                sum = sum.value_or(0) + *value;
        }
        return sum;
    });
    return history;
}

} // namespace redrive::test
