#include "core/consumer/waker.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <poll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <unistd.h>

namespace redrive::consumer {

Waker::Waker()
    : m_descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (m_descriptor < 0)
        throw std::system_error(errno, std::system_category(), "eventfd");
}

Waker::~Waker()
{
    close(m_descriptor);
}

void Waker::wake() noexcept
{
    const std::uint64_t one = 1;
    // Full is as good as written: the sleeper wakes.
    [[maybe_unused]] const auto written = write(m_descriptor, &one, sizeof one);
}

void Waker::sleep(MonoTime now, MonoTime deadline) noexcept
{
    const auto left = std::chrono::ceil<Millis>(deadline - now).count();
    pollfd wanted{.fd = m_descriptor, .events = POLLIN, .revents = 0};
    if (left > 0)
        ::poll(&wanted, 1, static_cast<int>(std::min<Millis::rep>(left, 60'000)));
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = read(m_descriptor, &count, sizeof count);
}

} // namespace redrive::consumer
