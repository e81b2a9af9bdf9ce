#pragma once

#include "ui/bridge/consumerrunner.h"
#include "ui/bridge/consumersessionsdiary.h"

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace redrive::ui {

/// One session of the window, running or ended: what was asked for, what it is now and what it has
/// told. Read by the pages, changed by ConsumerSessions alone.
struct SessionEntry
{
    int id = 0; ///< counts up from 1 in each cluster
    SessionRequest request;
    WallTime asked{};
    /// Null while it is being opened, or where that failed.
    std::shared_ptr<const consumer::SessionSnapshot> snapshot;
    std::optional<Error> failure; ///< why it could not be opened
    std::optional<MonoTime> stopAskedAt{};
    bool ended = false;
    SessionDiary diary;

    bool isAlive() const { return !ended; }
    /// It runs, and nobody has asked it to end.
    bool canBeSteered() const
    {
        return !ended && !stopAskedAt && snapshot &&
               snapshot->state != consumer::SessionState::Draining;
    }
};

/// The sessions that run on one cluster, side by side: the place where they are started, looked at
/// and ended without the UI thread ever waiting. Opening and destroying happen in the background
/// (background.h); while any is alive, snapshots and events are fetched a few times a second. Lives
/// on the UI thread, owned by the cluster's view. Destroyed with sessions alive, it asks them to
/// stop and leaves them to the background until they have, or their time is over.
class ConsumerSessions : public QObject
{
    Q_OBJECT
public:
    static constexpr int refreshMillis = 200;
    /// On top of a session's drain limit: its commit, and its leaving of the group.
    static constexpr Millis endPatience{12'000};

    /// `whyNot`: why none can be started here; empty: they can.
    explicit ConsumerSessions(std::shared_ptr<ConsumerRunner> runner, QString whyNot = {},
                              QObject *parent = nullptr);
    ~ConsumerSessions() override;

    const QString &whyNot() const { return m_whyNot; }
    const std::shared_ptr<ConsumerRunner> &runner() const { return m_runner; }
    std::vector<const SessionEntry *> entries() const; ///< oldest first
    const SessionEntry *find(int id) const;            ///< null: it is not there (any more)
    std::size_t alive() const;

    /// The id of the new entry, which is being opened.
    int start(const SessionRequest &request);
    void stop(int id, const std::string &reason = "stopped by hand");
    void kill(int id);
    void remove(int id); ///< of one that has ended
    void stopAll(const std::string &reason);
    void killAll();

    void pause(int id, const std::vector<TopicPartition> &partitions);
    void resume(int id, const std::vector<TopicPartition> &partitions);
    void seek(int id, const TopicPartition &partition, Offset to);
    void skipOne(int id, const TopicPartition &partition);
    void rewind(int id, const TopicPartition &partition, std::int64_t records);

    /// Fetches what is new now; the timer does so by itself.
    void refresh();

signals:
    void changed();     ///< values of some entries
    void listChanged(); ///< an entry came, ended or went
    /// The last that was alive has ended.
    void allEnded();

private:
    struct Opening;
    struct Held;
    Held *held(int id);
    bool takeOpened(Held &held);
    bool takeNews(Held &held);
    void steer(int id, const std::function<void(RunningSession &)> &how);

    std::shared_ptr<ConsumerRunner> m_runner;
    QString m_whyNot;
    std::vector<std::unique_ptr<Held>> m_held;
    QTimer m_timer;
    int m_lastId = 0;
};

} // namespace redrive::ui
