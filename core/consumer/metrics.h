#pragma once

#include "core/base/time.h"
#include "core/consumer/snapshot.h"

#include <cstdint>
#include <optional>
#include <string>

namespace redrive::consumer {

struct SpanCounts
{
    std::uint64_t exported = 0;
    std::uint64_t dropped = 0;
};

/// Prometheus' text format 0.0.4. Names begin with redrive_ and are a promise: new ones may come.
/// What is unknown has no sample. Seconds and records are the units. No spans: no tracing.
std::string prometheusText(const SessionSnapshot &session, const std::optional<SpanCounts> &spans,
                           MonoTime now);

} // namespace redrive::consumer
