#include "core/base/text.h"
#include "core/workspace/jaas.h"
#include "core/workspace/profilestore.h"
#include "core/workspace/propertylines.h"
#include "core/workspace/reference.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr std::size_t largestText = 1U << 20U;
constexpr std::string_view kafkaModules = "org.apache.kafka.common.security.";

std::string upper(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}

bool isAny(std::string_view key, std::initializer_list<std::string_view> keys)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool startsWithAny(std::string_view key, std::initializer_list<std::string_view> prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(),
                       [&](auto prefix) { return key.starts_with(prefix); });
}

bool namesJavaClass(std::string_view key)
{
    return key.ends_with(".class") || key.ends_with(".classes") || key.ends_with("serializer") ||
           isAny(key, {"metric.reporters", "config.providers", "security.providers", "ssl.provider",
                       "partition.assignment.strategy"});
}

bool isOfNoUseHere(std::string_view key)
{
    return startsWithAny(key, {"metrics.", "sasl.login.", "sasl.oauthbearer.jwks.",
                               "sasl.oauthbearer.expected.", "sasl.kerberos.ticket.", "confluent.",
                               "schema.registry.", "basic.auth."}) ||
           isAny(key, {"send.buffer.bytes",
                       "receive.buffer.bytes",
                       "default.api.timeout.ms",
                       "max.poll.records",
                       "exclude.internal.topics",
                       "check.crcs",
                       "auto.include.jmx.reporter",
                       "ssl.protocol",
                       "ssl.enabled.protocols",
                       "ssl.keymanager.algorithm",
                       "ssl.trustmanager.algorithm",
                       "ssl.secure.random.implementation",
                       "buffer.memory",
                       "max.block.ms",
                       "max.request.size",
                       "sasl.oauthbearer.clock.skew.seconds",
                       "leave.group.on.close",
                       "partitioner.ignore.keys",

                       "socket.connection.setup.timeout.max.ms",
                       "transaction.timeout.ms"});
}

bool isJavas(std::string_view key)
{
    return namesJavaClass(key) || startsWithAny(key, {"ssl.truststore.", "sasl.jaas."}) ||
           isAny(key, {"ssl.keystore.type", "ssl.keystore.key", "ssl.keystore.certificate.chain",
                       "ssl.enabled.protocols", "ssl.protocol", "default.api.timeout.ms"});
}

bool isLibrdkafkas(const PropertyLine &line)
{
    return line.key.starts_with('-') || startsWithAny(line.key, {"ssl.ca.", "ssl.certificate."}) ||
           isAny(line.key, {"kcat", "kafkacat", "metadata.broker.list", "sasl.username",
                            "sasl.password", "sasl.mechanisms", "ssl.key.location", "ssl.key.pem",
                            "enable.ssl.certificate.verification"});
}

class Importer
{
public:
    Importer(std::string name, bool java, const std::vector<PropertyLine> &lines)
        : m_java(java)
    {
        m_result.profile.name = std::move(name);
        for (const auto &line : lines)
            m_lines[line.key] = line; // as everywhere, the last one counts
    }

    ImportedProfile run()
    {
        if (m_java) {
            takeJaas();
            takeTrustStore();
            takeKeyStore();
        }
        for (const auto &[key, line] : std::exchange(m_lines, {}))
            takeLine(line);
        if (m_java && m_result.profile.properties.contains("sasl.oauthbearer.token.endpoint.url"))
            m_result.profile.properties.try_emplace("sasl.oauthbearer.method", "oidc");
        if (m_result.profile.bootstrap.empty())
            note(0, "bootstrap.servers", "is not there; say yourself where the cluster is");
        std::stable_sort(m_result.problems.begin(), m_result.problems.end(),
                         [](const auto &a, const auto &b) { return a.line < b.line; });
        return std::move(m_result);
    }

private:
    void note(int line, std::string_view key, std::string message, bool indispensable = false)
    {
        m_result.problems.push_back(
            {line, std::string(key), std::move(message), m_result.profile.name});
        if (indispensable)
            m_result.profile.refused.push_back(m_result.problems.back());
    }

    void leaveOut(const std::optional<PropertyLine> &line, const std::string &why)
    {
        if (line)
            note(line->line, line->key, "is not taken: " + why);
    }

    std::optional<PropertyLine> pull(const std::string &key)
    {
        auto found = m_lines.extract(key);
        return found ? std::optional(std::move(found.mapped())) : std::nullopt;
    }

