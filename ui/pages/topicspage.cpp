#include "ui/pages/topicspage.h"

#include "ui/pages/topicdetail.h"
#include "ui/shell/label.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/clusterwords.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QCheckBox>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int placeMillis = 400;

QString counted(std::size_t count)
{
    return number(static_cast<std::int64_t>(count));
}

} // namespace

TopicsPage::TopicsPage(Settings &settings, QWidget *parent)
    : Page(parent)
    , m_settings(settings)
    , m_filter(new QLineEdit(this))
    , m_internal(new QCheckBox(tr("Internal topics"), this))
    , m_topics(new TopicModel(this))
    , m_table(new DataTable(m_topics, settings, u"topics-table"_s, tr("Topics"), this))
    , m_detail(new TopicDetailPanel(settings, this))
    , m_count(new QLabel(this))
    , m_banner(new Label({}, this))
    , m_noDetail(new EmptyState(this))
    , m_empty(new EmptyState(this))
    , m_noMatch(new EmptyState(this))
    , m_splitter(new QSplitter(this))
    , m_stack(new QStackedWidget(this))
    , m_listStack(new QStackedWidget(this))
    , m_detailStack(new QStackedWidget(this))
{
    setObjectName(u"topics-page"_s);
    setAccessibleName(title());
    m_noDetail->say(tr("No topic is selected"), tr("Select one to see which groups read it."));
    m_detailStack->addWidget(m_noDetail);
    m_detailStack->addWidget(m_detail);
    m_splitter->setObjectName(u"topics-splitter"_s);
    m_splitter->addWidget(makeList());
    m_splitter->addWidget(m_detailStack);
    m_splitter->setSizes({6000, 4000});
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setCollapsible(0, false);
    m_splitter->restoreState(settings.state(m_splitter->objectName()));
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(m_empty);
    m_banner->setObjectName(u"topics-banner"_s);
    m_banner->setToken(theme::Token::Warning);
    m_banner->setWordWrap(true);
    m_banner->setContentsMargins(theme::space12, theme::space8, theme::space12, theme::space8);
    m_banner->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_stack, 1);

    m_placeTimer.setSingleShot(true);
    m_placeTimer.setInterval(placeMillis);
    connect(&m_placeTimer, &QTimer::timeout, this, &TopicsPage::placeChanged);
    connect(m_splitter, &QSplitter::splitterMoved, this,
            [this] { m_settings.setState(m_splitter->objectName(), m_splitter->saveState()); });
    connect(m_empty, &EmptyState::pressed, this, [this] {
        if (m_cluster)
            m_cluster->refreshNow();
    });
    connect(m_table, &DataTable::opened, m_detail, &TopicDetailPanel::focusContents);
    auto *back = new QShortcut(Qt::Key_Escape, m_detail);
    back->setContext(Qt::WidgetWithChildrenShortcut);
    connect(back, &QShortcut::activated, m_table, [this] { m_table->setFocus(); });
    connect(m_detail, &TopicDetailPanel::groupRequested, this,
            [this](const QString &group) { emit openRequested(u"Groups"_s, group); });
    connect(&settings, &Settings::timeZoneChanged, this, &TopicsPage::refresh);
    refresh();
}

QWidget *TopicsPage::makeList()
{
    auto *list = new QWidget(this);
    m_table->setWidths({26, 9, 13, 8, 9, 34}, TopicModel::Topic);
    m_table->setOptional(TopicModel::Problem);
    m_table->setOptional(TopicModel::Kind);
    m_table->sortFirst(TopicModel::Topic, Qt::AscendingOrder);
    m_table->proxy().setPredicate([this](int row) { return accepts(row); });
    m_filter->setObjectName(u"topics-filter"_s);
    m_filter->setAccessibleName(tr("Filter topics"));
    m_filter->setPlaceholderText(tr("Filter by name"));
    m_filter->setClearButtonEnabled(true);
    m_internal->setObjectName(u"topics-internal"_s);
    m_count->setObjectName(u"topics-count"_s);
    m_count->setTextFormat(Qt::PlainText);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(theme::space8, theme::space8, theme::space8, theme::space8);
    line->setSpacing(theme::space8);
    line->addWidget(m_filter, 1);
    line->addWidget(m_internal);
    line->addWidget(m_count);
    m_listStack->addWidget(m_table);
    m_listStack->addWidget(m_noMatch);
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(line);
    column->addWidget(m_listStack, 1);

    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_needle = text.trimmed();
        filterAgain();
    });
    connect(m_filter, &QLineEdit::returnPressed, this, [this] {
        m_table->setFocus();
        if (!m_table->currentIndex().isValid())
            m_table->selectRow(0);
    });
    connect(m_internal, &QCheckBox::toggled, this, &TopicsPage::filterAgain);
    connect(m_noMatch, &EmptyState::pressed, this, &TopicsPage::clearFilter);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        const int row = m_table->currentSourceRow();
        if (!m_changing && row >= 0)
            choose(m_topics->topicAt(row).info.name);
    });
    return list;
}

QString TopicsPage::title() const
{
    return tr("Topics");
}

