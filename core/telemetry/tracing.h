#pragma once

#include "core/base/error.h"
#include "core/base/time.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace redrive::telemetry {

/// W3C trace context: `00-<32 hex>-<16 hex>-<2 hex>`; ids of zeros are invalid.
struct TraceContext
{
    std::array<std::uint8_t, 16> trace{};
    std::array<std::uint8_t, 8> span{};
    std::uint8_t flags = 1;
    bool operator==(const TraceContext &) const = default;
};
/// Versions to come are read as far as version 00 goes, as Trace Context §3.2.2 wants it; version
/// ff, capital letters, and anything behind version 00 are no traceparent.
std::optional<TraceContext> parseTraceparent(std::string_view text);
std::string toTraceparent(const TraceContext &context);

/// Whether whoever began the trace wants its spans kept.
inline bool isSampled(const TraceContext &context)
{
    return (context.flags & 1U) != 0;
}

enum class SpanKind
{
    Internal = 1,
    Server,
    Client,
    Producer,
    Consumer
};

using Attribute = std::pair<std::string, std::variant<std::string, std::int64_t, bool>>;

struct SpanLink
{
    TraceContext context;
    std::vector<Attribute> attributes;
};

/// A span that has ended. Names and attributes follow OpenTelemetry's messaging conventions.
struct Span
{
    std::string name; ///< "process orders"
    SpanKind kind = SpanKind::Internal;
    TraceContext context;
    std::optional<std::array<std::uint8_t, 8>> parent;
    std::int64_t startNanos = 0; ///< since the epoch
    std::int64_t endNanos = 0;
    std::vector<Attribute> attributes;
    std::vector<SpanLink> links;
    std::uint32_t droppedLinks = 0;   ///< more than a span should carry
    std::optional<std::string> error; ///< set: status ERROR with this description
};

/// Now, as spans tell time. Not for measuring: the end of a span is its start plus a duration.
std::int64_t wallNanos();

/// Takes ended spans and never gets in the way: record() only queues, a full queue drops the span
/// and counts it. A span of a trace that is not sampled is left out without being counted, as
/// OpenTelemetry's exporters do it. Thread-safe.
class Tracer
{
public:
    Tracer() = default;
    Tracer(const Tracer &) = delete;
    Tracer &operator=(const Tracer &) = delete;
    virtual ~Tracer() = default;

    virtual void record(Span span) = 0;
    virtual std::uint64_t dropped() const = 0;
    virtual std::uint64_t exported() const = 0;
    /// Sends what is queued by now; false when time ran out, or at once when nobody can be
    /// connected to.
    virtual bool flush(Millis timeout) = 0;
};

/// A new span in the trace of `parent`, or in a new trace, which is sampled. Thread-safe.
TraceContext newContext(const std::optional<TraceContext> &parent);

struct OtlpOptions
{
    std::string url;                 ///< base; spans are posted to URL/v1/traces
    std::vector<Attribute> resource; ///< service.name …; "redrive" where it is missing
    std::size_t queueLimit = 20'000; ///< spans, with those under way
    std::size_t batch = 512;
    Millis interval{1000};
    Millis timeout{3000};      ///< to connect, and for each wait of a request
    Millis backoff{500};       ///< after a first failure; doubled after each
    Millis backoffCap{30'000}; ///< also that of a collector's Retry-After
};
/// OTLP over HTTP in JSON, from a thread of its own (named "otlp"). An absent collector costs
/// nothing but the queue. 429, 502, 503, 504 and broken connections are tried again; any other
/// refusal drops its batch. Destroying it takes `timeout` at most and drops what was not flushed.
/// Fails on a URL that is none. Certificates are checked against the system's (SSL_CERT_FILE).
Result<std::shared_ptr<Tracer>> openOtlp(OtlpOptions options);

} // namespace redrive::telemetry
