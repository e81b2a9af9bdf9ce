#include "core/kafka/backgroundworker.h"

#include <pthread.h>
#include <utility>

namespace redrive::kafka {

BackgroundWorker::BackgroundWorker(rd_kafka_queue_t *wakes)
    : m_wakes(wakes)
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

void BackgroundWorker::post(Task task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push(std::move(task));
    }
    m_filled.notify_one();
}

std::vector<BackgroundWorker::Completion> BackgroundWorker::takeFinished()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_finished, {});
}

void BackgroundWorker::run(const std::stop_token &stop)
{
    pthread_setname_np(pthread_self(), "kafka-worker");
    while (!stop.stop_requested()) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_filled.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop();
        }
        Completion completion = task(stop);
        task = nullptr;
        {
            const std::scoped_lock lock(m_mutex);
            m_finished.push_back(std::move(completion));
        }
        rd_kafka_queue_yield(m_wakes);
    }
}

} // namespace redrive::kafka
