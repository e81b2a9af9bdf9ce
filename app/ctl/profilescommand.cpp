#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/shapes.h"
#include "app/ctl/survey.h"
#include "app/ctl/tables.h"
#include "core/base/text.h"
#include "core/workspace/profilestore.h"

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace redrive::ctl {

namespace {

struct AddOptions
{
    std::string name;
    std::string mode;
    bool production = false;
    std::vector<std::string> addressMap;
};

struct ImportOptions
{
    std::string file;
    std::string name;
};

void showProblems(Console &console, const std::string &file,
                  const std::vector<workspace::ProfileProblem> &problems)
{
    for (const workspace::ProfileProblem &problem : problems) {
        std::string line = file;
        if (problem.line > 0)
            line += ":" + std::to_string(problem.line);
        if (!problem.key.empty())
            line += ": " + problem.key;
        console.warn(line + ": " + problem.message);
    }
}

Error profileError(std::string code, std::string message, std::string attempted)
{
    return Error{.kind = Error::Kind::Broker,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = std::move(attempted),
                 .retriable = false};
}

/// The same error for scripts, whatever made it: what the profile file says is no wrong usage of
/// the command.
Error asFailure(Error error)
{
    error.kind = Error::Kind::Internal;
    return error;
}

const workspace::Profile *find(const workspace::LoadedProfiles &loaded, const std::string &name)
{
    for (const workspace::Profile &profile : loaded.profiles)
        if (profile.name == name)
            return &profile;
    return nullptr;
}

int list(Context &context)
{
    const workspace::ProfileStore store;
    const workspace::LoadedProfiles loaded = store.load();
    Console &console = context.console;
    if (loaded.profiles.empty() && !loaded.problems.empty()) {
        const workspace::ProfileProblem &first = loaded.problems.front();
        const int exit = console.fail(profileError(
            "PROFILES_UNREADABLE",
            (first.line > 0 ? "line " + std::to_string(first.line) + ": " : std::string()) +
                (first.key.empty() ? "" : first.key + ": ") + first.message,
            "reading " + store.file().string()));
        showProblems(console, store.file().string(), loaded.problems);
        return exit;
    }
    if (context.settings.format == Format::Table) {
        console.print(profilesTable(loaded.profiles, lookOf(context)));
    } else {
        std::vector<JsonValue> objects;
        for (const workspace::Profile &profile : loaded.profiles)
            objects.push_back(toJson(profile));
        console.printList(profileKeys, objects);
    }
    showProblems(console, store.file().string(), loaded.problems);
    return exitcode::done;
}

int show(Context &context, const std::string &name)
{
    const workspace::ProfileStore store;
    const workspace::LoadedProfiles loaded = store.load();
    const workspace::Profile *profile = find(loaded, name);
    showProblems(context.console, store.file().string(), loaded.problems);
    if (profile == nullptr)
        return context.console.fail(profileError(
            "PROFILE_NOT_FOUND", "there is no profile of this name in " + store.file().string(),
            "showing profile " + name));
    if (context.settings.format == Format::Table)
        context.console.print(profileBlock(*profile, lookOf(context)));
    else
        context.console.printObject(profileKeys, toJson(*profile));
    return exitcode::done;
}

/// Stores it and prints it as stored.
int store(Context &context, const workspace::Profile &profile, const std::string &attempted)
{
    workspace::ProfileStore profiles;
    if (find(profiles.load(), profile.name) != nullptr)
        return context.console.fail(profileError(
            "PROFILE_EXISTS",
            "there is a profile of this name already in " + profiles.file().string(), attempted));
    if (const auto added = profiles.add(profile); !added)
        return context.console.fail(asFailure(added.error()));
    if (context.settings.format == Format::Table)
        context.console.print(profileBlock(profile, lookOf(context)));
    else
        context.console.printObject(profileKeys, toJson(profile));
    context.console.warn("profile " + profile.name + " is in " + profiles.file().string());
    return exitcode::done;
}

Result<workspace::Profile> written(const GlobalOptions &global, const AddOptions &asked)
{
    if (const auto name = workspace::checkProfileName(asked.name); !name)
        return usageError("'" + asked.name + "': " + name.error().message, "adding a profile");
    if (!global.bootstrap)
        return usageError("which brokers? Give --bootstrap HOST:PORT",
                          "adding profile " + asked.name);
    auto profile = workspace::profileFromArguments(*global.bootstrap, global.properties);
    if (!profile)
        return usageError(profile.error().message, profile.error().attempted);
    profile->name = asked.name;
    profile->production = asked.production;
    for (const kafka::AccessMode mode :
         {kafka::AccessMode::ReadOnly, kafka::AccessMode::Confirm, kafka::AccessMode::Free})
        if (kafka::name(mode) == asked.mode)
            profile->mode = mode;
    if (!asked.mode.empty() && !profile->mode)
        return usageError("--mode '" + asked.mode + "' is none of read-only, confirm, free");
    if (asked.production && profile->mode == kafka::AccessMode::Free)
        return usageError("--production is never free: give --mode read-only or --mode confirm");
    for (const std::string &entry : asked.addressMap) {
        auto mapping = kafka::parseAddressMapping(entry);
        if (!mapping)
            return usageError("--address-map '" + entry + "': " + mapping.error().message);
        profile->addressMap.push_back(std::move(*mapping));
    }
    return profile;
}

int remove(Context &context, const std::string &name)
{
    workspace::ProfileStore profiles;
    const std::string attempted = "removing profile " + name;
    if (find(profiles.load(), name) == nullptr)
        return context.console.fail(profileError(
            "PROFILE_NOT_FOUND", "there is no profile of this name in " + profiles.file().string(),
            attempted));
    if (const auto removed = profiles.remove(name); !removed)
        return context.console.fail(asFailure(removed.error()));
    if (context.settings.format == Format::Table)
        context.console.print("Removed profile " + visible(name) + "\n");
    else
        context.console.printObject({"removed"}, JsonValue{{"removed", jsonText(name)}});
    return exitcode::done;
}

Result<std::string> readFile(const std::string &path)
{
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown))
        return profileError("FILE_NOT_READ", std::strerror(EISDIR), "reading " + path);
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    if (!in.is_open() || in.bad())
        return profileError("FILE_NOT_READ",
                            errno != 0 ? std::strerror(errno) : "it cannot be read",
                            "reading " + path);
    return text;
}

