#pragma once

#include "core/base/error.h"
#include "core/consumer/options.h"
#include "core/consumer/snapshot.h"
#include "core/events/handlers/settings.h"
#include "core/kafka/recordwriter.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace redrive::ui {

/// How a session's group shares out its partitions.
enum class GroupProtocol
{
    Range,
    RoundRobin,
    CooperativeSticky,
    Consumer, ///< KIP-848
};

/// A session as a person asks for it: what the form gives. A value.
struct SessionRequest
{
    consumer::SessionOptions options;
    GroupProtocol protocol = GroupProtocol::CooperativeSticky;
    std::string handler = "inspect";
    std::filesystem::path database; ///< empty: none
    events::Dedupe dedupe = events::Dedupe::ByEventId;
    events::FaultPlan faults;
    std::string clusterId; ///< whose journal keeps what is done to it; empty: it is not known
};

/// A session that runs, as the window steers it: the methods of consumer::ConsumerSession. All
/// return at once but wait() and the destructor, which ends what still runs and may wait for a
/// handler: they are called off the UI thread.
class RunningSession
{
public:
    RunningSession() = default;
    RunningSession(const RunningSession &) = delete;
    RunningSession &operator=(const RunningSession &) = delete;
    virtual ~RunningSession() = default;

    virtual void stop(const std::string &reason) = 0;
    virtual void kill() = 0;
    virtual void pause(const TopicPartition &partition) = 0;
    virtual void resume(const TopicPartition &partition) = 0;
    virtual void seek(const TopicPartition &partition, Offset to) = 0;
    virtual void skipOne(const TopicPartition &partition) = 0;
    virtual void rewind(const TopicPartition &partition, std::int64_t records) = 0;

    /// May be null before the first.
    virtual std::shared_ptr<const consumer::SessionSnapshot> snapshot() const = 0;
    virtual std::vector<consumer::SessionEvent> takeEvents() = 0;
    virtual bool ended() const = 0;
    virtual bool wait(Millis timeout) const = 0; ///< off the UI thread; false: time ran out
};

/// What turns requests into sessions on one cluster. Kept by the cluster's view and by the work it
/// starts; every function may block and is called off the UI thread.
class ConsumerRunner
{
public:
    ConsumerRunner() = default;
    ConsumerRunner(const ConsumerRunner &) = delete;
    ConsumerRunner &operator=(const ConsumerRunner &) = delete;
    virtual ~ConsumerRunner() = default;

    virtual Result<std::unique_ptr<RunningSession>> start(const SessionRequest &request) = 0;
    /// For writing to `topic`, whose name is the consent.
    virtual Result<std::unique_ptr<kafka::RecordWriter>> openWriter(const std::string &topic) = 0;
};

} // namespace redrive::ui
