#pragma once

#include "groupsfixture.h"
#include "ui/bridge/consumersessions.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace redrive::test {

namespace told = consumer::told;

/// A session in memory: does nothing but note what it is told, and shows what a test gives it.
/// Shared between the test and the window; thread-safe.
struct TwinState
{
    mutable std::mutex mutex; ///< guards all below
    mutable std::condition_variable changed;
    std::shared_ptr<const consumer::SessionSnapshot> snapshot;
    std::vector<consumer::SessionEvent> events;
    std::vector<std::string> orders; ///< "pause orders/3"
    bool ended = false;
    bool destroyed = false;
    bool endsWhenStopped = true;
    bool endsWhenKilled = true;

    void show(consumer::SessionSnapshot next)
    {
        const std::scoped_lock lock(mutex);
        snapshot = std::make_shared<const consumer::SessionSnapshot>(std::move(next));
    }
    void tell(told::What what, WallTime time = noon())
    {
        const std::scoped_lock lock(mutex);
        events.push_back({time, std::move(what)});
    }
    void order(const std::string &text)
    {
        const std::scoped_lock lock(mutex);
        orders.push_back(text);
        changed.notify_all();
    }
    std::vector<std::string> ordered() const
    {
        const std::scoped_lock lock(mutex);
        return orders;
    }
    void end(consumer::SessionState state)
    {
        const std::scoped_lock lock(mutex);
        auto next = snapshot ? *snapshot : consumer::SessionSnapshot{};
        next.state = state;
        if (state == consumer::SessionState::Stopped)
            next.lanes.clear();
        snapshot = std::make_shared<const consumer::SessionSnapshot>(std::move(next));
        ended = true;
        changed.notify_all();
    }
    bool isDestroyed() const
    {
        const std::scoped_lock lock(mutex);
        return destroyed;
    }
};

class TwinSession final : public ui::RunningSession
{
public:
    explicit TwinSession(std::shared_ptr<TwinState> state)
        : m_state(std::move(state))
    {
    }
    ~TwinSession() override
    {
        const std::scoped_lock lock(m_state->mutex);
        m_state->destroyed = true;
        m_state->changed.notify_all();
    }
    void stop(const std::string &reason) override
    {
        m_state->order("stop: " + reason);
        if (m_state->endsWhenStopped)
            m_state->end(consumer::SessionState::Stopped);
    }
    void kill() override
    {
        m_state->order("kill");
        if (m_state->endsWhenKilled)
            m_state->end(consumer::SessionState::Killed);
    }
    void pause(const TopicPartition &p) override { m_state->order("pause " + text(p)); }
    void resume(const TopicPartition &p) override { m_state->order("resume " + text(p)); }
    void seek(const TopicPartition &p, Offset to) override
    {
        m_state->order("seek " + text(p) + " " + std::to_string(to.value()));
    }
    void skipOne(const TopicPartition &p) override { m_state->order("skip " + text(p)); }
    void rewind(const TopicPartition &p, std::int64_t records) override
    {
        m_state->order("rewind " + text(p) + " " + std::to_string(records));
    }
    std::shared_ptr<const consumer::SessionSnapshot> snapshot() const override
    {
        const std::scoped_lock lock(m_state->mutex);
        return m_state->snapshot;
    }
    std::vector<consumer::SessionEvent> takeEvents() override
    {
        const std::scoped_lock lock(m_state->mutex);
        return std::exchange(m_state->events, {});
    }
    bool ended() const override
    {
        const std::scoped_lock lock(m_state->mutex);
        return m_state->ended;
    }
    bool wait(Millis timeout) const override
    {
        std::unique_lock lock(m_state->mutex);
        return m_state->changed.wait_for(lock, timeout, [this] { return m_state->ended; });
    }

private:
    static std::string text(const TopicPartition &p)
    {
        return p.topic + "/" + std::to_string(p.partition);
    }
    std::shared_ptr<TwinState> m_state;
};

