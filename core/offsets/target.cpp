#include "core/offsets/target.h"

#include "core/base/text.h"
#include "core/offsets/moment.h"
#include "core/offsets/tables.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace redrive::offsets {

namespace {

constexpr std::size_t longestTopic = 249;

Error usage(std::string code, std::string message, std::string attempted)
{
    return {.kind = Error::Kind::Usage,
            .code = std::move(code),
            .message = std::move(message),
            .attempted = std::move(attempted),
            .retriable = false};
}

Error badTopic(std::string message)
{
    return usage("INVALID_TOPIC", std::move(message), "reading a topic and its partitions");
}

Error badTarget(std::string message)
{
    return usage("INVALID_TARGET", std::move(message), "reading where to move the offsets to");
}

/// Kafka's rule for the names of topics.
bool isTopicName(std::string_view name)
{
    const auto isLegal = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= longestTopic && name != "." && name != ".." &&
           std::all_of(name.begin(), name.end(), isLegal);
}

template <typename Number>
std::optional<Number> wholeNumber(std::string_view text)
{
    Number value = 0;
    const char *const last = text.data() + text.size();
    const auto [end, problem] = std::from_chars(text.data(), last, value);
    if (problem != std::errc() || end != last)
        return {};
    return value;
}

Result<Target> byNumber(std::string_view word, std::string_view text)
{
    const auto refuse = [&](const char *why) {
        return badTarget("'" + visible(text) + "' after '" + std::string(word) + ":' is " + why);
    };
    if (word == "shift") {
        const bool isSigned = text.starts_with('+') && !text.starts_with("+-");
        const auto by = wholeNumber<std::int64_t>(isSigned ? text.substr(1) : text);
        if (!by)
            return refuse("not a number such as -100 or +5");
        return Target(to::Shift{.by = *by});
    }
    const auto count = wholeNumber<std::int64_t>(text);
    if (!count || *count < 0)
        return refuse("not a whole number from 0");
    if (word == "offset")
        return Target(to::Exact{.offset = Offset(*count)});
    return Target(to::LatestMinus{.count = *count});
}

Error inFile(Error error, std::string_view file)
{
    error.attempted = "reading " + visible(file);
    return error;
}

Result<Target> fromFile(std::string_view word, std::string_view file,
                        const std::optional<GroupId> &group)
{
    const auto text = readFile(std::filesystem::path(file));
    if (!text)
        return text.error();
    if (word == "csv") {
        auto commits = fromCsv(*text, group);
        if (!commits)
            return inFile(commits.error(), file);
        return Target(to::Table{.commits = *std::move(commits)});
    }
    auto snapshot = snapshotFromJson(*text);
    if (!snapshot)
        return inFile(snapshot.error(), file);
    return Target(to::Table{.commits = std::move(snapshot->commits),
                            .clusterId = std::move(snapshot->clusterId)});
}

/// The largest unit that leaves no rest: `15m`, `90s`.
std::string durationText(Millis span)
{
    constexpr std::array<std::pair<std::int64_t, const char *>, 4> units{
        {{86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}}};
    for (const auto &[millis, unit] : units)
        if (span.count() != 0 && span.count() % millis == 0)
            return std::to_string(span.count() / millis) + unit;
    return std::to_string(span.count()) + "ms";
}

struct Spec
{
    std::string operator()(const to::Earliest &) const { return "earliest"; }
    std::string operator()(const to::Latest &) const { return "latest"; }
    std::string operator()(const to::Time &target) const
    {
        return "time:" + toRfc3339(target.time);
    }
    std::string operator()(const to::Ago &target) const
    {
        return "ago:" + durationText(target.span);
    }
    std::string operator()(const to::Shift &target) const
    {
        return "shift:" + std::to_string(target.by);
    }
    std::string operator()(const to::LatestMinus &target) const
    {
        return "latest-minus:" + std::to_string(target.count);
    }
    std::string operator()(const to::Exact &target) const
    {
        return "offset:" + std::to_string(target.offset.value());
    }
    std::string operator()(const to::Table &) const { return "csv"; }
    std::string operator()(const to::OtherGroup &target) const
    {
        return "group:" + target.group.value();
    }
    std::string operator()(const to::Delete &) const { return "delete"; }
    std::string operator()(const to::Undo &target) const { return "undo:" + target.journal; }
};

} // namespace

Result<TopicScope> parseTopicScope(std::string_view text)
{
    const auto colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (!isTopicName(name))
        return badTopic("'" + visible(name) + "' cannot be the name of a topic");
    TopicScope scope{.topic = std::string(name), .partitions = {}};
    if (colon == std::string_view::npos)
        return scope;
    const std::string_view list = text.substr(colon + 1);
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto comma = std::min(list.find(',', begin), list.size());
        const auto word = list.substr(begin, comma - begin);
        const auto partition = wholeNumber<std::int32_t>(word);
        if (!partition || *partition < 0)
            return badTopic("'" + visible(word) + "' in '" + visible(text) +
                            "' is not a partition; they are written orders:0,3");
        scope.partitions.push_back(*partition);
        begin = comma + 1;
    }
    return toScope({std::move(scope)}).topics.front();
}

Result<Target> parseTarget(std::string_view text, WallTime now, const std::optional<GroupId> &group)
{
    if (text == "earliest")
        return Target(to::Earliest{});
    if (text == "latest")
        return Target(to::Latest{});
    const auto colon = text.find(':');
    const std::string_view word = text.substr(0, colon);
    if (colon != std::string_view::npos) {
        const std::string_view rest = text.substr(colon + 1);
        if (word == "time") {
            const auto time = parseTime(rest, now);
            return time ? Result<Target>(to::Time{.time = *time}) : time.error();
        }
        if (word == "ago") {
            const auto span = parseDuration(rest);
            return span ? Result<Target>(to::Ago{.span = *span}) : span.error();
        }
        if (word == "shift" || word == "latest-minus" || word == "offset")
            return byNumber(word, rest);
        if ((word == "csv" || word == "snapshot" || word == "group") && rest.empty())
            return badTarget("nothing follows after '" + std::string(word) + ":'");
        if (word == "csv" || word == "snapshot")
            return fromFile(word, rest, group);
        if (word == "group")
            return Target(to::OtherGroup{.group = GroupId(std::string(rest))});
    }
    return badTarget("'" + visible(text) +
                     "' is none of earliest, latest, time:TIME, ago:15m, shift:-100, "
                     "latest-minus:100, offset:42, csv:FILE, group:OTHER and snapshot:FILE");
}

std::optional<WallTime> timeOf(const Target &target, WallTime now)
{
    if (const auto *at = std::get_if<to::Time>(&target))
        return at->time;
    if (const auto *ago = std::get_if<to::Ago>(&target))
        return now - ago->span;
    return {};
}

std::string specOf(const Target &target)
{
    return std::visit(Spec{}, target);
}

} // namespace redrive::offsets
