#include "app/ctl/changing.h"
#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/offsetlooks.h"
#include "app/ctl/offsetsrun.h"
#include "core/offsets/planfile.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <utility>

namespace redrive::ctl {

namespace {

struct UndoOptions
{
    std::optional<std::string> journal;
    bool last = false;
};

/// All that one of these commands may be given.
struct Asked
{
    PlanOptions plan;
    ApplyingOptions applying;
    std::string file;
    UndoOptions undo;
};

int plan(Context &context, const PlanOptions &options, const ApplyingOptions &applyingOptions)
{
    const auto applying = readApplying(applyingOptions);
    if (!applying)
        return context.console.fail(applying.error());
    const auto request = readPlan(options, wallNow());
    if (!request)
        return context.console.fail(request.error());
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    if (applying->execute)
        if (auto may = mayChange(context, *profile, mutationOf(request->group, "reset")); !may)
            return context.console.fail(may.error());
    if (applying->whenEmpty && !applying->execute)
        context.console.warn("without --execute this only plans; nothing waits");
    return withGroupAdmin(context, *profile, [&](ChangeSession &session) {
        return planAndApply(session, *request, options.save, *applying);
    });
}

int apply(Context &context, const std::string &file, const ApplyingOptions &options)
{
    const auto applying = readApplying(options);
    if (!applying)
        return context.console.fail(applying.error());
    const auto plan = offsets::loadPlan(file);
    if (!plan)
        return context.console.fail(plan.error());
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    if (auto may = mayChange(context, *profile, mutationOf(plan->group, plan->action)); !may)
        return context.console.fail(may.error());
    return withGroupAdmin(context, *profile, [&](ChangeSession &session) {
        return applyPlan(session, *plan, *applying);
    });
}

/// The newest change that did something, or may have.
Result<store::JournalEntry> lastChange(const store::Journal &journal)
{
    const auto entries = journal.entries(std::nullopt);
    if (!entries)
        return entries.error();
    for (const store::JournalEntry &entry : *entries)
        if (entry.state != store::JournalState::Failed &&
            entry.action.rfind("session ", 0) != 0) // a running session's own
            return entry;
    return usageError("nothing has been changed from here that could be undone",
                      "looking for the last change");
}

Result<store::JournalEntry> chooseEntry(const std::string &clusterId, const UndoOptions &options)
{
    const auto journal = openExistingJournal(store::journalFile(journalDirectory(), clusterId));
    if (!journal)
        return journal.error();
    if (!*journal)
        return usageError("nothing has been changed on this cluster from here",
                          "looking for what is to be undone");
    if (!options.journal)
        return lastChange(**journal);
    auto entry = (*journal)->entry(*options.journal);
    if (!entry)
        return entry.error();
    if (!*entry)
        return usageError("there is no entry '" + *options.journal +
                              "' in the journal; 'redrivectl offsets journal' lists them",
                          "looking for what is to be undone");
    return std::move(**entry);
}

int undo(Context &context, const UndoOptions &options, const ApplyingOptions &applyingOptions)
{
    const auto applying = readApplying(applyingOptions);
    if (!applying)
        return context.console.fail(applying.error());
    if (options.journal && options.last)
        return context.console.fail(usageError("--last and an entry exclude each other"));
    const auto profile = chooseProfile(context.options);
    if (!profile)
        return context.console.fail(profile.error());
    // Whose name confirms it is only known once the journal was read; that nobody may is known now.
    const kafka::WriteGuard guard(kafka::effectivePolicy(profile->mode, profile->production));
    if (applying->execute && guard.policy().mode == kafka::AccessMode::ReadOnly)
        return context.console.fail(
            mayChange(context, *profile, {.action = "undo", .target = options.journal.value_or("")})
                .error());
    return withGroupAdmin(context, *profile, [&](ChangeSession &session) -> Result<int> {
        const auto entry = chooseEntry(session.clusterId, options);
        if (!entry)
            return entry.error();
        const auto request = offsets::undoOf(*entry);
        if (!request)
            return asContract(request.error());
        if (applying->execute)
            if (auto may = mayChange(context, *profile, mutationOf(request->group, "undo")); !may)
                return may.error();
        return planAndApply(session, *request, std::nullopt, *applying);
    });
}

void addPlanOptions(CLI::App &command, PlanOptions &asked)
{
    command
        .add_option("--topic", asked.topics,
                    "A topic, or some partitions of it: orders, orders:0,3; as often as needed")
        ->type_name("T[:P,...]")
        ->allow_extra_args(false);
    command.add_flag("--all-topics", asked.allTopics, "All that the group has committed to");
    command.add_flag("--create", asked.create, "The group may be made, where there is none");
    command.add_option("--save", asked.save, "Write the plan to this file, for 'offsets apply'")
        ->type_name("FILE");
}

void addTarget(CLI::App &command, PlanOptions &asked)
{
    command
        .add_option("--to", asked.to,
                    "earliest, latest, time:TIME, ago:15m, shift:-100, latest-minus:100, "
                    "offset:42, csv:FILE, group:OTHER, snapshot:FILE; TIME is RFC 3339 with a "
                    "zone, epoch milliseconds, or -15m")
        ->type_name("TARGET");
    command.add_flag("--delete", asked.deletes, "Delete the committed offsets");
}

void addGroup(CLI::App &command, PlanOptions &asked)
{
    command.add_option("GROUP", asked.group, "The group's name")->required()->type_name("");
}

void addReason(CLI::App &command, ApplyingOptions &asked)
{
    command.add_option("--reason", asked.reason, "Why, for the journal")->type_name("TEXT");
    command.add_flag("--even-if-moving", asked.evenIfMoving,
                     "Also where commits move though the group looks empty: consumers that assign "
                     "partitions by hand");
}

void addApplying(CLI::App &command, ApplyingOptions &asked)
{
    command.add_flag("--execute", asked.execute, "Do it; without, it is only planned");
    command.add_flag("--when-empty", asked.whenEmpty,
                     "Wait until nobody is in the group, plan anew, then do it");
    command.add_option("--expires", asked.expires, "Longest wait of --when-empty; default: 30m")
        ->type_name("DURATION");
    addReason(command, asked);
}

void addPlan(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<Asked>();
    CLI::App *command = addCommand(
        offsets, "plan", "What moving a group's offsets would do, partition by partition",
        "redrivectl --bootstrap localhost:9092 offsets plan billing --topic orders --to ago:2h");
    addGroup(*command, asked->plan);
    addPlanOptions(*command, asked->plan);
    addTarget(*command, asked->plan);
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) { return plan(context, asked->plan, {}); };
    });
}

