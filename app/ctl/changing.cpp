#include "app/ctl/changing.h"

#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "core/base/text.h"
#include "core/offsets/shell.h"
#include "core/workspace/profilestore.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <poll.h>
#include <pwd.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr Millis longestRequest{8000};
constexpr int askSlice = 50; // ms

kafka::WriteGuard guardOf(const workspace::Profile &profile)
{
    return kafka::WriteGuard(kafka::effectivePolicy(profile.mode, profile.production));
}

bool wantsName(const workspace::Profile &profile)
{
    return guardOf(profile).policy().mode == kafka::AccessMode::Confirm;
}

kafka::Confirmation confirmationOf(const GlobalOptions &options)
{
    return {.yes = options.yes, .typedName = options.confirm};
}

Error withHint(Error error, const workspace::Profile &profile)
{
    if (error.code == "CONFIRMATION_MISSING")
        error.message += wantsName(profile) ? "; give --confirm NAME" : "; give --yes";
    return error;
}

/// What was typed up to the end of the line; none: nobody answered, or a signal came.
std::optional<std::string> ask(const std::string &question)
{
    std::fprintf(stderr, "%s ", question.c_str());
    std::fflush(stderr);
    std::string line;
    while (interruptSignal() == 0) {
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (poll(&input, 1, askSlice) <= 0)
            continue;
        char c = '\0';
        const ssize_t got = read(STDIN_FILENO, &c, 1);
        if (got < 0)
            continue;
        if (got == 0)
            break;
        if (c == '\n')
            return line;
        line += c;
    }
    std::fputc('\n', stderr);
    return std::nullopt;
}

Error interrupted(const kafka::Mutation &mutation)
{
    return Error{.kind = Error::Kind::Cancelled,
                 .code = "INTERRUPTED",
                 .message = "ended while it was asked about; nothing was sent",
                 .attempted = mutation.action + " on " + mutation.target,
                 .retriable = true};
}

} // namespace

Millis ChangeSession::requestTimeout() const
{
    return std::min(longestRequest, context.settings.timeout);
}

int withGroupAdmin(Context &context, const workspace::Profile &profile,
                   const std::function<Result<int>(ChangeSession &)> &work, const Rescue &rescue)
{
    kafka::GroupAdmin *admin = nullptr;
    const auto open = [&](const kafka::ConnectionSettings &settings)
        -> Result<std::unique_ptr<kafka::ClusterClient>> {
        auto opened = kafka::openGroupAdmin(settings);
        if (!opened)
            return opened.error();
        admin = opened->get();
        return std::unique_ptr<kafka::ClusterClient>(std::move(*opened));
    };
    const auto run = [&](Runner &runner) -> Result<int> {
        Answer<Result<ClusterInfo>> info;
        context.console.progress("asking the cluster", 0, 0);
        runner.client().describeCluster(runner.requestTimeout(), info.slot());
        if (auto waited = runner.waitFor(info); !waited)
            return waited.error();
        if (!info.value())
            return info.value().error();
        runner.noteAnswer();
        const std::string &id = info.value()->clusterId;
        ChangeSession session{.context = context,
                              .runner = runner,
                              .admin = *admin,
                              .profile = profile,
                              .bootstrap = profile.bootstrap,
                              .clusterId = id.empty() ? "unknown" : id};
        return work(session);
    };
    return withClient(context, profile, open, run, rescue);
}

bool canAsk()
{
    return isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
}

Result<void> mayChange(const Context &context, const workspace::Profile &profile,
                       const kafka::Mutation &mutation)
{
    const auto permit = guardOf(profile).authorise(mutation, confirmationOf(context.options));
    if (permit || (permit.error().code == "CONFIRMATION_MISSING" && canAsk()))
        return {};
    return withHint(permit.error(), profile);
}

Result<kafka::Permit> authorise(Context &context, const workspace::Profile &profile,
                                const kafka::Mutation &mutation, const std::string &question)
{
    const kafka::WriteGuard guard = guardOf(profile);
    kafka::Confirmation given = confirmationOf(context.options);
    auto permit = guard.authorise(mutation, given);
    if (permit)
        return permit;
    if (permit.error().code != "CONFIRMATION_MISSING" || !canAsk())
        return withHint(permit.error(), profile);
    context.console.clearProgress();
    if (!context.console.flush())
        return permit;
    const bool byName = wantsName(profile);
    const auto answer =
        ask(question + (byName ? " Type " + visible(mutation.target) + " to go on:" : " [y/N]"));
    if (interruptSignal() != 0)
        return interrupted(mutation);
    if (byName && answer && !answer->empty())
        given.typedName = answer;
    else if (!byName)
        given.yes = answer == "y" || answer == "Y" || answer == "yes";
    return guard.authorise(mutation, given);
}

std::string userName()
{
    for (const char *variable : {"USER", "LOGNAME"})
        if (const char *const name = std::getenv(variable); name != nullptr && *name != '\0')
            return name;
    std::array<char, 4096> room{};
    passwd entry{};
    passwd *found = nullptr;
    if (getpwuid_r(getuid(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr)
        return entry.pw_name;
    return std::to_string(getuid());
}

std::filesystem::path journalDirectory()
{
    return workspace::dataDirectory();
}

Result<std::unique_ptr<store::Journal>> openJournal(const std::string &clusterId)
{
    return store::Journal::open(store::journalFile(journalDirectory(), clusterId));
}

Result<std::unique_ptr<store::Journal>> openExistingJournal(const std::filesystem::path &file)
{
    std::error_code problem;
    if (!std::filesystem::exists(file, problem))
        return std::unique_ptr<store::Journal>();
    return store::Journal::open(file);
}

std::string connectionArguments(const GlobalOptions &options)
{
    std::string out = options.profile
                          ? "--profile " + offsets::shellQuoted(*options.profile)
                          : "--bootstrap " + offsets::shellQuoted(options.bootstrap.value_or(""));
    for (const std::string &property : options.properties)
        out += " -X " + offsets::shellQuoted(property);
    return out;
}

Error asContract(Error error)
{
    if (error.code == "EXPIRED")
        error.kind = Error::Kind::Refused;
    else if (error.code == "GROUP_ID_NOT_FOUND" || error.code == "PLAN_HAS_ERRORS")
        error.kind = Error::Kind::Broker;
    return error;
}

Result<GroupId> readGroup(std::string given)
{
    std::string name = plainArgument(std::move(given));
    if (name.empty())
        return usageError("which group? Its name is empty");
    if (!isValidUtf8(name))
        return usageError("'" + visible(name) + "' is not valid UTF-8: no group has this name");
    return GroupId(std::move(name));
}

} // namespace redrive::ctl
