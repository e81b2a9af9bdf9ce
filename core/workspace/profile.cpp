#include "core/workspace/profile.h"

#include "core/base/text.h"
#include "core/workspace/reference.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace redrive::workspace {

namespace {

std::string opening(const Profile &profile)
{
    return profile.name.empty() ? std::string("opening the connection")
                                : "opening the profile '" + visible(profile.name) + "'";
}

Error fault(std::string code, std::string message, std::string attempted)
{
    return Error{.kind = Error::Kind::Config,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = std::move(attempted),
                 .retriable = false};
}

Error usage(Error error)
{
    error.kind = Error::Kind::Usage;
    error.attempted = "reading the arguments";
    return error;
}

Result<std::string> fromEnvironment(const std::string &property, const std::string &variable,
                                    const std::string &attempted)
{
    const char *value = std::getenv(variable.c_str());
    if (value != nullptr && *value != '\0')
        return std::string(value);
    const std::string state = value == nullptr ? " is not set" : " is empty";
    return fault("SECRET_MISSING",
                 visible(property) + " refers to the environment variable " + visible(variable) +
                     ", which" + state,
                 attempted);
}

Result<std::string> fromKeychain(const std::string &property, const std::string &key,
                                 const KeychainReader &keychain, const std::string &attempted)
{
    if (!keychain)
        return fault("KEYCHAIN_UNAVAILABLE",
                     visible(property) + " is in the keychain (" + visible(key) +
                         "), which can be read by the window only; use env:NAME here",
                     attempted);
    auto secret = keychain(key);
    if (secret && !secret->empty())
        return secret;
    return fault("SECRET_MISSING",
                 visible(property) + " is not in the keychain (" + visible(key) + ")" +
                     (secret || secret.error().message.empty() ? std::string()
                                                               : ": " + secret.error().message),
                 attempted);
}

Error refusedProfile(const Profile &profile)
{
    std::string message = "it was read only in part, and without the rest it would connect weaker "
                          "or elsewhere than it says";
    for (const auto &problem : profile.refused)
        message +=
            "; " +
            (problem.line > 0 ? "line " + std::to_string(problem.line) + ", " : std::string()) +
            visible(problem.key) + ": " + problem.message;
    return fault("PROFILE_REFUSED", std::move(message), opening(profile));
}

/// librdkafka would take GSSAPI, and fail with a sentence about Kerberos that nobody asked for.
Result<void> checkMechanism(const std::map<std::string, std::string> &properties,
                            const std::string &attempted)
{
    const auto protocol = properties.find("security.protocol");
    if (protocol == properties.end() || properties.contains("sasl.mechanism") ||
        properties.contains("sasl.mechanisms"))
        return {};
    std::string lowered = protocol->second;
    std::transform(lowered.begin(), lowered.end(), lowered.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (!lowered.starts_with("sasl_"))
        return {};
    return fault("MECHANISM_MISSING",
                 "security.protocol " + visible(protocol->second) +
                     " says how to encrypt, not how to log in: give sasl.mechanism (PLAIN, "
                     "SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER or GSSAPI)",
                 attempted);
}

} // namespace

Result<kafka::ConnectionSettings> resolve(const Profile &profile, const KeychainReader &keychain)
{
    const std::string attempted = opening(profile);
    if (!profile.refused.empty())
        return refusedProfile(profile);
    const auto places = kafka::parseBootstrap(profile.bootstrap);
    if (!places)
        return fault(places.error().code, places.error().message, attempted);

    kafka::ConnectionSettings settings{.bootstrap = {}, .properties = {}, .addressMap = {}};
    // librdkafka would take a listener prefix for the protocol to speak, and an address without one
    // for something else.
    for (const auto &[host, port] : *places) {
        const bool ipv6 = host.find(':') != std::string::npos;
        settings.bootstrap += (settings.bootstrap.empty() ? "" : ",") +
                              (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
    }
    settings.addressMap = profile.addressMap;
    for (const auto &[key, value] : profile.properties) {
        if (const auto fine = checkReferenceOrValue(key, value); !fine)
            return fault(fine.error().code, fine.error().message, attempted);
        const auto reference = parseReference(value);
        if (!reference) {
            settings.properties[key] = value;
            continue;
        }
        const auto found = reference->kind == Reference::Kind::Environment
                               ? fromEnvironment(key, reference->name, attempted)
                               : fromKeychain(key, reference->name, keychain, attempted);
        if (!found)
            return found.error();
        if (const auto fine = kafka::checkProperty(key, *found); !fine) {
            // A value that came by reference is not repeated, whatever the property is.
            return fault(fine.error().code,
                         visible(key) + " refers to a value that cannot be used here (" +
                             visible(value) + ")",
                         attempted);
        }
        settings.properties[key] = *found;
    }
    if (const auto mechanism = checkMechanism(settings.properties, attempted); !mechanism)
        return mechanism.error();
    return settings;
}

Result<Profile> profileFromArguments(const std::string &bootstrap,
                                     const std::vector<std::string> &properties)
{
    Profile profile;
    if (const auto places = kafka::parseBootstrap(bootstrap); !places)
        return usage(places.error());
    profile.bootstrap = bootstrap;
    for (const auto &argument : properties) {
        const auto equals = argument.find('=');
        if (equals == std::string::npos || equals == 0)
            return usage(
                fault("INVALID_PROPERTY", "-X takes key=value; one has no key or no '='", {}));
        const std::string key = argument.substr(0, equals);
        const std::string value = argument.substr(equals + 1);
        if (const auto fine = checkReferenceOrValue(key, value); !fine)
            return usage(fine.error());
        profile.properties[key] = value;
    }
    return profile;
}

} // namespace redrive::workspace
