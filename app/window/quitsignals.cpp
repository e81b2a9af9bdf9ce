#include "app/window/quitsignals.h"

#include "core/telemetry/logging.h"

#include <QSocketNotifier>

#include <atomic>
#include <csignal>
#include <sys/socket.h>
#include <unistd.h>

namespace redrive::window {

namespace {

std::atomic<int> writeEnd = -1;
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void onQuitSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(writeEnd.load(), &byte, sizeof byte);
}

void install(void (*handler)(int))
{
    for (const int number : {SIGTERM, SIGINT}) {
        struct sigaction action = {};
        action.sa_handler = handler;
        action.sa_flags = SA_RESTART | (handler == &onQuitSignal ? SA_RESETHAND : 0);
        ::sigemptyset(&action.sa_mask);
        ::sigaction(number, &action, nullptr);
    }
}

} // namespace

QuitSignals::QuitSignals(QObject *parent)
    : QObject(parent)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, m_sockets) != 0) {
        telemetry::log(telemetry::Level::Warning, "window",
                       "no socket pair: SIGTERM will end the window without saving its layout");
        return;
    }
    writeEnd = m_sockets[0];
    auto *notifier = new QSocketNotifier(m_sockets[1], QSocketNotifier::Read, this);
    connect(notifier, &QSocketNotifier::activated, this, [this, notifier] {
        notifier->setEnabled(false);
        emit quitRequested();
    });
    install(&onQuitSignal);
}

QuitSignals::~QuitSignals()
{
    if (m_sockets[0] < 0)
        return;
    install(SIG_DFL);
    writeEnd = -1;
    ::close(m_sockets[0]);
    ::close(m_sockets[1]);
}

} // namespace redrive::window
