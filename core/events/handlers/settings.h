#pragma once

#include "core/base/time.h"
#include "core/consumer/handler.h"
#include "core/consumer/spans.h"
#include "core/decode/walker.h"
#include "core/events/domain.h"
#include "core/events/handlers/faults.h"
#include "core/kafka/recordwriter.h"
#include "core/telemetry/tracing.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace redrive::events {

/// By what a record is known to have been processed before (events.md §5).
enum class Dedupe
{
    ByEventId, ///< the message's id; where it has none, as ByOrigin
    ByOrigin,  ///< topic, partition and offset of its first delivery
    None,
};
std::optional<Dedupe> parseDedupe(std::string_view text); ///< `event_id`, `origin`, `none`
std::string_view name(Dedupe dedupe);

/// Shows a notification to a person. Called on a worker's thread after the row is on the disk, so
/// that the row is there exactly once and the toast may be lost.
using Toaster = std::function<void(const Reminder &)>;

/// What a handler is made with. Those that it does not need are left as they are.
struct HandlerSettings
{
    std::filesystem::path database; ///< empty: none was given
    Dedupe dedupe = Dedupe::ByEventId;
    decode::Options reading;
    std::shared_ptr<kafka::RecordWriter> writer; ///< of next occurrences
    Toaster toast;                               ///< empty: nobody is there to see one
    FaultPlan faults;
    std::uint64_t seed = 0; ///< of the faults; 0: from the system
    Millis busyTimeout{10'000};
    std::shared_ptr<telemetry::Tracer> tracer; ///< null: no spans
    consumer::spans::Scope scope;              ///< of the spans
    std::function<WallTime()> now = wallNow;
};

} // namespace redrive::events
