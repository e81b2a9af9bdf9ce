#include "core/offsets/planner.h"

#include "core/base/text.h"
#include "core/offsets/gather.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace redrive::offsets {

namespace {

using Identities = std::vector<kafka::TopicIdentity>;

/// A time-out says less than what the library complains of meanwhile.
Error becauseOf(kafka::GroupAdmin &admin, Error error)
{
    const bool isSilence =
        error.kind == Error::Kind::Timeout || error.kind == Error::Kind::Transport;
    auto trouble = isSilence ? admin.takeTrouble() : std::nullopt;
    if (!trouble)
        return error;
    trouble->error.attempted = error.attempted;
    return std::move(trouble->error);
}

void addTopics(Facts &facts, const Identities &identities)
{
    for (const kafka::TopicIdentity &identity : identities)
        facts.topics[identity.topic] = identity;
}

std::vector<std::string> namedTopics(const Scope &scope)
{
    std::set<std::string> names;
    for (const TopicScope &topic : scope.topics)
        names.insert(topic.topic);
    return {names.begin(), names.end()};
}

std::vector<std::string> topicsOf(const std::vector<TopicPartition> &partitions)
{
    std::set<std::string> names;
    for (const TopicPartition &partition : partitions)
        names.insert(partition.topic);
    return {names.begin(), names.end()};
}

std::vector<TopicPartition> partitionsOf(const Plan &plan)
{
    std::vector<TopicPartition> partitions;
    partitions.reserve(plan.rows.size());
    for (const PlanRow &row : plan.rows)
        partitions.push_back(row.partition);
    return partitions;
}

bool looksEmpty(const GroupDescription &group)
{
    return !group.error && (group.state == GroupState::Empty || group.state == GroupState::Dead);
}

std::vector<TopicPartition> movedBetween(const GroupOffsets &first, const GroupOffsets &second,
                                         const std::vector<TopicPartition> &partitions)
{
    if (first.error || second.error)
        return {};
    const auto known = [](const GroupOffsets &offsets) {
        std::map<TopicPartition, std::optional<Offset>> table;
        for (const CommittedOffset &commit : offsets.offsets) {
            if (!commit.error)
                table[commit.partition] = commit.offset;
        }
        return table;
    };
    const auto before = known(first);
    const auto after = known(second);
    std::vector<TopicPartition> moved;
    for (const TopicPartition &partition : partitions) {
        const auto was = before.find(partition);
        const auto is = after.find(partition);
        if (was != before.end() && is != after.end() && was->second != is->second)
            moved.push_back(partition);
    }
    return moved;
}

/// One planning, in as many steps as depend on one another.
class Planning
{
public:
    Planning(kafka::GroupAdmin &admin, const PlanRequest &request, const ReadOptions &options,
             std::stop_token stop)
        : m_admin(admin)
        , m_request(request)
        , m_options(options)
        , m_stop(std::move(stop))
        , m_now(options.wall())
    {
    }

    Result<Plan> run()
    {
        // Of a classic group that takes two requests in sequence; the logs do not wait for it.
        std::vector<GroupDescription> groups;
        Gather describing(m_admin);
        m_admin.describeGroups({m_request.group}, m_options.timeout, describing.into(groups));
        if (auto failed = readCommits())
            return std::move(*failed);
        if (!readRemainingTopics())
            return stopped();
        const auto partitions = offsets::partitionsOf(m_request, m_facts);
        std::optional<GroupOffsets> again;
        Gather logs(m_admin);
        askForLogs(partitions, logs);
        if (groups.empty() || looksEmpty(groups.front()))
            m_admin.committedOffsets(m_request.group, m_options.timeout, logs.into(again));
        if (!describing.wait(m_stop))
            return stopped();
        if (!groups.empty())
            m_facts.group = std::move(groups.front());
        tell(make());
        if (!logs.wait(m_stop) || !readStableAgain())
            return stopped();
        // Whether somebody commits to a group that looks empty.
        if (again && looksEmpty(m_facts.group))
            m_facts.moving = movedBetween(m_facts.committed, *again, partitions);
        Plan planned = make();
        tell(planned);
        if (!lookAtRecords(planned))
            return stopped();
        tell(planned);
        return planned;
    }

private:
    std::optional<Error> readCommits()
    {
        std::optional<Result<ClusterInfo>> cluster;
        Identities identities;
        std::optional<GroupOffsets> other;
        Gather gather(m_admin);
        m_admin.describeCluster(m_options.timeout, gather.into(cluster));
        m_admin.committedOffsets(m_request.group, m_options.timeout,
                                 gather.into(m_facts.committed));
        if (const auto topics = namedTopics(m_request.scope); !topics.empty())
            m_admin.topicIdentities(topics, m_options.timeout, gather.into(identities));
        if (const auto *const from = std::get_if<to::OtherGroup>(&m_request.target))
            m_admin.committedOffsets(from->group, m_options.timeout, gather.into(other));
        if (!gather.wait(m_stop))
            return stopped();
        if (!*cluster)
            return becauseOf(m_admin, cluster->error());
        m_facts.clusterId = cluster->value().clusterId;
        m_facts.otherGroup = std::move(other);
        m_facts.readAt = m_now;
        addTopics(m_facts, identities);
        return std::nullopt;
    }

