#include "app/ctl/interrupt.h"

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

} // namespace redrive::ctl
