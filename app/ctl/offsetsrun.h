#pragma once

#include "app/ctl/changing.h"
#include "app/ctl/offsetoptions.h"
#include "core/offsets/apply.h"
#include "core/offsets/plan.h"

namespace redrive::ctl {

/// Plans and shows; with `applying.execute` also asks, applies and shows what came of it.
Result<int> planAndApply(ChangeSession &session, const offsets::PlanRequest &request,
                         const std::optional<std::string> &save, const Applying &applying);

/// A plan that was made before.
Result<int> applyPlan(ChangeSession &session, const offsets::Plan &plan, const Applying &applying);

/// What is to be asked of the guard for a change to this group.
kafka::Mutation mutationOf(const GroupId &group, const std::string &action);
offsets::ApplyOptions applyOptions(const ChangeSession &session, const Applying &applying);
/// Shows what came of a change. Answers the exit code.
int showOutcome(Context &context, const offsets::Applied &applied);

} // namespace redrive::ctl
