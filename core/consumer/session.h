#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/consumer/eventmailbox.h"
#include "core/consumer/handler.h"
#include "core/consumer/options.h"
#include "core/consumer/snapshot.h"
#include "core/kafka/groupconsumer.h"
#include "core/kafka/recordwriter.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace redrive::consumer {

/// What a person did to a running session, for the journal: called before it is done, on the
/// session's thread; an error refuses the action. Called again, with `committed`, when the broker
/// has acknowledged a commit at the new position; where the partition goes before, it is not.
using SteeringJournal = std::function<Result<void>(const told::Steered &)>;

/// Told about each attempt at a record that has ended, on a worker's thread; `failure` may be null.
using RecordTrace = std::function<void(const RecordView &record, WallTime begun, WallTime ended,
                                       std::size_t attempt, const Failure *failure)>;
/// Told about a commit that was answered and a dead letter that was acknowledged, on the session's
/// thread.
using CommitTrace = std::function<void(const told::Committed &committed)>;
using SendTrace = std::function<void(const OutgoingRecord &letter, WallTime begun,
                                     const Result<kafka::Delivered> &result)>;
using PollTrace = std::function<void(const std::vector<RecordView> &records, WallTime begun)>;

/// What a session stands on. Factories, so that tests give twins; called on the session's thread.
struct SessionParts
{
    std::function<Result<std::unique_ptr<kafka::GroupConsumer>>()> consumer;
    std::function<Result<std::unique_ptr<kafka::RecordWriter>>()> writer; ///< of dead letters
    std::shared_ptr<Handler> handler;
    RecordTrace traceRecord; ///< these may be empty: no tracing
    CommitTrace traceCommit;
    SendTrace traceSend;
    PollTrace tracePoll;
    SteeringJournal journal; ///< empty: nothing is kept
    /// What is wrong before anything has gone wrong (a dead-letter topic that is not there): called
    /// once, on a thread of its own; may be empty.
    std::function<std::vector<Error>()> check;
    std::uint64_t seed = 0; ///< of the jitter; 0: from the system
};

/// A consumer that runs here, at least once (C1–C5): a poll thread (named "session") that never
/// waits for a handler, and a bounded pool of workers ("handler 1" …). Owned by the front end's
/// thread; every function may be called from any thread and returns at once, except wait() and the
/// destructor.
class ConsumerSession
{
public:
    ConsumerSession(SessionOptions options, SessionParts parts);
    /// Kills what still runs, and waits for handlers that are in the middle of a record.
    ~ConsumerSession();
    ConsumerSession(const ConsumerSession &) = delete;
    ConsumerSession &operator=(const ConsumerSession &) = delete;

    /// Stop intake, finish what was taken (up to the drain limit), commit, leave the group, flush.
    void stop(std::string reason = "signal");
    /// End at once, with neither drain nor commit nor leaving, as a crash would.
    void kill();

    /// One partition each; refusals and results come as Steered events. A pause lasts until
    /// resume() or until the partition goes.
    void pause(TopicPartition partition);
    void resume(TopicPartition partition);
    void seek(TopicPartition partition, Offset to);
    void skipOne(TopicPartition partition); ///< the record that is next, or that fails
    void rewind(TopicPartition partition, std::int64_t records);

    std::shared_ptr<const SessionSnapshot> snapshot() const; ///< never null
    EventMailbox &events();

    bool ended() const;
    /// False when time ran out.
    bool wait(Millis timeout) const;

private:
    class Engine;
    std::unique_ptr<Engine> m_engine;
};

} // namespace redrive::consumer
