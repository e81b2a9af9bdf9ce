#include "app/ctl/options.h"

#include "app/ctl/exitcode.h"
#include "core/kafka/connection.h"
#include "core/workspace/profilestore.h"
#include "core/workspace/reference.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace redrive::ctl {

namespace {

Error asUsage(Error error)
{
    error.kind = Error::Kind::Usage;
    return error;
}

Error unknownProfile(const workspace::ProfileStore &store, const std::string &name)
{
    const workspace::LoadedProfiles loaded = store.load();
    std::string known;
    for (const workspace::Profile &profile : loaded.profiles)
        known += (known.empty() ? "" : ", ") + profile.name;
    Error error = usageError(
        "there is no profile '" + name + "' in " + store.file().string() +
        (known.empty() ? "; add one with: redrivectl profiles add" : "; there are: " + known));
    if (!loaded.problems.empty()) {
        const workspace::ProfileProblem &first = loaded.problems.front();
        error.message += ". The file has a problem in line " + std::to_string(first.line) + ": " +
                         (first.key.empty() ? "" : first.key + ": ") + first.message;
    }
    error.code = "PROFILE_NOT_FOUND";
    return error;
}

std::string_view withoutDashes(std::string_view argument)
{
    if (argument.starts_with("-X"))
        argument.remove_prefix(2);
    while (argument.starts_with('-'))
        argument.remove_prefix(1);
    return argument;
}

void hide(std::string &text, std::string_view what)
{
    const auto reference = workspace::parseReference(what);
    if (what.empty() || (reference && reference->valid))
        return;
    constexpr std::string_view hidden = "…";
    for (std::size_t at = text.find(what); at != std::string::npos;
         at = text.find(what, at + hidden.size()))
        text.replace(at, what.size(), hidden);
}

} // namespace

Result<Settings> readSettings(const GlobalOptions &options)
{
    Settings settings;
    settings.local = options.local;
    settings.verbose = options.verbose;
    if (const auto format = parseFormat(options.output))
        settings.format = *format;
    else
        return usageError("--output '" + options.output + "' is none of table, json, ndjson, csv");
    const auto timeout = parseDuration(options.timeout);
    if (!timeout)
        return usageError("--timeout " + timeout.error().message);
    if (timeout->count() == 0)
        return usageError("--timeout must be longer than nothing");
    settings.timeout = *timeout;
    return settings;
}

Result<workspace::Profile> chooseProfile(const GlobalOptions &options)
{
    if (options.profile && options.bootstrap)
        return usageError("--profile and --bootstrap exclude each other: a profile has its own "
                          "bootstrap servers");
    if (!options.profile && !options.bootstrap)
        return usageError("which cluster? Give --profile NAME or --bootstrap HOST:PORT before the "
                          "command; 'redrivectl profiles list' shows the profiles");
    // Also with a profile: the same rules hold for what -X says.
    const std::string bootstrap = options.bootstrap.value_or("localhost:9092");
    auto written = workspace::profileFromArguments(bootstrap, options.properties);
    if (!written)
        return asUsage(written.error());
    if (!options.profile)
        return std::move(*written);
    const workspace::ProfileStore store;
    auto profile = store.find(*options.profile);
    if (!profile) {
        if (profile.error().code == "PROFILE_NOT_FOUND")
            return unknownProfile(store, *options.profile);
        return asUsage(profile.error());
    }
    for (auto &[key, value] : written->properties)
        profile->properties[key] = value;
    return std::move(*profile);
}

std::string withoutSecrets(std::string text, const std::vector<std::string> &arguments)
{
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = withoutDashes(arguments[i]);
        std::string_view key = argument;
        std::string_view value = i + 1 < arguments.size() ? arguments[i + 1] : std::string_view();
        if (const std::size_t equals = argument.find('='); equals != std::string_view::npos) {
            key = argument.substr(0, equals);
            value = argument.substr(equals + 1);
        }
        // --foo=sasl.password=… hides it behind another name.
        if (const std::size_t equals = value.find('=');
            equals != std::string_view::npos && kafka::isSecret(value.substr(0, equals)))
            hide(text, value.substr(equals + 1));
        else if (kafka::isSecret(key))
            hide(text, value);
    }
    return text;
}

} // namespace redrive::ctl