    /// Those that only the commits name.
    bool readRemainingTopics()
    {
        auto topics = topicsOf(offsets::partitionsOf(m_request, m_facts));
        std::erase_if(topics,
                      [&](const std::string &topic) { return m_facts.topics.contains(topic); });
        if (topics.empty())
            return true;
        Identities identities;
        Gather gather(m_admin);
        m_admin.topicIdentities(topics, m_options.timeout, gather.into(identities));
        const bool came = gather.wait(m_stop);
        addTopics(m_facts, identities);
        return came;
    }

    void askForLogs(const std::vector<TopicPartition> &partitions, Gather &gather)
    {
        using kafka::Isolation;
        using kafka::OffsetSpec;
        if (partitions.empty())
            return;
        const Millis timeout = m_options.timeout;
        m_admin.listOffsets(partitions, OffsetSpec::Earliest, Isolation::ReadUncommitted, timeout,
                            gather.into(m_facts.start));
        m_admin.listOffsets(partitions, OffsetSpec::Latest, Isolation::ReadUncommitted, timeout,
                            gather.into(m_facts.end));
        m_admin.listOffsets(partitions, OffsetSpec::Latest, Isolation::ReadCommitted, timeout,
                            gather.into(m_facts.stable));
        if (const auto time = timeOf(m_request.target, m_now)) {
            std::map<TopicPartition, WallTime> times;
            for (const TopicPartition &partition : partitions)
                times.emplace(partition, *time);
            m_admin.offsetsForTimes(std::move(times), timeout, gather.into(m_facts.times));
        }
    }

    /// On a log that grows, a last stable offset that was read before the log end looks like an
    /// open transaction.
    bool readStableAgain()
    {
        std::vector<TopicPartition> behind;
        for (const auto &[partition, stable] : m_facts.stable) {
            const auto end = m_facts.end.find(partition);
            if (stable.offset && end != m_facts.end.end() && end->second.offset &&
                *stable.offset < *end->second.offset)
                behind.push_back(partition);
        }
        if (behind.empty())
            return true;
        OffsetTable later;
        Gather gather(m_admin);
        m_admin.listOffsets(behind, kafka::OffsetSpec::Latest, kafka::Isolation::ReadCommitted,
                            m_options.timeout, gather.into(later));
        const bool came = gather.wait(m_stop);
        for (const auto &[partition, stable] : later) {
            if (stable.offset)
                m_facts.stable[partition] = stable;
        }
        return came;
    }

    bool lookAtRecords(Plan &planned)
    {
        const auto queries = glancesOf(planned, m_options.mostGlances);
        if (queries.empty())
            return true;
        std::vector<kafka::GlanceAnswer> answers;
        Gather gather(m_admin);
        m_admin.glance(queries, m_options.glanceTimeout, gather.into(answers));
        if (!gather.wait(m_stop))
            return false;
        addGlances(planned, queries, answers);
        return true;
    }

    Plan make() const { return makePlan(m_request, m_facts, m_now); }

    void tell(const Plan &planned) const
    {
        if (m_options.onProgress)
            m_options.onProgress(planned);
    }

    Error stopped() const { return cancelled("planning " + visible(m_request.group.value())); }

    kafka::GroupAdmin &m_admin;
    const PlanRequest &m_request;
    const ReadOptions &m_options;
    std::stop_token m_stop;
    WallTime m_now;
    Facts m_facts;
};

} // namespace

Result<Plan> plan(kafka::GroupAdmin &admin, const PlanRequest &request, const ReadOptions &options,
                  std::stop_token stop)
{
    return Planning(admin, request, options, std::move(stop)).run();
}

Result<Facts> readAgain(kafka::GroupAdmin &admin, const Plan &plan, Millis timeout,
                        std::stop_token stop)
{
    Facts facts;
    std::optional<Result<ClusterInfo>> cluster;
    std::vector<GroupDescription> groups;
    Identities identities;
    const auto partitions = partitionsOf(plan);
    Gather gather(admin);
    admin.describeCluster(timeout, gather.into(cluster));
    admin.describeGroups({plan.group}, timeout, gather.into(groups));
    admin.committedOffsets(plan.group, timeout, gather.into(facts.committed));
    if (!partitions.empty()) {
        admin.topicIdentities(topicsOf(partitions), timeout, gather.into(identities));
        admin.listOffsets(partitions, kafka::OffsetSpec::Earliest,
                          kafka::Isolation::ReadUncommitted, timeout, gather.into(facts.start));
    }
    if (!gather.wait(stop))
        return cancelled("looking at " + visible(plan.group.value()) + " again");
    if (!*cluster)
        return becauseOf(admin, cluster->error());
    facts.clusterId = cluster->value().clusterId;
    if (!groups.empty())
        facts.group = std::move(groups.front());
    addTopics(facts, identities);
    facts.readAt = wallNow();
    return facts;
}

} // namespace redrive::offsets
