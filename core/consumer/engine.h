#pragma once

// Private to this room: what stands behind ConsumerSession.

#include "core/consumer/breaker.h"
#include "core/consumer/commitbook.h"
#include "core/consumer/eventmailbox.h"
#include "core/consumer/lane.h"
#include "core/consumer/latency.h"
#include "core/consumer/marks.h"
#include "core/consumer/options.h"
#include "core/consumer/session.h"
#include "core/consumer/snapshot.h"
#include "core/consumer/waker.h"
#include "core/consumer/workerpool.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace redrive::consumer {

namespace consumed = kafka::consumed;

/// The poll thread of a session and what it owns. Each turn of the loop takes what has been said
/// (by the group, by handlers, by the dead-letter writer, by people), decides, and never waits for
/// any of them. Split over several files by what is decided: engine.cpp (life), enginegroup.cpp
/// (rebalances), engineend.cpp (ends), engineintake.cpp (what is taken), enginework.cpp (what
/// becomes of it), enginefailure.cpp (what fails), enginecommit.cpp, enginesteer.cpp,
/// enginesnapshot.cpp.
class ConsumerSession::Engine
{
public:
    Engine(SessionOptions options, SessionParts parts);
    ~Engine();

    struct Stop
    {
        std::string reason;
    };
    struct Kill
    {
    };
    struct Steer
    {
        enum class Action
        {
            Pause,
            Resume,
            Seek,
            SkipOne,
            Rewind
        };
        Action action{};
        TopicPartition partition;
        std::int64_t value = 0; ///< offset or count
    };
    using Command = std::variant<Stop, Kill, Steer>;
    void command(Command command);

    std::shared_ptr<const SessionSnapshot> snapshot() const;
    EventMailbox &events() noexcept { return m_events; }
    bool ended() const;
    bool wait(Millis timeout) const;

private:
    struct Delivery
    {
        std::shared_ptr<Lane> lane;
        std::string topic;
        Result<kafka::Delivered> result;
    };
    struct Revocation
    {
        std::vector<TopicPartition> partitions;
        kafka::RebalanceProtocol protocol{};
        MonoTime deadline{};
        bool committing = false;
    };
    struct CommitRequest
    {
        std::vector<Position> positions;
        MonoTime sentAt{};
        bool sync = false;
    };
    /// What other members have to read yet.
    struct Elsewhere
    {
        MonoTime askAt{};
        MonoTime movedAt{};
        std::int64_t open = 0; ///< offsets that were not committed at the last look
        bool isAsked = false;
    };
    /// What becomes of a record that the handler did not process.
    enum class Fate
    {
        DeadLettered,
        Skipped
    };

    // engine.cpp: life
    void run();
    bool start();
    bool turn();
    void obey();
    void beginStop(const std::string &reason, int exit);
    void fail(Error error);
    bool closeStep(MonoTime now);
    void end(SessionState state);
    void sleep(MonoTime now);
    std::optional<MonoTime> nextTimer(MonoTime now) const;
    void tell(told::What what);
    void problem(Error error, const TopicPartition *partition = nullptr,
                 std::optional<Offset> offset = std::nullopt);

    // enginegroup.cpp: rebalances
    void hear(consumed::Event event);
    void onAssigned(consumed::Assigned assigned);
    void onStartingPoints(const consumed::StartingPoints &points);
    void onRevoked(consumed::Revoked revoked);
    void onComplaint(const consumed::Complaint &complaint);
    bool isResetRefused(const consumed::StartingPoint &point);
    void revokeStep(MonoTime now);
    void drop(const TopicPartition &partition);
    void dropSlices(Partition &partition);
    Partition *find(const TopicPartition &partition);

    // engineintake.cpp: what is taken
    bool intake(MonoTime now);
    void accept(kafka::RecordBatch batch, MonoTime now);
    std::size_t distribute(Partition &partition,
                           const std::shared_ptr<const kafka::RecordBatch> &batch,
                           std::span<const RecordView> records, MonoTime now);
    void balanceBacklog();
    bool wantsMore() const;
    void wentBack(Partition &partition, std::int64_t to);

    // enginework.cpp: what becomes of it
    bool dispatch(MonoTime now);
    bool mayRun(const Partition &partition, const Lane &lane, MonoTime now) const;
    bool isSuspect(const RecordView &record) const;
    std::size_t sliceLimit(const Lane &lane) const;
    void onCompletion(Completion completion, MonoTime now);
    void finish(Partition &partition, Lane &lane, const RecordView &record, Fate fate,
                MonoTime now);
    void settle(Partition &partition, std::size_t records, MonoTime now);

