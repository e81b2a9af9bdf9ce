#include "app/ctl/eventshapes.h"

#include "app/ctl/console.h"
#include "app/ctl/render.h"
#include "app/ctl/tables.h"
#include "core/base/text.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace redrive::ctl {

namespace {

namespace told = consumer::told;

double seconds(Millis duration)
{
    return static_cast<double>(duration.count()) / 1000;
}

JsonValue orNull(const std::optional<Offset> &offset)
{
    return offset ? JsonValue(offset->value()) : JsonValue();
}

JsonValue orNull(const std::string &text)
{
    return text.empty() ? JsonValue() : jsonText(text);
}

JsonValue toJson(const std::vector<TopicPartition> &partitions)
{
    JsonValue list = JsonValue::array();
    for (const TopicPartition &partition : partitions)
        list.push_back({{"topic", jsonText(partition.topic)}, {"partition", partition.partition}});
    return list;
}

void addPlace(JsonValue &object, const TopicPartition &partition,
              const std::optional<Offset> &offset)
{
    object["topic"] = jsonText(partition.topic);
    object["partition"] = partition.partition;
    if (offset)
        object["offset"] = offset->value();
}

void addPlace(JsonValue &object, const consumer::RecordAt &record)
{
    addPlace(object, record.partition, record.offset);
}

/// The keys of each kind of event, behind `event` and `time`. Answers its name.
struct Shape
{
    JsonValue &object;
    std::string raw{}; ///< a last key whose value is JSON already

