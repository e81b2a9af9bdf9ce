#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::workspace {

/// One entry of a `sasl.jaas.config`.
struct JaasEntry
{
    std::string module; ///< a class name: letters, digits, `.`, `_` and `$`
    std::map<std::string, std::string> options;
};

/// None: it is not one entry `MODULE FLAG key="value" …;`. Nothing is loaded or run.
std::optional<JaasEntry> parseJaas(std::string_view text);

} // namespace redrive::workspace