    void takeLine(const PropertyLine &line)
    {
        const auto &key = line.key;
        if (isAny(key, {"bootstrap.servers", "metadata.broker.list"}))
            takeBootstrap(line);
        else if (key == "ssl.endpoint.identification.algorithm" && line.value.empty())
            set(line.line, key, "none");
        else if (!line.hasValue)
            note(line.line, key, "has no value");
        else if (m_java && namesJavaClass(key))
            note(line.line, key, "is not taken: it names a Java class, and none is ever run here");
        else if (m_java && key == "ssl.cipher.suites")
            note(line.line, key, "is not taken: OpenSSL has other names for cipher suites");
        else if (m_java && isOfNoUseHere(key))
            note(line.line, key, "is not needed here");
        else
            set(line.line, key, line.value);
    }

    void takeBootstrap(const PropertyLine &line)
    {
        if (const auto places = kafka::parseBootstrap(line.value); !places)
            note(line.line, line.key, places.error().message);
        else
            m_result.profile.bootstrap = line.value;
    }

    void set(int line, const std::string &key, const std::string &value)
    {
        const auto reference = parseReference(value);
        if (const auto fine = kafka::checkProperty(key, value); !fine && !reference) {
            std::string why = fine.error().message;
            if (const std::string prefix = visible(key) + " "; why.starts_with(prefix))
                why.erase(0, prefix.size());
            const auto &code = fine.error().code;
            const bool unusable =
                code == "INVALID_VALUE" || (code == "UNKNOWN_PROPERTY" && !m_java);
            note(line, key, std::move(why), unusable && concernsSecurity(key));
            return;
        }
        if (reference) {
            setReference(line, key, *reference);
        } else if (!kafka::isSecret(key)) {
            m_result.profile.properties[key] = value;
            warnOfWeakness(line, key, value);
        } else if (value.starts_with("${") && value.ends_with('}')) {
            note(line, key,
                 "is a placeholder for a configuration provider; write env:NAME instead");
        } else {
            m_result.secrets[key] = {line, value};
            m_result.profile.properties[key] =
                "keychain:redrive/" + m_result.profile.name + "/" + key;
        }
    }

    /// A file made by somebody else could pick secrets of this machine and have them sent to a
    /// cluster of its choice.
    void setReference(int line, const std::string &key, const Reference &reference)
    {
        const bool environment = reference.kind == Reference::Kind::Environment;
        const std::string value = (environment ? "env:" : "keychain:") + reference.name;
        if (!environment || !kafka::isSecret(key) || !checkReferenceOrValue(key, value)) {
            note(line, key, "is a reference, which is not taken from a file that is imported");
            return;
        }
        m_result.profile.properties[key] = value;
        note(line, key,
             "will be read from the environment variable " + reference.name + " of this machine");
    }

    void warnOfWeakness(int line, const std::string &key, const std::string &value)
    {
        if (key == "security.protocol")
            return;
        const kafka::ConnectionSettings alone{
            .bootstrap = "localhost",
            .properties = {{"security.protocol", "ssl"}, {key, value}},
            .addressMap = {}};
        for (const auto &weakness : kafka::weaknesses(alone))
            note(line, key, "WEAKENS THE CONNECTION: " + weakness);
    }

    void takeJaas()
    {
        const auto line = pull("sasl.jaas.config");
        if (!line)
            return;
        const auto entry = parseJaas(line->value);
        if (!entry) {
            note(line->line, line->key,
                 "is not one login module with its options and a ';' at the end");
            return;
        }
        std::string_view module = entry->module;
        const bool kafkas = module.starts_with(kafkaModules);
        if (kafkas)
            module.remove_prefix(kafkaModules.size());
        if (kafkas && isAny(module, {"plain.PlainLoginModule", "scram.ScramLoginModule"}))
            takeLogin(*line, *entry);
        else if (kafkas && module == "oauthbearer.OAuthBearerLoginModule")
            takeOAuth(*line, *entry);
        else
            note(line->line, line->key,
                 "is refused: the login module " + entry->module +
                     " is none of Kafka's own for PLAIN, SCRAM and OAUTHBEARER, and login modules "
                     "run code" +
                     (entry->module.ends_with("Krb5LoginModule")
                          ? "; for Kerberos set sasl.kerberos.principal and sasl.kerberos.keytab"
                          : ""));
    }

    void takeLogin(const PropertyLine &line, const JaasEntry &entry)
    {
        for (const auto &[option, value] : entry.options) {
            if (option == "username")
                set(line.line, "sasl.username", value);
            else if (option == "password")
                set(line.line, "sasl.password", value);
            else
                note(line.line, line.key, "its option " + option + " is not known here");
        }
    }

