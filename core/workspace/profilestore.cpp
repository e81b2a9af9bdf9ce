#include "core/workspace/profilestore.h"

#include "core/base/text.h"
#include "core/workspace/reference.h"
#include "core/workspace/safefile.h"
#include "core/workspace/tomlsalvage.h"
#include "core/workspace/tomlsections.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <pwd.h>
#include <unistd.h>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::size_t longestName = 64;

std::filesystem::path homeDirectory()
{
    if (const char *home = std::getenv("HOME"); home != nullptr && *home == '/')
        return home;
    const passwd *user = ::getpwuid(::getuid());
    return user != nullptr && user->pw_dir != nullptr ? user->pw_dir : "/";
}

std::filesystem::path baseDirectory(const char *variable, const char *fallback)
{
    const char *value = std::getenv(variable);
    // The specification: a relative path is invalid and is passed over.
    const auto base = value != nullptr && *value == '/' ? std::filesystem::path(value)
                                                        : homeDirectory() / fallback;
    return base / "redrive";
}

Error fault(std::string code, std::string message, std::string attempted)
{
    return Error{.kind = Error::Kind::Config,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = std::move(attempted),
                 .retriable = false};
}

std::string named(const std::string &name)
{
    return "the profile '" + visible(name) + "'";
}

std::vector<std::string> tablePath(const std::string &name)
{
    return {"profiles", name};
}

std::vector<TomlSection> sectionsOf(std::string_view text, const std::string &name)
{
    const bool isBroken = !parseWhatCanBeRead(text).problems.empty();
    std::vector<TomlSection> found;
    for (auto &section : splitToml(text, isBroken))
        if (section.isWithin(tablePath(name)))
            found.push_back(std::move(section));
    return found;
}

/// A profile that is there, but not as tables of its own: [profiles] NAME = { … }.
Error withoutTable(const std::string &text, const std::string &name, const std::string &attempted)
{
    const auto loaded = parseProfiles(text);
    const auto isThere =
        std::any_of(loaded.profiles.begin(), loaded.profiles.end(),
                    [&](const Profile &profile) { return profile.name == name; }) ||
        std::any_of(loaded.problems.begin(), loaded.problems.end(),
                    [&](const ProfileProblem &problem) { return problem.profile == name; });
    if (isThere)
        return fault("PROFILES_UNSAFE_TO_CHANGE",
                     "it is no table of its own, [profiles." + visible(name) +
                         "], so it cannot be cut out; change the file by hand",
                     attempted);
    return fault("PROFILE_NOT_FOUND", "there is no profile of this name", attempted);
}

/// Nothing is written that would not be read back: secrets above all.
Result<void> checkWritable(const Profile &profile, const std::string &attempted)
{
    if (const auto legal = checkProfileName(profile.name); !legal)
        return fault(legal.error().code, legal.error().message, attempted);
    if (!profile.refused.empty())
        return fault("PROFILE_REFUSED",
                     "parts of it were refused, and without them it would connect weaker or "
                     "elsewhere: " +
                         visible(profile.refused.front().key) + " " +
                         profile.refused.front().message,
                     attempted);
    if (const auto places = kafka::parseBootstrap(profile.bootstrap); !places)
        return fault(places.error().code, places.error().message, attempted);
    for (const auto &[key, value] : profile.properties)
        if (const auto fine = checkReferenceOrValue(key, value); !fine)
            return fault(fine.error().code, fine.error().message, attempted);
    for (const auto &[advertised, target] : profile.addressMap)
        if (const auto fine =
                kafka::parseAddressMapping(std::string(advertised).append("=").append(target));
            !fine)
            return fault(fine.error().code, fine.error().message, attempted);
    if (profile.production && profile.mode == kafka::AccessMode::Free)
        return fault("PRODUCTION_NEVER_FREE",
                     "a production cluster is never free; choose read-only or confirm", attempted);
    if (!isValidUtf8(toToml(profile)))
        return fault("INVALID_VALUE", "a value is not UTF-8 text", attempted);
    return {};
}

/// The others have to be there as before, and `changed`, if given, as it is.
Result<void> checkOutcome(const std::string &before, const std::string &after,
                          const std::string &name, const Profile *changed,
                          const std::string &attempted)
{
    auto expected = parseProfiles(before).profiles;
    auto got = parseProfiles(after).profiles;
    const auto mine = [&](const std::string &wanted) {
        return [wanted](const Profile &profile) { return profile.name == wanted; };
    };
    std::erase_if(expected, mine(name));
    bool asWanted = true;
    if (changed != nullptr) {
        const auto found = std::find_if(got.begin(), got.end(), mine(changed->name));
        asWanted =
            found != got.end() && toToml(*found) == toToml(*changed) && found->refused.empty();
        std::erase_if(got, mine(changed->name));
    }
    const auto sameOthers = std::equal(expected.begin(), expected.end(), got.begin(), got.end(),
                                       [](const Profile &a, const Profile &b) {
                                           return a.name == b.name && toToml(a) == toToml(b) &&
                                                  a.refused.empty() == b.refused.empty();
                                       });
    if (asWanted && sameOthers)
        return {};
    const auto problems = parseProfiles(before).problems;
    std::string why = "the file cannot be changed without changing what else is in it";
    if (!problems.empty())
        why += "; mend line " + std::to_string(problems.front().line) +
               " first: " + problems.front().message;
    return fault("PROFILES_UNSAFE_TO_CHANGE", why, attempted);
}

using Edit = std::function<Result<std::string>(const std::string &)>;

