#include "ui/shell/statusline.h"

#include "ui/dialogs/resetjobsbutton.h"
#include "ui/format/format.h"
#include "ui/shell/connectiontext.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int patienceMillis = 400;

} // namespace

StatusLine::StatusLine(Actions &actions, QWidget *parent)
    : QWidget(parent)
    , m_live(new Label({}, this))
    , m_reason(new Label({}, this))
    , m_step(new Label({}, this))
    , m_progress(new QProgressBar(this))
    , m_jobs(new ResetJobsButton(this))
    , m_problems(new QToolButton(this))
{
    setObjectName(u"status-line"_s);
    m_live->setObjectName(u"status-live"_s);
    m_reason->setObjectName(u"status-reason"_s);
    m_reason->setElided(true);
    m_reason->setToken(theme::Token::MutedText);
    m_step->setObjectName(u"status-step"_s);
    m_step->setToken(theme::Token::MutedText);
    m_progress->setObjectName(u"status-progress"_s);
    m_progress->setAccessibleName(tr("Progress of the refresh"));
    m_progress->setTextVisible(false);
    m_progress->setFixedSize(fontMetrics().averageCharWidth() * 14, 4);
    m_problems->setObjectName(u"problems-button"_s);
    m_problems->setAutoRaise(true);
    m_problems->setCheckable(true);
    m_problems->setFocusPolicy(Qt::StrongFocus);
    m_problems->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_problems->setToolTip(actions.problems->toolTip());
    connect(m_problems, &QToolButton::clicked, actions.problems, &QAction::trigger);
    connect(actions.problems, &QAction::toggled, m_problems, &QToolButton::setChecked);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(theme::space16, theme::space4, theme::space8, theme::space4);
    row->setSpacing(theme::space12);
    row->addWidget(m_live);
    row->addWidget(m_reason, 1);
    row->addWidget(m_step);
    row->addWidget(m_progress);
    row->addWidget(m_jobs);
    row->addWidget(m_problems);

    m_patience.setSingleShot(true);
    m_patience.setInterval(patienceMillis);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        m_progress->show();
        m_step->show();
    });
    show(nullptr, TimeZone::Utc, {});
}

void StatusLine::show(const ClusterView *cluster, TimeZone zone, WallTime now)
{
    if (!cluster) {
        m_live->setPlainText(tr("○ no cluster is open"));
        m_live->setToken(theme::Token::Neutral);
        m_reason->setPlainText({});
        showProgress({});
        m_problems->hide();
        return;
    }
    const auto &snapshot = *cluster->snapshot();
    const StateWord line = liveLine(snapshot, zone, now);
    m_live->setPlainText(line.text);
    m_live->setToken(line.token);
    m_reason->setPlainText(snapshot.connection != workspace::Connection::Live &&
                                   snapshot.connectionError
                               ? errorText(*snapshot.connectionError)
                               : QString());
    showProgress(snapshot);
    showProblems(snapshot);
}

void StatusLine::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        tintProblems();
}

void StatusLine::tintProblems()
{
    QPalette tinted;
    tinted.setColor(QPalette::ButtonText,
                    theme::color(m_anyProblem ? theme::Token::Warning : theme::Token::MutedText));
    m_problems->setPalette(tinted);
}

void StatusLine::showProgress(const workspace::ClusterSnapshot &snapshot)
{
    if (snapshot.progressTotal == 0) {
        m_patience.stop();
        m_progress->hide();
        m_step->hide();
        return;
    }
    m_progress->setRange(0, static_cast<int>(snapshot.progressTotal));
    m_progress->setValue(static_cast<int>(snapshot.progressDone));
    m_step->setPlainText(tr("reading %1 of %2")
                             .arg(number(static_cast<std::int64_t>(snapshot.progressDone)),
                                  number(static_cast<std::int64_t>(snapshot.progressTotal))));
    if (m_progress->isHidden() && !m_patience.isActive())
        m_patience.start();
}

void StatusLine::showProblems(const workspace::ClusterSnapshot &snapshot)
{
    const auto current = std::ranges::count_if(snapshot.problems,
                                               [](const auto &problem) { return problem.current; });
    QString text = tr("✓ No problems");
    if (current == 1)
        text = tr("⚠ 1 problem");
    else if (current > 1)
        text = tr("⚠ %1 problems").arg(number(static_cast<std::int64_t>(current)));
    else if (!snapshot.problems.empty())
        text = tr("✓ No problems now");
    if (text != m_problems->text()) {
        m_problems->setText(text);
        m_problems->setAccessibleName(text);
        m_anyProblem = current > 0;
        tintProblems();
    }
    m_problems->show();
}

} // namespace redrive::ui
