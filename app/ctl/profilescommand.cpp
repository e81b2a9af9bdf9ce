#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/shapes.h"
#include "app/ctl/survey.h"
#include "app/ctl/tables.h"
#include "core/base/text.h"
#include "core/workspace/profilestore.h"

#include <CLI/CLI.hpp>
#include <algorithm>
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

/// The profile, with what was refused of it in the result and on stderr. Returns the exit code.
int printProfile(Context &context, const ProfileLine &line, const std::string &file)
{
    if (context.settings.format == Format::Table)
        context.console.print(profileBlock(*line.profile, lookOf(context)));
    else
        context.console.printObject(profileKeys, toJson(line));
    showProblems(context.console, file, line.problems);
    return line.problems.empty() ? exitcode::done : exitcode::failed;
}

int list(Context &context)
{
    const workspace::ProfileStore store;
    const workspace::LoadedProfiles loaded = store.load();
    Console &console = context.console;
    if (loaded.profiles.empty() && loaded.problems.size() == 1 && loaded.problems[0].line == 0)
        return console.fail(profileError("PROFILES_UNREADABLE", loaded.problems[0].message,
                                         "reading " + store.file().string()));
    const std::vector<ProfileLine> lines = profileLines(loaded);
    if (context.settings.format == Format::Table) {
        console.print(profilesTable(lines, lookOf(context)));
    } else {
        std::vector<JsonValue> objects;
        objects.reserve(lines.size());
        for (const ProfileLine &line : lines)
            objects.push_back(toJson(line));
        console.printList(profileKeys, objects);
    }
    showProblems(console, store.file().string(), loaded.problems);
    return loaded.problems.empty() ? exitcode::done : exitcode::failed;
}

int show(Context &context, const std::string &name)
{
    const workspace::ProfileStore store;
    const auto profile = store.find(name);
    if (!profile)
        return context.console.fail(asFailure(profile.error()));
    ProfileLine line{.name = name, .profile = *profile, .problems = {}};
    for (workspace::ProfileProblem &problem : store.load().problems)
        if (problem.profile == name)
            line.problems.push_back(std::move(problem));
    return printProfile(context, line, store.file().string());
}

/// Stores it and prints it as stored, with what of `file` was not taken.
int store(Context &context, const ProfileLine &line, const std::string &file)
{
    workspace::ProfileStore profiles;
    if (const auto added = profiles.add(*line.profile); !added)
        return context.console.fail(asFailure(added.error()));
    const int exit = printProfile(context, line, file);
    context.console.warn("profile " + line.name + " is in " + profiles.file().string());
    return exit;
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
        return profile.error();
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

/// Also one that cannot be used, without a look at the others.
int remove(Context &context, const std::string &name)
{
    workspace::ProfileStore profiles;
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

/// A literal secret has no place here: the problems say so, by line.
ProfileLine withoutLiterals(workspace::ImportedProfile imported)
{
    ProfileLine line{.name = imported.profile.name,
                     .profile = std::move(imported.profile),
                     .problems = std::move(imported.problems)};
    for (const auto &[key, secret] : imported.secrets) {
        line.profile->properties.erase(key);
        line.problems.push_back(
            {.line = secret.line,
             .key = key,
             .message = "a literal secret is not taken over: put it in the environment and write "
                        "\"env:NAME\" for it into the profile",
             .profile = line.name});
    }
    std::stable_sort(line.problems.begin(), line.problems.end(),
                     [](const auto &a, const auto &b) { return a.line < b.line; });
    return line;
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
    ProfileLine line = withoutLiterals(std::move(*imported));
    if (context.options.bootstrap) {
        auto given = workspace::profileFromArguments(*context.options.bootstrap, {});
        if (!given)
            return context.console.fail(given.error());
        line.profile->bootstrap = given->bootstrap;
        std::erase_if(line.problems, [](const workspace::ProfileProblem &problem) {
            return problem.line == 0 && problem.key == "bootstrap.servers";
        });
    }
    if (line.profile->bootstrap.empty())
        return context.console.fail(profileError(
            "NO_BOOTSTRAP", "the file names no bootstrap.servers; give --bootstrap HOST:PORT",
            "importing " + asked.file));
    return store(context, line, asked.file);
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
            if (!profile)
                return context.console.fail(profile.error());
            return store(context, {.name = asked->name, .profile = *profile, .problems = {}}, {});
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
