#include "ui/bridge/consumersessionsproduce.h"

#include "ui/bridge/background.h"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace redrive::ui {

namespace {

constexpr Millis flushPatience{30'000};

OutgoingRecord recordAt(const ProduceRequest &request, std::uint64_t index)
{
    OutgoingRecord record{.topic = request.topic,
                          .partition = std::nullopt,
                          .key = request.key,
                          .value = request.value,
                          .headers = request.headers,
                          .timestamp = std::nullopt};
    if (request.plan) {
        events::ProducedEvent event = events::makeEvent(*request.plan, index);
        record.key = std::move(event.key);
        record.value = std::move(event.value);
    }
    return record;
}

} // namespace

struct ProduceJob::Shared
{
    mutable std::mutex mutex; ///< guards all below
    std::condition_variable changed;
    ProduceProgress progress;
    bool stopAsked = false;

    void answer(const Result<kafka::Delivered> &result)
    {
        const std::scoped_lock lock(mutex);
        if (result) {
            ++progress.acknowledged;
            progress.newest = *result;
        } else {
            ++progress.failed;
            progress.error = result.error();
        }
        changed.notify_all();
    }

    /// Until there is room and it is time. False: stop.
    bool mayGoOn(MonoTime due)
    {
        std::unique_lock lock(mutex);
        changed.wait_until(lock, due, [this] { return stopAsked; });
        changed.wait(lock, [this] {
            return stopAsked ||
                   progress.sent - progress.acknowledged - progress.failed < inFlightLimit;
        });
        if (!stopAsked)
            ++progress.sent;
        return !stopAsked;
    }

    static void run(const std::shared_ptr<Shared> &shared, ConsumerRunner &runner,
                    const ProduceRequest &request)
    {
        auto writer = runner.openWriter(request.topic);
        if (!writer) {
            const std::scoped_lock lock(shared->mutex);
            shared->progress.error = writer.error();
            return;
        }
        const MonoTime begun = monoNow();
        for (std::uint64_t index = 0; index < request.count; ++index) {
            const auto due =
                request.perSecond
                    ? begun + std::chrono::microseconds(index * 1'000'000 / *request.perSecond)
                    : begun;
            if (!shared->mayGoOn(due))
                break;
            (*writer)->send(recordAt(request, index),
                            [shared](Result<kafka::Delivered> result) { shared->answer(result); });
        }
        (*writer)->flush(flushPatience);
    }
};

ProduceJob::ProduceJob(std::shared_ptr<ConsumerRunner> runner, ProduceRequest request)
    : m_shared(std::make_shared<Shared>())
{
    runInBackground("produce",
                    [shared = m_shared, runner = std::move(runner), request = std::move(request)] {
                        Shared::run(shared, *runner, request);
                        const std::scoped_lock lock(shared->mutex);
                        shared->progress.ended = true;
                        shared->progress.stopped = shared->progress.sent < request.count;
                    });
}

ProduceJob::~ProduceJob()
{
    stop();
}

void ProduceJob::stop()
{
    const std::scoped_lock lock(m_shared->mutex);
    m_shared->stopAsked = true;
    m_shared->changed.notify_all();
}

ProduceProgress ProduceJob::progress() const
{
    const std::scoped_lock lock(m_shared->mutex);
    return m_shared->progress;
}

} // namespace redrive::ui
