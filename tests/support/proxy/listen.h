#pragma once

#include <netinet/in.h>

namespace redrive::testproxy {

struct Listener
{
    int descriptor = -1; ///< non-blocking
    int port = 0;
};

/// Throws std::system_error.
Listener listenOnLoopback();

sockaddr_in loopback(int port);
const sockaddr *generic(const sockaddr_in &address);

} // namespace redrive::testproxy
