#pragma once

#include "core/base/error.h"
#include "core/model/group.h"
#include "core/offsets/target.h"

#include <optional>
#include <string_view>

/// The words by which a plan's file names what is one of a few.
namespace redrive::offsets {

std::string_view wordOf(Error::Kind kind); ///< `usage`, `broker`
std::optional<Error::Kind> kindFrom(std::string_view word);
std::optional<GroupState> stateFrom(std::string_view word);
std::string_view wordOf(const Target &target); ///< `earliest`, `table`, `undo`

} // namespace redrive::offsets
