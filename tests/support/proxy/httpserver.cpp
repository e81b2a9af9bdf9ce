#include "tests/support/proxy/httpserver.h"

#include "tests/support/proxy/listen.h"

#include <array>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace redrive::testproxy {

HttpServer::HttpServer()
{
    const Listener listener = listenOnLoopback();
    m_listener = listener.descriptor;
    m_port = listener.port;
    m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
}

HttpServer::~HttpServer()
{
    m_thread.request_stop();
    m_thread.join();
    close(m_listener);
}

void HttpServer::run(const std::stop_token &stop) const
{
    constexpr std::string_view refusal = "HTTP/1.1 400 Bad Request\r\nServer: test\r\n"
                                         "Content-Length: 0\r\nConnection: close\r\n\r\n";
    constexpr int tickMs = 50;
    while (!stop.stop_requested()) {
        pollfd waiting{.fd = m_listener, .events = POLLIN, .revents = 0};
        if (poll(&waiting, 1, tickMs) < 1)
            continue;
        const int client = accept(m_listener, nullptr, nullptr);
        if (client < 0)
            continue;
        pollfd said{.fd = client, .events = POLLIN, .revents = 0};
        std::array<char, 4096> request{};
        if (poll(&said, 1, 2000) == 1 && recv(client, request.data(), request.size(), 0) > 0)
            send(client, refusal.data(), refusal.size(), MSG_NOSIGNAL);
        close(client);
    }
}

int closedPort()
{
    const Listener listener = listenOnLoopback();
    close(listener.descriptor);
    return listener.port;
}

} // namespace redrive::testproxy
