// What the dialog of a plan shows of its job.
#include "core/offsets/words.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/dialogs/resetscope.h"
#include "ui/dialogs/resettarget.h"
#include "ui/models/planmodel.h"
#include "ui/shell/label.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QAction>
#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

using offsets::JobState;

namespace {

constexpr std::size_t mostMembers = 8;

/// Switches a button off with the reason, or on again.
void setUsable(QPushButton *button, const QString &whyNot, const QString &help = {})
{
    button->setEnabled(whyNot.isEmpty());
    button->setToolTip(ui::toolTip(whyNot.isEmpty() ? help : whyNot));
    button->setAccessibleDescription(whyNot.isEmpty() ? help : whyNot);
}

QString membersTip(const std::vector<GroupMember> &members)
{
    return ui::toolTip(memberLines(members, mostMembers).join(u'\n'));
}

} // namespace

const offsets::JobSnapshot &ResetDialog::snapshot() const
{
    static const offsets::JobSnapshot none = [] {
        offsets::JobSnapshot empty;
        empty.state = JobState::Cancelled;
        return empty;
    }();
    const OffsetEntry *const entry = m_jobs ? m_jobs->find(m_job) : nullptr;
    return entry ? *entry->snapshot : none;
}

bool ResetDialog::isLocked() const
{
    const OffsetEntry *const entry = m_jobs ? m_jobs->find(m_job) : nullptr;
    return (entry && entry->isBusy()) || (m_seek && !m_seek->isOver());
}

bool ResetDialog::hasOwnSession() const
{
    return m_cluster && !sessionsIn(m_cluster->sessions(), m_group).empty();
}

ResetState ResetDialog::state() const
{
    return {.job = snapshot().state,
            .plan = m_shown ? &*m_shown : nullptr,
            .isCurrent = !m_isOld && m_isPlanned,
            .policy = m_cluster ? m_cluster->policy() : kafka::AccessPolicy{},
            .group = m_group,
            .typedName = m_typed->text(),
            .evenIfMoving = m_evenIfMoving->isChecked(),
            .wasRefusedMoving = m_wasRefusedMoving,
            .hasOwnSession = hasOwnSession()};
}

void ResetDialog::showTable()
{
    m_model->setZone(m_settings.timeZone());
    if (!m_shown)
        return;
    m_table->update([this] {
        m_model->show(*m_shown, snapshot().state == JobState::Planning);
        if (m_applied)
            m_model->showOutcomes(m_applied->rows);
    });
    m_table->offer(PlanModel::Lost, m_model->hasLosses());
    m_table->offer(PlanModel::Notes, m_model->hasNotes());
}

void ResetDialog::showAll()
{
    m_model->setZone(m_settings.timeZone());
    const bool hasOutcome = m_applied || m_seek;
    m_table->offer(PlanModel::Outcome, hasOutcome);
    if (!hasOutcome && !m_table->isColumnHidden(PlanModel::Outcome))
        m_table->setColumnHidden(PlanModel::Outcome, true);
    m_entry->setVisible(!m_fixed);
    m_fixedWords->setVisible(m_fixed.has_value());
    if (m_fixed) {
        const auto *const undo = std::get_if<offsets::to::Undo>(&m_fixed->target);
        m_fixedWords->setPlainText(
            undo ? tr("Back to before what the journal has as %1: where a commit was, it is put "
                      "back; where none was, it is deleted.")
                       .arg(foreign(undo->journal))
                 : tr("To the offsets of a file: %1").arg(foreign(m_fixed->spec)));
    }
    const bool locked = isLocked();
    m_scope->setEnabled(!locked);
    m_target->setEnabled(!locked);
    m_reason->setEnabled(!locked);
    showStatus();
    showWay();
    showMessage();
    showButtons();

    const bool hasRows = m_model->rowCount() > 0;
    if (!hasRows) {
        const bool noScope = !m_fixed && m_scope->scope().topics.empty();
        const bool noTarget = !m_fixed && !m_target->target();
        if (m_plan && m_plan->error)
            m_empty->say(tr("There is no plan"), errorText(*m_plan->error));
        else if (snapshot().state == JobState::Planning)
            m_empty->say(tr("Planning…"), {});
        else if (noScope)
            m_empty->say(tr("What is to be moved?"),
                         tr("Tick topics or partitions. Nothing is chosen by itself, and nothing "
                            "is changed before you say so."));
        else if (noTarget)
            m_empty->say(tr("Where to?"), m_target->problem());
        else if (m_shown && !m_isOld)
            m_empty->say(tr("Nothing to move"), tr("The plan has no partitions."));
        else
            m_empty->say({}, {});
    }
    m_middle->setCurrentIndex(hasRows ? 1 : 0);
}