void TopicsPage::setCluster(ClusterView *cluster)
{
    if (m_cluster == cluster)
        return;
    if (m_cluster) {
        disconnect(m_cluster, nullptr, this, nullptr);
        m_cluster->setTopicsWanted(false);
    }
    m_cluster = cluster;
    m_changing = true;
    m_topics->forget();
    m_detail->forget();
    m_changing = false;
    m_chosen.reset();
    m_placeTimer.stop();
    if (m_cluster) {
        m_cluster->setTopicsWanted(m_shown);
        connect(m_cluster, &ClusterView::snapshotChanged, this, [this] {
            if (m_shown)
                refresh();
        });
    }
    refresh();
}

void TopicsPage::setShown(bool shown)
{
    m_shown = shown;
    if (m_cluster)
        m_cluster->setTopicsWanted(shown);
    if (shown)
        refresh();
}

void TopicsPage::focusFilter()
{
    m_filter->setFocus(Qt::ShortcutFocusReason);
    m_filter->selectAll();
}

QString TopicsPage::place() const
{
    return m_chosen ? QString::fromStdString(*m_chosen) : QString();
}

void TopicsPage::goTo(const QString &place)
{
    choose(place.isEmpty() ? std::nullopt : std::optional(place.toStdString()));
    m_placeTimer.stop(); // who sent us here knows where we are
    const int row = m_chosen ? m_topics->find(*m_chosen) : -1;
    if (row >= 0 && !m_table->proxy().mapFromSource(m_topics->index(row, 0)).isValid()) {
        m_internal->setChecked(m_internal->isChecked() || m_topics->topicAt(row).info.internal);
        m_filter->clear();
    }
    changeRows([] {});
}

void TopicsPage::choose(const std::optional<std::string> &topic)
{
    if (topic == m_chosen)
        return;
    m_chosen = topic;
    showDetail();
    m_placeTimer.start();
}

void TopicsPage::changeRows(const std::function<void()> &change)
{
    m_changing = true;
    m_table->update(change);
    m_table->selectSourceRow(m_chosen ? m_topics->find(*m_chosen) : -1);
    m_changing = false;
}

void TopicsPage::refresh()
{
    changeRows([this] {
        if (m_cluster)
            m_topics->show(m_cluster->snapshot()->topics);
    });
    bool problems = false;
    for (int row = 0; row < m_topics->rowCount() && !problems; ++row)
        problems = !m_topics->index(row, TopicModel::Problem).data().toString().isEmpty();
    m_table->offer(TopicModel::Problem, problems);
    showCount();
    showEmptiness();
    showDetail();
}

void TopicsPage::showDetail()
{
    m_detailStack->setCurrentWidget(m_chosen ? static_cast<QWidget *>(m_detail) : m_noDetail);
    if (!m_chosen)
        return;
    const int row = m_topics->find(*m_chosen);
    m_detail->show(*m_chosen, row < 0 ? nullptr : &m_topics->topicAt(row),
                   m_cluster ? m_cluster->snapshot()->groups : nullptr);
}

void TopicsPage::showCount()
{
    const auto all = static_cast<std::size_t>(m_topics->rowCount());
    const auto shown = static_cast<std::size_t>(m_table->proxy().rowCount());
    m_count->setText(shown < all ? tr("%1 of %2").arg(counted(shown), counted(all))
                                 : tr("%1 topics").arg(counted(all)));
    m_count->setAccessibleName(m_count->text());
    m_noMatch->say(m_needle.isEmpty() ? tr("Only internal topics") : tr("No topic matches"),
                   tr("%1 topics are hidden.").arg(counted(all)), tr("Show all topics"));
    m_listStack->setCurrentWidget(all > 0 && shown == 0 ? static_cast<QWidget *>(m_noMatch)
                                                        : m_table);
}

void TopicsPage::showEmptiness()
{
    const bool hasRows = m_topics->rowCount() > 0;
    if (!m_cluster) {
        m_empty->say(tr("No cluster is open"), tr("Open one to see its topics."));
    } else if (!m_cluster->snapshot()->topics) {
        const PageWords words =
            waitingWords(m_cluster->name(), *m_cluster->snapshot(), tr("topics"));
        const bool failed = m_cluster->snapshot()->connectionError.has_value();
        m_empty->say(words.title, words.text, failed ? tr("Try again now") : QString());
    } else if (!hasRows) {
        m_empty->say(tr("This cluster has no topics."),
                     tr("They appear here as soon as one is created."));
    }
    m_stack->setCurrentWidget(hasRows ? static_cast<QWidget *>(m_splitter) : m_empty);
    const QString line =
        m_cluster ? staleLine(*m_cluster->snapshot(), m_settings.timeZone(), wallNow()) : QString();
    m_banner->setText(line);
    m_banner->setVisible(!line.isEmpty() && hasRows);
}

bool TopicsPage::accepts(int row) const
{
    const TopicInfo &topic = m_topics->topicAt(row).info;
    if (topic.internal && !m_internal->isChecked())
        return false;
    return m_needle.isEmpty() || matches(foreign(topic.name), m_needle);
}

void TopicsPage::filterAgain()
{
    m_table->offer(TopicModel::Kind, m_internal->isChecked());
    changeRows([this] { m_table->proxy().filterAgain(); });
    showCount();
}

void TopicsPage::clearFilter()
{
    m_filter->clear();
    m_internal->setChecked(true);
}

} // namespace redrive::ui
