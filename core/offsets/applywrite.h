#pragma once

#include "core/offsets/gather.h"
#include "core/offsets/readback.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What applying a plan and deleting a group have in common.

namespace redrive::offsets {

Error refused(std::string code, std::string message, std::string attempted);
std::string inWords(const TopicPartition &partition); ///< `orders[3]`

/// The permit has to be for that group.
Result<void> checkPermit(const kafka::Permit &permit, const GroupId &group);

/// GROUP_NOT_EMPTY, with who is in it, unless it is Empty or Dead. A state that cannot be told is
/// not taken for empty.
Result<void> checkEmpty(const GroupDescription &group);

/// Sends what differs from what is there: OffsetCommit and OffsetDelete, side by side. Waits for
/// the answers; a stop leaves two seconds for them.
void write(kafka::GroupAdmin &admin, const GroupId &group, std::vector<WrittenRow> &rows,
           const kafka::Permit &permit, const ApplyOptions &options, const std::stop_token &stop);

/// Between the journal's two entries: what was written is read back.
struct Journalled
{
    store::Journal &journal;
    std::string id;
    std::string plan;
    GroupId group;
};
Applied finish(const Journalled &journalled, std::vector<store::JournalRow> rows,
               store::JournalState state, const ApplyOptions &options);

void reach(const ApplyOptions &options, const char *place); ///< a fail point

} // namespace redrive::offsets
