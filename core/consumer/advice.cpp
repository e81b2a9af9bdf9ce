#include "core/consumer/advice.h"

#include "core/base/text.h"

#include <algorithm>
#include <utility>

namespace redrive::consumer {

namespace {

using Severity = Advice::Severity;

constexpr Millis libraryCommits{5000}; ///< auto.commit.interval.ms (R-01)
constexpr Millis slowRecord{1000};

std::string counted(std::size_t count, const char *one, const char *many)
{
    return grouped(static_cast<std::int64_t>(count)) + " " + (count == 1 ? one : many);
}

std::string listed(const std::vector<std::string> &names)
{
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
        text += (i == 0 ? "" : ", ") + visible(names[i]);
    if (names.size() > most)
        text += " and " + std::to_string(names.size() - most) + " more";
    return text;
}

class Adviser
{
public:
    Adviser(const SessionOptions &options, const AdviceFacts &facts)
        : m_options(options)
        , m_facts(facts)
    {
    }

    std::vector<Advice> all()
    {
        onAccess();
        onGroup();
        onTopics();
        onHandler();
        onCommits();
        onTime();
        onWorkers();
        onFailures();
        onMembership();
        return std::move(m_advice);
    }

private:
    void say(Severity severity, std::string_view field, std::string sentence)
    {
        m_advice.push_back({severity, std::string(field), std::move(sentence)});
    }

    void onAccess()
    {
        if (m_facts.policy.mode == kafka::AccessMode::ReadOnly)
            say(Severity::Refusal, advised::access,
                "This profile is read-only: a session joins a group and commits offsets, so none "
                "can be started.");
        else if (m_facts.policy.production)
            say(Severity::Warning, advised::access,
                "This is a production cluster: what the session commits counts for everybody who "
                "uses the group.");
    }

    void onGroup()
    {
        if (!m_facts.group || m_options.group.value().empty())
            return;
        const GroupDescription &group = *m_facts.group;
        const std::string name = visible(group.id.value());
        const std::size_t members = group.members.size();
        const std::size_t foreign = members - std::min(members, m_facts.ownMembers);
        if (foreign > 0) {
            say(Severity::Warning, advised::group,
                name + " is used by " + counted(foreign, "member", "members") +
                    " that this window did not start: you will join it and take partitions from " +
                    (foreign == 1 ? "it." : "them."));
            std::vector<std::string> others;
            for (const std::string &topic : m_facts.groupTopics) {
                if (std::ranges::find(m_options.topics, topic) == m_options.topics.end())
                    others.push_back(topic);
            }
            if (!others.empty() && !m_options.topics.empty())
                say(Severity::Warning, advised::group,
                    "The group also reads " + listed(others) +
                        ". Two services that share a group id stop each other at every rebalance; "
                        "another name costs nothing.");
        } else if (!m_facts.groupTopics.empty() && m_facts.ownMembers == 0) {
            say(Severity::Note, advised::group,
                name + " has committed offsets: it goes on from there, not from where a new group "
                       "would begin.");
        }
        if (group.type && m_options.isKip848 != (*group.type == GroupType::Consumer) && members > 0)
            say(Severity::Warning, advised::protocol,
                name + " is a " + std::string(redrive::name(*group.type)) +
                    " group with members: joining with the other protocol converts it, or is "
                    "refused by the broker.");
    }

    void onTopics()
    {
        if (!m_facts.topics)
            return;
        std::vector<std::string> missing;
        for (const std::string &topic : m_options.topics) {
            if (!topic.starts_with('^') && !m_facts.topics->contains(topic))
                missing.push_back(topic);
        }
        if (!missing.empty())
            say(Severity::Warning, advised::topics,
                listed(missing) + (missing.size() == 1 ? " is" : " are") +
                    " not in this cluster: the session waits until it is. Topics are never "
                    "created by reading.");
    }

    void onHandler()
    {
        if (m_facts.needsDatabase && !m_facts.hasDatabase)
            say(Severity::Refusal, advised::database,
                "This handler writes to an SQLite file: choose one.");
        if (m_facts.hasEffects && !m_facts.deduplicates)
            say(Severity::Warning, advised::dedupe,
                "Without deduplication a record that is delivered again has its effect again: "
                "after every crash, kill or lost partition.");
    }

