#pragma once

#include "core/offsets/plan.h"
#include "core/store/journal.h"
#include "ui/bridge/consumersessions.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace redrive::ui {

/// Sessions of this window are moved by seeking, not by committing under them (O7): the commit
/// would be overwritten by their next, and a group with members refuses it anyway. UI thread.

/// The sessions that live in that group, by id, oldest first.
std::vector<int> sessionsIn(const ConsumerSessions &sessions, const GroupId &group);

/// Which session moves which partition.
struct SeekStep
{
    int session = 0;
    TopicPartition partition;
    std::optional<Offset> from; ///< its position when this was made
    Offset to;
    bool operator==(const SeekStep &) const = default;
};

/// A plan as seeks, or why it cannot be done by seeking. Nothing is half possible: `whyNot` not
/// empty means no steps.
struct SeekPlan
{
    std::vector<SeekStep> steps; ///< sorted by partition
    QString whyNot;              ///< a sentence, to be shown as plain text
    bool isPossible() const { return whyNot.isEmpty(); }
};

/// Possible where each row has a target, deletes nothing, and its partition is read by a session
/// that lives here.
SeekPlan seekPlanOf(const ConsumerSessions &sessions, const offsets::Plan &plan);

/// Seeks, and says what came of it, partition by partition. The journal of each session keeps it
/// before it is done; where it cannot, the session refuses, and says so in its row.
class SessionSeek : public QObject
{
    Q_OBJECT
public:
    /// Asks for all of it at once. `sessions` may go before this does.
    SessionSeek(ConsumerSessions *sessions, SeekPlan plan, QObject *parent = nullptr);

    /// In the order of the plan. `before` is what was committed; no outcome: not known yet.
    /// CONFIRMED: the session was moved, and the broker has acknowledged a commit of it since, in
    /// `after`, which may be further on, for the session goes on reading. NOT_APPLIED: it refused,
    /// in `error`. UNKNOWN: the partition or the session went before it could say.
    const std::vector<store::JournalRow> &rows() const { return m_rows; }
    bool isOver() const { return m_over; } ///< each row has its outcome
    store::JournalState state() const;

signals:
    void changed();
    void over(); ///< once, after changed()

private:
    struct Watch
    {
        std::uint64_t seen = 0; ///< entries of the session's log that were there before
        std::optional<WallTime> movedAt{};
    };
    void look();
    void lookAt(const SeekStep &step, Watch &watch, store::JournalRow &row) const;

    QPointer<ConsumerSessions> m_sessions;
    SeekPlan m_plan;
    std::vector<Watch> m_watches;
    std::vector<store::JournalRow> m_rows;
    bool m_over = false;
};

} // namespace redrive::ui