    // engineend.cpp: where it is to end
    void checkEnd();
    bool isAtEnd() const;
    void onElsewhere(const consumed::StartingPoints &points);

    // enginefailure.cpp: what fails
    void onFailure(Partition &partition, Lane &lane, Failure failure, const std::string &eventId,
                   MonoTime now);
    void giveUp(Partition &partition, Lane &lane, MonoTime now);
    void sendDeadLetter(Lane &lane, MonoTime now);
    bool condemnSuspect(Partition &partition, Lane &lane, MonoTime now);
    void onDelivery(Delivery delivery, MonoTime now);
    void convictSuspects();
    bool suspectWaits(const Partition &partition) const;
    bool mayRunBesideSuspects(Lane &lane, MonoTime now);
    double random();

    // enginecommit.cpp
    void commitStep(MonoTime now);
    void commitAll(MonoTime now);
    void send(std::uint64_t request, std::vector<Position> positions, bool sync, MonoTime now);
    void store(const Position &position);
    void onCommitAnswer(const consumed::CommitAnswer &answer);

    // enginesteer.cpp
    void steer(const Steer &steer);
    void moveTo(Partition &partition, std::int64_t offset, const char *action);
    void skipOne(Partition &partition);
    void confirmSteered(std::uint64_t request, const Position &committed);
    void seekStep();
    void onSeekAnswer(const consumed::SeekAnswer &answer);

    // enginesnapshot.cpp
    void publish(MonoTime now, bool always = false);
    LaneSnapshot lookAt(const Partition &partition) const;

    const SessionOptions m_options;
    SessionParts m_parts;
    EventMailbox m_events;
    Waker m_waker;

    mutable std::mutex m_mutex; ///< guards the next five
    mutable std::condition_variable m_endedCondition;
    std::vector<Command> m_commands;
    std::vector<Completion> m_completions;
    std::vector<Delivery> m_deliveries;
    std::shared_ptr<const SessionSnapshot> m_snapshot;
    bool m_ended = false;

    // Of the session's thread alone.
    std::unique_ptr<RunningMarks> m_marks;
    std::unique_ptr<kafka::GroupConsumer> m_consumer;
    std::unique_ptr<kafka::RecordWriter> m_writer;
    std::unique_ptr<WorkerPool> m_pool;
    std::map<TopicPartition, std::unique_ptr<Partition>> m_partitions;
    CommitBook m_book;
    Breaker m_breaker;
    LatencyWindow m_latency;
    std::mt19937_64 m_random;

    SessionState m_state = SessionState::Joining;
    WallTime m_since{};
    MonoTime m_turnedAt{};
    std::optional<MonoTime> m_joinedAt;
    std::optional<Elsewhere> m_elsewhere; ///< of untilEnd, when ours has come to its end
    std::map<TopicPartition, Offset> m_otherEnds;
    std::string m_protocol;
    bool m_connected = false;
    std::optional<Error> m_problem;
    std::set<std::string> m_unavailable; ///< topics that are read and not there, or not for us
    std::map<std::string, MonoTime> m_complained; ///< what was told of the connection, and when
    Counters m_counters;
    std::vector<Revocation> m_revocations;
    std::vector<std::pair<std::vector<TopicPartition>, kafka::RebalanceProtocol>> m_assigning;
    std::map<std::uint64_t, CommitRequest> m_requests;
    std::uint64_t m_lastRequest = 0;
    std::size_t m_dispatched = 0; ///< records that workers have
    std::size_t m_lettersOnTheirWay = 0;
    std::size_t m_likelyBytes = 512; ///< of a record: those of the last take
    std::size_t m_probeFrom = 0;     ///< which lane the breaker tries next
    std::uint64_t m_finished = 0;    ///< in any way
    bool m_suspecting = false;       ///< suspects of an earlier run are still to be seen

    std::string m_stopReason;
    int m_exit = 0;
    std::optional<MonoTime> m_drainDeadline;
    std::optional<MonoTime> m_commitDeadline;
    std::optional<MonoTime> m_closeDeadline;
    bool m_killed = false;
    bool m_broken = false; ///< the consumer is at its end: nothing can be committed any more
    std::optional<told::Stopped> m_stopped;

    MonoTime m_publishedAt{};
    std::deque<std::pair<MonoTime, std::uint64_t>> m_rate; ///< finished so far, sampled

    std::thread m_checks;
    std::thread m_thread; ///< last
};

} // namespace redrive::consumer
