#include "app/ctl/topics.h"

#include "core/base/text.h"

#include <algorithm>

namespace redrive::ctl {

namespace {

const OffsetAnswer *find(const OffsetTable &table, const TopicPartition &partition)
{
    const auto found = table.find(partition);
    return found == table.end() ? nullptr : &found->second;
}

} // namespace

std::optional<std::int64_t> recordsOf(const TopicInfo &topic, const OffsetTable &start,
                                      const OffsetTable &end)
{
    if (topic.error || topic.partitions.empty())
        return std::nullopt;
    std::int64_t sum = 0;
    for (const TopicInfo::Partition &partition : topic.partitions) {
        const TopicPartition tp{topic.name, partition.id};
        const OffsetAnswer *first = find(start, tp);
        const OffsetAnswer *last = find(end, tp);
        if (first == nullptr || last == nullptr || !first->offset || !last->offset)
            return std::nullopt;
        sum += std::max<std::int64_t>(0, *last->offset - *first->offset);
    }
    return sum;
}

std::set<std::string> topicsOf(const GroupDescription &description, const GroupOffsets &commits)
{
    std::set<std::string> topics;
    for (const GroupMember &member : description.members)
        for (const TopicPartition &tp : member.assignment)
            topics.insert(tp.topic);
    for (const CommittedOffset &commit : commits.offsets)
        if (commit.offset)
            topics.insert(commit.partition.topic);
    return topics;
}

std::optional<ReaderLine> readerOf(std::string_view topic, const GroupListing &listing,
                                   const GroupDescription &description, const GroupOffsets &commits,
                                   const OffsetTable &ends)
{
    ReaderLine line;
    line.topic = topic;
    line.group = listing.id;
    line.state = description.state ? description.state : listing.state;
    std::set<std::int32_t> partitions;
    for (const GroupMember &member : description.members)
        for (const TopicPartition &tp : member.assignment)
            if (tp.topic == topic)
                partitions.insert(tp.partition);
    for (const CommittedOffset &commit : commits.offsets) {
        if (commit.partition.topic != topic || (!commit.offset && !commit.error))
            continue;
        partitions.insert(commit.partition.partition);
        const OffsetAnswer *end = find(ends, commit.partition);
        if (commit.error)
            line.error = commit.error;
        else if (end != nullptr && end->error)
            line.error = end->error;
        else if (end != nullptr && end->offset && *commit.offset <= *end->offset)
            line.totalLag = line.totalLag.value_or(0) + (*end->offset - *commit.offset);
    }
    if (partitions.empty())
        return std::nullopt;
    if (const auto errors = readingErrors(description, commits); !errors.empty() && !line.error)
        line.error = errors.front();
    line.partitions = partitions.size();
    return line;
}

std::string lookedPast(const std::vector<GroupListing> &listings)
{
    const auto count = std::count_if(listings.begin(), listings.end(),
                                     [](const GroupListing &listing) { return listing.error; });
    if (count == 0)
        return {};
    if (count == 1)
        return "1 group could not be looked at, since it cannot be described here, and may be a "
               "reader: see 'redrivectl groups list'";
    return grouped(count) + " groups could not be looked at, since they cannot be described here, "
                            "and may be readers: see 'redrivectl groups list'";
}

std::vector<Error> readingErrors(const GroupDescription &description, const GroupOffsets &commits)
{
    std::vector<Error> errors;
    for (const std::optional<Error> &error : {description.error, commits.error})
        if (error && error->code != "GROUP_ID_NOT_FOUND")
            errors.push_back(*error);
    return errors;
}

} // namespace redrive::ctl
