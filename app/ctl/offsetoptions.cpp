#include "app/ctl/offsetoptions.h"

#include "app/ctl/changing.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/quantities.h"

#include <utility>

namespace redrive::ctl {

namespace {

constexpr const char *targets =
    "earliest, latest, time:TIME, ago:15m, shift:-100, latest-minus:100, offset:42, csv:FILE, "
    "group:OTHER, snapshot:FILE";

Result<offsets::Scope> readScope(const PlanOptions &options)
{
    if (options.topics.empty() && !options.allTopics)
        return usageError("which topics? Give --topic T[:P,...], or --all-topics for all that the "
                          "group has committed to");
    if (!options.topics.empty() && options.allTopics)
        return usageError("--topic and --all-topics exclude each other");
    std::vector<offsets::TopicScope> topics;
    for (const std::string &given : options.topics) {
        auto topic = offsets::parseTopicScope(given);
        if (!topic)
            return usageError("--topic " + topic.error().message);
        topics.push_back(std::move(*topic));
    }
    offsets::Scope scope = offsets::toScope(std::move(topics));
    scope.allTopics = options.allTopics;
    return scope;
}

Result<offsets::Target> readTarget(const PlanOptions &options, const GroupId &group, WallTime now)
{
    if (options.from) {
        auto other = readGroup(*options.from);
        if (!other)
            return other.error();
        if (*other == group)
            return usageError("a group cannot be copied to itself");
        return offsets::Target(offsets::to::OtherGroup{std::move(*other)});
    }
    if (options.deletes && options.to)
        return usageError("--to and --delete exclude each other");
    if (options.deletes)
        return offsets::Target(offsets::to::Delete{});
    if (!options.to)
        return usageError(std::string("where to? Give --to TARGET, which is one of ") + targets +
                          "; or --delete");
    auto target = offsets::parseTarget(*options.to, now, group);
    if (!target) {
        Error error = target.error();
        error.message = "--to " + error.message;
        return error;
    }
    return target;
}

} // namespace

Result<offsets::PlanRequest> readPlan(const PlanOptions &options, WallTime now)
{
    auto group = readGroup(options.group);
    if (!group)
        return group.error();
    auto scope = readScope(options);
    if (!scope)
        return scope.error();
    auto target = readTarget(options, *group, now);
    if (!target)
        return target.error();
    std::string spec = options.to.value_or(offsets::specOf(*target));
    return offsets::PlanRequest{.group = std::move(*group),
                                .scope = std::move(*scope),
                                .target = std::move(*target),
                                .spec = std::move(spec),
                                .create = options.create};
}

Result<Applying> readApplying(const ApplyingOptions &options)
{
    Applying applying{.execute = options.execute,
                      .whenEmpty = options.whenEmpty,
                      .evenIfMoving = options.evenIfMoving,
                      .reason = options.reason};
    if (!options.expires)
        return applying;
    if (!options.whenEmpty)
        return usageError("--expires says how long --when-empty waits, which was not given");
    const auto expires = parseSpan("--expires", *options.expires, Least::AboveNothing);
    if (!expires)
        return expires.error();
    applying.expires = *expires;
    return applying;
}

} // namespace redrive::ctl
