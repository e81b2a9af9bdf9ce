#pragma once

#include "core/kafka/clusterclient.h"

#include <stop_token>
#include <vector>

namespace redrive::kafka {

/// Reads the asked stretches with an assign-only consumer of its own and tells the last record with
/// data in each. Blocks for at most about `timeout`; partitions not finished by then are missing
/// from the answer. Joins no group, commits nothing.
TailTable readTails(const ConnectionSettings &settings, const std::vector<TailQuery> &queries,
                    Millis timeout, const std::stop_token &stop);

} // namespace redrive::kafka
