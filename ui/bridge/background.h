#pragma once

#include "core/base/time.h"

#include <functional>

namespace redrive::ui {

/// Runs work that may block on a thread of its own, which nobody waits for but finishBackground():
/// ending sessions, testing connections. The work must own what it uses. Called on the UI thread;
/// `name` is the thread's.
void runInBackground(const char *name, std::function<void()> work);

/// Waits up to `wait` for all of that work to end. False: some is stuck, and the process should end
/// by _exit() instead of running destructors under it.
bool finishBackground(Millis wait);

} // namespace redrive::ui
