#include "ui/pages/sessionsheader.h"

#include "ui/models/cells.h"
#include "ui/models/sessionwords.h"
#include "ui/shell/label.h"
#include "ui/widgets/actionbutton.h"
#include "ui/widgets/elidedlabel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

using consumer::SessionState;

namespace {

/// The buttons stand below the name where the head is narrower than so many characters.
constexpr int narrowBelow = 110;

enum FactNumber : std::size_t
{
    Rate,
    Lag,
    P50,
    P99,
    Processed,
    Retried,
    DeadLettered,
    Skipped,
    Commits,
    Rebalances,
};

QString count(std::uint64_t value)
{
    return number(std::optional(static_cast<std::int64_t>(value)));
}

QString aboutLine(const SessionEntry &entry)
{
    const consumer::SessionOptions &options = entry.request.options;
    QStringList parts;
    parts << SessionsHeader::tr("handler %1").arg(foreign(entry.request.handler));
    QStringList topics;
    for (const std::string &topic : options.topics)
        topics << foreign(topic);
    parts << topics.join(u", "_s);
    if (entry.snapshot && !entry.ended) {
        std::vector<TopicPartition> owned;
        for (const auto &lane : entry.snapshot->lanes)
            owned.push_back(lane.partition);
        parts << SessionsHeader::tr("%1 partitions").arg(owned.size());
    }
    parts << protocolText(entry.request.protocol);
    parts << commitText(options.commit);
    parts << (options.workers == 1 ? SessionsHeader::tr("1 worker")
                                   : SessionsHeader::tr("%1 workers").arg(options.workers));
    if (entry.snapshot && !entry.snapshot->memberId.empty())
        parts << SessionsHeader::tr("member %1").arg(foreign(entry.snapshot->memberId));
    return parts.join(u" · "_s);
}

} // namespace

SessionsHeader::SessionsHeader(const std::vector<QAction *> &actions, QWidget *parent)
    : QWidget(parent)
    , m_name(new ElidedLabel(this))
    , m_state(new Label({}, this))
    , m_line(new ElidedLabel(this))
    , m_top(new QBoxLayout(QBoxLayout::LeftToRight))
    , m_strip(new QWidget(this))
    , m_grid(new QGridLayout(m_strip))
    , m_drain(new Label({}, this))
    , m_drainBar(new QProgressBar(this))
    , m_breaker(new Label({}, this))
    , m_problem(new Label({}, this))
{
    setObjectName(u"session-header"_s);
    m_name->setObjectName(u"session-name"_s);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.4);
    large.setWeight(QFont::DemiBold);
    m_name->setFont(large);
    m_state->setObjectName(u"session-state"_s);
    m_state->setScale(1.1, QFont::DemiBold);
    m_line->setObjectName(u"session-about"_s);
    m_drain->setObjectName(u"session-draining"_s);
    m_drainBar->setObjectName(u"session-drain-limit"_s);
    m_drainBar->setAccessibleName(tr("Time spent of the drain limit"));
    m_drainBar->setTextVisible(false);
    m_drainBar->setFixedHeight(theme::space4);
    for (Label *label : {m_breaker, m_problem}) {
        label->setToken(theme::Token::Warning);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    m_breaker->setObjectName(u"session-breaker"_s);
    m_problem->setObjectName(u"session-problem"_s);

    // It takes the width there is, and arranges itself in it.
    m_strip->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(theme::space16);
    m_grid->setVerticalSpacing(theme::space8);
    fact("rate", tr("Rate"), tr("Records finished a second, lately"));
    fact("lag", tr("Lag"), tr("Log end − committed, over the partitions it owns"));
    fact("p50", tr("p50"), tr("Half of the records took the handler less, over the last minute"));
    fact("p99", tr("p99"), tr("99 % of the records took the handler less, over the last minute"));
    fact("processed", tr("Processed"), {});
    fact("retried", tr("Retried"), tr("Attempts that failed and were made again"));
    fact("dead-lettered", tr("Dead letters"), tr("Sent to a dead-letter topic and acknowledged"));
    fact("skipped", tr("Skipped"), tr("As duplicates, as poison, or by hand"));
    fact("commits", tr("Commits"), tr("Acknowledged of those requested"));
    fact("rebalances", tr("Rebalances"), {});

    auto *title = new QHBoxLayout;
    title->setSpacing(theme::space16);
    title->addWidget(m_name, 1);
    title->addWidget(m_state);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(theme::space8);
    for (QAction *action : actions)
        buttons->addWidget(new ActionButton(action, this));
    m_top->setSpacing(theme::space8);
    m_top->addLayout(title, 1);
    m_top->addLayout(buttons);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space16, theme::space12, theme::space16, theme::space8);
    column->setSpacing(theme::space8);
    column->addLayout(m_top);
    column->addWidget(m_line);
    column->addWidget(m_strip);
    column->addWidget(m_drain);
    column->addWidget(m_drainBar);
    column->addWidget(m_breaker);
    column->addWidget(m_problem);
}

