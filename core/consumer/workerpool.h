#pragma once

#include "core/consumer/handler.h"
#include "core/consumer/lane.h"
#include "core/consumer/marks.h"
#include "core/consumer/session.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

namespace redrive::consumer {

/// Records of one lane for one call of the handler.
struct Task
{
    std::shared_ptr<Lane> lane;
    std::shared_ptr<const kafka::RecordBatch> batch; ///< keeps the records alive
    std::span<const RecordView> records;
    std::size_t attempt = 1;
};

struct Completion
{
    std::shared_ptr<Lane> lane;
    std::size_t records = 0; ///< that the handler was given
    BatchResult result;
    /// Where the handler threw: the record that it had begun last. Nothing of the call counts.
    std::optional<std::size_t> threwAt;
    std::chrono::nanoseconds took{};
};

/// Threads that call the handler (R-19: never the poll thread). Destroying it waits for the calls
/// that run.
class WorkerPool
{
public:
    struct Parts
    {
        std::shared_ptr<Handler> handler;
        RunningMarks *marks = nullptr; ///< may be null; outlives the pool
        RecordTrace trace;
        std::function<void(Completion)> done; ///< on a worker's thread
    };
    WorkerPool(std::size_t workers, Parts parts);
    ~WorkerPool();
    WorkerPool(const WorkerPool &) = delete;
    WorkerPool &operator=(const WorkerPool &) = delete;

    void give(Task task);
    std::size_t size() const noexcept { return m_threads.size(); }

private:
    void work(std::size_t number);
    Completion run(Task &task, std::size_t number);

    Parts m_parts;
    std::mutex m_mutex;
    std::condition_variable m_given;
    std::deque<Task> m_tasks; ///< guarded by m_mutex
    bool m_ending = false;    ///< guarded by m_mutex
    std::vector<std::thread> m_threads;
};

} // namespace redrive::consumer
