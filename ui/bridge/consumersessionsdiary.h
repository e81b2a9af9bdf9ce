#pragma once

#include "core/consumer/events.h"
#include "core/consumer/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace redrive::ui {

/// The newest of a stream: bounded, and it counts what it let go. Each entry has a number, from 1.
template <typename T>
class Tail
{
public:
    explicit Tail(std::size_t most)
        : m_most(most)
    {
    }
    void add(T entry)
    {
        m_entries.push_back(std::move(entry));
        ++m_seen;
        if (m_entries.size() > m_most)
            m_entries.pop_front();
    }
    const std::deque<T> &entries() const { return m_entries; }
    std::uint64_t seen() const { return m_seen; }
    std::uint64_t letGo() const { return m_seen - m_entries.size(); }
    /// Of entries()[index].
    std::uint64_t number(std::size_t index) const { return letGo() + index + 1; }

private:
    std::size_t m_most;
    std::deque<T> m_entries;
    std::uint64_t m_seen = 0;
};

/// One reading for the chart.
struct SessionSample
{
    WallTime time{};
    double processed = 0; ///< these three: a second, since the sample before
    double retried = 0;
    double deadLettered = 0;
    std::optional<double> p50{}; ///< ms
    std::optional<double> p99{};
    std::optional<std::int64_t> lag{};
};

/// What a session has told so far, sorted by what it is about: what the tabs of its page show. A
/// value; no clock of its own.
class SessionDiary
{
public:
    struct Commit
    {
        WallTime answered{};
        consumer::told::Committed told;
    };
    struct Rebalance
    {
        enum class Kind
        {
            Assigned,
            Revoked,
            Lost
        };
        WallTime time{};
        Kind kind = Kind::Assigned;
        std::string protocol;
        std::vector<TopicPartition> partitions;
    };
    struct Live
    {
        WallTime time{};
        consumer::RecordAt record;
        consumer::Update update;
    };

    void add(consumer::SessionEvent event);
    /// At most one sample a second is kept, over an hour.
    void sample(const consumer::SessionSnapshot &snapshot, WallTime now);

    const Tail<Commit> &commits() const { return m_commits; }
    const Tail<Rebalance> &rebalances() const { return m_rebalances; }
    const Tail<Live> &live() const { return m_live; }
    /// All else, and the above where it failed or where there is little of it.
    const Tail<consumer::SessionEvent> &log() const { return m_log; }
    const Tail<SessionSample> &samples() const { return m_samples; }
    /// The newest problem, also one that holds no longer.
    const std::optional<consumer::SessionEvent> &newestProblem() const { return m_problem; }

private:
    Tail<Commit> m_commits{2000};
    Tail<Rebalance> m_rebalances{500};
    Tail<Live> m_live{1000};
    Tail<consumer::SessionEvent> m_log{2000};
    Tail<SessionSample> m_samples{3600};
    std::optional<consumer::SessionEvent> m_problem;
    std::optional<std::pair<MonoTime, consumer::Counters>> m_before;
};

/// Sum over the lanes whose lag is known; none: of none it is.
std::optional<std::int64_t> lagOf(const consumer::SessionSnapshot &snapshot);

} // namespace redrive::ui
