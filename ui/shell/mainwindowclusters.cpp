// The part of the window that deals with clusters: opening, switching, what the frame says of them.
#include "ui/pages/connectpage.h"
#include "ui/shell/connectiontext.h"
#include "ui/shell/mainwindow.h"
#include "ui/shell/navigation.h"
#include "ui/shell/problemspanel.h"
#include "ui/shell/statusline.h"
#include "ui/shell/topbar.h"
#include "ui/widgets/copying.h"

#include <QShortcut>
#include <QSignalBlocker>
#include <QSplitter>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

// In menus an ampersand would become a mnemonic.
QString menuText(QString text)
{
    return text.replace(u'&', u"&&"_s);
}

} // namespace

void MainWindow::connectActions()
{
    Actions &a = *m_actions;
    const QStringList titles = clusterPages();
    for (std::size_t i = 0; i < a.pages.size(); ++i) {
        const QString title = titles.at(static_cast<qsizetype>(i));
        connect(a.pages[i], &QAction::triggered, this, [this, title] { showPage(title); });
    }
    connect(m_navigation, &Navigation::pageChosen, this, [this](const QString &title) {
        if (title != m_current)
            showPage(title);
    });
    const auto go = [this](bool forth) {
        OpenCluster *cluster = m_clusters.shown();
        History &history = cluster ? cluster->history : m_history;
        if (forth ? history.canGoForward() : history.canGoBack())
            bringUp(forth ? history.forward() : history.back(), false);
        settleFocus();
    };
    connect(a.back, &QAction::triggered, this, [go] { go(false); });
    connect(a.forward, &QAction::triggered, this, [go] { go(true); });
    connect(a.palette, &QAction::triggered, this, &MainWindow::openPalette);
    connect(a.filter, &QAction::triggered, this, [this] {
        if (Page *shown = currentPage())
            shown->focusFilter();
    });
    connect(a.refresh, &QAction::triggered, this, [this] {
        if (OpenCluster *cluster = m_clusters.shown())
            cluster->view->refreshNow();
    });
    connect(a.pause, &QAction::triggered, this, &MainWindow::togglePause);
    connect(a.problems, &QAction::toggled, this, &MainWindow::showProblems);
    connect(m_problems, &ProblemsPanel::closeRequested, this,
            [this] { m_actions->problems->setChecked(false); });
    connect(a.connect, &QAction::triggered, this, [this] { showPage(u"Connect"_s); });
    connect(a.import, &QAction::triggered, this, [this] {
        showPage(u"Connect"_s);
        connectPage()->chooseImport();
    });
    connect(a.closeCluster, &QAction::triggered, this, &MainWindow::closeShownCluster);
    a.localTime->setChecked(m_settings.timeZone() == TimeZone::Local);
    connect(a.localTime, &QAction::toggled, this, [this](bool local) {
        m_settings.setTimeZone(local ? TimeZone::Local : TimeZone::Utc);
    });
    connect(&m_settings, &Settings::timeZoneChanged, this, [this] {
        m_actions->localTime->setChecked(m_settings.timeZone() == TimeZone::Local);
        m_top->setLocalTime(m_settings.timeZone() == TimeZone::Local);
        showSnapshot();
    });
    m_top->setLocalTime(m_settings.timeZone() == TimeZone::Local);
    const auto markScheme = [this] {
        const auto scheme = m_settings.scheme();
        m_actions->schemeSystem->setChecked(scheme == theme::Scheme::System);
        m_actions->schemeLight->setChecked(scheme == theme::Scheme::Light);
        m_actions->schemeDark->setChecked(scheme == theme::Scheme::Dark);
    };
    markScheme();
    connect(&m_settings, &Settings::schemeChanged, this, [this, markScheme] {
        theme::apply(m_settings.scheme());
        markScheme();
    });
    connect(a.schemeSystem, &QAction::triggered, this,
            [this] { m_settings.setScheme(theme::Scheme::System); });
    connect(a.schemeLight, &QAction::triggered, this,
            [this] { m_settings.setScheme(theme::Scheme::Light); });
    connect(a.schemeDark, &QAction::triggered, this,
            [this] { m_settings.setScheme(theme::Scheme::Dark); });
    connect(a.toggleScheme, &QAction::triggered, this, [this] {
        m_settings.setScheme(theme::isDark() ? theme::Scheme::Light : theme::Scheme::Dark);
    });
    connect(a.settings, &QAction::triggered, this, [this] { showPage(u"Settings"_s); });
    connect(a.about, &QAction::triggered, this, [this] { showPlace(u"Settings"_s, u"about"_s); });
    connect(a.quit, &QAction::triggered, this, &QWidget::close);
    auto *menuKey = new QShortcut(QKeySequence(Qt::Key_F10), this);
    connect(menuKey, &QShortcut::activated, this, [this] { m_top->menuButton()->showMenu(); });
}

