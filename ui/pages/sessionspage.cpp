#include "ui/pages/sessionspage.h"

#include "ui/models/sessionmodel.h"
#include "ui/pages/sessionsdetail.h"
#include "ui/shell/label.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

SessionsPage::SessionsPage(Settings &settings, QWidget *parent)
    : Page(parent)
    , m_settings(settings)
    , m_model(new SessionModel(this))
    , m_table(new DataTable(m_model, settings, u"sessions-table"_s, tr("Sessions"), this))
    , m_empty(new EmptyState(this))
    , m_noDetail(new EmptyState(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_stack(new QStackedWidget(this))
    , m_detailStack(new QStackedWidget(this))
{
    setObjectName(u"sessions-page"_s);
    setAccessibleName(title());
    using Model = SessionModel;
    m_table->setWidths({4, 13, 16, 12, 9, 9, 9, 11, 9, 10, 10, 16, 30}, Model::Group);
    m_table->setOptional(Model::Problem);
    m_table->sortFirst(Model::Number, Qt::DescendingOrder);
    makeActions();
    m_detail =
        new SessionsDetail(settings, {m_pauseAll, m_resumeAll, m_stop, m_kill, m_remove}, this);
    m_noDetail->say(tr("No session is selected"),
                    tr("Select one to see its partitions, commits and log."));
    m_detailStack->addWidget(m_noDetail);
    m_detailStack->addWidget(m_detail);
    m_splitter->setObjectName(u"sessions-splitter"_s);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_detailStack);
    m_splitter->setCollapsible(0, false);
    m_splitter->setCollapsible(1, false);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_table->setMinimumHeight(theme::rowHeight() * 3);
    m_splitter->setSizes({theme::rowHeight() * 5 + theme::space8, 10'000});
    m_splitter->restoreState(settings.state(m_splitter->objectName()));
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(separator(Qt::Horizontal, this));
    column->addWidget(m_stack, 1);

    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_settings.setState(m_splitter->objectName(), m_splitter->saveState()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            &SessionsPage::chooseCurrent);
    connect(m_table, &DataTable::opened, m_detail, &SessionsDetail::focusContents);
    connect(m_detail, &SessionsDetail::tabChanged, this, &SessionsPage::refreshDetail);
    connect(m_empty, &EmptyState::pressed, this, &SessionsPage::openForm);
    connect(&settings, &Settings::timeZoneChanged, this, &SessionsPage::refresh);
    auto *back = new QShortcut(Qt::Key_Escape, m_detail);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, m_table, [this] { m_table->setFocus(); });
    refresh();
}

QWidget *SessionsPage::makeBar()
{
    auto *bar = new QWidget(this);
    m_count = new Label({}, bar);
    m_count->setObjectName(u"sessions-count"_s);
    m_count->setToken(theme::Token::MutedText);
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(theme::space16, theme::space8, theme::space16, theme::space8);
    row->setSpacing(theme::space8);
    row->addWidget(new ActionButton(m_start, bar));
    row->addWidget(new ActionButton(m_produce, bar));
    row->addStretch();
    row->addWidget(m_count);
    return bar;
}

QString SessionsPage::title() const
{
    return tr("Sessions");
}

ConsumerSessions *SessionsPage::sessions() const
{
    return m_cluster ? &m_cluster->sessions() : nullptr;
}

const SessionEntry *SessionsPage::entry() const
{
    const ConsumerSessions *const all = sessions();
    return all ? all->find(m_chosen) : nullptr;
}

void SessionsPage::setCluster(ClusterView *cluster)
{
    if (m_cluster == cluster)
        return;
    if (m_cluster)
        disconnect(&m_cluster->sessions(), nullptr, this, nullptr);
    m_cluster = cluster;
    m_chosen = 0;
    m_changing = true;
    m_model->clear();
    m_changing = false;
    m_detail->setSessions(sessions());
    if (ConsumerSessions *const all = sessions()) {
        connect(all, &ConsumerSessions::changed, this, [this] {
            if (m_shown)
                refresh();
        });
        connect(all, &ConsumerSessions::listChanged, this, &SessionsPage::refresh);
    }
    refresh();
}

void SessionsPage::setShown(bool shown)
{
    m_shown = shown;
    if (shown)
        refresh();
}

void SessionsPage::focusFilter()
{
    if (entry())
        m_detail->focusFilter();
}

std::vector<PaletteEntry> SessionsPage::paletteEntries() const
{
    std::vector<PaletteEntry> entries;
    const auto offer = [&](QAction *action, const QString &text) {
        if (!action->isEnabled() || !action->isVisible())
            return;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        entries.push_back(
            {text, keys.isEmpty() ? tr("action") : keys, [action] { action->trigger(); }});
    };
    offer(m_start, m_start->text());
    offer(m_produce, m_produce->text());
    if (const SessionEntry *const chosen = entry()) {
        const QString name = tr("session %1 of %2")
                                 .arg(chosen->id)
                                 .arg(foreign(chosen->request.options.group.value()));
        for (QAction *action : {m_pauseAll, m_resumeAll, m_stop, m_kill, m_remove})
            offer(action, tr("%1: %2").arg(action->text(), name));
        for (QAction *action : m_detail->laneActions())
            offer(action, tr("%1: selected partitions").arg(action->text()));
    }
    return entries;
}

QString SessionsPage::place() const
{
    return m_chosen == 0 ? QString() : QString::number(m_chosen);
}

void SessionsPage::goTo(const QString &place)
{
    m_chosen = place.toInt();
    refresh();
}

void SessionsPage::choose(int session)
{
    if (session == m_chosen)
        return;
    m_chosen = session;
    refreshDetail();
    refreshActions();
    emit placeChanged();
}

void SessionsPage::chooseCurrent()
{
    if (m_changing)
        return;
    const int row = m_table->currentSourceRow();
    if (row >= 0)
        choose(m_model->row(row).id);
}

void SessionsPage::refresh()
{
    refreshList();
    refreshDetail();
    refreshActions();
}

void SessionsPage::refreshList()
{
    const ConsumerSessions *const all = sessions();
    const auto entries = all ? all->entries() : std::vector<const SessionEntry *>();
    if (!all || !all->find(m_chosen))
        m_chosen = entries.empty() ? 0 : entries.back()->id;
    m_changing = true;
    m_table->update([&] { m_model->show(entries, m_settings.timeZone(), wallNow()); });
    m_table->selectSourceRow(m_model->find(m_chosen));
    m_changing = false;
    m_table->offer(SessionModel::Problem,
                   std::ranges::any_of(m_model->rows(), [](const SessionRow &row) {
                       return !row.problem.isEmpty();
                   }));
    const std::size_t alive = all ? all->alive() : 0;
    m_count->setPlainText(entries.empty()
                              ? QString()
                              : tr("%1 running, %2 ended").arg(alive).arg(entries.size() - alive));
    m_stack->setCurrentWidget(entries.empty() ? static_cast<QWidget *>(m_empty) : m_splitter);
    if (!m_cluster)
        m_empty->say(tr("No cluster is open"), tr("Open one to run consumers on it."));
    else if (!all->whyNot().isEmpty())
        m_empty->say(tr("No session can be started here"), all->whyNot());
    else
        m_empty->say(tr("No consumer runs here yet"),
                     tr("A session joins a consumer group, processes records with a handler, and "
                        "commits what it has processed. You can watch each partition, pause it, "
                        "move it, and end the session in order or as a crash would."),
                     m_start->text());
}

void SessionsPage::refreshDetail()
{
    const SessionEntry *const chosen = entry();
    m_detailStack->setCurrentWidget(chosen ? static_cast<QWidget *>(m_detail) : m_noDetail);
    if (chosen)
        m_detail->show(*chosen, monoNow());
}

void SessionsPage::changeEvent(QEvent *event)
{
    Page::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_detail)
        m_detail->applyTheme();
}

} // namespace redrive::ui
