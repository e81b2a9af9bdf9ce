#include "core/kafka/connection.h"

#include "core/base/text.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <charconv>
#include <netinet/in.h>
#include <optional>
#include <utility>

namespace redrive::kafka {

namespace {

constexpr int defaultPort = 9092;
constexpr std::size_t longestHost = 255;

Error badAddress(std::string message)
{
    return Error{.kind = Error::Kind::Config,
                 .code = "INVALID_ADDRESS",
                 .message = std::move(message),
                 .attempted = "reading an address",
                 .retriable = false};
}

std::string quoted(std::string_view text)
{
    return "'" + visible(text) + "'";
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool isHostCharacter(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
}

std::string_view withoutListener(std::string_view text)
{
    const auto scheme = text.find("://");
    if (scheme == std::string_view::npos || scheme == 0 ||
        !std::all_of(text.begin(), text.begin() + scheme, isHostCharacter))
        return text;
    return text.substr(scheme + 3);
}

bool isIpv6(std::string_view text)
{
    const std::string address(text.substr(0, text.find('%')));
    in6_addr parsed{};
    const auto zone = text.substr(address.size());
    return inet_pton(AF_INET6, address.c_str(), &parsed) == 1 &&
           (zone.empty() ||
            (zone.size() > 1 && std::all_of(zone.begin() + 1, zone.end(), isHostCharacter)));
}

std::optional<int> parsePort(std::string_view text)
{
    int port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (problem != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
        return {};
    return port;
}

std::string written(const HostPort &place)
{
    const bool ipv6 = place.host.find(':') != std::string::npos;
    return (ipv6 ? "[" + place.host + "]" : place.host) + ":" + std::to_string(place.port);
}

bool isLoopback(const std::string &host)
{
    in_addr v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4) == 1)
        return (ntohl(v4.s_addr) >> 24U) == 127U;
    in6_addr v6{};
    if (inet_pton(AF_INET6, host.c_str(), &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127U);
    const std::string name = lower(host);
    return name == "localhost" || name == "localhost." || name.ends_with(".localhost");
}

/// Where bytes will really go: the map's targets, and the bootstrap servers that it leaves alone.
/// Other brokers may be advertised elsewhere, but those are not known before connecting.
bool staysOnLoopback(const ConnectionSettings &settings)
{
    const auto bootstrap = parseBootstrap(settings.bootstrap);
    if (!bootstrap)
        return false;
    std::vector<HostPort> places;
    for (const auto &mapping : settings.addressMap) {
        const auto target = parseHostPort(mapping.target);
        if (!target)
            return false;
        places.push_back(*target);
    }
    for (const auto &place : *bootstrap) {
        const bool mapped = std::any_of(
            settings.addressMap.begin(), settings.addressMap.end(),
            [&](const AddressMapping &mapping) { return mapping.advertised == written(place); });
        if (!mapped)
            places.push_back(place);
    }
    return std::all_of(places.begin(), places.end(),
                       [](const HostPort &place) { return isLoopback(place.host); });
}

/// Ciphers that authenticate or encrypt nothing, or hardly. Exclusions (`!aNULL`) are no weakness.
bool hasWeakCipher(std::string_view suites)
{
    constexpr std::array<std::string_view, 9> weak{
        "NULL", "ADH", "AECDH", "EXP", "LOW", "RC4", "DES-CBC-", "SECLEVEL=0", "COMPLEMENTOFALL"};
    while (!suites.empty()) {
        const auto end = suites.find_first_of(":, ;");
        const auto token = suites.substr(0, end);
        suites = end == std::string_view::npos ? std::string_view() : suites.substr(end + 1);
        if (token.starts_with('!') || token.starts_with('-'))
            continue;
        std::string upper(token);
        std::transform(upper.begin(), upper.end(), upper.begin(),
                       [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (std::any_of(weak.begin(), weak.end(), [&](std::string_view name) {
                return upper.find(name) != std::string::npos;
            }))
            return true;
    }
    return false;
}

} // namespace

Result<HostPort> parseHostPort(std::string_view text)
{
    const std::string_view address = withoutListener(trimmed(text));
    if (address.empty())
        return badAddress("an address is empty; it is written host:port");
    if (address.find('@') != std::string_view::npos)
        return badAddress("an address holds no user and no password; those are sasl.username and "
                          "sasl.password");
    // Lines that ran into one another may hold a secret, so this is not repeated either.
    if (address.find('=') != std::string_view::npos)
        return badAddress("an address holds no '='; it is written host:port");
    std::string_view host = address;
    std::string_view port;
    bool hasPort = false;
    if (address.front() == '[') {
        const auto close = address.find(']');
        if (close == std::string_view::npos)
            return badAddress(quoted(address) + " lacks the ']' of an IPv6 address");
        host = address.substr(1, close - 1);
        if (!isIpv6(host))
            return badAddress(quoted(address) + " is no IPv6 address in brackets");
        const std::string_view rest = address.substr(close + 1);
        hasPort = rest.starts_with(':');
        if (!hasPort && !rest.empty())
            return badAddress(quoted(address) + " has something other than :port after the ']'");
        port = hasPort ? rest.substr(1) : rest;
    } else {
        const auto colon = address.find(':');
        if (colon != address.rfind(':'))
            return badAddress(quoted(address) +
                              " has several colons; an IPv6 address is written [::1]:9092");
        hasPort = colon != std::string_view::npos;
        host = address.substr(0, colon);
        port = hasPort ? address.substr(colon + 1) : std::string_view();
        if (host.empty())
            return badAddress(quoted(address) + " names no host");
        if (!std::all_of(host.begin(), host.end(), isHostCharacter))
            return badAddress(quoted(address) +
                              " is no host name: letters, digits, '-', '_' and '.' are");
    }
    if (host.size() > longestHost)
        return badAddress(quoted(host.substr(0, 40)) + "… is too long for a host name");
    if (!hasPort)
        return HostPort{std::string(host), defaultPort};
    const auto number = parsePort(port);
    if (!number)
        return badAddress(quoted(address) + " has a port that is no number from 1 to 65535");
    return HostPort{std::string(host), *number};
}

Result<std::vector<HostPort>> parseBootstrap(std::string_view text)
{
    std::vector<HostPort> places;
    std::string problems;
    while (!text.empty()) {
        const auto comma = text.find(',');
        const auto entry = trimmed(text.substr(0, comma));
        text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
        if (entry.empty())
            continue;
        auto place = parseHostPort(entry);
        if (place)
            places.push_back(std::move(*place));
        else
            problems += (problems.empty() ? "" : "; ") + place.error().message;
    }
    if (problems.empty() && places.empty())
        problems = "there is no bootstrap server; write host:port, several with commas between";
    if (!problems.empty()) {
        Error error = badAddress(std::move(problems));
        error.attempted = "reading the bootstrap servers";
        return error;
    }
    return places;
}

Result<AddressMapping> parseAddressMapping(std::string_view text)
{
    const auto fail = [&](const std::string &why) {
        Error error = badAddress(why);
        error.attempted = "reading an address mapping";
        return error;
    };
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return fail(quoted(text) + " is no mapping; write ADVERTISED=HOST:PORT, such as "
                                   "broker-0.kafka.svc:9092=127.0.0.1:19092");
    const auto advertised = parseHostPort(text.substr(0, equals));
    if (!advertised)
        return fail("before '=': " + advertised.error().message);
    const auto target = parseHostPort(text.substr(equals + 1));
    if (!target)
        return fail("after '=': " + target.error().message);
    return AddressMapping{written(*advertised), written(*target)};
}

std::vector<std::string> weaknesses(const ConnectionSettings &settings)
{
    const auto value = [&](const char *key) {
        const auto found = settings.properties.find(key);
        return found == settings.properties.end() ? std::string() : lower(trimmed(found->second));
    };
    const auto protocol = value("security.protocol");
    const bool tls = protocol == "ssl" || protocol == "sasl_ssl";
    const bool sasl = protocol == "sasl_plaintext" || protocol == "sasl_ssl";

    std::vector<std::string> found;
    if (!tls && !staysOnLoopback(settings)) {
        const bool plain =
            value("sasl.mechanism") == "plain" || value("sasl.mechanisms") == "plain";
        if (sasl && plain)
            found.emplace_back("the password crosses the network in clear, and nothing is "
                               "encrypted (SASL_PLAINTEXT)");
        else if (sasl)
            found.emplace_back("nothing but the login is protected: what is read crosses the "
                               "network in clear (SASL_PLAINTEXT)");
        else
            found.emplace_back("nothing is encrypted, and nobody is authenticated (PLAINTEXT)");
    }
    if (tls) {
        const auto verification = value("enable.ssl.certificate.verification");
        const bool checked = verification.empty() || verification == "true";
        if (!checked)
            found.emplace_back("the broker's certificate is not checked: anybody on the way can "
                               "pose as the broker");
        if (checked && value("ssl.endpoint.identification.algorithm") == "none")
            found.emplace_back("the broker's name is not checked against its certificate");
        if (hasWeakCipher(value("ssl.cipher.suites")))
            found.emplace_back("the cipher suites allow connections that are not encrypted or not "
                               "authenticated");
    }
    if (const auto unsecure = value("enable.sasl.oauthbearer.unsecure.jwt");
        !unsecure.empty() && unsecure != "false")
        found.emplace_back("the OAuth token is not signed: it proves nothing");
    if (const auto url = value("sasl.oauthbearer.token.endpoint.url"); url.starts_with("http://")) {
        const auto authority = url.substr(7, url.find('/', 7) - 7);
        const auto place = parseHostPort(authority);
        if (!place || !isLoopback(place->host))
            found.emplace_back("the OAuth client secret crosses the network in clear (http://)");
    }
    return found;
}

} // namespace redrive::kafka
