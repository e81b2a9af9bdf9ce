#include "ui/pages/journalpage.h"

#include "core/offsets/apply.h"
#include "ui/models/journalmodel.h"
#include "ui/models/journalwords.h"
#include "ui/pages/journalaudit.h"
#include "ui/pages/journaldetail.h"
#include "ui/shell/label.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/clusterwords.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QComboBox>
#include <QItemSelectionModel>
#include <QLineEdit>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

JournalPage::JournalPage(Settings &settings, QWidget *parent)
    : Page(parent)
    , m_settings(settings)
    , m_filter(new QLineEdit(this))
    , m_group(new QComboBox(this))
    , m_count(new Label({}, this))
    , m_model(new JournalModel(this))
    , m_table(new DataTable(m_model, settings, u"journal-table"_s, tr("Journal"), this))
    , m_audit(new JournalAudit(this))
    , m_empty(new EmptyState(this))
    , m_noMatch(new EmptyState(this))
    , m_noDetail(new EmptyState(this))
    , m_problem(new Label({}, this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_stack(new QStackedWidget(this))
    , m_listStack(new QStackedWidget(this))
    , m_detailStack(new QStackedWidget(this))
{
    setObjectName(u"journal-page"_s);
    setAccessibleName(title());
    using Model = JournalModel;
    m_table->setWidths({18, 20, 13, 24, 11, 12, 9}, Model::Reason);
    m_table->sortFirst(Model::Time, Qt::DescendingOrder);
    m_table->proxy().setPredicate([this](int row) { return accepts(row); });
    m_table->setMinimumHeight(theme::rowHeight() * 3);
    makeActions();
    m_detail = new JournalDetail(settings, {m_undo, m_openGroup}, this);
    m_noDetail->setObjectName(u"journal-no-detail"_s);
    m_noDetail->say(tr("No change is selected"),
                    tr("Select one to see what it did to each partition, and to take it back."));
    m_problem->setObjectName(u"journal-problem"_s);
    m_problem->setToken(theme::Token::Warning);
    m_problem->setWordWrap(true);
    m_problem->setContentsMargins(theme::space16, theme::space8, theme::space16, theme::space8);

    m_listStack->addWidget(m_table);
    m_listStack->addWidget(m_noMatch);
    m_detailStack->addWidget(m_noDetail);
    m_detailStack->addWidget(m_detail);
    auto *list = new QWidget(this);
    auto *listColumn = new QVBoxLayout(list);
    listColumn->setContentsMargins(0, 0, 0, 0);
    listColumn->setSpacing(0);
    listColumn->addWidget(m_problem);
    listColumn->addWidget(makeFilterLine());
    listColumn->addWidget(m_listStack, 1);
    m_splitter->setObjectName(u"journal-splitter"_s);
    m_splitter->addWidget(list);
    m_splitter->addWidget(m_detailStack);
    m_splitter->setCollapsible(0, false);
    m_splitter->setCollapsible(1, false);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->restoreState(settings.state(m_splitter->objectName()));
    auto *whole = new QWidget(this);
    auto *wholeColumn = new QVBoxLayout(whole);
    wholeColumn->setContentsMargins(0, 0, 0, 0);
    wholeColumn->setSpacing(0);
    wholeColumn->addWidget(m_splitter, 1);
    wholeColumn->addWidget(separator(Qt::Horizontal, whole));
    wholeColumn->addWidget(m_audit);
    m_stack->addWidget(whole);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_stack);

    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_settings.setState(m_splitter->objectName(), m_splitter->saveState()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        const int row = m_table->currentSourceRow();
        if (!m_changing && row >= 0)
            choose(m_model->entryAt(row).id);
    });
    connect(m_table, &DataTable::opened, m_detail, &JournalDetail::focusContents);
    connect(m_empty, &EmptyState::pressed, this, [this] {
        if (m_feed)
            m_feed->look();
        else if (m_cluster)
            m_cluster->refreshNow();
    });
    connect(m_noMatch, &EmptyState::pressed, this, &JournalPage::clearFilter);
    connect(&settings, &Settings::timeZoneChanged, this, &JournalPage::refresh);
    auto *back = new QShortcut(Qt::Key_Escape, m_detail);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, m_table, [this] { m_table->setFocus(); });
    refresh();
}

