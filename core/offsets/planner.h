#pragma once

#include "core/kafka/groupadmin.h"
#include "core/offsets/plan.h"

#include <functional>
#include <stop_token>

namespace redrive::offsets {

struct ReadOptions
{
    Millis timeout{8000};       ///< of each request
    Millis glanceTimeout{3000}; ///< of all records that are looked at
    std::size_t mostGlances = 4000;
    /// Called with the plan as far as it is known; its rows fill as they resolve.
    std::function<void(const Plan &)> onProgress;
    /// What `ago:15m` is counted back from.
    std::function<WallTime()> wall = wallNow;
};

/// Reads what a request needs, in as few round trips as can be, and plans. Blocks: for a job's own
/// thread, which owns `admin`. Fails only where there is no plan to be shown (no broker,
/// cancelled); anything of a partition stands in its row.
Result<Plan> plan(kafka::GroupAdmin &admin, const PlanRequest &request, const ReadOptions &options,
                  std::stop_token stop);

/// What apply() compares with: cluster, group, commits, topics and log starts, read together.
Result<Facts> readAgain(kafka::GroupAdmin &admin, const Plan &plan, Millis timeout,
                        std::stop_token stop);

} // namespace redrive::offsets
