#pragma once

#include "core/base/error.h"
#include "core/offsets/plan.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace redrive::offsets {

/// A plan as a file (JSON): the contract's keys, and beside them all that applying it elsewhere
/// takes. What toJson() gives, fromJson() reads back as the same plan.
std::string toJson(const Plan &plan);
/// Refuses what is no plan, and one whose hash is not that of its content (PLAN_CHANGED).
Result<Plan> planFromJson(std::string_view text);

/// Written beside and renamed over; mode 0600.
Result<void> savePlan(const Plan &plan, const std::filesystem::path &file);
Result<Plan> loadPlan(const std::filesystem::path &file);

} // namespace redrive::offsets