/// Reads, changes and replaces the file while nobody else does.
Result<void> edit(const std::filesystem::path &asked, const Edit &change)
{
    const auto file = followLinks(asked);
    if (!file)
        return file.error();
    const auto lock = FileLock::take(*file);
    if (!lock)
        return lock.error();
    const auto text = readSmallFile(*file);
    if (!text)
        return text.error();
    const auto changed = change(text->value_or(std::string()));
    if (!changed)
        return changed.error();
    return replaceFile(*file, *changed);
}

/// `replacement` stands where the first of the sections was. Comments between them stay; blank
/// lines that only part them do not.
std::string withSections(const std::string &text, const std::vector<TomlSection> &sections,
                         const std::string &replacement)
{
    std::string out = text.substr(0, sections.front().begin) + replacement;
    std::size_t copied = sections.front().contentEnd;
    for (const auto &section : sections) {
        if (section.begin < copied)
            continue;
        const auto between = text.substr(copied, section.begin - copied);
        if (between.find_first_not_of(" \t\r\n") != std::string::npos)
            out += between;
        copied = section.contentEnd;
    }
    const std::string rest = text.substr(copied);
    // The blank line that add() puts before a table goes with it.
    if (rest.empty() && replacement.empty() && out.ends_with("\n\n"))
        out.pop_back();
    return out + rest;
}

} // namespace

std::filesystem::path configDirectory()
{
    return baseDirectory("XDG_CONFIG_HOME", ".config");
}

std::filesystem::path dataDirectory()
{
    return baseDirectory("XDG_DATA_HOME", ".local/share");
}

std::filesystem::path stateDirectory()
{
    return baseDirectory("XDG_STATE_HOME", ".local/state");
}

Result<void> checkProfileName(std::string_view name)
{
    const auto fail = [&](const std::string &why) {
        return fault("INVALID_PROFILE_NAME", why, "checking the name of a profile");
    };
    if (name.empty())
        return fail("a profile needs a name");
    if (!isValidUtf8(name) || visible(name) != name)
        return fail("a name holds no invisible characters and no blanks at its ends");
    const auto characters = std::count_if(name.begin(), name.end(),
                                          [](unsigned char c) { return (c & 0xc0U) != 0x80U; });
    if (static_cast<std::size_t>(characters) > longestName)
        return fail("a name has at most 64 characters");
    const bool legal = std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return c >= 0x80 || std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ' ';
    });
    if (!legal)
        return fail("a name is made of letters, digits, '-', '_', '.' and blanks");
    return {};
}

ProfileStore::ProfileStore(std::filesystem::path file)
    : m_file(std::move(file))
{
}

LoadedProfiles ProfileStore::load() const
{
    const auto text = readSmallFile(m_file);
    if (!text)
        return {.profiles = {},
                .problems = {{.line = 0, .key = {}, .message = describe(text.error())}}};
    return parseProfiles(text->value_or(std::string()));
}

Result<Profile> ProfileStore::find(const std::string &name) const
{
    const auto loaded = load();
    for (const auto &profile : loaded.profiles)
        if (profile.name == name)
            return profile;
    const std::string attempted = "looking for " + named(name) + " in " + visible(m_file.string());
    for (const auto &problem : loaded.problems)
        if (problem.profile == name || problem.line == 0)
            return fault(
                "PROFILE_UNUSABLE",
                (problem.line > 0 ? "line " + std::to_string(problem.line) + ", " : std::string()) +
                    visible(problem.key) + ": " + problem.message,
                attempted);
    return fault("PROFILE_NOT_FOUND", "there is no profile of this name", attempted);
}

Result<void> ProfileStore::add(const Profile &profile)
{
    const std::string attempted = "adding " + named(profile.name);
    if (const auto fine = checkWritable(profile, attempted); !fine)
        return fine;
    return edit(m_file, [&](const std::string &text) -> Result<std::string> {
        const auto loaded = parseProfiles(text);
        const bool isThere =
            !sectionsOf(text, profile.name).empty() ||
            std::any_of(loaded.profiles.begin(), loaded.profiles.end(),
                        [&](const Profile &other) { return other.name == profile.name; });
        if (isThere)
            return fault("PROFILE_EXISTS", "there is a profile of this name already", attempted);
        std::string changed = text;
        if (!changed.empty())
            changed += changed.ends_with('\n') ? "\n" : "\n\n";
        changed += toToml(profile);
        if (const auto fine = checkOutcome(text, changed, profile.name, &profile, attempted); !fine)
            return fine.error();
        return changed;
    });
}

Result<void> ProfileStore::replace(const std::string &name, const Profile &profile)
{
    const std::string attempted = "changing " + named(name);
    if (const auto fine = checkWritable(profile, attempted); !fine)
        return fine;
    return edit(m_file, [&](const std::string &text) -> Result<std::string> {
        const auto sections = sectionsOf(text, name);
        if (sections.empty())
            return withoutTable(text, name, attempted);
        if (profile.name != name && !sectionsOf(text, profile.name).empty())
            return fault("PROFILE_EXISTS", "there is " + named(profile.name) + " already",
                         attempted);
        const std::string changed = withSections(text, sections, toToml(profile));
        if (const auto fine = checkOutcome(text, changed, name, &profile, attempted); !fine)
            return fine.error();
        return changed;
    });
}

Result<void> ProfileStore::remove(const std::string &name)
{
    const std::string attempted = "removing " + named(name);
    return edit(m_file, [&](const std::string &text) -> Result<std::string> {
        const auto sections = sectionsOf(text, name);
        if (sections.empty())
            return withoutTable(text, name, attempted);
        const std::string changed = withSections(text, sections, {});
        if (const auto fine = checkOutcome(text, changed, name, nullptr, attempted); !fine)
            return fine.error();
        return changed;
    });
}

} // namespace redrive::workspace
