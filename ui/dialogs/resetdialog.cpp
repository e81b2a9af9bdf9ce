#include "ui/dialogs/resetdialog.h"

#include "ui/dialogs/resetscope.h"
#include "ui/dialogs/resettarget.h"
#include "ui/models/planmodel.h"
#include "ui/widgets/datatable.h"

#include <QAbstractButton>
#include <QCheckBox>
#include <QKeyEvent>
#include <QLineEdit>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

using offsets::JobState;

namespace {

constexpr int tickMillis = 1000;
constexpr int fillMillis = 80; ///< a table that fills changes no more often

} // namespace

ResetDialog::ResetDialog(ClusterView *cluster, Settings &settings, const GroupId &group,
                         QWidget *parent)
    : QDialog(parent)
    , m_cluster(cluster)
    , m_jobs(&cluster->offsetJobs())
    , m_settings(settings)
    , m_group(group)
    , m_relay(this)
{
    build();
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMillis);
    connect(&m_pause, &QTimer::timeout, this, &ResetDialog::planNow);
    m_tick.setInterval(tickMillis);
    connect(&m_tick, &QTimer::timeout, this, &ResetDialog::showStatus);
    connect(m_scope, &ResetScope::changed, this, &ResetDialog::enteredAnew);
    connect(m_target, &ResetTarget::changed, this, &ResetDialog::enteredAnew);
    connect(m_jobs, &OffsetJobs::changed, this, &ResetDialog::jobChanged);
    connect(cluster, &QObject::destroyed, this, &QDialog::reject);
    connect(cluster, &ClusterView::snapshotChanged, this, &ResetDialog::refreshGroups);
    connect(&cluster->sessions(), &ConsumerSessions::listChanged, this, &ResetDialog::showAll);
    connect(&settings, &Settings::timeZoneChanged, this, &ResetDialog::showAll);
    cluster->needTopics(this, true);
    m_job = m_jobs->begin(m_group);
    refreshGroups();
    showAll();
}

ResetDialog::~ResetDialog()
{
    m_relay.close();
    if (m_cluster)
        m_cluster->needTopics(this, false);
    if (m_jobs && m_job != 0)
        m_jobs->leave(std::exchange(m_job, 0));
}

void ResetDialog::done(int result)
{
    if (m_jobs && m_job != 0)
        m_jobs->leave(std::exchange(m_job, 0));
    QDialog::done(result);
}

/// Enter belongs to the field it is typed in: it neither closes the dialog nor applies the plan.
void ResetDialog::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && !qobject_cast<QAbstractButton *>(focusWidget()))
        return event->accept();
    QDialog::keyPressEvent(event);
}

void ResetDialog::changeEvent(QEvent *event)
{
    QDialog::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_table)
        m_table->viewport()->update();
}

void ResetDialog::refreshGroups()
{
    m_scope->refresh();
    QStringList names;
    if (const auto &groups = m_cluster->snapshot()->groups) {
        for (const GroupSummary &other : *groups) {
            const QString name = QString::fromStdString(other.listing.id.value());
            if (other.listing.id != m_group && foreign(other.listing.id.value()) == name)
                names << name;
        }
    }
    m_target->offerGroups(names);
}

void ResetDialog::fillIn(const OffsetWish &wish)
{
    if (isLocked())
        return;
    if (wish.target && std::holds_alternative<offsets::to::Undo>(*wish.target)) {
        fixOn({wish.group, wish.scope, *wish.target, {}, wish.create});
        return;
    }
    m_fixed.reset();
    if (!wish.scope.topics.empty() || wish.scope.allTopics)
        m_scope->choose(wish.scope);
    if (wish.target) {
        m_target->choose(*wish.target);
        m_target->focusValue();
    }
    enteredAnew();
}

void ResetDialog::attach(int job)
{
    if (job == m_job)
        return;
    m_jobs->leave(m_job);
    m_job = job;
    m_jobs->attend(job);
    const auto &request = snapshot().request;
    if (std::holds_alternative<offsets::to::Undo>(request.target) ||
        std::holds_alternative<offsets::to::Table>(request.target)) {
        m_fixed = request;
    } else {
        m_scope->choose(request.scope);
        m_target->choose(request.target);
        m_pause.stop();
    }
    m_isOld = false;
    jobChanged(job);
}

std::optional<offsets::PlanRequest> ResetDialog::entered() const
{
    if (m_fixed) {
        auto request = *m_fixed;
        request.create = request.create || m_create->isChecked();
        return request;
    }
    offsets::Scope scope = m_scope->scope();
    const auto target = m_target->target();
    if (scope.topics.empty() || !target)
        return std::nullopt;
    return offsets::PlanRequest{.group = m_group,
                                .scope = std::move(scope),
                                .target = *target,
                                .spec = m_target->spec(),
                                .create = m_create->isChecked()};
}

void ResetDialog::enteredAnew()
{
    if (isLocked() || m_job == 0)
        return;
    m_isOld = true;
    m_isPlanned = false;
    m_leftOut.clear();
    m_wasRefusedMoving = false;
    m_evenIfMoving->setChecked(false);
    m_applied.reset();
    m_seek.reset();
    say({}, false);
    if (snapshot().state == JobState::Planning)
        m_jobs->cancel(m_job);
    m_table->update([this] { m_model->ageRows(); });
    m_pause.start();
    showAll();
}

