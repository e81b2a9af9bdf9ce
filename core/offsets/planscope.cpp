#include "core/base/text.h"
#include "core/offsets/planfacts.h"

#include <algorithm>
#include <set>

namespace redrive::offsets {

namespace {

/// Which partitions a target can say something about.
class Holdings
{
public:
    explicit Holdings(const PlanFacts &facts)
        : m_facts(facts)
        , m_target(facts.request().target)
        , m_all(partitions())
    {
    }

    bool isLimited() const
    {
        return isDelete() || undo() != nullptr || table() != nullptr || isCopy();
    }

    bool holds(const TopicPartition &partition) const
    {
        if (isDelete())
            return m_facts.hasCommit(partition);
        if (isCopy()) {
            const auto *other = m_facts.otherCommit(partition);
            return other != nullptr && (other->offset || other->error);
        }
        if (table() != nullptr)
            return table()->commits.contains(partition);
        if (undo() != nullptr)
            return undo()->before.contains(partition);
        return true;
    }

    /// An undo leaves out what is already as it was.
    bool isDone(const TopicPartition &partition) const
    {
        if (undo() == nullptr)
            return false;
        const auto before = undo()->before.find(partition);
        const auto *now = m_facts.commit(partition);
        if (before == undo()->before.end() || (now != nullptr && now->error))
            return false;
        return (now != nullptr ? imageOf(*now) : CommitImage{}) == before->second;
    }

    /// All partitions that the words "all topics" mean for this target.
    const std::set<TopicPartition> &all() const { return m_all; }

    std::vector<TopicPartition> of(const std::string &topic) const
    {
        const auto isOther = [&topic](const TopicPartition &one) { return one.topic != topic; };
        const auto begin = m_all.lower_bound({topic, 0});
        return {begin, std::find_if(begin, m_all.end(), isOther)};
    }

    Error whyNot(const std::string &topicOrPartition) const
    {
        if (isCopy())
            return m_facts.error(
                "NO_COMMIT", "group " + visible(std::get<to::OtherGroup>(m_target).group.value()) +
                                 " has committed nothing in " + topicOrPartition);
        if (table() != nullptr)
            return m_facts.error("NOT_IN_TABLE", "the file says nothing of " + topicOrPartition);
        if (undo() != nullptr)
            return m_facts.error("NOT_IN_TABLE",
                                 visible(undo()->journal) + " did not touch " + topicOrPartition);
        return m_facts.error("NO_COMMIT", "nothing is committed in " + topicOrPartition +
                                              ", so there is nothing to delete");
    }

private:
    bool isDelete() const { return std::holds_alternative<to::Delete>(m_target); }
    bool isCopy() const { return std::holds_alternative<to::OtherGroup>(m_target); }
    const to::Table *table() const { return std::get_if<to::Table>(&m_target); }
    const to::Undo *undo() const { return std::get_if<to::Undo>(&m_target); }

    std::set<TopicPartition> partitions() const
    {
        std::set<TopicPartition> found;
        const auto addKeys = [&found](const CommitTable &commits) {
            for (const auto &[partition, image] : commits)
                found.insert(partition);
        };
        const auto addCommits = [&found](const GroupOffsets &offsets) {
            for (const CommittedOffset &commit : offsets.offsets)
                if (commit.offset || commit.error)
                    found.insert(commit.partition);
        };
        if (table() != nullptr)
            addKeys(table()->commits);
        else if (undo() != nullptr)
            addKeys(undo()->before);
        else if (!isCopy())
            addCommits(m_facts.all().committed);
        else if (m_facts.all().otherGroup)
            addCommits(*m_facts.all().otherGroup);
        return found;
    }

    const PlanFacts &m_facts;
    const Target &m_target;
    std::set<TopicPartition> m_all;
};

class ScopeReader
{
public:
    explicit ScopeReader(const PlanFacts &facts)
        : m_facts(facts)
        , m_holdings(facts)
    {
    }

