#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/consumer/handler.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>

namespace redrive::events {

/// `count` of `of` attempts, at random.
struct Rate
{
    std::uint32_t count = 0;
    std::uint32_t of = 1;
    bool operator==(const Rate &) const = default;
};

/// What goes wrong on purpose: `fail:1/100,delay:50ms,throw:1/1000,crash:1/5000`.
struct FaultPlan
{
    std::optional<Rate> fail; ///< an error result, tried again
    std::optional<Rate> throwing;
    std::optional<Rate> crash;   ///< the process aborts before the effect is written
    std::optional<Millis> delay; ///< before each effect
    bool operator==(const FaultPlan &) const = default;

    bool any() const { return fail || throwing || crash || delay; }
};
Result<FaultPlan> parseFaults(std::string_view text);
std::string describe(const FaultPlan &plan); ///< as parseFaults() reads it

/// What faults are carried out with; tests give their own.
struct FaultTools
{
    std::function<void(Millis)> wait; ///< empty: sleeps
    std::function<void()> crash;      ///< empty: std::abort
};

/// `handler` with faults, rolled anew for each attempt at each record. Records before a faulty one
/// have had their effects when the fault comes. Seed 0: from the system.
std::shared_ptr<consumer::Handler> withFaults(std::shared_ptr<consumer::Handler> handler,
                                              const FaultPlan &plan, std::uint64_t seed,
                                              FaultTools tools = {});

} // namespace redrive::events
