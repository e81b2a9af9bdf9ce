#pragma once

#include "core/workspace/snapshot.h"
#include "ui/bridge/clusterview.h"
#include "ui/settings/settings.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QWidget>
#include <QtTest>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace redrive::test {

/// 2026-11-21 11:03:22.114 UTC
inline WallTime noon()
{
    using namespace std::chrono;
    return sys_days(year(2026) / November / 21) + hours(11) + minutes(3) + seconds(22) +
           milliseconds(114);
}

inline Error brokerError(std::string attempted, std::string message, std::string code)
{
    return {.kind = Error::Kind::Broker,
            .code = std::move(code),
            .message = std::move(message),
            .attempted = std::move(attempted),
            .retriable = std::nullopt};
}

inline GroupSummary summaryOf(const std::string &name, std::optional<std::int64_t> lag,
                              std::optional<GroupState> state = GroupState::Stable)
{
    GroupSummary summary;
    summary.listing.id = GroupId(name);
    summary.listing.state = state;
    summary.listing.type = GroupType::Classic;
    summary.listing.protocolType = "consumer";
    summary.totalLag = lag;
    summary.partitions = 6;
    summary.topics = {"orders"};
    summary.offsetsReadAt = noon();
    return summary;
}

inline PartitionLag partitionOf(const std::string &topic, std::int32_t partition,
                                std::optional<std::int64_t> committed, std::int64_t end,
                                std::optional<std::size_t> member = std::nullopt)
{
    PartitionLag lag;
    lag.partition = {topic, partition};
    lag.logStart = Offset(0);
    lag.logEnd = Offset(end);
    lag.stableEnd = Offset(end);
    lag.member = member;
    if (committed) {
        lag.committed = Offset(*committed);
        lag.lag = end - *committed;
        lag.condition = *committed == end ? Condition::Idle : Condition::Ok;
    } else {
        lag.condition = Condition::NoCommit;
    }
    return lag;
}

inline GroupMember memberOf(const std::string &client, std::vector<TopicPartition> assignment,
                            std::optional<std::vector<TopicPartition>> target = std::nullopt)
{
    GroupMember member;
    member.clientId = client;
    member.memberId = client + "-5f1c3d9e-7a52-4c0e-9d21-0c7b8a5f4e11";
    member.host = "/10.0.0.5";
    member.assignment = std::move(assignment);
    member.target = std::move(target);
    return member;
}

inline GroupDetail detailOf(const GroupSummary &summary, std::vector<GroupMember> members,
                            std::vector<PartitionLag> partitions)
{
    GroupDetail detail;
    detail.listing = summary.listing;
    detail.description.id = summary.listing.id;
    detail.description.state = summary.listing.state;
    detail.description.type = summary.listing.type;
    detail.description.protocol = "range";
    detail.description.coordinator = Broker{2, "broker-2.kafka.svc", 9092, std::nullopt};
    detail.description.members = std::move(members);
    detail.description.readAt = noon();
    detail.commitsReadAt = noon();
    detail.endsReadAt = noon() + Millis(87);
    for (const PartitionLag &lag : partitions) {
        if (lag.lag)
            detail.totalLag = detail.totalLag.value_or(0) + *lag.lag;
        else
            ++detail.unknownLags;
    }
    detail.partitions = std::move(partitions);
    return detail;
}

/// A day's end: `count` samples 5 s apart up to noon(), values from `of`.
template <typename Of>
workspace::Series seriesOf(const std::string &name, int count, Of of)
{
    workspace::Series series;
    series.name = name;
    for (int i = 0; i < count; ++i) {
        const std::optional<std::int64_t> value = of(i);
        const std::int64_t known = value.value_or(0);
        series.points.push_back({noon() - Millis(5000) * (count - 1 - i), value, known, known});
    }
    return series;
}

using Snapshot = workspace::ClusterSnapshot;

inline std::shared_ptr<Snapshot> snapshotOf(std::vector<GroupSummary> groups)
{
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->connection = workspace::Connection::Live;
    snapshot->since = noon();
    snapshot->refreshedAt = noon();
    std::ranges::sort(groups, {}, [](const GroupSummary &group) { return group.listing.id; });
    auto trends = std::make_shared<std::map<GroupId, std::vector<std::optional<std::int64_t>>>>();
    for (const GroupSummary &group : groups)
        (*trends)[group.listing.id] = {group.totalLag, group.totalLag};
    snapshot->trends = std::move(trends);
    snapshot->groups = std::make_shared<const std::vector<GroupSummary>>(std::move(groups));
    return snapshot;
}

inline void focus(Snapshot &snapshot, GroupDetail detail)
{
    snapshot.focus = std::make_shared<const GroupDetail>(std::move(detail));
}

/// Keeps the person's own settings out of the tests, and what tests remember out of each other:
/// each process has a directory of its own.
inline void isolateSettings()
{
    static const QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toLocal8Bit());
}

/// To be called before each test function. The offscreen platform's own remark is nobody's fault.
inline void failOnWarnings()
{
    QTest::failOnWarning(
        QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
}

/// Shown, and with the keyboard.
inline void bringUp(QWidget &window)
{
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
}

} // namespace redrive::test
