#include "app/ctl/changeshapes.h"
#include "app/ctl/changetables.h"
#include "app/ctl/commands.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/offsetlooks.h"
#include "app/ctl/survey.h"
#include "core/base/text.h"
#include "core/offsets/tables.h"

#include <CLI/CLI.hpp>
#include <memory>
#include <utility>

namespace redrive::ctl {

namespace {

struct AuditOptions
{
    bool verify = false;
    std::optional<std::string> file;
};

Result<std::vector<store::AuditLine>> readAll(const store::Journal *journal)
{
    constexpr std::size_t page = 10'000;
    std::vector<store::AuditLine> lines;
    while (journal != nullptr) {
        auto more = journal->audit(lines.empty() ? 1 : lines.back().seq + 1, page);
        if (!more)
            return more.error();
        lines.insert(lines.end(), more->begin(), more->end());
        if (more->size() < page)
            break;
    }
    return lines;
}

std::string linesInWords(std::int64_t lines)
{
    return grouped(lines) + (lines == 1 ? " line" : " lines");
}

Result<int> writeAll(Context &context, const store::Journal *journal, const std::string &file)
{
    const auto lines = readAll(journal);
    if (!lines)
        return lines.error();
    std::string text;
    for (const store::AuditLine &line : *lines)
        text += renderNdjson({auditJson(line)});
    if (auto written = offsets::writeFile(file, text); !written)
        return written.error();
    const auto count = static_cast<std::int64_t>(lines->size());
    if (context.console.format() == Format::Table)
        context.console.print("Wrote " + linesInWords(count) + " to " + visible(file) + ".\n");
    else
        context.console.printObject({"file", "lines"},
                                    JsonValue{{"file", jsonText(file)}, {"lines", count}});
    return exitcode::done;
}

Result<int> verify(Context &context, const store::Journal *journal)
{
    store::AuditCheck check;
    if (journal != nullptr) {
        const auto checked = journal->verify();
        if (!checked)
            return checked.error();
        check = *checked;
    }
    std::optional<Error> broken;
    if (check.brokenAt)
        broken = Error{.kind = Error::Kind::Internal,
                       .code = "AUDIT_BROKEN",
                       .message = "line " + std::to_string(*check.brokenAt) +
                                  " does not chain: it, or what was before it, was changed, "
                                  "removed or reordered",
                       .attempted = "verifying the audit log",
                       .retriable = false};
    Console &console = context.console;
    if (console.format() != Format::Table)
        console.printObject(
            {"lines", "broken_at", "error"},
            JsonValue{{"lines", check.lines},
                      {"broken_at", check.brokenAt ? JsonValue(*check.brokenAt) : JsonValue()},
                      {"error", broken ? toJson(*broken) : JsonValue()}});
    else if (!broken)
        console.print(linesInWords(check.lines) +
                      (check.lines == 1 ? ", which chains.\n" : ", all of which chain.\n"));
    if (broken)
        console.complain(*broken);
    return broken ? exitcode::failed : exitcode::done;
}

Result<int> show(Context &context, const store::Journal *journal)
{
    const auto lines = readAll(journal);
    if (!lines)
        return lines.error();
    if (context.console.format() == Format::Table) {
        context.console.print(auditTable(*lines, lookOf(context)));
        return exitcode::done;
    }
    std::vector<JsonValue> objects;
    objects.reserve(lines->size());
    for (const store::AuditLine &line : *lines)
        objects.push_back(auditJson(line));
    context.console.printList(auditKeys, objects);
    return exitcode::done;
}

Result<int> audit(Context &context, const store::Journal *journal, const AuditOptions &asked)
{
    if (!asked.file)
        return asked.verify ? verify(context, journal) : show(context, journal);
    const auto written = writeAll(context, journal, *asked.file);
    return written && asked.verify ? verify(context, journal) : written;
}

} // namespace

void addAuditCommand(CLI::App &root, Command &chosen)
{
    auto asked = std::make_shared<AuditOptions>();
    CLI::App *command = addCommand(
        root, "audit", "The record of every change made from here, each line chained to the last",
        "redrivectl --bootstrap localhost:9092 audit --verify");
    command->add_flag("--verify", asked->verify,
                      "Check the chain; exits 1 at the first line that was changed");
    command->add_option("--export", asked->file, "Write all lines to this file, as NDJSON")
        ->type_name("FILE");
    command->callback([asked, &chosen] {
        chosen = [asked](Context &context) {
            return withJournal(context, [&](const store::Journal *journal, ChangeSession *) {
                return audit(context, journal, *asked);
            });
        };
    });
}

} // namespace redrive::ctl
