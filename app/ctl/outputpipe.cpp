#include "app/ctl/outputpipe.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <poll.h>
#include <unistd.h>

namespace redrive::ctl {

bool OutputPipe::isReady(int wait)
{
    pollfd looked{.fd = m_descriptor, .events = POLLOUT, .revents = 0};
    if (poll(&looked, 1, wait) <= 0)
        return false;
    if ((looked.revents & POLLERR) != 0)
        m_error = EPIPE; // the reader has gone
    else if ((looked.revents & POLLNVAL) != 0)
        m_error = EBADF;
    return m_error == 0;
}

void OutputPipe::write(Millis patience)
{
    const MonoTime deadline = monoNow() + patience;
    do {
        const auto left = std::chrono::duration_cast<Millis>(deadline - monoNow());
        if (!isReady(waiting() > 0 ? std::max(0, static_cast<int>(left.count())) : 0))
            break;
        if (waiting() == 0)
            break;
        // A pipe that is ready has room for so much, so that this does not block.
        const auto size = std::min<std::size_t>(waiting(), PIPE_BUF);
        const auto written = ::write(m_descriptor, m_waiting.data() + m_begin, size);
        if (written < 0) {
            if (errno != EINTR && errno != EAGAIN)
                m_error = errno;
            break;
        }
        m_begin += static_cast<std::size_t>(written);
    } while (waiting() > 0);
    if (m_error != 0)
        m_begin = m_waiting.size();
    if (m_begin == m_waiting.size() || m_begin > m_waiting.size() / 2) {
        m_waiting.erase(0, m_begin);
        m_begin = 0;
    }
}

} // namespace redrive::ctl
