#include "core/monitor/fetch.h"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <string_view>
#include <utility>

namespace redrive::monitor {

namespace {

using kafka::Isolation;
using kafka::OffsetSpec;

/// Which of the groups, and how often it has been asked for.
struct Turn
{
    std::size_t index = 0;
    int attempt = 1;
};

class CommitFetch : public std::enable_shared_from_this<CommitFetch>
{
public:
    CommitFetch(kafka::ClusterClient &client, std::vector<GroupId> groups, SurveyOptions options,
                std::function<void(std::size_t)> progress,
                std::function<void(std::vector<GroupOffsets>)> done)
        : m_client(client)
        , m_groups(std::move(groups))
        , m_answers(m_groups.size())
        , m_options(std::move(options))
        , m_progress(std::move(progress))
        , m_done(std::move(done))
    {
        for (std::size_t i = 0; i < m_groups.size(); ++i)
            m_waiting.push_back({.index = i, .attempt = 1});
    }

    void pump()
    {
        while (m_inFlight < std::max<std::size_t>(1, m_options.inFlight) && !m_waiting.empty()) {
            const Turn turn = m_waiting.front();
            m_waiting.pop_front();
            ++m_inFlight;
            m_client.committedOffsets(m_groups[turn.index], m_options.timeout,
                                      [self = shared_from_this(), turn](GroupOffsets answer) {
                                          self->take(turn, std::move(answer));
                                      });
        }
    }

private:
    void take(Turn turn, GroupOffsets answer)
    {
        --m_inFlight;
        if (answer.error && isPassing(*answer.error) && turn.attempt < mostAttempts) {
            m_waiting.push_back({.index = turn.index, .attempt = turn.attempt + 1});
        } else {
            m_answers[turn.index] = std::move(answer);
            ++m_answered;
            if (m_progress)
                m_progress(m_answered);
        }
        if (m_answered == m_groups.size())
            m_done(std::move(m_answers));
        else
            pump();
    }

    kafka::ClusterClient &m_client;
    std::vector<GroupId> m_groups;
    std::vector<GroupOffsets> m_answers;
    SurveyOptions m_options;
    std::function<void(std::size_t)> m_progress;
    std::function<void(std::vector<GroupOffsets>)> m_done;
    std::deque<Turn> m_waiting;
    std::size_t m_inFlight = 0;
    std::size_t m_answered = 0;
};

/// In parts, since a request of this kind is one for each group in it.
class DescriptionFetch : public std::enable_shared_from_this<DescriptionFetch>
{
public:
    DescriptionFetch(kafka::ClusterClient &client, std::vector<GroupId> groups,
                     const SurveyOptions &options,
                     std::function<void(std::vector<GroupDescription>)> done)
        : m_client(client)
        , m_groups(std::move(groups))
        , m_answers(m_groups.size())
        , m_timeout(options.timeout)
        , m_atOnce(std::max<std::size_t>(1, options.inFlight))
        , m_done(std::move(done))
    {
        for (std::size_t i = 0; i < m_groups.size(); ++i)
            m_waiting.push_back({.index = i, .attempt = 1});
    }

    void askForPart()
    {
        const auto end =
            m_waiting.begin() + static_cast<std::ptrdiff_t>(std::min(m_atOnce, m_waiting.size()));
        std::vector<Turn> turns(m_waiting.begin(), end);
        m_waiting.erase(m_waiting.begin(), end);
        std::vector<GroupId> groups;
        groups.reserve(turns.size());
        for (const Turn &turn : turns)
            groups.push_back(m_groups[turn.index]);
        m_client.describeGroups(std::move(groups), m_timeout,
                                [self = shared_from_this(), turns = std::move(turns)](
                                    auto answers) { self->take(turns, std::move(answers)); });
    }

private:
    void take(const std::vector<Turn> &turns, std::vector<GroupDescription> answers)
    {
        for (std::size_t i = 0; i < turns.size(); ++i) {
            const Turn turn = turns[i];
            if (answers[i].error && isPassing(*answers[i].error) && turn.attempt < mostAttempts)
                m_waiting.push_back({.index = turn.index, .attempt = turn.attempt + 1});
            m_answers[turn.index] = std::move(answers[i]);
        }
        if (m_waiting.empty())
            m_done(std::move(m_answers));
        else
            askForPart();
    }

    kafka::ClusterClient &m_client;
    std::vector<GroupId> m_groups;
    std::vector<GroupDescription> m_answers;
    Millis m_timeout;
    std::size_t m_atOnce;
    std::function<void(std::vector<GroupDescription>)> m_done;
    std::deque<Turn> m_waiting;
};

std::vector<std::vector<TopicPartition>> inParts(const std::set<TopicPartition> &partitions)
{
    std::vector<std::vector<TopicPartition>> parts;
    for (const TopicPartition &partition : partitions) {
        if (parts.empty() || parts.back().size() == partitionsAtOnce)
            parts.emplace_back();
        parts.back().push_back(partition);
    }
    return parts;
}

/// Counts answers down; the last one hands the bounds over.
struct BoundsFetch
{
    LogBounds bounds;
    std::size_t missing = 0;
    std::function<void(LogBounds)> done;

