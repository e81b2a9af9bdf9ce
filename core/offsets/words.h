#pragma once

#include "core/kafka/connection.h"
#include "core/offsets/plan.h"

#include <string>

namespace redrive::offsets {

/// "6,219 records will be processed again, none skipped. 1 partition needs a decision."
std::string sumsInWords(const Plan &plan);
/// "The group is Stable with 3 members: it must be empty." Empty: nothing stands in the way.
std::string whatStandsInTheWay(const Plan &plan);

/// The plan as a kafka-consumer-groups command that does the same (O8), quoted for a POSIX shell.
/// Where no single command does, several, one a line.
std::string asKafkaCommand(const Plan &plan, const std::string &bootstrap);
/// The same as a redrivectl command.
std::string asRedriveCommand(const Plan &plan, const std::string &connectionArguments);

} // namespace redrive::offsets
