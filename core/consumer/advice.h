#pragma once

#include "core/consumer/options.h"
#include "core/kafka/guard.h"
#include "core/model/group.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::consumer {

/// Something a person should know before a session starts (D4), beside the field that it is about.
struct Advice
{
    enum class Severity
    {
        Note,    ///< worth knowing
        Warning, ///< works, and may hurt
        Refusal, ///< it cannot be started so
    };
    Severity severity = Severity::Note;
    std::string field; ///< one of advised::…
    std::string sentence;
    bool operator==(const Advice &) const = default;
};

/// The fields that advice is about, as forms key them.
namespace advised {
inline constexpr std::string_view access = "access";
inline constexpr std::string_view group = "group";
inline constexpr std::string_view topics = "topics";
inline constexpr std::string_view database = "database";
inline constexpr std::string_view commit = "commit";
inline constexpr std::string_view reset = "reset";
inline constexpr std::string_view workers = "workers";
inline constexpr std::string_view retries = "retries";
inline constexpr std::string_view onPoison = "on-poison";
inline constexpr std::string_view deadLetters = "dead-letters";
inline constexpr std::string_view dedupe = "dedupe";
inline constexpr std::string_view faults = "faults";
inline constexpr std::string_view protocol = "protocol";
inline constexpr std::string_view instanceId = "instance-id";
inline constexpr std::string_view drain = "drain";
} // namespace advised

/// What is known of a session besides its options. Unknown facts are left out and lead to no
/// advice.
struct AdviceFacts
{
    kafka::AccessPolicy policy;

    bool needsDatabase = false; ///< of the handler
    bool hasDatabase = false;
    bool hasEffects = false; ///< it keeps or sends something: doing it twice would show
    bool deduplicates = true;
    std::size_t batchLimit = 500;     ///< the most records that one call of the handler gets
    std::optional<Millis> recordTime; ///< what a record takes
    bool anyFault = false;
    bool crashes = false; ///< a fault that ends this very process

    Millis maxPollInterval{300'000}; ///< R-19
    bool isCooperative = false;

    std::optional<GroupDescription> group; ///< as it is now
    std::set<std::string>
        groupTopics;            ///< that the group's members or commits are about; empty: none
    std::size_t ownMembers = 0; ///< sessions of this window in that group
    std::set<std::string> ownInstanceIds{}; ///< theirs
    /// Names of all topics, and the partitions of those asked for, summed.
    std::optional<std::set<std::string>> topics;
    std::optional<std::size_t> partitions;
};

/// In the order of the form. Pure.
std::vector<Advice> advise(const SessionOptions &options, const AdviceFacts &facts);

} // namespace redrive::consumer
