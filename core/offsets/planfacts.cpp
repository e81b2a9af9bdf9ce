#include "core/offsets/planfacts.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace redrive::offsets {

bool saysGone(const Error &error)
{
    static constexpr std::array<std::string_view, 4> codes{
        "UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"};
    return std::find(codes.begin(), codes.end(), error.code) != codes.end();
}

CommitImage imageOf(const CommittedOffset &commit)
{
    return {.offset = commit.offset,
            .leaderEpoch = commit.offset ? commit.leaderEpoch : std::nullopt,
            .metadata = commit.offset ? commit.metadata : std::string()};
}

const OffsetAnswer *find(const OffsetTable &table, const TopicPartition &partition)
{
    const auto found = table.find(partition);
    return found == table.end() ? nullptr : &found->second;
}

std::string choices(Offset from, Offset to)
{
    if (from >= to)
        return "only " + std::to_string(to.value()) + " can be chosen";
    return "from " + std::to_string(from.value()) + " to " + std::to_string(to.value()) +
           " can be chosen";
}

PlanFacts::PlanFacts(const PlanRequest &asked, const Facts &facts, WallTime now)
    : m_request(asked)
    , m_facts(facts)
    , m_now(now)
    , m_commits(byPartition(facts.committed))
{
    if (facts.otherGroup)
        m_others = byPartition(*facts.otherGroup);
}

PlanFacts::Commits PlanFacts::byPartition(const GroupOffsets &offsets)
{
    Commits commits;
    for (const CommittedOffset &commit : offsets.offsets)
        commits.emplace(commit.partition, &commit);
    return commits;
}

const CommittedOffset *PlanFacts::commit(const TopicPartition &partition) const
{
    const auto found = m_commits.find(partition);
    return found == m_commits.end() ? nullptr : found->second;
}

const CommittedOffset *PlanFacts::otherCommit(const TopicPartition &partition) const
{
    const auto found = m_others.find(partition);
    return found == m_others.end() ? nullptr : found->second;
}

const kafka::TopicIdentity *PlanFacts::identity(const std::string &topic) const
{
    const auto found = m_facts.topics.find(topic);
    return found == m_facts.topics.end() ? nullptr : &found->second;
}

bool PlanFacts::hasCommit(const TopicPartition &partition) const
{
    const auto *found = commit(partition);
    return found != nullptr && (found->offset || found->error);
}

bool PlanFacts::isGroupMissing() const
{
    const bool isNotFound =
        m_facts.group.error && m_facts.group.error->code == "GROUP_ID_NOT_FOUND";
    const bool isDead = m_facts.group.state == GroupState::Dead;
    return (isNotFound || isDead) && m_facts.group.members.empty() &&
           std::none_of(m_commits.begin(), m_commits.end(),
                        [](const auto &commit) { return commit.second->offset.has_value(); });
}

Error PlanFacts::error(std::string code, std::string message) const
{
    return {.kind = Error::Kind::Broker,
            .code = std::move(code),
            .message = std::move(message),
            .attempted = "planning group " + m_request.group.value(),
            .retriable = {}};
}

} // namespace redrive::offsets
