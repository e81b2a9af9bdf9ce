#include "ui/bridge/sessionseek.h"

#include "ui/format/format.h"
#include "ui/models/sessionwords.h"

#include <algorithm>
#include <utility>

namespace redrive::ui {

namespace {

using store::JournalOutcome;
using store::JournalRow;

QString tr(const char *text)
{
    return SessionSeek::tr(text);
}

struct Owner
{
    const SessionEntry *session = nullptr;
    const consumer::LaneSnapshot *lane = nullptr;
};

const consumer::LaneSnapshot *laneOf(const SessionEntry &entry, const TopicPartition &partition)
{
    if (!entry.snapshot)
        return nullptr;
    const auto &lanes = entry.snapshot->lanes;
    const auto found = std::ranges::find(lanes, partition, &consumer::LaneSnapshot::partition);
    return found == lanes.end() ? nullptr : &*found;
}

Owner ownerOf(const ConsumerSessions &sessions, const GroupId &group,
              const TopicPartition &partition)
{
    for (const int id : sessionsIn(sessions, group)) {
        const SessionEntry *const entry = sessions.find(id);
        if (const auto *lane = laneOf(*entry, partition))
            return {entry, lane};
    }
    return {};
}

QString whyNotRow(const offsets::PlanRow &row, const Owner &owner)
{
    const QString name = partitionText(row.partition);
    if (row.error)
        return tr("%1 has no target: %2.").arg(name, errorText(*row.error));
    if (!row.target.offset)
        return tr("The commit of %1 would be deleted, and a session that runs has to stand "
                  "somewhere: stop it first.")
            .arg(name);
    if (!owner.session)
        return tr("%1 is not read by a session of this window now, so none can be moved there.")
            .arg(name);
    if (!owner.session->canBeSteered())
        return tr("Session %1, which reads %2, is ending.").arg(owner.session->id).arg(name);
    if (!owner.lane->position || owner.lane->state == consumer::LaneState::Starting)
        return tr("Session %1 has only just been given %2, and has not begun to read it.")
            .arg(owner.session->id)
            .arg(name);
    return {};
}

std::string sentence(const QString &text)
{
    return text.toStdString();
}

bool isAnswer(const consumer::told::Steered &steered, const SeekStep &step)
{
    return steered.partition == step.partition && steered.action == "seek";
}

/// Among what the session told since: its answer to the seek.
const consumer::SessionEvent *answerIn(const SessionDiary &diary, const SeekStep &step,
                                       std::uint64_t seen)
{
    const auto &log = diary.log();
    for (std::size_t i = 0; i < log.entries().size(); ++i) {
        const consumer::SessionEvent &event = log.entries()[i];
        const auto *const steered = std::get_if<consumer::told::Steered>(&event.what);
        if (log.number(i) > seen && steered && isAnswer(*steered, step))
            return &event;
    }
    return nullptr;
}

/// What the broker said of the newest commit of the partition since then.
void readCommits(const SessionDiary &diary, const SeekStep &step, WallTime since, JournalRow &row)
{
    for (const SessionDiary::Commit &commit : diary.commits().entries()) {
        if (commit.answered < since)
            continue;
        for (const Position &position : commit.told.positions) {
            if (position.partition != step.partition)
                continue;
            if (commit.told.error) {
                row.error = describe(*commit.told.error);
                continue;
            }
            row.after = position.next;
            row.outcome = JournalOutcome::Confirmed;
            row.error.reset();
            return;
        }
    }
}

} // namespace

std::vector<int> sessionsIn(const ConsumerSessions &sessions, const GroupId &group)
{
    std::vector<int> ids;
    for (const SessionEntry *entry : sessions.entries()) {
        if (entry->isAlive() && entry->request.options.group == group)
            ids.push_back(entry->id);
    }
    return ids;
}

SeekPlan seekPlanOf(const ConsumerSessions &sessions, const offsets::Plan &plan)
{
    if (plan.error)
        return {{}, errorText(*plan.error)};
    if (sessionsIn(sessions, plan.group).empty())
        return {{}, tr("No session of this window runs in that group.")};
    if (plan.rows.empty())
        return {{}, tr("The plan has no partitions.")};
    SeekPlan seeks;
    QString first;
    qsizetype more = -1;
    for (const offsets::PlanRow &row : plan.rows) {
        const Owner owner = ownerOf(sessions, plan.group, row.partition);
        const QString whyNot = whyNotRow(row, owner);
        if (whyNot.isEmpty()) {
            seeks.steps.push_back({.session = owner.session->id,
                                   .partition = row.partition,
                                   .from = owner.lane->position,
                                   .to = *row.target.offset});
        } else if (++more == 0) {
            first = whyNot;
        }
    }
    if (first.isEmpty())
        return seeks;
    if (more == 1)
        first = tr("%1 Another partition stands in the way, too.").arg(first);
    else if (more > 1)
        first = tr("%1 %2 more partitions stand in the way, too.")
                    .arg(first, number(std::optional<std::int64_t>(more)));
    return {{}, first};
}

SessionSeek::SessionSeek(ConsumerSessions *sessions, SeekPlan plan, QObject *parent)
    : QObject(parent)
    , m_sessions(sessions)
    , m_plan(std::move(plan))
{
    for (const SeekStep &step : m_plan.steps) {
        const SessionEntry *const entry = sessions->find(step.session);
        const auto *const lane = entry ? laneOf(*entry, step.partition) : nullptr;
        m_watches.push_back({.seen = entry ? entry->diary.log().seen() : 0, .movedAt = {}});
        m_rows.push_back({.partition = step.partition,
                          .before = lane ? lane->committed : std::nullopt,
                          .requested = step.to,
                          .after = {},
                          .outcome = {},
                          .error = {}});
    }
    connect(sessions, &ConsumerSessions::changed, this, &SessionSeek::look);
    connect(sessions, &ConsumerSessions::listChanged, this, &SessionSeek::look);
    connect(sessions, &QObject::destroyed, this, &SessionSeek::look);
    for (const SeekStep &step : m_plan.steps)
        sessions->seek(step.session, step.partition, step.to);
}

void SessionSeek::look()
{
    if (m_over)
        return;
    const auto before = m_rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i].outcome)
            lookAt(m_plan.steps[i], m_watches[i], m_rows[i]);
    }
    m_over =
        std::ranges::all_of(m_rows, [](const JournalRow &row) { return row.outcome.has_value(); });
    if (m_rows != before)
        emit changed();
    if (m_over)
        emit over();
}

