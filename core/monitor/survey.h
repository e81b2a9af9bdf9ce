#pragma once

#include "core/base/time.h"
#include "core/kafka/clusterclient.h"
#include "core/model/lag.h"

#include <functional>
#include <memory>
#include <vector>

namespace redrive::monitor {

/// Limits of one survey.
struct SurveyOptions
{
    Millis timeout{10'000};        ///< of each request
    std::size_t inFlight = 200;    ///< OffsetFetch requests at once
    std::size_t tailBudget = 256;  ///< partitions whose tail may be read
    Millis tailTimeout{1500};
};

/// Calls `done` once with the answer for every group, in the order asked: keeps at most options.inFlight requests out.
/// `progress` (may be empty) hears how many have been answered.
void fetchCommits(kafka::ClusterClient &client, std::vector<GroupId> groups, const SurveyOptions &options,
                  std::function<void(std::size_t)> progress, std::function<void(std::vector<GroupOffsets>)> done);

/// Groups with their lag, for lists: commits first, then log ends (G5). No group is described.
void surveyLag(kafka::ClusterClient &client, std::vector<GroupListing> groups, const SurveyOptions &options,
               std::function<void(std::size_t)> progress, std::function<void(std::vector<GroupSummary>)> done);

/// Groups in full: described, commits, then log start, end and stable end, then the suspicious tails. Order as asked.
void surveyDetail(kafka::ClusterClient &client, std::vector<GroupListing> groups, const SurveyOptions &options,
                  std::function<void(std::size_t)> progress, std::function<void(std::vector<GroupDetail>)> done);

/// The listing with what only the deprecated call knows merged in, sorted by id.
void surveyListing(kafka::ClusterClient &client, const SurveyOptions &options,
                   std::function<void(Result<kafka::GroupListings>)> done);

} // namespace redrive::monitor
