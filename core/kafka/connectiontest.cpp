#include "core/kafka/connectiontest.h"

#include "core/base/text.h"
#include "core/kafka/clusterclient.h"
#include "core/kafka/configure.h"
#include "core/kafka/netprobe.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace redrive::kafka {

namespace {

using State = ConnectionStep::State;

constexpr Millis longestSniff{2000};

constexpr const char *httpAdvice =
    "That port belongs to an HTTP server. Use the broker's Kafka port (often 9092).";
constexpr const char *tlsAdvice =
    "That port speaks TLS. Set the security protocol to SSL or SASL_SSL.";

std::string shown(const HostPort &place)
{
    return visible(place.host) + ":" + std::to_string(place.port);
}

HostPort reached(const HostPort &place, const ConnectionSettings &settings)
{
    const bool isIpv6 = place.host.find(':') != std::string::npos;
    const auto *mapping =
        findMapping(settings.addressMap, (isIpv6 ? "[" + place.host + "]" : place.host) + ":" +
                                             std::to_string(place.port));
    if (mapping == nullptr)
        return place;
    const auto target = parseHostPort(mapping->target);
    return target ? *target : place;
}

std::string property(const ConnectionSettings &settings, const std::string &key)
{
    const auto found = settings.properties.find(key);
    return found == settings.properties.end() ? std::string() : found->second;
}

std::string lower(std::string text)
{
    for (char &c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

/// The steps as they stand; each change is reported whole.
class Steps
{
public:
    Steps(const ConnectionSettings &settings,
          const std::function<void(const std::vector<ConnectionStep> &)> &report)
        : m_settings(settings)
        , m_report(report)
    {
    }

    std::size_t begin(std::string title)
    {
        m_steps.push_back({.title = std::move(title),
                           .state = State::Running,
                           .detail = {},
                           .error = std::nullopt,
                           .advice = {}});
        m_report(m_steps);
        return m_steps.size() - 1;
    }
    void pass(std::size_t step, std::string detail)
    {
        end(step, State::Passed, std::move(detail), std::nullopt);
    }
    void skip(std::size_t step, std::string detail)
    {
        end(step, State::Skipped, std::move(detail), std::nullopt);
    }
    void fail(std::size_t step, Error error)
    {
        auto advice = advise(error, m_settings);
        fail(step, std::move(error), std::move(advice));
    }
    void fail(std::size_t step, Error error, std::string advice)
    {
        m_steps[step].advice = std::move(advice);
        end(step, State::Failed, {}, std::move(error));
    }

private:
    void end(std::size_t step, State state, std::string detail, std::optional<Error> error)
    {
        auto &entry = m_steps[step];
        entry.state = state;
        entry.detail = std::move(detail);
        entry.error = std::move(error);
        m_report(m_steps);
    }

    const ConnectionSettings &m_settings;
    const std::function<void(const std::vector<ConnectionStep> &)> &m_report;
    std::vector<ConnectionStep> m_steps;
};

std::string joined(const std::vector<std::string> &texts)
{
    std::string all;
    for (const auto &text : texts)
        all += (all.empty() ? "" : ", ") + text;
    return all;
}

/// Resolves and connects; true when the place answered.
bool reach(Steps &steps, const std::string &what, const HostPort &place,
           const ConnectionSettings &settings, MonoTime deadline, const std::stop_token &stop)
{
    const HostPort target = reached(place, settings);
    const bool mapped = !(target == place);
    const auto resolving = steps.begin("Resolve " + what + visible(target.host) +
                                       (mapped ? " (mapped from " + shown(place) + ")" : ""));
    const auto addresses = resolveHost(target, deadline, stop);
    if (!addresses) {
        steps.fail(resolving, addresses.error());
        return false;
    }
    steps.pass(resolving, joined(*addresses));
    const auto connecting = steps.begin("Connect to " + what + shown(target));
    const auto connected = connectTcp(target, deadline, stop);
    if (!connected) {
        steps.fail(connecting, connected.error());
        return false;
    }
    steps.pass(connecting, *connected + " accepted the connection");
    return true;
}

struct Conversation
{
    std::optional<ClusterInfo> cluster;
    std::optional<Error> error;
};

Conversation askForMetadata(const ConnectionSettings &settings, MonoTime deadline,
                            const std::stop_token &stop)
{
    Conversation result;
    auto client = openCluster(settings);
    if (!client) {
        result.error = client.error();
        return result;
    }
    bool answered = false;
    const auto left = std::chrono::duration_cast<Millis>(deadline - monoNow());
    (*client)->describeCluster(std::max(left, Millis(1)), [&](Result<ClusterInfo> reply) {
        answered = true;
        if (reply)
            result.cluster = *reply;
        else if (!result.error)
            result.error = reply.error();
    });
    // A handshake that failed twice in a row is not going to work the third time; the first may be
    // a broker starting.
    int troubles = 0;
    while (!answered && !stop.stop_requested() && monoNow() < deadline) {
        (*client)->poll(Millis(100));
        if (const auto trouble = (*client)->takeTrouble(); trouble && !result.cluster) {
            if (trouble->error.code != "_ALL_BROKERS_DOWN" || !result.error)
                result.error = trouble->error;
            if (trouble->hopeless || ++troubles >= 4)
                break;
        }
    }
    if (result.cluster)
        result.error.reset();
    else if (!result.error)
        result.error =
            Error{.kind = stop.stop_requested() ? Error::Kind::Cancelled : Error::Kind::Timeout,
                  .code = stop.stop_requested() ? "_CANCELLED" : "_TIMED_OUT",
                  .message = stop.stop_requested() ? "stopped" : "no answer in time",
                  .attempted = "asking for the cluster's metadata",
                  .retriable = true};
    return result;
}

} // namespace

std::optional<ClusterInfo>
testConnection(const ConnectionSettings &settings, Millis timeout, const std::stop_token &stop,
               const std::function<void(const std::vector<ConnectionStep> &)> &report)
{
    Steps steps(settings, report);
    const MonoTime deadline = monoNow() + timeout;
    const auto places = parseBootstrap(settings.bootstrap);
    if (!places) {
        steps.fail(steps.begin("Read the bootstrap servers"), places.error());
        return std::nullopt;
    }
    bool any = false;
    for (const auto &place : *places)
        any = reach(steps, "", place, settings, deadline, stop) || any;
    if (!any || stop.stop_requested())
        return std::nullopt;

    const std::string protocol = lower(property(settings, "security.protocol"));
    const bool tls = protocol == "ssl" || protocol == "sasl_ssl";
    const bool sasl = protocol == "sasl_plaintext" || protocol == "sasl_ssl";
    const auto tlsStep = steps.begin("TLS handshake");
    if (!tls)
        steps.skip(tlsStep, "not asked for: the connection is not encrypted");
    const auto conversation = askForMetadata(settings, deadline, stop);
    const auto failedAt = conversation.error ? conversation.error->kind : Error::Kind::Internal;
    if (tls && conversation.error && failedAt != Error::Kind::Authentication) {
        steps.fail(tlsStep, *conversation.error);
        return std::nullopt;
    }
    if (tls)
        steps.pass(tlsStep, weaknesses(settings).empty() ? "the broker's certificate was accepted"
                                                         : "established");
    const auto saslStep = steps.begin("SASL authentication");
    if (!sasl)
        steps.skip(saslStep, "not asked for");
    else if (conversation.error) {
        steps.fail(saslStep, *conversation.error);
        return std::nullopt;
    } else
        steps.pass(saslStep, "authenticated as " + visible(property(settings, "sasl.username")));
    const auto metadataStep = steps.begin("Cluster metadata");
    if (!conversation.cluster) {
        steps.fail(metadataStep, *conversation.error,
                   diagnose(*conversation.error, settings, MonoTime::max(), stop));
        return std::nullopt;
    }
    const auto &cluster = *conversation.cluster;
    steps.pass(metadataStep, "cluster " + visible(cluster.clusterId) + " with " +
                                 std::to_string(cluster.brokers.size()) +
                                 (cluster.brokers.size() == 1 ? " broker" : " brokers"));
    for (const auto &broker : cluster.brokers) {
        if (stop.stop_requested())
            break;
        reach(steps, "broker " + std::to_string(broker.id) + " at ", {broker.host, broker.port},
              settings, deadline, stop);
    }
    return cluster;
}

std::string diagnose(const Error &error, const ConnectionSettings &settings, MonoTime deadline,
                     const std::stop_token &stop)
{
    const bool vague = error.kind == Error::Kind::Transport || error.kind == Error::Kind::Timeout;
    const std::string protocol = lower(property(settings, "security.protocol"));
    const auto places = parseBootstrap(settings.bootstrap);
    if (!vague || !places || places->empty() || monoNow() >= deadline)
        return advise(error, settings);
    deadline = std::min(deadline, monoNow() + longestSniff);
    switch (sniff(reached(places->front(), settings), deadline, stop)) {
    case Wire::Http: return httpAdvice;
    case Wire::Tls: return protocol.ends_with("ssl") ? advise(error, settings) : tlsAdvice;
    case Wire::Unknown: break;
    }
    return advise(error, settings);
}

std::string advise(const Error &error, const ConnectionSettings &settings)
{
    const auto says = [&](std::string_view part) {
        return error.message.find(part) != std::string::npos;
    };
    const std::string protocol = lower(property(settings, "security.protocol"));
    const bool tls = protocol == "ssl" || protocol == "sasl_ssl";
    // The first four bytes of what is not Kafka's protocol, read as a length: "HTTP", and a TLS
    // alert.
    if (says("Invalid response size 1213486160"))
        return httpAdvice;
    if (!tls && says("Invalid response size 3525"))
        return tlsAdvice;
    if (!tls && (says("connecting to a SSL listener") || says("connection closed by peer")))
        return "The port accepts connections and closes them: it may speak TLS (then set the "
               "security protocol to SSL or "
               "SASL_SSL), ask for SASL, or be no Kafka listener.";
    if (tls && says("alert") && (says("bad certificate") || says("certificate required")))
        return "The broker asks for a client certificate: set ssl.certificate.location and "
               "ssl.key.location.";
    if (says("PLAINTEXT broker listener") || says("wrong version number"))
        return "That port does not speak TLS. Set the security protocol to PLAINTEXT or "
               "SASL_PLAINTEXT, or use the TLS port.";
    if (says("certificate has expired"))
        return "The broker's certificate has expired: it has to be renewed on the broker.";
    if (says("certificate is not yet valid"))
        return "The broker's certificate is not valid yet: compare the clocks of this machine and "
               "the broker.";
    if (says("IP address mismatch") || says("hostname mismatch"))
        return "The certificate is for another name: connect by a name that it carries, or map the "
               "address in the profile.";
    if (says("self-signed") || says("self signed") || says("unable to get local issuer") ||
        says("certificate verify failed"))
        return "The broker's certificate is not signed by an authority known here: set "
               "ssl.ca.location to the file of its "
               "certificate authority.";
    switch (error.kind) {
    case Error::Kind::Resolve:
        return "Check the spelling, the VPN and the name service; a name that only the cluster "
               "knows needs an address map "
               "in the profile.";
    case Error::Kind::Authentication:
        return "Check mechanism, user name and password (the broker does not say which of them is "
               "wrong).";
    case Error::Kind::Tls:
        return "Compare the TLS settings of the profile with the broker's listener.";
    case Error::Kind::Timeout:
        return "Something on the way drops packets (a firewall, a VPN), or the broker is too busy "
               "to answer.";
    case Error::Kind::Transport:
        if (says("refused"))
            return "Nothing listens there: check host and port, and that the broker or the "
                   "port-forward is running.";
        return "The connection broke: check that the port is a Kafka listener and that "
               "security.protocol fits it.";
    case Error::Kind::Authorization: return "Ask for the permission (ACL) that the message names.";
    default: return {};
    }
}

} // namespace redrive::kafka
