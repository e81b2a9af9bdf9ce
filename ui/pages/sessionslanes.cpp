#include "ui/pages/sessionslanes.h"

#include "ui/dialogs/sessionsteer.h"
#include "ui/models/lanemodel.h"
#include "ui/models/sessionwords.h"
#include "ui/shell/label.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/datatable.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

using consumer::LaneState;

SessionsLanes::SessionsLanes(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_model(new LaneModel(this))
    , m_table(new DataTable(m_model, settings, u"lanes-table"_s, tr("Partitions"), this))
    , m_note(new Label({}, this))
{
    setObjectName(u"session-lanes"_s);
    using Model = LaneModel;
    for (const int column : {Model::Retry, Model::Problem})
        m_table->setOptional(column);
    m_table->setWidths({10, 8, 14, 22, 28, 8, 8, 9, 8, 8, 8, 6, 9, 10, 7}, Model::Topic);
    m_table->sortFirst(Model::Lag, Qt::DescendingOrder);
    m_note->setObjectName(u"lanes-note"_s);
    m_note->setToken(theme::Token::MutedText);
    m_note->setWordWrap(true);
    m_note->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_note->setContentsMargins(theme::space16, theme::space12, theme::space16, theme::space12);

    m_pause = make("lane-pause", tr("Pause"), tr("Read nothing more of the selected partitions"),
                   Qt::Key_P);
    m_resume =
        make("lane-resume", tr("Resume"), tr("Go on with the selected partitions"), Qt::Key_R);
    m_seek = make("lane-seek", tr("Seek…"), tr("Go on at another offset"), Qt::Key_S);
    m_rewind = make("lane-rewind", tr("Rewind…"), tr("Go back by so many records"), Qt::Key_B);
    m_skip = make("lane-skip", tr("Skip one…"),
                  tr("Pass over the record that is next, or that "
                     "fails"),
                  Qt::Key_X);
    connect(m_pause, &QAction::triggered, this, [this] {
        if (m_sessions)
            m_sessions->pause(m_session, selected());
    });
    connect(m_resume, &QAction::triggered, this, [this] {
        if (m_sessions)
            m_sessions->resume(m_session, selected());
    });
    connect(m_seek, &QAction::triggered, this,
            [this] { move(static_cast<int>(SessionSteer::Move::Seek)); });
    connect(m_rewind, &QAction::triggered, this,
            [this] { move(static_cast<int>(SessionSteer::Move::Rewind)); });
    connect(m_skip, &QAction::triggered, this,
            [this] { move(static_cast<int>(SessionSteer::Move::SkipOne)); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &SessionsLanes::refreshActions);

    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(theme::space16, theme::space8, theme::space16, theme::space8);
    buttons->setSpacing(theme::space8);
    for (QAction *action : m_actions)
        buttons->addWidget(new ActionButton(action, this));
    buttons->addStretch();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(buttons);
    column->addWidget(m_note);
    column->addWidget(m_table, 1);
    refreshActions();
}

QAction *SessionsLanes::make(const char *name, const QString &text, const QString &help, int key)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QLatin1StringView(name));
    action->setShortcut(QKeySequence(key));
    action->setShortcutContext(Qt::WidgetShortcut);
    action->setWhatsThis(help);
    m_table->addAction(action);
    m_table->addMenuAction(action);
    m_actions.push_back(action);
    return action;
}

void SessionsLanes::setSessions(ConsumerSessions *sessions)
{
    m_sessions = sessions;
    forget();
}

void SessionsLanes::forget()
{
    m_session = 0;
    m_canBeSteered = false;
    m_model->clear();
    refreshActions();
}

void SessionsLanes::show(const SessionEntry &entry, MonoTime now)
{
    if (entry.id != m_session) {
        m_session = entry.id;
        m_model->clear();
    }
    m_canBeSteered = entry.canBeSteered();
    static const std::vector<consumer::LaneSnapshot> none;
    const auto &lanes = entry.snapshot ? entry.snapshot->lanes : none;
    m_table->update(
        [&] { m_model->show(lanes, entry.ended && entry.snapshot ? entry.snapshot->at : now); });
    const auto any = [&lanes](auto has) { return std::ranges::any_of(lanes, has); };
    m_table->offer(LaneModel::Retry, any([](const auto &lane) { return lane.retry.has_value(); }));
    m_table->offer(LaneModel::Problem,
                   any([](const auto &lane) { return lane.retry || lane.deadLetterProblem; }));
    m_note->setVisible(lanes.empty() || entry.ended);
    m_table->setVisible(!lanes.empty());
    if (entry.ended && !lanes.empty())
        m_note->setPlainText(tr("The session has ended. This is how its partitions stood then."));
    else if (lanes.empty())
        m_note->setPlainText(
            entry.failure     ? errorText(*entry.failure)
            : entry.ended     ? tr("The session has ended: it owns no partitions.")
            : !entry.snapshot ? tr("The session is being opened…")
            : entry.snapshot->joinedAt
                ? tr("It is a member of the group and was given no partition: there are more "
                     "members than partitions, or its topics have none.")
                : tr("Joining the group: partitions come when the members have been told."));
    refreshActions();
}

std::vector<TopicPartition> SessionsLanes::selected() const
{
    std::vector<TopicPartition> partitions;
    const auto rows = m_table->selectionModel()->selectedRows();
    for (const QModelIndex &index : rows)
        partitions.push_back(
            m_model->row(m_table->proxy().mapToSource(index).row()).lane.partition);
    return partitions;
}

void SessionsLanes::refreshActions()
{
    const auto rows = m_table->selectionModel()->selectedRows();
    const auto stateOf = [this](const QModelIndex &index) {
        return m_model->row(m_table->proxy().mapToSource(index).row()).lane.state;
    };
    const bool anyPaused = std::ranges::any_of(
        rows, [&](const auto &index) { return stateOf(index) == LaneState::Paused; });
    const bool anyGoing = std::ranges::any_of(
        rows, [&](const auto &index) { return stateOf(index) != LaneState::Paused; });
    const QString why = !m_canBeSteered  ? tr("The session is not running.")
                        : rows.isEmpty() ? tr("Select a partition first.")
                                         : QString();
    const QString one = rows.size() > 1 ? tr("One partition at a time.") : QString();
    const auto set = [&](QAction *action, const QString &more) {
        const QString &reason = why.isEmpty() ? more : why;
        setHelp(action, action->whatsThis(), reason.isEmpty(), reason);
    };
    set(m_pause, anyGoing ? QString() : tr("It is paused already."));
    set(m_resume, anyPaused ? QString() : tr("It is not paused."));
    set(m_seek, one);
    set(m_rewind, one);
    set(m_skip, one);
}

void SessionsLanes::move(int how)
{
    const auto partitions = selected();
    if (!m_sessions || partitions.size() != 1)
        return;
    auto *dialog = new SessionSteer(m_sessions, m_session, partitions.front(),
                                    static_cast<SessionSteer::Move>(how), this);
    dialog->open();
}

} // namespace redrive::ui