JournalPage::~JournalPage() = default;

void JournalPage::makeActions()
{
    m_undo = new QAction(tr("Undo…"), this);
    m_undo->setObjectName(u"journal-undo"_s);
    m_undo->setShortcut(QKeySequence::Undo);
    m_openGroup = new QAction(tr("Open Group"), this);
    m_openGroup->setObjectName(u"journal-open-group"_s);
    for (QAction *action : {m_undo, m_openGroup}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
        m_table->addMenuAction(action);
    }
    connect(m_undo, &QAction::triggered, this, [this] {
        const store::JournalEntry *const chosen = entry();
        if (const auto undo = chosen ? std::optional(offsets::undoOf(*chosen)) : std::nullopt;
            undo && *undo)
            emit offsetsRequested({.group = (*undo)->group,
                                   .scope = (*undo)->scope,
                                   .target = (*undo)->target,
                                   .create = (*undo)->create});
    });
    connect(m_openGroup, &QAction::triggered, this, [this] {
        if (const store::JournalEntry *chosen = entry())
            emit openRequested(u"Groups"_s, QString::fromStdString(chosen->group.value()));
    });
}

QString JournalPage::title() const
{
    return tr("Journal");
}

const JournalReading *JournalPage::reading() const
{
    return m_feed ? m_feed->reading().get() : nullptr;
}

const store::JournalEntry *JournalPage::entry() const
{
    const int row = m_chosen.empty() ? -1 : m_model->find(m_chosen);
    return row < 0 ? nullptr : &m_model->entryAt(row);
}

void JournalPage::setCluster(ClusterView *cluster)
{
    if (m_cluster == cluster)
        return;
    if (m_cluster) {
        disconnect(m_cluster, nullptr, this, nullptr);
        disconnect(&m_cluster->offsetJobs(), nullptr, this, nullptr);
        if (m_shown)
            m_cluster->setFocus(std::nullopt);
    }
    m_cluster = cluster;
    m_audit->setFeed(nullptr);
    m_feed.reset();
    m_chosen.clear();
    m_changing = true;
    m_model->forget();
    m_detail->forget();
    m_changing = false;
    if (m_cluster) {
        connect(&m_cluster->offsetJobs(), &OffsetJobs::listChanged, this, &JournalPage::changeMade);
        connect(m_cluster, &ClusterView::snapshotChanged, this, [this] {
            if (!m_shown)
                return;
            openFeed();
            refreshDetail();
        });
    }
    openFeed();
    refresh();
}

void JournalPage::openFeed()
{
    const auto reader = m_cluster ? m_cluster->journal() : nullptr;
    const auto &cluster = m_cluster ? m_cluster->snapshot()->cluster : std::nullopt;
    if (reader && cluster && (!m_feed || m_feed->clusterId() != cluster->clusterId)) {
        m_feed = std::make_unique<JournalFeed>(reader, cluster->clusterId);
        m_audit->setFeed(m_feed.get());
        connect(m_feed.get(), &JournalFeed::looked, this, &JournalPage::refresh);
        connect(m_feed.get(), &JournalFeed::auditChanged, this,
                [this] { m_audit->show(m_settings.timeZone(), wallNow()); });
        if (m_shown)
            m_feed->setShown(true);
    }
    refreshEmptiness();
}

void JournalPage::setShown(bool shown)
{
    m_shown = shown;
    if (shown)
        openFeed();
    if (m_feed)
        m_feed->setShown(shown);
    if (shown)
        refresh();
    else if (m_cluster)
        m_cluster->setFocus(std::nullopt);
}

void JournalPage::changeMade()
{
    if (m_feed && m_shown)
        m_feed->look();
}

void JournalPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

