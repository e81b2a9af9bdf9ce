#pragma once

#include "core/base/mailbox.h"
#include "core/kafka/clusterclient.h"
#include "core/kafka/guard.h"
#include "core/workspace/profile.h"
#include "core/workspace/snapshot.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace redrive::workspace {

struct SessionOptions
{
    Millis interval{5000};       ///< whole refresh
    Millis focusInterval{2000};  ///< the group looked at
    Millis requestTimeout{8000}; ///< of each request
    std::size_t historyBytes = 100U << 20U;
    /// What a person can do about an error, in a sentence; may be empty. Called on the cluster's
    /// thread.
    std::function<std::string(const Error &)> advise;
};

/// Makes a client; a function so that tests give a twin in memory.
using ClientFactory = std::function<Result<std::unique_ptr<kafka::ClusterClient>>()>;

/// One connected cluster, watched from a thread of its own (named "cluster"). Owned by the front
/// end's thread; every function here may be called from it and returns at once. Refreshes run one
/// at a time a kind: listing with offsets and ends (interval), the group in focus (focusInterval),
/// topics while they are shown. The next is armed when the last has ended, and a slow cluster
/// stretches the interval. A handle that keeps timing out is replaced. Should the thread end by a
/// fault of ours, the last snapshot says so: stale, SESSION_ENDED.
class ClusterSession
{
public:
    ClusterSession(ClientFactory factory, SessionOptions options, kafka::AccessPolicy policy);
    /// Asks the thread to end and joins it: within 200 ms, since nothing there blocks longer. The
    /// handle itself is destroyed in the background.
    ~ClusterSession();
    ClusterSession(const ClusterSession &) = delete;
    ClusterSession &operator=(const ClusterSession &) = delete;

    /// The newest snapshot since the last call, or null. Wake-ups come from the cluster's thread
    /// and may only queue.
    std::shared_ptr<const ClusterSnapshot> take();
    void setWakeUp(std::function<void()> wakeUp);

    /// Read at once, also while paused, and then every focusInterval.
    void setFocus(std::optional<GroupId> group);
    void setTopicsWanted(bool wanted); ///< the Topics page is open: list topics, records, readers
    /// No refresh starts by itself; what is under way ends.
    void setPaused(bool paused);
    void setInterval(Millis interval);
    /// Everything once, also while paused; opens a handle where that failed.
    void refreshNow();
    void clearProblems(); ///< those no longer current

    const kafka::WriteGuard &guard() const noexcept;

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

/// Opens the profile on librdkafka.
Result<std::unique_ptr<ClusterSession>>
openSession(const Profile &profile, const KeychainReader &keychain, SessionOptions options);

} // namespace redrive::workspace
