#include "core/consumer/engine.h"

#include "core/base/text.h"
#include "core/telemetry/logging.h"

#include <algorithm>
#include <pthread.h>
#include <utility>

namespace redrive::consumer {

namespace {

constexpr Millis tick{250};
constexpr Millis commitPatience{5000};
constexpr Millis closePatience{5000};

} // namespace

ConsumerSession::Engine::Engine(SessionOptions options, SessionParts parts)
    : m_options(std::move(options))
    , m_parts(std::move(parts))
    , m_events(m_options.eventCapacity, m_options.losesNoEvent ? EventMailbox::WhenFull::HoldIntake
                                                               : EventMailbox::WhenFull::DropOldest)
    , m_book(m_options.commit)
    , m_breaker(m_options.retry)
    , m_random(m_parts.seed != 0 ? m_parts.seed : std::random_device{}())
    , m_since(wallNow())
{
    m_events.setRoomAgain([this] { m_waker.wake(); });
    publish(monoNow(), true);
    m_thread = std::thread([this] { run(); });
}

ConsumerSession::Engine::~Engine()
{
    command(Kill{});
    m_thread.join();
    if (m_checks.joinable())
        m_checks.join();
}

void ConsumerSession::Engine::command(Command command)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_commands.push_back(std::move(command));
    }
    m_waker.wake();
}

std::shared_ptr<const SessionSnapshot> ConsumerSession::Engine::snapshot() const
{
    const std::scoped_lock lock(m_mutex);
    return m_snapshot;
}

bool ConsumerSession::Engine::ended() const
{
    const std::scoped_lock lock(m_mutex);
    return m_ended;
}

bool ConsumerSession::Engine::wait(Millis timeout) const
{
    std::unique_lock lock(m_mutex);
    return m_endedCondition.wait_for(lock, timeout, [this] { return m_ended; });
}

void ConsumerSession::Engine::run()
{
    pthread_setname_np(pthread_self(), "session");
    if (!start()) {
        end(SessionState::Failed);
        return;
    }
    while (turn()) {
    }
}

bool ConsumerSession::Engine::start()
{
    if (auto sound = check(m_options); !sound) {
        fail(sound.error());
        return false;
    }
    if (!m_options.marksBeside.empty()) {
        auto marks = RunningMarks::open(m_options.marksBeside, m_options.group, m_options.workers);
        if (marks)
            m_marks = std::move(*marks);
        else
            problem(marks.error());
    }
    auto consumer = m_parts.consumer();
    if (!consumer) {
        fail(consumer.error());
        return false;
    }
    m_consumer = std::move(*consumer);
    m_consumer->wakeThrough(m_waker.descriptor());
    m_pool = std::make_unique<WorkerPool>(
        m_options.workers, WorkerPool::Parts{.handler = m_parts.handler,
                                             .marks = m_marks.get(),
                                             .trace = m_parts.traceRecord,
                                             .done = [this](Completion completion) {
                                                 {
                                                     const std::scoped_lock lock(m_mutex);
                                                     m_completions.push_back(std::move(completion));
                                                 }
                                                 m_waker.wake();
                                             }});
    if (m_parts.check)
        m_checks = std::thread([this] {
            pthread_setname_np(pthread_self(), "session-check");
            for (Error &error : m_parts.check())
                tell(told::Problem{.error = std::move(error)});
        });
    return true;
}

bool ConsumerSession::Engine::turn()
{
    const MonoTime now = monoNow();
    m_turnedAt = now;
    obey();
    if (m_killed) {
        end(SessionState::Killed);
        return false;
    }
    bool busy = false;
    for (consumed::Event &event : m_consumer->poll()) {
        hear(std::move(event));
        busy = true;
    }
    std::vector<Completion> completions;
    std::vector<Delivery> deliveries;
    {
        const std::scoped_lock lock(m_mutex);
        completions.swap(m_completions);
        deliveries.swap(m_deliveries);
    }
    for (Completion &completion : completions)
        onCompletion(std::move(completion), now);
    for (Delivery &delivery : deliveries)
        onDelivery(std::move(delivery), now);
    seekStep();
    if (m_state == SessionState::Running) {
        checkEnd();
        busy = intake(now) || busy;
        busy = dispatch(now) || busy;
    }
    commitStep(now);
    revokeStep(now);
    if (m_state == SessionState::Draining && !closeStep(now))
        return false;
    publish(now);
    if (!busy && completions.empty() && deliveries.empty())
        sleep(now);
    return true;
}

void ConsumerSession::Engine::obey()
{
    std::vector<Command> commands;
    {
        const std::scoped_lock lock(m_mutex);
        commands.swap(m_commands);
    }
    for (const Command &command : commands) {
        if (const auto *stop = std::get_if<Stop>(&command))
            beginStop(stop->reason, 0);
        else if (std::holds_alternative<Kill>(command))
            m_killed = true;
        else
            steer(std::get<Steer>(command));
    }
}

