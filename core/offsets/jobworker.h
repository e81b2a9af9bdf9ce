#pragma once

#include "core/offsets/job.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

// Private to the job.

namespace redrive::offsets {

/// The job's thread, and what crosses to it: one piece of work at a time, and at most one waiting.
class OffsetJob::Worker
{
public:
    using Work = std::function<void(Worker &, const std::stop_token &)>;

    explicit Worker(JobParts parts);
    ~Worker();
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    // The owner's thread.
    void begin(Work work);
    void cancel();
    LatestMailbox<JobSnapshot> &mailbox() { return m_mailbox; }

    // The job's thread.
    void planNow(const PlanRequest &request, const std::stop_token &stop);
    void applyNow(const Plan &shown, const kafka::Confirmation &confirmation,
                  const std::string &reason, bool evenIfMoving, const std::stop_token &stop);
    void waitAndApply(const Plan &shown, const kafka::Confirmation &confirmation,
                      const std::string &reason, Millis expires, const std::stop_token &stop);

private:
    struct Opened
    {
        kafka::Permit permit;
        std::unique_ptr<store::Journal> journal;
    };

    void run(const std::stop_token &stop);
    std::optional<std::stop_token> next(const std::stop_token &stop, Work &work);
    void work(const Work &work, const std::stop_token &stop);

    Result<kafka::GroupAdmin *> admin();
    Result<Opened> open(const Plan &shown, const kafka::Confirmation &confirmation);
    ApplyOptions applyOptions(const std::string &reason) const;
    ReadOptions readOptions() const;
    void takeShown(const Plan &shown, JobState state);
    void end(Result<Applied> result);
    void fail(const Error &error);
    void tell();

    JobParts m_parts;
    LatestMailbox<JobSnapshot> m_mailbox;
    JobSnapshot m_snapshot;                     ///< the job's thread's
    std::unique_ptr<kafka::GroupAdmin> m_admin; ///< the job's thread's

    std::mutex m_mutex;
    std::condition_variable_any m_filled;
    std::optional<Work> m_waiting; ///< guarded by m_mutex
    std::stop_source m_current;    ///< of what is under way; guarded by m_mutex
    std::jthread m_thread;         ///< last, so that it ends before what it uses
};

} // namespace redrive::offsets
