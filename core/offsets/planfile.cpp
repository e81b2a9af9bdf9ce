#include "core/offsets/planfile.h"

#include "core/offsets/commitjson.h"
#include "core/offsets/jsonwrite.h"
#include "core/offsets/planwords.h"
#include "core/offsets/tables.h"

#include <utility>

namespace redrive::offsets {

namespace {

using json::Object;

std::string partitionJson(const TopicPartition &partition)
{
    return Object()
        .add("topic", json::text(partition.topic))
        .add("partition", json::number(partition.partition))
        .onOneLine();
}

std::string partitionsJson(const std::vector<TopicPartition> &partitions)
{
    return json::list(partitions, partitionJson);
}

std::string errorJson(const Error &error)
{
    return Object()
        .add("code", json::text(error.code))
        .add("message", json::text(error.message))
        .add("attempted", json::text(error.attempted))
        .add("kind", json::text(wordOf(error.kind)))
        .add("retriable", json::orNull(error.retriable, json::truth))
        .onOneLine();
}

std::string idsJson(const std::map<std::string, std::string> &ids)
{
    return json::list(ids, [](const auto &id) {
        return Object()
            .add("topic", json::text(id.first))
            .add("id", json::text(id.second))
            .onOneLine();
    });
}

struct TargetFields
{
    Object &object;

    void operator()(const to::Earliest &) const {}
    void operator()(const to::Latest &) const {}
    void operator()(const to::Delete &) const {}
    void operator()(const to::Time &target) const { object.add("time", json::time(target.time)); }
    void operator()(const to::Ago &target) const
    {
        object.add("milliseconds", json::number(target.span.count()));
    }
    void operator()(const to::Shift &target) const { object.add("by", json::number(target.by)); }
    void operator()(const to::LatestMinus &target) const
    {
        object.add("count", json::number(target.count));
    }
    void operator()(const to::Exact &target) const
    {
        object.add("offset", json::offset(target.offset));
    }
    void operator()(const to::Table &target) const
    {
        object.add("cluster_id", json::text(target.clusterId))
            .add("commits", commitsJson(target.commits));
    }
    void operator()(const to::OtherGroup &target) const
    {
        object.add("group", json::text(target.group.value()));
    }
    void operator()(const to::Undo &target) const
    {
        object.add("journal", json::text(target.journal))
            .add("before", commitsJson(target.before))
            .add("after", commitsJson(target.after))
            .add("topic_ids", idsJson(target.topicIds));
    }
};

std::string targetJson(const Target &target)
{
    Object object;
    object.add("to", json::text(wordOf(target)));
    std::visit(TargetFields{object}, target);
    return object.onOneLine();
}

std::string scopeJson(const Scope &scope)
{
    const auto topics = json::list(scope.topics, [](const TopicScope &topic) {
        return Object()
            .add("topic", json::text(topic.topic))
            .add("partitions", json::list(topic.partitions, json::number))
            .onOneLine();
    });
    return Object()
        .add("topics", topics)
        .add("all_topics", json::truth(scope.allTopics))
        .onOneLine();
}

std::string memberJson(const GroupMember &member)
{
    return Object()
        .add("member_id", json::text(member.memberId))
        .add("instance_id", json::orNull(member.instanceId, json::text))
        .add("client_id", json::text(member.clientId))
        .add("host", json::text(member.host))
        .add("assignment", partitionsJson(member.assignment))
        .add("target", json::orNull(member.target, partitionsJson))
        .onOneLine();
}

/// Unlike a name, a key or a value may be null, so text is written as what it is.
std::string bytesJson(const std::string &bytes)
{
    const std::string written = json::text(bytes);
    return written.starts_with('{') ? written : Object().add("text", written).onOneLine();
}

std::string glanceJson(const kafka::RecordGlance &record)
{
    return Object()
        .add("offset", json::offset(record.offset))
        .add("time", json::orNull(record.time, json::time))
        .add("key", json::orNull(record.key, bytesJson))
        .add("value", json::orNull(record.value, bytesJson))
        .add("value_size", json::number(static_cast<std::int64_t>(record.valueSize)))
        .onOneLine();
}

std::string rowJson(const PlanRow &row)
{
    return Object()
        .add("topic", json::text(row.partition.topic))
        .add("partition", json::number(row.partition.partition))
        .add("current", json::orNull(row.current.offset, json::offset))
        .add("target", json::orNull(row.target.offset, json::offset))
        .add("log_start", json::orNull(row.logStart, json::offset))
        .add("log_end", json::orNull(row.logEnd, json::offset))
        .add("again", json::orNull(row.again, json::number))
        .add("skipped", json::orNull(row.skipped, json::number))
        .add("lost", json::orNull(row.lost, json::number))
        .add("first_time", json::orNull(row.firstTime, json::time))
        .add("last_time", json::orNull(row.lastTime, json::time))
        .add("next", json::orNull(row.next, glanceJson))
        .add("error", json::orNull(row.error, errorJson))
        .add("notes", json::list(row.notes, json::text))
        .add("current_leader_epoch", json::orNull(row.current.leaderEpoch, json::number))
        .add("current_metadata", json::text(row.current.metadata))
        .add("target_leader_epoch", json::orNull(row.target.leaderEpoch, json::number))
        .add("target_metadata", json::text(row.target.metadata))
        .onOneLine();
}

std::string totalsJson(const PlanTotals &totals)
{
    const auto count = [](std::size_t number) {
        return json::number(static_cast<std::int64_t>(number));
    };
    return Object()
        .add("partitions", count(totals.partitions))
        .add("again", json::number(totals.again))
        .add("skipped", json::number(totals.skipped))
        .add("lost", json::number(totals.lost))
        .add("errors", count(totals.errors))
        .add("unknown", count(totals.unknown))
        .onOneLine();
}

} // namespace

std::string toJson(const Plan &plan)
{
    const auto stateJson = [](GroupState state) { return json::text(name(state)); };
    return Object()
        .add("plan", json::text(plan.hash))
        .add("cluster_id", json::text(plan.clusterId))
        .add("group", json::text(plan.group.value()))
        .add("state", json::orNull(plan.state, stateJson))
        .add("group_exists", json::truth(plan.groupExists))
        .add("create", json::truth(plan.create))
        .add("action", json::text(plan.action))
        .add("spec", json::text(plan.spec))
        .add("to", targetJson(plan.target))
        .add("scope", scopeJson(plan.scope))
        .add("created", json::time(plan.created))
        .add("error", json::orNull(plan.error, errorJson))
        .add("topic_ids", idsJson(plan.topicIds))
        .add("members", json::list(plan.members, memberJson))
        .add("moving", partitionsJson(plan.moving))
        .add("rows", json::linedList(plan.rows, rowJson))
        .add("totals", totalsJson(totals(plan)))
        .onLines();
}

Result<void> savePlan(const Plan &plan, const std::filesystem::path &file)
{
    return writeFile(file, toJson(plan));
}

Result<Plan> loadPlan(const std::filesystem::path &file)
{
    const auto text = readFile(file);
    if (!text)
        return text.error();
    return planFromJson(*text);
}

} // namespace redrive::offsets
