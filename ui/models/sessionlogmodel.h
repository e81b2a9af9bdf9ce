#pragma once

#include "ui/bridge/consumersessionsdiary.h"
#include "ui/format/format.h"
#include "ui/models/rowtable.h"
#include "ui/theme/tokens.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace redrive::ui {

/// A line of something that only grows: what it says never changes, so it is put into words once.
struct SessionLine
{
    struct Cell
    {
        QString text{};
        QVariant bare{}; ///< for sorting and copying; invalid: unknown
        QString tip{};
        theme::Token token = theme::Token::Text;
    };
    std::uint64_t number = 0;
    std::vector<Cell> cells;
    bool isProblem = false;
};

/// Newest lines of a session: its commits, rebalances, log, live updates or samples, depending on
/// what fills it. Rows come at the end and go at the beginning.
class SessionLines : public RowTable<SessionLine>
{
    Q_OBJECT
public:
    SessionLines(std::vector<ColumnSpec> columns, QObject *parent = nullptr);

    /// Entries that are new since the last call are put into words by `line`; `session` says whose
    /// they are: another one's replace them all.
    template <typename T, typename Words>
    void follow(int session, const Tail<T> &tail, Words words)
    {
        if (session == m_session && tail.seen() == m_seen)
            return;
        std::vector<SessionLine> next;
        next.reserve(tail.entries().size());
        std::size_t index = 0;
        if (session == m_session) {
            for (const SessionLine &line : rows()) {
                if (line.number > tail.letGo())
                    next.push_back(line);
            }
            index = next.size();
        }
        for (; index < tail.entries().size(); ++index) {
            SessionLine line = words(tail.entries()[index]);
            line.number = tail.number(index);
            next.push_back(std::move(line));
        }
        m_session = session;
        m_seen = tail.seen();
        update(std::move(next));
    }
    /// All of it is to be put into words again: the time zone is another.
    void forget() { m_session = -1; }

protected:
    QVariant cell(int row, int column, int role) const override;
    bool less(const SessionLine &a, const SessionLine &b) const override
    {
        return a.number < b.number;
    }
    bool same(const SessionLine &a, const SessionLine &b) const override;

private:
    int m_session = -1;
    std::uint64_t m_seen = 0;
};

// The columns of each, and a line of them. Times are clock times to the millisecond.
std::vector<ColumnSpec> commitColumns();
SessionLine commitLine(const SessionDiary::Commit &commit, TimeZone zone);
std::vector<ColumnSpec> rebalanceColumns();
SessionLine rebalanceLine(const SessionDiary::Rebalance &rebalance, TimeZone zone);
std::vector<ColumnSpec> logColumns();
SessionLine logLine(const consumer::SessionEvent &event, TimeZone zone);
std::vector<ColumnSpec> liveColumns();
SessionLine liveLine(const SessionDiary::Live &live, TimeZone zone);
std::vector<ColumnSpec> sampleColumns();
SessionLine sampleLine(const SessionSample &sample, TimeZone zone);

} // namespace redrive::ui
