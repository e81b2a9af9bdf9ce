#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace redrive {

/// One slot between two threads: the newest value wins, an unread older one is dropped (a snapshot
/// replaces its elders, so nothing is lost). The wake-up runs on the writer's thread, only when the
/// slot turns full, and may only queue a call.
template <typename T>
class LatestMailbox
{
public:
    void setWakeUp(std::function<void()> wakeUp)
    {
        const std::scoped_lock lock(m_mutex);
        m_wakeUp = std::move(wakeUp);
        if (m_value && m_wakeUp)
            m_wakeUp(); // what is waiting already
    }

    void put(std::shared_ptr<const T> value)
    {
        const std::scoped_lock lock(m_mutex);
        const bool wasEmpty = !m_value;
        m_value = std::move(value);
        if (wasEmpty && m_wakeUp)
            m_wakeUp();
    }

    /// The newest value, once; null when there is nothing new.
    std::shared_ptr<const T> take()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_value, nullptr);
    }

private:
    std::mutex m_mutex;
    std::shared_ptr<const T> m_value; ///< guarded by m_mutex
    std::function<void()> m_wakeUp;   ///< guarded by m_mutex
};

} // namespace redrive
