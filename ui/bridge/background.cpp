#include "ui/bridge/background.h"

#include "core/telemetry/logging.h"

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <utility>

namespace redrive::ui {

namespace {

struct Count
{
    std::mutex mutex;
    std::condition_variable changed;
    std::size_t running = 0; ///< guarded by mutex
};

// Never destroyed: a stuck thread may still look at it when the process ends.
Count &count()
{
    static auto *const value = new Count;
    return *value;
}

} // namespace

void runInBackground(const char *name, std::function<void()> work)
{
    {
        const std::scoped_lock lock(count().mutex);
        ++count().running;
    }
    std::thread thread([work = std::move(work)]() mutable {
        try {
            work();
        } catch (const std::exception &problem) {
            telemetry::log(telemetry::Level::Error, "window", problem.what());
        }
        work = nullptr; // what the work owned ends before it is counted as done
        const std::scoped_lock lock(count().mutex);
        --count().running;
        count().changed.notify_all();
    });
    pthread_setname_np(thread.native_handle(), name);
    thread.detach();
}

bool finishBackground(Millis wait)
{
    std::unique_lock lock(count().mutex);
    return count().changed.wait_for(lock, wait, [] { return count().running == 0; });
}

} // namespace redrive::ui
