#include "ui/pages/sessionschart.h"

#include "ui/charts/sessionchart.h"
#include "ui/theme/tokens.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

struct Range
{
    const char *text;
    const char *name;
    std::chrono::minutes length;
};
constexpr std::array<Range, 3> ranges{{
    {QT_TRANSLATE_NOOP("SessionsChart", "5 min"), "5-min", std::chrono::minutes(5)},
    {QT_TRANSLATE_NOOP("SessionsChart", "15 min"), "15-min", std::chrono::minutes(15)},
    {QT_TRANSLATE_NOOP("SessionsChart", "1 h"), "1-h", std::chrono::minutes(60)},
}};

} // namespace

SessionsChart::SessionsChart(Settings &settings, QWidget *parent)
    : QWidget(parent)
    , m_chart(new SessionChart(this))
    , m_table(new SessionsLines(settings, u"samples"_s, tr("Rates and handler time"),
                                sampleColumns(), {18, 10, 9, 11, 9, 9, 9}, 0, false, this))
    , m_ranges(new QButtonGroup(this))
{
    setObjectName(u"session-chart-tab"_s);
    auto *controls = new QHBoxLayout;
    controls->setContentsMargins(theme::space16, theme::space8, theme::space16, 0);
    controls->setSpacing(theme::space4);
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        auto *button = new QToolButton(this);
        button->setText(tr(ranges[i].text));
        button->setObjectName(u"session-range-"_s + QLatin1StringView(ranges[i].name));
        button->setAccessibleName(tr("Show the last %1").arg(button->text()));
        button->setCheckable(true);
        button->setChecked(i == 0);
        button->setFocusPolicy(Qt::StrongFocus);
        m_ranges->addButton(button, static_cast<int>(i));
        controls->addWidget(button);
    }
    controls->addStretch();
    connect(m_ranges, &QButtonGroup::idClicked, this, [this](int chosen) {
        m_chart->setRange(ranges.at(static_cast<std::size_t>(chosen)).length);
    });
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
