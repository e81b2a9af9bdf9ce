#pragma once

#include "ui/bridge/offsetrelay.h"
#include "ui/bridge/offsetrunner.h"

#include <QObject>
#include <QString>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redrive::ui {

/// One job of the window, as it is now. Read by dialogs and the status line, changed by OffsetJobs
/// alone.
struct OffsetEntry
{
    int id = 0; ///< counts up from 1 in each cluster
    GroupId group;
    std::shared_ptr<const offsets::JobSnapshot> snapshot; ///< never null
    bool attended = true;                                 ///< a dialog shows it
    bool armed = false;                                   ///< it waits, or did

    bool isWaiting() const { return snapshot->state == offsets::JobState::Waiting; }
    bool isBusy() const { return isWaiting() || snapshot->state == offsets::JobState::Applying; }
};

/// The changes to groups of one cluster that are planned, under way, or armed: where jobs are begun
/// and looked at without the UI thread ever waiting. A job that nobody shows any more ends, unless
/// it waits or writes: that goes on, and stays until somebody has looked at what came of it. Lives
/// on the UI thread, owned by the cluster's view. Destroyed, it cancels what waits; what is being
/// written is read back in the background.
class OffsetJobs : public QObject
{
    Q_OBJECT
public:
    /// Above what a job may take to read back what it wrote.
    static constexpr Millis endPatience{40'000};

    /// Null: this window cannot change offsets.
    explicit OffsetJobs(std::shared_ptr<OffsetRunner> runner, QObject *parent = nullptr);
    ~OffsetJobs() override;

    const std::shared_ptr<OffsetRunner> &runner() const { return m_runner; }
    std::vector<const OffsetEntry *> entries() const; ///< oldest first
    const OffsetEntry *find(int id) const;            ///< null: it is not there (any more)
    /// The job that waits for that group or writes to it, or has not been looked at since; null.
    const OffsetEntry *ofGroup(const GroupId &group) const;
    std::size_t armed() const; ///< that wait

    int begin(const GroupId &group);
    void plan(int id, const offsets::PlanRequest &request);
    void apply(int id, const offsets::Plan &shown, const kafka::Confirmation &confirmation,
               const std::string &reason, bool evenIfMoving);
    void arm(int id, const offsets::Plan &shown, const kafka::Confirmation &confirmation,
             const std::string &reason, Millis expires);
    void cancel(int id);
    void attend(int id); ///< a dialog shows it again
    void leave(int id);  ///< none does any more

signals:
    void changed(int id);
    void listChanged(); ///< a job came, went, was armed or has ended

private:
    struct Held;
    Held *held(int id);
    void takeNews(int id);
    void say(Held &held, offsets::JobState state);
    void end(std::unique_ptr<OffsetWork> work, bool isWriting);

    std::shared_ptr<OffsetRunner> m_runner;
    std::vector<std::unique_ptr<Held>> m_held;
    OffsetRelay m_relay;
    int m_lastId = 0;
};

} // namespace redrive::ui
