#pragma once

#include "core/offsets/apply.h"
#include "core/offsets/planner.h"

#include <functional>
#include <stop_token>

namespace redrive::offsets {

/// What an armed reset waits for, as it was last seen.
struct Waiting
{
    std::optional<GroupState> state;
    std::vector<GroupMember> members;
    std::optional<Error> problem; ///< the group could not be described
    WallTime seenAt{};
};

struct ArmedOptions
{
    Millis expires{30 * 60'000};
    Millis every{1000};
    ReadOptions reading;
    ApplyOptions applying;
    std::function<void(const Waiting &)> onLook;
    std::function<void(const Plan &)> onFire; ///< the plan that is now being applied
    /// Called where the client is worn, as it may be after a long time without brokers: a fresh
    /// one, or null to go on with it.
    std::function<kafka::GroupAdmin *()> renew;
};

/// Waits until the group is empty, plans anew (times are resolved then) and applies (O6). A group
/// that fills again in between is waited for again, and so are brokers that are away. Ends with
/// EXPIRED or _CANCELLED, nothing sent. `shown` is what the person agreed to: only its partitions
/// are touched; that one of them is gone (PLAN_OUT_OF_DATE), or has an error now (PLAN_HAS_ERRORS),
/// is refused.
Result<Applied> applyWhenEmpty(kafka::GroupAdmin &admin, const PlanRequest &request,
                               const Plan &shown, store::Journal &journal,
                               const kafka::Permit &permit, const ArmedOptions &options,
                               std::stop_token stop);

} // namespace redrive::offsets
