#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace redrive {

/// A record's header. Null and empty values are two things, and a name may come more than once.
struct Header
{
    std::string name;
    std::optional<std::string> value;
    bool operator==(const Header &) const = default;
};

/// An ordered multimap: order and repeats are kept.
using Headers = std::vector<Header>;

/// The value of the last header of that name, which is the one that counts (KIP-82); null where
/// there is none, or where it is null.
inline const std::string *lastHeader(const Headers &headers, std::string_view name)
{
    for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
        if (header->name == name)
            return header->value ? &*header->value : nullptr;
    }
    return nullptr;
}

enum class TimestampType : std::uint8_t
{
    None,
    CreateTime,
    LogAppendTime
};

/// A record as it lies in a batch that was read: its bytes belong to the batch and live as long.
/// Null and empty keys and values are different things.
struct RecordView
{
    std::string_view topic;
    std::int32_t partition = 0;
    TimestampType timestampType = TimestampType::None;
    std::int64_t offset = 0;
    std::int64_t timestamp = -1; ///< ms since the epoch; meaningless where the type is None
    std::optional<std::int32_t> leaderEpoch;
    std::optional<std::string_view> key;
    std::optional<std::string_view> value;

    /// Copied out on demand, since few records are asked for theirs.
    Headers headers() const { return readHeaders ? readHeaders(source) : Headers{}; }

    const void *source = nullptr; ///< what readHeaders() is given
    Headers (*readHeaders)(const void *source) = nullptr;
};

/// Something to be written. Bytes are sent as they are; null is not empty.
struct OutgoingRecord
{
    std::string topic;
    std::optional<std::int32_t> partition; ///< none: by key, as Kafka's Java clients do (murmur2)
    std::optional<std::string> key;
    std::optional<std::string> value;
    Headers headers;
    std::optional<WallTime> timestamp; ///< none: now
};

/// The next offset that a group is to read in a partition, as it is committed (KIP-320: with the
/// epoch of the leader that the record before it was read from).
struct Position
{
    TopicPartition partition;
    Offset next;
    std::optional<std::int32_t> leaderEpoch;
    bool operator==(const Position &) const = default;
};

} // namespace redrive
