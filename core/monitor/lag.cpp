#include "core/monitor/lag.h"

#include "core/monitor/condition.h"

#include <algorithm>
#include <array>
#include <limits>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

namespace redrive::monitor {

namespace {

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N> &codes, const std::string &code)
{
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

/// The broker's words for a topic or partition that is not there, and the client library's.
bool saysGone(const Error &error)
{
    static constexpr std::array<std::string_view, 4> codes{
        "UNKNOWN_TOPIC_OR_PARTITION", "UNKNOWN_TOPIC_ID", "_UNKNOWN_TOPIC", "_UNKNOWN_PARTITION"};
    return isOneOf(codes, error.code);
}

/// Only a topic that exists gets one of these.
bool provesExistence(const Error &error)
{
    static constexpr std::array<std::string_view, 9> codes{
        "LEADER_NOT_AVAILABLE", "NOT_LEADER_OR_FOLLOWER", "REPLICA_NOT_AVAILABLE",
        "OFFSET_NOT_AVAILABLE", "KAFKA_STORAGE_ERROR",    "FENCED_LEADER_EPOCH",
        "UNKNOWN_LEADER_EPOCH", "NOT_ENOUGH_REPLICAS",    "UNSUPPORTED_FOR_MESSAGE_FORMAT"};
    return isOneOf(codes, error.code);
}

const OffsetAnswer *find(const OffsetTable &table, const TopicPartition &partition)
{
    const auto found = table.find(partition);
    return found == table.end() ? nullptr : &found->second;
}

bool provesExistence(const OffsetAnswer *answer)
{
    return answer && (answer->offset || (answer->error && provesExistence(*answer->error)));
}

bool saysGone(const OffsetAnswer *answer)
{
    return answer && answer->error && saysGone(*answer->error);
}

/// The topics of a group's rows: which are known to exist (one living partition is proof for the
/// others) and which an assignment covers.
class Topics
{
public:
    explicit Topics(const LogBounds &bounds)
        : m_bounds(bounds)
    {
    }

    static bool livesIn(const OffsetTable &table, const std::string &topic)
    {
        for (auto at = table.lower_bound({.topic = topic, .partition = 0});
             at != table.end() && at->first.topic == topic; ++at) {
            if (provesExistence(&at->second))
                return true;
        }
        return false;
    }

    bool exists(const std::string &topic)
    {
        const auto [entry, isNew] = m_exists.try_emplace(topic, false);
        if (isNew)
            entry->second = livesIn(m_bounds.end, topic) || livesIn(m_bounds.stable, topic) ||
                            livesIn(m_bounds.start, topic);
        return entry->second;
    }

private:
    const LogBounds &m_bounds;
    std::unordered_map<std::string, bool> m_exists;
};

struct Ownership
{
    std::map<TopicPartition, std::optional<std::size_t>> owners; ///< none: only in a target
    std::unordered_set<std::string> covered;                     ///< topics

    explicit Ownership(const std::vector<GroupMember> &members)
    {
        for (std::size_t i = 0; i < members.size(); ++i) {
            for (const TopicPartition &partition : members[i].assignment) {
                covered.insert(partition.topic);
                auto &owner = owners[partition];
                if (!owner)
                    owner = i;
            }
            if (!members[i].target)
                continue;
            for (const TopicPartition &partition : *members[i].target) {
                covered.insert(partition.topic);
                owners.try_emplace(partition);
            }
        }
    }
};

/// Stable, members present, and no assignment covers the topic.
std::optional<bool> isUnsubscribed(const GroupDescription &description, const Ownership &ownership,
                                   const std::string &topic)
{
    if (ownership.covered.contains(topic))
        return false;
    if (description.error)
        return {};
    return description.state == GroupState::Stable && !description.members.empty();
}

void takeBound(PartitionLag &row, std::optional<Offset> &bound, const OffsetAnswer *answer)
{
    if (!answer)
        return;
    bound = answer->offset;
    if (answer->error && !row.error)
        row.error = answer->error;
}

std::optional<std::int64_t> lagOf(std::optional<Offset> committed, std::optional<Offset> end)
{
    if (!committed || !end || *committed > *end)
        return {};
    return *end - *committed;
}

PartitionFacts::Commit takeCommit(PartitionLag &row, const CommittedOffset *commit, bool allFailed)
{
    if (!commit)
        return allFailed ? PartitionFacts::Commit::Unknown : PartitionFacts::Commit::None;
    row.committed = commit->offset;
    row.leaderEpoch = commit->leaderEpoch;
    row.metadata = commit->metadata;
    row.error = commit->error;
    return commit->offset ? PartitionFacts::Commit::Some : PartitionFacts::Commit::Unknown;
}

/// Returns whether the topic is gone, where that can be told.
std::optional<bool> takeBounds(PartitionLag &row, const LogBounds &bounds, Topics &topics)
{
    const OffsetAnswer *start = find(bounds.start, row.partition);
    const OffsetAnswer *end = find(bounds.end, row.partition);
    const OffsetAnswer *stable = find(bounds.stable, row.partition);
    const bool hasEnd = end && end->offset;
    if (!hasEnd && (saysGone(end) || saysGone(stable) || saysGone(start)))
        return true;
    takeBound(row, row.logEnd, end);
    takeBound(row, row.logStart, start);
    takeBound(row, row.stableEnd, stable);
    if (topics.exists(row.partition.topic))
        return false;
    return {};
}

void takeVerdict(PartitionLag &row, PartitionFacts facts)
{
    row.lag = lagOf(row.committed, row.logEnd);
    if (row.committed && row.logStart && *row.committed < *row.logStart)
        row.lost = *row.logStart - *row.committed;
    facts.committed = row.committed;
    facts.start = row.logStart;
    facts.end = row.logEnd;
    facts.stable = row.stableEnd;
    Verdict verdict = judge(facts);
    row.condition = verdict.condition;
    row.conditionNote = std::move(verdict.note);
}

class Sum
{
public:
    void add(std::optional<std::int64_t> lag)
    {
        if (!lag) {
            ++m_unknown;
            return;
        }
        std::int64_t sum = 0;
        if (__builtin_add_overflow(m_total.value_or(0), *lag, &sum))
            sum = std::numeric_limits<std::int64_t>::max();
        m_total = sum;
    }
    std::optional<std::int64_t> total() const { return m_total; }
    std::size_t unknown() const { return m_unknown; }

private:
    std::optional<std::int64_t> m_total;
    std::size_t m_unknown = 0;
};

bool isListed(const CommittedOffset &commit)
{
    return commit.offset || commit.error;
}

} // namespace

std::vector<PartitionLag> partitionLags(const GroupDescription &description,
                                        const GroupOffsets &commits, const LogBounds &bounds)
{
    const Ownership ownership(description.members);
    std::map<TopicPartition, const CommittedOffset *> listed;
    for (const auto &[partition, owner] : ownership.owners)
        listed.try_emplace(partition, nullptr);
    for (const CommittedOffset &commit : commits.offsets) {
        if (isListed(commit))
            listed[commit.partition] = &commit;
    }

    Topics topics(bounds);
    std::vector<PartitionLag> rows;
    rows.reserve(listed.size());
    for (const auto &[partition, commit] : listed) {
        PartitionLag row;
        row.partition = partition;
        if (const auto owned = ownership.owners.find(partition); owned != ownership.owners.end())
            row.member = owned->second;
        PartitionFacts facts;
        facts.commit = takeCommit(row, commit, commits.error.has_value());
        facts.topicGone = takeBounds(row, bounds, topics);
        facts.unsubscribed = isUnsubscribed(description, ownership, partition.topic);
        if (const auto tail = bounds.tail.find(partition); tail != bounds.tail.end())
            facts.tail = tail->second;
        takeVerdict(row, std::move(facts));
        if (row.condition == Condition::TopicDeleted &&
            Topics::livesIn(bounds.end, partition.topic))
            row.conditionNote = "the topic exists, without this partition";
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<TopicPartition> suspects(const std::vector<PartitionLag> &rows)
{
    std::vector<const PartitionLag *> suspicious;
    for (const PartitionLag &row : rows) {
        const bool isNear = row.lag && *row.lag > 0 && *row.lag <= markerWindow;
        const bool isStable = row.stableEnd && row.logEnd && *row.stableEnd >= *row.logEnd;
        if (!row.condition && isNear && isStable && row.logStart && !row.lost)
            suspicious.push_back(&row);
    }
    std::stable_sort(suspicious.begin(), suspicious.end(),
                     [](const auto *a, const auto *b) { return *a->lag < *b->lag; });
    std::vector<TopicPartition> partitions;
    partitions.reserve(suspicious.size());
    for (const PartitionLag *row : suspicious)
        partitions.push_back(row->partition);
    return partitions;
}

GroupDetail groupDetail(const GroupListing &listing, const GroupDescription &description,
                        const GroupOffsets &commits, const LogBounds &bounds)
{
    GroupDetail detail;
    detail.listing = listing;
    detail.description = description;
    detail.partitions = partitionLags(description, commits, bounds);
    detail.commitsReadAt = commits.readAt;
    detail.endsReadAt = bounds.readAt;
    Sum sum;
    for (const PartitionLag &row : detail.partitions)
        sum.add(row.lag);
    detail.totalLag = sum.total();
    detail.unknownLags = sum.unknown();

    for (const auto &error : {listing.error, description.error, commits.error}) {
        if (error &&
            std::find(detail.errors.begin(), detail.errors.end(), *error) == detail.errors.end())
            detail.errors.push_back(*error);
    }
    if (description.type == GroupType::Consumer && !description.error) {
        detail.notes.emplace_back(
            "epochs of the group and its members: the client library does not tell them");
        if (!description.state)
            detail.notes.emplace_back(
                "state Assigning or Reconciling: the client library does not tell which");
    }
    return detail;
}

GroupSummary groupSummary(const GroupListing &listing, const GroupOffsets &commits,
                          const OffsetTable &ends)
{
    GroupSummary summary;
    summary.listing = listing;
    summary.error = commits.error;
    if (!commits.error)
        summary.offsetsReadAt = commits.readAt;
    Sum sum;
    std::set<std::string> topics;
    for (const CommittedOffset &commit : commits.offsets) {
        if (!isListed(commit))
            continue;
        ++summary.partitions;
        topics.insert(commit.partition.topic);
        const OffsetAnswer *end = find(ends, commit.partition);
        sum.add(lagOf(commit.offset, end ? end->offset : std::nullopt));
        if (!summary.error && commit.error)
            summary.error = commit.error;
        if (!summary.error && end && end->error && !saysGone(end))
            summary.error = end->error;
    }
    summary.totalLag = sum.total();
    summary.unknownLags = sum.unknown();
    summary.topics.assign(topics.begin(), topics.end());
    return summary;
}

} // namespace redrive::monitor
