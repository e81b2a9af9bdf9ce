#pragma once

#include "core/base/time.h"
#include "core/consumer/options.h"

#include <algorithm>
#include <cstddef>

namespace redrive::consumer {

/// How long to wait after failed attempt `attempt` (1 is the first): exponential with a cap, half
/// of it jitter. `random` is in [0, 1). Never 0.
inline Millis retryDelay(const RetryPolicy &policy, std::size_t attempt, double random)
{
    Millis delay = policy.base;
    for (std::size_t step = 1; step < attempt && delay < policy.cap; ++step)
        delay *= 2;
    delay = std::min(delay, policy.cap);
    const auto half = static_cast<double>(delay.count()) / 2;
    return std::max(Millis(1), Millis(static_cast<Millis::rep>(half + half * random)));
}

} // namespace redrive::consumer