void MainWindow::connectCluster()
{
    connect(&m_clusters, &Clusters::aboutToChange, this, &MainWindow::rememberPlaces);
    connect(&m_clusters, &Clusters::currentChanged, this, &MainWindow::showCluster);
    connect(&m_clusters, &Clusters::snapshotChanged, this, [this](const ClusterView *view) {
        const OpenCluster *cluster = m_clusters.shown();
        if (cluster && cluster->view.get() == view)
            showSnapshot();
    });
    connect(&m_settings, &Settings::refreshSecondsChanged, this, [this] {
        for (int i = 0; i < m_clusters.count(); ++i)
            m_clusters.at(i).view->setInterval(Millis(m_settings.refreshSeconds() * 1000));
    });
    connect(m_clusterMenu, &QMenu::aboutToShow, this, &MainWindow::fillClusterMenu);
}

void MainWindow::start(const std::vector<workspace::Profile> &asked)
{
    const auto stored = m_profiles.load().profiles;
    const auto isStored = [&stored](const workspace::Profile &profile) {
        return std::ranges::find(stored, profile) != stored.end();
    };
    std::vector<std::pair<workspace::Profile, bool>> wanted;
    for (const auto &profile : asked)
        wanted.emplace_back(profile, isStored(profile));
    if (asked.empty()) {
        const QStringList last = m_settings.lastProfiles();
        for (const auto &profile : stored) {
            if (last.contains(QString::fromStdString(profile.name)))
                wanted.emplace_back(profile, true);
        }
    }
    if (wanted.empty()) {
        showPage(u"Connect"_s);
        return;
    }
    bool first = true;
    for (const auto &[profile, saved] : wanted)
        open(profile, saved, std::exchange(first, false));
}

void MainWindow::openProfile(const workspace::Profile &profile, bool saved)
{
    if (saved) {
        const int known = m_clusters.indexOfProfile(QString::fromStdString(profile.name));
        if (known >= 0) {
            m_clusters.setCurrent(known);
            if (!clusterPages().contains(m_current))
                showPage(u"Overview"_s);
            return;
        }
    }
    open(profile, saved, true);
}

void MainWindow::open(const workspace::Profile &profile, bool saved, bool show)
{
    m_connector.open(profile, Millis(m_settings.refreshSeconds() * 1000),
                     [this, profile, saved, show](Result<std::unique_ptr<ClusterView>> result) {
                         opened(profile, saved, show, std::move(result));
                     });
}

void MainWindow::opened(const workspace::Profile &profile, bool saved, bool show,
                        Result<std::unique_ptr<ClusterView>> result)
{
    if (!result) {
        showPage(u"Connect"_s);
        connectPage()->showFailure(profile, saved, result.error());
        return;
    }
    result.value()->setReach(reachOptions(profile, saved));
    addCluster(std::move(result).value(), saved ? QString::fromStdString(profile.name) : QString(),
               show);
}

