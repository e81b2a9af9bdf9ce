#pragma once

#include "core/model/lag.h"
#include "core/monitor/history.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redrive::workspace {

enum class Connection
{
    Connecting, ///< nothing was ever answered
    Live,
    Stale, ///< it answered once; what is shown is from `since` or before
};

/// Something that went wrong and may still be wrong. Shown as one line however often it repeats.
struct Problem
{
    std::string id; ///< stable: same attempt and code on the same thing is the same problem
    Error error;
    std::string advice; ///< may be empty
    WallTime first{};
    WallTime last{};
    std::uint64_t count = 1;
    bool current = true; ///< false: the same attempt has succeeded since
    bool operator==(const Problem &) const = default;
};

struct TopicRow
{
    TopicInfo info;
    std::optional<std::int64_t>
        records; ///< Σ end − start: offsets, an upper bound on records; none when unknown
    std::vector<GroupId> readers; ///< groups with an assignment or a commit there, sorted
    bool readersKnown = false;
    bool operator==(const TopicRow &) const = default;
};

/// History of one line of a chart.
struct Series
{
    std::string name; ///< foreign text: topic/partition
    std::vector<monitor::HistoryPoint> points;
};

struct GroupHistory
{
    Series total;
    std::vector<Series> partitions; ///< same order as the detail's rows
};

/// Everything the window shows of one cluster, at one moment. Immutable; shared by pointer between
/// threads, parts that did not change are the same pointers as before.
struct ClusterSnapshot
{
    std::uint64_t sequence = 0;
    Connection connection = Connection::Connecting;
    WallTime since{}; ///< of `connection`; Stale: when the last answer came
    std::optional<Error> connectionError;
    std::string connectionAdvice;

    std::optional<ClusterInfo> cluster;
    std::shared_ptr<const std::vector<GroupSummary>> groups; ///< sorted by id; null: not listed yet
    std::shared_ptr<const std::vector<TopicRow>> topics; ///< sorted by name; null: not listed yet
    std::shared_ptr<const GroupDetail> focus;            ///< of the group asked for by setFocus()
    std::shared_ptr<const GroupHistory> focusHistory;
    /// total lag of each group lately, for sparklines: the newest at most 30 samples, none =
    /// unknown.
    std::shared_ptr<const std::map<GroupId, std::vector<std::optional<std::int64_t>>>> trends;
    std::vector<Problem> problems;

    std::optional<WallTime> refreshedAt;   ///< end of the last whole refresh
    std::optional<Millis> refreshDuration; ///< of the last whole refresh
    Millis interval{5000}; ///< as it is now; longer than configured when the cluster is slow
    bool slowed = false;   ///< interval was stretched
    bool paused = false;
    std::size_t progressDone = 0;      ///< of the refresh under way
    std::size_t progressTotal = 0;     ///< 0: none is under way
    std::uint64_t handlesReplaced = 0; ///< stuck client handles given up so far
    std::uint64_t historyDropped = 0;  ///< series evicted to keep the memory bound
};

} // namespace redrive::workspace
