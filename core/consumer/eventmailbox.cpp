#include "core/consumer/eventmailbox.h"

#include <iterator>
#include <utility>
#include <variant>

namespace redrive::consumer {

EventMailbox::EventMailbox(std::size_t capacity, WhenFull whenFull)
    : m_capacity(capacity)
    , m_whenFull(whenFull)
{
}

void EventMailbox::put(SessionEvent event)
{
    std::function<void()> wakeUp;
    {
        const std::scoped_lock lock(m_mutex);
        if (m_closed)
            return;
        m_closed = std::holds_alternative<told::Stopped>(event.what);
        if (m_events.empty())
            wakeUp = m_wakeUp;
        m_events.push_back(std::move(event));
        if (m_whenFull == WhenFull::DropOldest && m_events.size() > m_capacity) {
            m_events.pop_front();
            ++m_dropped;
        }
    }
    m_arrived.notify_one();
    if (wakeUp)
        wakeUp();
}

bool EventMailbox::isFull() const
{
    if (m_whenFull == WhenFull::DropOldest)
        return false;
    const std::scoped_lock lock(m_mutex);
    return m_events.size() >= m_capacity;
}

std::uint64_t EventMailbox::dropped() const
{
    const std::scoped_lock lock(m_mutex);
    return m_dropped;
}

std::vector<SessionEvent> EventMailbox::take(Millis wait)
{
    std::vector<SessionEvent> taken;
    std::function<void()> roomAgain;
    {
        std::unique_lock lock(m_mutex);
        m_arrived.wait_for(lock, wait, [this] { return !m_events.empty(); });
        if (m_whenFull == WhenFull::HoldIntake && m_events.size() >= m_capacity)
            roomAgain = m_roomAgain;
        taken.assign(std::make_move_iterator(m_events.begin()),
                     std::make_move_iterator(m_events.end()));
        m_events.clear();
    }
    if (roomAgain)
        roomAgain();
    return taken;
}

void EventMailbox::setWakeUp(std::function<void()> wakeUp)
{
    const std::scoped_lock lock(m_mutex);
    m_wakeUp = std::move(wakeUp);
}

void EventMailbox::setRoomAgain(std::function<void()> roomAgain)
{
    const std::scoped_lock lock(m_mutex);
    m_roomAgain = std::move(roomAgain);
}

} // namespace redrive::consumer