    void take(OffsetTable &table, OffsetTable part)
    {
        table.merge(part);
        if (--missing == 0)
            done(std::move(bounds));
    }
};

} // namespace

bool isPassing(const Error &error)
{
    static constexpr std::array<std::string_view, 3> codes{
        "COORDINATOR_LOAD_IN_PROGRESS", "NOT_COORDINATOR", "COORDINATOR_NOT_AVAILABLE"};
    return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

void fetchNothing(kafka::ClusterClient &client, const SurveyOptions &options,
                  std::function<void()> done)
{
    client.listOffsets({}, OffsetSpec::Latest, Isolation::ReadUncommitted, options.timeout,
                       [done = std::move(done)](const OffsetTable &) { done(); });
}

void fetchCommits(kafka::ClusterClient &client, std::vector<GroupId> groups,
                  const SurveyOptions &options, std::function<void(std::size_t)> progress,
                  std::function<void(std::vector<GroupOffsets>)> done)
{
    if (groups.empty()) {
        fetchNothing(client, options, [done = std::move(done)] { done({}); });
        return;
    }
    std::make_shared<CommitFetch>(client, std::move(groups), options, std::move(progress),
                                  std::move(done))
        ->pump();
}

void fetchDescriptions(kafka::ClusterClient &client, std::vector<GroupId> groups,
                       const SurveyOptions &options,
                       std::function<void(std::vector<GroupDescription>)> done)
{
    if (groups.empty()) {
        fetchNothing(client, options, [done = std::move(done)] { done({}); });
        return;
    }
    std::make_shared<DescriptionFetch>(client, std::move(groups), options, std::move(done))
        ->askForPart();
}

void fetchEnds(kafka::ClusterClient &client, const std::set<TopicPartition> &partitions,
               const SurveyOptions &options, std::function<void(OffsetTable)> done)
{
    if (partitions.empty()) {
        fetchNothing(client, options, [done = std::move(done)] { done({}); });
        return;
    }
    auto state = std::make_shared<BoundsFetch>();
    state->done = [done = std::move(done)](LogBounds bounds) { done(std::move(bounds.end)); };
    auto parts = inParts(partitions);
    state->missing = parts.size();
    for (auto &part : parts)
        client.listOffsets(
            std::move(part), OffsetSpec::Latest, Isolation::ReadUncommitted, options.timeout,
            [state](OffsetTable ends) { state->take(state->bounds.end, std::move(ends)); });
}

void fetchBounds(kafka::ClusterClient &client, const std::set<TopicPartition> &partitions,
                 const SurveyOptions &options, std::function<void(LogBounds)> done)
{
    auto state = std::make_shared<BoundsFetch>();
    state->done = std::move(done);
    if (partitions.empty()) {
        fetchNothing(client, options, [state] { state->done({}); });
        return;
    }
    const auto parts = inParts(partitions);
    state->missing = 3 * parts.size();
    for (const auto &part : parts) {
        client.listOffsets(
            part, OffsetSpec::Earliest, Isolation::ReadUncommitted, options.timeout,
            [state](OffsetTable starts) { state->take(state->bounds.start, std::move(starts)); });
        client.listOffsets(part, OffsetSpec::Latest, Isolation::ReadUncommitted, options.timeout,
                           [&client, state, part, options](OffsetTable ends) {
                               state->bounds.readAt = options.clock();
                               state->take(state->bounds.end, std::move(ends));
                               client.listOffsets(
                                   part, OffsetSpec::Latest, Isolation::ReadCommitted,
                                   options.timeout, [state](OffsetTable stables) {
                                       state->take(state->bounds.stable, std::move(stables));
                                   });
                           });
    }
}

void fetchSizes(kafka::ClusterClient &client, const std::set<TopicPartition> &partitions,
                const SurveyOptions &options, std::function<void(LogBounds)> done)
{
    auto state = std::make_shared<BoundsFetch>();
    state->done = std::move(done);
    if (partitions.empty()) {
        fetchNothing(client, options, [state] { state->done({}); });
        return;
    }
    const auto parts = inParts(partitions);
    state->missing = 2 * parts.size();
    for (const auto &part : parts) {
        client.listOffsets(
            part, OffsetSpec::Earliest, Isolation::ReadUncommitted, options.timeout,
            [state](OffsetTable starts) { state->take(state->bounds.start, std::move(starts)); });
        client.listOffsets(part, OffsetSpec::Latest, Isolation::ReadUncommitted, options.timeout,
                           [state, clock = options.clock](OffsetTable ends) {
                               state->bounds.readAt = clock();
                               state->take(state->bounds.end, std::move(ends));
                           });
    }
}

} // namespace redrive::monitor
