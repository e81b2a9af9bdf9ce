#include "ui/pages/groupspage.h"

#include "ui/pages/groupdetail.h"
#include "ui/pages/listdetail.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/copying.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/groupfilterbar.h"

#include <QAction>
#include <QClipboard>
#include <QEvent>
#include <QGuiApplication>
#include <QItemSelectionModel>
#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

/// Arrow keys pass by groups without each becoming a place to go back to.
constexpr int placeMillis = 400;

GroupId groupIdOf(const QString &name)
{
    return GroupId(name.toStdString());
}

} // namespace

GroupsPage::GroupsPage(Settings &settings, QWidget *parent)
    : Page(parent)
    , m_settings(settings)
    , m_filter(new GroupFilterBar(this))
    , m_model(new GroupModel(this))
    , m_table(new DataTable(m_model, settings, u"groups-table"_s, tr("Groups"), this))
    , m_detail(new GroupDetailPanel(settings, this))
    , m_frame(new ListDetail(settings, u"groups"_s, m_filter, m_table, m_detail, 5, 6, this))
{
    setObjectName(u"groups-page"_s);
    setAccessibleName(title());
    m_table->setWidths({2, 16, 13, 9, 8, 8, 7, 9, 10}, GroupModel::Group);
    m_table->sortFirst(GroupModel::Lag, Qt::DescendingOrder);
    m_table->proxy().setPredicate([this](int row) { return m_filter->accepts(m_model->row(row)); });
    m_frame->sayNoDetail(tr("No group is selected"),
                         tr("Select one to see its partitions, members and lag."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_frame);
    makeActions();

    m_placeTimer.setSingleShot(true);
    m_placeTimer.setInterval(placeMillis);
    connect(&m_placeTimer, &QTimer::timeout, this, &GroupsPage::placeChanged);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &GroupsPage::chooseCurrent);
    connect(m_table, &DataTable::opened, m_detail, &GroupDetailPanel::focusContents);
    connect(m_model, &GroupModel::watchRequested, this, &GroupsPage::watch);
    connect(m_frame, &ListDetail::everythingRequested, m_filter, &GroupFilterBar::clear);
    connect(m_filter, &GroupFilterBar::changed, this, &GroupsPage::filterAgain);
    connect(m_filter, &GroupFilterBar::entered, this, [this] {
        m_table->setFocus();
        if (!m_table->currentIndex().isValid())
            m_table->selectRow(0);
    });
    connect(m_frame, &ListDetail::refreshRequested, this, [this] {
        if (m_cluster)
            m_cluster->refreshNow();
    });
    connect(&settings, &Settings::watchedChanged, this, &GroupsPage::readWatched);
    connect(&settings, &Settings::timeZoneChanged, this, &GroupsPage::refresh);
    refresh();
}

