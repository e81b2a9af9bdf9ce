#include "app/ctl/consumeoptions.h"

#include "app/ctl/exitcode.h"
#include "app/ctl/quantities.h"
#include "core/base/text.h"

#include <array>
#include <string_view>
#include <utility>

namespace redrive::ctl {

namespace {

using consumer::OnPoison;
using consumer::Ordering;
using events::Dedupe;
using kafka::ResetPolicy;

template <typename T, std::size_t N>
using Words = std::array<std::pair<std::string_view, T>, N>;

/// The value of a word; the error lists the words.
template <typename T, std::size_t N>
Result<void> choose(T &into, std::string_view option, std::string_view text,
                    const Words<T, N> &words)
{
    std::string known;
    for (const auto &[word, value] : words) {
        if (word == text) {
            into = value;
            return {};
        }
        known += (known.empty() ? "" : ", ") + std::string(word);
    }
    return notOneOf(option, text, known);
}

/// Takes a value over, or keeps the error.
template <typename T, typename U>
Result<void> take(T &into, const Result<U> &value)
{
    if (!value)
        return value.error();
    into = T(*value);
    return {};
}

Result<void> readDlq(consumer::SessionOptions &session, const std::string &text)
{
    constexpr std::string_view named = "topic:";
    session.dlqSuffix.reset();
    session.dlqTopic.reset();
    if (text == "none")
        return {};
    if (text.starts_with(named)) {
        session.dlqTopic = text.substr(named.size());
        if (session.dlqTopic->empty())
            return usageError("--dlq 'topic:' names no topic");
        return {};
    }
    session.dlqSuffix = text;
    return {};
}

Result<void> readHealth(run::SessionRequest &request, const ConsumeOptions &options)
{
    if (!options.healthPort) {
        if (options.healthAddress)
            return usageError("--health-address needs --health-port");
        return {};
    }
    const bool isIpv6 =
        options.healthAddress && options.healthAddress->find(':') != std::string::npos;
    const std::string host = !options.healthAddress ? std::string()
                             : isIpv6               ? "[" + *options.healthAddress + "]:"
                                                    : *options.healthAddress + ":";
    const auto address = telemetry::parseHealthAddress(host + *options.healthPort);
    if (!address)
        return usageError("--health-port: " + address.error().message);
    request.health = *address;
    return {};
}

Result<void> readSession(consumer::SessionOptions &session, const ConsumeOptions &options)
{
    session.group = GroupId(options.group);
    if (options.group.empty())
        return usageError("--group names no group");
    if (!isValidUtf8(options.group))
        return usageError("--group is not valid UTF-8: no group has this name");
    session.untilEnd = options.untilEnd;
    session.instanceId = options.instanceId;
    if (session.instanceId && session.instanceId->empty())
        return usageError("--instance-id is empty");
    if (auto read = take(session.topics, parseNames("--topics", options.topics)); !read)
        return read;
    const auto commit = consumer::parseCommitStrategy(options.commit);
    if (!commit)
        return usageError("--commit " + commit.error().message);
    session.commit = *commit;
    if (auto read = choose(session.reset, "--reset", options.reset,
                           Words<ResetPolicy, 3>{{{"earliest", ResetPolicy::Earliest},
                                                  {"latest", ResetPolicy::Latest},
                                                  {"error", ResetPolicy::Error}}});
        !read)
        return read;
    if (auto read = take(session.workers, parseCount("--workers", options.workers, 1)); !read)
        return read;
    if (auto read = choose(
            session.ordering, "--order", options.order,
            Words<Ordering, 2>{{{"partition", Ordering::Partition}, {"key", Ordering::Key}}});
        !read)
        return read;
    if (auto read = take(session.retry.retries, parseCount("--retries", options.retries, 0)); !read)
        return read;
    const auto backoff = parseBackoff("--backoff", options.backoff);
    if (!backoff)
        return backoff.error();
    session.retry.base = backoff->first;
    session.retry.cap = backoff->second;
    if (auto read = readDlq(session, options.dlq); !read)
        return read;
    if (auto read = choose(session.onPoison, "--on-poison", options.onPoison,
                           Words<OnPoison, 3>{{{"dlq", OnPoison::DeadLetter},
                                               {"skip", OnPoison::Skip},
                                               {"stop", OnPoison::Stop}}});
        !read)
        return read;
    if (options.most) {
        if (auto read = take(session.most, parseCount("--max", *options.most, 1)); !read)
            return read;
    }
    if (auto read = take(session.drain, parseSpan("--drain", options.drain, Least::Nothing)); !read)
        return read;
    return choose(session.reportEach, "--events", options.events,
                  Words<bool, 2>{{{"changes", false}, {"all", true}}});
}

Result<void> readHandling(events::HandlerSettings &handling, const ConsumeOptions &options)
{
    if (options.database && options.database->empty())
        return usageError("--db names no file");
    handling.database = options.database.value_or("");
    if (auto read = choose(handling.dedupe, "--dedupe", options.dedupe,
                           Words<Dedupe, 3>{{{"event_id", Dedupe::ByEventId},
                                             {"origin", Dedupe::ByOrigin},
                                             {"none", Dedupe::None}}});
        !read)
        return read;
    if (options.fault) {
        const auto faults = events::parseFaults(*options.fault);
        if (!faults)
            return usageError("--fault: " + faults.error().message);
        handling.faults = *faults;
    }
    if (auto read =
            choose(handling.reading.refuseUnknownFields, "--unknown-fields", options.unknownFields,
                   Words<bool, 2>{{{"ignore", false}, {"refuse", true}}});
        !read)
        return read;
    return take(handling.reading.maxValue, parseSize("--max-value", options.maxValue));
}

} // namespace

Result<run::SessionRequest> readConsume(const ConsumeOptions &options)
{
    run::SessionRequest request;
    request.handler = options.handler;
    request.otlp = options.otlp;
    if (auto read = readSession(request.session, options); !read)
        return read.error();
    if (auto read = readHandling(request.handling, options); !read)
        return read.error();
    if (auto read = readHealth(request, options); !read)
        return read.error();
    const auto stuckAfter = parseSpan("--stuck-after", options.stuckAfter, Least::AboveNothing);
    if (!stuckAfter)
        return stuckAfter.error();
    request.session.stuckAfter = *stuckAfter;
    request.session.losesNoEvent = true;
    if (auto sound = run::check(request); !sound)
        return sound.error();
    return request;
}

} // namespace redrive::ctl
