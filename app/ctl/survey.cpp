#include "app/ctl/survey.h"

#include <utility>

namespace redrive::ctl {

Result<kafka::GroupListings> listGroups(Context &context, Runner &runner)
{
    Answer<Result<kafka::GroupListings>> answer;
    monitor::SurveyOptions options = runner.surveyOptions();
    options.timeout = runner.requestTimeout();
    context.console.progress("listing groups", 0, 0);
    monitor::surveyListing(runner.client(), options, answer.slot());
    if (auto waited = runner.waitFor(answer); !waited)
        return waited.error();
    if (answer.value())
        runner.noteAnswer();
    return std::move(answer.value());
}

Result<std::vector<TopicInfo>> listTopics(Context &context, Runner &runner)
{
    Answer<Result<std::vector<TopicInfo>>> answer;
    context.console.progress("listing topics", 0, 0);
    runner.client().listTopics(runner.requestTimeout(), answer.slot());
    if (auto waited = runner.waitFor(answer); !waited)
        return waited.error();
    if (answer.value())
        runner.noteAnswer();
    return std::move(answer.value());
}

Result<Reading> readGroups(Context &context, Runner &runner, const std::vector<GroupId> &groups)
{
    if (groups.empty())
        return Reading{};
    Answer<std::vector<GroupDescription>> descriptions;
    Answer<std::vector<GroupOffsets>> commits;
    runner.client().describeGroups(groups, runner.requestTimeout(), descriptions.slot());
    monitor::fetchCommits(runner.client(), groups, runner.surveyOptions(),
                          progressOf(context.console, "offsets of groups:", groups.size()),
                          commits.slot());
    const auto waited = runner.waitFor([&] { return descriptions.here() && commits.here(); });
    if (!waited)
        return waited.error();
    return Reading{std::move(descriptions.value()), std::move(commits.value())};
}

Result<Bounds> readBounds(Context &context, Runner &runner,
                          const std::vector<TopicPartition> &partitions)
{
    if (partitions.empty())
        return Bounds{};
    const auto ask = [&](kafka::OffsetSpec spec) {
        Answer<OffsetTable> answer;
        runner.client().listOffsets(partitions, spec, kafka::Isolation::ReadUncommitted,
                                    runner.surveyOptions().timeout, answer.slot());
        return answer;
    };
    context.console.progress("reading log starts and ends", 0, 0);
    Answer<OffsetTable> start = ask(kafka::OffsetSpec::Earliest);
    Answer<OffsetTable> end = ask(kafka::OffsetSpec::Latest);
    const auto waited = runner.waitFor([&] { return start.here() && end.here(); });
    if (!waited)
        return waited.error();
    return Bounds{std::move(start.value()), std::move(end.value())};
}

std::function<void(std::size_t)> progressOf(Console &console, std::string what, std::size_t total)
{
    return [&console, what = std::move(what), total](std::size_t done) {
        console.progress(what, done, total);
    };
}

Look lookOf(const Context &context)
{
    return {.colour = context.console.colour(), .local = context.settings.local};
}

} // namespace redrive::ctl