void MainWindow::addCluster(std::unique_ptr<ClusterView> view, const QString &profile, bool show)
{
    connect(&view->sessions(), &ConsumerSessions::listChanged, this, &MainWindow::showSessionCount);
    const int index = m_clusters.add(std::move(view), profile);
    showJobs();
    const QString last = m_settings.lastPage();
    m_clusters.at(index).at = {clusterPages().contains(last) ? last : u"Overview"_s, {}};
    if (show || !m_clusters.shown())
        m_clusters.setCurrent(index);
}

void MainWindow::rememberPlaces()
{
    OpenCluster *const cluster = m_clusters.shown();
    if (!cluster)
        return;
    for (auto page = m_pages.cbegin(); page != m_pages.cend(); ++page)
        cluster->within[page.key()] = page.value()->place();
    cluster->at.within = cluster->within.value(cluster->at.page);
}

void MainWindow::showCluster()
{
    OpenCluster *const cluster = m_clusters.shown();
    ClusterView *const view = cluster ? cluster->view.get() : nullptr;
    for (Page *page : std::as_const(m_pages))
        page->setCluster(view);
    const TimeZone zone = m_settings.timeZone();
    m_problems->setCluster(view, zone, wallNow());
    const bool production = view && view->policy().production;
    m_band->setVisible(production);
    if (production)
        m_band->setText(tr("PROD · %1").arg(view->name()));
    const QStringList weak = view ? view->weaknesses() : QStringList();
    m_warning->setVisible(!weak.isEmpty());
    if (!weak.isEmpty())
        m_warning->setText(tr("⚠ This connection is weakened: %1").arg(weak.join(u"; "_s)));
    {
        const QSignalBlocker blocker(m_actions->pause);
        m_actions->pause->setChecked(cluster && cluster->paused);
    }
    m_navigation->setVisible(cluster != nullptr);
    m_navigationLine->setVisible(cluster != nullptr);
    if (cluster)
        bringUp(cluster->at, true);
    else if (!m_current.isEmpty())
        showPage(u"Connect"_s);
    showSnapshot();
    showJobs();
    showFrame();
}

void MainWindow::showSnapshot()
{
    OpenCluster *const cluster = m_clusters.shown();
    const TimeZone zone = m_settings.timeZone();
    const WallTime now = wallNow();
    m_status->show(cluster ? cluster->view.get() : nullptr, zone, now);
    if (!cluster) {
        m_top->clusters()->show(tr("No cluster"), {}, {});
        return;
    }
    const auto &snapshot = *cluster->view->snapshot();
    m_top->clusters()->show(cluster->view->name(), connectionWord(snapshot, zone, now),
                            accessWord(cluster->view->policy()));
    m_navigation->setCount(u"Groups"_s,
                           snapshot.groups ? std::optional(snapshot.groups->size()) : std::nullopt);
    m_navigation->setCount(u"Topics"_s,
                           snapshot.topics ? std::optional(snapshot.topics->size()) : std::nullopt);
    showSessionCount();
    if (m_problems->isVisible())
        m_problems->refresh(zone, now);
}

void MainWindow::showSessionCount()
{
    OpenCluster *const cluster = m_clusters.shown();
    const std::size_t alive = cluster ? cluster->view->sessions().alive() : 0;
    m_navigation->setCount(u"Sessions"_s, alive > 0 ? std::optional(alive) : std::nullopt);
}

