#pragma once

#include "core/kafka/connection.h"
#include "core/kafka/guard.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace redrive::workspace {

/// Something in a profile file or an import that was refused; the rest of it works.
struct ProfileProblem
{
    int line = 0; ///< 1-based; 0: the file as a whole
    std::string key;
    std::string message;   ///< never holds the value of a secret
    std::string profile{}; ///< the table it is in; empty: of the file as a whole
    bool operator==(const ProfileProblem &) const = default;
};

/// A cluster as the user named it. Holds references to secrets, never secrets: `env:NAME` and
/// `keychain:KEY`.
struct Profile
{
    std::string name;
    std::string bootstrap;
    std::map<std::string, std::string> properties;
    std::vector<kafka::AddressMapping> addressMap;
    std::optional<kafka::AccessMode> mode;
    bool production = false;
    /// What was refused and may not be done without: a secret in the wrong place, a security
    /// property that cannot be used, an address mapping. While there is any, resolve() fails and
    /// nothing is written, so that the profile never connects weaker, or elsewhere, than it says.
    std::vector<ProfileProblem> refused{};
    bool operator==(const Profile &) const = default;
};

struct LoadedProfiles
{
    std::vector<Profile> profiles; ///< in the order of the file
    std::vector<ProfileProblem> problems;
};

/// Turns `keychain:KEY` into the secret. The window gives one on QtKeychain; redrivectl has none
/// and says so.
using KeychainReader = std::function<Result<std::string>(const std::string &key)>;

/// Profile -> what can be opened, with `env:` and `keychain:` references resolved. Fails naming the
/// property (never its value) when a reference leads nowhere. A secret property whose value is no
/// reference is refused, and so is SASL without a mechanism.
Result<kafka::ConnectionSettings> resolve(const Profile &profile,
                                          const KeychainReader &keychain = {});

/// "--bootstrap X -X k=v" as a nameless profile; literal secrets, unknown keys and bad addresses
/// are usage errors.
Result<Profile> profileFromArguments(const std::string &bootstrap,
                                     const std::vector<std::string> &properties);

} // namespace redrive::workspace
