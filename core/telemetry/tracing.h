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
std::optional<TraceContext> parseTraceparent(std::string_view text);
std::string toTraceparent(const TraceContext &context);

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
    std::optional<std::string> error; ///< set: status ERROR with this description
};

/// Takes ended spans and never gets in the way: record() only queues, a full queue drops the span
/// and counts it. Thread-safe.
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
    /// Sends what is queued; false when time ran out.
    virtual bool flush(Millis timeout) = 0;
};

/// A new span in the trace of `parent`, or in a new trace.
TraceContext newContext(const std::optional<TraceContext> &parent);

struct OtlpOptions
{
    std::string url;                 ///< base; spans are posted to URL/v1/traces
    std::vector<Attribute> resource; ///< service.name …
    std::size_t queueLimit = 20'000; ///< spans
    std::size_t batch = 512;
    Millis interval{1000};
    Millis timeout{3000};
};
/// OTLP over HTTP in JSON, from a thread of its own (named "otlp"). An absent collector costs
/// nothing but the queue. Fails on a URL that is none.
Result<std::shared_ptr<Tracer>> openOtlp(OtlpOptions options);

} // namespace redrive::telemetry
