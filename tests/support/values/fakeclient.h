#pragma once

#include "tests/support/values/fakestate.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <vector>

// Private to the twin.

namespace redrive::twin {

inline std::string toText(const TopicPartition &partition)
{
    return partition.topic + "/" + std::to_string(partition.partition);
}

/// One handle. Its requests wait in it until they are due; destroying it drops them.
class FakeCluster::Client final : public kafka::ClusterClient
{
public:
    Client(std::shared_ptr<State> state, int number)
        : m_state(std::move(state))
        , m_number(number)
    {
    }
    ~Client() override
    {
        const std::scoped_lock lock(m_state->mutex);
        --m_state->alive;
        for (const Pending &pending : m_pending)
            --m_state->inFlight[pending.call];
    }

    void describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply) override
    {
        post(Call::DescribeCluster, {}, timeout, [reply](State &state, const Error *error) {
            Result<ClusterInfo> answer = error ? Result<ClusterInfo>(*error) : state.cluster;
            return [reply, answer] { reply(answer); };
        });
    }

    void listGroups(Millis timeout, Reply<Result<kafka::GroupListings>> reply) override
    {
        post(Call::ListGroups, {}, timeout, [reply](State &state, const Error *error) {
            kafka::GroupListings listings;
            for (const auto &[id, group] : state.groups)
                listings.groups.push_back(group.listing);
            Result<kafka::GroupListings> answer(std::move(listings));
            if (error)
                answer = *error;
            return [reply, answer] { reply(answer); };
        });
    }

    void listUndescribable(std::vector<GroupId> known, Millis timeout,
                           Reply<Result<kafka::GroupListings>> reply) override
    {
        post(Call::ListUndescribable, {}, timeout,
             [reply, known = std::move(known)](State &state, const Error *error) {
                 kafka::GroupListings listings;
                 for (const GroupListing &each : state.undescribable) {
                     if (std::find(known.begin(), known.end(), each.id) == known.end())
                         listings.groups.push_back(each);
                 }
                 Result<kafka::GroupListings> answer(std::move(listings));
                 if (error)
                     answer = *error;
                 return [reply, answer] { reply(answer); };
             });
    }

    void describeGroups(std::vector<GroupId> groups, Millis timeout,
                        Reply<std::vector<GroupDescription>> reply) override
    {
        std::string about;
        for (const GroupId &group : groups)
            about += " " + group.value();
        post(Call::DescribeGroups, about, timeout,
             [reply, groups = std::move(groups)](State &state, const Error *error) {
                 std::vector<GroupDescription> answer;
                 for (const GroupId &group : groups)
                     answer.push_back(error ? failedDescription(group, *error)
                                            : state.describe(group));
                 return [reply, answer] { reply(answer); };
             });
    }

