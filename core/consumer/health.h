#pragma once

#include "core/base/time.h"
#include "core/consumer/snapshot.h"
#include "core/telemetry/healthserver.h"

#include <functional>
#include <memory>

namespace redrive::telemetry {
class Tracer;
}

namespace redrive::consumer {

struct HealthLimits
{
    Millis loop{10'000};       ///< the poll loop turns many times a second
    Millis stuckAfter{60'000}; ///< SessionOptions::stuckAfter
};

/// Whether the process should be left alone: its poll loop turns. Also without a broker, since a
/// restart brings none back.
telemetry::HealthPage liveness(const SessionSnapshot &session, const HealthLimits &limits,
                               MonoTime now);

/// Whether it does its work; each reason why not is a line of the text. A member that joined and
/// was given no partitions is ready.
telemetry::HealthPage readiness(const SessionSnapshot &session, const HealthLimits &limits,
                                MonoTime now);

/// The three pages of a running session. `snapshot` is called on the health server's thread and may
/// give null (not begun yet: live, not ready). A null tracer: no tracing.
telemetry::HealthPages healthPages(std::function<std::shared_ptr<const SessionSnapshot>()> snapshot,
                                   std::shared_ptr<telemetry::Tracer> tracer,
                                   const HealthLimits &limits);

} // namespace redrive::consumer
