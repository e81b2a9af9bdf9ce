#include "core/offsets/shell.h"
#include "core/offsets/tables.h"
#include "core/offsets/words.h"

#include <algorithm>
#include <map>
#include <set>

namespace redrive::offsets {

namespace {

using Rows = std::vector<const PlanRow *>;

Rows rowsWith(const Plan &plan, bool hasTarget)
{
    Rows rows;
    for (const PlanRow &row : plan.rows)
        if (!row.error && row.target.offset.has_value() == hasTarget)
            rows.push_back(&row);
    return rows;
}

/// ` --topic orders:0,3 --topic payments:1`
std::string topicArguments(const Rows &rows)
{
    std::map<std::string, std::string> lists;
    for (const PlanRow *row : rows) {
        std::string &list = lists[row->partition.topic];
        list += (list.empty() ? ":" : ",") + std::to_string(row->partition.partition);
    }
    std::string arguments;
    for (const auto &[topic, list] : lists)
        arguments += " --topic " + shellQuoted(topic + list);
    return arguments;
}

/// A value that begins with a dash would be taken for an option.
std::string option(const std::string &name, const std::string &value)
{
    return " --" + name + (value.starts_with('-') ? "=" : " ") + shellQuoted(value);
}

std::string csvOf(const Rows &rows)
{
    GroupOffsets offsets;
    for (const PlanRow *row : rows)
        offsets.offsets.push_back({.partition = row->partition,
                                   .offset = row->target.offset,
                                   .leaderEpoch = {},
                                   .metadata = {},
                                   .error = {}});
    return toCsv(offsets);
}

/// A table is put beside first: Kafka's tool reads its file twice, and ours asks on its input. It
/// is named after the plan, so that it is nobody else's.
struct TableFile
{
    std::string name;
    std::string makingIt;
};

TableFile tableFile(const Plan &plan, const Rows &rows)
{
    constexpr std::size_t enough = 12;
    const auto digits = plan.hash.find(':') + 1;
    const std::string name = shellQuoted("redrive-" + plan.hash.substr(digits, enough) + ".csv");
    return {.name = name, .makingIt = "cat > " + name + " " + hereDocument(csvOf(rows)) + "\n"};
}

bool isOneOffset(const Rows &rows)
{
    return std::all_of(rows.begin(), rows.end(), [&rows](const PlanRow *row) {
        return row->target.offset == rows.front()->target.offset;
    });
}

/// What Kafka's tool calls the same; none: it has no such word, and a table says it.
std::optional<std::string> kafkaTarget(const Plan &plan, const Rows &rows)
{
    if (std::holds_alternative<to::Earliest>(plan.target))
        return "--to-earliest";
    if (std::holds_alternative<to::Latest>(plan.target))
        return "--to-latest";
    if (const auto time = timeOf(plan.target, plan.created))
        return "--to-datetime " + toRfc3339(*time);
    if (const auto *shift = std::get_if<to::Shift>(&plan.target))
        return "--shift-by" + std::string(shift->by < 0 ? "=" : " ") + std::to_string(shift->by);
    if (std::holds_alternative<to::Exact>(plan.target) && isOneOffset(rows))
        return "--to-offset " + std::to_string(rows.front()->target.offset->value());
    return {};
}

std::string redriveTarget(const Plan &plan)
{
    if (const auto time = timeOf(plan.target, plan.created))
        return "time:" + toRfc3339(*time);
    return specOf(plan.target);
}

} // namespace

std::string asKafkaCommand(const Plan &plan, const std::string &bootstrap)
{
    const std::string tool = "kafka-consumer-groups" + option("bootstrap-server", bootstrap) +
                             option("group", plan.group.value());
    std::string commands;
    if (const Rows moved = rowsWith(plan, true); !moved.empty()) {
        const std::string reset = tool + " --reset-offsets";
        if (const auto target = kafkaTarget(plan, moved)) {
            commands = reset + topicArguments(moved) + " " + *target + " --execute";
        } else {
            const TableFile file = tableFile(plan, moved);
            commands = file.makingIt + reset + " --from-file " + file.name + " --execute";
        }
    }
    if (const Rows deleted = rowsWith(plan, false); !deleted.empty())
        commands +=
            (commands.empty() ? "" : "\n") + tool + " --delete-offsets" + topicArguments(deleted);
    return commands;
}

std::string asRedriveCommand(const Plan &plan, const std::string &connectionArguments)
{
    const std::string redrivectl =
        "redrivectl" + (connectionArguments.empty() ? "" : " " + connectionArguments) + " offsets ";
    if (const auto *undo = std::get_if<to::Undo>(&plan.target))
        return redrivectl + "undo " + shellQuoted(undo->journal) + " --execute";
    const Rows moved = rowsWith(plan, true);
    const Rows deleted = rowsWith(plan, false);
    if (moved.empty() && deleted.empty())
        return {};
    const std::string &group = plan.group.value();
    const std::string last = group.starts_with('-') ? " -- " + shellQuoted(group) : "";
    const std::string reset = redrivectl + "reset" + (last.empty() ? " " + shellQuoted(group) : "");
    const std::string create = plan.create ? " --create" : "";
    std::string commands;
    if (!moved.empty()) {
        const bool isTable = std::holds_alternative<to::Table>(plan.target);
        std::string target = isTable ? option("to", plan.spec) : option("to", redriveTarget(plan));
        if (isTable && !plan.spec.starts_with("csv:") && !plan.spec.starts_with("snapshot:")) {
            const TableFile file = tableFile(plan, moved);
            commands = file.makingIt;
            target = " --to csv:" + file.name;
        }
        commands += reset + topicArguments(moved) + target + create + " --execute" + last;
    }
    if (!deleted.empty())
        commands += (commands.empty() ? "" : "\n") + reset + topicArguments(deleted) +
                    " --delete --execute" + last;
    return commands;
}

} // namespace redrive::offsets
