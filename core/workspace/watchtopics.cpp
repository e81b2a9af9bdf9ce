#include "core/workspace/watch.h"

#include <algorithm>
#include <set>
#include <utility>

// The topics, while somebody looks at them: names first, then sizes and readers.

namespace redrive::workspace {

void ClusterWatch::startTopics()
{
    m_topicsTimer.start(m_clock.mono());
    m_client->listTopics(m_options.requestTimeout, [this](Result<std::vector<TopicInfo>> answer) {
        takeTopics(std::move(answer));
    });
}

void ClusterWatch::takeTopics(Result<std::vector<TopicInfo>> answer)
{
    if (m_isToReopen)
        return;
    if (!answer) {
        m_topicsTimer.end(m_clock.mono(), false);
        report("topics", {answer.error()});
        return;
    }
    std::vector<Error> errors;
    std::set<TopicPartition> partitions;
    for (const TopicInfo &topic : *answer) {
        if (topic.error)
            errors.push_back(*topic.error);
        for (const TopicInfo::Partition &partition : topic.partitions)
            partitions.insert({.topic = topic.name, .partition = partition.id});
    }
    report("topics", errors);
    m_topicInfos = std::move(*answer);
    publishTopics();

    const bool describes = m_groups.isListed() && m_assignments.isDue(m_clock.mono());
    m_topicParts = describes ? 2 : 1;
    monitor::fetchSizes(*m_client, partitions, m_survey, [this](LogBounds sizes) {
        if (m_isToReopen)
            return;
        m_sizes = std::move(sizes);
        endTopicsPart();
    });
    if (!describes)
        return;
    m_assignments.start(m_clock.mono());
    std::vector<GroupId> groups;
    for (const GroupListing &each : m_groups.askable())
        groups.push_back(each.id);
    monitor::fetchDescriptions(*m_client, std::move(groups), m_survey,
                               [this](const std::vector<GroupDescription> &descriptions) {
                                   if (m_isToReopen)
                                       return;
                                   m_assignments.end(m_clock.mono(), true);
                                   m_assigned = assignedTopics(descriptions);
                                   m_assignedKnown = std::none_of(
                                       descriptions.begin(), descriptions.end(),
                                       [](const auto &each) { return each.error.has_value(); });
                                   endTopicsPart();
                               });
}

void ClusterWatch::endTopicsPart()
{
    if (--m_topicParts > 0 || m_isToReopen)
        return;
    m_topicsTimer.end(m_clock.mono(), true);
    publishTopics();
}

bool ClusterWatch::areCommitsKnown() const
{
    const GroupRows &rows = m_groups.rows();
    return m_shown.refreshedAt && std::all_of(rows.begin(), rows.end(), [](const auto &row) {
               return row.listing.error || row.offsetsReadAt;
           });
}

void ClusterWatch::publishTopics()
{
    const bool isKnown = m_assignedKnown && areCommitsKnown();
    auto rows = topicRows(m_topicInfos, m_sizes, m_groups.rows(), m_assigned, isKnown);
    if (m_shown.topics && *m_shown.topics == rows)
        return;
    m_shown.topics = std::make_shared<const std::vector<TopicRow>>(std::move(rows));
    m_isChanged = true;
}

} // namespace redrive::workspace
