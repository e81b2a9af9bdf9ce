#include "core/workspace/reference.h"

#include "core/base/text.h"
#include "core/kafka/connection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::string_view environmentPrefix = "env:";
constexpr std::string_view keychainPrefix = "keychain:";

bool isVariableName(std::string_view name)
{
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
           std::all_of(name.begin(), name.end(), [](unsigned char c) {
               return c < 0x80 && (std::isalnum(c) != 0 || c == '_');
           });
}

bool isKeychainKey(std::string_view key)
{
    return !key.empty() && isValidUtf8(key) &&
           std::none_of(key.begin(), key.end(),
                        [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

} // namespace

std::optional<Reference> parseReference(std::string_view value)
{
    if (value.starts_with(environmentPrefix)) {
        const auto name = value.substr(environmentPrefix.size());
        return Reference{Reference::Kind::Environment, std::string(name), isVariableName(name)};
    }
    if (value.starts_with(keychainPrefix)) {
        const auto key = value.substr(keychainPrefix.size());
        return Reference{Reference::Kind::Keychain, std::string(key), isKeychainKey(key)};
    }
    return {};
}

Result<void> checkReferenceOrValue(std::string_view key, std::string_view value)
{
    const auto fail = [&](std::string code, const std::string &why) {
        return Error{.kind = Error::Kind::Config,
                     .code = std::move(code),
                     .message = visible(key) + " " + why,
                     .attempted = "checking the property " + visible(key),
                     .retriable = false};
    };
    const auto known = kafka::checkProperty(key, value);
    if (!known && known.error().code != "INVALID_VALUE")
        return known;
    const auto reference = parseReference(value);
    if (!reference) {
        if (kafka::isSecret(key))
            return fail("LITERAL_SECRET", "is a secret and must be a reference: env:NAME for an "
                                          "environment variable, or keychain:KEY");
        return known;
    }
    if (!reference->valid)
        return fail(
            "INVALID_REFERENCE",
            reference->kind == Reference::Kind::Environment
                ? "refers to an environment variable, but what follows env: is no name of one"
                : "refers to the keychain, but no key follows keychain:");
    return {};
}

bool concernsSecurity(std::string_view key)
{
    constexpr std::array<std::string_view, 9> words{"ssl",  "sasl",     "secu",  "protocol", "tls",
                                                    "cert", "kerberos", "oauth", "jaas"};
    std::string name(key);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return kafka::isSecret(key) || std::any_of(words.begin(), words.end(), [&](auto word) {
               return name.find(word) != std::string::npos;
           });
}

} // namespace redrive::workspace
