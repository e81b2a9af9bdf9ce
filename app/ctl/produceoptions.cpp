#include "app/ctl/produceoptions.h"

#include "app/ctl/exitcode.h"
#include "app/ctl/quantities.h"
#include "core/base/text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <utility>

namespace redrive::ctl {

namespace {

/// `-` is standard input.
Result<std::unique_ptr<std::istream>> openInput(std::string_view option, const std::string &name)
{
    if (name == "-")
        return std::make_unique<std::istream>(std::cin.rdbuf());
    std::error_code ignored;
    if (std::filesystem::is_directory(name, ignored))
        return usageError(std::string(option) + " '" + visible(name) + "' is a directory");
    auto file = std::make_unique<std::ifstream>(name, std::ios::binary);
    if (!file->is_open())
        return usageError(std::string(option) + " '" + visible(name) +
                          "' cannot be read: " + std::strerror(errno));
    return std::unique_ptr<std::istream>(std::move(file));
}

Result<void> refuseEventOptions(const ProduceOptions &options)
{
    if (options.count || options.users || options.seed || options.bad)
        return usageError("--count, --users, --seed and --bad belong to --event");
    return {};
}

Result<std::unique_ptr<RecordSource>> readEvents(const ProduceOptions &options, WallTime now)
{
    if (options.file || options.lines || options.keyDelimiter || options.key)
        return usageError("--event makes keys and values itself: it excludes --key, --file, "
                          "--lines and --key-delimiter");
    events::ProducePlan plan;
    const auto kind = events::parseEventKind(*options.event);
    if (!kind)
        return notOneOf("--event", *options.event, "order, task, reminder");
    plan.kind = *kind;
    const auto read = [](std::string_view option, const std::optional<std::string> &text,
                         std::uint64_t least, std::uint64_t usual) -> Result<std::uint64_t> {
        return text ? parseCount(option, *text, least) : Result<std::uint64_t>(usual);
    };
    const auto count = read("--count", options.count, 1, 1);
    if (!count)
        return count.error();
    const auto users = read("--users", options.users, 1, plan.users);
    if (!users)
        return users.error();
    const auto seed = read("--seed", options.seed, 0, plan.seed);
    if (!seed)
        return seed.error();
    plan.users = *users;
    plan.seed = *seed;
    if (options.bad) {
        const auto every = parseEvery("--bad", *options.bad);
        if (!every)
            return every.error();
        plan.badEvery = *every;
    }
    // Each event is a second after the one before; the last is of now.
    constexpr std::uint64_t years = 50ULL * 365 * 86'400;
    plan.from = now - std::chrono::seconds(std::min(*count, years));
    return eventsOf(plan, *count);
}

Result<std::unique_ptr<RecordSource>> readSource(const ProduceOptions &options, WallTime now)
{
    if (options.event)
        return readEvents(options, now);
    if (auto unasked = refuseEventOptions(options); !unasked)
        return unasked.error();
    if (options.file && options.lines)
        return usageError("--file and --lines exclude each other");
    if (options.file) {
        if (options.keyDelimiter)
            return usageError("--key-delimiter belongs to --lines: a file is one value");
        auto input = openInput("--file", *options.file);
        if (!input)
            return input.error();
        return wholeOf(std::move(*input), *options.file, options.key);
    }
    if (options.keyDelimiter && options.key)
        return usageError("--key and --key-delimiter exclude each other");
    if (options.keyDelimiter && options.keyDelimiter->empty())
        return usageError("--key-delimiter is empty");
    const std::string name = options.lines.value_or("-");
    auto input = openInput("--lines", name);
    if (!input)
        return input.error();
    return linesOf(std::move(*input), name, options.key, options.keyDelimiter);
}

} // namespace

Result<Header> parseHeader(const std::string &text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        return usageError("--header '" + visible(text) + "' is not NAME=VALUE");
    return Header{.name = text.substr(0, equals), .value = text.substr(equals + 1)};
}

Result<ProduceRequest> readProduce(const ProduceOptions &options, WallTime now)
{
    ProduceRequest request{.topic = options.topic, .headers = {}, .from = nullptr, .perSecond = {}};
    if (options.topic.empty())
        return usageError("which topic? Its name is empty");
    for (const std::string &text : options.headers) {
        auto header = parseHeader(text);
        if (!header)
            return header.error();
        request.headers.push_back(std::move(*header));
    }
    if (options.rate) {
        const auto rate = parseRate("--rate", *options.rate);
        if (!rate)
            return rate.error();
        request.perSecond = *rate;
    }
    auto source = readSource(options, now);
    if (!source)
        return source.error();
    request.from = std::move(*source);
    return request;
}

} // namespace redrive::ctl
