#include "ui/dialogs/connectiontestview.h"

#include "ui/format/format.h"

#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

using State = kafka::ConnectionStep::State;

QString word(State state)
{
    switch (state) {
    case State::Running: return ConnectionTestView::tr("◐ trying");
    case State::Passed: return ConnectionTestView::tr("● passed");
    case State::Failed: return ConnectionTestView::tr("✕ failed");
    case State::Skipped: return ConnectionTestView::tr("○ skipped");
    }
    return {};
}

theme::Token token(State state)
{
    switch (state) {
    case State::Running: return theme::Token::Warning;
    case State::Passed: return theme::Token::Good;
    case State::Failed: return theme::Token::Bad;
    case State::Skipped: break;
    }
    return theme::Token::Neutral;
}

QString result(const kafka::ConnectionStep &step)
{
    return step.error ? errorText(*step.error) : foreign(step.detail);
}

} // namespace

ConnectionTestView::ConnectionTestView(ConnectionTester &tester, QWidget *parent)
    : QWidget(parent)
    , m_tester(tester)
    , m_steps(new QTreeWidget(this))
    , m_verdict(new Label({}, this))
{
    setObjectName(u"connection-test"_s);
    m_steps->setObjectName(u"connection-steps"_s);
    m_steps->setAccessibleName(tr("Steps of the connection test"));
    m_steps->setHeaderLabels({tr("Step"), tr("State"), tr("Result")});
    m_steps->setRootIsDecorated(false);
    m_steps->setUniformRowHeights(true);
    m_steps->setFrameShape(QFrame::NoFrame);
    m_steps->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_steps->header()->setStretchLastSection(true);
    const int letter = fontMetrics().averageCharWidth();
    m_steps->setColumnWidth(0, letter * 34);
    m_steps->setColumnWidth(1, letter * 12);
    m_verdict->setObjectName(u"connection-verdict"_s);
    m_verdict->setWordWrap(true);
    m_verdict->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(theme::space8);
    column->addWidget(m_verdict);
    column->addWidget(m_steps);
    connect(&m_tester, &ConnectionTester::stepsChanged, this, &ConnectionTestView::showSteps);
    connect(&m_tester, &ConnectionTester::finished, this, &ConnectionTestView::showVerdict);
    hide();
}

void ConnectionTestView::showSteps()
{
    const auto &steps = m_tester.steps();
    while (m_steps->topLevelItemCount() > static_cast<int>(steps.size()))
        delete m_steps->takeTopLevelItem(m_steps->topLevelItemCount() - 1);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        QTreeWidgetItem *row = m_steps->topLevelItem(static_cast<int>(i));
        if (!row)
            row = new QTreeWidgetItem(m_steps);
        row->setText(0, foreign(steps[i].title));
        row->setText(1, word(steps[i].state));
        row->setForeground(1, theme::color(token(steps[i].state)));
        row->setText(2, result(steps[i]));
        QString help = result(steps[i]);
        if (!steps[i].advice.empty())
            help += u'\n' + foreign(steps[i].advice);
        row->setToolTip(2, ui::toolTip(help));
        row->setSizeHint(0, {0, theme::rowHeight()});
    }
    const int rows = std::clamp(m_steps->topLevelItemCount(), 3, 12);
    m_steps->setFixedHeight((rows + 1) * theme::rowHeight() + theme::space8);
    if (m_tester.isRunning()) {
        m_verdict->setToken(theme::Token::Text);
        m_verdict->setPlainText(tr("◐ Testing the connection…"));
    }
    show();
}

void ConnectionTestView::showVerdict()
{
    const auto &steps = m_tester.steps();
    const auto failed =
        std::ranges::find_if(steps, [](const auto &step) { return step.state == State::Failed; });
    QStringList lines;
    if (m_tester.cluster()) {
        const auto brokers = static_cast<qlonglong>(m_tester.cluster()->brokers.size());
        lines << (failed == steps.end() ? tr("● It works: cluster %1, brokers: %2.")
                                        : tr("◐ It works in part: cluster %1, brokers: %2."))
                     .arg(foreign(m_tester.cluster()->clusterId))
                     .arg(brokers);
    }
    if (failed != steps.end()) {
        lines << tr("✕ %1: %2").arg(foreign(failed->title), result(*failed));
        if (!failed->advice.empty())
            lines << tr("What helps: %1").arg(foreign(failed->advice));
    }
    if (lines.isEmpty())
        lines << tr("○ The test was ended before it had an answer.");
    m_verdict->setToken(failed != steps.end() ? theme::Token::Bad
                        : m_tester.cluster()  ? theme::Token::Good
                                              : theme::Token::Neutral);
    m_verdict->setPlainText(lines.join(u'\n'));
}

} // namespace redrive::ui
