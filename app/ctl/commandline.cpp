#include "app/ctl/commandline.h"

#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "core/kafka/clusterclient.h"
#include "core/telemetry/logging.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <utility>

namespace redrive::ctl {

namespace {

constexpr char protectionMark = '\x01';

bool looksLikeList(std::string_view argument)
{
    return argument.size() > 1 && argument.front() == '[' && argument.back() == ']';
}

void addGlobalOptions(CLI::App &root, GlobalOptions &options)
{
    root.add_option("--profile", options.profile, "Connect to this profile's cluster")
        ->type_name("NAME");
    root.add_option("--bootstrap", options.bootstrap, "Connect to these brokers")
        ->type_name("HOST:PORT,...");
    root.add_option_function<std::vector<std::string>>(
            "-X",
            [&options](const std::vector<std::string> &given) {
                options.properties.insert(options.properties.end(), given.begin(), given.end());
            },
            "A property of the connection; secrets as env:NAME")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    root.add_option("-o,--output", options.output, "Shape of the result; default: table")
        ->type_name("table|json|ndjson|csv");
    root.add_option("--timeout", options.timeout, "Longest wait for the brokers; default: 30s")
        ->type_name("DURATION");
    root.add_flag("--local", options.local, "Times in tables in the local zone instead of UTC");
    root.add_flag("--yes", options.yes, "Confirm a change without being asked");
    root.add_option("--confirm", options.confirm, "Confirm a change by the name of what it changes")
        ->type_name("NAME");
    root.add_flag("-v,--verbose", options.verbose, "Say on stderr what goes on");
    root.add_flag("--version", options.version,
                  "Versions of redrivectl and librdkafka, and the build");
}

/// The format that the arguments ask for, also when they cannot be parsed.
Format guessFormat(const std::vector<std::string> &arguments)
{
    std::string_view said;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        for (const std::string_view option : {"--output", "-o"}) {
            if (argument == option && i + 1 < arguments.size())
                said = arguments[i + 1];
            else if (argument.starts_with(option) &&
                     argument.substr(option.size()).starts_with('='))
                said = argument.substr(option.size() + 1);
            else if (option == "-o" && argument.starts_with("-o") && argument.size() > 2)
                said = argument.substr(2);
        }
    }
    return parseFormat(said).value_or(Format::Table);
}

/// The command that the arguments reached before they went wrong.
const CLI::App &reached(const CLI::App &root)
{
    const CLI::App *app = &root;
    while (!app->get_subcommands().empty())
        app = app->get_subcommands().front();
    return *app;
}

std::string pathOf(const CLI::App &app)
{
    const CLI::App *parent = app.get_parent();
    return parent == nullptr ? app.get_name() : pathOf(*parent) + " " + app.get_name();
}

std::string childrenOf(const CLI::App &app)
{
    std::string names;
    for (const CLI::App *child : app.get_subcommands([](const CLI::App *) { return true; }))
        names += (names.empty() ? "" : ", ") + child->get_name();
    return names;
}

int failUsage(const CLI::App &root, const CLI::ParseError &error, Console &console)
{
    const CLI::App &app = reached(root);
    const std::string children = childrenOf(app);
    std::string message = error.what();
    std::vector<std::string> strangers = root.remaining(true);
    if (!strangers.empty()) {
        const std::string stranger = plainArgument(strangers.front());
        if (stranger.starts_with('-'))
            message = "unknown option " + stranger;
        else if (!children.empty())
            message = "unknown command '" + stranger + "'; there are: " + children;
        else
            message = "unexpected argument '" + stranger + "'";
    } else if (!children.empty() && dynamic_cast<const CLI::RequiredError *>(&error) != nullptr) {
        message = "which command? There are: " + children;
    }
    const std::string path = pathOf(app);
    return console.fail(usageError(std::move(message), path), "see " + path + " --help");
}

void setUpTelemetry(bool verbose)
{
    telemetry::LogOptions options;
    options.level = verbose ? telemetry::Level::Debug : telemetry::Level::Error;
    telemetry::setUpLogging(options);
}

} // namespace

std::vector<std::string> protectArguments(std::vector<std::string> arguments)
{
    std::vector<std::string> out;
    bool onlyPositional = false;
    bool isValue = false;
    for (std::string &argument : arguments) {
        if (argument == "--" && !onlyPositional) {
            onlyPositional = true;
            continue;
        }
        const bool isOption = argument.starts_with('-') && argument.size() > 1;
        const bool misread = looksLikeList(argument) || argument.starts_with(protectionMark) ||
                             argument == "++" || (onlyPositional && isOption);
        isValue = isValue && !onlyPositional;
        const bool protects = misread && !isValue;
        out.push_back(protects ? protectionMark + argument : std::move(argument));
        isValue = isOption && !isValue;
    }
    return out;
}

std::string plainArgument(std::string argument)
{
    if (argument.starts_with(protectionMark))
        argument.erase(0, 1);
    return argument;
}

std::string versionText()
{
#if defined(__clang__)
    const std::string compiler = "Clang " __clang_version__;
#else
    const std::string compiler = "GCC " __VERSION__;
#endif
    const std::string build = REDRIVE_BUILD_TYPE;
    return "redrivectl " REDRIVE_VERSION " (librdkafka " + kafka::libraryVersion() + ", " +
           (build.empty() ? "no build type" : build) + ", " + compiler + ")";
}

int runCommandLine(const std::vector<std::string> &arguments, Console &console)
{
    console.setFormat(guessFormat(arguments));
    console.hideSecretsOf(arguments);
    GlobalOptions options;
    Command chosen;
    CLI::App root("Redrive for scripts, servers and tests: see and change Kafka consumer groups",
                  "redrivectl");
    root.require_subcommand(1);
    root.footer("Example:\n  redrivectl --bootstrap localhost:9092 groups list --lag");
    addGlobalOptions(root, options);
    addClusterCommand(root, chosen);
    addGroupsCommands(root, chosen);
    addTopicsCommands(root, chosen);
    addConsumeCommand(root, chosen);
    addProduceCommand(root, chosen);
    addOffsetsCommands(root, chosen);
    addAuditCommand(root, chosen);
    addProfilesCommands(root, options, chosen);
    addCompletionsCommand(root, chosen);

    try {
        std::vector<std::string> reversed = protectArguments(arguments);
        std::reverse(reversed.begin(), reversed.end());
        root.parse(std::move(reversed));
    } catch (const CLI::CallForHelp &) {
        console.print(root.help());
        return exitcode::done;
    } catch (const CLI::ParseError &error) {
        if (root.get_option("--version")->count() > 0 && root.get_subcommands().empty()) {
            console.print(versionText() + "\n");
            return exitcode::done;
        }
        return failUsage(root, error, console);
    }

    if (options.version) {
        console.print(versionText() + "\n");
        return exitcode::done;
    }
    const auto settings = readSettings(options);
    if (!settings)
        return console.fail(settings.error());
    console.setFormat(settings->format);
    setUpTelemetry(settings->verbose);
    catchInterrupts();
    Context context{.console = console, .options = options, .settings = *settings};
    return chosen(context);
}

} // namespace redrive::ctl
