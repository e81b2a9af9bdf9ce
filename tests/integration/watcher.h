#pragma once

#include "core/workspace/session.h"

#include <QDeadlineTimer>
#include <QThread>

#include <memory>
#include <string>

namespace redrive::testworld {

/// A session on a real cluster and the newest of what it has shown, for tests that wait for things
/// to be shown.
class Watcher
{
public:
    Watcher(const kafka::ConnectionSettings &settings, const workspace::SessionOptions &options)
        : m_session(std::make_unique<workspace::ClusterSession>(
              [settings] { return kafka::openCluster(settings); }, options, kafka::AccessPolicy{}))
    {
    }

    workspace::ClusterSession &session() { return *m_session; }
    /// Never null after until() was true once.
    const std::shared_ptr<const workspace::ClusterSnapshot> &shown() const { return m_shown; }

    /// Waits until a snapshot satisfies the condition.
    template <typename Condition>
    bool until(Condition condition, int patienceMs = 20'000)
    {
        const QDeadlineTimer deadline(patienceMs);
        while (!m_shown || !condition(*m_shown)) {
            if (deadline.hasExpired())
                return false;
            QThread::msleep(10);
            if (auto snapshot = m_session->take())
                m_shown = std::move(snapshot);
        }
        return true;
    }

    bool untilConnection(workspace::Connection connection, int patienceMs = 20'000)
    {
        return until([&](const auto &shown) { return shown.connection == connection; }, patienceMs);
    }

    /// Until a whole refresh ended that began after this call.
    bool untilRefreshed(int patienceMs = 20'000)
    {
        const WallTime now = wallNow();
        return until(
            [&](const auto &shown) {
                return shown.connection == workspace::Connection::Live && shown.refreshedAt &&
                       *shown.refreshedAt - shown.refreshDuration.value_or(Millis(0)) >= now;
            },
            patienceMs);
    }

    const GroupSummary *group(const std::string &name) const
    {
        if (!m_shown || !m_shown->groups)
            return nullptr;
        for (const auto &summary : *m_shown->groups) {
            if (summary.listing.id.value() == name)
                return &summary;
        }
        return nullptr;
    }

    /// What the error says of the connection, or nothing.
    std::string connectionProblem() const
    {
        return m_shown && m_shown->connectionError ? describe(*m_shown->connectionError) : "";
    }

    void close() { m_session.reset(); }

private:
    std::unique_ptr<workspace::ClusterSession> m_session;
    std::shared_ptr<const workspace::ClusterSnapshot> m_shown;
};

} // namespace redrive::testworld
