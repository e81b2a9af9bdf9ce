#include "app/ctl/interrupt.h"

#include <chrono>
#include <csignal>
#include <initializer_list>
#include <unistd.h>

namespace redrive::ctl {

namespace {

volatile std::sig_atomic_t caught = 0;

/// Whoever asks twice means it, whichever signal comes second.
extern "C" void takeNote(int signal)
{
    if (caught != 0)
        _exit(128 + signal);
    caught = signal;
}

} // namespace

void catchInterrupts()
{
    for (const int signal : {SIGINT, SIGTERM}) {
        struct sigaction action = {};
        action.sa_handler = takeNote;
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

int interruptSignal() noexcept
{
    return caught;
}

StopOnInterrupt::StopOnInterrupt()
    : m_thread([this](const std::stop_token &over) { watch(over); })
{
}

void StopOnInterrupt::watch(const std::stop_token &over)
{
    constexpr std::chrono::milliseconds slice{20};
    std::unique_lock lock(m_mutex);
    while (!over.stop_requested()) {
        if (interruptSignal() != 0) {
            m_stop.request_stop();
            return;
        }
        m_wake.wait_for(lock, over, slice, [] { return interruptSignal() != 0; });
    }
}

} // namespace redrive::ctl