    std::vector<Wanted> read()
    {
        const Scope &scope = m_facts.request().scope;
        if (scope.allTopics)
            for (const TopicPartition &partition : m_holdings.all())
                take(partition);
        for (const TopicScope &topic : scope.topics) {
            if (topic.partitions.empty())
                takeWhole(topic.topic);
            else
                takeNamed(topic);
        }
        std::vector<Wanted> wanted;
        for (auto &[partition, error] : m_found)
            wanted.push_back({.partition = partition, .error = std::move(error)});
        return wanted;
    }

private:
    void put(const TopicPartition &partition, std::optional<Error> error)
    {
        m_found.insert_or_assign(partition, std::move(error));
    }

    void take(const TopicPartition &partition)
    {
        if (!m_holdings.isDone(partition))
            put(partition, whyMissing(partition));
    }

    void takeNamed(const TopicScope &topic)
    {
        for (const std::int32_t number : topic.partitions) {
            const TopicPartition partition{topic.topic, number};
            auto missing = whyMissing(partition);
            if (!missing && !m_holdings.holds(partition))
                missing = m_holdings.whyNot(name(partition));
            if (!m_holdings.isDone(partition))
                put(partition, std::move(missing));
        }
    }

    void takeWhole(const std::string &topic)
    {
        const auto *identity = m_facts.identity(topic);
        if (identity == nullptr || identity->error || identity->partitions.empty()) {
            takeUnreadable(topic, identity);
            return;
        }
        bool isHeld = false;
        for (const std::int32_t number : identity->partitions) {
            const TopicPartition partition{topic, number};
            if (!m_holdings.holds(partition))
                continue;
            isHeld = true;
            take(partition);
        }
        // Partitions that hold a commit, and are not in the topic any more.
        if (m_holdings.isLimited()) {
            for (const TopicPartition &partition : m_holdings.of(topic)) {
                isHeld = true;
                take(partition);
            }
        }
        if (!isHeld)
            put({topic, identity->partitions.front()},
                m_holdings.whyNot("topic " + visible(topic)));
    }

    void takeUnreadable(const std::string &topic, const kafka::TopicIdentity *identity)
    {
        auto error = identity == nullptr ? m_facts.error("NOT_READ", "the topic was not read yet")
                     : identity->error
                         ? *identity->error
                         : m_facts.error("LEADER_NOT_AVAILABLE", "the topic has no partitions yet");
        const auto held = m_holdings.of(topic);
        for (const TopicPartition &partition : held)
            put(partition, error);
        if (held.empty())
            put({topic, 0}, std::move(error));
    }

    std::optional<Error> whyMissing(const TopicPartition &partition) const
    {
        const auto *identity = m_facts.identity(partition.topic);
        if (identity == nullptr)
            return {};
        if (identity->error)
            return identity->error;
        const auto &known = identity->partitions;
        if (std::find(known.begin(), known.end(), partition.partition) != known.end())
            return {};
        return m_facts.error("UNKNOWN_TOPIC_OR_PARTITION",
                             "topic " + visible(partition.topic) + " has " +
                                 grouped(static_cast<std::int64_t>(known.size())) +
                                 (known.size() == 1 ? " partition" : " partitions") +
                                 ": there is no partition " + std::to_string(partition.partition));
    }

    static std::string name(const TopicPartition &partition)
    {
        return visible(partition.topic) + " partition " + std::to_string(partition.partition);
    }

    const PlanFacts &m_facts;
    Holdings m_holdings;
    std::map<TopicPartition, std::optional<Error>> m_found;
};

} // namespace

std::vector<Wanted> wantedPartitions(const PlanFacts &facts)
{
    return ScopeReader(facts).read();
}

std::vector<TopicPartition> partitionsOf(const PlanRequest &request, const Facts &facts)
{
    std::vector<TopicPartition> partitions;
    for (Wanted &wanted : wantedPartitions(PlanFacts(request, facts, {})))
        if (!wanted.error)
            partitions.push_back(std::move(wanted.partition));
    return partitions;
}

} // namespace redrive::offsets
