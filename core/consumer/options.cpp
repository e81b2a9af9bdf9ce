#include "core/consumer/options.h"

#include "core/base/text.h"
#include "core/consumer/handler.h"
#include "core/consumer/snapshot.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace redrive::consumer {

namespace {

Error badStrategy(std::string_view text, std::string_view why)
{
    return Error{.kind = Error::Kind::Usage,
                 .code = "USAGE",
                 .message = "'" + std::string(text) + "' is no commit strategy: " +
                            std::string(why) + " (auto, sync, async, batch:N or every:DURATION)",
                 .attempted = {},
                 .retriable = false};
}

} // namespace

Result<CommitStrategy> parseCommitStrategy(std::string_view text)
{
    using Kind = CommitStrategy::Kind;
    const auto colon = text.find(':');
    const auto word = text.substr(0, colon);
    const auto value =
        colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (colon == std::string_view::npos) {
        if (word == "auto")
            return CommitStrategy{.kind = Kind::Auto};
        if (word == "sync")
            return CommitStrategy{.kind = Kind::Sync};
        if (word == "async")
            return CommitStrategy{.kind = Kind::Async};
        return badStrategy(text, "unknown");
    }
    if (word == "batch") {
        std::size_t count = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
        if (error != std::errc() || end != value.data() + value.size() || count == 0)
            return badStrategy(text, "N is a whole number from 1");
        return CommitStrategy{.kind = Kind::Batch, .count = count};
    }
    if (word == "every") {
        const auto interval = parseDuration(value);
        if (!interval)
            return badStrategy(text, interval.error().message);
        if (*interval <= Millis(0))
            return badStrategy(text, "the interval is above 0");
        return CommitStrategy{.kind = Kind::Every, .interval = *interval};
    }
    return badStrategy(text, "unknown");
}

std::string describe(const CommitStrategy &strategy)
{
    switch (strategy.kind) {
    case CommitStrategy::Kind::Auto: return "auto";
    case CommitStrategy::Kind::Sync: return "sync";
    case CommitStrategy::Kind::Async: return "async";
    case CommitStrategy::Kind::Batch: return "batch:" + std::to_string(strategy.count);
    case CommitStrategy::Kind::Every:
        return "every:" + std::to_string(strategy.interval.count()) + "ms";
    }
    return {};
}

Result<void> check(const SessionOptions &options)
{
    const auto refuse = [](std::string message) {
        return Error{.kind = Error::Kind::Usage,
                     .code = "USAGE",
                     .message = std::move(message),
                     .attempted = "starting a consumer session",
                     .retriable = false};
    };
    if (options.group.value().empty())
        return refuse("a group is needed");
    if (options.topics.empty())
        return refuse("at least one topic is needed");
    if (options.workers == 0 || options.workers > 64)
        return refuse("from 1 to 64 workers");
    for (const std::string &topic : options.topics) {
        const auto letters = deadLetterTopic(options, topic);
        if (letters && std::find(options.topics.begin(), options.topics.end(), *letters) !=
                           options.topics.end())
            return refuse("dead letters of " + visible(topic) + " would go to " +
                          visible(*letters) + ", which is read here itself");
    }
    return {};
}

std::optional<std::string> deadLetterTopic(const SessionOptions &options, const std::string &topic)
{
    if (options.dlqTopic)
        return options.dlqTopic;
    if (options.dlqSuffix)
        return topic + *options.dlqSuffix;
    return std::nullopt;
}

std::string_view name(Stage stage)
{
    switch (stage) {
    case Stage::Decode: return "decode";
    case Stage::Validate: return "validate";
    case Stage::Process: return "process";
    }
    return {};
}

std::string_view name(SessionState state)
{
    switch (state) {
    case SessionState::Joining: return "joining";
    case SessionState::Running: return "running";
    case SessionState::Draining: return "draining";
    case SessionState::Stopped: return "stopped";
    case SessionState::Failed: return "failed";
    case SessionState::Killed: return "killed";
    }
    return {};
}

std::string_view name(LaneState state)
{
    switch (state) {
    case LaneState::Starting: return "starting";
    case LaneState::Running: return "running";
    case LaneState::Retrying: return "retrying";
    case LaneState::DeadLettering: return "dead-lettering";
    case LaneState::Paused: return "paused";
    case LaneState::HeldBack: return "held back";
    }
    return {};
}

} // namespace redrive::consumer
