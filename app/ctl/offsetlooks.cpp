#include "app/ctl/offsetlooks.h"

#include "app/ctl/changeshapes.h"
#include "app/ctl/changetables.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/survey.h"
#include "core/base/text.h"
#include "core/offsets/apply.h"
#include "core/offsets/tables.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

namespace redrive::ctl {

namespace {

std::vector<std::filesystem::path> journalFiles()
{
    std::vector<std::filesystem::path> files;
    std::error_code problem;
    for (const auto &entry : std::filesystem::directory_iterator(journalDirectory(), problem))
        if (entry.path().extension() == ".db")
            files.push_back(entry.path());
    return files;
}

/// The journal to look at without a cluster; `why` there is none.
Result<std::filesystem::path> onlyJournal(Console &console, const Error &why)
{
    const auto files = journalFiles();
    if (files.size() != 1)
        return why;
    console.warn(describe(why));
    console.warn("looking into the only journal that is here: " + files.front().string());
    return files.front();
}

int withoutCluster(Context &context, const Error &why,
                   const std::function<Result<int>(const store::Journal *, ChangeSession *)> &work)
{
    const auto file = onlyJournal(context.console, why);
    if (!file)
        return context.console.fail(file.error());
    const auto journal = openExistingJournal(*file);
    if (!journal)
        return context.console.fail(journal.error());
    const auto exit = work(journal->get(), nullptr);
    return exit ? *exit : context.console.fail(exit.error());
}

bool isOpen(const store::JournalEntry &entry)
{
    return entry.state == store::JournalState::Begun ||
           std::any_of(entry.rows.begin(), entry.rows.end(), [](const store::JournalRow &row) {
               return row.outcome == store::JournalOutcome::Unknown;
           });
}

/// What ended without a result, by what the groups have committed now. Where they cannot be asked,
/// it is unknown.
Result<void> settleOpen(ChangeSession *session, std::vector<store::JournalEntry> &entries)
{
    std::map<GroupId, Answer<GroupOffsets>> answers;
    for (const store::JournalEntry &entry : entries)
        if (session != nullptr && isOpen(entry))
            answers.try_emplace(entry.group);
    for (auto &[group, answer] : answers)
        session->admin.committedOffsets(group, session->requestTimeout(), answer.slot());
    for (auto &[group, answer] : answers)
        if (auto waited = session->runner.waitFor(answer); !waited)
            return waited;
    for (store::JournalEntry &entry : entries) {
        if (!isOpen(entry))
            continue;
        const auto now = answers.find(entry.group);
        if (now != answers.end() && !now->second.value().error)
            entry.rows = offsets::settle(entry, now->second.value());
        for (store::JournalRow &row : entry.rows)
            if (!row.outcome)
                row.outcome = store::JournalOutcome::Unknown;
    }
    return {};
}

Result<int> showJournal(Context &context, const store::Journal *journal, ChangeSession *session,
                        const std::optional<GroupId> &group)
{
    std::vector<store::JournalEntry> entries;
    if (journal != nullptr) {
        auto read = journal->entries(group);
        if (!read)
            return read.error();
        entries = std::move(*read);
    }
    if (auto settled = settleOpen(session, entries); !settled)
        return settled.error();
    Console &console = context.console;
    if (console.format() == Format::Table) {
        console.print(journalTable(entries, lookOf(context)));
        return exitcode::done;
    }
    std::vector<JsonValue> objects;
    objects.reserve(entries.size());
    for (const store::JournalEntry &entry : entries)
        objects.push_back(journalJson(entry));
    console.printList(journalKeys, objects);
    return exitcode::done;
}

/// What a group has committed; a group that does not exist is an error.
Result<GroupOffsets> readCommits(Context &context, Runner &runner, const GroupId &group)
{
    auto reading = readGroups(context, runner, {group});
    if (!reading)
        return reading.error();
    const GroupDescription &description = reading->descriptions.front();
    GroupOffsets &commits = reading->commits.front();
    if (description.error && description.error->code == "GROUP_ID_NOT_FOUND")
        return *description.error;
    if (commits.error)
        return *commits.error;
    return std::move(commits);
}

int complainOfParts(Console &console, const GroupOffsets &commits)
{
    int exit = exitcode::done;
    for (const CommittedOffset &commit : commits.offsets)
        if (commit.error) {
            console.complain(*commit.error);
            exit = exitcode::failed;
        }
    return exit;
}

Result<int> exportOffsets(Context &context, Runner &runner, const GroupId &group)
{
    const auto commits = readCommits(context, runner, group);
    if (!commits)
        return commits.error();
    Console &console = context.console;
    if (console.format() == Format::Table || console.format() == Format::Csv) {
        console.print(offsets::toCsv(*commits));
    } else {
        std::vector<JsonValue> objects;
        for (const CommittedOffset &commit : commits->offsets)
            if (commit.offset)
                objects.push_back(JsonValue{{"topic", jsonText(commit.partition.topic)},
                                            {"partition", commit.partition.partition},
                                            {"offset", commit.offset->value()}});
        console.printList({"topic", "partition", "offset"}, objects);
    }
    return complainOfParts(console, *commits);
}

Result<int> takeSnapshot(ChangeSession &session, const GroupId &group, const std::string &file)
{
    const auto commits = readCommits(session.context, session.runner, group);
    if (!commits)
        return commits.error();
    offsets::OffsetsSnapshot snapshot{
        .clusterId = session.clusterId, .group = group, .time = commits->readAt, .commits = {}};
    for (const CommittedOffset &commit : commits->offsets)
        if (commit.offset)
            snapshot.commits[commit.partition] = {.offset = commit.offset,
                                                  .leaderEpoch = commit.leaderEpoch,
                                                  .metadata = commit.metadata};
    if (const int exit = complainOfParts(session.console(), *commits); exit != exitcode::done)
        return exit;
    if (auto written = offsets::writeFile(file, offsets::toJson(snapshot)); !written)
        return written.error();
    Console &console = session.console();
    if (console.format() == Format::Table)
        console.print("Wrote " + grouped(static_cast<std::int64_t>(snapshot.commits.size())) +
                      (snapshot.commits.size() == 1 ? " offset" : " offsets") + " of group " +
                      visible(group.value()) + " to " + visible(file) + ".\n");
    else
        console.printObject({"snapshot", "group", "partitions", "time"},
                            JsonValue{{"snapshot", jsonText(file)},
                                      {"group", jsonText(group.value())},
                                      {"partitions", snapshot.commits.size()},
                                      {"time", toRfc3339(snapshot.time)}});
    return exitcode::done;
}

void addJournal(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<std::optional<std::string>>();
    CLI::App *command =
        addCommand(offsets, "journal", "What was changed from here, newest first",
                   "redrivectl --bootstrap localhost:9092 offsets journal --group billing");
    command->add_option("--group", *asked, "Only changes of this group")->type_name("GROUP");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            std::optional<GroupId> group;
            if (*asked)
                group = GroupId(**asked);
            return withJournal(context, [&](const store::Journal *journal, ChangeSession *session) {
                return showJournal(context, journal, session, group);
            });
        };
    });
}

