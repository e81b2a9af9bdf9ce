#include "ui/pages/overviewpage.h"

#include "core/kafka/clusterclient.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/emptystate.h"

#include <QFormLayout>
#include <QHeaderView>
#include <QResizeEvent>
#include <QStackedLayout>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int wideFrom = 900;
constexpr int tallFrom = 600;
constexpr int mostFindings = 6;
constexpr std::size_t mostBrokers = 12;

Label *heading(const QString &text, QWidget *parent)
{
    auto *label = new Label(text, parent);
    label->setScale(1.0, QFont::DemiBold);
    return label;
}

Label *fact(QFormLayout *form, const QString &name, const char *object)
{
    auto *title = new Label(name);
    title->setToken(theme::Token::MutedText);
    title->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto *value = new Label(unknownText());
    value->setObjectName(QLatin1StringView(object));
    value->setTextInteractionFlags(Qt::TextSelectableByMouse);
    value->setWordWrap(true);
    value->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    form->addRow(title, value);
    return value;
}

} // namespace

OverviewPage::OverviewPage(Settings &settings, QWidget *parent)
    : Page(parent)
    , m_settings(settings)
    , m_layers(new QStackedLayout(this))
    , m_empty(new EmptyState(this))
    , m_headline(new Label({}, this))
    , m_when(new Label({}, this))
    , m_caughtUp(new Label({}, this))
{
    setObjectName(u"overview-page"_s);
    setAccessibleName(tr("Overview"));
    m_headline->setObjectName(u"overview-headline"_s);
    m_headline->setScale(1.35, QFont::DemiBold);
    m_headline->setWordWrap(true);
    m_when->setToken(theme::Token::MutedText);
    m_when->setElided(true);
    m_caughtUp->setToken(theme::Token::MutedText);

    m_findingTable =
        new DataTable(&m_findings, settings, u"findings-table"_s, tr("Needs attention"), this);
    m_findingTable->setWidths({58, 16}, FindingModel::Said);
    m_findingTable->sortFirst(FindingModel::What, Qt::DescendingOrder);
    m_findingTable->setFrameShape(QFrame::NoFrame);
    m_findingTable->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_rankTable =
        new DataTable(&m_ranks, settings, u"ranking-table"_s, tr("Largest lag first"), this);
    m_rankTable->setWidths({16, 19, 10, 12, 13}, RankModel::Group);
    m_rankTable->sortFirst(RankModel::Lag, Qt::DescendingOrder);
    m_rankTable->setFrameShape(QFrame::NoFrame);

    auto *content = new QWidget(this);
    content->setObjectName(u"overview-content"_s);
    auto *main = new QVBoxLayout;
    main->setSpacing(theme::space8);
    main->addWidget(m_headline);
    main->addWidget(m_when);
    main->addSpacing(theme::space8);
    main->addWidget(m_findingTable);
    main->addSpacing(theme::space4);
    m_rankHeading = heading(tr("Largest lag first"), content);
    main->addWidget(m_rankHeading);
    main->addWidget(m_caughtUp);
    main->addWidget(m_rankTable, 1);
    m_filler = new QWidget(content);
    main->addWidget(m_filler, 1);
    m_facts = buildFacts();
    m_columns = new QBoxLayout(QBoxLayout::LeftToRight, content);
    m_columns->setContentsMargins(theme::space16, theme::space16, theme::space16, theme::space12);
    m_columns->setSpacing(theme::space16 * 2);
    m_columns->addLayout(main, 1);
    m_columns->addWidget(m_facts);
    m_layers->addWidget(content);
    m_layers->addWidget(m_empty);

    const auto openGroup = [this](int row) {
        emit openRequested(u"Groups"_s, QString::fromStdString(m_ranks.row(row).group));
    };
    const auto openFinding = [this](int row) {
        const Finding finding = m_findings.row(row);
        emit openRequested(finding.page, finding.within);
    };
    connect(m_rankTable, &DataTable::opened, this, openGroup);
    connect(m_findingTable, &DataTable::opened, this, openFinding);
    connect(m_rankTable, &QTableView::clicked, this, [this, openGroup](const QModelIndex &index) {
        openGroup(m_rankTable->proxy().mapToSource(index).row());
    });
    connect(m_findingTable, &QTableView::clicked, this,
            [this, openFinding](const QModelIndex &index) {
                openFinding(m_findingTable->proxy().mapToSource(index).row());
            });
    connect(m_empty, &EmptyState::pressed, this, [this] { emit openRequested(m_emptyAction, {}); });
    connect(&m_settings, &Settings::timeZoneChanged, this, &OverviewPage::refresh);
    connect(&m_settings, &Settings::watchedChanged, this, &OverviewPage::refresh);
    refresh();
}

QString OverviewPage::title() const
{
    return u"Overview"_s;
}

QWidget *OverviewPage::buildFacts()
{
    auto *panel = new QWidget(this);
    panel->setObjectName(u"cluster-facts"_s);
    panel->setAccessibleName(tr("Cluster"));
    auto *column = new QVBoxLayout(panel);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(heading(tr("Cluster"), panel));
    auto *form = new QFormLayout;
    form->setHorizontalSpacing(theme::space16);
    form->setVerticalSpacing(theme::space4);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_clusterId = fact(form, tr("Id"), "cluster-id");
    m_controller = fact(form, tr("Controller"), "cluster-controller");
    m_brokers = fact(form, tr("Brokers"), "cluster-brokers");
    m_library = fact(form, tr("Library"), "cluster-library");
    m_library->setPlainText(u"librdkafka "_s + QString::fromStdString(kafka::libraryVersion()));
    column->addLayout(form);
    column->addStretch(1);
    panel->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    return panel;
}

