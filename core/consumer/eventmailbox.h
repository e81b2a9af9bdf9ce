#pragma once

#include "core/consumer/events.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

namespace redrive::consumer {

/// Events on their way from a session to whoever shows them. Bounded: where the reader is slow, a
/// window loses the oldest and is told how many; a script loses none, since the session stops to
/// take records while it is full. Thread-safe.
class EventMailbox
{
public:
    enum class WhenFull
    {
        DropOldest,
        HoldIntake, ///< the session looks at isFull() before it takes records
    };

    EventMailbox(std::size_t capacity, WhenFull whenFull);

    /// Stopped is the last: what comes after it is left out.
    void put(SessionEvent event);
    bool isFull() const;
    std::uint64_t dropped() const;

    /// All that has come, in order; waits up to `wait` for the first.
    std::vector<SessionEvent> take(Millis wait = Millis(0));

    /// Called on the session's thread when the mailbox turns from empty to not; may only queue a
    /// call.
    void setWakeUp(std::function<void()> wakeUp);
    /// Called by take() when a full mailbox has room again.
    void setRoomAgain(std::function<void()> roomAgain);

private:
    const std::size_t m_capacity;
    const WhenFull m_whenFull;
    mutable std::mutex m_mutex; ///< guards all below
    std::condition_variable m_arrived;
    std::deque<SessionEvent> m_events;
    std::uint64_t m_dropped = 0;
    bool m_closed = false;
    std::function<void()> m_wakeUp;
    std::function<void()> m_roomAgain;
};

} // namespace redrive::consumer
