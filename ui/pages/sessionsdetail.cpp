#include "ui/pages/sessionsdetail.h"

#include "ui/format/format.h"
#include "ui/pages/sessionschart.h"
#include "ui/pages/sessionsheader.h"
#include "ui/pages/sessionslanes.h"
#include "ui/pages/sessionslines.h"

#include <QAbstractItemView>
#include <QTabWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString droppedWords(const SessionEntry &entry)
{
    const std::uint64_t dropped = entry.snapshot ? entry.snapshot->counters.eventsDropped : 0;
    if (dropped == 0)
        return {};
    return dropped == 1
               ? SessionsDetail::tr("⚠ 1 event was dropped: the window was too slow for it")
               : SessionsDetail::tr("⚠ %1 events were dropped: the window was too slow for them")
                     .arg(number(std::optional(static_cast<std::int64_t>(dropped))));
}

} // namespace

SessionsDetail::SessionsDetail(Settings &settings, const std::vector<QAction *> &actions,
                               QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_header(new SessionsHeader(actions, this))
    , m_tabs(new QTabWidget(this))
    , m_lanes(new SessionsLanes(settings, this))
    , m_chart(new SessionsChart(settings, this))
    , m_commits(new SessionsLines(settings, u"commits"_s, tr("Commits"), commitColumns(),
                                  {18, 18, 7, 10, 10, 40, 24}, 5, false, this))
    , m_rebalances(new SessionsLines(settings, u"rebalances"_s, tr("Rebalances"),
                                     rebalanceColumns(), {18, 14, 14, 10, 40}, 4, false, this))
    , m_log(new SessionsLines(settings, u"log"_s, tr("Log"), logColumns(), {18, 14, 14, 9, 11, 60},
                              5, true, this))
    , m_live(new SessionsLines(settings, u"live"_s, tr("Live updates"), liveColumns(),
                               {18, 18, 14, 12, 14, 9, 11, 40}, 7, false, this))
{
    setObjectName(u"session-detail"_s);
    m_tabs->setObjectName(u"session-tabs"_s);
    m_tabs->setAccessibleName(tr("Session"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_lanes, tr("Partitions"));
    m_tabs->addTab(m_chart, tr("Chart"));
    m_tabs->addTab(m_commits, tr("Commits"));
    m_tabs->addTab(m_rebalances, tr("Rebalances"));
    m_tabs->addTab(m_log, tr("Log"));
    m_tabs->addTab(m_live, tr("Live"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_tabs, 1);
    connect(m_tabs, &QTabWidget::currentChanged, this, &SessionsDetail::tabChanged);
    const auto setZone = [this] {
        const TimeZone zone = m_settings.timeZone();
        m_chart->setZone(zone);
        for (SessionsLines *lines : {m_commits, m_rebalances, m_log, m_live})
            lines->setZone(zone);
        emit tabChanged();
    };
    connect(&settings, &Settings::timeZoneChanged, this, setZone);
    setZone();
}

void SessionsDetail::setSessions(ConsumerSessions *sessions)
{
    m_lanes->setSessions(sessions);
}

const std::vector<QAction *> &SessionsDetail::laneActions() const
{
    return m_lanes->actions();
}

void SessionsDetail::show(const SessionEntry &entry, MonoTime now)
{
    m_header->show(entry, m_settings.timeZone(), now);
    const bool isLive = entry.request.handler == "live";
    const int liveTab = m_tabs->indexOf(m_live);
    if (m_tabs->isTabVisible(liveTab) != isLive)
        m_tabs->setTabVisible(liveTab, isLive);
    showTab(entry, now);
}

void SessionsDetail::showTab(const SessionEntry &entry, MonoTime now)
{
    QWidget *const tab = m_tabs->currentWidget();
    const SessionDiary &diary = entry.diary;
    m_lanes->show(entry, now);
    if (tab == m_chart)
        m_chart->show(entry.id, diary.samples());
    else if (tab == m_commits)
        m_commits->follow(entry.id, diary.commits(), &commitLine,
                          tr("Nothing has been committed yet. A commit is asked for when records "
                             "have been processed."));
    else if (tab == m_rebalances)
        m_rebalances->follow(entry.id, diary.rebalances(), &rebalanceLine,
                             tr("The group has not given this member anything yet."));
    else if (tab == m_log)
        m_log->follow(entry.id, diary.log(), &logLine, tr("Nothing has happened yet."));
    else if (tab == m_live)
        m_live->follow(entry.id, diary.live(), &liveLine,
                       tr("Task events appear here as they are processed."));
    const QString dropped = droppedWords(entry);
    for (SessionsLines *lines : {m_commits, m_rebalances, m_log, m_live})
        lines->setNote(dropped);
}

void SessionsDetail::focusContents()
{
    const auto inside = m_tabs->currentWidget()->findChildren<QAbstractItemView *>();
    for (QWidget *widget : inside) {
        if (widget->isVisible()) {
            widget->setFocus(Qt::TabFocusReason);
            return;
        }
    }
}

void SessionsDetail::focusFilter()
{
    m_tabs->setCurrentWidget(m_log);
    m_log->focusFilter();
}

void SessionsDetail::applyTheme()
{
    m_chart->applyTheme();
}

} // namespace redrive::ui
