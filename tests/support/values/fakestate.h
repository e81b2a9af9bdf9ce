#pragma once

#include "tests/support/values/fakecluster.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

// Private to the twin: what FakeCluster and its clients share.

namespace redrive::twin {

/// A scripted failure.
struct Failure
{
    Call call = Call::ListGroups;
    Error error;
    int times = 1;
    std::string about;
};

inline GroupDescription failedDescription(const GroupId &id, Error error)
{
    GroupDescription description;
    description.id = id;
    description.error = std::move(error);
    return description;
}

inline OffsetAnswer failedAnswer(Error error)
{
    OffsetAnswer answer;
    answer.error = std::move(error);
    return answer;
}

struct FakeCluster::State
{
    std::mutex mutex; ///< guards all that follows
    std::condition_variable changed;

    MonoTime now = MonoTime{} + std::chrono::hours(1);
    WallTime wall = WallTime{Millis{1'795'600'000'000}};
    std::map<GroupId, GroupCase> groups;
    std::vector<GroupListing> undescribable;
    LogBounds logs;
    std::map<std::string, TopicInfo> topics;
    ClusterInfo cluster;

    Reach reach = Reach::Answering;
    Millis latency{0};
    std::vector<Failure> failures;
    std::optional<kafka::ClusterClient::Trouble> trouble;
    int opened = 0;
    int alive = 0;
    int stuckUpTo = 0; ///< handles with a number up to this are stuck
    int wornUpTo = 0;  ///< … say that they are worn

    std::vector<std::string> asked;
    std::map<Call, std::size_t> counts;
    std::map<Call, std::size_t> inFlight;
    std::map<Call, std::size_t> mostInFlight;

    std::optional<Error> takeFailure(Call call, const std::string &about)
    {
        for (Failure &failure : failures) {
            if (failure.call == call && failure.times > 0 && failure.about == about) {
                --failure.times;
                return failure.error;
            }
        }
        return {};
    }

    GroupDescription describe(const GroupId &id)
    {
        if (const auto error = takeFailure(Call::DescribeGroups, id.value()))
            return failedDescription(id, *error);
        const auto found = groups.find(id);
        GroupDescription description =
            found == groups.end()
                ? failedDescription(
                      id, brokerError("GROUP_ID_NOT_FOUND", "describing group " + id.value()))
                : found->second.description;
        description.readAt = wall;
        return description;
    }

    OffsetAnswer offset(const OffsetTable &table, const TopicPartition &partition)
    {
        if (const auto error = takeFailure(Call::ListOffsets, partition.topic))
            return failedAnswer(*error);
        const auto found = table.find(partition);
        return found == table.end() ? failedAnswer(brokerError("UNKNOWN_TOPIC_OR_PARTITION"))
                                    : found->second;
    }
};

} // namespace redrive::twin