int importFile(Context &context, const ImportOptions &asked)
{
    const std::string name =
        asked.name.empty() ? std::filesystem::path(asked.file).stem().string() : asked.name;
    if (const auto legal = workspace::checkProfileName(name); !legal)
        return context.console.fail(
            usageError("'" + name + "': " + legal.error().message + "; give --name",
                       "importing " + asked.file));
    const auto text = readFile(asked.file);
    if (!text)
        return context.console.fail(text.error());
    auto imported = workspace::importProperties(*text, name);
    if (!imported)
        return context.console.fail(asFailure(imported.error()));
    workspace::Profile &profile = imported->profile;
    showProblems(context.console, asked.file, imported->problems);
    for (const auto &[key, secret] : imported->secrets) {
        profile.properties.erase(key);
        const workspace::ProfileProblem refused{
            .line = 0,
            .key = key,
            .message = "a literal secret is not taken over: put it in the environment and write "
                       "\"env:NAME\" for it into the profile"};
        showProblems(context.console, asked.file, {refused});
    }
    if (context.options.bootstrap) {
        auto given = workspace::profileFromArguments(*context.options.bootstrap, {});
        if (!given)
            return context.console.fail(usageError(given.error().message, given.error().attempted));
        profile.bootstrap = given->bootstrap;
    }
    if (profile.bootstrap.empty())
        return context.console.fail(profileError(
            "NO_BOOTSTRAP", "the file names no bootstrap.servers; give --bootstrap HOST:PORT",
            "importing " + asked.file));
    const int exit = store(context, profile, "importing " + asked.file);
    const bool inPart = !imported->problems.empty() || !imported->secrets.empty();
    return exit == exitcode::done && inPart ? exitcode::failed : exit;
}

