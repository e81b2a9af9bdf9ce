#pragma once

#include "core/consumer/session.h"
#include "core/consumer/spans.h"
#include "core/telemetry/tracing.h"

#include <memory>
#include <string>

namespace redrive::run {

/// What the spans of a session say of themselves.
consumer::spans::Scope spanScope(const kafka::ConnectionSettings &settings, const GroupId &group);

/// `service.name` (OTEL_SERVICE_NAME, else "redrive"), version, instance, host and process.
std::vector<telemetry::Attribute> traceResource();

/// Gives `parts` the functions that make spans of what the session does (T5).
void trace(consumer::SessionParts &parts, const std::shared_ptr<telemetry::Tracer> &tracer,
           const consumer::spans::Scope &scope);

} // namespace redrive::run