void ResetDialog::showStatus()
{
    const offsets::JobSnapshot &now = snapshot();
    const WallTime wall = wallNow();
    QString text;
    switch (now.state) {
    case JobState::Planning: {
        const auto rows = m_model->rows();
        const auto done = std::ranges::count_if(
            rows, [](const PlanLine &line) { return !line.isResolving && !line.isOld; });
        text = now.plan ? tr("Planning: %1 of %2")
                              .arg(number(std::optional<std::int64_t>(done)),
                                   partitionsText(now.plan->rows.size()))
                        : tr("Planning…");
        break;
    }
    case JobState::Waiting:
        text = tr("Waits until the group is empty: %1").arg(jobText(now, wall));
        break;
    case JobState::Applying: text = tr("Applying, and reading back what the broker has…"); break;
    default:
        if (m_applied)
            text = tr("Applied.");
        else if (m_seek)
            text = m_seek->isOver() ? tr("The session was moved.") : tr("Moving the session…");
        else if (m_isOld && m_pause.isActive() && entered())
            text = tr("Planning in a moment…");
        else if (m_shown && !m_isOld && m_isPlanned)
            text = m_shown->groupExists
                       ? tr("Planned at %1. The group is %2.")
                             .arg(clock(m_shown->created, m_settings.timeZone(), wall),
                                  stateText(m_shown->state))
                       : tr("Planned at %1. There is no such group yet.")
                             .arg(clock(m_shown->created, m_settings.timeZone(), wall));
        break;
    }
    m_status->setPlainText(text);
    m_status->setToolTip(now.waiting ? membersTip(now.waiting->members) : QString());
    const bool waits = now.state == JobState::Waiting;
    m_stop->setVisible(waits || now.state == JobState::Planning);
    m_stop->setText(waits ? tr("Stop waiting") : tr("Stop"));
    if (waits && !m_tick.isActive())
        m_tick.start();
    else if (!waits)
        m_tick.stop();
}

void ResetDialog::showWay()
{
    const bool isReady = m_shown && !m_isOld && m_isPlanned && !m_applied && !m_seek && !isLocked();
    QString sums = m_shown && !m_isOld && !m_shown->rows.empty()
                       ? QString::fromStdString(offsets::sumsInWords(*m_shown))
                       : QString();
    if (m_applied)
        sums = outcomeInWords(*m_applied);
    else if (m_seek && m_seek->isOver())
        sums = outcomeInWords(m_seek->rows());
    m_sums->setPlainText(sums);
    const bool hasErrors = isReady && !m_model->withErrors().empty();
    m_leaveOutErrors->setVisible(hasErrors);
    m_leaveOutErrorsAction->setEnabled(hasErrors);
    m_leaveOutAction->setEnabled(isReady);

    QStringList way;
    const bool own = isReady && hasOwnSession();
    if (own)
        way << tr("A session of this window is in the group: it is moved by seeking, not by "
                  "committing under it.");
    if (isReady) {
        const QString words = QString::fromStdString(offsets::whatStandsInTheWay(*m_shown));
        if (!words.isEmpty() && !own)
            way << words;
    }
    if (isReady && m_cluster && m_cluster->policy().mode == kafka::AccessMode::ReadOnly)
        way << whyNotApply(state());
    m_way->setPlainText(way.join(u'\n'));
    m_way->setToolTip(isReady ? membersTip(m_shown->members) : QString());
    m_way->setVisible(!way.isEmpty());
    m_evenIfMoving->setVisible(isReady && (!m_shown->moving.empty() || m_wasRefusedMoving));
    m_create->setVisible(!isLocked() &&
                         ((m_shown && !m_shown->groupExists) || m_create->isChecked()));
    m_seekButton->setVisible(own);
    if (own) {
        const SeekPlan seeks = seekPlanOf(m_cluster->sessions(), *m_shown);
        setUsable(m_seekButton, seeks.whyNot,
                  tr("Moves the session itself, which commits from there"));
    }
    const bool isInTheWay = isReady && !offsets::whatStandsInTheWay(*m_shown).empty();
    m_wait->setVisible(isReady && m_shown->groupExists &&
                       (!m_shown->members.empty() || (isInTheWay && m_shown->moving.empty())));
}

void ResetDialog::showMessage()
{
    m_messageLabel->setPlainText(m_message);
    m_messageLabel->setToken(m_messageIsBad ? theme::Token::Bad : theme::Token::MutedText);
    m_messageLabel->setVisible(!m_message.isEmpty());
}

void ResetDialog::showButtons()
{
    const ResetState now = state();
    const bool needsName =
        now.policy.mode == kafka::AccessMode::Confirm && !m_applied && !isLocked();
    m_typeRow->setVisible(needsName);
    m_apply->setText(applyText(now.plan));
    const bool isOver = m_applied || m_seek;
    m_apply->setVisible(!isOver && now.job != JobState::Waiting);
    setUsable(m_apply, whyNotApply(now));
    if (m_wait->isVisibleTo(this))
        setUsable(m_wait, whyNotWait(now),
                  tr("Moves it as soon as the last member has left; ends with this window"));
    const QString noPlan = now.plan && now.isCurrent ? QString() : tr("There is no plan yet.");
    setUsable(m_copy, noPlan, tr("The command that does the same"));
    setUsable(m_save, noPlan, tr("To be applied elsewhere by redrivectl"));
    m_undo->setVisible(m_applied && !m_applied->journal.empty());
    m_cancel->setText(isOver || isLocked() ? tr("Close") : tr("Cancel"));
}

} // namespace redrive::ui
