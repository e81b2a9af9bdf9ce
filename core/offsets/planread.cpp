#include "core/offsets/commitjson.h"
#include "core/offsets/planfile.h"
#include "core/offsets/planwords.h"

#include <algorithm>

namespace redrive::offsets {

namespace {

using json::Malformed;
using json::Part;

std::string textOf(const Part &part)
{
    return part.text();
}
Offset offsetOf(const Part &part)
{
    return part.offset();
}
WallTime timeIn(const Part &part)
{
    return part.time();
}
std::int64_t countOf(const Part &part)
{
    return part.number(0);
}
std::int32_t epochOf(const Part &part)
{
    return part.epoch();
}

TopicPartition partitionIn(const Part &part)
{
    return {part.at("topic").text(), part.at("partition").partition()};
}

std::vector<TopicPartition> partitionsIn(const Part &part)
{
    std::vector<TopicPartition> partitions;
    for (const Part &one : part.list())
        partitions.push_back(partitionIn(one));
    return partitions;
}

Error errorIn(const Part &part)
{
    const auto kind = kindFrom(part.at("kind").text());
    if (!kind)
        part.at("kind").fail("a kind of error");
    return {.kind = *kind,
            .code = part.at("code").text(),
            .message = part.at("message").text(),
            .attempted = part.at("attempted").text(),
            .retriable = part.maybe("retriable", [](const Part &one) { return one.truth(); })};
}

std::map<std::string, std::string> idsIn(const Part &part)
{
    std::map<std::string, std::string> ids;
    for (const Part &one : part.list())
        if (!ids.emplace(one.at("topic").text(), one.at("id").text()).second)
            one.fail("the first id of its topic");
    return ids;
}

Target targetIn(const Part &part)
{
    const std::string word = part.at("to").text();
    const auto is = [&word](const Target &one) { return wordOf(one) == word; };
    if (is(to::Earliest{}))
        return to::Earliest{};
    if (is(to::Latest{}))
        return to::Latest{};
    if (is(to::Delete{}))
        return to::Delete{};
    if (is(to::Time{}))
        return to::Time{.time = part.at("time").time()};
    if (is(to::Ago{}))
        return to::Ago{.span = Millis(part.at("milliseconds").number(0))};
    if (is(to::Shift{}))
        return to::Shift{.by = part.at("by").number()};
    if (is(to::LatestMinus{}))
        return to::LatestMinus{.count = part.at("count").number(0)};
    if (is(to::Exact{}))
        return to::Exact{.offset = part.at("offset").offset()};
    if (is(to::OtherGroup{}))
        return to::OtherGroup{.group = GroupId(part.at("group").text())};
    if (is(to::Table{}))
        return to::Table{.commits = commitsIn(part.at("commits")),
                         .clusterId = part.maybe("cluster_id", textOf).value_or("")};
    if (is(to::Undo{}))
        return to::Undo{.journal = part.at("journal").text(),
                        .before = commitsIn(part.at("before")),
                        .after = commitsIn(part.at("after")),
                        .topicIds = idsIn(part.at("topic_ids"))};
    part.at("to").fail("a way to move offsets");
}

Scope scopeIn(const Part &part)
{
    std::vector<TopicScope> topics;
    for (const Part &one : part.at("topics").list()) {
        TopicScope topic{.topic = one.at("topic").text(), .partitions = {}};
        for (const Part &partition : one.at("partitions").list())
            topic.partitions.push_back(partition.partition());
        topics.push_back(std::move(topic));
    }
    Scope scope = toScope(std::move(topics));
    scope.allTopics = part.at("all_topics").truth();
    return scope;
}

GroupMember memberIn(const Part &part)
{
    return {.memberId = part.at("member_id").text(),
            .instanceId = part.maybe("instance_id", textOf),
            .clientId = part.at("client_id").text(),
            .host = part.at("host").text(),
            .assignment = partitionsIn(part.at("assignment")),
            .target = part.maybe("target", partitionsIn)};
}

kafka::RecordGlance glanceIn(const Part &part)
{
    return {.offset = part.at("offset").offset(),
            .time = part.maybe("time", timeIn),
            .key = part.maybe("key", textOf),
            .value = part.maybe("value", textOf),
            .valueSize = static_cast<std::size_t>(part.at("value_size").number(0))};
}

PlanRow rowIn(const Part &part)
{
    PlanRow row;
    row.partition = partitionIn(part);
    row.current = {.offset = part.maybe("current", offsetOf),
                   .leaderEpoch = part.maybe("current_leader_epoch", epochOf),
                   .metadata = part.maybe("current_metadata", textOf).value_or("")};
    row.target = {.offset = part.maybe("target", offsetOf),
                  .leaderEpoch = part.maybe("target_leader_epoch", epochOf),
                  .metadata = part.maybe("target_metadata", textOf).value_or("")};
    row.logStart = part.maybe("log_start", offsetOf);
    row.logEnd = part.maybe("log_end", offsetOf);
    row.again = part.maybe("again", countOf);
    row.skipped = part.maybe("skipped", countOf);
    row.lost = part.maybe("lost", countOf);
    row.firstTime = part.maybe("first_time", timeIn);
    row.lastTime = part.maybe("last_time", timeIn);
    row.next = part.maybe("next", glanceIn);
    row.error = part.maybe("error", errorIn);
    if (const auto notes = part.find("notes"))
        for (const Part &note : notes->list())
            row.notes.push_back(note.text());
    return row;
}

GroupState stateIn(const Part &part)
{
    const auto state = stateFrom(part.text());
    if (!state)
        part.fail("the state of a group");
    return *state;
}

std::vector<PlanRow> rowsIn(const Part &part)
{
    std::vector<PlanRow> rows;
    for (const Part &one : part.list()) {
        rows.push_back(rowIn(one));
        if (rows.size() > 1 && !(rows[rows.size() - 2].partition < rows.back().partition))
            one.fail("in the order of partitions, each once");
    }
    return rows;
}

Plan planIn(const Part &part)
{
    Plan plan;
    plan.hash = part.at("plan").text();
    plan.clusterId = part.at("cluster_id").text();
    plan.group = GroupId(part.at("group").text());
    plan.state = part.maybe("state", stateIn);
    plan.groupExists = part.at("group_exists").truth();
    plan.create = part.at("create").truth();
    plan.action = part.at("action").text();
    plan.spec = part.at("spec").text();
    plan.target = targetIn(part.at("to"));
    plan.scope = scopeIn(part.at("scope"));
    plan.created = part.at("created").time();
    if (plan.created < WallTime{})
        part.at("created").fail("a time after 1970");
    plan.error = part.maybe("error", errorIn);
    plan.topicIds = idsIn(part.at("topic_ids"));
    for (const Part &member : part.at("members").list())
        plan.members.push_back(memberIn(member));
    plan.moving = partitionsIn(part.at("moving"));
    plan.rows = rowsIn(part.at("rows"));
    return plan;
}

Error refusal(Error::Kind kind, std::string code, std::string message)
{
    return {.kind = kind,
            .code = std::move(code),
            .message = std::move(message),
            .attempted = "reading a plan",
            .retriable = false};
}

} // namespace

Result<Plan> planFromJson(std::string_view text)
{
    simdjson::dom::parser parser;
    simdjson::dom::element whole;
    if (const auto problem = parser.parse(text.data(), text.size()).get(whole);
        problem != simdjson::SUCCESS)
        return refusal(Error::Kind::Usage, "INVALID_PLAN",
                       std::string("this is no JSON: ") + simdjson::error_message(problem));
    try {
        Plan plan = planIn(Part(whole, {}));
        if (const std::string hash = hashOf(plan); plan.hash != hash)
            return refusal(Error::Kind::Refused, "PLAN_CHANGED",
                           "the plan was changed after it was made: the hash of what it would do "
                           "is " +
                               hash);
        return plan;
    } catch (const Malformed &malformed) {
        return refusal(Error::Kind::Usage, "INVALID_PLAN", "this is no plan: " + malformed.why);
    }
}

} // namespace redrive::offsets
