#pragma once

#include "core/kafka/connection.h"
#include "core/offsets/plan.h"

#include <string>

namespace redrive::offsets {

/// "6,219 records will be processed again, none skipped. 1 partition needs a decision."
std::string sumsInWords(const Plan &plan);
/// Of the group: "The group is Stable with 3 members: it must be empty." Empty: nothing stands in
/// the way. What stands in the way of a row is its error, which sumsInWords() counts.
std::string whatStandsInTheWay(const Plan &plan);

/// The plan as a kafka-consumer-groups command that does the same (O8), quoted for a shell. Where
/// no single command does, several, one after the other. The tool has no word for all targets, and
/// silently clamps what is out of range: where that would differ, the offsets themselves are given.
/// Rows with an error are not in it; empty where no others are.
std::string asKafkaCommand(const Plan &plan, const std::string &bootstrap);
/// The same as a redrivectl command. `connectionArguments` are quoted already. A time that was
/// relative is the one that the plan was made with.
std::string asRedriveCommand(const Plan &plan, const std::string &connectionArguments);

} // namespace redrive::offsets
