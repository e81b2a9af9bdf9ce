#pragma once

#include "core/workspace/profile.h"
#include "core/workspace/toml.h"

#include <string_view>
#include <vector>

namespace redrive::workspace {

struct ReadableToml
{
    toml::table root; ///< lines are those of the text
    std::vector<ProfileProblem> problems;
    /// Of those problems: parts of a profile that is in `root` without them.
    std::vector<ProfileProblem> lostParts;
};

/// A table with a syntax error, or a second one of the same name, is left out with those below it;
/// the others are read. The problems hold nothing of the values.
ReadableToml parseWhatCanBeRead(std::string_view text);

} // namespace redrive::workspace
