#include "ui/bridge/clusterview.h"

#include "ui/bridge/background.h"

#include <QMetaObject>

#include <utility>

namespace redrive::ui {

ClusterView::ClusterView(QString name, std::unique_ptr<workspace::ClusterSession> session,
                         kafka::AccessPolicy policy, QStringList weaknesses, QObject *parent)
    : QObject(parent)
    , m_name(std::move(name))
    , m_session(std::move(session))
    , m_policy(policy)
    , m_weaknesses(std::move(weaknesses))
    , m_snapshot(std::make_shared<workspace::ClusterSnapshot>())
{
    setRunner(nullptr);
    setOffsetRunner(nullptr);
    m_session->setWakeUp([this] {
        QMetaObject::invokeMethod(
            this,
            [this] {
                if (auto next = m_session->take())
                    show(std::move(next));
            },
            Qt::QueuedConnection);
    });
}

ClusterView::ClusterView(QString name, QObject *parent)
    : ClusterView(std::move(name), kafka::AccessPolicy{}, QStringList(), parent)
{
}

ClusterView::ClusterView(QString name, kafka::AccessPolicy policy, QStringList weaknesses,
                         QObject *parent)
    : QObject(parent)
    , m_name(std::move(name))
    , m_policy(policy)
    , m_weaknesses(std::move(weaknesses))
    , m_snapshot(std::make_shared<workspace::ClusterSnapshot>())
{
    setRunner(nullptr);
    setOffsetRunner(nullptr);
}

ClusterView::~ClusterView()
{
    if (!m_session)
        return;
    // Returns once no wake-up is under way, so none can name a dead object.
    m_session->setWakeUp({});
    // Ending a session joins its thread; a stuck one must not hold the window.
    runInBackground("end-session", [session = std::shared_ptr<workspace::ClusterSession>(
                                        std::move(m_session))]() mutable { session.reset(); });
}

void ClusterView::setRunner(std::shared_ptr<ConsumerRunner> runner)
{
    QString whyNot;
    if (m_policy.mode == kafka::AccessMode::ReadOnly)
        whyNot = tr("This profile is read-only: a session joins a group and commits offsets, so "
                    "none can be started.");
    else if (!runner)
        whyNot = tr("This window cannot run consumers.");
    m_consumers = std::make_unique<ConsumerSessions>(std::move(runner), whyNot);
}

void ClusterView::setOffsetRunner(std::shared_ptr<OffsetRunner> runner)
{
    m_offsetJobs = std::make_unique<OffsetJobs>(std::move(runner));
}

void ClusterView::setFocus(const std::optional<GroupId> &group)
{
    if (m_session)
        m_session->setFocus(group);
}

void ClusterView::setTopicsWanted(bool wanted)
{
    m_topicsWanted = wanted;
    askForTopics();
}

void ClusterView::needTopics(const QObject *who, bool needed)
{
    if (needed)
        m_inNeedOfTopics.insert(who);
    else
        m_inNeedOfTopics.erase(who);
    askForTopics();
}

void ClusterView::askForTopics()
{
    if (m_session)
        m_session->setTopicsWanted(m_topicsWanted || !m_inNeedOfTopics.empty());
}

void ClusterView::setPaused(bool paused)
{
    if (m_session)
        m_session->setPaused(paused);
}

void ClusterView::setInterval(Millis interval)
{
    if (m_session)
        m_session->setInterval(interval);
}

void ClusterView::refreshNow()
{
    if (m_session)
        m_session->refreshNow();
}

void ClusterView::clearProblems()
{
    if (m_session)
        m_session->clearProblems();
}

void ClusterView::show(std::shared_ptr<const workspace::ClusterSnapshot> snapshot)
{
    m_snapshot = std::move(snapshot);
    emit snapshotChanged();
}

} // namespace redrive::ui