void ConsumerSession::Engine::beginStop(const std::string &reason, int exit)
{
    if (m_state == SessionState::Draining)
        return;
    m_state = SessionState::Draining;
    m_stopReason = reason;
    m_exit = exit;
    m_drainDeadline = monoNow() + m_options.drain;
    for (auto &[id, partition] : m_partitions) {
        for (auto &lane : partition->lanes)
            lane->stopAsked = true;
    }
}

void ConsumerSession::Engine::fail(Error error)
{
    m_problem = error;
    tell(told::Problem{.error = std::move(error), .fatal = true});
    beginStop("error", 1);
}

/// Intake has stopped. Finish what handlers have, commit, leave; each with its limit.
bool ConsumerSession::Engine::closeStep(MonoTime now)
{
    const bool isQuiet = std::none_of(m_partitions.begin(), m_partitions.end(),
                                      [](const auto &entry) { return entry.second->isBusy(); });
    if (!m_commitDeadline && !m_closeDeadline) {
        if (!isQuiet && now < *m_drainDeadline && !m_broken)
            return true;
        if (!isQuiet && !m_broken) {
            m_exit = 1;
            problem(Error{.kind = Error::Kind::Timeout,
                          .code = "DRAIN_LIMIT",
                          .message = "handlers were not done after " +
                                     humanDuration(m_options.drain) +
                                     "; what they have will be delivered again",
                          .attempted = "stopping",
                          .retriable = false});
        }
        m_commitDeadline = m_broken ? now : now + commitPatience;
        m_book.tryAgain();
    }
    if (!m_closeDeadline) {
        if (m_book.isAnythingPending() && now < *m_commitDeadline) {
            commitAll(now);
            return true;
        }
        if (m_book.isAnythingPending() && !m_broken) {
            m_exit = 1;
            problem(Error{.kind = Error::Kind::Timeout,
                          .code = "COMMIT_UNACKNOWLEDGED",
                          .message = "the last commit was not acknowledged; records behind the one "
                                     "before will be delivered again",
                          .attempted = "committing before leaving the group",
                          .retriable = true});
        }
        m_closeDeadline = now + closePatience;
        m_assigning.clear();
        if (!m_broken)
            m_consumer->close();
    }
    if (!m_broken && !m_consumer->closed() && now < *m_closeDeadline)
        return true;
    end(m_exit == 0 || m_stopReason != "error" ? SessionState::Stopped : SessionState::Failed);
    return false;
}

void ConsumerSession::Engine::end(SessionState state)
{
    m_state = state;
    if (state == SessionState::Killed)
        m_stopReason = "killed";
    m_stopped = told::Stopped{.reason = m_stopReason,
                              .processed = m_counters.processed,
                              .deadLettered = m_counters.deadLettered,
                              .skipped = m_counters.skipped,
                              .exit = state == SessionState::Killed ? 1 : m_exit};
    tell(*m_stopped);
    publish(monoNow(), true);
    m_consumer.reset();
    {
        const std::scoped_lock lock(m_mutex);
        m_ended = true;
    }
    m_endedCondition.notify_all();
    m_pool.reset(); // waits for handlers that are still at it
    m_writer.reset();
    m_partitions.clear();
    m_marks.reset();
}

std::optional<MonoTime> ConsumerSession::Engine::nextTimer(MonoTime now) const
{
    std::optional<MonoTime> next;
    const auto consider = [&next, now](std::optional<MonoTime> time) {
        // A timer that is due was looked at in this turn; what it waits for now is somebody else.
        if (time && *time > now)
            next = next ? std::min(*next, *time) : *time;
    };
    for (const auto &[id, partition] : m_partitions) {
        for (const auto &lane : partition->lanes) {
            if (!lane->isBusy())
                consider(lane->notBefore);
        }
    }
    consider(m_breaker.nextProbe());
    consider(m_book.nextDue());
    for (const Revocation &revocation : m_revocations)
        consider(revocation.deadline);
    consider(m_closeDeadline    ? m_closeDeadline
             : m_commitDeadline ? m_commitDeadline
                                : m_drainDeadline);
    return next;
}

void ConsumerSession::Engine::sleep(MonoTime now)
{
    const MonoTime latest = now + tick;
    const auto timer = nextTimer(now);
    m_waker.sleep(now, timer ? std::min(*timer, latest) : latest);
}

void ConsumerSession::Engine::tell(told::What what)
{
    m_events.put(SessionEvent{.time = wallNow(), .what = std::move(what)});
}

void ConsumerSession::Engine::problem(Error error, const TopicPartition *partition,
                                      std::optional<Offset> offset)
{
    m_problem = error;
    told::Problem told{.error = std::move(error)};
    if (partition != nullptr)
        told.partition = *partition;
    told.offset = offset;
    tell(std::move(told));
}

} // namespace redrive::consumer
