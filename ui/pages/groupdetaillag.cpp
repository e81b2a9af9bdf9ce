#include "ui/pages/groupdetaillag.h"

#include "ui/charts/lagchart.h"
#include "ui/models/historymodel.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/datatable.h"
#include "ui/widgets/rangebuttons.h"

#include <QCheckBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace redrive::ui {

GroupDetailLag::GroupDetailLag(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_zone(new QLabel(this))
{
    auto *controls = new QHBoxLayout;
    controls->setContentsMargins(theme::space8, theme::space8, theme::space8, 0);
    controls->setSpacing(theme::space4);
    auto *ranges = new RangeButtons(u"lag"_s, {15min, 1h, 6h, 24h}, this);
    controls->addWidget(ranges);
    auto *logarithmic = new QCheckBox(tr("Log scale"), this);
    logarithmic->setObjectName(u"lag-log-scale"_s);
    m_unzoom = new QPushButton(tr("Zoom out"), this);
    m_unzoom->hide();
    m_unzoom->setObjectName(u"lag-zoom-out"_s);
    m_zone->setTextFormat(Qt::PlainText);
    m_zone->setForegroundRole(QPalette::PlaceholderText);
    controls->addSpacing(theme::space8);
    controls->addWidget(logarithmic);
    controls->addWidget(m_unzoom);
    controls->addStretch();
    controls->addWidget(m_zone);

    m_chart = new LagChart(this);
    m_model = new HistoryModel(this);
    m_table =
        new DataTable(m_model, settings, u"lag-table"_s, tr("Lag over time, in numbers"), this);
    m_table->forgetLayout(); // its columns are the chart's lines
    m_table->setWidths({14, 11}, HistoryModel::Time);
    m_table->sortByColumn(HistoryModel::Time, Qt::DescendingOrder);
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setObjectName(u"lag-splitter"_s);
    splitter->addWidget(m_chart);
    splitter->addWidget(m_table);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setChildrenCollapsible(true);
    splitter->setCollapsible(0, false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space4);
    column->addLayout(controls);
    column->addWidget(splitter, 1);

    connect(ranges, &RangeButtons::chosen, m_chart, &LagChart::setRange);
    connect(logarithmic, &QCheckBox::toggled, m_chart, &LagChart::setLogarithmic);
    connect(m_unzoom, &QPushButton::clicked, m_chart, &LagChart::resetZoom);
    connect(m_chart, &LagChart::shownChanged, this, &GroupDetailLag::showTable);
    connect(&settings, &Settings::timeZoneChanged, this, &GroupDetailLag::applyZone);
    applyZone();
}

void GroupDetailLag::show(std::shared_ptr<const workspace::GroupHistory> history)
{
    if (history == m_history)
        return;
    m_history = std::move(history);
    m_chart->show(m_history);
    showTable();
}

void GroupDetailLag::forget()
{
    m_history.reset();
    m_chart->forget();
}

void GroupDetailLag::applyTheme()
{
    m_chart->applyTheme();
}

void GroupDetailLag::showTable()
{
    m_unzoom->setVisible(m_chart->isZoomed());
    m_table->update([this] { m_model->show(m_history.get(), m_chart->lines(), m_chart->span()); });
}

void GroupDetailLag::applyZone()
{
    const TimeZone zone = m_settings.timeZone();
    m_chart->setZone(zone);
    m_model->setZone(zone);
    m_zone->setText(tr("Times in %1. Drag to zoom, double-click to go back.")
                        .arg(zone == TimeZone::Utc
                                 ? u"UTC"_s
                                 : QDateTime::currentDateTime().timeZoneAbbreviation()));
}

} // namespace redrive::ui
