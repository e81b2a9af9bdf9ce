#pragma once

#include "core/base/error.h"

#include <optional>
#include <string>
#include <string_view>

namespace redrive::workspace {

/// `env:NAME` or `keychain:KEY` in place of a property's value.
struct Reference
{
    enum class Kind
    {
        Environment,
        Keychain
    };
    Kind kind = Kind::Environment;
    std::string name;
    bool valid = false; ///< false: the prefix is there, and no name that could be looked up
};

/// None: the value is a literal.
std::optional<Reference> parseReference(std::string_view value);

/// checkProperty() for what stands in a profile, where a value may be a reference and a secret has
/// to be one. Codes besides those of checkProperty(): LITERAL_SECRET, INVALID_REFERENCE.
Result<void> checkReferenceOrValue(std::string_view key, std::string_view value);

/// Whether a connection without this property, known or misspelt, could be weaker than one with it.
bool concernsSecurity(std::string_view key);

} // namespace redrive::workspace
