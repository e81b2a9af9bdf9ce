#pragma once

#include "core/model/lag.h"

#include <string>
#include <vector>

namespace redrive::monitor {

/// Reads of the tail begin this far before the log end, and only partitions at most this far behind
/// are suspected of having nothing but transaction markers left.
inline constexpr std::int64_t markerWindow = 32;

/// The rows of one group: every partition that is committed or assigned (G4, G5). Pure: what is not
/// in the arguments is unknown in the result, and one partition's error stays in its row.
std::vector<PartitionLag> partitionLags(const GroupDescription &description,
                                        const GroupOffsets &commits, const LogBounds &bounds);

/// The rows that may have nothing but markers left and are worth a read of the tail, the smallest
/// lags first.
std::vector<TopicPartition> suspects(const std::vector<PartitionLag> &rows);

/// Puts everything together: rows, sums, errors, notes.
GroupDetail groupDetail(const GroupListing &listing, const GroupDescription &description,
                        const GroupOffsets &commits, const LogBounds &bounds);

/// The lighter sum for lists: commits against log ends alone.
GroupSummary groupSummary(const GroupListing &listing, const GroupOffsets &commits,
                          const OffsetTable &ends);

} // namespace redrive::monitor
