#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "core/kafka/connectiontest.h"
#include "core/telemetry/logging.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <future>
#include <stop_token>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr Millis interruptPollInterval{50};

/// What is kept of the time of the command for a look at why nobody answers.
Millis lastLook(Millis timeout)
{
    return std::min(Millis(500), timeout / 10);
}

/// Where nobody answered, one more look at what the port speaks; given up when a signal comes.
std::string adviceOn(const Error &error, const kafka::ConnectionSettings &connection,
                     MonoTime deadline)
{
    if (exitCode(error) != exitcode::unreachable)
        return kafka::advise(error, connection);
    std::stop_source stop;
    auto advice = std::async(std::launch::async, [&, token = stop.get_token()] {
        return kafka::diagnose(error, connection, deadline, token);
    });
    while (advice.wait_for(interruptPollInterval) != std::future_status::ready)
        if (interruptSignal() != 0)
            stop.request_stop();
    return advice.get();
}

} // namespace

int withClient(Context &context, const workspace::Profile &profile,
               const std::function<Result<std::unique_ptr<kafka::ClusterClient>>(
                   const kafka::ConnectionSettings &)> &open,
               const std::function<Result<int>(Runner &)> &work, const Rescue &rescue)
{
    const Millis timeout = context.settings.timeout;
    const MonoTime deadline = monoNow() + timeout;
    const auto connection = workspace::resolve(profile);
    if (!connection)
        return context.console.fail(connection.error());
    for (const std::string &weakness : kafka::weaknesses(*connection))
        context.console.warn("warning: " + weakness);
    telemetry::log(telemetry::Level::Info, "redrivectl", "connecting to " + connection->bootstrap);
    const auto fail = [&](const Error &error) {
        if (rescue && exitCode(error) == exitcode::unreachable)
            return rescue(error);
        return context.console.fail(error, adviceOn(error, *connection, deadline));
    };
    auto client = open(*connection);
    if (!client)
        return fail(client.error());

    Runner runner(std::move(*client), connection->bootstrap, timeout - lastLook(timeout));
    const auto exit = work(runner);
    return exit ? *exit : fail(runner.explain(exit.error()));
}

int withCluster(Context &context, const std::function<Result<int>(Runner &)> &work)
{
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    return withClient(context, *profile, kafka::openCluster, work);
}

CLI::App *addCommand(CLI::App &parent, const std::string &name, const std::string &about,
                     const std::string &example)
{
    CLI::App *command = parent.add_subcommand(name, about);
    command->fallthrough();
    command->footer("Example:\n  " + example);
    return command;
}

} // namespace redrive::ctl
