#pragma once

#include "app/ctl/shapes.h"
#include "app/ctl/texttable.h"

#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// How tables are drawn.
struct Look
{
    bool colour = false;
    bool local = false; ///< times in the local zone, else UTC; always with the zone
};

/// "● Stable", "◐ PreparingRebalance", "○ Empty", "✕ Dead", "? unknown"
Cell stateCell(const std::optional<GroupState> &state);
/// The condition in words; lost records counted, the unknown with its reason.
Cell conditionCell(const PartitionLag &row);
/// "2026-11-21 10:00:00 UTC"
std::string clockText(WallTime time, bool local);

/// Which columns of `groups list` were asked for.
struct GroupColumns
{
    bool members = false;
    bool lag = false;
};
std::string groupsTable(const std::vector<GroupRow> &rows, GroupColumns columns, const Look &look);
/// A block: what the group is, its members, its partitions.
std::string groupBlock(const GroupDetail &detail, const Look &look);
std::string topicsTable(const std::vector<TopicLine> &lines, bool readers, const Look &look);
std::string readersTable(const std::vector<ReaderLine> &lines, const Look &look);
std::string clusterTable(const ClusterOverview &cluster, const Look &look);
/// Without what is of the file as a whole.
std::string profilesTable(const std::vector<ProfileLine> &lines, const Look &look);
std::string profileBlock(const workspace::Profile &profile, const Look &look);

} // namespace redrive::ctl
