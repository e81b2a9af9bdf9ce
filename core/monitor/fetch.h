#pragma once

#include "core/kafka/clusterclient.h"
#include "core/monitor/survey.h"

#include <functional>
#include <set>
#include <vector>

// Private to this room: the steps that surveys are made of. Each calls `done` once, from the
// client's poll().

namespace redrive::monitor {

/// Answers that say "ask again": the coordinator moves, or still loads. Asking again right away is
/// enough, since the request waits for its turn behind all others.
bool isPassing(const Error &error);
inline constexpr int mostAttempts = 3;

/// Longer lists are asked for in parts: librdkafka takes time that is quadratic in the length of a
/// list.
inline constexpr std::size_t partitionsAtOnce = 2000;

/// Log ends alone.
void fetchEnds(kafka::ClusterClient &client, const std::set<TopicPartition> &partitions,
               const SurveyOptions &options, std::function<void(OffsetTable)> done);

/// Start, end and stable end. The stable end is asked for when the end is known: read before it,
/// records that arrive in between would look like an open transaction.
void fetchBounds(kafka::ClusterClient &client, const std::set<TopicPartition> &partitions,
                 const SurveyOptions &options, std::function<void(LogBounds)> done);

/// Calls `done` from poll() when there is nothing to ask for.
void fetchNothing(kafka::ClusterClient &client, const SurveyOptions &options,
                  std::function<void()> done);

} // namespace redrive::monitor
