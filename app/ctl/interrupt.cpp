#include "app/ctl/interrupt.h"

#include <csignal>
#include <initializer_list>

namespace redrive::ctl {

namespace {

volatile std::sig_atomic_t caught = 0;

extern "C" void takeNote(int signal)
{
    caught = signal;
}

} // namespace

void catchInterrupts()
{
    for (const int signal : {SIGINT, SIGTERM}) {
        struct sigaction action = {};
        action.sa_handler = takeNote;
        // SA_RESETHAND: whoever asks twice means it.
        action.sa_flags = static_cast<int>(SA_RESETHAND);
        sigemptyset(&action.sa_mask);
        sigaction(signal, &action, nullptr);
    }
}

int interruptSignal() noexcept
{
    return caught;
}

} // namespace redrive::ctl
