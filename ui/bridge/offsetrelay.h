#pragma once

#include <QMetaObject>
#include <QObject>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

namespace redrive::ui {

/// The way of other threads to an object of the UI thread, for as long as that lives: it closes
/// when the relay's owner does. Copies share it.
class OffsetRelay
{
public:
    explicit OffsetRelay(QObject *target)
        : m_way(std::make_shared<Way>())
    {
        m_way->target = target;
    }

    /// Any thread. Queues the call; drops it when the target is gone.
    void post(std::function<void()> call) const
    {
        const std::scoped_lock lock(m_way->mutex);
        if (m_way->target)
            QMetaObject::invokeMethod(m_way->target, std::move(call), Qt::QueuedConnection);
    }
    /// From the target's destructor.
    void close()
    {
        const std::scoped_lock lock(m_way->mutex);
        m_way->target = nullptr;
    }

private:
    struct Way
    {
        std::mutex mutex;
        QObject *target = nullptr; ///< guarded by mutex
    };
    std::shared_ptr<Way> m_way;
};

} // namespace redrive::ui
