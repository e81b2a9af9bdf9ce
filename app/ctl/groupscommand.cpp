#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/groupfilter.h"
#include "app/ctl/shapes.h"
#include "app/ctl/survey.h"
#include "app/ctl/tables.h"
#include "core/base/text.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace redrive::ctl {

namespace {

struct ListOptions
{
    std::optional<std::string> states;
    std::optional<std::string> type;
    std::optional<std::string> match;
    bool lag = false;
    bool members = false;
};

struct DescribeOptions
{
    std::vector<std::string> groups;
    bool all = false;
};

/// Commits and log ends of the groups that can have some.
Result<void> addLag(Context &context, Runner &runner, std::vector<GroupRow> &rows)
{
    std::vector<GroupListing> asked;
    asked.reserve(rows.size());
    for (const GroupRow &row : rows)
        asked.push_back(row.listing);
    Answer<std::vector<GroupSummary>> answer;
    monitor::surveyLag(runner.client(), std::move(asked), runner.surveyOptions(),
                       progressOf(context.console, "offsets of groups:", rows.size()),
                       answer.slot());
    if (auto waited = runner.waitFor(answer); !waited)
        return waited;
    for (std::size_t i = 0; i < rows.size() && i < answer.value().size(); ++i) {
        GroupSummary &summary = answer.value()[i];
        GroupRow &row = rows[i];
        if (row.listing.error)
            continue;
        row.totalLag = summary.totalLag;
        row.unknownLags = summary.unknownLags;
        row.error = summary.error;
        // Log ends may fail where the commits, which name the topics, did not.
        if (!summary.error || !summary.topics.empty())
            row.topics = std::move(summary.topics);
    }
    return {};
}

Result<void> addMembers(Context &context, Runner &runner, std::vector<GroupRow> &rows)
{
    std::vector<GroupId> asked;
    std::vector<std::size_t> at;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i].listing.error)
            continue;
        asked.push_back(rows[i].listing.id);
        at.push_back(i);
    }
    if (asked.empty())
        return {};
    Answer<std::vector<GroupDescription>> answer;
    context.console.progress("describing groups", 0, 0);
    runner.client().describeGroups(asked, runner.requestTimeout(), answer.slot());
    if (auto waited = runner.waitFor(answer); !waited)
        return waited;
    for (std::size_t i = 0; i < at.size() && i < answer.value().size(); ++i) {
        const GroupDescription &description = answer.value()[i];
        GroupRow &row = rows[at[i]];
        if (!description.error)
            row.members = description.members.size();
        else if (!row.error)
            row.error = description.error;
    }
    return {};
}

Result<int> list(Context &context, Runner &runner, const ListOptions &asked,
                 const GroupFilter &filter)
{
    auto listings = listGroups(context, runner);
    if (!listings)
        return listings.error();
    std::vector<GroupRow> rows;
    for (GroupListing &listing : listings->groups) {
        if (!filter.lets(listing))
            continue;
        GroupRow row;
        row.error = listing.error;
        row.listing = std::move(listing);
        rows.push_back(std::move(row));
    }
    if (asked.lag)
        if (auto done = addLag(context, runner, rows); !done)
            return done.error();
    if (asked.members)
        if (auto done = addMembers(context, runner, rows); !done)
            return done.error();

    Console &console = context.console;
    if (context.settings.format == Format::Table) {
        console.print(
            groupsTable(rows, {.members = asked.members, .lag = asked.lag}, lookOf(context)));
    } else {
        std::vector<JsonValue> objects;
        objects.reserve(rows.size());
        for (const GroupRow &row : rows)
            objects.push_back(toJson(row));
        console.printList(groupRowKeys, objects);
    }
    for (const Error &error : listings->errors)
        console.complain(error);
    // A group that cannot be described is a fact about it; one that could not be read is a failure.
    const bool failed = std::any_of(rows.begin(), rows.end(), [](const GroupRow &row) {
        return row.error && !row.listing.error;
    });
    return failed || !listings->errors.empty() ? exitcode::failed : exitcode::done;
}

/// The groups to describe, in the order asked. A name that is not listed is asked for all the same:
/// the listing may lack it, and its coordinator knows.
std::vector<GroupListing> chooseListings(const DescribeOptions &asked,
                                         const std::vector<GroupListing> &known)
{
    if (asked.all)
        return known;
    std::map<std::string, const GroupListing *> byName;
    for (const GroupListing &listing : known)
        byName.emplace(listing.id.value(), &listing);
    std::vector<GroupListing> chosen;
    std::set<std::string> seen;
    for (const std::string &name : asked.groups) {
        if (!seen.insert(name).second)
            continue;
        const auto found = byName.find(name);
        GroupListing listing;
        listing.id = GroupId(name);
        chosen.push_back(found != byName.end() ? *found->second : listing);
    }
    return chosen;
}

bool isMissing(const GroupDetail &detail)
{
    return detail.description.error && detail.description.error->code == "GROUP_ID_NOT_FOUND";
}

