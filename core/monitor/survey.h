#pragma once

#include "core/base/time.h"
#include "core/kafka/clusterclient.h"
#include "core/model/lag.h"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace redrive::monitor {

/// Tails that were read, for as long as their log does not grow: a group that is looked at every
/// few seconds is not read again and again. Holds what the last survey used.
struct TailCache
{
    struct Entry
    {
        Offset end;
        TailAnswer answer;
    };
    std::map<TopicPartition, Entry> entries;
    MonoTime notBefore{}; ///< after a read that was refused or came to no end, none until then
};

/// Limits of one survey.
struct SurveyOptions
{
    Millis timeout{10'000};       ///< of each request
    std::size_t inFlight = 200;   ///< groups asked about at once
    std::size_t tailBudget = 256; ///< partitions whose tail may be read
    Millis tailTimeout{1500};
    std::function<WallTime()> clock = wallNow; ///< stamps what has no time of its own
    std::shared_ptr<TailCache> tails;          ///< may be null
};

// Each of these sends pipelined requests and returns at once. `done` is called once, on the owner's
// thread from inside the client's poll(), also when everything failed: failures stand in the part
// they belong to. If the client is destroyed first, it is never called. `progress` (may be empty)
// hears how many groups have been answered.

/// What every group has committed, in the order asked. At most options.inFlight requests are out;
/// answers that only say that the coordinator moves or loads are asked again, up to three times.
void fetchCommits(kafka::ClusterClient &client, std::vector<GroupId> groups,
                  const SurveyOptions &options, std::function<void(std::size_t)> progress,
                  std::function<void(std::vector<GroupOffsets>)> done);

/// Groups with their lag, for lists: commits first, then log ends (G5). No group is described. A
/// listing with an error is passed through and nothing is asked about it.
void surveyLag(kafka::ClusterClient &client, std::vector<GroupListing> groups,
               const SurveyOptions &options, std::function<void(std::size_t)> progress,
               std::function<void(std::vector<GroupSummary>)> done);

/// Groups in full: described and commits, then log start, end and stable end, then the suspicious
/// tails. A listing with an error is passed through and nothing is asked about it.
void surveyDetail(kafka::ClusterClient &client, std::vector<GroupListing> groups,
                  const SurveyOptions &options, std::function<void(std::size_t)> progress,
                  std::function<void(std::vector<GroupDetail>)> done);

/// Start and end of logs, for their sizes.
void fetchSizes(kafka::ClusterClient &client, const std::set<TopicPartition> &partitions,
                const SurveyOptions &options, std::function<void(LogBounds)> done);

/// One description a group, in the order asked, options.inFlight at a time; answers that only say
/// that the coordinator moves or loads are asked again, up to three times.
void fetchDescriptions(kafka::ClusterClient &client, std::vector<GroupId> groups,
                       const SurveyOptions &options,
                       std::function<void(std::vector<GroupDescription>)> done);

/// The listing with what only the deprecated call knows merged in, sorted by id. Fails only when
/// the proper listing does; that the deprecated one failed is among the errors.
void surveyListing(kafka::ClusterClient &client, const SurveyOptions &options,
                   std::function<void(Result<kafka::GroupListings>)> done);

/// Adds those of `others` that `listed` lacks; sorted by id.
std::vector<GroupListing> mergeListings(std::vector<GroupListing> listed,
                                        const std::vector<GroupListing> &others);

} // namespace redrive::monitor
