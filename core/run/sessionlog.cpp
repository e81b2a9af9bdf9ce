#include "core/run/sessionlog.h"

#include "core/telemetry/logging.h"

#include <string>
#include <variant>
#include <vector>

namespace redrive::run {

namespace {

namespace told = consumer::told;
using telemetry::Level;

struct Line
{
    const GroupId &group;

    void say(Level level, const std::string &message) const
    {
        telemetry::log(level, "consume", message, {{"group", group.value()}});
    }
    void say(Level level, const std::string &message, const consumer::RecordAt &record,
             const std::string &eventId = {}) const
    {
        telemetry::log(level, "consume", message,
                       {{"group", group.value()},
                        {"topic", record.partition.topic},
                        {"partition", record.partition.partition},
                        {"offset", record.offset.value()},
                        {"event_id", eventId}});
    }
    void sayEach(Level level, const std::string &message,
                 const std::vector<TopicPartition> &partitions) const
    {
        for (const TopicPartition &partition : partitions)
            telemetry::log(level, "consume", message,
                           {{"group", group.value()},
                            {"topic", partition.topic},
                            {"partition", partition.partition}});
    }

    void operator()(const told::Assigned &assigned) const
    {
        sayEach(Level::Info, "assigned", assigned.partitions);
    }
    void operator()(const told::Revoked &revoked) const
    {
        sayEach(revoked.lost ? Level::Warning : Level::Info, revoked.lost ? "lost" : "revoked",
                revoked.partitions);
    }
    void operator()(const told::Processed &processed) const
    {
        say(Level::Debug, "processed", processed.record, processed.eventId);
    }
    void operator()(const told::Retry &retry) const
    {
        say(Level::Warning,
            "attempt " + std::to_string(retry.attempt) + " failed, the next in " +
                std::to_string(retry.delay.count()) + " ms: " + retry.failure.errorClass,
            retry.record);
    }
    void operator()(const told::DeadLettered &letter) const
    {
        say(Level::Warning,
            "dead-lettered to " + letter.topic + ": " + letter.failure.errorClass + ": " +
                letter.failure.message,
            letter.record);
    }
    void operator()(const told::Skipped &skipped) const
    {
        say(skipped.reason == "duplicate" ? Level::Debug : Level::Warning,
            "skipped: " + skipped.reason, skipped.record, skipped.eventId);
    }
    void operator()(const told::Committed &committed) const
    {
        for (const Position &position : committed.positions) {
            const consumer::RecordAt at{position.partition, position.next};
            if (committed.error)
                say(Level::Warning,
                    (committed.isUnknown() ? "commit not answered: " : "commit refused: ") +
                        describe(*committed.error),
                    at);
            else
                say(Level::Debug, "committed", at);
        }
    }
    void operator()(const told::Problem &problem) const
    {
        const Level level = problem.fatal ? Level::Error : Level::Warning;
        if (problem.partition && problem.offset)
            say(level, describe(problem.error), {*problem.partition, *problem.offset});
        else if (problem.partition)
            sayEach(level, describe(problem.error), {*problem.partition});
        else
            say(level, describe(problem.error));
    }
    void operator()(const told::Steered &steered) const
    {
        sayEach(Level::Info, steered.action, {steered.partition});
    }
    void operator()(const told::Live &live) const
    {
        say(Level::Debug, "update", live.record, live.update.eventId);
    }
    void operator()(const told::Stopped &stopped) const
    {
        say(Level::Info, "stopped (" + stopped.reason + "), processed " +
                             std::to_string(stopped.processed) + ", dead-lettered " +
                             std::to_string(stopped.deadLettered) + ", skipped " +
                             std::to_string(stopped.skipped));
    }
};

} // namespace

void logEvent(const GroupId &group, const consumer::SessionEvent &event)
{
    std::visit(Line{group}, event.what);
}

} // namespace redrive::run