    std::string_view operator()(const told::Assigned &assigned)
    {
        object["partitions"] = toJson(assigned.partitions);
        object["protocol"] = jsonText(assigned.protocol);
        return "assigned";
    }
    std::string_view operator()(const told::Revoked &revoked)
    {
        object["partitions"] = toJson(revoked.partitions);
        object["protocol"] = jsonText(revoked.protocol);
        return revoked.lost ? "lost" : "revoked";
    }
    std::string_view operator()(const told::Processed &processed)
    {
        addPlace(object, processed.record);
        object["event_id"] = orNull(processed.eventId);
        return "processed";
    }
    std::string_view operator()(const told::Retry &retry)
    {
        addPlace(object, retry.record);
        object["attempt"] = retry.attempt;
        object["delay_seconds"] = seconds(retry.delay);
        addFailure(retry.failure);
        return "retry";
    }
    std::string_view operator()(const told::DeadLettered &letter)
    {
        addPlace(object, letter.record);
        object["dlq_topic"] = jsonText(letter.topic);
        object["dlq_partition"] = letter.partition;
        object["dlq_offset"] = letter.offset.value();
        object["attempts"] = letter.attempts;
        addFailure(letter.failure);
        return "dead_lettered";
    }
    std::string_view operator()(const told::Skipped &skipped)
    {
        addPlace(object, skipped.record);
        object["reason"] = jsonText(skipped.reason);
        object["event_id"] = orNull(skipped.eventId);
        if (skipped.failure)
            addFailure(*skipped.failure);
        return "skipped";
    }
    std::string_view operator()(const told::Committed &committed)
    {
        JsonValue offsets = JsonValue::array();
        for (const Position &position : committed.positions) {
            JsonValue entry;
            addPlace(entry, position.partition, position.next);
            offsets.push_back(std::move(entry));
        }
        object["offsets"] = std::move(offsets);
        object["sync"] = committed.sync;
        object["error"] = committed.error ? jsonText(committed.error->message) : JsonValue();
        if (committed.error)
            object["code"] = orNull(committed.error->code);
        object["latency_seconds"] = seconds(committed.latency);
        return "committed";
    }
    std::string_view operator()(const told::Problem &problem)
    {
        object["code"] = orNull(problem.error.code);
        object["message"] = orNull(problem.error.message);
        object["fatal"] = problem.fatal;
        object["attempted"] = orNull(problem.error.attempted);
        if (problem.partition)
            addPlace(object, *problem.partition, problem.offset);
        if (problem.committed)
            object["committed"] = orNull(problem.committed);
        if (problem.logStart)
            object["log_start"] = orNull(problem.logStart);
        if (problem.lost)
            object["lost"] = *problem.lost;
        return "error";
    }
    std::string_view operator()(const told::Steered &steered)
    {
        addPlace(object, steered.partition, std::nullopt);
        object["action"] = steered.action;
        object["from"] = orNull(steered.from);
        object["to"] = orNull(steered.to);
        object["error"] = steered.error ? jsonText(steered.error->message) : JsonValue();
        return "steered";
    }
    std::string_view operator()(const told::Live &live)
    {
        addPlace(object, live.record);
        object["event_id"] = orNull(live.update.eventId);
        object["event_type"] = orNull(live.update.eventType);
        object["task_id"] = orNull(live.update.taskId);
        object["user_id"] = orNull(live.update.userId);
        raw = live.update.taskData.empty() ? "null" : live.update.taskData;
        // Between tokens only, since the text was checked to be JSON.
        std::replace_if(
            raw.begin(), raw.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
        return "update";
    }
    std::string_view operator()(const told::Stopped &stopped)
    {
        object["reason"] = jsonText(stopped.reason);
        object["processed"] = stopped.processed;
        object["dead_lettered"] = stopped.deadLettered;
        object["skipped"] = stopped.skipped;
        object["exit"] = stopped.exit;
        return "stopped";
    }

private:
    void addFailure(const consumer::Failure &failure)
    {
        object["stage"] = consumer::name(failure.stage);
        object["error"] = jsonText(failure.message);
        object["class"] = jsonText(failure.errorClass);
    }
};

std::string place(const TopicPartition &partition)
{
    return visible(partition.topic) + "/" + std::to_string(partition.partition);
}

std::string place(const consumer::RecordAt &record)
{
    return place(record.partition) + " offset " + std::to_string(record.offset.value());
}

std::string listed(const std::vector<TopicPartition> &partitions)
{
    std::string text;
    for (const TopicPartition &partition : partitions)
        text += (text.empty() ? "" : ", ") + place(partition);
    return text.empty() ? "no partition" : text;
}

std::string because(const consumer::Failure &failure)
{
    return std::string(consumer::name(failure.stage)) + ": " + visible(failure.message);
}

std::string count(std::uint64_t number)
{
    return grouped(static_cast<std::int64_t>(number));
}

struct Words
{
    std::string operator()(const told::Assigned &assigned) const
    {
        return "assigned " + listed(assigned.partitions) + " (" + visible(assigned.protocol) + ")";
    }
    std::string operator()(const told::Revoked &revoked) const
    {
        return (revoked.lost ? "lost " : "revoked ") + listed(revoked.partitions);
    }
    std::string operator()(const told::Processed &processed) const
    {
        return "processed " + place(processed.record);
    }
    std::string operator()(const told::Retry &retry) const
    {
        return "retry of " + place(retry.record) + " in " + humanDuration(retry.delay) +
               " after attempt " + std::to_string(retry.attempt) + ": " + because(retry.failure);
    }
    std::string operator()(const told::DeadLettered &letter) const
    {
        return "dead-lettered " + place(letter.record) + " to " +
               place(consumer::RecordAt{{letter.topic, letter.partition}, letter.offset}) +
               " after " + std::to_string(letter.attempts) +
               (letter.attempts == 1 ? " attempt: " : " attempts: ") + because(letter.failure);
    }
    std::string operator()(const told::Skipped &skipped) const
    {
        return "skipped " + place(skipped.record) + ": " + visible(skipped.reason) +
               (skipped.failure ? ", " + because(*skipped.failure) : "");
    }
    std::string operator()(const told::Committed &committed) const
    {
        std::string text = committed.isUnknown() ? "commit not answered"
                           : committed.error     ? "commit refused"
                                                 : "committed";
        for (const Position &position : committed.positions)
            text += " " + place(consumer::RecordAt{position.partition, position.next});
        return committed.error ? text + ": " + visible(describe(*committed.error)) : text;
    }
    std::string operator()(const told::Problem &problem) const
    {
        return (problem.fatal ? "fatal error: " : "error: ") + visible(describe(problem.error));
    }
    std::string operator()(const told::Steered &steered) const
    {
        return steered.action + " of " + place(steered.partition) +
               (steered.to ? " to " + std::to_string(steered.to->value()) : "") +
               (steered.error ? ": " + visible(describe(*steered.error)) : "");
    }
    std::string operator()(const told::Live &live) const
    {
        return visible(live.update.eventType) + " task " + visible(live.update.taskId) +
               " of user " + visible(live.update.userId) + " (" + place(live.record) + ")";
    }
    std::string operator()(const told::Stopped &stopped) const
    {
        return "stopped (" + visible(stopped.reason) + "): processed " + count(stopped.processed) +
               ", dead-lettered " + count(stopped.deadLettered) + ", skipped " +
               count(stopped.skipped);
    }
};

} // namespace

std::string eventLine(const consumer::SessionEvent &event)
{
    JsonValue object{{"event", nullptr}, {"time", toRfc3339(event.time)}};
    Shape shape{object};
    object["event"] = std::visit(shape, event.what);
    std::string line = renderObject(object, false);
    if (!shape.raw.empty())
        line.replace(line.rfind('}'), std::string::npos, ",\"task_data\":" + shape.raw + "}\n");
    return line;
}

std::string eventText(const consumer::SessionEvent &event, bool local)
{
    return clockText(event.time, local) + "  " + std::visit(Words{}, event.what) + "\n";
}

} // namespace redrive::ctl