/// Acknowledges what it is given, or refuses it.
class TwinWriter final : public kafka::RecordWriter
{
public:
    struct Seen
    {
        std::mutex mutex;
        std::vector<OutgoingRecord> records;
        bool refuses = false;
    };
    explicit TwinWriter(std::shared_ptr<Seen> seen)
        : m_seen(std::move(seen))
    {
    }
    void send(OutgoingRecord record, Reply reply) override
    {
        bool refuses = false;
        std::int64_t offset = 0;
        {
            const std::scoped_lock lock(m_seen->mutex);
            refuses = m_seen->refuses;
            offset = static_cast<std::int64_t>(m_seen->records.size());
            m_seen->records.push_back(std::move(record));
        }
        if (refuses)
            reply(brokerError("writing to orders", "Broker: Topic authorization failed",
                              "TOPIC_AUTHORIZATION_FAILED"));
        else
            reply(kafka::Delivered{.partition = 2, .offset = Offset(offset)});
    }
    bool flush(Millis) override { return true; }

private:
    std::shared_ptr<Seen> m_seen;
};

class TwinRunner final : public ui::ConsumerRunner
{
public:
    Result<std::unique_ptr<ui::RunningSession>> start(const ui::SessionRequest &request) override
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_holds; });
        m_requests.push_back(request);
        if (m_failure)
            return *m_failure;
        if (m_next.empty())
            m_next.push_back(std::make_shared<TwinState>());
        auto state = m_next.front();
        m_next.pop_front();
        return std::unique_ptr<ui::RunningSession>(std::make_unique<TwinSession>(state));
    }
    Result<std::unique_ptr<kafka::RecordWriter>> openWriter(const std::string &) override
    {
        return std::unique_ptr<kafka::RecordWriter>(std::make_unique<TwinWriter>(written));
    }

    /// The state of the session that is started next.
    std::shared_ptr<TwinState> next()
    {
        const std::scoped_lock lock(m_mutex);
        m_next.push_back(std::make_shared<TwinState>());
        return m_next.back();
    }
    void fail(const Error &error)
    {
        const std::scoped_lock lock(m_mutex);
        m_failure = error;
    }
    /// Opening does not return until it is let go.
    void hold(bool holds)
    {
        const std::scoped_lock lock(m_mutex);
        m_holds = holds;
        m_changed.notify_all();
    }
    std::vector<ui::SessionRequest> requests()
    {
        const std::scoped_lock lock(m_mutex);
        return m_requests;
    }
    std::shared_ptr<TwinWriter::Seen> written = std::make_shared<TwinWriter::Seen>();

private:
    std::mutex m_mutex; ///< guards all below
    std::condition_variable m_changed;
    std::deque<std::shared_ptr<TwinState>> m_next;
    std::vector<ui::SessionRequest> m_requests;
    std::optional<Error> m_failure;
    bool m_holds = false;
};

inline ui::SessionRequest requestOf(const std::string &group, const std::string &topic = "orders",
                                    const std::string &handler = "orders")
{
    ui::SessionRequest request;
    request.options.group = GroupId(group);
    request.options.topics = {topic};
    request.handler = handler;
    return request;
}

inline consumer::LaneSnapshot laneOf(const std::string &topic, std::int32_t partition,
                                     std::int64_t committed, std::int64_t end,
                                     consumer::LaneState state = consumer::LaneState::Running)
{
    consumer::LaneSnapshot lane;
    lane.partition = {topic, partition};
    lane.state = state;
    lane.position = Offset(committed + 12);
    lane.committed = Offset(committed);
    lane.logEnd = Offset(end);
    lane.lag = end - committed;
    lane.buffered = 340;
    lane.processed = static_cast<std::uint64_t>(committed);
    return lane;
}

inline consumer::SessionSnapshot runningSnapshot(const std::string &group)
{
    consumer::SessionSnapshot snapshot;
    snapshot.group = GroupId(group);
    snapshot.handler = "orders";
    snapshot.memberId = "redrive-5f1c3d9e-7a52-4c0e-9d21-0c7b8a5f4e11";
    snapshot.protocol = "cooperative";
    snapshot.state = consumer::SessionState::Running;
    snapshot.since = wallNow() - Millis(840'000);
    snapshot.at = monoNow();
    snapshot.joinedAt = snapshot.at;
    snapshot.connected = true;
    return snapshot;
}

} // namespace redrive::test
