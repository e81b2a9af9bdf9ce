#include "core/events/handlers/production.h"

#include "core/consumer/spans.h"
#include "core/telemetry/tracing.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace redrive::events {

using telemetry::TraceContext;

struct Production::Answers
{
    std::mutex mutex;
    std::condition_variable arrived;
    std::vector<std::optional<Result<kafka::Delivered>>> all; ///< guarded by mutex
    std::size_t open = 0;                                     ///< guarded by mutex
};

namespace {

/// The trace headers of a record that follows another one.
Headers follow(const Headers &completed, const TraceContext &context)
{
    Headers headers{{.name = "traceparent", .value = telemetry::toTraceparent(context)}};
    for (const char *name : {"tracestate", "baggage"}) {
        if (const std::string *value = lastHeader(completed, name))
            headers.push_back({.name = name, .value = *value});
    }
    return headers;
}

telemetry::Span spanOf(const HandlerSettings &settings, const OutgoingRecord &record,
                       std::int64_t start, const Result<kafka::Delivered> &outcome,
                       const TraceContext &sender, const TraceContext &context)
{
    auto span = consumer::spans::send(
        settings.scope, record, {.start = start, .end = telemetry::wallNanos()}, outcome, sender);
    span.context = context; // the record names this span as its parent already
    span.links.clear();
    return span;
}

} // namespace

Production::Production(const HandlerSettings &settings)
    : m_settings(settings)
    , m_answers(std::make_shared<Answers>())
{
}

void Production::send(std::size_t index, const RecordView &completed, const NextOccurrence &next)
{
    const Headers headers = completed.headers();
    const auto sender = consumer::spans::contextOf(headers);
    const auto context = sender ? std::optional(telemetry::newContext(sender)) : std::nullopt;
    OutgoingRecord record{.topic = std::string(completed.topic),
                          .partition = {},
                          .key = next.key,
                          .value = next.value,
                          .headers = context ? follow(headers, *context) : Headers{},
                          .timestamp = {}};
    const std::size_t place = m_indexes.size();
    m_indexes.push_back(index);
    {
        const std::scoped_lock lock(m_answers->mutex);
        m_answers->all.emplace_back();
        ++m_answers->open;
    }
    std::function<void(const Result<kafka::Delivered> &)> tell = [](const auto &) {};
    if (m_settings.tracer && context) {
        tell = [settings = m_settings, record, sender = *sender, context = *context,
                start = telemetry::wallNanos()](const Result<kafka::Delivered> &outcome) {
            settings.tracer->record(spanOf(settings, record, start, outcome, sender, context));
        };
    }
    m_settings.writer->send(std::move(record), [answers = m_answers, tell = std::move(tell),
                                                place](Result<kafka::Delivered> outcome) {
        tell(outcome);
        const std::scoped_lock lock(answers->mutex);
        answers->all[place].emplace(std::move(outcome));
        --answers->open;
        answers->arrived.notify_all();
    });
}

std::vector<std::pair<std::size_t, Result<kafka::Delivered>>> Production::wait()
{
    std::unique_lock lock(m_answers->mutex);
    m_answers->arrived.wait(lock, [this] { return m_answers->open == 0; });
    std::vector<std::pair<std::size_t, Result<kafka::Delivered>>> outcomes;
    outcomes.reserve(m_indexes.size());
    for (std::size_t place = 0; place < m_indexes.size(); ++place)
        outcomes.emplace_back(m_indexes[place], std::move(*m_answers->all[place]));
    return outcomes;
}

consumer::Failure toFailure(const Error &error)
{
    using consumer::Failure;
    constexpr std::array<std::string_view, 4> hopeless{"MESSAGE_TOO_LARGE", "_MSG_SIZE_TOO_LARGE",
                                                       "INVALID_RECORD", "INVALID_MSG"};
    const bool own = std::find(hopeless.begin(), hopeless.end(), error.code) != hopeless.end();
    return {.kind = own ? Failure::Kind::Transient : Failure::Kind::Environment,
            .stage = consumer::Stage::Process,
            .errorClass = own ? "ProduceRefused" : "ProduceUnavailable",
            .message = "producing the next occurrence: " + describe(error)};
}

} // namespace redrive::events
