#pragma once

#include "core/base/error.h"
#include "core/offsets/job.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace redrive::ui {

/// What a person wants done to a group's offsets, as far as it is said where they ask for it; the
/// dialog asks for the rest. A value.
struct OffsetWish
{
    GroupId group;
    offsets::Scope scope;
    std::optional<offsets::Target> target; ///< none: still to be chosen; an Undo stands as it is
    bool create = false;                   ///< the group may be made, where there is none
};

/// One change to one group, as the window steers it: the methods of offsets::OffsetJob. All return
/// at once but the destructor, which may wait for a write to be read back: it is called off the UI
/// thread.
class OffsetWork
{
public:
    OffsetWork() = default;
    OffsetWork(const OffsetWork &) = delete;
    OffsetWork &operator=(const OffsetWork &) = delete;
    virtual ~OffsetWork() = default;

    virtual void plan(const offsets::PlanRequest &request) = 0;
    virtual void apply(const offsets::Plan &shown, const kafka::Confirmation &confirmation,
                       const std::string &reason, bool evenIfMoving) = 0;
    virtual void applyWhenEmpty(const offsets::Plan &shown, const kafka::Confirmation &confirmation,
                                const std::string &reason, Millis expires) = 0;
    virtual void cancel() = 0;
    /// The newest since the last call, or null.
    virtual std::shared_ptr<const offsets::JobSnapshot> take() = 0;
    virtual void setWakeUp(std::function<void()> wakeUp) = 0; ///< on any thread; may only queue
};

/// What makes such work for one cluster. Kept by the cluster's view and by what it starts.
class OffsetRunner
{
public:
    OffsetRunner() = default;
    OffsetRunner(const OffsetRunner &) = delete;
    OffsetRunner &operator=(const OffsetRunner &) = delete;
    virtual ~OffsetRunner() = default;

    /// UI thread; returns at once.
    virtual std::unique_ptr<OffsetWork> begin() = 0;
    /// How to take back what the journal of that cluster has under `journal`. Reads the disk: off
    /// the UI thread.
    virtual Result<offsets::PlanRequest> undoOf(const std::string &clusterId,
                                                const std::string &journal) = 0;
    /// What Kafka's own tools are given to reach the cluster.
    virtual std::string bootstrap() const = 0;
};

} // namespace redrive::ui
