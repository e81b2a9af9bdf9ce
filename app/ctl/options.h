#pragma once

#include "app/ctl/render.h"
#include "core/base/error.h"
#include "core/base/time.h"
#include "core/workspace/profile.h"

#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// What may stand before every command, as it was written.
struct GlobalOptions
{
    std::optional<std::string> profile;
    std::optional<std::string> bootstrap;
    std::vector<std::string> properties; ///< `-X key=value`
    std::string output = "table";
    std::string timeout = "30s";
    bool local = false;
    bool yes = false;
    std::optional<std::string> confirm;
    bool verbose = false;
    bool version = false;
};

/// The same, read: what makes no sense has been refused.
struct Settings
{
    Format format = Format::Table;
    Millis timeout{30'000};
    bool local = false;
    bool verbose = false;
};
Result<Settings> readSettings(const GlobalOptions &options);

/// The profile that the options name or spell out. Neither or both of --profile and --bootstrap are
/// wrong usage, and so are literal secrets. `-X` goes over what a profile says.
Result<workspace::Profile> chooseProfile(const GlobalOptions &options);

/// Takes secrets out of a text about the command line: the values of secret properties that stand
/// in `arguments`, whatever option they were given to. References are no secrets.
std::string withoutSecrets(std::string text, const std::vector<std::string> &arguments);

} // namespace redrive::ctl
