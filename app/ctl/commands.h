#pragma once

#include "app/ctl/console.h"
#include "app/ctl/options.h"
#include "app/ctl/runner.h"

#include <functional>
#include <memory>
#include <string>

namespace CLI {
class App;
}

namespace redrive::ctl {

/// What every command is run with.
struct Context
{
    Console &console;
    const GlobalOptions &options;
    Settings settings;
};

/// The command that the arguments chose. Returns the exit code.
using Command = std::function<int(Context &)>;

/// Each adds its commands below `root`; parsing the arguments sets `chosen`. `options` outlives the
/// tree.
void addClusterCommand(CLI::App &root, Command &chosen);
void addGroupsCommands(CLI::App &root, Command &chosen);
void addTopicsCommands(CLI::App &root, Command &chosen);
void addConsumeCommand(CLI::App &root, Command &chosen);
void addProduceCommand(CLI::App &root, Command &chosen);
void addOffsetsCommands(CLI::App &root, Command &chosen);
void addAuditCommand(CLI::App &root, Command &chosen);
/// `groups delete`
void addGroupDelete(CLI::App &groups, Command &chosen);
void addProfilesCommands(CLI::App &root, GlobalOptions &options, Command &chosen);
void addCompletionsCommand(CLI::App &root, Command &chosen);

/// What is done instead where no broker can be reached. Returns the exit code.
using Rescue = std::function<int(const Error &)>;

/// Opens a profile's cluster with `open` and runs `work` on it. An error that `work` returns ends
/// the command as a whole.
int withClient(Context &context, const workspace::Profile &profile,
               const std::function<Result<std::unique_ptr<kafka::ClusterClient>>(
                   const kafka::ConnectionSettings &)> &open,
               const std::function<Result<int>(Runner &)> &work, const Rescue &rescue = {});

/// Opens the chosen cluster and runs `work` on it. An error that `work` returns ends the command as
/// a whole.
int withCluster(Context &context, const std::function<Result<int>(Runner &)> &work);

/// Set up as every command is: `name`, what it does, and an example for its help.
CLI::App *addCommand(CLI::App &parent, const std::string &name, const std::string &about,
                     const std::string &example);

/// What CLI11 would take for a list of its own stays one argument; see protectArguments().
std::string plainArgument(std::string argument);

} // namespace redrive::ctl
