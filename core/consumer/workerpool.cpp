#include "core/consumer/workerpool.h"

#include <exception>
#include <pthread.h>
#include <string>
#include <utility>

namespace redrive::consumer {

namespace {

/// Writes down which record the handler has: for the window, for the next start, for the trace.
class Watch final : public Progress
{
public:
    Watch(Task &task, RunningMarks *marks, std::size_t worker, bool traced)
        : m_task(task)
        , m_marks(marks)
        , m_worker(worker)
        , m_traced(traced)
    {
        if (m_marks != nullptr)
            m_marks->start(worker, task.records.front().topic, task.records.front().partition);
        if (m_traced)
            begun.reserve(task.records.size());
    }
    ~Watch() override
    {
        m_task.lane->current.store(-1, std::memory_order_relaxed);
        if (m_marks != nullptr)
            m_marks->end(m_worker);
    }
    Watch(const Watch &) = delete;
    Watch &operator=(const Watch &) = delete;

    bool begin(std::size_t index) override
    {
        if (index > 0 && m_task.lane->stopAsked.load(std::memory_order_relaxed))
            return false;
        last = index;
        const std::int64_t offset = m_task.records[index].offset;
        if (m_marks != nullptr)
            m_marks->record(m_worker, offset);
        // The clock is read for the first of a crowd only: it costs more than many a handler.
        if ((index & 15U) == 0)
            m_task.lane->currentSince.store(monoNow().time_since_epoch().count(),
                                            std::memory_order_relaxed);
        m_task.lane->current.store(offset, std::memory_order_relaxed);
        if (m_traced)
            begun.push_back(wallNow());
        return true;
    }

    std::size_t last = 0;
    std::vector<WallTime> begun;

private:
    Task &m_task;
    RunningMarks *m_marks;
    std::size_t m_worker;
    bool m_traced;
};

Failure thrown(std::string errorClass, std::string message)
{
    return Failure{.kind = Failure::Kind::Transient,
                   .stage = Stage::Process,
                   .errorClass = std::move(errorClass),
                   .message = std::move(message)};
}

} // namespace

WorkerPool::WorkerPool(std::size_t workers, Parts parts)
    : m_parts(std::move(parts))
{
    for (std::size_t number = 0; number < workers; ++number)
        m_threads.emplace_back([this, number] { work(number); });
}

WorkerPool::~WorkerPool()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_ending = true;
        m_tasks.clear();
    }
    m_given.notify_all();
    for (std::thread &thread : m_threads)
        thread.join();
}

void WorkerPool::give(Task task)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_given.notify_one();
}

void WorkerPool::work(std::size_t number)
{
    pthread_setname_np(pthread_self(), ("handler " + std::to_string(number + 1)).c_str());
    while (true) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            m_given.wait(lock, [this] { return m_ending || !m_tasks.empty(); });
            if (m_ending)
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        m_parts.done(run(task, number));
    }
}

Completion WorkerPool::run(Task &task, std::size_t number)
{
    Completion completion;
    completion.lane = task.lane;
    completion.records = task.records.size();
    const auto began = monoNow();
    {
        Watch watch(task, m_parts.marks, number, m_parts.trace != nullptr);
        try {
            completion.result = m_parts.handler->process(task.records, watch);
        } catch (const std::exception &error) {
            completion.threwAt = watch.last;
            completion.result = {};
            completion.result.failure = thrown("Exception", error.what());
        } catch (...) {
            completion.threwAt = watch.last;
            completion.result = {};
            completion.result.failure = thrown("UnknownException", "threw what is no exception");
        }
        if (m_parts.trace) {
            const WallTime ended = wallNow();
            const auto &failure = completion.result.failure;
            for (std::size_t i = 0; i < watch.begun.size(); ++i) {
                const bool last = i + 1 == watch.begun.size();
                m_parts.trace(task.records[i], watch.begun[i], last ? ended : watch.begun[i + 1],
                              i == 0 ? task.attempt : 1, last && failure ? &*failure : nullptr);
            }
        }
    }
    completion.took = monoNow() - began;
    return completion;
}

} // namespace redrive::consumer
