// What can be done on the Sessions page.
#include "ui/dialogs/produceform.h"
#include "ui/dialogs/sessionform.h"
#include "ui/pages/sessionspage.h"
#include "ui/theme/icons.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/datatable.h"

#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

QAction *SessionsPage::make(const char *name, const QString &text, const QString &help,
                            const QKeySequence &keys)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QLatin1StringView(name));
    action->setShortcut(keys);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    action->setWhatsThis(help);
    addAction(action);
    return action;
}

void SessionsPage::makeActions()
{
    m_start = make("session-start", tr("Start session…"),
                   tr("Join a group and process its records"), Qt::CTRL | Qt::Key_N);
    m_start->setIcon(theme::icon(u"play"_s));
    m_produce = make("session-produce", tr("Produce…"), tr("Write records into a topic"),
                     Qt::CTRL | Qt::Key_E);
    m_pauseAll =
        make("session-pause-all", tr("Pause all"), tr("Read nothing more of any of its partitions"),
             Qt::CTRL | Qt::SHIFT | Qt::Key_U);
    m_resumeAll = make("session-resume-all", tr("Resume all"), tr("Go on with all partitions"),
                       Qt::CTRL | Qt::Key_U);
    m_stop = make("session-stop", tr("Stop"),
                  tr("Take nothing more, finish what it has, commit, and leave the group"),
                  Qt::CTRL | Qt::Key_S);
    m_kill = make("session-kill", tr("Kill…"),
                  tr("End it at once, as a crash would: no commit, no leaving"),
                  Qt::CTRL | Qt::SHIFT | Qt::Key_K);
    m_remove = make("session-remove", tr("Remove"), tr("Take the ended session off the list"),
                    QKeySequence(Qt::CTRL | Qt::Key_Backspace));
    for (QAction *action : {m_pauseAll, m_resumeAll, m_stop, m_kill, m_remove})
        m_table->addMenuAction(action);
    connect(m_start, &QAction::triggered, this, &SessionsPage::openForm);
    connect(m_produce, &QAction::triggered, this, &SessionsPage::openProduce);
    const auto lanes = [this] {
        std::vector<TopicPartition> all;
        if (const SessionEntry *chosen = entry(); chosen && chosen->snapshot) {
            for (const auto &lane : chosen->snapshot->lanes)
                all.push_back(lane.partition);
        }
        return all;
    };
    connect(m_pauseAll, &QAction::triggered, this, [this, lanes] {
        if (auto *all = sessions())
            all->pause(m_chosen, lanes());
    });
    connect(m_resumeAll, &QAction::triggered, this, [this, lanes] {
        if (auto *all = sessions())
            all->resume(m_chosen, lanes());
    });
    connect(m_stop, &QAction::triggered, this, [this] {
        if (auto *all = sessions())
            all->stop(m_chosen);
    });
    connect(m_kill, &QAction::triggered, this, &SessionsPage::confirmKill);
    connect(m_remove, &QAction::triggered, this, [this] {
        if (auto *all = sessions())
            all->remove(m_chosen);
    });
}

void SessionsPage::refreshActions()
{
    const ConsumerSessions *const all = sessions();
    const SessionEntry *const chosen = entry();
    const QString whyNot = all ? all->whyNot() : tr("No cluster is open.");
    const auto set = [](QAction *action, bool usable, const QString &why) {
        setHelp(action, action->whatsThis(), usable, why);
    };
    set(m_start, whyNot.isEmpty(), whyNot);
    set(m_produce, whyNot.isEmpty(), whyNot);
    const bool alive = chosen && chosen->isAlive();
    const bool steerable = chosen && chosen->canBeSteered() && !chosen->snapshot->lanes.empty();
    const auto paused = [](const auto &lane) { return lane.state == consumer::LaneState::Paused; };
    const bool anyPaused = steerable && std::ranges::any_of(chosen->snapshot->lanes, paused);
    const bool allPaused = steerable && std::ranges::all_of(chosen->snapshot->lanes, paused);
    const QString noLanes = tr("It owns no partitions now.");
    set(m_pauseAll, steerable && !allPaused, steerable ? tr("All are paused already.") : noLanes);
    set(m_resumeAll, anyPaused, steerable ? tr("None is paused.") : noLanes);
    set(m_stop, alive && !chosen->stopAskedAt,
        alive ? tr("It is stopping already.") : tr("It has ended."));
    set(m_kill, alive, tr("It has ended."));
    set(m_remove, chosen && !alive, tr("It is still running: stop it first."));
    m_remove->setVisible(chosen && !alive);
    for (QAction *action : {m_pauseAll, m_resumeAll, m_stop, m_kill})
        action->setVisible(!chosen || alive);
}

void SessionsPage::openForm()
{
    join({});
}

void SessionsPage::join(const QString &group)
{
    ConsumerSessions *const all = sessions();
    if (!all)
        return;
    auto *form = new SessionForm(m_cluster, all, this);
    SessionDraft draft;
    draft.group = group.toStdString();
    if (const auto &groups = m_cluster->snapshot()->groups; groups && !group.isEmpty()) {
        const auto known =
            std::ranges::find(*groups, GroupId(draft.group),
                              [](const GroupSummary &summary) { return summary.listing.id; });
        if (known != groups->end()) {
            for (const std::string &topic : known->topics)
                draft.topics += (draft.topics.empty() ? "" : ", ") + topic;
            if (known->listing.type == GroupType::Consumer)
                draft.protocol = GroupProtocol::Consumer;
        }
    }
    form->show(draft);
    connect(form, &SessionForm::started, this, &SessionsPage::startedSession);
    form->open();
}

void SessionsPage::startedSession(int session)
{
    m_chosen = session;
    refresh();
    m_table->setFocus(Qt::OtherFocusReason);
    emit placeChanged();
}

void SessionsPage::openProduce()
{
    if (ConsumerSessions *const all = sessions()) {
        auto *form = new ProduceForm(m_cluster, all->runner(), all->whyNot(), this);
        if (const SessionEntry *chosen = entry(); chosen && !chosen->request.options.topics.empty())
            form->setTopic(QString::fromStdString(chosen->request.options.topics.front()));
        form->show();
    }
}

void SessionsPage::confirmKill()
{
    const SessionEntry *const chosen = entry();
    if (!chosen || !chosen->isAlive())
        return;
    auto *box = new QMessageBox(this);
    box->setObjectName(u"session-kill-confirmation"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setIcon(QMessageBox::NoIcon);
    box->setWindowTitle(tr("Kill session %1").arg(chosen->id));
    box->setAccessibleName(box->windowTitle());
    box->setText(tr("End session %1 of %2 as a crash would?")
                     .arg(chosen->id)
                     .arg(foreign(chosen->request.options.group.value())));
    box->setInformativeText(
        tr("It does not finish what it has in hand, commits nothing more, and does not leave the "
           "group: the broker waits for its session timeout before it gives the partitions to "
           "somebody else.\n\nWhat was processed and not committed is delivered again. That is "
           "what at least once means. A handler that knows records again by their id has no "
           "second effect for them."));
    QPushButton *const kill = box->addButton(tr("Kill"), QMessageBox::DestructiveRole);
    kill->setObjectName(u"session-kill-confirm"_s);
    box->setDefaultButton(box->addButton(QMessageBox::Cancel));
    const int session = chosen->id;
    connect(kill, &QPushButton::clicked, this, [this, session] {
        if (auto *all = sessions())
            all->kill(session);
    });
    box->open();
}

} // namespace redrive::ui
