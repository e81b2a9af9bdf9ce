#include "core/telemetry/httpurl.h"

#include <algorithm>
#include <charconv>

namespace redrive::telemetry {

namespace {

constexpr int usualPort = 80;
constexpr int usualTlsPort = 443;
constexpr int highestPort = 65'535;

Error badUrl(std::string why)
{
    return Error{.kind = Error::Kind::Usage,
                 .code = "INVALID_URL",
                 .message = std::move(why),
                 .attempted = "reading a URL",
                 .retriable = false};
}

bool isPlainAscii(char c)
{
    return c > ' ' && c < 0x7f;
}

bool isOfHost(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
}

bool isOfIpv6(char c)
{
    return (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || (c >= '0' && c <= '9') || c == ':' ||
           c == '.';
}

} // namespace

Result<HttpUrl> parseHttpUrl(std::string_view text)
{
    HttpUrl url;
    constexpr std::string_view plain = "http://";
    constexpr std::string_view secure = "https://";
    if (text.starts_with(plain))
        text.remove_prefix(plain.size());
    else if (text.starts_with(secure)) {
        text.remove_prefix(secure.size());
        url.tls = true;
    } else
        return badUrl("a URL begins with http:// or https://");
    if (!std::all_of(text.begin(), text.end(), isPlainAscii))
        return badUrl("there are blanks or special characters in the URL");

    const auto slash = text.find('/');
    auto place = text.substr(0, slash);
    if (slash != std::string_view::npos)
        url.path = text.substr(slash);
    while (url.path.ends_with('/'))
        url.path.pop_back();
    if (place.find('@') != std::string_view::npos)
        return badUrl("a user or password in the URL is not supported");
    if (text.find_first_of("?#") != std::string_view::npos)
        return badUrl("a base URL has no query and no fragment");

    const bool hasBrackets = place.starts_with('[');
    const auto hostEnd = hasBrackets ? place.find(']') : place.find(':');
    if (hasBrackets && hostEnd == std::string_view::npos)
        return badUrl("the bracket around the host is not closed");
    url.host = hasBrackets ? place.substr(1, hostEnd - 1) : place.substr(0, hostEnd);
    if (url.host.empty())
        return badUrl("the URL names no host");
    if (!std::all_of(url.host.begin(), url.host.end(), hasBrackets ? isOfIpv6 : isOfHost))
        return badUrl("the URL's host is no host name and no address");

    url.port = url.tls ? usualTlsPort : usualPort;
    const auto rest = hostEnd == std::string_view::npos
                          ? std::string_view()
                          : place.substr(hostEnd + (hasBrackets ? 1 : 0));
    if (rest.empty())
        return url;
    const auto *const last = rest.data() + rest.size();
    const auto [end, problem] = std::from_chars(rest.data() + 1, last, url.port);
    if (rest.front() != ':' || problem != std::errc() || end != last || url.port < 1 ||
        url.port > highestPort)
        return badUrl("the URL's port is no number from 1 to 65535");
    return url;
}

std::string authority(const HttpUrl &url)
{
    const bool isIpv6 = url.host.find(':') != std::string::npos;
    std::string text = isIpv6 ? "[" + url.host + "]" : url.host;
    if (url.port != (url.tls ? usualTlsPort : usualPort))
        text += ":" + std::to_string(url.port);
    return text;
}

} // namespace redrive::telemetry
