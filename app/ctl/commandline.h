#pragma once

#include "app/ctl/console.h"

#include <string>
#include <vector>

namespace redrive::ctl {

/// Runs one command. `arguments` are those after the program's name. Returns the exit code.
int runCommandLine(const std::vector<std::string> &arguments, Console &console);

/// "redrivectl 0.1.0 (librdkafka 2.15.1, RelWithDebInfo, GCC 12.2.0)"
std::string versionText();

/// CLI11 would split an argument such as [a,b] into two, and forgets about -- below a command: a
/// mark before such an argument keeps it what it is, until plainArgument() takes the mark away.
std::vector<std::string> protectArguments(std::vector<std::string> arguments);

} // namespace redrive::ctl