std::vector<PaletteEntry> JournalPage::paletteEntries() const
{
    std::vector<PaletteEntry> entries;
    const auto offer = [&](QAction *action, const QString &text) {
        if (!action->isEnabled())
            return;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        entries.push_back(
            {text, keys.isEmpty() ? tr("action") : keys, [action] { action->trigger(); }});
    };
    if (const store::JournalEntry *chosen = entry())
        offer(m_undo,
              tr("%1 %2: %3").arg(m_undo->text(), foreign(chosen->id), journalTitle(*chosen)));
    for (QAction *action : m_audit->actions())
        offer(action, action->text());
    return entries;
}

QString JournalPage::place() const
{
    return QString::fromStdString(m_chosen);
}

void JournalPage::goTo(const QString &place)
{
    m_chosen = place.toStdString();
    const int row = m_model->find(m_chosen);
    if (row >= 0 && !accepts(row))
        clearFilter();
    refresh();
}

/// The group is looked at where it can tell what came of a change.
void JournalPage::settle()
{
    if (!m_cluster || !m_shown)
        return;
    const store::JournalEntry *const chosen = entry();
    m_cluster->setFocus(chosen && hasUnknownRows(*chosen, wallNow()) ? std::optional(chosen->group)
                                                                     : std::nullopt);
}

void JournalPage::choose(const std::string &id)
{
    if (id == m_chosen)
        return;
    m_chosen = id;
    settle();
    refreshDetail();
    refreshActions();
    emit placeChanged();
}

void JournalPage::refresh()
{
    refreshList();
    settle();
    refreshGroups();
    refreshDetail();
    refreshActions();
    refreshEmptiness();
    showCount();
    m_audit->show(m_settings.timeZone(), wallNow());
}

void JournalPage::refreshDetail()
{
    const store::JournalEntry *const chosen = entry();
    m_detailStack->setCurrentWidget(chosen ? static_cast<QWidget *>(m_detail) : m_noDetail);
    if (chosen)
        m_detail->show(*chosen, m_cluster ? m_cluster->snapshot()->focus.get() : nullptr,
                       m_settings.timeZone(), wallNow());
    else
        m_detail->forget();
}

void JournalPage::refreshActions()
{
    const store::JournalEntry *const chosen = entry();
    QString whyNot;
    if (!chosen)
        whyNot = tr("No change is selected.");
    else if (m_cluster && m_cluster->policy().mode == kafka::AccessMode::ReadOnly)
        whyNot = tr("This profile is read-only.");
    else
        whyNot = whyNoUndo(*chosen);
    setHelp(m_undo, tr("Plans the way back to what was before, and shows it first"),
            whyNot.isEmpty(), whyNot);
    setHelp(m_openGroup, tr("Shows the group as it is now"), chosen != nullptr,
            tr("No change is selected."));
}

void JournalPage::refreshEmptiness()
{
    const JournalReading *const read = reading();
    const auto &problem = m_feed ? m_feed->problem() : std::nullopt;
    const bool hasRows = read && !read->entries.empty();
    m_stack->setCurrentIndex(hasRows ? 0 : 1);
    m_problem->setVisible(problem.has_value());
    if (problem)
        m_problem->setPlainText(
            tr("⚠ The journal could not be read again: %1").arg(errorText(*problem)));
    if (hasRows)
        return;
    if (!m_cluster) {
        m_empty->say(tr("No cluster is open"), tr("Open one to see what was changed on it."));
    } else if (!m_cluster->journal()) {
        m_empty->say(tr("This window keeps no journal"), {});
    } else if (!m_feed) {
        const auto &[title, text] =
            waitingWords(m_cluster->name(), *m_cluster->snapshot(), tr("the journal"));
        m_empty->say(title, text,
                     m_cluster->snapshot()->connectionError ? tr("Try again now") : QString());
    } else if (problem) {
        m_empty->say(tr("The journal cannot be read"), errorText(*problem), tr("Try again now"));
    } else if (!read) {
        m_empty->say(tr("Reading the journal…"), {});
    } else {
        m_empty->say(tr("Nothing has been changed from here yet"),
                     tr("Resets, undos, skips and seeks that Redrive does on this cluster are kept "
                        "here: who, when and why, what was there before, and what came of it, so "
                        "that each can be taken back."));
    }
}

} // namespace redrive::ui
