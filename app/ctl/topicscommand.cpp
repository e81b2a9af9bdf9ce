#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/shapes.h"
#include "app/ctl/survey.h"
#include "app/ctl/tables.h"
#include "app/ctl/topics.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace redrive::ctl {

namespace {

std::vector<TopicPartition> partitionsOf(const TopicInfo &topic)
{
    std::vector<TopicPartition> partitions;
    for (const TopicInfo::Partition &partition : topic.partitions)
        partitions.push_back({topic.name, partition.id});
    return partitions;
}

/// The groups whose assignments and commits can be read.
std::vector<GroupListing> readable(const kafka::GroupListings &listings)
{
    std::vector<GroupListing> groups;
    for (const GroupListing &listing : listings.groups)
        if (!listing.error)
            groups.push_back(listing);
    return groups;
}

std::vector<GroupId> idsOf(const std::vector<GroupListing> &listings)
{
    std::vector<GroupId> ids;
    ids.reserve(listings.size());
    for (const GroupListing &listing : listings)
        ids.push_back(listing.id);
    return ids;
}

struct Counted
{
    std::map<std::string, std::size_t> readers;
    std::string lookedPast;
    std::vector<Error> errors;
};

Result<Counted> countReaders(Context &context, Runner &runner)
{
    auto listings = listGroups(context, runner);
    if (!listings)
        return listings.error();
    auto reading = readGroups(context, runner, idsOf(readable(*listings)));
    if (!reading)
        return reading.error();
    Counted counted;
    counted.errors = listings->errors;
    counted.lookedPast = lookedPast(listings->groups);
    for (std::size_t i = 0; i < reading->descriptions.size() && i < reading->commits.size(); ++i) {
        const GroupDescription &description = reading->descriptions[i];
        const GroupOffsets &commits = reading->commits[i];
        for (const std::string &topic : topicsOf(description, commits))
            ++counted.readers[topic];
        for (Error &error : readingErrors(description, commits))
            counted.errors.push_back(std::move(error));
    }
    return counted;
}

Result<int> list(Context &context, Runner &runner, bool withReaders)
{
    auto topics = listTopics(context, runner);
    if (!topics)
        return topics.error();
    std::vector<TopicPartition> partitions;
    for (const TopicInfo &topic : *topics)
        for (TopicPartition &tp : partitionsOf(topic))
            partitions.push_back(std::move(tp));
    const auto bounds = readBounds(context, runner, partitions);
    if (!bounds)
        return bounds.error();
    Counted counted;
    if (withReaders) {
        auto answer = countReaders(context, runner);
        if (!answer)
            return answer.error();
        counted = std::move(*answer);
    }

    bool failed = !counted.errors.empty();
    std::vector<TopicLine> lines;
    for (TopicInfo &topic : *topics) {
        TopicLine line;
        line.records = recordsOf(topic, bounds->start, bounds->end);
        if (withReaders)
            line.readers = counted.readers[topic.name];
        failed = failed || topic.error || !line.records;
        line.info = std::move(topic);
        lines.push_back(std::move(line));
    }
    Console &console = context.console;
    if (context.settings.format == Format::Table) {
        console.print(topicsTable(lines, withReaders, lookOf(context)));
    } else {
        std::vector<JsonValue> objects;
        objects.reserve(lines.size());
        for (const TopicLine &line : lines)
            objects.push_back(toJson(line));
        console.printList(topicLineKeys, objects);
    }
    for (const auto &[partition, answer] : bounds->end)
        if (answer.error)
            console.complain(*answer.error);
    for (const Error &error : counted.errors)
        console.complain(error);
    if (!counted.lookedPast.empty())
        console.warn(counted.lookedPast);
    return failed ? exitcode::failed : exitcode::done;
}

Result<int> readers(Context &context, Runner &runner, const std::string &name)
{
    auto topics = listTopics(context, runner);
    if (!topics)
        return topics.error();
    const auto topic = std::find_if(topics->begin(), topics->end(),
                                    [&](const TopicInfo &info) { return info.name == name; });
    if (topic == topics->end())
        return Error{.kind = Error::Kind::Broker,
                     .code = "UNKNOWN_TOPIC_OR_PARTITION",
                     .message = "the cluster has no topic of this name",
                     .attempted = "finding the readers of topic " + name,
                     .retriable = false};
    auto listings = listGroups(context, runner);
    if (!listings)
        return listings.error();
    const std::vector<GroupListing> groups = readable(*listings);
    const auto reading = readGroups(context, runner, idsOf(groups));
    if (!reading)
        return reading.error();
    const auto bounds = readBounds(context, runner, partitionsOf(*topic));
    if (!bounds)
        return bounds.error();

    std::vector<ReaderLine> lines;
    std::vector<Error> errors = listings->errors;
    bool failed = false;
    for (std::size_t i = 0; i < reading->descriptions.size() && i < reading->commits.size(); ++i) {
        const GroupDescription &description = reading->descriptions[i];
        const GroupOffsets &commits = reading->commits[i];
        if (auto line = readerOf(name, groups[i], description, commits, bounds->end)) {
            failed = failed || line->error;
            lines.push_back(std::move(*line));
        }
        for (Error &error : readingErrors(description, commits))
            errors.push_back(std::move(error));
    }
    Console &console = context.console;
    if (context.settings.format == Format::Table) {
        console.print(readersTable(lines, lookOf(context)));
    } else {
        std::vector<JsonValue> objects;
        objects.reserve(lines.size());
        for (const ReaderLine &line : lines)
            objects.push_back(toJson(line));
        console.printList(readerLineKeys, objects);
    }
    for (const Error &error : errors)
        console.complain(error);
    if (const std::string note = lookedPast(listings->groups); !note.empty())
        console.warn(note);
    return failed || !errors.empty() ? exitcode::failed : exitcode::done;
}

} // namespace

void addTopicsCommands(CLI::App &root, Command &chosen)
{
    CLI::App *topics = addCommand(root, "topics", "Topics and the groups that read them",
                                  "redrivectl --bootstrap localhost:9092 topics list");
    topics->require_subcommand(1);

    auto noReaders = std::make_shared<bool>(false);
    CLI::App *lister =
        addCommand(*topics, "list", "Every topic, with records and number of readers",
                   "redrivectl --bootstrap localhost:9092 --output json topics list");
    lister->add_flag("--no-readers", *noReaders,
                     "Leave the readers unknown: asks no group, so it is fast");
    lister->callback([noReaders, &chosen] {
        chosen = [noReaders](Context &context) {
            return withCluster(context,
                               [&](Runner &runner) { return list(context, runner, !*noReaders); });
        };
    });

    auto name = std::make_shared<std::string>();
    CLI::App *reader =
        addCommand(*topics, "readers", "The groups with an assignment or a commit in a topic",
                   "redrivectl --bootstrap localhost:9092 topics readers orders");
    reader->add_option("TOPIC", *name, "Name of the topic")->required()->type_name("");
    reader->callback([name, &chosen] {
        chosen = [name](Context &context) {
            return withCluster(context, [&](Runner &runner) {
                return readers(context, runner, plainArgument(*name));
            });
        };
    });
}

} // namespace redrive::ctl
