#include "core/base/text.h"
#include "core/offsets/planfacts.h"

#include <algorithm>
#include <set>

namespace redrive::offsets {

namespace {

std::string name(const TopicPartition &partition)
{
    return visible(partition.topic) + " partition " + std::to_string(partition.partition);
}

std::string text(const std::optional<Offset> &offset)
{
    return offset ? std::to_string(offset->value()) : "nothing";
}

class Comparison
{
public:
    Comparison(const Plan &plan, const Facts &now)
        : m_plan(plan)
        , m_now(now)
    {
        for (const CommittedOffset &commit : now.committed.offsets)
            m_commits.emplace(commit.partition, &commit);
    }

    std::vector<std::string> differences()
    {
        compareCluster();
        compareTopics();
        if (m_now.committed.error && !isMissing(*m_now.committed.error)) {
            say("what is committed could not be read: " + visible(m_now.committed.error->message));
            return std::move(m_said);
        }
        for (const PlanRow &row : m_plan.rows) {
            if (m_lostTopics.contains(row.partition.topic))
                continue;
            comparePlace(row);
            compareCommit(row);
            compareLogStart(row);
        }
        return std::move(m_said);
    }

private:
    void say(std::string difference) { m_said.push_back(std::move(difference)); }

    /// A plan for a group that is not there yet holds as long as it is not.
    static bool isMissing(const Error &error) { return error.code == "GROUP_ID_NOT_FOUND"; }

    void compareCluster()
    {
        if (m_plan.clusterId != m_now.clusterId)
            say("this is cluster " + visible(m_now.clusterId) + ", and the plan is for cluster " +
                visible(m_plan.clusterId));
    }

    void compareTopics()
    {
        std::set<std::string> topics;
        for (const PlanRow &row : m_plan.rows)
            topics.insert(row.partition.topic);
        for (const std::string &topic : topics)
            if (const auto difference = ofTopic(topic)) {
                say(*difference);
                m_lostTopics.insert(topic);
            }
    }

    std::optional<std::string> ofTopic(const std::string &topic) const
    {
        const auto found = m_now.topics.find(topic);
        if (found == m_now.topics.end())
            return "topic " + visible(topic) + " was not looked at again";
        const auto &error = found->second.error;
        if (error && saysGone(*error))
            return "topic " + visible(topic) + " is gone";
        if (error)
            return "topic " + visible(topic) +
                   " could not be looked at: " + visible(error->message);
        const auto id = m_plan.topicIds.find(topic);
        if (id != m_plan.topicIds.end() && found->second.id && *found->second.id != id->second)
            return "topic " + visible(topic) + " was deleted and made again";
        return {};
    }

    void comparePlace(const PlanRow &row)
    {
        const auto &known = m_now.topics.at(row.partition.topic).partitions;
        if (std::find(known.begin(), known.end(), row.partition.partition) == known.end())
            say(name(row.partition) + " is gone");
    }

    void compareCommit(const PlanRow &row)
    {
        const auto found = m_commits.find(row.partition);
        if (found != m_commits.end() && found->second->error) {
            say("what is committed for " + name(row.partition) +
                " could not be read: " + visible(found->second->error->message));
            return;
        }
        const CommitImage image =
            found != m_commits.end() ? imageOf(*found->second) : CommitImage{};
        if (image.offset != row.current.offset)
            say(name(row.partition) + ": committed was " + text(row.current.offset) + ", and is " +
                text(image.offset) + " now");
        else if (image != row.current)
            say(name(row.partition) + ": " + text(image.offset) +
                " was committed again, with another " +
                (image.metadata != row.current.metadata ? "metadata" : "leader epoch"));
    }

    void compareLogStart(const PlanRow &row)
    {
        if (!row.logStart)
            return;
        const auto *start = find(m_now.start, row.partition);
        if (start == nullptr || !start->offset) {
            say("the log start of " + name(row.partition) + " could not be read" +
                (start != nullptr && start->error ? ": " + visible(start->error->message)
                                                  : std::string()));
            return;
        }
        if (*start->offset == *row.logStart)
            return;
        std::string difference = name(row.partition) + ": the log start was " + text(row.logStart) +
                                 ", and is " + text(start->offset) + " now";
        if (row.target.offset && *row.target.offset < *start->offset)
            difference += ", above the target " + text(row.target.offset);
        say(std::move(difference));
    }

    const Plan &m_plan;
    const Facts &m_now;
    std::map<TopicPartition, const CommittedOffset *> m_commits;
    std::set<std::string> m_lostTopics;
    std::vector<std::string> m_said;
};

} // namespace

std::vector<std::string> differences(const Plan &plan, const Facts &now)
{
    return Comparison(plan, now).differences();
}

} // namespace redrive::offsets
