#include "core/kafka/configure.h"

#include "core/base/text.h"
#include "core/kafka/errors.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <netdb.h>
#include <openssl/x509.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::kafka {

namespace {

/// G11: called by librdkafka's broker threads with the address a broker advertises. The name that
/// TLS checks stays the advertised one, since only the address behind it changes.
int resolveThroughMap(const char *node, const char *service, const addrinfo *hints,
                      addrinfo **result, void *opaque)
{
    if (node == nullptr) {
        freeaddrinfo(*result);
        return 0;
    }
    const auto &addresses = static_cast<const HandleContext *>(opaque)->addresses;
    const bool isIpv6 = *node != '[' && std::string_view(node).find(':') != std::string_view::npos;
    const std::string advertised = (isIpv6 ? "[" + std::string(node) + "]" : std::string(node)) +
                                   ":" + (service != nullptr ? service : "");
    const AddressMapping *mapping = findMapping(addresses, advertised);
    if (mapping == nullptr)
        return getaddrinfo(node, service, hints, result);
    const auto target = parseHostPort(mapping->target);
    if (!target)
        return EAI_NONAME;
    return getaddrinfo(target->host.c_str(), std::to_string(target->port).c_str(), hints, result);
}

struct X509Delete
{
    void operator()(X509 *certificate) const noexcept { X509_free(certificate); }
};

std::string commonName(const unsigned char *der, std::size_t size)
{
    const std::unique_ptr<X509, X509Delete> certificate(
        d2i_X509(nullptr, &der, static_cast<long>(size)));
    if (!certificate)
        return "an unreadable certificate";
    std::array<char, 256> subject{};
    X509_NAME_oneline(X509_get_subject_name(certificate.get()), subject.data(),
                      static_cast<int>(subject.size()));
    std::string text = "certificate " + visible(subject.data());
    tm until{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate.get()), &until) == 1) {
        std::array<char, 16> day{};
        std::strftime(day.data(), day.size(), "%Y-%m-%d", &until);
        text += ", valid until " + std::string(day.data());
    }
    return text;
}

/// Keeps OpenSSL's verdict on a broker's certificate and takes it as it is: librdkafka's own text
/// says only that verification failed, not why.
int rememberCertificate(rd_kafka_t * /*client*/, const char * /*broker*/, std::int32_t /*id*/,
                        int *x509Error, int /*depth*/, const char *der, std::size_t size, char *why,
                        std::size_t whySize, void *opaque)
{
    auto &context = *static_cast<HandleContext *>(opaque);
    const auto text = commonName(reinterpret_cast<const unsigned char *>(der), size);
    const std::scoped_lock lock(context.mutex);
    if (*x509Error == X509_V_OK)
        return 1;
    context.certificateProblem =
        std::string(X509_verify_cert_error_string(*x509Error)) + " (" + text + ")";
    std::snprintf(why, whySize, "%s", context.certificateProblem.c_str());
    return 0;
}

/// librdkafka raises an error event for most failed connections, but only logs that a peer hung up
/// on it or answered in another protocol.
void rememberFailure(const rd_kafka_t *client, int /*level*/, const char *facility,
                     const char *line)
{
    const std::string_view what(facility);
    if (what != "FAIL" && what != "PROTOERR")
        return;
    std::string text(line);
    if (const auto end = text.find("]: "); text.starts_with("[thrd:") && end != std::string::npos)
        text.erase(0, end + 3);
    auto &context = *static_cast<HandleContext *>(rd_kafka_opaque(client));
    const std::scoped_lock lock(context.mutex);
    context.brokenConnection = withoutTiming(std::move(text));
}

/// Of a consumer's membership, and refused or warned about on a handle that joins nothing.
constexpr std::array<std::string_view, 7> membershipProperties{
    "group.protocol",     "group.remote.assignor", "partition.assignment.strategy",
    "session.timeout.ms", "heartbeat.interval.ms", "max.poll.interval.ms",
    "group.instance.id"};

/// An idempotent producer has at most five requests in flight (librdkafka refuses more), and a
/// profile may say more for the sake of others.
constexpr std::array<std::string_view, 2> flightProperties{"max.in.flight",
                                                           "max.in.flight.requests.per.connection"};

bool isFor(Role role, std::string_view key)
{
    const auto among = [&](const auto &keys) {
        return std::find(keys.begin(), keys.end(), key) != keys.end();
    };
    return (role == Role::Consumer || !among(membershipProperties)) &&
           (role != Role::Writer || !among(flightProperties));
}

using Preset = std::pair<const char *, const char *>;

