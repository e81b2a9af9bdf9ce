#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/interrupt.h"
#include "app/ctl/produceoptions.h"
#include "app/ctl/producerun.h"
#include "core/base/text.h"
#include "core/kafka/connectiontest.h"
#include "core/kafka/recordwriter.h"

#include <CLI/CLI.hpp>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace redrive::ctl {

namespace {

constexpr Millis slice{50};

bool isInterrupted()
{
    return interruptSignal() != 0;
}

/// Whether the topic is there: nothing is sent to one that is not. Given up on a signal.
Result<std::int32_t> lookForTopic(const kafka::ConnectionSettings &connection,
                                  const std::string &topic, Millis timeout)
{
    std::stop_source stop;
    auto answer = std::async(std::launch::async, [&, token = stop.get_token()] {
        return kafka::partitionCount(connection, topic, timeout, token);
    });
    while (answer.wait_for(slice) != std::future_status::ready) {
        if (isInterrupted())
            stop.request_stop();
    }
    auto count = answer.get();
    if (count)
        return count;
    Error error = count.error();
    error.attempted = "producing to topic " + topic;
    if (exitCode(error) == exitcode::unreachable)
        error.attempted += " at " + connection.bootstrap;
    return error;
}

int exitOf(const ProduceResult &result)
{
    if (result.sourceError)
        return exitcode::failed;
    if (result.failed == 0)
        return isInterrupted() ? 128 + interruptSignal() : exitcode::done;
    for (const auto &[code, refusal] : result.refusals) {
        if (result.acknowledged == 0 && exitCode(refusal.error) == exitcode::unreachable)
            return exitcode::unreachable;
    }
    return exitcode::failed;
}

int report(Context &context, const ProduceResult &result)
{
    Console &console = context.console;
    console.clearProgress();
    JsonValue object{
        {"sent", result.sent}, {"acknowledged", result.acknowledged}, {"failed", result.failed}};
    std::vector<std::string> keys{"sent", "acknowledged", "failed"};
    if (!result.refusals.empty()) {
        keys.emplace_back("errors");
        object["errors"] = JsonValue::array();
        for (const auto &[code, refusal] : result.refusals) {
            JsonValue entry = toJson(refusal.error);
            entry["count"] = refusal.count;
            object["errors"].push_back(std::move(entry));
        }
    }
    console.printObject(keys, object);
    for (const auto &[code, refusal] : result.refusals)
        console.complain(refusal.error);
    if (result.sourceError)
        console.complain(*result.sourceError);
    return exitOf(result);
}

int produce(Context &context, ProduceOptions options)
{
    options.topic = plainArgument(std::move(options.topic));
    auto request = readProduce(options, wallNow());
    if (!request)
        return context.console.fail(request.error());
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    const auto connection = workspace::resolve(*profile);
    if (!connection)
        return context.console.fail(connection.error());
    const auto fail = [&](const Error &error) {
        return context.console.fail(error, kafka::advise(error, *connection));
    };
    // Whoever names the topic has consented: only a read-only profile refuses.
    const auto permit =
        kafka::WriteGuard(kafka::effectivePolicy(profile->mode, profile->production))
            .authorise({.action = "produce", .target = request->topic},
                       {.yes = true, .typedName = request->topic});
    if (!permit)
        return fail(permit.error());
    for (const std::string &weakness : kafka::weaknesses(*connection))
        context.console.warn("warning: " + weakness);
    if (const auto found = lookForTopic(*connection, request->topic, context.settings.timeout);
        !found)
        return fail(found.error());
    const auto writer =
        kafka::openWriter(*connection, {.deliveryTimeout = context.settings.timeout}, *permit);
    if (!writer)
        return fail(writer.error());
    const auto total = request->from->total();
    const auto result =
        produceAll(std::move(*request), **writer, isInterrupted, [&](std::uint64_t acknowledged) {
            context.console.progress("acknowledged", acknowledged, total.value_or(0));
        });
    return report(context, result);
}

} // namespace

void addProduceCommand(CLI::App &root, Command &chosen)
{
    auto asked = std::make_shared<ProduceOptions>();
    CLI::App *command = addCommand(
        root, "produce",
        "Write records, each acknowledged by all replicas before it is counted. Without --file, "
        "--lines or --event, lines are read from standard input",
        "redrivectl --bootstrap localhost:9092 produce orders --event order --count 1000 "
        "--rate 100/s");
    command->add_option("TOPIC", asked->topic, "The topic to write to")->required()->type_name("");
    command->add_option("--key", asked->key, "Key of every record")->type_name("K");
    command
        ->add_option("--header", asked->headers,
                     "A header of every record, in this order; the value may be empty")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false);
    command->add_option("--file", asked->file, "A file that is one value; - is standard input")
        ->type_name("FILE");
    command
        ->add_option("--lines", asked->lines,
                     "A file of which each line is one value; - is standard input")
        ->type_name("FILE");
    command
        ->add_option("--key-delimiter", asked->keyDelimiter,
                     "What stands between key and value of a line")
        ->type_name("D");
    command->add_option("--event", asked->event, "Sample events, keyed by their user")
        ->type_name("order|task|reminder");
    command->add_option("--count", asked->count, "How many events; default: 1")->type_name("N");
    command->add_option("--rate", asked->rate, "At most so many records a second")
        ->type_name("N/s");
    command->add_option("--users", asked->users, "Of how many users; default: 50")->type_name("N");
    command->add_option("--seed", asked->seed, "Fixes ids, users and amounts; default: 1")
        ->type_name("N");
    command->add_option("--bad", asked->bad, "Every 100th record is malformed, in turn")
        ->type_name("1/N");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) { return produce(context, *asked); };
    });
}

} // namespace redrive::ctl
