#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// As much of HTTP/1.1 as a probe needs, on values.
namespace redrive::telemetry {

constexpr std::size_t longestRequest = 8U << 10U; ///< line and headers

struct HttpRequest
{
    std::string method;
    std::string path; ///< without the query
    bool operator==(const HttpRequest &) const = default;
};

/// What has been received of a request: not all of it yet, or the request, or a status that refuses
/// it (400, 431, 505).
struct HttpHead
{
    std::optional<HttpRequest> request;
    int refusal = 0;
    bool isComplete() const { return request || refusal != 0; }
};
HttpHead parseHead(std::string_view received);

struct HttpResponse
{
    int status = 200;
    std::string_view contentType = "text/plain; charset=utf-8";
    std::string body;
};
/// The bytes to send; to HEAD without the body. The connection is closed behind it.
std::string serialize(const HttpResponse &response, bool isHead);

} // namespace redrive::telemetry
