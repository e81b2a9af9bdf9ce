#pragma once

#include "core/workspace/profile.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace redrive::workspace {

/// `$XDG_CONFIG_HOME/redrive` and its fellows (design §5); created with mode 0700 when first
/// written.
std::filesystem::path configDirectory();
std::filesystem::path dataDirectory();
std::filesystem::path stateDirectory();

/// profiles.toml: `[profiles.NAME]` with bootstrap, mode, production, `properties = { … }` or
/// `[profiles.NAME.properties]`, and `address-map = ["ADVERTISED=HOST:PORT"]`.
/// Never rewrites what it does not change: adding appends a table, removing cuts that table's
/// lines; comments, unknown keys and even broken tables of others stay as they were. Writes go to a
/// new file that is renamed over the old one, mode 0600.
class ProfileStore
{
public:
    explicit ProfileStore(std::filesystem::path file = configDirectory() / "profiles.toml");

    const std::filesystem::path &file() const noexcept { return m_file; }

    /// A missing file is an empty list. A table with a problem is left out only if it cannot be
    /// used at all.
    LoadedProfiles load() const;
    Result<Profile> find(const std::string &name) const;
    Result<void> add(const Profile &profile);
    Result<void> replace(const std::string &name, const Profile &profile);
    Result<void> remove(const std::string &name);

private:
    std::filesystem::path m_file;
};

/// Reads the text of profiles.toml. A syntax error costs the table it is in, not the file. Values
/// of secrets never get into a problem.
LoadedProfiles parseProfiles(std::string_view text);
/// One `[profiles.NAME]` table as text.
std::string toToml(const Profile &profile);
/// Legal names: letters, digits, `-`, `_`, `.`, blanks inside; at most 64 characters.
Result<void> checkProfileName(std::string_view name);

struct ImportedSecret
{
    int line = 0; ///< 1-based
    std::string value;
    bool operator==(const ImportedSecret &) const = default;
};

struct ImportedProfile
{
    Profile profile;
    std::vector<ProfileProblem> problems; ///< refused or not understood, by line
    /// Property -> the literal secret found; for the keychain, never stored. The profile refers to
    /// each as `keychain:redrive/NAME/PROPERTY`.
    std::map<std::string, ImportedSecret> secrets;
};

/// Java `client.properties` (sasl.jaas.config, ssl.truststore.* in PEM are translated), librdkafka
/// and kcat configuration files (`key=value`). Allow-listed; what runs code is refused and named
/// (S3). The bootstrap is empty, with a problem, when the text has none. What weakens TLS is kept,
/// and a problem says so.
Result<ImportedProfile> importProperties(std::string_view text, std::string name);

} // namespace redrive::workspace