void GroupsPage::makeActions()
{
    m_watchAction = new QAction(tr("Watch"), this);
    m_watchAction->setObjectName(u"watch-group"_s);
    m_watchAction->setCheckable(true);
    m_watchAction->setShortcut(Qt::Key_W);
    m_watchAction->setShortcutContext(Qt::WidgetShortcut);
    m_copyName = new QAction(tr("Copy name"), this);
    m_copyName->setObjectName(u"copy-group-name"_s);
    m_copyCommand = new QAction(tr("Copy as command"), this);
    m_copyCommand->setObjectName(u"copy-group-command"_s);
    connect(m_watchAction, &QAction::triggered, this, [this] {
        if (const int row = m_chosen ? m_model->find(*m_chosen) : -1; row >= 0)
            watch(groupName(*m_chosen), !m_model->row(row).watched);
    });
    connect(m_copyName, &QAction::triggered, this, [this] {
        if (m_chosen)
            QGuiApplication::clipboard()->setText(groupName(*m_chosen));
    });
    connect(m_copyCommand, &QAction::triggered, this, [this] {
        if (m_chosen && m_cluster)
            QGuiApplication::clipboard()->setText(
                describeCommand(m_cluster->reach(), m_chosen->value()));
    });
    m_join = new QAction(tr("Join as session…"), this);
    m_join->setObjectName(u"join-as-session"_s);
    m_join->setShortcut(Qt::Key_J);
    m_join->setShortcutContext(Qt::WidgetShortcut);
    connect(m_join, &QAction::triggered, this, [this] {
        if (m_chosen)
            emit joinRequested(groupName(*m_chosen));
    });
    m_resetOffsets = new QAction(tr("Reset offsets…"), this);
    m_resetOffsets->setObjectName(u"reset-group"_s);
    m_resetOffsets->setShortcut(Qt::Key_R);
    m_resetOffsets->setShortcutContext(Qt::WidgetShortcut);
    connect(m_resetOffsets, &QAction::triggered, this, [this] {
        if (m_chosen)
            emit offsetsRequested({*m_chosen, {}, std::nullopt});
    });
    connect(m_detail, &GroupDetailPanel::offsetsRequested, this, &GroupsPage::offsetsRequested);
    m_table->addAction(m_watchAction);
    m_table->addAction(m_join);
    m_table->addAction(m_resetOffsets);
    m_detail->addButton(m_resetOffsets);
    m_detail->addButton(m_join);
    auto *menu = new QMenu(this);
    for (QAction *action : {m_watchAction, m_resetOffsets, m_join, m_copyName, m_copyCommand}) {
        m_table->addMenuAction(action);
        menu->addAction(action);
    }
    m_detail->setMenu(menu);
}

QString GroupsPage::title() const
{
    return tr("Groups");
}

void GroupsPage::setCluster(ClusterView *cluster)
{
    if (m_cluster == cluster)
        return;
    if (m_cluster) {
        disconnect(m_cluster, nullptr, this, nullptr);
        if (m_shown)
            m_cluster->setFocus(std::nullopt);
    }
    m_cluster = cluster;
    m_changing = true;
    m_model->forget();
    m_changing = false;
    m_chosen.reset();
    m_placeTimer.stop();
    if (m_cluster) {
        connect(m_cluster, &ClusterView::snapshotChanged, this, [this] {
            if (m_shown)
                refresh();
        });
    }
    const QString whyNot = m_cluster ? m_cluster->sessions().whyNot() : QString();
    setHelp(m_join, tr("Run a consumer of this window in the group"), whyNot.isEmpty(), whyNot);
    const bool canMove = m_cluster && m_cluster->offsetJobs().runner();
    setHelp(m_resetOffsets, tr("Plan where the group is to go on, and move it"), canMove,
            m_cluster ? tr("This window cannot change offsets.") : QString());
    m_detail->setCanMove(canMove);
    readWatched();
    refresh();
}

void GroupsPage::setShown(bool shown)
{
    m_shown = shown;
    if (m_cluster)
        m_cluster->setFocus(shown ? m_chosen : std::nullopt);
    if (shown)
        refresh();
}

void GroupsPage::focusFilter()
{
    m_filter->focusText();
}

std::vector<PaletteEntry> GroupsPage::paletteEntries() const
{
    if (!m_chosen)
        return {};
    std::vector<PaletteEntry> entries;
    const auto offer = [&](QAction *action, const QString &text) {
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        entries.push_back({tr("%1: %2").arg(text, foreign(m_chosen->value())),
                           keys.isEmpty() ? tr("action") : keys, [action] { action->trigger(); }});
    };
    offer(m_watchAction, m_watchAction->isChecked() ? tr("Stop watching") : m_watchAction->text());
    if (m_resetOffsets->isEnabled())
        offer(m_resetOffsets, m_resetOffsets->text());
    if (m_join->isEnabled())
        offer(m_join, m_join->text());
    for (QAction *action : m_detail->moves()) {
        if (action->isEnabled())
            offer(action, action->text());
    }
    offer(m_copyName, m_copyName->text());
    offer(m_copyCommand, m_copyCommand->text());
    return entries;
}