void OverviewPage::setCluster(ClusterView *cluster)
{
    if (m_cluster)
        m_cluster->disconnect(this);
    m_cluster = cluster;
    m_findings.clear();
    m_ranks.clear();
    if (cluster)
        connect(cluster, &ClusterView::snapshotChanged, this, [this] {
            if (m_shown)
                refresh();
        });
    refresh();
}

void OverviewPage::setShown(bool shown)
{
    m_shown = shown;
    if (shown)
        refresh();
}

void OverviewPage::refresh()
{
    const workspace::ClusterSnapshot none;
    const workspace::ClusterSnapshot &snapshot = m_cluster ? *m_cluster->snapshot() : none;
    if (showEmpty(snapshot))
        return;
    const TimeZone zone = m_settings.timeZone();
    const WallTime now = wallNow();
    m_headline->setPlainText(lagHeadline(*snapshot.groups));
    m_when->setPlainText(
        snapshot.refreshedAt
            ? tr("%1, as of %2").arg(m_cluster->name(), clock(*snapshot.refreshedAt, zone, now))
            : m_cluster->name());
    m_findingTable->update([&] { m_findings.show(findingsOf(snapshot, zone, now)); });
    auto ranked = rankOf(snapshot, m_settings.watched(m_cluster->name()), mostRanked);
    m_rankHeading->setVisible(!ranked.empty());
    m_filler->setVisible(ranked.empty());
    m_caughtUp->setVisible(ranked.empty());
    m_caughtUp->setPlainText(
        snapshot.groups->empty()
            ? tr("A group appears here as soon as a consumer joins one or commits.")
            : tr("Every group whose lag is known has caught up."));
    m_rankTable->setVisible(!ranked.empty());
    m_rankTable->update([&] { m_ranks.show(std::move(ranked), zone, now); });
    sizeFindings();
    showFacts(snapshot);
}

bool OverviewPage::showEmpty(const workspace::ClusterSnapshot &snapshot)
{
    if (snapshot.groups) {
        m_layers->setCurrentIndex(0);
        return false;
    }
    m_layers->setCurrentIndex(1);
    m_emptyAction = u"Connect"_s;
    if (!m_cluster) {
        m_empty->say(tr("No cluster is open"), {}, tr("Connect…"));
    } else if (snapshot.connectionError) {
        QString text = errorText(*snapshot.connectionError);
        if (!snapshot.connectionAdvice.empty())
            text += u"\n\n"_s + foreign(snapshot.connectionAdvice);
        text += u"\n\n"_s + tr("Redrive keeps trying.");
        m_empty->say(tr("Not connected to %1").arg(m_cluster->name()), text,
                     tr("Look at the connection…"));
    } else {
        m_empty->say(tr("Connecting to %1").arg(m_cluster->name()), tr("Asking for its groups."));
    }
    return true;
}

void OverviewPage::showFacts(const workspace::ClusterSnapshot &snapshot)
{
    if (!snapshot.cluster) {
        for (Label *label : {m_clusterId, m_controller, m_brokers})
            label->setPlainText(unknownText());
        return;
    }
    const ClusterInfo &cluster = *snapshot.cluster;
    m_clusterId->setPlainText(foreign(cluster.clusterId));
    m_controller->setPlainText(cluster.controllerId ? QString::number(*cluster.controllerId)
                                                    : unknownText());
    QStringList lines;
    for (const Broker &broker : cluster.brokers) {
        QString line = u"%1 · %2:%3"_s.arg(broker.id).arg(foreign(broker.host)).arg(broker.port);
        if (broker.rack)
            line += u" (%1)"_s.arg(foreign(*broker.rack));
        lines << line;
        if (static_cast<std::size_t>(lines.size()) == mostBrokers &&
            cluster.brokers.size() > mostBrokers) {
            lines << tr("and %1 more").arg(cluster.brokers.size() - mostBrokers);
            break;
        }
    }
    m_brokers->setPlainText(lines.isEmpty() ? unknownText() : lines.join(u'\n'));
}

void OverviewPage::sizeFindings()
{
    const int rows = m_findings.rowCount();
    m_findingTable->setVisible(rows > 0);
    const int shown = std::min(rows, mostFindings);
    m_findingTable->setFixedHeight(m_findingTable->horizontalHeader()->sizeHint().height() +
                                   shown * m_findingTable->verticalHeader()->defaultSectionSize() +
                                   theme::space4);
}

void OverviewPage::resizeEvent(QResizeEvent *event)
{
    Page::resizeEvent(event);
    const bool wide = event->size().width() >= wideFrom;
    m_rankTable->setColumnHidden(RankModel::ReadAt, !wide);
    if (!wide) {
        m_findingTable->setColumnWidth(FindingModel::What, event->size().width() * 3 / 5);
        m_rankTable->setColumnWidth(RankModel::State, event->size().width() / 4);
    }
    m_facts->setVisible(wide || event->size().height() >= tallFrom);
    m_columns->setDirection(wide ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_columns->setSpacing(wide ? theme::space16 * 2 : theme::space12);
    m_facts->setMaximumWidth(wide ? fontMetrics().averageCharWidth() * 60 : QWIDGETSIZE_MAX);
    m_facts->setMinimumWidth(wide ? fontMetrics().averageCharWidth() * 50 : 0);
}

} // namespace redrive::ui
