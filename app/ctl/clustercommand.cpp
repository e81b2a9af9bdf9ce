#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/shapes.h"
#include "app/ctl/survey.h"
#include "app/ctl/tables.h"

#include <CLI/CLI.hpp>
#include <utility>

namespace redrive::ctl {

namespace {

Result<int> show(Context &context, Runner &runner)
{
    Answer<Result<ClusterInfo>> info;
    Answer<Result<std::vector<TopicInfo>>> topics;
    Answer<Result<kafka::GroupListings>> groups;
    const Millis timeout = runner.requestTimeout();
    monitor::SurveyOptions options = runner.surveyOptions();
    options.timeout = timeout;
    context.console.progress("asking the cluster", 0, 0);
    runner.client().describeCluster(timeout, info.slot());
    runner.client().listTopics(timeout, topics.slot());
    monitor::surveyListing(runner.client(), options, groups.slot());
    const auto waited =
        runner.waitFor([&] { return info.here() && topics.here() && groups.here(); });
    if (!waited)
        return waited.error();
    if (!info.value())
        return info.value().error();
    runner.noteAnswer();

    ClusterOverview cluster;
    cluster.info = std::move(*info.value());
    cluster.librdkafka = kafka::libraryVersion();
    if (topics.value())
        cluster.topics = topics.value()->size();
    else
        cluster.errors.push_back(topics.value().error());
    if (groups.value() && groups.value()->errors.empty())
        cluster.groups = groups.value()->groups.size();
    else if (groups.value())
        cluster.errors.insert(cluster.errors.end(), groups.value()->errors.begin(),
                              groups.value()->errors.end());
    else
        cluster.errors.push_back(groups.value().error());

    Console &console = context.console;
    if (context.settings.format == Format::Table)
        console.print(clusterTable(cluster, lookOf(context)));
    else
        console.printObject(clusterKeys, toJson(cluster));
    for (const Error &error : cluster.errors)
        console.complain(error);
    return cluster.errors.empty() ? exitcode::done : exitcode::failed;
}

} // namespace

void addClusterCommand(CLI::App &root, Command &chosen)
{
    CLI::App *command =
        addCommand(root, "cluster", "The cluster: id, brokers, number of topics and groups",
                   "redrivectl --bootstrap localhost:9092 cluster");
    command->callback([&chosen] {
        chosen = [](Context &context) {
            return withCluster(context, [&](Runner &runner) { return show(context, runner); });
        };
    });
}

} // namespace redrive::ctl
