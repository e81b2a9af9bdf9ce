#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "core/kafka/connectiontest.h"
#include "core/telemetry/logging.h"

#include <CLI/CLI.hpp>
#include <future>
#include <stop_token>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr Millis interruptPollInterval{50};

/// Where nobody answered, one more look at what the port speaks; given up when a signal comes.
std::string adviceOn(const Error &error, const kafka::ConnectionSettings &connection)
{
    if (exitCode(error) != exitcode::unreachable)
        return kafka::advise(error, connection);
    std::stop_source stop;
    auto advice = std::async(std::launch::async, [&error, &connection, token = stop.get_token()] {
        return kafka::diagnose(error, connection, token);
    });
    while (advice.wait_for(interruptPollInterval) != std::future_status::ready)
        if (interruptSignal() != 0)
            stop.request_stop();
    return advice.get();
}

int failWithAdvice(Context &context, const Error &error,
                   const kafka::ConnectionSettings &connection)
{
    return context.console.fail(error, adviceOn(error, connection));
}

} // namespace

int withCluster(Context &context, const std::function<Result<int>(Runner &)> &work)
{
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    const auto connection = workspace::resolve(*profile);
    if (!connection)
        return context.console.fail(connection.error());
    for (const std::string &weakness : kafka::weaknesses(*connection))
        context.console.warn("warning: " + weakness);
    telemetry::log(telemetry::Level::Info, "redrivectl", "connecting to " + connection->bootstrap);
    auto client = kafka::openCluster(*connection);
    if (!client)
        return failWithAdvice(context, client.error(), *connection);

    Runner runner(std::move(*client), connection->bootstrap, context.settings.timeout);
    const auto exit = work(runner);
    return exit ? *exit : failWithAdvice(context, runner.explain(exit.error()), *connection);
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
