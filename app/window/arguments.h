#pragma once

#include "core/workspace/profilestore.h"

#include <iosfwd>
#include <optional>
#include <vector>

namespace redrive::window {

struct Arguments
{
    std::vector<workspace::Profile> profiles; ///< to open, in this order; empty: those of last time
};

/// Reads the command line. Empty when the process is to end at once, with `exitCode`: 0 after
/// --help and --version (on `out`), 2 for what cannot be used (one line on `err`).
std::optional<Arguments> readArguments(int argc, char **argv, const workspace::ProfileStore &store,
                                       std::ostream &out, std::ostream &err, int &exitCode);

} // namespace redrive::window
