#include "app/ctl/commands.h"
#include "app/ctl/consumeoptions.h"
#include "app/ctl/consumerun.h"
#include "app/ctl/exitcode.h"
#include "core/kafka/connection.h"
#include "core/kafka/connectiontest.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

namespace redrive::ctl {

namespace {

int consume(Context context, ConsumeOptions options, bool formatGiven)
{
    const auto request = readConsume(options);
    if (!request)
        return context.console.fail(request.error());
    if (context.settings.format == Format::Csv)
        return context.console.fail(
            usageError("--output csv: events differ in their columns; take ndjson"));
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    const auto connection = workspace::resolve(*profile);
    if (!connection)
        return context.console.fail(connection.error());
    // Whatever follows is told in the stream, and that is NDJSON unless somebody said otherwise.
    if (!formatGiven)
        context.settings.format = Format::Ndjson;
    context.console.setFormat(context.settings.format);
    for (const std::string &weakness : kafka::weaknesses(*connection))
        context.console.warn("warning: " + weakness);
    auto host = run::SessionHost::open(*profile, {}, *request);
    if (!host)
        return context.console.fail(host.error(), kafka::advise(host.error(), *connection));
    if (const auto address = (*host)->healthAddress(); address && request->health->port == 0)
        context.console.warn("health on http://" + address->host + ":" +
                             std::to_string(address->port));
    return ConsumeRun(context, std::move(*host), options.createDlq).run();
}

void addHandling(CLI::App &command, ConsumeOptions &asked)
{
    command
        .add_option("--handler", asked.handler,
                    "What is done with records: inspect (any bytes, no effect) or one of the typed "
                    "handlers; default: inspect")
        ->type_name("inspect|orders|audit|notifications|recurring|live|stats");
    command
        .add_option("--db", asked.database,
                    "SQLite file of orders, audit, notifications, recurring and stats")
        ->type_name("FILE");
    command
        .add_option("--dedupe", asked.dedupe,
                    "By what a record is known to have been processed; default: event_id")
        ->type_name("event_id|origin|none");
    command
        .add_option("--unknown-fields", asked.unknownFields,
                    "Fields that no message has; default: ignore")
        ->type_name("ignore|refuse");
    command.add_option("--max-value", asked.maxValue, "Largest value decoded; default: 4MiB")
        ->type_name("SIZE");
    command
        .add_option("--fault", asked.fault,
                    "Fail on purpose: fail:1/100,delay:50ms,throw:1/1000,crash:1/5000, rolled for "
                    "each attempt")
        ->type_name("FAULT,...");
}

void addDelivery(CLI::App &command, ConsumeOptions &asked)
{
    command
        .add_option("--commit", asked.commit,
                    "When what is processed is committed: auto, sync, async, batch:N or "
                    "every:DURATION; all at least once, auto too, since it stores offsets after "
                    "processing; default: every:1s")
        ->type_name("STRATEGY");
    command
        .add_option("--reset", asked.reset,
                    "Where to begin without a commit; error stops instead; default: earliest")
        ->type_name("earliest|latest|error");
    command.add_option("--workers", asked.workers, "Threads that handle records; default: 2")
        ->type_name("N");
    command
        .add_option("--order", asked.order,
                    "What stays in order: a partition, or a key; default: partition")
        ->type_name("partition|key");
    command.add_option("--retries", asked.retries, "Tries after the first one failed; default: 3")
        ->type_name("N");
    command
        .add_option("--backoff", asked.backoff,
                    "Wait before the first retry, and the longest; default: 100ms:10s")
        ->type_name("FIRST:LONGEST");
    command
        .add_option("--dlq", asked.dlq,
                    "Dead-letter topic: a suffix to the origin's name, topic:NAME, or none; "
                    "default: .dlq")
        ->type_name("SUFFIX|topic:NAME|none");
    command.add_flag("--create-dlq", asked.createDlq, "Create dead-letter topics that are missing");
    command
        .add_option("--on-poison", asked.onPoison,
                    "What becomes of a record that cannot be processed; default: dlq")
        ->type_name("dlq|skip|stop");
}

void addLife(CLI::App &command, ConsumeOptions &asked)
{
    command.add_flag("--until-end", asked.untilEnd, "Stop where each partition ended at the start");
    command.add_option("--max", asked.most, "Stop after so many records")->type_name("N");
    command
        .add_option("--drain", asked.drain,
                    "Longest wait for handlers when asked to stop; default: 10s")
        ->type_name("DURATION");
    command.add_option("--instance-id", asked.instanceId, "Static membership under this id")
        ->type_name("ID");
    command
        .add_option("--events", asked.events,
                    "Which events are printed; all adds one for each record; default: changes")
        ->type_name("changes|all");
    command
        .add_option("--health-port", asked.healthPort,
                    "Serve /livez, /readyz and /metrics here; 0: any free port, told on stderr")
        ->type_name("PORT");
    command
        .add_option("--health-address", asked.healthAddress,
                    "Address of --health-port; default: 127.0.0.1")
        ->type_name("IP");
    command
        .add_option("--stuck-after", asked.stuckAfter,
                    "A record unfinished for longer makes /readyz say 503; default: 60s")
        ->type_name("DURATION");
    command.add_option("--otlp", asked.otlp, "Send spans to this collector by OTLP over HTTP")
        ->type_name("URL");
}

} // namespace

void addConsumeCommand(CLI::App &root, Command &chosen)
{
    auto asked = std::make_shared<ConsumeOptions>();
    CLI::App *command = addCommand(
        root, "consume",
        "Run a consumer: at least once, effects once; events as NDJSON on stdout. SIGINT or "
        "SIGTERM: finish what is under way, commit, leave the group, exit 0",
        "redrivectl --bootstrap localhost:9092 consume --group billing --topics orders "
        "--handler orders --db orders.db");
    command->add_option("--group", asked->group, "The consumer group")
        ->required()
        ->type_name("NAME");
    command->add_option("--topics", asked->topics, "The topics to read")
        ->required()
        ->type_name("A,B,...")
        ->allow_extra_args(false);
    addHandling(*command, *asked);
    addDelivery(*command, *asked);
    addLife(*command, *asked);
    command->callback([asked, &root, &chosen] {
        const bool formatGiven = root.get_option("--output")->count() > 0;
        chosen = [asked, formatGiven](Context &context) {
            return consume(context, *asked, formatGiven);
        };
    });
}

} // namespace redrive::ctl
