#include "core/telemetry/httprequest.h"

#include <algorithm>

namespace redrive::telemetry {

namespace {

constexpr std::string_view emptyLine = "\r\n\r\n";

std::string_view reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    }
    return "Unknown";
}

HttpHead refuse(int status)
{
    return {.request = std::nullopt, .refusal = status};
}

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isVisibleAscii(char c)
{
    return c > ' ' && c < 0x7f;
}

} // namespace

HttpHead parseHead(std::string_view received)
{
    const auto end = received.find(emptyLine);
    if (end == std::string_view::npos)
        return received.size() > longestRequest ? refuse(431) : HttpHead{};
    if (end + emptyLine.size() > longestRequest)
        return refuse(431);
    const auto line = received.substr(0, received.find("\r\n"));
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return refuse(400);
    const auto method = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (method.empty() || !std::all_of(method.begin(), method.end(), isCapital) ||
        !target.starts_with('/') || !std::all_of(target.begin(), target.end(), isVisibleAscii))
        return refuse(400);
    if (!version.starts_with("HTTP/"))
        return refuse(400);
    if (version != "HTTP/1.1" && version != "HTTP/1.0")
        return refuse(505);
    return {.request = HttpRequest{.method = std::string(method),
                                   .path = std::string(target.substr(0, target.find('?')))},
            .refusal = 0};
}

std::string serialize(const HttpResponse &response, bool isHead)
{
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + " ";
    text.append(reason(response.status));
    text.append("\r\nContent-Type: ").append(response.contentType);
    text += "\r\nContent-Length: " + std::to_string(response.body.size());
    if (response.status == 405)
        text += "\r\nAllow: GET, HEAD";
    text += "\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close";
    text.append(emptyLine);
    if (!isHead)
        text += response.body;
    return text;
}

} // namespace redrive::telemetry
