#pragma once

#include "core/telemetry/tracing.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// OTLP 1.x in JSON, as opentelemetry-proto maps it: ids in hex, 64-bit numbers as strings, kinds
/// and status codes as numbers.
namespace redrive::telemetry {

/// An ExportTraceServiceRequest. Text that is not UTF-8 is made visible.
std::string toOtlpJson(std::span<const Span> spans, const std::vector<Attribute> &resource);

/// What a collector did not take of a request that it answered with success.
struct PartialSuccess
{
    std::int64_t rejected = 0;
    std::string message; ///< may be a warning where nothing was rejected
    bool operator==(const PartialSuccess &) const = default;
};
/// Of an ExportTraceServiceResponse in JSON. One that cannot be read is taken for complete success,
/// since its status said so.
PartialSuccess readPartialSuccess(std::string_view body);

} // namespace redrive::telemetry
