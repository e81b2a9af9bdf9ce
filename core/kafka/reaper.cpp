#include "core/kafka/reaper.h"

#include "core/kafka/clusterclient.h"

#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <thread>
#include <utility>

namespace redrive::kafka {

namespace {

struct Ward
{
    std::mutex mutex;
    std::condition_variable empty;
    int waiting = 0; ///< guarded by mutex
};

/// Never destroyed: a stuck clean-up may outlive main().
Ward &ward()
{
    static auto *const instance = new Ward;
    return *instance;
}

} // namespace

void discard(std::function<void()> cleanUp)
{
    {
        const std::scoped_lock lock(ward().mutex);
        ++ward().waiting;
    }
    std::thread([cleanUp = std::move(cleanUp)]() mutable {
        pthread_setname_np(pthread_self(), "reaper");
        cleanUp();
        cleanUp = nullptr;
        const std::scoped_lock lock(ward().mutex);
        if (--ward().waiting == 0)
            ward().empty.notify_all();
    }).detach();
}

bool finishDestruction(Millis wait)
{
    std::unique_lock lock(ward().mutex);
    return ward().empty.wait_for(lock, wait, [] { return ward().waiting == 0; });
}

} // namespace redrive::kafka