    void onCommits()
    {
        using Kind = CommitStrategy::Kind;
        const CommitStrategy &commit = m_options.commit;
        const bool slow = m_facts.recordTime && *m_facts.recordTime >= slowRecord;
        switch (commit.kind) {
        case Kind::Auto:
            say(slow ? Severity::Warning : Severity::Note, advised::commit,
                "The library commits every " + humanDuration(libraryCommits) +
                    ", whatever was processed meanwhile: after a crash that much comes again" +
                    (slow ? ", and with records of " + humanDuration(*m_facts.recordTime) +
                                " lag and commits say little about where the handler is."
                          : std::string(".")));
            break;
        case Kind::Sync:
            say(Severity::Note, advised::commit,
                "Each record waits for the broker's answer to its commit: the slowest choice, and "
                "the one that repeats least.");
            break;
        case Kind::Async:
            say(Severity::Note, advised::commit,
                "One commit request a record: much traffic for the coordinator. Every second or "
                "in batches costs a thousandth of it.");
            break;
        case Kind::Batch:
            if (commit.count > 10'000)
                say(Severity::Warning, advised::commit,
                    "Up to " + grouped(static_cast<std::int64_t>(commit.count)) +
                        " records come again after a crash, and where fewer arrive nothing is "
                        "committed until the session stops.");
            break;
        case Kind::Every:
            if (commit.interval > Millis(60'000))
                say(Severity::Warning, advised::commit,
                    "After a crash the records of up to " + humanDuration(commit.interval) +
                        " come again.");
            break;
        }
    }

    void onTime()
    {
        if (m_options.drain >= m_facts.maxPollInterval)
            say(Severity::Warning, advised::drain,
                "A rebalance may wait this long for records that are being processed, and after "
                "max.poll.interval.ms (" +
                    humanDuration(m_facts.maxPollInterval) +
                    ") the broker puts the member out of the group.");
        if (!m_facts.recordTime)
            return;
        const Millis record = *m_facts.recordTime;
        if (record > m_options.drain)
            say(Severity::Warning, advised::drain,
                "A record takes " + humanDuration(record) +
                    ", more than this: stopping and rebalancing give up on the one that is being "
                    "processed, and it comes again.");
        const auto limit = static_cast<Millis::rep>(std::max<std::size_t>(1, m_facts.batchLimit));
        if (record * limit > m_facts.maxPollInterval)
            say(Severity::Note, advised::drain,
                "The handler may be given " + counted(m_facts.batchLimit, "record", "records") +
                    " at once: " + humanDuration(record * limit) +
                    ", more than max.poll.interval.ms (" + humanDuration(m_facts.maxPollInterval) +
                    "). Redrive polls meanwhile and stops between two records; a plain poll loop "
                    "would be put out of the group.");
    }

    void onWorkers()
    {
        if (m_facts.partitions && m_options.workers > *m_facts.partitions &&
            m_options.ordering == Ordering::Partition)
            say(Severity::Note, advised::workers,
                counted(m_options.workers, "worker", "workers") + " for " +
                    counted(*m_facts.partitions, "partition", "partitions") +
                    ": one partition is one worker's at a time, so the others have nothing to do. "
                    "Order by key lets them help.");
    }

    void onFailures()
    {
        if (m_options.onPoison == OnPoison::Skip)
            say(Severity::Warning, advised::onPoison,
                "A record that cannot be processed is counted, logged and gone: nothing keeps it "
                "but the source topic, until its retention ends.");
        if (m_options.onPoison == OnPoison::Stop)
            say(Severity::Note, advised::onPoison,
                "The session ends at the first record that cannot be processed; the group stands "
                "there until somebody deals with it.");
        if (m_options.onPoison != OnPoison::DeadLetter)
            return;
        std::vector<std::string> missing;
        for (const std::string &topic : m_options.topics) {
            const auto letters = deadLetterTopic(m_options, topic);
            if (!letters) {
                say(Severity::Warning, advised::deadLetters,
                    "There is no dead-letter topic: the first record that cannot be processed ends "
                    "the "
                    "session. Name one, or choose to skip.");
                return;
            }
            if (m_facts.topics && !m_facts.topics->contains(*letters))
                missing.push_back(*letters);
        }
        std::ranges::sort(missing);
        missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
        if (!missing.empty())
            say(Severity::Warning, advised::deadLetters,
                listed(missing) + (missing.size() == 1 ? " does" : " do") +
                    " not exist: a poison record stops its partition until " +
                    (missing.size() == 1 ? "it is" : "they are") + " created.");
        if (m_options.retry.retries == 0)
            say(Severity::Note, advised::retries,
                "Without a retry the first hiccup of a database or network sends a good record to "
                "the dead letters.");
    }

    void onMembership()
    {
        if (m_facts.anyFault)
            say(Severity::Warning, advised::faults,
                m_facts.crashes
                    ? "Faults are on, and one of them ends this whole window, as a crash would."
                    : "Faults are on: records fail that would not.");
        if (m_options.instanceId) {
            const std::string &id = *m_options.instanceId;
            const bool own = m_facts.ownInstanceIds.contains(id);
            const bool used =
                own || (m_facts.group &&
                        std::ranges::any_of(m_facts.group->members, [&](const GroupMember &member) {
                            return member.instanceId == id;
                        }));
            if (used)
                say(Severity::Warning, advised::instanceId,
                    "A member with this instance id is in the group: whoever joins last fences the "
                    "other, which ends with FENCED_INSTANCE_ID.");
        }
        if (!m_options.isKip848 && !m_facts.isCooperative && m_facts.group &&
            m_facts.group->members.size() > 1)
            say(Severity::Note, advised::protocol,
                "With an eager assignor every member gives back all its partitions at each "
                "rebalance.");
    }

    const SessionOptions &m_options;
    const AdviceFacts &m_facts;
    std::vector<Advice> m_advice;
};

} // namespace

std::vector<Advice> advise(const SessionOptions &options, const AdviceFacts &facts)
{
    return Adviser(options, facts).all();
}

} // namespace redrive::consumer