SessionsHeader::Fact &SessionsHeader::fact(const char *name, const QString &caption,
                                           const QString &help)
{
    Fact fact;
    fact.caption = caption;
    fact.cell = new QWidget(m_strip);
    fact.value = new Label(unknownText(), fact.cell);
    fact.value->setObjectName(u"session-fact-"_s + QLatin1StringView(name));
    fact.value->setFont(theme::numbers());
    fact.value->setScale(1.15, QFont::DemiBold);
    auto *title = new Label(caption, fact.cell);
    title->setToken(theme::Token::MutedText);
    title->setScale(0.9);
    auto *column = new QVBoxLayout(fact.cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(fact.value);
    column->addWidget(title);
    fact.cell->setToolTip(ui::toolTip(help));
    m_facts.push_back(fact);
    return m_facts.back();
}

void SessionsHeader::say(Fact &fact, const QString &text, bool isBad)
{
    fact.value->setPlainText(text);
    fact.value->setToken(isBad ? theme::Token::Warning : theme::Token::Text);
    fact.value->setAccessibleName(fact.caption + u' ' + text);
}

/// As many columns as there is room for.
void SessionsHeader::arrange()
{
    const int cell = fontMetrics().averageCharWidth() * 14 + theme::space16;
    const int room = std::max(1, width() / cell);
    const int all = static_cast<int>(m_facts.size());
    const int columns = room >= all ? all : std::clamp(room, 2, (all + 1) / 2);
    if (columns == m_columns)
        return;
    m_columns = columns;
    for (const Fact &fact : m_facts)
        m_grid->removeWidget(fact.cell);
    for (int i = 0; i < all; ++i)
        m_grid->addWidget(m_facts[static_cast<std::size_t>(i)].cell, i / columns, i % columns);
    for (int i = 0; i < all; ++i)
        m_grid->setColumnStretch(i, i < columns ? 1 : 0);
}

void SessionsHeader::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool narrow = width() < fontMetrics().averageCharWidth() * narrowBelow;
    m_top->setDirection(narrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    arrange();
}

void SessionsHeader::show(const SessionEntry &entry, TimeZone zone, MonoTime now)
{
    m_name->setText(foreign(entry.request.options.group.value()));
    m_state->setPlainText(sessionStateText(entry));
    m_state->setToken(sessionStateToken(entry));
    m_state->setToolTip(ui::toolTip(sessionStateHelp(entry)));
    m_line->setText(aboutLine(entry));
    showFacts(entry);
    showDrain(entry, now);
    showTrouble(entry, zone, now);
}

void SessionsHeader::showFacts(const SessionEntry &entry)
{
    const auto &snapshot = entry.snapshot;
    if (!snapshot) {
        for (Fact &fact : m_facts)
            say(fact, unknownText());
        return;
    }
    const consumer::Counters &counters = snapshot->counters;
    say(m_facts[Rate],
        rateText(entry.ended ? std::nullopt : std::optional(snapshot->recordsPerSecond)));
    say(m_facts[Lag], number(entry.ended ? std::nullopt : lagOf(*snapshot)));
    say(m_facts[P50], millisText(snapshot->latency.p50));
    say(m_facts[P99], millisText(snapshot->latency.p99));
    say(m_facts[Processed], count(counters.processed));
    say(m_facts[Retried], count(counters.retried));
    say(m_facts[DeadLettered], count(counters.deadLettered), counters.deadLettered > 0);
    say(m_facts[Skipped], count(counters.skipped));
    QString commits =
        tr("%1 of %2").arg(count(counters.commitsAcknowledged), count(counters.commitsRequested));
    if (counters.commitsFailed > 0)
        commits += tr(", %1 failed").arg(count(counters.commitsFailed));
    say(m_facts[Commits], commits, counters.commitsFailed > 0);
    say(m_facts[Rebalances], count(counters.rebalances));
}

void SessionsHeader::showDrain(const SessionEntry &entry, MonoTime now)
{
    const bool draining = !entry.ended && entry.stopAskedAt;
    m_drain->setVisible(draining);
    m_drainBar->setVisible(draining);
    if (!draining)
        return;
    std::size_t left = 0;
    if (entry.snapshot) {
        for (const auto &lane : entry.snapshot->lanes)
            left += lane.buffered;
    }
    const Millis limit = entry.request.options.drain;
    const auto spent = std::chrono::duration_cast<Millis>(now - *entry.stopAskedAt);
    m_drain->setPlainText(
        spent < limit ? tr("Draining: %1 records in hand; what is not done in %2 is given back.")
                            .arg(count(left), spanText(limit - spent))
                      : tr("Committing and leaving the group."));
    m_drainBar->setRange(0, static_cast<int>(std::max<Millis::rep>(1, limit.count())));
    m_drainBar->setValue(static_cast<int>(std::min(spent, limit).count()));
}

void SessionsHeader::showTrouble(const SessionEntry &entry, TimeZone zone, MonoTime now)
{
    QString breaker;
    if (entry.snapshot && entry.snapshot->breaker.open && !entry.ended) {
        const consumer::BreakerSnapshot &open = entry.snapshot->breaker;
        QStringList parts{tr("▲ Held back: %1").arg(foreign(open.reason))};
        parts << (open.nextProbe && *open.nextProbe > now
                      ? tr("tried again in %1").arg(spanText(*open.nextProbe - now))
                      : tr("being tried again now"));
        if (open.since)
            parts << tr("for %1 so far").arg(spanText(now - *open.since));
        breaker = parts.join(u" · "_s);
    }
    m_breaker->setPlainText(breaker);
    m_breaker->setVisible(!breaker.isEmpty());

    QString problem;
    if (entry.failure)
        problem = u"✕ "_s + errorText(*entry.failure);
    else if (entry.snapshot && entry.snapshot->problem)
        problem = u"⚠ "_s + errorText(*entry.snapshot->problem);
    m_problem->setPlainText(problem);
    const auto &newest = entry.diary.newestProblem();
    m_problem->setToolTip(newest ? ui::toolTip(absolute(newest->time, zone)) : QString());
    m_problem->setVisible(!problem.isEmpty());
}

} // namespace redrive::ui