bool failed(const GroupDetail &detail)
{
    const auto badRow = [](const PartitionLag &row) {
        return row.error && row.condition != Condition::TopicDeleted;
    };
    return groupError(detail) || !detail.errors.empty() ||
           std::any_of(detail.partitions.begin(), detail.partitions.end(), badRow);
}

void printDetails(Context &context, const std::vector<GroupDetail> &details)
{
    Console &console = context.console;
    if (context.settings.format != Format::Table) {
        std::vector<JsonValue> objects;
        objects.reserve(details.size());
        for (const GroupDetail &detail : details)
            objects.push_back(isMissing(detail)
                                  ? missingGroup(detail.listing.id, *detail.description.error)
                                  : toJson(detail));
        console.printList(groupDetailKeys, objects);
        return;
    }
    std::string out;
    for (const GroupDetail &detail : details)
        if (!isMissing(detail))
            out += (out.empty() ? "" : "\n") + groupBlock(detail, lookOf(context));
    console.print(out);
}

Result<int> describeGroups(Context &context, Runner &runner, const DescribeOptions &asked)
{
    auto listings = listGroups(context, runner);
    if (!listings)
        return listings.error();
    const std::vector<GroupListing> chosen = chooseListings(asked, listings->groups);
    Answer<std::vector<GroupDetail>> answer;
    monitor::surveyDetail(runner.client(), chosen, runner.surveyOptions(),
                          progressOf(context.console, "offsets of groups:", chosen.size()),
                          answer.slot());
    if (auto waited = runner.waitFor(answer); !waited)
        return waited.error();

    std::vector<GroupDetail> details;
    bool anyFailed = !listings->errors.empty();
    for (GroupDetail &detail : answer.value()) {
        // Among all, one that ended meanwhile is no group any more.
        if (asked.all && isMissing(detail))
            continue;
        // Among all, one that cannot be described is a fact; asked for by name, it is a failure.
        if (!asked.all || !detail.listing.error)
            anyFailed = anyFailed || failed(detail);
        details.push_back(std::move(detail));
    }
    if (details.size() == 1 && isMissing(details.front()))
        return *details.front().description.error;

    printDetails(context, details);
    for (const Error &error : listings->errors)
        context.console.complain(error);
    for (const GroupDetail &detail : details) {
        if (asked.all && detail.listing.error)
            continue;
        if (const auto &error = groupError(detail))
            context.console.complain(*error);
        else
            for (const Error &each : detail.errors)
                context.console.complain(each);
    }
    return anyFailed ? exitcode::failed : exitcode::done;
}

void addList(CLI::App &groups, Command &chosen)
{
    auto asked = std::make_shared<ListOptions>();
    CLI::App *command =
        addCommand(groups, "list", "Every group of the cluster, with its state",
                   "redrivectl --bootstrap localhost:9092 groups list --lag --state Stable,Empty");
    command
        ->add_option("--state", asked->states,
                     "Only these states, by Kafka's names: Stable, Empty, PreparingRebalance, "
                     "CompletingRebalance, Dead, Unknown")
        ->type_name("S,...");
    command->add_option("--type", asked->type, "Only classic, consumer (KIP-848) or unknown groups")
        ->type_name("classic|consumer|unknown");
    command
        ->add_option("--match", asked->match,
                     "Only groups whose name this regular expression finds")
        ->type_name("REGEX");
    command->add_flag("--lag", asked->lag, "Read offsets: total lag and topics of every group");
    command->add_flag("--members", asked->members, "Describe every group: number of members");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            const auto filter = GroupFilter::parse(asked->states, asked->type, asked->match);
            if (!filter)
                return context.console.fail(filter.error());
            return withCluster(
                context, [&](Runner &runner) { return list(context, runner, *asked, *filter); });
        };
    });
}

void addDescribe(CLI::App &groups, Command &chosen)
{
    auto asked = std::make_shared<DescribeOptions>();
    CLI::App *command =
        addCommand(groups, "describe", "Groups in full: members, offsets, lag, conditions",
                   "redrivectl --bootstrap localhost:9092 --output json groups describe billing");
    command->add_option("GROUP", asked->groups, "Names of groups")->type_name("");
    command->add_flag("--all", asked->all, "Every group of the cluster");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            for (std::string &group : asked->groups) {
                group = plainArgument(std::move(group));
                if (!isValidUtf8(group))
                    return context.console.fail(
                        usageError("'" + group + "' is not valid UTF-8: no group has this name"));
            }
            if (asked->groups.empty() != asked->all)
                return context.console.fail(
                    usageError(asked->all ? "--all and names of groups exclude each other"
                                          : "which groups? Name them, or give --all"));
            return withCluster(
                context, [&](Runner &runner) { return describeGroups(context, runner, *asked); });
        };
    });
}

} // namespace

void addGroupsCommands(CLI::App &root, Command &chosen)
{
    CLI::App *groups = addCommand(root, "groups", "Consumer groups",
                                  "redrivectl --bootstrap localhost:9092 groups describe --all");
    groups->require_subcommand(1);
    addList(*groups, chosen);
    addDescribe(*groups, chosen);
    addGroupDelete(*groups, chosen);
}

} // namespace redrive::ctl
