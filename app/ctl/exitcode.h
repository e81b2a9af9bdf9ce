#pragma once

#include "core/base/error.h"

namespace redrive::ctl {

/// What the command ends with; a promise to scripts.
namespace exitcode {
inline constexpr int done = 0;
inline constexpr int failed = 1;      ///< or failed in part
inline constexpr int usage = 2;       ///< nothing was sent
inline constexpr int unreachable = 3; ///< no broker reached, or no answer in time
inline constexpr int refused = 4;     ///< by the guard
inline constexpr int unknown = 5;     ///< a change was sent and could not be read back
} // namespace exitcode

/// The exit code for a command that ends with this error and nothing else.
int exitCode(const Error &error);

/// "--state 'x' is no state …": wrong usage, with the option or argument it is about.
Error usageError(std::string message, std::string attempted = {});

} // namespace redrive::ctl
