#include "ui/shell/mainwindow.h"

#include "ui/dialogs/resetdesk.h"
#include "ui/pages/connectpage.h"
#include "ui/pages/groupspage.h"
#include "ui/pages/journalpage.h"
#include "ui/pages/overviewpage.h"
#include "ui/pages/sessionspage.h"
#include "ui/pages/settingspage.h"
#include "ui/pages/topicspage.h"
#include "ui/shell/banner.h"
#include "ui/shell/navigation.h"
#include "ui/shell/problemspanel.h"
#include "ui/shell/sessionsclosing.h"
#include "ui/shell/statusline.h"
#include "ui/shell/topbar.h"
#include "ui/theme/tokens.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QCloseEvent>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

QString overviewTitle()
{
    return u"Overview"_s;
}

QString connectTitle()
{
    return u"Connect"_s;
}

QString settingsTitle()
{
    return u"Settings"_s;
}

constexpr int narrowBelow = 860;

// Where Space and "/" are meant for the widget itself.
bool takesPlainKeys(const QWidget *widget)
{
    return qobject_cast<const QAbstractButton *>(widget) ||
           qobject_cast<const QComboBox *>(widget) || qobject_cast<const QLineEdit *>(widget) ||
           qobject_cast<const QAbstractSpinBox *>(widget) ||
           qobject_cast<const QPlainTextEdit *>(widget) || qobject_cast<const QTextEdit *>(widget);
}

} // namespace

QStringList MainWindow::clusterPages()
{
    return {overviewTitle(), u"Groups"_s, u"Topics"_s, u"Sessions"_s, u"Journal"_s};
}

MainWindow::MainWindow(Settings &settings, Connector &connector, workspace::ProfileStore &profiles)
    : m_settings(settings)
    , m_connector(connector)
    , m_profiles(profiles)
    , m_actions(new Actions(clusterPages(), this))
    , m_desk(new ResetDesk(settings, this))
{
    setObjectName(u"main-window"_s);
    setWindowTitle(tr("Redrive"));
    setAccessibleName(tr("Redrive"));
    buildFrame();
    connectActions();
    connectCluster();
    connectJobs();
    if (!restoreGeometry(m_settings.state(objectName())))
        resize(1240, 780);
    showCluster();
}

MainWindow::~MainWindow() = default;

void MainWindow::buildFrame()
{
    auto *frame = new QWidget(this);
    auto *column = new QVBoxLayout(frame);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);

    m_band = new Banner(theme::Token::Production, theme::Token::Production, frame);
    m_band->setObjectName(u"production-band"_s);
    m_band->setAlignment(Qt::AlignCenter);
    m_warning = new Banner(theme::Token::Glow, theme::Token::Text, frame);
    m_warning->setObjectName(u"security-warning"_s);
    m_warning->setWordWrap(true);
    m_top = new TopBar(*m_actions, frame);
    m_navigation = new Navigation(clusterPages(), frame);
    m_split = new QSplitter(Qt::Vertical, frame);
    m_split->setObjectName(u"page-split"_s);
    m_split->setChildrenCollapsible(false);
    m_stack = new QStackedWidget(m_split);
    m_stack->setObjectName(u"pages"_s);
    m_problems = new ProblemsPanel(m_split);
    for (QWidget *ground : {static_cast<QWidget *>(m_stack), static_cast<QWidget *>(m_problems)}) {
        ground->setBackgroundRole(QPalette::Base);
        ground->setAutoFillBackground(true);
    }
    m_split->addWidget(m_stack);
    m_split->addWidget(m_problems);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 1);
    m_problems->hide();
    m_status = new StatusLine(*m_actions, frame);

    auto *middle = new QHBoxLayout;
    middle->setSpacing(0);
    middle->addWidget(m_navigation);
    m_navigationLine = separator(Qt::Vertical, frame);
    middle->addWidget(m_navigationLine);
    middle->addWidget(m_split, 1);
    column->addWidget(m_band);
    column->addWidget(m_top);
    column->addWidget(separator(Qt::Horizontal, frame));
    column->addWidget(m_warning);
    column->addLayout(middle, 1);
    column->addWidget(separator(Qt::Horizontal, frame));
    column->addWidget(m_status);
    setCentralWidget(frame);
    setMinimumSize(520, 380);

    m_clusterMenu = new QMenu(this);
    m_clusterMenu->setObjectName(u"cluster-menu"_s);
    m_top->clusters()->setMenu(m_clusterMenu);
    m_palette = new CommandPalette(this);
    setTabOrder(m_top, m_navigation);
    setTabOrder(m_navigation, m_stack);
    setTabOrder(m_stack, m_status);
    qApp->installEventFilter(this);
}

Page *MainWindow::currentPage() const
{
    return m_pages.value(m_current);
}

Page *MainWindow::makePage(const QString &title)
{
    if (title == overviewTitle())
        return new OverviewPage(m_settings);
    if (title == "Groups"_L1)
        return new GroupsPage(m_settings);
    if (title == "Topics"_L1)
        return new TopicsPage(m_settings);
    if (title == "Sessions"_L1)
        return new SessionsPage(m_settings);
    if (title == "Journal"_L1)
        return new JournalPage(m_settings);
    if (title == settingsTitle())
        return new SettingsPage(m_settings);
    return new ConnectPage(m_connector, m_profiles);
}

