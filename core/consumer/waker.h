#pragma once

#include "core/base/time.h"

#include <optional>

namespace redrive::consumer {

/// What a poll loop sleeps on: an eventfd(2), so that librdkafka's queues and our own threads wake
/// the same sleeper. wake() from any thread.
class Waker
{
public:
    Waker();
    ~Waker();
    Waker(const Waker &) = delete;
    Waker &operator=(const Waker &) = delete;

    int descriptor() const noexcept { return m_descriptor; }
    void wake() noexcept;
    /// Until woken, or until `deadline`; forgets the wake-ups that came.
    void sleep(MonoTime now, MonoTime deadline) noexcept;

private:
    int m_descriptor;
};

} // namespace redrive::consumer