void addReset(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<Asked>();
    CLI::App *command = addCommand(
        offsets, "reset", "Plan, and with --execute do it: check again, write, read back",
        "redrivectl --bootstrap localhost:9092 offsets reset billing --topic orders:0,3 "
        "--to time:2026-11-21T10:00:00Z --execute");
    addGroup(*command, asked->plan);
    addPlanOptions(*command, asked->plan);
    addTarget(*command, asked->plan);
    addApplying(*command, asked->applying);
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) { return plan(context, asked->plan, asked->applying); };
    });
}

void addCopy(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<Asked>();
    CLI::App *command = addCommand(
        offsets, "copy", "Put a group where another one is; with --execute do it",
        "redrivectl --bootstrap localhost:9092 offsets copy billing billing-v2 --all-topics "
        "--create --execute");
    command->add_option("FROM", asked->plan.from, "The group whose offsets are taken")
        ->required()
        ->type_name("");
    command->add_option("TO", asked->plan.group, "The group that is moved")
        ->required()
        ->type_name("");
    addPlanOptions(*command, asked->plan);
    addApplying(*command, asked->applying);
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) { return plan(context, asked->plan, asked->applying); };
    });
}

void addApply(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<Asked>();
    CLI::App *command = addCommand(
        offsets, "apply", "Do what a saved plan says, if the cluster is still as it assumes",
        "redrivectl --bootstrap localhost:9092 --yes offsets apply billing.plan.json");
    command->add_option("FILE", asked->file, "A plan, written by 'offsets plan --save'")
        ->required()
        ->type_name("");
    addReason(*command, asked->applying);
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) { return apply(context, asked->file, asked->applying); };
    });
}

void addUndo(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<Asked>();
    CLI::App *command =
        addCommand(offsets, "undo",
                   "Back to before a change: a plan through the same checks; with --execute do it",
                   "redrivectl --bootstrap localhost:9092 offsets undo j17 --execute");
    command->add_option("JOURNAL", asked->undo.journal, "The journal entry; default: the last one")
        ->type_name("");
    command->add_flag("--last", asked->undo.last, "The last change made from here");
    addApplying(*command, asked->applying);
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) { return undo(context, asked->undo, asked->applying); };
    });
}

} // namespace

void addOffsetsCommands(CLI::App &root, Command &chosen)
{
    CLI::App *offsets = addCommand(
        root, "offsets", "Move a group's offsets: plan, check, write, read back, undo",
        "redrivectl --bootstrap localhost:9092 offsets plan billing --topic orders --to earliest");
    offsets->require_subcommand(1);
    addPlan(*offsets, chosen);
    addApply(*offsets, chosen);
    addReset(*offsets, chosen);
    addUndo(*offsets, chosen);
    addCopy(*offsets, chosen);
    addOffsetLooks(*offsets, chosen);
}

} // namespace redrive::ctl