Page *MainWindow::page(const QString &title)
{
    if (Page *known = m_pages.value(title))
        return known;
    Page *made = makePage(title);
    m_pages.insert(title, made);
    m_stack->addWidget(made);
    OpenCluster *const cluster = m_clusters.shown();
    made->setCluster(cluster ? cluster->view.get() : nullptr);
    connect(made, &Page::placeChanged, this, [this, made, title] {
        if (title != m_current)
            return;
        const Place place{title, made->place()};
        if (OpenCluster *shown = m_clusters.shown()) {
            shown->at = place;
            shown->within[title] = place.within;
            shown->history.visit(place);
        } else {
            m_history.visit(place);
        }
        showFrame();
    });
    connect(made, &Page::openRequested, this, [this](const QString &where, const QString &within) {
        if (where.isEmpty())
            m_actions->problems->setChecked(true);
        else
            showPlace(where, within);
    });
    connect(made, &Page::joinRequested, this, [this](const QString &group) {
        showPage(u"Sessions"_s);
        static_cast<SessionsPage *>(page(u"Sessions"_s))->join(group);
    });
    connect(made, &Page::offsetsRequested, this, &MainWindow::openPlan);
    if (auto *connecting = qobject_cast<ConnectPage *>(made)) {
        connect(connecting, &ConnectPage::connectRequested, this, &MainWindow::openProfile);
    }
    return made;
}

ConnectPage *MainWindow::connectPage()
{
    return static_cast<ConnectPage *>(page(connectTitle()));
}

void MainWindow::bringUp(const Place &place, bool remember)
{
    Page *const next = page(place.page);
    if (m_current != place.page) {
        if (Page *before = currentPage())
            before->setShown(false);
        m_current = place.page;
        m_stack->setCurrentWidget(next);
        next->setShown(true);
    }
    if (next->place() != place.within)
        next->goTo(place.within);
    OpenCluster *const cluster = m_clusters.shown();
    if (cluster) {
        cluster->at = place;
        cluster->within[place.page] = place.within;
    }
    if (remember)
        (cluster ? cluster->history : m_history).visit(place);
    m_navigation->mark(place.page);
    showFrame();
}

void MainWindow::showPage(const QString &title)
{
    const OpenCluster *cluster = m_clusters.shown();
    const QString within = cluster ? cluster->within.value(title) : QString();
    bringUp({title, within}, true);
    settleFocus();
}

void MainWindow::showPlace(const QString &title, const QString &within)
{
    bringUp({title, within}, true);
    settleFocus();
}

void MainWindow::settleFocus()
{
    // The keyboard follows to the new page, unless it is going through the list of pages.
    if (focusWidget() && focusWidget()->isVisible() && focusWidget() == m_navigation)
        return;
    Page *const shown = currentPage();
    if (!shown || shown->isAncestorOf(focusWidget()))
        return;
    for (QWidget *next = shown->nextInFocusChain(); next != shown;
         next = next->nextInFocusChain()) {
        if (!shown->isAncestorOf(next))
            break;
        if ((next->focusPolicy() & Qt::TabFocus) && next->isEnabled() && next->isVisible()) {
            next->setFocus(Qt::OtherFocusReason);
            return;
        }
    }
}

void MainWindow::showFrame()
{
    const OpenCluster *cluster = m_clusters.shown();
    const History &history = cluster ? cluster->history : m_history;
    Actions::setUsable(m_actions->back, history.canGoBack(), tr("There is nowhere to go back to."));
    Actions::setUsable(m_actions->forward, history.canGoForward(),
                       tr("There is nowhere to go forward to."));
    for (QAction *action :
         {m_actions->refresh, m_actions->pause, m_actions->problems, m_actions->closeCluster})
        Actions::setUsable(action, cluster != nullptr, tr("No cluster is open."));
    if (!cluster) {
        setWindowTitle(tr("Redrive"));
        return;
    }
    const Page *const shown = currentPage();
    setWindowTitle(
        tr("%1 – %2 – Redrive").arg(cluster->view->name(), shown ? shown->title() : u""_s));
}

void MainWindow::openPalette()
{
    m_palette->open(paletteEntries());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_closing && !m_mayLeave) { // asked again
        m_closing->killNow();
        event->ignore();
        return;
    }
    if (asksForWaiting(views(), [this] {
            m_waitingMayEnd = true;
            close();
        })) {
        event->ignore();
        return;
    }
    std::vector<ConsumerSessions *> running;
    for (int i = 0; i < m_clusters.count(); ++i) {
        ConsumerSessions &sessions = m_clusters.at(i).view->sessions();
        if (sessions.alive() > 0)
            running.push_back(&sessions);
    }
    save();
    if (!running.empty() && !m_mayLeave) {
        event->ignore();
        m_closing = new SessionsClosing(running, this);
        connect(m_closing, &SessionsClosing::allEnded, this, [this] {
            m_mayLeave = true;
            close();
        });
        m_closing->open();
        return;
    }
    event->accept();
    QApplication::quit();
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_navigation->setNarrow(width() < narrowBelow);
}

void MainWindow::changeEvent(QEvent *event)
{
    QMainWindow::changeEvent(event);
    if (event->type() == QEvent::ThemeChange && m_settings.scheme() == theme::Scheme::System)
        theme::apply(theme::Scheme::System);
}

bool MainWindow::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool plain = !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
        if (plain && (key->key() == Qt::Key_Space || key->key() == Qt::Key_Slash) &&
            takesPlainKeys(qobject_cast<QWidget *>(watched))) {
            event->accept();
            return false;
        }
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::save()
{
    m_settings.setState(objectName(), saveGeometry());
    m_settings.setState(m_split->objectName(), m_split->saveState());
    m_settings.setLastProfiles(m_clusters.profiles());
    if (clusterPages().contains(m_current))
        m_settings.setLastPage(m_current);
}

} // namespace redrive::ui
