#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace redrive::ctl {

/// From now on SIGINT and SIGTERM only take a note, so that the command ends in order; a second one
/// ends it at once.
void catchInterrupts();

/// The signal that asked us to end; 0: none has.
int interruptSignal() noexcept;

/// For what blocks until it is asked to stop: asks once a signal came, from a thread of its own.
class StopOnInterrupt
{
public:
    StopOnInterrupt();
    std::stop_token token() const { return m_stop.get_token(); }

private:
    void watch(const std::stop_token &over);

    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::jthread m_thread; ///< last: ends before what it uses
};

} // namespace redrive::ctl
