#pragma once

#include <functional>

namespace redrive::kafka {

/// Runs `cleanUp` on a background thread (named "reaper") and returns at once. rd_kafka_destroy()
/// can block for as long as a broker does not answer, so no handle is destroyed anywhere else.
/// finishDestruction() waits for these.
void discard(std::function<void()> cleanUp);

} // namespace redrive::kafka
