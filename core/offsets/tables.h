#pragma once

#include "core/base/error.h"
#include "core/model/group.h"
#include "core/offsets/target.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace redrive::offsets {

/// `topic,partition,offset`, as kafka-consumer-groups --export writes it for one group.
std::string toCsv(const GroupOffsets &offsets);
/// Also reads the tool's `group,topic,partition,offset`; lines of other groups are refused, naming
/// them, when `group` is given. Errors name the line.
Result<CommitTable> fromCsv(std::string_view text, const std::optional<GroupId> &group = {});

/// A group's commits with epochs and metadata (JSON), to be gone back to with `snapshot:FILE`.
struct OffsetsSnapshot
{
    std::string clusterId;
    GroupId group;
    WallTime time{};
    CommitTable commits;
    bool operator==(const OffsetsSnapshot &) const = default;
};
std::string toJson(const OffsetsSnapshot &snapshot);
Result<OffsetsSnapshot> snapshotFromJson(std::string_view text);

/// At most 64 MiB; more is refused.
Result<std::string> readFile(const std::filesystem::path &file);
/// Written beside and renamed over; mode 0600.
Result<void> writeFile(const std::filesystem::path &file, std::string_view text);

} // namespace redrive::offsets
