#pragma once

#include "app/ctl/commands.h"
#include "app/ctl/runner.h"
#include "core/kafka/connection.h"
#include "core/kafka/groupadmin.h"
#include "core/kafka/guard.h"
#include "core/store/journal.h"
#include "core/workspace/profile.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace redrive::ctl {

/// A cluster that is open for a change. The command's thread owns all of it.
struct ChangeSession
{
    Context &context;
    Runner &runner;
    kafka::GroupAdmin &admin;
    const workspace::Profile &profile;
    std::string bootstrap;
    std::string clusterId;

    Console &console() const { return context.console; }
    Millis requestTimeout() const; ///< of one request
};

/// Opens the profile's cluster, asks for its id, and runs `work`. An error that `work` returns ends
/// the command as a whole.
int withGroupAdmin(Context &context, const workspace::Profile &profile,
                   const std::function<Result<int>(ChangeSession &)> &work,
                   const Rescue &rescue = {});

/// Whether there is somebody to be asked.
bool canAsk();
/// Refuses at once what asking would not help: a read-only profile, the wrong name, nobody there to
/// be asked. To be called before anything is sent.
Result<void> mayChange(const Context &context, const workspace::Profile &profile,
                       const kafka::Mutation &mutation);
/// The guard's leave; asks `question` on a terminal where the arguments do not confirm it.
Result<kafka::Permit> authorise(Context &context, const workspace::Profile &profile,
                                const kafka::Mutation &mutation, const std::string &question);

/// Who is at the keyboard, for the journal.
std::string userName();
/// Where journals and locks lie.
std::filesystem::path journalDirectory();
Result<std::unique_ptr<store::Journal>> openJournal(const std::string &clusterId);
/// The same of a file that is there; none: nothing was ever changed from here.
Result<std::unique_ptr<store::Journal>> openExistingJournal(const std::filesystem::path &file);

/// `--profile NAME`, or `--bootstrap … -X …`, quoted for a shell: for a command that says how to do
/// the same.
std::string connectionArguments(const GlobalOptions &options);

/// The contract's exit code belongs to the code of some refusals, whoever said them.
Error asContract(Error error);

/// A group's name as it was given; a usage error for what no group is called.
Result<GroupId> readGroup(std::string given);

} // namespace redrive::ctl
