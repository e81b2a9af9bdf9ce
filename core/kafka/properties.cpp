#include "core/base/text.h"
#include "core/kafka/connection.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>
#include <utility>

namespace redrive::kafka {

namespace {

enum class Kind
{
    Text,
    Secret, ///< as Text, and never repeated
    Pem,    ///< as Text, on several lines
    SecretPem,
    Flag,
    Number,
    Choice, ///< one of `choices`; those in lower case are taken in any case, as librdkafka does
    Url,
    Shell, ///< librdkafka pastes it into a command line
};

struct Allowed
{
    std::string_view key;
    Kind kind = Kind::Text;
    std::string_view choices{};
    std::int64_t least = 0;
    std::int64_t most = 0;
};

constexpr std::size_t longestShown = 40;
constexpr std::int64_t anyInt = std::numeric_limits<std::int32_t>::max();

constexpr auto allowed = std::to_array<Allowed>({
    {"api.version.request.timeout.ms", Kind::Number, {}, 1, 300'000},
    {"broker.address.family", Kind::Choice, "any v4 v6"},
    {"broker.address.ttl", Kind::Number, {}, 0, 86'400'000},
    {"client.dns.lookup", Kind::Choice, "use_all_dns_ips resolve_canonical_bootstrap_servers_only"},
    {"client.id"},
    {"client.rack"},
    {"compression.codec", Kind::Choice, "none gzip snappy lz4 zstd"},
    {"compression.level", Kind::Number, {}, -1, 12},
    {"compression.type", Kind::Choice, "none gzip snappy lz4 zstd"},
    {"connections.max.idle.ms", Kind::Number, {}, 0, anyInt},
    {"enable.sasl.oauthbearer.unsecure.jwt", Kind::Flag},
    {"enable.ssl.certificate.verification", Kind::Flag},
    {"group.protocol", Kind::Choice, "classic consumer"},
    {"group.remote.assignor"},
    {"heartbeat.interval.ms", Kind::Number, {}, 1, 3'600'000},
    {"https.ca.location"},
    {"https.ca.pem", Kind::Pem},
    {"max.in.flight", Kind::Number, {}, 1, 1'000'000},
    {"max.in.flight.requests.per.connection", Kind::Number, {}, 1, 1'000'000},
    {"max.poll.interval.ms", Kind::Number, {}, 1, 86'400'000},
    {"message.max.bytes", Kind::Number, {}, 1000, 1'000'000'000},
    {"metadata.max.age.ms", Kind::Number, {}, 1, 86'400'000},
    {"metadata.recovery.rebootstrap.trigger.ms", Kind::Number, {}, 0, anyInt},
    {"metadata.recovery.strategy", Kind::Choice, "none rebootstrap"},
    {"partition.assignment.strategy"},
    {"receive.message.max.bytes", Kind::Number, {}, 1000, anyInt},
    {"reconnect.backoff.max.ms", Kind::Number, {}, 0, 3'600'000},
    {"reconnect.backoff.ms", Kind::Number, {}, 0, 3'600'000},
    {"request.timeout.ms", Kind::Number, {}, 1, 900'000},
    {"retry.backoff.max.ms", Kind::Number, {}, 1, 300'000},
    {"retry.backoff.ms", Kind::Number, {}, 1, 300'000},
    {"sasl.kerberos.keytab", Kind::Shell},
    {"sasl.kerberos.min.time.before.relogin", Kind::Number, {}, 0, 86'400'000},
    {"sasl.kerberos.principal", Kind::Shell},
    {"sasl.kerberos.service.name", Kind::Shell},
    {"sasl.mechanism", Kind::Choice, "PLAIN SCRAM-SHA-256 SCRAM-SHA-512 OAUTHBEARER GSSAPI"},
    {"sasl.mechanisms", Kind::Choice, "PLAIN SCRAM-SHA-256 SCRAM-SHA-512 OAUTHBEARER GSSAPI"},
    {"sasl.oauthbearer.client.credentials.client.id"},
    {"sasl.oauthbearer.client.credentials.client.secret", Kind::Secret},
    {"sasl.oauthbearer.client.id"},
    {"sasl.oauthbearer.client.secret", Kind::Secret},
    {"sasl.oauthbearer.config"},
    {"sasl.oauthbearer.extensions"},
    {"sasl.oauthbearer.method", Kind::Choice, "default oidc"},
    {"sasl.oauthbearer.scope"},
    {"sasl.oauthbearer.sub.claim.name"},
    {"sasl.oauthbearer.token.endpoint.url", Kind::Url},
    {"sasl.password", Kind::Secret},
    {"sasl.username"},
    {"security.protocol", Kind::Choice, "plaintext ssl sasl_plaintext sasl_ssl"},
    {"session.timeout.ms", Kind::Number, {}, 1, 3'600'000},
    {"socket.connection.setup.timeout.ms", Kind::Number, {}, 1000, anyInt},
    {"socket.keepalive.enable", Kind::Flag},
    {"socket.max.fails", Kind::Number, {}, 0, 1'000'000},
    {"socket.nagle.disable", Kind::Flag},
    {"socket.receive.buffer.bytes", Kind::Number, {}, 0, 100'000'000},
    {"socket.send.buffer.bytes", Kind::Number, {}, 0, 100'000'000},
    {"socket.timeout.ms", Kind::Number, {}, 10, 300'000},
    {"ssl.ca.certificate.stores"},
    {"ssl.ca.location"},
    {"ssl.ca.pem", Kind::Pem},
    {"ssl.certificate.location"},
    {"ssl.certificate.pem", Kind::Pem},
    {"ssl.cipher.suites"},
    {"ssl.crl.location"},
    {"ssl.curves.list"},
    {"ssl.endpoint.identification.algorithm", Kind::Choice, "none https"},
    {"ssl.key.location"},
    {"ssl.key.password", Kind::Secret},
    {"ssl.key.pem", Kind::SecretPem},
    {"ssl.keystore.location"},
    {"ssl.keystore.password", Kind::Secret},
    {"ssl.sigalgs.list"},
    {"topic.metadata.refresh.fast.interval.ms", Kind::Number, {}, 1, 60'000},
    {"topic.metadata.refresh.interval.ms", Kind::Number, {}, -1, 3'600'000},
    {"topic.metadata.refresh.sparse", Kind::Flag},
});
static_assert(std::is_sorted(allowed.begin(), allowed.end(),
                             [](const Allowed &a, const Allowed &b) { return a.key < b.key; }));

struct Reason
{
    std::string_view key; ///< a trailing `*` stands for anything
    std::string_view why;
};

constexpr std::string_view loadsCode = "it loads code into the program";
constexpr std::string_view ownSetting = "Redrive sets it itself";
constexpr std::string_view pointer = "it is a function or an address in memory, not text";
constexpr std::string_view prints = "its output may hold what is read and secrets";
constexpr std::string_view sendsFile =
    "it signs with or sends a local file to an address that the profile chooses";

constexpr auto refused = std::to_array<Reason>({
    {"plugin.library.paths", loadsCode},
    {"interceptors", loadsCode},
    {"ssl.engine.*", loadsCode},
    {"ssl.providers", loadsCode},
    {"sasl.kerberos.kinit.cmd", "it runs a command"},
    {"sasl.oauthbearer.assertion.*", sendsFile},
    {"sasl.oauthbearer.grant.type", sendsFile},
    {"sasl.oauthbearer.metadata.authentication.type",
     "it hands this machine's cloud identity to whoever the profile names"},
    {"debug", prints},
    {"log_level", prints},
    {"log.*", prints},
    {"offset.store.*", "it writes offsets to a local file"},
    {"topic.blacklist", "it hides topics, so that what is shown would not be the cluster"},
    {"test.mock.*", "it replaces the cluster with a mock"},
    {"bootstrap.servers", "the profile has a field of its own for it"},
    {"metadata.broker.list", "the profile has a field of its own for it"},
    {"group.id", ownSetting},
    {"group.instance.id", ownSetting},
    {"enable.auto.commit", ownSetting},
    {"enable.auto.offset.store", ownSetting},
    {"auto.commit.*", ownSetting},
    {"auto.offset.reset", ownSetting},
    {"allow.auto.create.topics", ownSetting},
    {"enable.partition.eof", ownSetting},
    {"enable.metrics.push", ownSetting},
    {"enable.idempotence", ownSetting},
    {"enable.gapless.guarantee", ownSetting},
    {"enabled_events", ownSetting},
    {"isolation.level", ownSetting},
    {"transactional.id", ownSetting},
    {"transaction.timeout.ms", ownSetting},
    {"acks", ownSetting},
    {"request.required.acks", ownSetting},
    {"statistics.interval.ms", ownSetting},
    {"internal.termination.signal", ownSetting},
    {"fetch.*", ownSetting},
    {"max.partition.fetch.bytes", ownSetting},
    {"queued.*", ownSetting},
    {"queue.buffering.*", ownSetting},
    {"linger.ms", ownSetting},
    {"batch.*", ownSetting},
    {"retries", ownSetting},
    {"message.send.max.retries", ownSetting},
    {"message.timeout.ms", ownSetting},
    {"delivery.timeout.ms", ownSetting},
    {"check.crcs", ownSetting},
    {"partitioner", ownSetting},
    {"topic.metadata.propagation.max.ms", ownSetting},
    {"api.version.request", "it is for brokers older than Kafka 0.10"},
    {"api.version.fallback.ms", "it is for brokers older than Kafka 0.10"},
    {"broker.version.fallback", "it is for brokers older than Kafka 0.10"},
    {"*_cb", pointer},
    {"*_callback", pointer},
    {"*_callback_data", pointer},
    {"opaque", pointer},
    {"default_topic_conf", pointer},
    {"ssl_key", pointer},
    {"ssl_certificate", pointer},
    {"ssl_ca", pointer},
});

bool matches(std::string_view pattern, std::string_view key)
{
    if (pattern.ends_with('*'))
        return key.starts_with(pattern.substr(0, pattern.size() - 1));
    if (pattern.starts_with('*'))
        return key.ends_with(pattern.substr(1));
    return key == pattern;
}

std::string lower(std::string_view text)
{
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool isChoice(std::string_view choices, std::string_view value)
{
    const std::string wanted = lower(value);
    while (!choices.empty()) {
        const auto end = choices.find(' ');
        const auto choice = choices.substr(0, end);
        if (choice == value || choice == wanted)
            return true;
        choices = end == std::string_view::npos ? std::string_view() : choices.substr(end + 1);
    }
    return false;
}

std::string listed(std::string_view choices)
{
    std::string out;
    for (const char c : choices)
        out += c == ' ' ? std::string(", ") : std::string(1, c);
    return out;
}

bool isNumberWithin(const Allowed &property, std::string_view value)
{
    std::int64_t number = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    return problem == std::errc{} && end == value.data() + value.size() &&
           number >= property.least && number <= property.most;
}

/// Why the value cannot be, in words that follow the key; empty when it can.
std::string objection(const Allowed &property, std::string_view value)
{
    const bool manyLines = property.kind == Kind::Pem || property.kind == Kind::SecretPem;
    if (value.empty())
        return "has no value";
    if (std::any_of(value.begin(), value.end(), [&](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return (byte < 0x20 || byte == 0x7f) && !(manyLines && (c == '\n' || c == '\r'));
        }))
        return "has control characters in its value";
    // What runs on may be another line, and a secret.
    const bool isShort = value.size() <= longestShown && value.find('=') == std::string_view::npos;
    const std::string shown = isShort ? ", not '" + visible(value) + "'" : "";
    switch (property.kind) {
    case Kind::Flag:
        return value == "true" || value == "false" ? "" : "must be true or false" + shown;
    case Kind::Number:
        return isNumberWithin(property, value)
                   ? ""
                   : "must be a whole number from " + std::to_string(property.least) + " to " +
                         std::to_string(property.most) + shown;
    case Kind::Choice:
        return isChoice(property.choices, value)
                   ? ""
                   : "must be one of " + listed(property.choices) + shown;
    case Kind::Url:
        return value.starts_with("https://") || value.starts_with("http://")
                   ? ""
                   : "must be an https:// or http:// address";
    case Kind::Shell:
        return std::all_of(value.begin(), value.end(),
                           [](char c) {
                               return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                                      std::string_view("._-/@:+").find(c) != std::string_view::npos;
                           })
                   ? ""
                   : "may hold only letters, digits and . _ - / @ : +, since it is handed to a "
                     "command";
    case Kind::Text:
    case Kind::Secret:
    case Kind::Pem:
    case Kind::SecretPem: break;
    }
    return {};
}

Error refusal(std::string code, std::string_view key, std::string why)
{
    return Error{.kind = Error::Kind::Config,
                 .code = std::move(code),
                 .message = visible(key) + " " + std::move(why),
                 .attempted = "checking the property " + visible(key),
                 .retriable = false};
}

} // namespace

Result<void> checkProperty(std::string_view key, std::string_view value)
{
    const auto found =
        std::lower_bound(allowed.begin(), allowed.end(), key,
                         [](const Allowed &a, std::string_view wanted) { return a.key < wanted; });
    if (found != allowed.end() && found->key == key) {
        auto why = objection(*found, value);
        if (!why.empty())
            return refusal("INVALID_VALUE", key, std::move(why));
        return {};
    }
    for (const auto &[pattern, why] : refused) {
        if (matches(pattern, key))
            return refusal("PROPERTY_REFUSED", key, "is refused: " + std::string(why));
    }
    const std::string lowered = lower(key);
    const bool onlyCase = std::any_of(allowed.begin(), allowed.end(),
                                      [&](const Allowed &a) { return a.key == lowered; });
    return refusal("UNKNOWN_PROPERTY", key,
                   onlyCase ? "is not a property that Redrive knows; it is written " + lowered
                            : "is not a property that Redrive knows");
}

bool isSecret(std::string_view key)
{
    const std::string name = lower(key);
    const auto ends = [&](std::string_view tail) { return name.ends_with(tail); };
    return ends("password") || ends("passphrase") || ends("secret") || ends("token") ||
           ends("key.pem") || ends("keystore.key") || ends("api.key") || ends("jaas.config");
}

const std::vector<std::string_view> &allowedProperties()
{
    static const auto keys = [] {
        std::vector<std::string_view> all;
        for (const auto &property : allowed)
            all.push_back(property.key);
        return all;
    }();
    return keys;
}

} // namespace redrive::kafka