    void takeOAuth(const PropertyLine &line, const JaasEntry &entry)
    {
        constexpr std::string_view extension = "extension_";
        std::string extensions;
        for (const auto &[option, value] : entry.options) {
            if (option == "clientId")
                set(line.line, "sasl.oauthbearer.client.id", value);
            else if (option == "clientSecret")
                set(line.line, "sasl.oauthbearer.client.secret", value);
            else if (option == "scope")
                set(line.line, "sasl.oauthbearer.scope", value);
            else if (option.starts_with(extension))
                extensions +=
                    (extensions.empty() ? "" : ",") + option.substr(extension.size()) + "=" + value;
            else if (option.starts_with("unsecured"))
                note(line.line, line.key,
                     "its option " + option + " makes tokens that are not signed; not taken");
            else
                note(line.line, line.key, "its option " + option + " is not known here");
        }
        if (!extensions.empty())
            set(line.line, "sasl.oauthbearer.extensions", extensions);
    }

    void takeTrustStore()
    {
        const auto type = pull("ssl.truststore.type");
        const auto location = pull("ssl.truststore.location");
        const auto certificates = pull("ssl.truststore.certificates");
        leaveOut(pull("ssl.truststore.password"), "certificates in PEM need none");
        if (certificates) {
            set(certificates->line, "ssl.ca.pem", certificates->value);
            leaveOut(location, "ssl.truststore.certificates goes before it");
            return;
        }
        if (!location)
            return;
        const std::string kind = type ? upper(type->value) : "JKS";
        if (kind == "PEM")
            set(location->line, "ssl.ca.location", location->value);
        else
            note(location->line, location->key,
                 "is a " + visible(kind) +
                     " trust store, which only Java reads; until there is an ssl.ca.location, the "
                     "system's certificates decide. Export its certificates as PEM (keytool "
                     "-exportcert -rfc for each alias; openssl pkcs12 -nokeys for PKCS12) and set "
                     "ssl.ca.location to that file");
    }

    void takeKeyStore()
    {
        const auto type = pull("ssl.keystore.type");
        const auto location = pull("ssl.keystore.location");
        const auto password = pull("ssl.keystore.password");
        const auto key = pull("ssl.keystore.key");
        const auto chain = pull("ssl.keystore.certificate.chain");
        if (key)
            set(key->line, "ssl.key.pem", key->value);
        if (chain)
            set(chain->line, "ssl.certificate.pem", chain->value);
        if (!location) {
            leaveOut(password, "there is no key store that it opens");
            return;
        }
        const std::string kind = type ? upper(type->value) : "JKS";
        if (kind == "PEM") {
            set(location->line, "ssl.certificate.location", location->value);
            set(location->line, "ssl.key.location", location->value);
            leaveOut(password, "a key in PEM is opened by ssl.key.password");
        } else if (kind == "PKCS12") {
            set(location->line, "ssl.keystore.location", location->value);
            if (password)
                set(password->line, "ssl.keystore.password", password->value);
            const auto keyPassword = pull("ssl.key.password");
            if (keyPassword && (!password || keyPassword->value != password->value))
                leaveOut(keyPassword, "PKCS12 has one password for both, ssl.keystore.password");
        } else {
            leaveOut(password, "it opens the key store, which is not taken");
            leaveOut(pull("ssl.key.password"), "it opens the key store, which is not taken");
            note(location->line, location->key,
                 "is a " + visible(kind) +
                     " key store, which only Java reads. Turn it into PKCS12 (keytool "
                     "-importkeystore -deststoretype PKCS12) and set ssl.keystore.location to "
                     "that file");
        }
    }

    bool m_java;
    std::map<std::string, PropertyLine> m_lines;
    ImportedProfile m_result;
};

Error unreadable(std::string why)
{
    return Error{.kind = Error::Kind::Config,
                 .code = "IMPORT_UNREADABLE",
                 .message = std::move(why),
                 .attempted = "importing a profile",
                 .retriable = false};
}

} // namespace

Result<ImportedProfile> importProperties(std::string_view text, std::string name)
{
    if (const auto legal = checkProfileName(name); !legal)
        return legal.error();
    if (text.size() > largestText)
        return unreadable("a properties file is never larger than 1 MiB");
    if (text.find('\0') != std::string_view::npos)
        return unreadable("this is no text, so it is no properties file; a key store or trust "
                          "store is named in one and not imported itself");
    constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
    if (text.starts_with(byteOrderMark))
        text.remove_prefix(byteOrderMark.size());
    auto lines = readJavaProperties(text);
    const bool java = std::any_of(lines.begin(), lines.end(),
                                  [](const auto &line) { return isJavas(line.key); }) ||
                      std::none_of(lines.begin(), lines.end(), isLibrdkafkas);
    if (!java)
        lines = readPlainProperties(text);
    auto imported = Importer(std::move(name), java, lines).run();
    if (imported.profile.bootstrap.empty() && imported.profile.properties.empty() &&
        imported.problems.size() <= 1)
        return unreadable("there is no property of a Kafka client in it");
    return imported;
}

} // namespace redrive::workspace
