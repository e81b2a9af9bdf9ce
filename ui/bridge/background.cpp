#include "ui/bridge/background.h"

#include "core/telemetry/logging.h"

#include <algorithm>
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
    std::size_t running = 0; ///< guarded by mutex, as what follows
    std::size_t worthwhile = 0;
    MonoTime patience{}; ///< until when those are waited for
};

// Never destroyed: a stuck thread may still look at it when the process ends.
Count &count()
{
    static auto *const value = new Count;
    return *value;
}

} // namespace

void runInBackground(const char *name, std::function<void()> work, Millis patience)
{
    const bool worthwhile = patience > Millis(0);
    {
        const std::scoped_lock lock(count().mutex);
        ++count().running;
        if (worthwhile) {
            ++count().worthwhile;
            count().patience = std::max(count().patience, monoNow() + patience);
        }
    }
    std::thread thread([work = std::move(work), worthwhile]() mutable {
        try {
            work();
        } catch (const std::exception &problem) {
            telemetry::log(telemetry::Level::Error, "window", problem.what());
        }
        work = nullptr; // what the work owned ends before it is counted as done
        const std::scoped_lock lock(count().mutex);
        --count().running;
        if (worthwhile)
            --count().worthwhile;
        count().changed.notify_all();
    });
    pthread_setname_np(thread.native_handle(), name);
    thread.detach();
}

bool finishBackground(Millis wait)
{
    const MonoTime soon = monoNow() + wait;
    std::unique_lock lock(count().mutex);
    count().changed.wait_until(lock, std::max(soon, count().patience),
                               [] { return count().worthwhile == 0; });
    return count().changed.wait_until(lock, soon, [] { return count().running == 0; });
}

} // namespace redrive::ui
