#include "app/window/arguments.h"

#include "core/base/text.h"

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>

namespace redrive::window {

namespace {

constexpr int usageError = 2;

} // namespace

std::optional<Arguments> readArguments(int argc, char **argv, const workspace::ProfileStore &store,
                                       std::ostream &out, std::ostream &err, int &exitCode)
{
    CLI::App app("A desktop console for Kafka consumer groups.", "redrive");
    app.set_version_flag("--version", std::string("redrive " REDRIVE_VERSION));
    std::string bootstrap;
    std::vector<std::string> names;
    std::vector<std::string> properties;
    app.add_option("--bootstrap", bootstrap, "Open the cluster at these servers")
        ->type_name("HOST:PORT,…");
    app.add_option("--profile", names, "Open a saved connection; may be given several times")
        ->type_name("NAME")
        ->allow_extra_args(false);
    app.add_option("-X", properties,
                   "Set a connection property, with --bootstrap; secrets as env:NAME")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    app.footer("Example: redrive --bootstrap localhost:9092\n\n"
               "Without options the window opens what was open last time.");
    const auto refuse = [&](const std::string &why) {
        err << "redrive: " << visible(why) << '\n';
        exitCode = usageError;
        return std::nullopt;
    };
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp &) {
        out << app.help();
        exitCode = 0;
        return std::nullopt;
    } catch (const CLI::CallForVersion &) {
        out << "redrive " REDRIVE_VERSION "\n";
        exitCode = 0;
        return std::nullopt;
    } catch (const CLI::ParseError &problem) {
        return refuse(std::string(problem.what()) + " (see redrive --help)");
    }
    if (bootstrap.empty() && !properties.empty())
        return refuse("-X needs --bootstrap");

    Arguments arguments;
    for (const std::string &name : names) {
        auto found = store.find(name);
        if (!found)
            return refuse(describe(found.error()));
        arguments.profiles.push_back(std::move(found).value());
    }
    if (!bootstrap.empty()) {
        auto profile = workspace::profileFromArguments(bootstrap, properties);
        if (!profile)
            return refuse(describe(profile.error()));
        if (profile->name.empty())
            profile->name = bootstrap;
        arguments.profiles.push_back(std::move(profile).value());
    }
    return arguments;
}

} // namespace redrive::window