void MainWindow::fillClusterMenu()
{
    m_clusterMenu->clear();
    const WallTime now = wallNow();
    for (int i = 0; i < m_clusters.count(); ++i) {
        const OpenCluster &cluster = m_clusters.at(i);
        const QString state =
            connectionWord(*cluster.view->snapshot(), m_settings.timeZone(), now).text;
        const QString prod = cluster.view->policy().production ? tr("PROD · ") : QString();
        QAction *entry =
            m_clusterMenu->addAction(menuText(prod + cluster.view->name() + u"   "_s + state));
        entry->setCheckable(true);
        entry->setChecked(i == m_clusters.current());
        connect(entry, &QAction::triggered, this, [this, i] { m_clusters.setCurrent(i); });
    }
    if (m_clusters.count() > 0)
        m_clusterMenu->addSeparator();
    bool any = false;
    for (const auto &profile : m_profiles.load().profiles) {
        if (m_clusters.indexOfProfile(QString::fromStdString(profile.name)) >= 0)
            continue;
        any = true;
        QAction *entry =
            m_clusterMenu->addAction(tr("Open %1").arg(menuText(foreign(profile.name))));
        connect(entry, &QAction::triggered, this, [this, profile] { openProfile(profile, true); });
    }
    if (any)
        m_clusterMenu->addSeparator();
    m_clusterMenu->addActions({m_actions->connect, m_actions->import});
    if (m_clusters.count() > 0)
        m_clusterMenu->addAction(m_actions->closeCluster);
}

std::vector<PaletteEntry> MainWindow::clusterEntries()
{
    std::vector<PaletteEntry> entries;
    for (int i = 0; i < m_clusters.count(); ++i) {
        if (i != m_clusters.current())
            entries.push_back({m_clusters.at(i).view->name(), tr("open cluster"),
                               [this, i] { m_clusters.setCurrent(i); }});
    }
    for (const auto &profile : m_profiles.load().profiles) {
        if (m_clusters.indexOfProfile(QString::fromStdString(profile.name)) < 0)
            entries.push_back({foreign(profile.name), tr("profile"),
                               [this, profile] { openProfile(profile, true); }});
    }
    return entries;
}

std::vector<PaletteEntry> MainWindow::paletteEntries()
{
    std::vector<PaletteEntry> entries;
    const OpenCluster *const cluster = m_clusters.shown();
    if (cluster) {
        for (const QString &title : clusterPages())
            entries.push_back({title, tr("page"), [this, title] { showPage(title); }});
    }
    for (auto &entry : clusterEntries())
        entries.push_back(std::move(entry));
    if (Page *shown = currentPage()) {
        for (auto &entry : shown->paletteEntries())
            entries.push_back(std::move(entry));
    }
    for (QAction *action : m_actions->all()) {
        if (action == m_actions->palette || !action->isEnabled() ||
            std::ranges::find(m_actions->pages, action) != m_actions->pages.end())
            continue;
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        entries.push_back({action->text(), keys.isEmpty() ? tr("command") : keys,
                           [action] { action->trigger(); }});
    }
    if (!cluster)
        return entries;
    const auto &snapshot = *cluster->view->snapshot();
    const auto place = [this](const QString &title, const std::string &name) {
        const QString within = QString::fromStdString(name);
        return [this, title, within] { showPlace(title, within); };
    };
    if (snapshot.groups) {
        for (const auto &group : *snapshot.groups) {
            const std::string &name = group.listing.id.value();
            entries.push_back({foreign(name), tr("group"), place(u"Groups"_s, name)});
        }
    }
    if (snapshot.topics) {
        for (const auto &topic : *snapshot.topics)
            entries.push_back(
                {foreign(topic.info.name), tr("topic"), place(u"Topics"_s, topic.info.name)});
    }
    return entries;
}

void MainWindow::togglePause()
{
    OpenCluster *const cluster = m_clusters.shown();
    if (!cluster)
        return;
    cluster->paused = m_actions->pause->isChecked();
    cluster->view->setPaused(cluster->paused);
}

void MainWindow::showProblems(bool shown)
{
    if (shown)
        m_problems->refresh(m_settings.timeZone(), wallNow());
    m_problems->setVisible(shown);
    if (shown) {
        if (!m_split->restoreState(m_settings.state(m_split->objectName())))
            m_split->setSizes({m_split->height() * 2 / 3, m_split->height() / 3});
        m_problems->takeFocus();
        return;
    }
    m_settings.setState(m_split->objectName(), m_split->saveState());
    settleFocus();
}

} // namespace redrive::ui
