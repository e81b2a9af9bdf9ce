#pragma once

#include "core/offsets/jsonread.h"
#include "core/offsets/target.h"

#include <string>

namespace redrive::offsets {

/// A list of objects, one a partition; `onLines`: each on a line of its own, two deep.
std::string commitsJson(const CommitTable &commits, bool onLines = false);
/// Throws json::Malformed.
CommitTable commitsIn(const json::Part &part);

} // namespace redrive::offsets
