#pragma once

#include "core/kafka/guard.h"
#include "core/workspace/session.h"
#include "core/workspace/snapshot.h"
#include "ui/bridge/consumersessions.h"
#include "ui/bridge/journalreader.h"
#include "ui/bridge/offsetjobs.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace redrive::ui {

/// One connected cluster as widgets see it: the place where the session's wake-ups become queued
/// signals. Lives on the UI thread, owned by the window's list of clusters.
class ClusterView : public QObject
{
    Q_OBJECT
public:
    ClusterView(QString name, std::unique_ptr<workspace::ClusterSession> session,
                kafka::AccessPolicy policy, QStringList weaknesses, QObject *parent = nullptr);
    /// Without a session: for pages in tests, fed by show().
    explicit ClusterView(QString name, QObject *parent = nullptr);
    ClusterView(QString name, kafka::AccessPolicy policy, QStringList weaknesses,
                QObject *parent = nullptr);
    ~ClusterView() override;

    const QString &name() const { return m_name; }
    const kafka::AccessPolicy &policy() const { return m_policy; }
    const QStringList &weaknesses() const { return m_weaknesses; }
    /// The options by which redrivectl reaches the same cluster; by profile unless told.
    QStringList reach() const
    {
        return m_reach.isEmpty() ? QStringList{QStringLiteral("--profile"), m_name} : m_reach;
    }
    void setReach(const QStringList &options) { m_reach = options; }
    /// The consumers that run here. Without setRunner() none can be started.
    ConsumerSessions &sessions() const { return *m_consumers; }
    /// Before the view is shown to anybody.
    void setRunner(std::shared_ptr<ConsumerRunner> runner);
    /// The changes to groups' offsets. Without setOffsetRunner() none can be planned.
    OffsetJobs &offsetJobs() const { return *m_offsetJobs; }
    /// Before the view is shown to anybody.
    void setOffsetRunner(std::shared_ptr<OffsetRunner> runner);
    /// What reads the journal of what was changed here; null: this window has none.
    const std::shared_ptr<JournalReader> &journal() const { return m_journal; }
    void setJournal(std::shared_ptr<JournalReader> journal) { m_journal = std::move(journal); }
    /// Never null.
    const std::shared_ptr<const workspace::ClusterSnapshot> &snapshot() const { return m_snapshot; }

    void setFocus(const std::optional<GroupId> &group);
    void setTopicsWanted(bool wanted);
    /// The same for what may be open beside a page: as long as any of them is in need.
    void needTopics(const QObject *who, bool needed);
    void setPaused(bool paused);
    void setInterval(Millis interval);
    void refreshNow();
    void clearProblems();

    /// Takes a snapshot as if the session had sent it.
    void show(std::shared_ptr<const workspace::ClusterSnapshot> snapshot);

signals:
    void snapshotChanged();

private:
    void askForTopics();

    QString m_name;
    std::unique_ptr<workspace::ClusterSession> m_session; ///< null in tests
    kafka::AccessPolicy m_policy;
    QStringList m_weaknesses;
    QStringList m_reach;
    bool m_topicsWanted = false;
    std::set<const QObject *> m_inNeedOfTopics;
    std::shared_ptr<const workspace::ClusterSnapshot> m_snapshot;
    std::unique_ptr<ConsumerSessions> m_consumers; ///< never null
    std::shared_ptr<JournalReader> m_journal;
    std::unique_ptr<OffsetJobs> m_offsetJobs; ///< never null
};

} // namespace redrive::ui
