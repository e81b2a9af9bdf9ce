#pragma once

#include "core/offsets/plan.h"

#include <charconv>
#include <sstream>
#include <string>
#include <string_view>

namespace redrive::offsets {

const WallTime noon{Millis(1'795'255'200'000)};

inline Error brokerError(const std::string &code)
{
    return {.kind = Error::Kind::Broker,
            .code = code,
            .message = "in the broker's words",
            .attempted = "reading",
            .retriable = {}};
}

inline std::int64_t numberOf(std::string_view text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

inline std::string textOf(const std::optional<Offset> &offset)
{
    return offset ? std::to_string(offset->value()) : "-";
}

/// Facts as a reader sees them:
///
///     group Empty
///     orders/0 committed=120 start=0 end=150 stable=150 time=20 other=40
///     topic gone !UNKNOWN_TOPIC_OR_PARTITION
///
/// Values are a number, `-` (none) or `!CODE`. The start is 0 and the stable end is the end unless
/// they are given; with neither end nor start a partition has a commit alone, and is not in its
/// topic. Topics have the id "id of NAME". `group !CODE` is one that could not be described,
/// `group Stable 3` has members, `commits !CODE` could not be read.
inline Facts factsOf(const std::string &text)
{
    Facts facts;
    facts.clusterId = "cluster";
    facts.group.id = GroupId("billing");
    facts.committed.id = facts.group.id;
    facts.readAt = noon;
    const auto answer = [](const std::string &value) {
        return value.starts_with('!')
                   ? OffsetAnswer{.offset = {}, .error = brokerError(value.substr(1))}
                   : OffsetAnswer{.offset = Offset(numberOf(value)), .error = {}};
    };
    const auto commit = [](const TopicPartition &partition, const std::string &value) {
        CommittedOffset one{
            .partition = partition, .offset = {}, .leaderEpoch = {}, .metadata = {}, .error = {}};
        if (value.starts_with('!'))
            one.error = brokerError(value.substr(1));
        else if (value != "-")
            one.offset = Offset(numberOf(value));
        return one;
    };
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first;
        if (!(words >> first))
            continue;
        std::string word;
        if (first == "group") {
            words >> word;
            if (word.starts_with('!'))
                facts.group.error = brokerError(word.substr(1));
            for (const auto state : {GroupState::Empty, GroupState::Dead, GroupState::Stable,
                                     GroupState::PreparingRebalance})
                if (name(state) == word)
                    facts.group.state = state;
            if (words >> word)
                facts.group.members.resize(static_cast<std::size_t>(numberOf(word)));
            continue;
        }
        if (first == "commits") {
            words >> word;
            facts.committed.error = brokerError(word.substr(1));
            continue;
        }
        if (first == "topic") {
            std::string topic;
            words >> topic >> word;
            facts.topics[topic] = {
                .topic = topic, .id = {}, .partitions = {}, .error = brokerError(word.substr(1))};
            continue;
        }
        const auto slash = first.find('/');
        const TopicPartition partition{
            first.substr(0, slash), static_cast<std::int32_t>(numberOf(first.substr(slash + 1)))};
        std::map<std::string, std::string> values;
        while (words >> word)
            values[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
        if (values.contains("end")) {
            auto &topic = facts.topics[partition.topic];
            topic.topic = partition.topic;
            topic.id = "id of " + partition.topic;
            topic.partitions.push_back(partition.partition);
            const std::string end = values["end"];
            const std::string start = values.contains("start") ? values["start"]
                                      : end.starts_with('!')   ? end
                                                               : "0";
            facts.start[partition] = answer(start);
            facts.end[partition] = answer(end);
            facts.stable[partition] = answer(values.contains("stable") ? values["stable"] : end);
        }
        if (values.contains("committed"))
            facts.committed.offsets.push_back(commit(partition, values["committed"]));
        if (values.contains("other")) {
            if (!facts.otherGroup)
                facts.otherGroup.emplace();
            facts.otherGroup->offsets.push_back(commit(partition, values["other"]));
        }
        if (values.contains("time")) {
            const std::string time = values["time"];
            if (time == "-")
                facts.times[partition] = {};
            else if (time.starts_with('!'))
                facts.times[partition].error = brokerError(time.substr(1));
            else
                facts.times[partition].offset = Offset(numberOf(time));
        }
    }
    return facts;
}

inline PlanRequest request(Target target, Scope scope = {.topics = {}, .allTopics = true})
{
    return {.group = GroupId("billing"),
            .scope = std::move(scope),
            .target = std::move(target),
            .spec = {},
            .create = false};
}

inline Scope topic(const std::string &name, std::vector<std::int32_t> partitions = {})
{
    return {.topics = {{.topic = name, .partitions = std::move(partitions)}}, .allTopics = false};
}

inline CommitImage at(std::int64_t offset)
{
    return {.offset = Offset(offset), .leaderEpoch = {}, .metadata = {}};
}

/// "orders/0 120 -> 20 again=100", "orders/0 120 !OFFSET_OUT_OF_RANGE", "orders/0 120 -> none".
inline std::string toText(const PlanRow &row)
{
    std::string text = row.partition.topic + "/" + std::to_string(row.partition.partition) + " " +
                       textOf(row.current.offset);
    if (row.error)
        return text + " !" + row.error->code;
    text += " -> " + textOf(row.target.offset);
    const auto add = [&text](const char *name, const std::optional<std::int64_t> &count) {
        if (!count || *count != 0)
            text += std::string(" ") + name + "=" + (count ? std::to_string(*count) : "?");
    };
    add("again", row.again);
    add("skipped", row.skipped);
    add("lost", row.lost);
    return text;
}

inline std::string toText(const Plan &plan)
{
    std::string text = plan.error ? "!" + plan.error->code : "";
    for (const PlanRow &row : plan.rows)
        text += (text.empty() ? "" : "; ") + toText(row);
    return text;
}

} // namespace redrive::offsets
