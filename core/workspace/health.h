#pragma once

#include "core/kafka/clusterclient.h"
#include "core/workspace/snapshot.h"

#include <optional>

namespace redrive::workspace {

/// True where nobody answered: no connection, no answer in time. A broker's "no" is an answer.
bool isUnanswered(const Error &error);

/// Whether the cluster answers, since when, and why not. Pure; not thread-safe.
class Health
{
public:
    explicit Health(WallTime now)
        : m_since(now)
    {
    }

    void answered(WallTime now);
    void unanswered(const Error &error) { m_failure = error; }
    void troubled(const kafka::ClusterClient::Trouble &trouble);
    /// A whole refresh in which nobody answered.
    void wentDark();
    void failedToOpen(const Error &error);

    Connection connection() const { return m_connection; }
    WallTime since() const { return m_since; }
    /// Why it is not live: the newest complaint about the connection, else the last request that
    /// failed.
    std::optional<Error> error() const;

private:
    Connection m_connection = Connection::Connecting;
    WallTime m_since;
    WallTime m_lastAnswer{};
    std::optional<Error> m_failure;
    std::optional<Error> m_trouble;
};

/// Decides when a client handle is given up: after two refreshes in a row that were dead. While new
/// handles are no better, they are tried 5, 10, 20 and then every 30 s. Pure; not thread-safe.
class StuckHandle
{
public:
    void refreshEnded(bool wasDead);
    bool isToBeReplaced(MonoTime now) const;
    /// False for a while after a replacement that did not help.
    bool mayBeReplaced(MonoTime now) const { return !m_notBefore || *m_notBefore <= now; }
    void replaced(MonoTime now);

private:
    int m_deadInARow = 0;
    int m_replacedInARow = 0;
    std::optional<MonoTime> m_notBefore;
};

} // namespace redrive::workspace
