#include "core/consumer/commitbook.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr Millis firstPause{200};
constexpr Millis longestPause{5000};
/// A batch that does not fill is not left uncommitted for ever.
constexpr Millis longestBatch{10'000};

bool isOneOf(std::string_view code, std::initializer_list<std::string_view> codes)
{
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

} // namespace

CommitReaction reactionTo(const Error &error)
{
    const std::string_view code = error.code;
    if (code == "_NO_OFFSET")
        return CommitReaction::Done;
    if (isOneOf(code, {"ILLEGAL_GENERATION", "UNKNOWN_MEMBER_ID", "FENCED_MEMBER_EPOCH", "_STATE",
                       "_UNKNOWN_PARTITION", "_ASSIGNMENT_LOST", "_DESTROY",
                       "UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_OR_PART"}))
        return CommitReaction::Drop;
    if (isOneOf(code, {"OFFSET_METADATA_TOO_LARGE", "INVALID_COMMIT_OFFSET_SIZE"}))
        return CommitReaction::WithoutMetadata;
    if (isOneOf(code, {"FENCED_INSTANCE_ID", "UNRELEASED_INSTANCE_ID", "GROUP_AUTHORIZATION_FAILED",
                       "TOPIC_AUTHORIZATION_FAILED", "CLUSTER_AUTHORIZATION_FAILED", "_FATAL"}))
        return CommitReaction::Stop;
    return CommitReaction::Repeat;
}

CommitBook::CommitBook(CommitStrategy strategy)
    : m_strategy(strategy)
{
}

void CommitBook::assigned(const TopicPartition &partition, std::optional<Offset> committed)
{
    m_parts[partition] = Part{};
    m_parts[partition].committed = committed;
}

void CommitBook::removed(const TopicPartition &partition)
{
    m_parts.erase(partition);
}

void CommitBook::forget(const TopicPartition &partition)
{
    if (const auto found = m_parts.find(partition); found != m_parts.end())
        found->second.wanted.reset();
}

void CommitBook::moved(const TopicPartition &partition)
{
    if (const auto found = m_parts.find(partition); found != m_parts.end()) {
        found->second.backwards = true;
        found->second.wanted.reset();
    }
}

void CommitBook::finished(const Position &position, std::size_t records, MonoTime now)
{
    const auto found = m_parts.find(position.partition);
    if (found == m_parts.end())
        return;
    found->second.wanted = position;
    if (std::exchange(found->second.resting, false))
        found->second.notBefore = {};
    m_sinceLast += records;
    if (!m_oldest)
        m_oldest = now;
}

bool CommitBook::wants(const Part &part) const
{
    if (!part.wanted || part.resting)
        return false;
    const Offset next = part.wanted->next;
    if (part.backwards)
        return next != part.committed;
    return !part.committed || next > *part.committed;
}

void CommitBook::take(const TopicPartition &partition, Part &part, std::uint64_t request,
                      MonoTime now, std::vector<Position> &into)
{
    if (part.sent || !wants(part) || now < part.notBefore)
        return;
    part.sent = part.wanted;
    part.sent->partition = partition;
    part.request = request;
    part.sentBackwards = part.backwards;
    into.push_back(*part.sent);
}

bool CommitBook::isReached(MonoTime now) const
{
    const auto waited = [&](Millis limit) { return m_oldest && now - *m_oldest >= limit; };
    switch (m_strategy.kind) {
    case CommitStrategy::Kind::Auto: return false;
    case CommitStrategy::Kind::Sync:
    case CommitStrategy::Kind::Async: return true;
    case CommitStrategy::Kind::Batch:
        return m_sinceLast >= m_strategy.count || waited(longestBatch);
    case CommitStrategy::Kind::Every: return waited(m_strategy.interval);
    }
    return false;
}

std::vector<Position> CommitBook::due(std::uint64_t request, MonoTime now, bool all)
{
    const bool reached = isReached(now);
    std::vector<Position> positions;
    for (auto &[partition, part] : m_parts) {
        const bool rested = part.resting && now >= part.notBefore;
        part.resting = part.resting && !rested;
        // What failed is repeated by its own clock, and a step backwards is not left for later.
        if (all || reached || rested || part.failures > 0 || part.backwards)
            take(partition, part, request, now, positions);
    }
    if (!positions.empty() && (all || reached)) {
        m_sinceLast = 0;
        m_oldest.reset();
    }
    return positions;
}

std::vector<Position> CommitBook::due(std::uint64_t request, MonoTime now,
                                      const std::vector<TopicPartition> &partitions)
{
    std::vector<Position> positions;
    for (const TopicPartition &partition : partitions) {
        if (const auto found = m_parts.find(partition); found != m_parts.end())
            take(partition, found->second, request, now, positions);
    }
    return positions;
}

CommitReaction CommitBook::answered(std::uint64_t request, const Position &position,
                                    const std::optional<Error> &error, MonoTime now)
{
    const auto reaction = error ? reactionTo(*error) : CommitReaction::Done;
    const auto found = m_parts.find(position.partition);
    if (found == m_parts.end() || (request != 0 && found->second.request != request))
        return reaction; // of an assignment that is gone
    Part &part = found->second;
    if (request != 0)
        part.sent.reset();
    switch (reaction) {
    case CommitReaction::Done:
        if (!error) {
            if (request != 0 || !part.committed || position.next > *part.committed)
                part.committed = position.next;
            if (request != 0 && part.sentBackwards)
                part.backwards = false;
        }
        part.failures = 0;
        part.notBefore = {};
        break;
    case CommitReaction::WithoutMetadata: m_withMetadata = false; break;
    case CommitReaction::Repeat: {
        const auto doublings = std::min<std::size_t>(part.failures++, 5);
        part.notBefore = now + std::min(longestPause, firstPause * (1 << doublings));
        break;
    }
    case CommitReaction::Drop:
        part.resting = true;
        part.notBefore = now + longestPause;
        break;
    case CommitReaction::Stop: part.wanted.reset(); break;
    }
    return reaction;
}

void CommitBook::tryAgain()
{
    for (auto &[partition, part] : m_parts) {
        if (std::exchange(part.resting, false))
            part.notBefore = {};
    }
}

std::optional<Offset> CommitBook::committed(const TopicPartition &partition) const
{
    const auto found = m_parts.find(partition);
    return found == m_parts.end() ? std::nullopt : found->second.committed;
}

bool CommitBook::isPending(const TopicPartition &partition) const
{
    const auto found = m_parts.find(partition);
    return found != m_parts.end() && (found->second.sent || wants(found->second));
}

bool CommitBook::isAnythingPending() const
{
    return std::any_of(m_parts.begin(), m_parts.end(), [this](const auto &entry) {
        return entry.second.sent || wants(entry.second);
    });
}

bool CommitBook::isOnItsWay(const TopicPartition &partition) const
{
    const auto found = m_parts.find(partition);
    return found != m_parts.end() && found->second.sent;
}

std::optional<MonoTime> CommitBook::nextDue() const
{
    std::optional<MonoTime> next;
    const auto consider = [&next](MonoTime time) { next = next ? std::min(*next, time) : time; };
    for (const auto &[partition, part] : m_parts) {
        if ((part.failures > 0 && !part.sent && wants(part)) || part.resting)
            consider(part.notBefore);
    }
    if (m_strategy.kind == CommitStrategy::Kind::Every && m_oldest)
        consider(*m_oldest + m_strategy.interval);
    if (m_strategy.kind == CommitStrategy::Kind::Batch && m_oldest)
        consider(*m_oldest + longestBatch);
    return next;
}

} // namespace redrive::consumer
