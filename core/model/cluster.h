#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace redrive {

struct Broker
{
    std::int32_t id = 0;
    std::string host; ///< as the broker advertises it
    int port = 0;
    std::optional<std::string> rack;
    bool operator==(const Broker &) const = default;
};

struct ClusterInfo
{
    std::string clusterId;
    std::optional<std::int32_t> controllerId;
    std::vector<Broker> brokers; ///< by id
    bool operator==(const ClusterInfo &) const = default;
};

/// A topic as metadata tells it. A topic with an error (no permission, leader missing) keeps what
/// is known.
struct TopicInfo
{
    struct Partition
    {
        std::int32_t id = 0;
        std::optional<std::int32_t> leader; ///< none while leaderless
        std::optional<Error> error;
        bool operator==(const Partition &) const = default;
    };
    std::string name;
    bool internal = false;
    std::vector<Partition> partitions; ///< by id
    std::optional<Error> error;
    bool operator==(const TopicInfo &) const = default;
};

} // namespace redrive
