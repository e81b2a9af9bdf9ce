#include "ui/pages/sessionschart.h"

#include "ui/charts/sessionchart.h"
#include "ui/theme/tokens.h"
#include "ui/widgets/rangebuttons.h"

#include <QHBoxLayout>
#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace redrive::ui {

SessionsChart::SessionsChart(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_chart(new SessionChart(this))
    , m_table(new SessionsLines(settings, u"samples"_s, tr("Rates and handler time"),
                                sampleColumns(), {18, 10, 9, 11, 9, 9, 9}, 0, false, this))
{
    setObjectName(u"session-chart-tab"_s);
    auto *controls = new QHBoxLayout;
    controls->setContentsMargins(theme::space16, theme::space8, theme::space16, 0);
    auto *ranges = new RangeButtons(u"session"_s, {5min, 15min, 1h}, this);
    controls->addWidget(ranges);
    controls->addStretch();
    connect(ranges, &RangeButtons::chosen, m_chart, &SessionChart::setRange);
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(controls);
    column->addWidget(m_chart, 1);
    auto *split = new QSplitter(this);
    split->setObjectName(u"session-chart-splitter"_s);
    split->setChildrenCollapsible(false);
    split->addWidget(left);
    split->addWidget(m_table);
    split->setSizes({3000, 2000});
    split->restoreState(settings.state(split->objectName()));
    connect(split, &QSplitter::splitterMoved, this,
            [split, &settings] { settings.setState(split->objectName(), split->saveState()); });
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(split);
}

void SessionsChart::show(int session, const Tail<SessionSample> &samples)
{
    m_table->follow(session, samples, &sampleLine,
                    tr("Nothing has been measured yet: a sample is taken every second."));
    if (session == m_session && samples.seen() == m_seen)
        return;
    if (session != m_session)
        m_chart->forget();
    m_session = session;
    m_seen = samples.seen();
    m_chart->show(samples.entries());
}

void SessionsChart::setZone(TimeZone zone)
{
    m_chart->setZone(zone);
    m_table->setZone(zone);
}

void SessionsChart::applyTheme()
{
    m_chart->applyTheme();
}

} // namespace redrive::ui