QString GroupsPage::place() const
{
    return m_chosen ? groupName(*m_chosen) : QString();
}

void GroupsPage::goTo(const QString &place)
{
    choose(place.isEmpty() ? std::nullopt : std::optional(groupIdOf(place)));
    m_placeTimer.stop(); // who sent us here knows where we are
    if (!m_chosen)
        return changeRows([] {});
    const int row = m_model->find(*m_chosen);
    if (row >= 0 && !m_table->proxy().mapFromSource(m_model->index(row, 0)).isValid())
        m_filter->clear();
    changeRows([] {});
}

void GroupsPage::choose(const std::optional<GroupId> &group)
{
    if (group == m_chosen)
        return;
    m_chosen = group;
    if (m_cluster && m_shown)
        m_cluster->setFocus(m_chosen);
    showDetail();
    m_placeTimer.start();
}

void GroupsPage::chooseCurrent()
{
    if (m_changing)
        return;
    const int row = m_table->currentSourceRow();
    if (row >= 0)
        choose(m_model->groupAt(row));
}

void GroupsPage::changeRows(const std::function<void()> &change)
{
    m_changing = true;
    m_table->update(change);
    m_table->selectSourceRow(m_chosen ? m_model->find(*m_chosen) : -1);
    m_changing = false;
}

void GroupsPage::refresh()
{
    m_model->setZone(m_settings.timeZone());
    changeRows([this] {
        if (m_cluster)
            m_model->show(m_cluster->snapshot()->groups, m_cluster->snapshot()->trends);
    });
    showCount();
    showEmptiness();
    showDetail();
}

const GroupSummary *GroupsPage::chosenSummary() const
{
    const int row = m_chosen ? m_model->find(*m_chosen) : -1;
    return row < 0 ? nullptr : m_model->row(row).summary;
}

void GroupsPage::showDetail()
{
    m_frame->showDetail(m_chosen.has_value());
    const int row = m_chosen ? m_model->find(*m_chosen) : -1;
    m_watchAction->setChecked(row >= 0 && m_model->row(row).watched);
    if (!m_chosen || !m_cluster)
        return;
    const auto &snapshot = *m_cluster->snapshot();
    GroupView view{*m_chosen, snapshot.groups, chosenSummary(), nullptr, nullptr};
    if (snapshot.focus && snapshot.focus->listing.id == *m_chosen) {
        view.detail = snapshot.focus;
        view.history = snapshot.focusHistory;
    }
    m_detail->show(view);
}

void GroupsPage::showCount()
{
    const int all = m_model->rowCount();
    const int shown = m_table->proxy().rowCount();
    m_filter->setCount(shown, all);
    m_frame->sayNoMatch(
        tr("No group matches"),
        tr("%1 groups are hidden by the filter.").arg(number(static_cast<std::int64_t>(all))),
        tr("Clear filter"));
    m_frame->showMatches(all == 0 || shown > 0);
}

void GroupsPage::showEmptiness()
{
    m_frame->showState(m_cluster, m_cluster && m_cluster->snapshot()->groups,
                       m_model->rowCount() > 0,
                       {.whatIsListed = tr("groups"),
                        .noCluster = tr("Open one to see its consumer groups."),
                        .none = tr("This cluster has no consumer groups."),
                        .whenSome = tr("They appear here as soon as a consumer joins or commits.")},
                       m_settings.timeZone());
}

void GroupsPage::filterAgain()
{
    changeRows([this] { m_table->proxy().filterAgain(); });
    showCount();
}

void GroupsPage::watch(const QString &group, bool watched)
{
    if (m_cluster)
        m_settings.setWatched(m_cluster->name(), group, watched);
}

void GroupsPage::readWatched()
{
    const QSet<QString> names = m_cluster ? m_settings.watched(m_cluster->name()) : QSet<QString>();
    changeRows([&] { m_model->setWatched(names); });
    showCount();
    showDetail();
}

void GroupsPage::changeEvent(QEvent *event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        m_detail->applyTheme();
}

} // namespace redrive::ui
