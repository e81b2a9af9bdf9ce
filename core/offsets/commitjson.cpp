#include "core/offsets/commitjson.h"

#include "core/offsets/jsonwrite.h"

namespace redrive::offsets {

namespace {

std::string commitJson(const CommitTable::value_type &commit)
{
    return json::Object()
        .add("topic", json::text(commit.first.topic))
        .add("partition", json::number(commit.first.partition))
        .add("offset", json::orNull(commit.second.offset, json::offset))
        .add("leader_epoch", json::orNull(commit.second.leaderEpoch, json::number))
        .add("metadata", json::text(commit.second.metadata))
        .onOneLine();
}

} // namespace

std::string commitsJson(const CommitTable &commits, bool onLines)
{
    return onLines ? json::linedList(commits, commitJson) : json::list(commits, commitJson);
}

CommitTable commitsIn(const json::Part &part)
{
    using json::Part;
    CommitTable commits;
    for (const Part &one : part.list()) {
        const CommitImage image{
            .offset = one.maybe("offset", [](const Part &value) { return value.offset(); }),
            .leaderEpoch =
                one.maybe("leader_epoch", [](const Part &value) { return value.epoch(); }),
            .metadata =
                one.maybe("metadata", [](const Part &value) { return value.text(); }).value_or("")};
        const TopicPartition place{one.at("topic").text(), one.at("partition").partition()};
        if (!commits.emplace(place, image).second)
            one.fail("the first commit of its partition");
    }
    return commits;
}

} // namespace redrive::offsets