void ResetDialog::planNow()
{
    const auto request = entered();
    if (!m_jobs || isLocked())
        return;
    if (!std::exchange(m_messageStays, false))
        say({}, false);
    if (!request) {
        m_plan.reset();
        m_shown.reset();
        m_table->update([this] { m_model->clear(); });
        showAll();
        return;
    }
    m_isOld = false;
    m_isPlanned = false;
    m_plan.reset();
    m_shown.reset();
    m_table->update([this] { m_model->ageRows(); });
    m_jobs->plan(m_job, *request);
}

void ResetDialog::leaveOut(const std::vector<TopicPartition> &partitions)
{
    if (!m_plan || isLocked() || partitions.empty() || !m_isPlanned)
        return;
    m_leftOut.insert(m_leftOut.end(), partitions.begin(), partitions.end());
    m_shown = offsets::without(*m_plan, m_leftOut);
    showTable();
    showAll();
}

void ResetDialog::jobChanged(int id)
{
    if (id != m_job || m_job == 0 || !m_jobs || !m_jobs->find(id))
        return;
    const offsets::JobSnapshot &now = snapshot();
    const bool isNew = m_stateBefore != now.state;
    if (now.state == JobState::Planning && !isNew && m_filledAt.isValid() &&
        !m_filledAt.hasExpired(fillMillis))
        return;
    m_stateBefore = now.state;
    if (now.plan && !m_isOld)
        takePlan(now);
    if (isNew) {
        if (now.state == JobState::Done && now.applied) {
            m_applied = now.applied;
            m_table->update([&] { m_model->showOutcomes(now.applied->rows); });
            say({}, false);
            m_typed->clear();
            if (m_cluster)
                m_cluster->refreshNow();
        } else if (now.state == JobState::Cancelled) {
            const bool waited = m_jobs->find(id)->armed;
            if (!m_isOld)
                say(waited ? tr("No longer waiting: nothing was sent.")
                           : tr("Stopped: there is no plan."),
                    false);
        } else if (now.error) {
            takeRefusal(*now.error);
        }
    }
    showAll();
}

void ResetDialog::takePlan(const offsets::JobSnapshot &snapshot)
{
    m_filledAt.start();
    m_plan = snapshot.plan;
    m_shown = m_leftOut.empty() ? *m_plan : offsets::without(*m_plan, m_leftOut);
    m_isPlanned = snapshot.state != JobState::Planning &&
                  (m_isPlanned || snapshot.state != JobState::Cancelled);
    if (snapshot.state == JobState::Planned) {
        std::vector<TopicPartition> known;
        for (const offsets::PlanRow &row : m_plan->rows)
            known.push_back(row.partition);
        if (!m_fixed)
            m_scope->know(known);
    }
    if (snapshot.state != JobState::Done)
        showTable();
    else if (m_model->rowCount() == 0)
        showTable();
}

void ResetDialog::takeRefusal(const Error &error)
{
    m_typed->clear();
    say(errorText(error), true);
    if (error.code == "COMMITS_MOVE") {
        m_wasRefusedMoving = true;
    } else if (error.code == "PLAN_OUT_OF_DATE" || error.code == "GROUP_NOT_EMPTY" ||
               m_jobs->find(m_job)->armed) {
        // What it says is what has changed: it is shown beside the plan as it would be now.
        m_messageStays = true;
        planNow();
    }
}

void ResetDialog::say(const QString &message, bool isBad)
{
    m_message = message;
    m_messageIsBad = isBad;
    showMessage();
}

kafka::Confirmation ResetDialog::confirmation() const
{
    return {.yes = true,
            .typedName = m_typed->text().isEmpty() ? std::nullopt
                                                   : std::optional(m_typed->text().toStdString())};
}

void ResetDialog::applyNow()
{
    if (!m_shown || !whyNotApply(state()).isEmpty())
        return;
    say({}, false);
    m_jobs->apply(m_job, *m_shown, confirmation(), m_reason->text().toStdString(),
                  m_evenIfMoving->isChecked());
}

void ResetDialog::waitFor(Millis expires)
{
    if (!m_shown || !whyNotWait(state()).isEmpty())
        return;
    say({}, false);
    m_jobs->arm(m_job, *m_shown, confirmation(), m_reason->text().toStdString(), expires);
}

void ResetDialog::stop()
{
    m_jobs->cancel(m_job);
}

void ResetDialog::seekSession()
{
    if (!m_shown || !m_cluster)
        return;
    SeekPlan seeks = seekPlanOf(m_cluster->sessions(), *m_shown);
    if (!seeks.isPossible()) {
        say(seeks.whyNot, true);
        return;
    }
    m_seek = std::make_unique<SessionSeek>(&m_cluster->sessions(), std::move(seeks));
    const auto show = [this] {
        m_table->update([this] { m_model->showOutcomes(m_seek->rows()); });
        showAll();
    };
    connect(m_seek.get(), &SessionSeek::changed, this, show);
    show();
}

void ResetDialog::fixOn(const offsets::PlanRequest &request)
{
    if (isLocked())
        return;
    m_fixed = request;
    enteredAnew();
    m_pause.stop();
    planNow();
}

} // namespace redrive::ui
