#include "core/offsets/plan.h"

#include "core/base/text.h"
#include "core/offsets/planfacts.h"

#include <set>

namespace redrive::offsets {

namespace {

std::string actionOf(const Target &target)
{
    if (std::holds_alternative<to::Delete>(target))
        return "delete";
    return std::holds_alternative<to::Undo>(target) ? "undo" : "reset";
}

Error usage(const PlanFacts &facts, std::string code, std::string message)
{
    Error error = facts.error(std::move(code), std::move(message));
    error.kind = Error::Kind::Usage;
    return error;
}

std::optional<Error> whyNoRequest(const PlanFacts &facts)
{
    const PlanRequest &request = facts.request();
    if (request.group.value().empty())
        return usage(facts, "INVALID_GROUP_ID", "a group has to be named");
    if (request.scope.topics.empty() && !request.scope.allTopics)
        return usage(facts, "EMPTY_SCOPE", "no topic is chosen");
    if (const auto time = timeOf(request.target, facts.now()); time && *time < WallTime{})
        return usage(facts, "INVALID_TIME", "the time is before 1970");
    const auto *other = std::get_if<to::OtherGroup>(&request.target);
    if (other != nullptr && other->group == request.group)
        return usage(facts, "INVALID_TARGET", "a group cannot be copied from itself");
    return {};
}

std::optional<Error> whyNoGroup(const PlanFacts &facts, bool create)
{
    const Facts &all = facts.all();
    if (facts.isGroupMissing()) {
        if (create)
            return {};
        return facts.error("GROUP_ID_NOT_FOUND",
                           "there is no group " + visible(facts.request().group.value()));
    }
    if (all.group.error && all.group.error->code != "GROUP_ID_NOT_FOUND")
        return all.group.error;
    return all.committed.error;
}

std::optional<Error> whyNoSource(const PlanFacts &facts)
{
    const auto *other = std::get_if<to::OtherGroup>(&facts.request().target);
    if (other == nullptr)
        return {};
    if (!facts.all().otherGroup)
        return facts.error("NOT_READ", "what group " + visible(other->group.value()) +
                                           " has committed was not read yet");
    return facts.all().otherGroup->error;
}

Error nothingToDo(const PlanFacts &facts)
{
    const Target &target = facts.request().target;
    const auto say = [&facts](std::string message) {
        return facts.error("NOTHING_TO_DO", std::move(message));
    };
    if (const auto *undo = std::get_if<to::Undo>(&target))
        return say("everything is as it was before " + visible(undo->journal) + " already");
    if (std::holds_alternative<to::Table>(target))
        return say("the file says nothing of what was chosen");
    if (const auto *other = std::get_if<to::OtherGroup>(&target))
        return say("group " + visible(other->group.value()) +
                   " has committed nothing of what was chosen");
    return say("the group has committed nothing: choose its topics by name");
}

/// Commits that move are worth a word only where nobody is there to move them.
bool looksEmpty(const GroupDescription &group)
{
    return group.members.empty() &&
           (!group.state || group.state == GroupState::Empty || group.state == GroupState::Dead);
}

std::map<std::string, std::string> topicIdsOf(const std::vector<PlanRow> &rows,
                                              const PlanFacts &facts)
{
    std::map<std::string, std::string> ids;
    for (const PlanRow &row : rows) {
        const auto *identity = facts.identity(row.partition.topic);
        if (identity != nullptr && identity->id)
            ids.emplace(row.partition.topic, *identity->id);
    }
    return ids;
}

} // namespace

Plan makePlan(const PlanRequest &request, const Facts &facts, WallTime now)
{
    const PlanFacts indexed(request, facts, now);
    Plan plan;
    plan.clusterId = facts.clusterId;
    plan.group = request.group;
    plan.groupExists = !indexed.isGroupMissing();
    if (plan.groupExists)
        plan.state = facts.group.state;
    plan.members = facts.group.members;
    // An undo brings back what was there, and with it the group.
    plan.create = request.create || std::holds_alternative<to::Undo>(request.target);
    plan.action = actionOf(request.target);
    plan.spec = request.spec.empty() ? specOf(request.target) : request.spec;
    plan.target = request.target;
    plan.scope = request.scope;
    plan.created = now;
    if (looksEmpty(facts.group))
        plan.moving = facts.moving;

    plan.error = whyNoRequest(indexed);
    if (!plan.error)
        for (const Wanted &wanted : wantedPartitions(indexed))
            plan.rows.push_back(makeRow(indexed, wanted));
    plan.topicIds = topicIdsOf(plan.rows, indexed);
    if (!plan.error)
        plan.error = whyNoGroup(indexed, plan.create);
    if (!plan.error)
        plan.error = whyNoSource(indexed);
    if (!plan.error && plan.rows.empty())
        plan.error = nothingToDo(indexed);
    plan.hash = hashOf(plan);
    return plan;
}

} // namespace redrive::offsets
