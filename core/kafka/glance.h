#pragma once

#include "core/kafka/groupadmin.h"

#include <stop_token>
#include <vector>

namespace redrive::kafka {

/// Looks at single records, with a consumer of its own for all queries: one that has no group, so
/// that nothing is joined, committed or even created (a broker that is asked for a coordinator
/// makes the topic of committed offsets). Blocks until all are answered or `deadline` has come:
/// then what is missing has the error _TIMED_OUT. One answer a query, in their order.
std::vector<GlanceAnswer> glance(const ConnectionSettings &settings,
                                 const std::vector<GlanceQuery> &queries, MonoTime deadline,
                                 const std::stop_token &stop);

} // namespace redrive::kafka
