#pragma once

#include <thread>

namespace redrive::testproxy {

/// Answers whatever is said to it with "400 Bad Request" and closes, as a web server does on which
/// somebody tries to speak Kafka. Loopback, a thread of its own.
class HttpServer
{
public:
    HttpServer();
    ~HttpServer();
    HttpServer(const HttpServer &) = delete;
    HttpServer &operator=(const HttpServer &) = delete;

    int port() const noexcept { return m_port; }

private:
    void run(const std::stop_token &stop) const;

    int m_listener = -1;
    int m_port = 0;
    std::jthread m_thread;
};

/// A port on loopback where nobody listens (for now).
int closedPort();

} // namespace redrive::testproxy
