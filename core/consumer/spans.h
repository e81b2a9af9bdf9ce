#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/consumer/handler.h"
#include "core/kafka/recordwriter.h"
#include "core/model/record.h"
#include "core/telemetry/tracing.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Spans of a session as OpenTelemetry's messaging conventions (1.44) name and fill them. Pure
/// functions: they make values, telemetry::Tracer::record() takes them. Trace headers of records
/// are only ever read: what a dead letter carries stays as its sender wrote it, and our spans link
/// to it.
namespace redrive::consumer::spans {

/// What every span of a session says. Empty: unknown, and left out.
struct Scope
{
    GroupId group;
    std::string clientId;
    std::string serverAddress; ///< a bootstrap server's host
    int serverPort = 0;
};
/// `localhost:9092,…`: the first of a bootstrap list; nothing where it is none.
std::optional<std::pair<std::string, int>> firstServer(std::string_view bootstrap);

/// When something was done, in nanoseconds since the epoch (telemetry::wallNanos()).
struct Period
{
    std::int64_t start = 0;
    std::int64_t end = 0;
};

/// The context that the record's sender wrote into its header `traceparent`; the last one counts.
std::optional<telemetry::TraceContext> contextOf(const Headers &headers);

/// `process T`: one record in a handler. A child of its sender's span, and linked to it.
telemetry::Span process(const Scope &scope, const RecordView &record,
                        const std::optional<telemetry::TraceContext> &sender, Period when,
                        const Failure *failure = nullptr);

/// What a batch has of one record: what differs between its records stands on the links.
struct Taken
{
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::optional<telemetry::TraceContext> sender;
};
/// `poll T`: the records of one topic that one call brought, linked to their senders' spans (up to
/// 128 of them).
telemetry::Span poll(const Scope &scope, const std::string &topic, const std::vector<Taken> &taken,
                     Period when);

/// `commit T`: one span for each topic of the request.
std::vector<telemetry::Span> commit(const Scope &scope, const std::vector<Position> &positions,
                                    Period when, const std::optional<Error> &error);

/// `send T`: a record that we wrote, such as a dead letter. Linked to the context that the record
/// carries; in the trace of `parent`, the span within which it was sent, where there is one.
telemetry::Span send(const Scope &scope, const OutgoingRecord &record, Period when,
                     const Result<kafka::Delivered> &outcome,
                     const std::optional<telemetry::TraceContext> &parent = std::nullopt);

} // namespace redrive::consumer::spans
