#include "core/consumer/spans.h"

#include "core/base/text.h"

#include <charconv>
#include <map>

namespace redrive::consumer::spans {

namespace {

using telemetry::Attribute;
using telemetry::Span;
using telemetry::SpanKind;
using telemetry::TraceContext;

constexpr std::size_t mostLinks = 128; // OpenTelemetry's default limit of a span

struct Operation
{
    std::string_view name;
    std::string_view type;
    SpanKind kind;
};
constexpr Operation processing{"process", "process", SpanKind::Consumer};
constexpr Operation polling{"poll", "receive", SpanKind::Client};
constexpr Operation committing{"commit", "settle", SpanKind::Client};
constexpr Operation sending{"send", "send", SpanKind::Producer};

void addText(std::vector<Attribute> &attributes, std::string_view name, const std::string &value)
{
    if (!value.empty())
        attributes.emplace_back(name, value);
}

Span begin(const Operation &operation, const Scope &scope, const std::string &topic, Period when,
           const std::optional<TraceContext> &parent)
{
    Span span;
    span.name = std::string(operation.name) + " " + topic;
    span.kind = operation.kind;
    span.context = telemetry::newContext(parent);
    if (parent)
        span.parent = parent->span;
    span.startNanos = when.start;
    span.endNanos = when.end;
    auto &attributes = span.attributes;
    attributes.emplace_back("messaging.system", "kafka");
    attributes.emplace_back("messaging.operation.name", std::string(operation.name));
    attributes.emplace_back("messaging.operation.type", std::string(operation.type));
    addText(attributes, "messaging.destination.name", topic);
    addText(attributes, "messaging.client.id", scope.clientId);
    if (!scope.serverAddress.empty()) {
        attributes.emplace_back("server.address", scope.serverAddress);
        if (scope.serverPort > 0)
            attributes.emplace_back("server.port", std::int64_t{scope.serverPort});
    }
    if (operation.kind != SpanKind::Producer)
        addText(attributes, "messaging.consumer.group.name", scope.group.value());
    return span;
}

void addPlace(std::vector<Attribute> &attributes, std::int32_t partition, std::int64_t offset)
{
    attributes.emplace_back("messaging.destination.partition.id", std::to_string(partition));
    attributes.emplace_back("messaging.kafka.offset", offset);
}

/// Keys are bytes, attributes are text.
void addKeyAndTombstone(std::vector<Attribute> &attributes,
                        const std::optional<std::string_view> &key, bool hasValue)
{
    if (key)
        attributes.emplace_back("messaging.kafka.message.key",
                                isValidUtf8(*key) ? std::string(*key) : visible(*key));
    if (!hasValue)
        attributes.emplace_back("messaging.kafka.message.tombstone", true);
}

void fail(Span &span, const std::string &type, std::string message)
{
    span.attributes.emplace_back("error.type", type.empty() ? "_OTHER" : type);
    span.error = std::move(message);
}

} // namespace

std::optional<std::pair<std::string, int>> firstServer(std::string_view bootstrap)
{
    auto first = bootstrap.substr(0, bootstrap.find(','));
    if (const auto scheme = first.find("://"); scheme != std::string_view::npos)
        first.remove_prefix(scheme + 3);
    while (first.starts_with(' '))
        first.remove_prefix(1);
    while (first.ends_with(' '))
        first.remove_suffix(1);
    constexpr int usualPort = 9092;
    int port = usualPort;
    auto host = first;
    const auto colon = first.rfind(':');
    const auto bracket = first.rfind(']');
    if (colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon)) {
        const auto digits = first.substr(colon + 1);
        const auto *const last = digits.data() + digits.size();
        const auto [end, problem] = std::from_chars(digits.data(), last, port);
        if (problem != std::errc() || end != last)
            return std::nullopt;
        host = first.substr(0, colon);
    }
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (host.empty())
        return std::nullopt;
    return std::pair{std::string(host), port};
}

std::optional<TraceContext> contextOf(const Headers &headers)
{
    const auto *const text = lastHeader(headers, "traceparent");
    return text != nullptr ? telemetry::parseTraceparent(*text) : std::nullopt;
}

Span process(const Scope &scope, const RecordView &record,
             const std::optional<TraceContext> &sender, Period when, const Failure *failure)
{
    Span span = begin(processing, scope, std::string(record.topic), when, sender);
    addPlace(span.attributes, record.partition, record.offset);
    addKeyAndTombstone(span.attributes, record.key, record.value.has_value());
    if (sender)
        span.links.push_back({.context = *sender, .attributes = {}});
    if (failure != nullptr)
        fail(span, failure->errorClass, failure->message);
    return span;
}

Span poll(const Scope &scope, const std::string &topic, const std::vector<Taken> &taken,
          Period when)
{
    Span span = begin(polling, scope, topic, when, std::nullopt);
    span.attributes.emplace_back("messaging.batch.message_count",
                                 static_cast<std::int64_t>(taken.size()));
    for (const auto &record : taken) {
        if (!record.sender)
            continue;
        if (span.links.size() == mostLinks) {
            ++span.droppedLinks;
            continue;
        }
        telemetry::SpanLink link{.context = *record.sender, .attributes = {}};
        addPlace(link.attributes, record.partition, record.offset);
        span.links.push_back(std::move(link));
    }
    return span;
}

std::vector<Span> commit(const Scope &scope, const std::vector<Position> &positions, Period when,
                         const std::optional<Error> &error)
{
    std::map<std::string, std::vector<const Position *>> topics;
    for (const auto &position : positions)
        topics[position.partition.topic].push_back(&position);
    std::vector<Span> all;
    for (const auto &[topic, parts] : topics) {
        Span span = begin(committing, scope, topic, when, std::nullopt);
        if (parts.size() == 1)
            addPlace(span.attributes, parts.front()->partition.partition,
                     parts.front()->next.value());
        if (error)
            fail(span, error->code, describe(*error));
        all.push_back(std::move(span));
    }
    return all;
}

Span send(const Scope &scope, const OutgoingRecord &record, Period when,
          const Result<kafka::Delivered> &outcome, const std::optional<TraceContext> &parent)
{
    Span span = begin(sending, scope, record.topic, when, parent);
    addKeyAndTombstone(span.attributes, record.key, record.value.has_value());
    if (outcome)
        addPlace(span.attributes, outcome->partition, outcome->offset.value());
    else
        fail(span, outcome.error().code, describe(outcome.error()));
    if (const auto carried = contextOf(record.headers))
        span.links.push_back({.context = *carried, .attributes = {}});
    return span;
}

} // namespace redrive::consumer::spans
