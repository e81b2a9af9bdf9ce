#include "core/workspace/topicrows.h"

#include <algorithm>
#include <unordered_map>

namespace redrive::workspace {

namespace {

std::optional<std::int64_t> recordsOf(const TopicInfo &topic, const LogBounds &sizes)
{
    if (topic.partitions.empty())
        return {};
    std::int64_t records = 0;
    for (const TopicInfo::Partition &partition : topic.partitions) {
        const TopicPartition key{.topic = topic.name, .partition = partition.id};
        const auto start = sizes.start.find(key);
        const auto end = sizes.end.find(key);
        if (start == sizes.start.end() || !start->second.offset || end == sizes.end.end() ||
            !end->second.offset)
            return {};
        records += std::max<std::int64_t>(0, *end->second.offset - *start->second.offset);
    }
    return records;
}

} // namespace

AssignedTopics assignedTopics(const std::vector<GroupDescription> &descriptions)
{
    AssignedTopics assigned;
    for (const GroupDescription &description : descriptions) {
        for (const GroupMember &member : description.members) {
            for (const TopicPartition &partition : member.assignment)
                assigned[description.id].insert(partition.topic);
        }
    }
    return assigned;
}

std::vector<TopicRow> topicRows(const std::vector<TopicInfo> &topics, const LogBounds &sizes,
                                const std::vector<GroupSummary> &groups,
                                const AssignedTopics &assigned, bool readersKnown)
{
    std::unordered_map<std::string, std::set<GroupId>> readers;
    for (const GroupSummary &group : groups) {
        for (const std::string &topic : group.topics)
            readers[topic].insert(group.listing.id);
    }
    for (const auto &[group, names] : assigned) {
        for (const std::string &topic : names)
            readers[topic].insert(group);
    }
    std::vector<TopicRow> rows;
    rows.reserve(topics.size());
    for (const TopicInfo &topic : topics) {
        TopicRow row;
        row.info = topic;
        row.records = recordsOf(topic, sizes);
        row.readersKnown = readersKnown;
        if (const auto found = readers.find(topic.name); found != readers.end())
            row.readers.assign(found->second.begin(), found->second.end());
        rows.push_back(std::move(row));
    }
    std::sort(rows.begin(), rows.end(),
              [](const TopicRow &a, const TopicRow &b) { return a.info.name < b.info.name; });
    return rows;
}

} // namespace redrive::workspace
