#pragma once

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/consumer/session.h"
#include "core/events/handlers/handlers.h"
#include "core/run/deadlettertopics.h"
#include "core/telemetry/healthserver.h"
#include "core/telemetry/tracing.h"
#include "core/workspace/profile.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

namespace redrive::run {

/// What a person or script asked for.
struct SessionRequest
{
    consumer::SessionOptions session; ///< marks and commit metadata are filled in where empty
    std::string handler = "inspect";
    events::HandlerSettings handling;               ///< writer, tracer and scope are filled in
    std::optional<std::string> otlp;                ///< a collector's base URL; none: no tracing
    std::optional<telemetry::HealthAddress> health; ///< none: no health server
    consumer::SteeringJournal journal;
};

/// Refuses what cannot work without asking anybody: options, the handler's name and needs. Usage
/// errors.
Result<void> check(const SessionRequest &request);

/// A consumer session and all that it stands on, put together in the order in which it may fail:
/// what needs no broker first, and nothing of the group is touched before begin(). Used by
/// redrivectl and by the window. Owned by one thread, save for cancel().
class SessionHost
{
public:
    /// Resolves the profile, asks its guard (a read-only one refuses: READ_ONLY), opens the
    /// database, the writer and the health server. May wait for a locked database.
    static Result<std::unique_ptr<SessionHost>> open(const workspace::Profile &profile,
                                                     const workspace::KeychainReader &keychain,
                                                     SessionRequest request);
    /// Kills a session that still runs.
    ~SessionHost();
    SessionHost(const SessionHost &) = delete;
    SessionHost &operator=(const SessionHost &) = delete;

    /// Before begin(), where it was asked for. Blocks up to a few times `timeout`, or until
    /// cancel().
    Result<void> createDeadLetterTopics(Millis timeout);
    void begin();

    consumer::ConsumerSession &session() { return *m_session; } ///< after begin()
    const consumer::SessionOptions &options() const { return m_request.session; }
    const kafka::ConnectionSettings &connection() const { return *m_connection; }
    /// Where the health server listens.
    std::optional<telemetry::HealthAddress> healthAddress() const;
    /// Whether a broker has answered anything, the group apart.
    bool isAnswered() const { return *m_answered; }
    /// Sends what spans there are; false when some were left behind.
    bool flushTraces(Millis timeout);
    /// Ends what blocks. From any thread.
    void cancel() { m_stop.request_stop(); }

private:
    struct Current; ///< the session as the health server finds it, which is there before it

    SessionHost(SessionRequest request, kafka::ConnectionSettings connection, kafka::Permit permit);
    Result<void> openParts();
    std::function<std::vector<Error>()> makeCheck() const;

    SessionRequest m_request;
    std::shared_ptr<const kafka::ConnectionSettings> m_connection;
    kafka::Permit m_permit;
    std::stop_source m_stop;
    std::shared_ptr<std::atomic<bool>> m_answered = std::make_shared<std::atomic<bool>>(false);
    std::shared_ptr<telemetry::Tracer> m_tracer;
    std::shared_ptr<consumer::Handler> m_handler;
    std::shared_ptr<Current> m_current;
    std::unique_ptr<telemetry::HealthServer> m_health;
    std::unique_ptr<consumer::ConsumerSession> m_session;
};

} // namespace redrive::run
