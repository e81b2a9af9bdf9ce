#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/kafka/connection.h"

#include <stop_token>
#include <string>
#include <vector>

namespace redrive::kafka {

/// The addresses of a host as text, "127.0.0.1". The system's resolver cannot be interrupted, so it
/// runs aside and is given up on at the deadline or when stopped.
Result<std::vector<std::string>> resolveHost(const HostPort &place, MonoTime deadline,
                                             const std::stop_token &stop);

/// Opens and closes a TCP connection; returns the address that answered.
Result<std::string> connectTcp(const HostPort &place, MonoTime deadline,
                               const std::stop_token &stop);

enum class Wire
{
    Unknown,
    Tls,
    Http
};

/// What a port speaks that is not Kafka in plain: tried with a TLS handshake, then with a HEAD
/// request. Only for a place that Kafka's protocol has just failed on.
Wire sniff(const HostPort &place, MonoTime deadline, const std::stop_token &stop);

} // namespace redrive::kafka
