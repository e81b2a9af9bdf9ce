#pragma once

#include "core/base/error.h"

#include <string>
#include <string_view>

namespace redrive::telemetry {

/// The base URL of a service.
struct HttpUrl
{
    bool tls = false;
    std::string host; ///< without brackets
    int port = 0;
    std::string path; ///< empty, or begins with a slash and ends with none
    bool operator==(const HttpUrl &) const = default;
};

/// `http://host[:port][/path]` or the same with https. No user, query or fragment. Errors do not
/// repeat the URL, which may hold a secret that does not belong there.
Result<HttpUrl> parseHttpUrl(std::string_view text);

/// `host:port` as a Host header says it: the usual port is left out, IPv6 stands in brackets.
std::string authority(const HttpUrl &url);

} // namespace redrive::telemetry
