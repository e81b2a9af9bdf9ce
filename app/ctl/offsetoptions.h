#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/offsets/plan.h"

#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// What a plan is about, as it was written.
struct PlanOptions
{
    std::string group;
    std::optional<std::string> from; ///< of `copy`: the group whose offsets are taken
    std::vector<std::string> topics;
    bool allTopics = false;
    std::optional<std::string> to;
    bool deletes = false;
    bool create = false;
    std::optional<std::string> save;
};
/// The same, read: what makes no sense has been refused. Files are read here.
Result<offsets::PlanRequest> readPlan(const PlanOptions &options, WallTime now);

/// How a plan is to be applied, as it was written.
struct ApplyingOptions
{
    bool execute = false;
    bool whenEmpty = false;
    std::optional<std::string> expires;
    bool evenIfMoving = false;
    std::string reason;
};
struct Applying
{
    bool execute = false;
    bool whenEmpty = false;
    Millis expires{30 * 60'000};
    bool evenIfMoving = false;
    std::string reason;
};
Result<Applying> readApplying(const ApplyingOptions &options);

} // namespace redrive::ctl
