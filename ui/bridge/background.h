#pragma once

#include "core/base/time.h"

#include <functional>

namespace redrive::ui {

/// Runs work that may block on a thread of its own, which nobody waits for but finishBackground():
/// ending sessions, testing connections. The work must own what it uses. Called on the UI thread;
/// `name` is the thread's. Work that is worth waiting for when the process ends, such as a consumer
/// that finishes what it has, says for how long from now: its `patience`.
void runInBackground(const char *name, std::function<void()> work, Millis patience = Millis(0));

/// Waits up to `wait`, or as long as the patience of some of it lasts, for all of that work to end.
/// False: some is stuck, and the process should end by _exit() instead of running destructors under
/// it.
bool finishBackground(Millis wait);

} // namespace redrive::ui
