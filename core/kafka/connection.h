#pragma once

#include "core/base/error.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::kafka {

/// `ADVERTISED=HOST:PORT` of a profile (G11): a broker that advertises a cluster-internal name is
/// reached through a port-forward, a tunnel or NAT. TLS still checks the advertised name.
struct AddressMapping
{
    std::string advertised; ///< "broker-0.kafka.svc:9092"
    std::string target;     ///< "127.0.0.1:19092"
    bool operator==(const AddressMapping &) const = default;
};

/// "ADVERTISED=HOST:PORT" -> mapping.
Result<AddressMapping> parseAddressMapping(std::string_view text);

struct HostPort
{
    std::string host;
    int port = 0;
    bool operator==(const HostPort &) const = default;
};

/// "host:9092", "[::1]:9092", a listener prefix such as "SASL_SSL://" is passed over; the port
/// defaults to 9092.
Result<HostPort> parseHostPort(std::string_view text);
/// A comma-separated list of the above; every bad entry is named.
Result<std::vector<HostPort>> parseBootstrap(std::string_view text);

/// All that is needed to open a cluster. Holds resolved secrets, so it is never logged, stored or
/// shown.
struct ConnectionSettings
{
    std::string bootstrap;
    std::map<std::string, std::string> properties; ///< allow-listed by checkProperty()
    std::vector<AddressMapping> addressMap;
};

/// Allowed are connection, security and timeout properties. Refused are those that load code or run
/// a command (plugin.library.paths, ssl.engine.location, ssl.providers, sasl.kerberos.kinit.cmd),
/// those Redrive sets itself, and what it does not know (S3). The error names the key and says why.
Result<void> checkProperty(std::string_view key, std::string_view value);

/// True for properties whose value is a secret: passwords, tokens, keys.
bool isSecret(std::string_view key);

/// Every key that checkProperty() lets through, sorted; for completion and forms.
const std::vector<std::string_view> &allowedProperties();

/// What weakens this connection, in words, to be shown for as long as it is open ("the broker's
/// certificate is not checked"). Empty when nothing does. A plaintext connection to loopback is not
/// a weakness.
std::vector<std::string> weaknesses(const ConnectionSettings &settings);

} // namespace redrive::kafka