void SessionSeek::lookAt(const SeekStep &step, Watch &watch, JournalRow &row) const
{
    const SessionEntry *const entry = m_sessions ? m_sessions->find(step.session) : nullptr;
    const auto end = [&row](JournalOutcome outcome, const std::string &why) {
        row.outcome = outcome;
        if (!row.error)
            row.error = why;
    };
    if (!entry) {
        end(JournalOutcome::Unknown, sentence(tr("The session is gone.")));
        return;
    }
    if (!watch.movedAt) {
        const auto *const answer = answerIn(entry->diary, step, watch.seen);
        if (answer) {
            const auto &steered = std::get<consumer::told::Steered>(answer->what);
            if (steered.error) {
                end(JournalOutcome::NotApplied, describe(*steered.error));
                return;
            }
            watch.movedAt = answer->time;
        }
    }
    if (watch.movedAt)
        readCommits(entry->diary, step, *watch.movedAt, row);
    if (row.outcome)
        return;
    if (!entry->isAlive())
        end(JournalOutcome::Unknown,
            sentence(watch.movedAt ? tr("It was moved, but the session ended before a commit of it "
                                        "was acknowledged.")
                                   : tr("The session ended before it said what came of it.")));
    else if (!laneOf(*entry, step.partition))
        end(JournalOutcome::Unknown,
            sentence(watch.movedAt ? tr("It was moved, but the partition went to another member "
                                        "before a commit of it was acknowledged.")
                                   : tr("The partition went to another member before the session "
                                        "said what came of it.")));
}

store::JournalState SessionSeek::state() const
{
    const auto rowsWith = [this](JournalOutcome outcome) {
        return std::ranges::count(m_rows, std::optional(outcome), &JournalRow::outcome);
    };
    if (!m_over)
        return store::JournalState::Asked;
    if (rowsWith(JournalOutcome::Unknown) > 0)
        return store::JournalState::Unknown;
    const auto confirmed = rowsWith(JournalOutcome::Confirmed);
    if (confirmed == std::ssize(m_rows))
        return store::JournalState::Done;
    return confirmed > 0 ? store::JournalState::Partial : store::JournalState::Failed;
}

} // namespace redrive::ui
