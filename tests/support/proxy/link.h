#pragma once

// Private to the proxy: what it knows of a connection.

#include "core/base/time.h"
#include "tests/support/proxy/frames.h"
#include "tests/support/proxy/proxy.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>
#include <utility>

namespace redrive::testproxy {

class Socket
{
public:
    Socket() = default;
    explicit Socket(int descriptor)
        : m_descriptor(descriptor)
    {
    }
    Socket(Socket &&other) noexcept
        : m_descriptor(std::exchange(other.m_descriptor, -1))
    {
    }
    Socket &operator=(Socket &&other) noexcept
    {
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~Socket()
    {
        if (m_descriptor >= 0)
            close(m_descriptor);
    }
    int get() const noexcept { return m_descriptor; }

    void closeWithReset()
    {
        const linger atOnce{.l_onoff = 1, .l_linger = 0};
        setsockopt(m_descriptor, SOL_SOCKET, SO_LINGER, &atOnce, sizeof atOnce);
        close(std::exchange(m_descriptor, -1));
    }

private:
    int m_descriptor = -1;
};

struct Chunk
{
    MonoTime due;
    std::string bytes;
};

/// One direction of a connection.
struct Flow
{
    std::deque<Chunk> waiting;
    FrameHeads heads;   ///< of requests as they come, of answers as they go
    FrameHeads coming;  ///< of answers as they come
    bool ended = false; ///< the source has said all
};

struct Link
{
    Socket client;
    Socket broker;
    Flow up;                                          ///< client -> broker
    Flow down;                                        ///< broker -> client
    std::unordered_map<std::int32_t, int> unanswered; ///< correlation id -> api key
    std::uint64_t answered = 0;                       ///< bytes that went to the client
    std::optional<std::uint64_t> resetAt;             ///< of those
    Proxy::Rewrite rewrite;                           ///< of its answers
    std::string incomplete;                           ///< of an answer that is rewritten when whole
    bool blackholed = false;
    bool isDeaf = false; ///< its answers were lost
    bool unreadable = false;
};

} // namespace redrive::testproxy
