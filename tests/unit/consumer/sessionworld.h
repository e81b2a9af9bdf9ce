#pragma once

#include "core/consumer/breaker.h"
#include "core/consumer/session.h"
#include "tests/support/values/fakegroup.h"

#include <QTest>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace redrive::consumer {

using testsupport::FakeGroup;

inline const TopicPartition p0{"orders", 0};
inline const TopicPartition p1{"orders", 1};

/// A handler that does what the test says, and remembers what it was given. Thread-safe.
class ScriptedHandler final : public Handler
{
public:
    /// What becomes of a record; none: processed.
    using Verdict = std::function<std::optional<Failure>(const RecordView &)>;

    explicit ScriptedHandler(Verdict verdict = {})
        : m_verdict(std::move(verdict))
    {
    }
    std::string_view name() const override { return "scripted"; }

    BatchResult process(std::span<const RecordView> records, Progress &progress) override
    {
        BatchResult result;
        for (std::size_t i = 0; i < records.size() && progress.begin(i); ++i) {
            {
                std::unique_lock lock(m_mutex);
                m_seen.emplace_back(
                    TopicPartition{std::string(records[i].topic), records[i].partition},
                    records[i].offset);
                m_changed.notify_all();
                m_changed.wait(lock, [&] { return !m_gate || !m_gate(records[i]); });
            }
            result.failure = m_verdict ? m_verdict(records[i]) : std::nullopt;
            if (result.failure)
                break;
            ++result.done;
        }
        return result;
    }

    /// Holds the records for which `gate` is true, until another gate is set.
    void hold(std::function<bool(const RecordView &)> gate)
    {
        const std::scoped_lock lock(m_mutex);
        m_gate = std::move(gate);
        m_changed.notify_all();
    }
    void release() { hold({}); }

    std::vector<std::int64_t> seen(const TopicPartition &partition) const
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<std::int64_t> offsets;
        for (const auto &[where, offset] : m_seen) {
            if (where == partition)
                offsets.push_back(offset);
        }
        return offsets;
    }
    bool waitUntilSeen(const TopicPartition &partition, std::int64_t offset)
    {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(10), [&] {
            return std::find(m_seen.begin(), m_seen.end(), std::pair(partition, offset)) !=
                   m_seen.end();
        });
    }

private:
    Verdict m_verdict;
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    std::vector<std::pair<TopicPartition, std::int64_t>> m_seen;
    std::function<bool(const RecordView &)> m_gate;
};

inline Failure poison(std::string message = "expected string at $.order_id, got number")
{
    return Failure{.kind = Failure::Kind::Permanent,
                   .stage = Stage::Decode,
                   .errorClass = "DecodeError",
                   .message = std::move(message)};
}
inline Failure passing(std::string message = "try again")
{
    return Failure{.kind = Failure::Kind::Transient,
                   .stage = Stage::Process,
                   .errorClass = "Unlucky",
                   .message = std::move(message)};
}
inline Failure environment(std::string message = "database or disk is full")
{
    return Failure{.kind = Failure::Kind::Environment,
                   .stage = Stage::Process,
                   .errorClass = "SQLITE_FULL",
                   .message = std::move(message)};
}
inline Error brokerError(std::string code)
{
    return Error{.kind = Error::Kind::Broker,
                 .code = std::move(code),
                 .message = "the broker said so",
                 .attempted = "committing",
                 .retriable = std::nullopt};
}

/// A session over twins, and its events as they come.
class World
{
public:
    explicit World(std::function<void(SessionOptions &)> adjust = {},
                   ScriptedHandler::Verdict verdict = {})
        : handler(std::make_shared<ScriptedHandler>(std::move(verdict)))
    {
        options.group = GroupId("billing");
        options.topics = {"orders"};
        options.commit = CommitStrategy{.kind = CommitStrategy::Kind::Async};
        options.retry = RetryPolicy{.retries = 3, .base = Millis(1), .cap = Millis(4)};
        if (adjust)
            adjust(options);
    }
    ~World()
    {
        if (handler)
            handler->release();
    }
    World(const World &) = delete;
    World &operator=(const World &) = delete;

    void start(SteeringJournal journal = {})
    {
        SessionParts parts;
        parts.consumer = [this] { return group.makeConsumer(); };
        parts.writer = [this] { return group.makeWriter(); };
        parts.handler = handler;
        parts.journal = std::move(journal);
        parts.seed = 1;
        session = std::make_unique<ConsumerSession>(options, std::move(parts));
    }

    /// Takes events until one of this kind for which `holds` has come; null when none does in time.
    template <typename T>
    const T *await(std::function<bool(const T &)> holds = {})
    {
        const auto deadline = monoNow() + std::chrono::seconds(10);
        while (true) {
            for (; m_next < m_events.size(); ++m_next) {
                const auto *event = std::get_if<T>(&m_events[m_next]->what);
                if (event != nullptr && (!holds || holds(*event))) {
                    ++m_next;
                    return event;
                }
            }
            if (monoNow() > deadline)
                return nullptr;
            drain(Millis(20));
        }
    }
    /// All of a kind that have come so far.
    template <typename T>
    std::vector<T> all()
    {
        drain(Millis(0));
        std::vector<T> found;
        for (const auto &event : m_events) {
            if (const auto *what = std::get_if<T>(&event->what))
                found.push_back(*what);
        }
        return found;
    }
    bool until(const std::function<bool()> &holds)
    {
        const auto deadline = monoNow() + std::chrono::seconds(10);
        while (!holds()) {
            if (monoNow() > deadline)
                return false;
            drain(Millis(5));
        }
        return true;
    }
    bool untilCommitted(const TopicPartition &partition, std::int64_t offset)
    {
        return until([&] { return group.committed(partition) == offset; });
    }
    /// What the group said before this has been heard when it returns: each turn of the session
    /// takes commands first and what was said then, and the second command is of another turn.
    bool untilHeard()
    {
        for (int turn = 0; turn < 2; ++turn) {
            session->pause({"nobody's", 0});
            if (await<told::Steered>([](const told::Steered &steered) {
                    return steered.partition.topic == "nobody's";
                }) == nullptr)
                return false;
        }
        return true;
    }
    bool stop()
    {
        session->stop();
        return session->wait(Millis(15'000));
    }

    FakeGroup group; ///< first: outlives the session
    SessionOptions options;
    std::shared_ptr<ScriptedHandler> handler;
    std::unique_ptr<ConsumerSession> session;

private:
    void drain(Millis wait)
    {
        for (SessionEvent &event : session->events().take(wait))
            m_events.push_back(std::make_unique<SessionEvent>(std::move(event)));
    }
    std::vector<std::unique_ptr<SessionEvent>> m_events;
    std::size_t m_next = 0;
};

} // namespace redrive::consumer
