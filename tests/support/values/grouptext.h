#pragma once

#include "core/model/lag.h"

#include <string>
#include <string_view>
#include <vector>

namespace redrive::twin {

/// All that was read about one group, as the pure functions of core/monitor take it.
struct GroupCase
{
    GroupListing listing;
    GroupDescription description;
    GroupOffsets commits;
    LogBounds bounds;
};

/// An error as a broker gives it; its kind follows from the code (`_TIMED_OUT`, `_TRANSPORT`,
/// `…_AUTHORIZATION_FAILED`).
Error brokerError(std::string code, std::string attempted = {});

/// A case as a reader sees it:
///
///     group billing Stable consumer describe=!COORDINATOR_NOT_AVAILABLE commits=!_TIMED_OUT
///     member c3
///     orders/0  member=c1  target=c2  committed=100  start=0  end=120  stable=118  last=115
///
/// `?` for the state is one that cannot be told. Offsets are a number, `-` (none), `?` (not asked)
/// or `!CODE` (failed). With an end, the start is 0 and the stable end is the end unless they are
/// given; a failed end fails both. `last` is the last record with data in the tail, `-` where there
/// are only markers. Members are made as they are named.
GroupCase groupCase(std::string_view text);

/// "orders/0 member=c1 committed=100 lag=20 ok", with `lost=`, `!CODE` of the row's error and
/// `(note)` where there are.
std::string toText(const PartitionLag &row, const std::vector<GroupMember> &members);
std::string toText(const GroupDetail &detail);

} // namespace redrive::twin
