#pragma once

#include "core/consumer/snapshot.h"
#include "ui/bridge/consumersessions.h"

#include <QDialog>
#include <QPointer>

class QLineEdit;
class QPushButton;

namespace redrive::ui {

class Label;

/// Moves one partition of a running session: says what that means before it is done. Follows the
/// session while it is open. Owned by the page; deletes itself when closed.
class SessionSteer : public QDialog
{
    Q_OBJECT
public:
    enum class Move
    {
        Seek,
        Rewind,
        SkipOne
    };
    SessionSteer(ConsumerSessions *sessions, int session, TopicPartition partition, Move move,
                 QWidget *parent = nullptr);

private:
    const consumer::LaneSnapshot *lane() const; ///< null: it is not ours (any more)
    std::optional<std::int64_t> typed() const;
    void refresh();
    void submit();

    QPointer<ConsumerSessions> m_sessions;
    int m_session;
    TopicPartition m_partition;
    Move m_move;
    Label *m_where;
    QLineEdit *m_number = nullptr;
    Label *m_meaning;
    QPushButton *m_apply;
};

/// What a move comes to, in a sentence; `isPossible` false: why not.
struct MoveWords
{
    bool isPossible = false;
    QString text;
};
MoveWords wordsOfMove(SessionSteer::Move move, const consumer::LaneSnapshot *lane,
                      std::optional<std::int64_t> number);

} // namespace redrive::ui
