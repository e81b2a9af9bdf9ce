#include "core/run/sessionhost.h"

#include "core/consumer/health.h"
#include "core/run/sessiontraces.h"
#include "core/telemetry/httpurl.h"
#include "core/workspace/profilestore.h"

#include <array>
#include <condition_variable>
#include <utility>

namespace redrive::run {

namespace {

/// The library's own default, which its users know.
constexpr Millis autoCommitInterval{5000};

/// How long one question about dead-letter topics waits; asked again while nobody answers.
constexpr std::array<Millis, 5> checkPatience{Millis(5000), Millis(10'000), Millis(15'000),
                                              Millis(30'000), Millis(30'000)};

bool isKip848(const kafka::ConnectionSettings &connection)
{
    const auto protocol = connection.properties.find("group.protocol");
    return protocol != connection.properties.end() && protocol->second == "consumer";
}

} // namespace

struct SessionHost::Current
{
    std::mutex mutex;
    consumer::ConsumerSession *session = nullptr; ///< guarded by mutex

    std::shared_ptr<const consumer::SessionSnapshot> snapshot()
    {
        const std::scoped_lock lock(mutex);
        return session != nullptr ? session->snapshot() : nullptr;
    }
};

Result<void> check(const SessionRequest &request)
{
    if (auto sound = consumer::check(request.session); !sound)
        return sound;
    if (request.otlp) {
        if (const auto url = telemetry::parseHttpUrl(*request.otlp); !url)
            return Error{.kind = Error::Kind::Usage,
                         .code = "USAGE",
                         .message = "--otlp: " + url.error().message,
                         .attempted = "reading the URL of the trace collector",
                         .retriable = false};
    }
    const auto *kind = events::findHandlerKind(request.handler);
    if (kind != nullptr && (!kind->needsDatabase || !request.handling.database.empty()))
        return {};
    return events::makeHandler(request.handler, request.handling).error(); // it opens nothing
}

SessionHost::SessionHost(SessionRequest request, kafka::ConnectionSettings connection,
                         kafka::Permit permit)
    : m_request(std::move(request))
    , m_connection(std::make_shared<const kafka::ConnectionSettings>(std::move(connection)))
    , m_permit(std::move(permit))
    , m_current(std::make_shared<Current>())
{
    consumer::SessionOptions &session = m_request.session;
    session.isKip848 = isKip848(*m_connection);
    if (session.commitMetadata.empty())
        session.commitMetadata = "redrive/" REDRIVE_VERSION;
    if (session.marksBeside.empty())
        session.marksBeside = m_request.handling.database.empty()
                                  ? workspace::stateDirectory() / "consume"
                                  : m_request.handling.database;
}

SessionHost::~SessionHost()
{
    cancel();
    m_health.reset();
    m_session.reset();
}

Result<std::unique_ptr<SessionHost>> SessionHost::open(const workspace::Profile &profile,
                                                       const workspace::KeychainReader &keychain,
                                                       SessionRequest request)
{
    if (auto sound = check(request); !sound)
        return sound.error();
    const std::string group = request.session.group.value();
    // Whoever names the group has consented (redrivectl.md): only read-only refuses.
    auto permit =
        kafka::WriteGuard(kafka::effectivePolicy(profile.mode, profile.production))
            .authorise({.action = "consume", .target = group}, {.yes = true, .typedName = group});
    if (!permit)
        return permit.error();
    auto connection = workspace::resolve(profile, keychain);
    if (!connection)
        return connection.error();
    std::unique_ptr<SessionHost> host(
        new SessionHost(std::move(request), std::move(*connection), std::move(*permit)));
    if (auto opened = host->openParts(); !opened)
        return opened.error();
    return host;
}

Result<void> SessionHost::openParts()
{
    events::HandlerSettings &handling = m_request.handling;
    if (m_request.otlp) {
        auto tracer = telemetry::openOtlp({.url = *m_request.otlp, .resource = traceResource()});
        if (!tracer)
            return tracer.error();
        m_tracer = std::move(*tracer);
    }
    handling.tracer = m_tracer;
    handling.scope = spanScope(*m_connection, m_request.session.group);
    const auto *kind = events::findHandlerKind(m_request.handler);
    if (kind != nullptr && kind->needsWriter && !handling.writer) {
        auto writer =
            kafka::openWriter(*m_connection, {.clientId = handling.scope.clientId}, m_permit);
        if (!writer)
            return writer.error();
        handling.writer = std::move(*writer);
    }
    auto handler = events::makeHandler(m_request.handler, handling);
    if (!handler)
        return handler.error();
    m_handler = std::move(*handler);
    if (m_request.health) {
        auto server = telemetry::openHealthServer(
            *m_request.health,
            consumer::healthPages([current = m_current] { return current->snapshot(); }, m_tracer,
                                  {.stuckAfter = m_request.session.stuckAfter}));
        if (!server) {
            Error error = server.error();
            error.kind = Error::Kind::Internal; // the address is good, somebody else has it
            return error;
        }
        m_health = std::move(*server);
    }
    return {};
}

Result<void> SessionHost::createDeadLetterTopics(Millis timeout)
{
    return run::createDeadLetterTopics(
        deadLetterTopics(m_request.session),
        topicRequests(*m_connection, timeout, m_permit, m_stop.get_token()));
}

/// Asks until somebody has answered, or the session is over.
std::function<std::vector<Error>()> SessionHost::makeCheck() const
{
    auto topics = deadLetterTopics(m_request.session);
    if (topics.empty()) // whether anybody answers is worth knowing all the same
        topics[m_request.session.topics.front()] = {};
    const bool speaks = !deadLetterTopics(m_request.session).empty();
    return [topics, speaks, connection = m_connection, permit = m_permit, answered = m_answered,
            stop = m_stop.get_token()]() -> std::vector<Error> {
        for (const Millis patience : checkPatience) {
            auto result =
                checkDeadLetterTopics(topics, topicRequests(*connection, patience, permit, stop));
            if (stop.stop_requested())
                return {};
            if (!result.answered)
                continue;
            *answered = true;
            return speaks ? std::move(result.errors) : std::vector<Error>{};
        }
        return {};
    };
}

void SessionHost::begin()
{
    consumer::SessionParts parts;
    parts.consumer =
        [settings =
             kafka::GroupConsumerSettings{
                 .connection = *m_connection,
                 .group = m_request.session.group,
                 .topics = m_request.session.topics,
                 .reset = m_request.session.reset,
                 .instanceId = m_request.session.instanceId,
                 .autoCommit = m_request.session.commit.kind == consumer::CommitStrategy::Kind::Auto
                                   ? std::optional(autoCommitInterval)
                                   : std::nullopt,
                 // Where the end is waited for, nothing waits at the end.
                 .fetchWait = m_request.session.untilEnd ? Millis(20) : Millis(500)},
         permit = m_permit] { return kafka::openGroupConsumer(settings, permit); };
    parts.writer = [connection = m_connection, permit = m_permit,
                    clientId = m_request.handling.scope.clientId] {
        return kafka::openWriter(*connection, {.clientId = clientId}, permit);
    };
    parts.handler = m_handler;
    parts.journal = m_request.journal;
    parts.check = makeCheck();
    if (m_tracer)
        trace(parts, m_tracer, m_request.handling.scope);
    m_session = std::make_unique<consumer::ConsumerSession>(m_request.session, std::move(parts));
    const std::scoped_lock lock(m_current->mutex);
    m_current->session = m_session.get();
}

std::optional<telemetry::HealthAddress> SessionHost::healthAddress() const
{
    return m_health ? std::optional(m_health->address()) : std::nullopt;
}

bool SessionHost::flushTraces(Millis timeout)
{
    return !m_tracer || m_tracer->flush(timeout);
}

} // namespace redrive::run