void addSnapshot(CLI::App &offsets, Command &chosen)
{
    struct Asked
    {
        std::string group;
        std::string file;
    };
    auto asked = std::make_shared<Asked>();
    CLI::App *command = addCommand(
        offsets, "snapshot", "Keep a group's offsets in a file, to go back to: --to snapshot:FILE",
        "redrivectl --bootstrap localhost:9092 offsets snapshot billing --save billing.json");
    command->add_option("GROUP", asked->group, "The group's name")->required()->type_name("");
    command->add_option("--save", asked->file, "The file to write")->required()->type_name("FILE");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            const auto group = readGroup(asked->group);
            if (!group)
                return context.console.fail(group.error());
            const auto profile = chooseProfile(context.options);
            if (!profile)
                return context.console.fail(profile.error());
            return withGroupAdmin(context, *profile, [&](ChangeSession &session) {
                return takeSnapshot(session, *group, asked->file);
            });
        };
    });
}

void addExport(CLI::App &offsets, Command &chosen)
{
    auto asked = std::make_shared<std::string>();
    CLI::App *command =
        addCommand(offsets, "export", "A group's offsets as CSV: topic,partition,offset",
                   "redrivectl --bootstrap localhost:9092 offsets export billing > billing.csv");
    command->add_option("GROUP", *asked, "The group's name")->required()->type_name("");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            const auto group = readGroup(*asked);
            if (!group)
                return context.console.fail(group.error());
            return withCluster(
                context, [&](Runner &runner) { return exportOffsets(context, runner, *group); });
        };
    });
}

} // namespace

int withJournal(
    Context &context,
    const std::function<Result<int>(const store::Journal *journal, ChangeSession *session)> &work)
{
    const auto profile = chooseProfile(context.options);
    if (!profile && (context.options.profile || context.options.bootstrap))
        return context.console.fail(profile.error());
    if (!profile)
        return withoutCluster(context, profile.error(), work);
    return withGroupAdmin(
        context, *profile,
        [&](ChangeSession &session) -> Result<int> {
            const auto journal =
                openExistingJournal(store::journalFile(journalDirectory(), session.clusterId));
            if (!journal)
                return journal.error();
            return work(journal->get(), &session);
        },
        [&](const Error &error) { return withoutCluster(context, error, work); });
}

void addOffsetLooks(CLI::App &offsets, Command &chosen)
{
    addJournal(offsets, chosen);
    addSnapshot(offsets, chosen);
    addExport(offsets, chosen);
}

} // namespace redrive::ctl
