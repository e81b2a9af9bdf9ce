#include "ui/shell/sessionsclosing.h"

#include "ui/format/format.h"
#include "ui/models/sessionwords.h"
#include "ui/shell/label.h"

#include <QDialogButtonBox>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr int refreshMillis = 100;
/// What a killed session may take before the process leaves without it.
constexpr Millis killPatience{1000};

} // namespace

SessionsClosing::SessionsClosing(std::vector<ConsumerSessions *> clusters, QWidget *parent)
    : QDialog(parent)
    , m_clusters(clusters.begin(), clusters.end())
    , m_begun(monoNow())
    , m_words(new Label({}, this))
    , m_rest(new Label({}, this))
    , m_bar(new QProgressBar(this))
{
    setObjectName(u"sessions-closing"_s);
    setWindowTitle(tr("Stopping sessions"));
    setAccessibleName(windowTitle());
    m_words->setObjectName(u"sessions-closing-words"_s);
    m_words->setWordWrap(true);
    m_rest->setObjectName(u"sessions-closing-rest"_s);
    m_rest->setToken(theme::Token::MutedText);
    m_rest->setWordWrap(true);
    m_bar->setObjectName(u"sessions-closing-limit"_s);
    m_bar->setAccessibleName(tr("Time spent of the limit"));
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(theme::space4);
    auto *buttons = new QDialogButtonBox(this);
    QPushButton *const kill =
        buttons->addButton(tr("Kill and close"), QDialogButtonBox::RejectRole);
    kill->setObjectName(u"sessions-closing-kill"_s);
    kill->setToolTip(tr("End them as a crash would: what is not committed is delivered again"));
    connect(buttons, &QDialogButtonBox::rejected, this, &SessionsClosing::killNow);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(theme::space16, theme::space16, theme::space16, theme::space12);
    column->setSpacing(theme::space12);
    column->addWidget(m_words);
    column->addWidget(m_bar);
    column->addWidget(m_rest);
    column->addWidget(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);

    for (const auto &cluster : m_clusters) {
        for (const SessionEntry *entry : cluster->entries()) {
            if (entry->isAlive())
                m_limit = std::max(m_limit, entry->request.options.drain);
        }
        cluster->stopAll("window closed");
        connect(cluster, &ConsumerSessions::changed, this, &SessionsClosing::refresh);
    }
    m_limit += ConsumerSessions::endPatience;
    m_timer.setInterval(refreshMillis);
    connect(&m_timer, &QTimer::timeout, this, &SessionsClosing::refresh);
    m_timer.start();
    refresh();
}

std::size_t SessionsClosing::alive() const
{
    std::size_t count = 0;
    for (const auto &cluster : m_clusters)
        count += cluster ? cluster->alive() : 0;
    return count;
}

void SessionsClosing::killNow()
{
    if (std::exchange(m_killed, true))
        return;
    for (const auto &cluster : m_clusters) {
        if (cluster)
            cluster->killAll();
    }
    m_begun = monoNow();
    m_limit = killPatience;
    refresh();
}

void SessionsClosing::refresh()
{
    const std::size_t left = alive();
    const auto spent = std::chrono::duration_cast<Millis>(monoNow() - m_begun);
    const bool over = spent >= m_limit;
    if (left == 0 || (over && m_killed)) {
        m_timer.stop();
        if (!std::exchange(m_told, true))
            emit allEnded();
        return;
    }
    if (over) {
        killNow();
        return;
    }
    m_words->setPlainText(left == 1
                              ? tr("1 session finishes what it has, commits and leaves its group.")
                              : tr("%1 sessions finish what they have, commit and leave their "
                                   "groups.")
                                    .arg(left));
    m_rest->setPlainText(m_killed ? tr("Killed.")
                                  : tr("Killed if not done in %1.").arg(spanText(m_limit - spent)));
    m_bar->setRange(0, static_cast<int>(m_limit.count()));
    m_bar->setValue(static_cast<int>(spent.count()));
}

} // namespace redrive::ui