    void committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply) override
    {
        post(Call::CommittedOffsets, " " + group.value(), timeout,
             [reply, group](State &state, const Error *error) {
                 GroupOffsets answer;
                 if (const auto found = state.groups.find(group); found != state.groups.end())
                     answer = found->second.commits;
                 const auto scripted = state.takeFailure(Call::CommittedOffsets, group.value());
                 if (error || scripted) {
                     answer = {};
                     answer.error = error ? *error : *scripted;
                 }
                 answer.id = group;
                 answer.readAt = state.wall;
                 return [reply, answer] { reply(answer); };
             });
    }

    void listOffsets(std::vector<TopicPartition> partitions, kafka::OffsetSpec spec,
                     kafka::Isolation isolation, Millis timeout, Reply<OffsetTable> reply) override
    {
        const bool isStart = spec == kafka::OffsetSpec::Earliest;
        const bool isStable = !isStart && isolation == kafka::Isolation::ReadCommitted;
        std::string about = isStart ? " start" : isStable ? " stable" : " end";
        for (const TopicPartition &partition : partitions)
            about += " " + toText(partition);
        post(Call::ListOffsets, about, timeout,
             [=, partitions = std::move(partitions)](State &state, const Error *error) {
                 const OffsetTable &table = isStart    ? state.logs.start
                                            : isStable ? state.logs.stable
                                                       : state.logs.end;
                 OffsetTable answer;
                 for (const TopicPartition &partition : partitions)
                     answer[partition] =
                         error ? failedAnswer(*error) : state.offset(table, partition);
                 return [reply, answer] { reply(answer); };
             });
    }

    void listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply) override
    {
        post(Call::ListTopics, {}, timeout, [reply](State &state, const Error *error) {
            std::vector<TopicInfo> topics;
            for (const auto &[topicName, topic] : state.topics)
                topics.push_back(topic);
            Result<std::vector<TopicInfo>> answer(std::move(topics));
            if (error)
                answer = *error;
            return [reply, answer] { reply(answer); };
        });
    }

    void readTails(std::vector<kafka::TailQuery> queries, Millis timeout,
                   Reply<TailTable> reply) override
    {
        std::string about;
        for (const kafka::TailQuery &query : queries)
            about += " " + toText(query.partition) + ":" + std::to_string(query.from.value()) +
                     "-" + std::to_string(query.end.value());
        post(Call::ReadTails, about, timeout,
             [reply, queries = std::move(queries)](State &state, const Error *error) {
                 TailTable answer;
                 for (const kafka::TailQuery &query : queries) {
                     TailAnswer tail{.lastData = Offset(query.end.value() - 1), .from = query.from};
                     const auto scripted = state.logs.tail.find(query.partition);
                     if (scripted != state.logs.tail.end())
                         tail.lastData = scripted->second.lastData;
                     if (!error)
                         answer[query.partition] = tail;
                 }
                 return [reply, answer] { reply(answer); };
             });
    }

    bool poll(Millis wait) override
    {
        std::vector<std::function<void()>> replies;
        {
            std::unique_lock lock(m_state->mutex);
            m_state->changed.wait_for(lock, wait, [&] { return m_woken || hasDue(); });
            m_woken = false;
            replies = takeDue();
        }
        for (const auto &reply : replies)
            reply();
        return !replies.empty();
    }

    void wake() override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_woken = true;
        m_state->changed.notify_all();
    }

    std::optional<Trouble> takeTrouble() override
    {
        const std::scoped_lock lock(m_state->mutex);
        return std::exchange(m_state->trouble, std::nullopt);
    }

    bool isWorn() const override
    {
        const std::scoped_lock lock(m_state->mutex);
        return m_number <= m_state->wornUpTo;
    }

private:
    using Answer = std::function<std::function<void()>(State &, const Error *)>;

    struct Pending
    {
        Call call = Call::ListGroups;
        MonoTime due;
        std::optional<Error> error;
        Answer answer;
    };

    void post(Call call, const std::string &about, Millis timeout, Answer answer)
    {
        const std::scoped_lock lock(m_state->mutex);
        State &state = *m_state;
        Pending pending{.call = call,
                        .due = state.now + state.latency,
                        .error = state.takeFailure(call, {}),
                        .answer = std::move(answer)};
        const std::string attempted = std::string(name(call)) + about;
        if (state.reach == Reach::Refused)
            pending.error = brokerError("_TRANSPORT", attempted);
        if (state.reach == Reach::Silent || m_number <= state.stuckUpTo ||
            state.latency > timeout) {
            pending.due = state.now + timeout;
            pending.error = brokerError("_TIMED_OUT", attempted);
        }
        state.asked.push_back(attempted);
        ++state.counts[call];
        auto &inFlight = ++state.inFlight[call];
        state.mostInFlight[call] = std::max(state.mostInFlight[call], inFlight);
        m_pending.push_back(std::move(pending));
    }

    bool hasDue() const
    {
        return std::any_of(m_pending.begin(), m_pending.end(),
                           [&](const Pending &each) { return each.due <= m_state->now; });
    }

    std::vector<std::function<void()>> takeDue()
    {
        std::vector<std::function<void()>> replies;
        std::erase_if(m_pending, [&](Pending &each) {
            if (each.due > m_state->now)
                return false;
            --m_state->inFlight[each.call];
            replies.push_back(each.answer(*m_state, each.error ? &*each.error : nullptr));
            return true;
        });
        return replies;
    }

    std::shared_ptr<State> m_state;
    int m_number;
    std::deque<Pending> m_pending; ///< guarded by the state's mutex, like m_woken
    bool m_woken = false;
};

} // namespace redrive::twin