void addBootstrap(CLI::App &command, GlobalOptions &options)
{
    command.add_option("--bootstrap", options.bootstrap, "Bootstrap servers")
        ->type_name("HOST:PORT,...");
}

void addAdd(CLI::App &profiles, GlobalOptions &options, Command &chosen)
{
    auto asked = std::make_shared<AddOptions>();
    CLI::App *command = addCommand(
        profiles, "add", "Name a cluster",
        "redrivectl profiles add prod --bootstrap kafka-1:9093 --production --mode confirm \\\n"
        "      -X security.protocol=SASL_SSL -X sasl.mechanism=SCRAM-SHA-512 \\\n"
        "      -X sasl.username=me -X sasl.password=env:KAFKA_PASSWORD");
    command->add_option("NAME", asked->name, "Name of the profile")->required()->type_name("");
    addBootstrap(*command, options);
    command
        ->add_option_function<std::vector<std::string>>(
            "-X",
            [&options](const std::vector<std::string> &given) {
                options.properties.insert(options.properties.end(), given.begin(), given.end());
            },
            "A property of the connection; secrets as env:NAME")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
    command->add_option("--mode", asked->mode, "How far the cluster may be changed")
        ->type_name("read-only|confirm|free");
    command->add_flag("--production", asked->production,
                      "Marks it: read-only unless --mode confirm");
    command
        ->add_option(
            "--address-map", asked->addressMap,
            "Reach a broker that advertises ADVERTISED at HOST:PORT (port-forward, tunnel)")
        ->type_name("ADVERTISED=HOST:PORT")
        ->allow_extra_args(false);
    command->callback([asked, &options, &chosen] {
        chosen = [asked, &options](Context &context) {
            asked->name = plainArgument(std::move(asked->name));
            const auto profile = written(options, *asked);
            return profile ? store(context, *profile, "adding profile " + asked->name)
                           : context.console.fail(profile.error());
        };
    });
}

void addImport(CLI::App &profiles, GlobalOptions &options, Command &chosen)
{
    auto asked = std::make_shared<ImportOptions>();
    CLI::App *command = addCommand(
        profiles, "import", "Take over a client.properties, librdkafka or kcat configuration file",
        "redrivectl profiles import ~/.config/kcat.conf --name staging");
    command->add_option("FILE", asked->file, "File of key=value lines")->required()->type_name("");
    command->add_option("--name", asked->name, "Name of the profile; the file's name if left out")
        ->type_name("N");
    addBootstrap(*command, options);
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            asked->file = plainArgument(std::move(asked->file));
            return importFile(context, *asked);
        };
    });
}

void addNamed(CLI::App &profiles, Command &chosen, const std::string &verb,
              const std::string &about, int (*run)(Context &, const std::string &))
{
    auto name = std::make_shared<std::string>();
    CLI::App *command =
        addCommand(profiles, verb, about, "redrivectl profiles " + verb + " staging");
    command->add_option("NAME", *name, "Name of the profile")->required()->type_name("");
    command->callback([name, run, &chosen] {
        chosen = [name, run](Context &context) { return run(context, plainArgument(*name)); };
    });
}

} // namespace

void addProfilesCommands(CLI::App &root, GlobalOptions &options, Command &chosen)
{
    CLI::App *profiles = addCommand(root, "profiles", "Clusters by name, without their secrets",
                                    "redrivectl profiles list");
    profiles->require_subcommand(1);
    CLI::App *lister = addCommand(*profiles, "list", "All profiles", "redrivectl profiles list");
    lister->callback([&chosen] { chosen = list; });
    addNamed(*profiles, chosen, "show", "One profile, with references in place of secrets", show);
    addAdd(*profiles, options, chosen);
    addNamed(*profiles, chosen, "remove", "Forget a profile; nothing on the cluster changes",
             remove);
    addImport(*profiles, options, chosen);
}

} // namespace redrive::ctl
