#pragma once

#include "core/base/error.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace redrive::telemetry {

/// What a probe is answered: 200 where ok, else 503, with a text either way.
struct HealthPage
{
    bool ok = true;
    std::string text;
};

/// Called on the server's thread, one at a time; they should look at values, not wait. One that
/// throws is answered with 500.
struct HealthPages
{
    std::function<HealthPage()> live;
    std::function<HealthPage()> ready;
    std::function<HealthPage()> metrics; ///< Prometheus text
};

struct HealthAddress
{
    std::string host = "127.0.0.1"; ///< an IP address
    std::uint16_t port = 0;         ///< 0: any that is free
    bool operator==(const HealthAddress &) const = default;
};
/// `8080`, `0.0.0.0:8080`, `localhost:8080`, `[::]:8080`
Result<HealthAddress> parseHealthAddress(std::string_view text);

/// `/livez`, `/readyz` and `/metrics` over HTTP, on a thread of its own (named "health"). One
/// thread holds every connection by poll(2), each with a deadline, so that a client that says
/// nothing, or one byte a second, takes up nothing but a descriptor; with 64 of them the oldest is
/// closed. Each connection answers one request: GET or HEAD, 8 KiB at most. Owned by the front end;
/// its destructor returns as soon as the page that is being made is done.
class HealthServer
{
public:
    HealthServer() = default;
    HealthServer(const HealthServer &) = delete;
    HealthServer &operator=(const HealthServer &) = delete;
    virtual ~HealthServer() = default;

    /// Where it listens, with the port that was found.
    virtual const HealthAddress &address() const = 0;
};

/// Fails, naming the port, where it is in use or forbidden (codes ADDRESS_IN_USE, LISTEN_FAILED).
Result<std::unique_ptr<HealthServer>> openHealthServer(const HealthAddress &address,
                                                       HealthPages pages);

} // namespace redrive::telemetry
