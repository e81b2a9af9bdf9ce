#pragma once

#include "app/ctl/shapes.h"
#include "core/model/group.h"
#include "core/model/lag.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::ctl {

/// Σ end − start: offsets, an upper bound on records. None when a bound of one partition is
/// unknown.
std::optional<std::int64_t> recordsOf(const TopicInfo &topic, const OffsetTable &start,
                                      const OffsetTable &end);

/// Topics that a group has an assignment or a commit in.
std::set<std::string> topicsOf(const GroupDescription &description, const GroupOffsets &commits);

/// A group as a reader of one topic, if it is one. `ends` holds the topic's log ends.
std::optional<ReaderLine> readerOf(std::string_view topic, const GroupListing &listing,
                                   const GroupDescription &description, const GroupOffsets &commits,
                                   const OffsetTable &ends);

/// Says how many groups may be readers and could not be looked at, since they cannot be described
/// here; empty when there are none.
std::string lookedPast(const std::vector<GroupListing> &listings);

/// What kept a group from being read; a group that is gone meanwhile is no failure.
std::vector<Error> readingErrors(const GroupDescription &description, const GroupOffsets &commits);

} // namespace redrive::ctl
