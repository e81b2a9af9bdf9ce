#pragma once

#include "core/base/mailbox.h"
#include "core/kafka/guard.h"
#include "core/offsets/armed.h"
#include "core/store/journal.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace redrive::offsets {

enum class JobState
{
    Planning,
    Planned,
    Waiting, ///< armed
    Applying,
    Done,      ///< `applied` says what came of it
    Refused,   ///< `error`; nothing was sent
    Failed,    ///< `error`: no broker, no journal
    Cancelled, ///< nothing was sent
};

/// A job as a front end shows it.
struct JobSnapshot
{
    JobState state = JobState::Planning;
    PlanRequest request;
    std::optional<Plan> plan;
    std::optional<Waiting> waiting;
    std::optional<WallTime> expires; ///< of an armed one
    std::optional<Applied> applied;
    std::optional<Error> error;
};

struct JobParts
{
    /// Opens what the job talks to the cluster with; called on its thread.
    std::function<Result<std::unique_ptr<kafka::GroupAdmin>>()> open;
    /// Opens the cluster's journal; called on its thread before anything is applied.
    std::function<Result<std::unique_ptr<store::Journal>>(const std::string &clusterId)> journal;
    kafka::WriteGuard guard;
    std::filesystem::path lockDirectory;
    std::string user;
    Millis timeout{8000}; ///< of each request
};

/// One change to one group, on a thread of its own ("offsets"): plans, plans again, applies or
/// waits armed. Owned by the front end's thread; every function returns at once.
class OffsetJob
{
public:
    explicit OffsetJob(JobParts parts);
    /// Cancels, and joins within 200 ms, save in the middle of a write, which is read back first.
    ~OffsetJob();
    OffsetJob(const OffsetJob &) = delete;
    OffsetJob &operator=(const OffsetJob &) = delete;

    /// Ends a planning or a waiting that is under way and begins this one; a write is done first.
    void plan(const PlanRequest &request);
    /// Applies the plan that was shown, as it is. The guard is asked first.
    void apply(const Plan &shown, const kafka::Confirmation &confirmation, std::string reason,
               bool evenIfMoving = false);
    void applyWhenEmpty(const Plan &shown, const kafka::Confirmation &confirmation,
                        std::string reason, Millis expires);
    /// Ends what is under way. What is written already is read back for two seconds more.
    void cancel();

    /// The newest since the last call, or null.
    std::shared_ptr<const JobSnapshot> take();
    void setWakeUp(std::function<void()> wakeUp); ///< on the job's thread; may only queue

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

} // namespace redrive::offsets