/// What a profile may override.
std::vector<Preset> defaultsOf(Role role)
{
    switch (role) {
    case Role::Admin: break;
    case Role::Reader:
        return {{"fetch.wait.max.ms", "50"},
                {"fetch.message.max.bytes", "65536"},
                {"queued.min.messages", "1000"}};
    case Role::Consumer:
        // A full queue is looked at again soon: by default reading stops for a second. Topics that
        // are not there yet, and new partitions, are found within ten.
        return {{"fetch.queue.backoff.ms", "10"}, {"topic.metadata.refresh.interval.ms", "10000"}};
    case Role::Writer:
        // How large a record may be is for the broker to say.
        return {{"message.max.bytes", "1000000000"}, {"queue.buffering.max.kbytes", "65536"}};
    }
    return {};
}

/// What no profile overrides, so that none turns reading into writing.
std::vector<Preset> fixedOf(Role role)
{
    switch (role) {
    case Role::Admin: break;
    case Role::Reader:
        return {{"group.id", "redrive-reader"},        {"enable.auto.commit", "false"},
                {"enable.auto.offset.store", "false"}, {"enable.partition.eof", "true"},
                {"auto.offset.reset", "error"},        {"isolation.level", "read_uncommitted"}};
    case Role::Consumer:
        return {{"enable.auto.offset.store", "false"},
                {"enable.partition.eof", "true"},
                {"check.crcs", "true"},
                {"isolation.level", "read_committed"}};
    case Role::Writer:
        return {{"acks", "all"},
                {"enable.idempotence", "true"},
                {"partitioner", "murmur2_random"},
                {"topic.metadata.propagation.max.ms", "3000"}};
    }
    return {};
}

int eventsOf(Role role)
{
    switch (role) {
    case Role::Admin:
    case Role::Reader: break;
    case Role::Consumer:
        return RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT;
    case Role::Writer: return RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_DR;
    }
    return RD_KAFKA_EVENT_ERROR;
}

} // namespace

const AddressMapping *findMapping(const std::vector<AddressMapping> &addresses,
                                  std::string_view hostPort)
{
    const auto found = std::find_if(addresses.begin(), addresses.end(), [&](const auto &entry) {
        return entry.advertised == hostPort;
    });
    return found == addresses.end() ? nullptr : &*found;
}

std::string withoutTiming(std::string text)
{
    if (const auto at = text.rfind(" (after "); at != std::string::npos)
        text.erase(at);
    return text;
}

Result<ConfPtr> makeConf(const ConnectionSettings &settings, Role role, HandleContext &context,
                         const Properties &own)
{
    ConfPtr conf(rd_kafka_conf_new());
    std::string refused;
    std::array<char, 512> why{};
    const auto set = [&](const std::string &key, const std::string &value) {
        if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), why.data(), why.size()) ==
            RD_KAFKA_CONF_OK)
            return;
        // librdkafka repeats the value in some of its texts, and a value may be a secret.
        refused += (refused.empty() ? "" : "; ") + key + ": " +
                   (isSecret(key) ? std::string("this value is refused") : std::string(why.data()));
    };

    set("client.id", "redrive");
    set("reconnect.backoff.max.ms", "2000");
    set("socket.keepalive.enable", "true");
    for (const auto &[key, value] : defaultsOf(role))
        set(key, value);
    for (const auto &[key, value] : settings.properties) {
        if (isFor(role, key))
            set(key, value);
    }
    set("bootstrap.servers", settings.bootstrap);
    set("allow.auto.create.topics", "false");
    set("enable.metrics.push", "false");
    for (const auto &[key, value] : fixedOf(role))
        set(key, value);
    for (const auto &[key, value] : own)
        set(key, value);
    if (!refused.empty())
        return Error{.kind = Error::Kind::Config,
                     .code = "INVALID_CONFIG",
                     .message = refused,
                     .attempted = "configuring the connection to " + settings.bootstrap,
                     .retriable = false};

    rd_kafka_conf_set_log_cb(conf.get(), rememberFailure);
    rd_kafka_conf_set_events(conf.get(), eventsOf(role));
    rd_kafka_conf_set_opaque(conf.get(), &context);
    rd_kafka_conf_set_ssl_cert_verify_cb(conf.get(), rememberCertificate);
    if (!context.addresses.empty())
        rd_kafka_conf_set_resolve_cb(conf.get(), resolveThroughMap);
    return conf;
}

Result<ClientPtr> makeClient(ConfPtr conf, Role role)
{
    std::array<char, 512> why{};
    const bool produces = role == Role::Admin || role == Role::Writer;
    ClientPtr client(rd_kafka_new(produces ? RD_KAFKA_PRODUCER : RD_KAFKA_CONSUMER, conf.get(),
                                  why.data(), why.size()));
    if (!client)
        return Error{.kind = Error::Kind::Config,
                     .code = "INVALID_CONFIG",
                     .message = why.data(),
                     .attempted = "creating the client",
                     .retriable = false};
    static_cast<void>(conf.release()); // rd_kafka_new() took it, which it does only on success
    return client;
}

} // namespace redrive::kafka
