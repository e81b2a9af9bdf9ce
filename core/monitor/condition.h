#pragma once

#include "core/model/lag.h"

#include <optional>
#include <string>

namespace redrive::monitor {

/// What is known of one partition of a group when its condition is to be named. Each part may be
/// unknown by itself.
struct PartitionFacts
{
    enum class Commit
    {
        None,
        Some,
        Unknown
    };

    Commit commit = Commit::Unknown;
    std::optional<Offset> committed; ///< with Commit::Some
    std::optional<Offset> start;
    std::optional<Offset> end;
    std::optional<Offset> stable;
    std::optional<TailAnswer> tail;
    std::optional<bool> topicGone;
    std::optional<bool> unsubscribed;
};

struct Verdict
{
    std::optional<Condition> condition;
    std::string note; ///< why none can be named, or what the named one rests on
    bool operator==(const Verdict &) const = default;
};

/// Goes through the conditions in their order and names the first that holds. Stops without a name
/// at the first that can neither be affirmed nor ruled out, since what comes after it might then be
/// wrong (G5).
Verdict judge(const PartitionFacts &facts);

} // namespace redrive::monitor
