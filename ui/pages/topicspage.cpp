#include "ui/pages/topicspage.h"

#include "ui/pages/listdetail.h"
#include "ui/pages/topicdetail.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/datatable.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QLabel>
#include <QLineEdit>
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
    , m_frame(
          new ListDetail(settings, u"topics"_s, makeFilterLine(), m_table, m_detail, 3, 2, this))
{
    setObjectName(u"topics-page"_s);
    setAccessibleName(title());
    m_table->setWidths({26, 9, 13, 8, 9, 34}, TopicModel::Topic);
    m_table->setOptional(TopicModel::Problem);
    m_table->setOptional(TopicModel::Kind);
    m_table->sortFirst(TopicModel::Topic, Qt::AscendingOrder);
    m_table->proxy().setPredicate([this](int row) { return accepts(row); });
    m_frame->sayNoDetail(tr("No topic is selected"), tr("Select one to see which groups read it."));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_frame);

    m_placeTimer.setSingleShot(true);
    m_placeTimer.setInterval(placeMillis);
    connect(&m_placeTimer, &QTimer::timeout, this, &TopicsPage::placeChanged);
    connect(m_frame, &ListDetail::everythingRequested, this, &TopicsPage::clearFilter);
    connect(m_frame, &ListDetail::refreshRequested, this, [this] {
        if (m_cluster)
            m_cluster->refreshNow();
    });
    connect(m_table, &DataTable::opened, m_detail, &TopicDetailPanel::focusContents);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        const int row = m_table->currentSourceRow();
        if (!m_changing && row >= 0)
            choose(m_topics->topicAt(row).info.name);
    });
    connect(m_detail, &TopicDetailPanel::groupRequested, this,
            [this](const QString &group) { emit openRequested(u"Groups"_s, group); });
    connect(&settings, &Settings::timeZoneChanged, this, &TopicsPage::refresh);
    refresh();
}

QWidget *TopicsPage::makeFilterLine()
{
    m_filter->setObjectName(u"topics-filter"_s);
    m_filter->setAccessibleName(tr("Filter topics"));
    m_filter->setPlaceholderText(tr("Filter by name"));
    m_filter->setClearButtonEnabled(true);
    m_internal->setObjectName(u"topics-internal"_s);
    m_count->setObjectName(u"topics-count"_s);
    m_count->setTextFormat(Qt::PlainText);
    m_count->setForegroundRole(QPalette::PlaceholderText);
    auto *whole = new QWidget(this);
    auto *line = new QHBoxLayout(whole);
    line->setContentsMargins(theme::space8, theme::space8, theme::space8, theme::space8);
    line->setSpacing(theme::space8);
    line->addWidget(m_filter, 1);
    line->addWidget(m_internal);
    line->addWidget(m_count);

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
    return whole;
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
    m_frame->showDetail(m_chosen.has_value());
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
    m_frame->sayNoMatch(m_needle.isEmpty() ? tr("Only internal topics") : tr("No topic matches"),
                        tr("%1 topics are hidden.").arg(counted(all)), tr("Show all topics"));
    m_frame->showMatches(all == 0 || shown > 0);
}

void TopicsPage::showEmptiness()
{
    m_frame->showState(m_cluster, m_cluster && m_cluster->snapshot()->topics,
                       m_topics->rowCount() > 0,
                       {.whatIsListed = tr("topics"),
                        .noCluster = tr("Open one to see its topics."),
                        .none = tr("This cluster has no topics."),
                        .whenSome = tr("They appear here as soon as one is created.")},
                       m_settings.timeZone());
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
