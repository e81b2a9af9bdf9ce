#include "app/ctl/changeshapes.h"

#include "app/ctl/jsonparts.h"
#include "core/offsets/planfile.h"

namespace redrive::ctl {

const std::vector<std::string> planRowKeys{
    "topic",   "partition", "current",    "target",    "log_start", "log_end", "again",
    "skipped", "lost",      "first_time", "last_time", "next",      "notes",   "error"};
const std::vector<std::string> outcomeKeys{"journal", "plan", "group", "rows", "state", "error"};
const std::vector<std::string> outcomeRowKeys{"topic", "partition", "before", "requested",
                                              "after", "outcome",   "error"};
const std::vector<std::string> journalKeys{"journal", "time", "user",  "reason", "group",
                                           "action",  "plan", "state", "rows",   "undoes"};
const std::vector<std::string> auditKeys{"seq",    "time",   "user", "action",
                                         "target", "detail", "hash"};

namespace {

/// Bytes of a record: `{"text": …}`, `{"base64": …}`, null.
JsonValue bytesJson(const std::optional<std::string> &bytes)
{
    if (!bytes)
        return {};
    JsonValue json = jsonBytes(*bytes);
    return json.is_string() ? JsonValue{{"text", std::move(json)}} : json;
}

JsonValue nextJson(const std::optional<kafka::RecordGlance> &next)
{
    if (!next)
        return {};
    return JsonValue{{"offset", next->offset.value()},
                     {"time", orNull(next->time)},
                     {"key", bytesJson(next->key)},
                     {"value", bytesJson(next->value)},
                     {"value_size", next->valueSize}};
}

JsonValue texts(const std::vector<std::string> &list)
{
    JsonValue array = JsonValue::array();
    for (const std::string &text : list)
        array.push_back(jsonText(text));
    return array;
}

JsonValue rowsJson(const std::vector<store::JournalRow> &rows)
{
    JsonValue array = JsonValue::array();
    for (const store::JournalRow &row : rows)
        array.push_back(outcomeRowJson(row));
    return array;
}

} // namespace

JsonValue planRowJson(const offsets::PlanRow &row)
{
    return JsonValue{{"topic", jsonText(row.partition.topic)},
                     {"partition", row.partition.partition},
                     {"current", orNull(row.current.offset)},
                     {"target", row.error ? JsonValue() : orNull(row.target.offset)},
                     {"log_start", orNull(row.logStart)},
                     {"log_end", orNull(row.logEnd)},
                     {"again", orNull(row.again)},
                     {"skipped", orNull(row.skipped)},
                     {"lost", orNull(row.lost)},
                     {"first_time", orNull(row.firstTime)},
                     {"last_time", orNull(row.lastTime)},
                     {"next", nextJson(row.next)},
                     {"notes", texts(row.notes)},
                     {"error", orNull(row.error)}};
}

JsonValue planJson(const offsets::Plan &plan, const std::string &command,
                   const std::string &redrive, const std::optional<Error> &error)
{
    JsonValue json = JsonValue::parse(offsets::toJson(plan));
    json["command"] = command.empty() ? JsonValue() : jsonText(command);
    json["redrive"] = redrive.empty() ? JsonValue() : jsonText(redrive);
    if (error)
        json["error"] = toJson(*error);
    return json;
}

JsonValue outcomeRowJson(const store::JournalRow &row)
{
    return JsonValue{{"topic", jsonText(row.partition.topic)},
                     {"partition", row.partition.partition},
                     {"before", orNull(row.before)},
                     {"requested", orNull(row.requested)},
                     {"after", orNull(row.after)},
                     {"outcome", row.outcome ? JsonValue(name(*row.outcome)) : JsonValue()},
                     {"error", orNull(row.error)}};
}

JsonValue outcomeJson(const offsets::Applied &applied)
{
    return JsonValue{{"journal", applied.journal},
                     {"plan", applied.plan.empty() ? JsonValue() : JsonValue(applied.plan)},
                     {"group", jsonText(applied.group.value())},
                     {"rows", rowsJson(applied.rows)},
                     {"state", name(applied.state)},
                     {"error", orNull(applied.notRecorded)}};
}

JsonValue journalJson(const store::JournalEntry &entry)
{
    return JsonValue{{"journal", entry.id},
                     {"time", toRfc3339(entry.time)},
                     {"user", jsonText(entry.user)},
                     {"reason", entry.reason.empty() ? JsonValue() : jsonText(entry.reason)},
                     {"group", jsonText(entry.group.value())},
                     {"action", jsonText(entry.action)},
                     {"plan", orNull(entry.plan)},
                     {"state", name(entry.state)},
                     {"rows", rowsJson(entry.rows)},
                     {"undoes", orNull(entry.undoes)}};
}

JsonValue auditJson(const store::AuditLine &line)
{
    return JsonValue{{"seq", line.seq},
                     {"time", line.entry.time},
                     {"user", jsonText(line.entry.user)},
                     {"action", jsonText(line.entry.action)},
                     {"target", jsonText(line.entry.target)},
                     {"detail", jsonText(line.entry.detail)},
                     {"hash", line.hash}};
}

} // namespace redrive::ctl
