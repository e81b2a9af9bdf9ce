#pragma once

#include "core/kafka/handles.h"

#include <queue>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace redrive::kafka {

/// One thread ("kafka-worker") for the few calls that librdkafka only has in blocking form:
/// metadata of all topics, the deprecated group listing, reads of a log's tail. What a task returns
/// runs on the owner's thread, out of takeFinished(); the queue is yielded so that a waiting poll()
/// sees it.
class BackgroundWorker
{
public:
    using Completion = std::function<void()>;
    using Task = std::function<Completion(std::stop_token)>;

    explicit BackgroundWorker(rd_kafka_queue_t *wakes);
    /// Waits for the task under way; so only the reaper destroys one.
    ~BackgroundWorker() = default;
    BackgroundWorker(const BackgroundWorker &) = delete;
    BackgroundWorker &operator=(const BackgroundWorker &) = delete;

    void post(Task task);
    std::vector<Completion> takeFinished();
    void requestStop() { m_thread.request_stop(); }

private:
    void run(const std::stop_token &stop);

    rd_kafka_queue_t *m_wakes;
    std::mutex m_mutex;
    std::condition_variable_any m_filled;
    std::queue<Task> m_tasks;           ///< guarded by m_mutex
    std::vector<Completion> m_finished; ///< guarded by m_mutex
    std::jthread m_thread;              ///< last, so that it ends before what it uses
};

} // namespace redrive::kafka
