#pragma once

#include "core/workspace/profilestore.h"
#include "ui/bridge/connector.h"
#include "ui/pages/page.h"
#include "ui/settings/settings.h"
#include "ui/shell/actions.h"
#include "ui/shell/clusters.h"
#include "ui/shell/commandpalette.h"
#include "ui/shell/history.h"

#include <QHash>
#include <QMainWindow>

#include <functional>
#include <memory>
#include <vector>

class QLabel;
class QMessageBox;
class QSplitter;
class QStackedWidget;

namespace redrive::ui {

class ConnectPage;
class Navigation;
class ProblemsPanel;
class ResetDesk;
class SessionsClosing;
class StatusLine;
class TopBar;

/// The window: its frame, the pages in it, and the clusters that are open side by side. Pages are
/// made when they are first shown. UI thread; owned by main().
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    /// All three outlive the window.
    MainWindow(Settings &settings, Connector &connector, workspace::ProfileStore &profiles);
    ~MainWindow() override;

    /// Opens what is asked for, else what was open when the window last closed, else the connect
    /// page. Returns at once.
    void start(const std::vector<workspace::Profile> &asked);
    /// Opens a profile beside the others, or switches to it where it is open. `saved`: it is in the
    /// store.
    void openProfile(const workspace::Profile &profile, bool saved);
    /// Shows it, too, unless another is shown and `show` is false.
    void addCluster(std::unique_ptr<ClusterView> view, const QString &profile, bool show = true);

    /// Goes to a page, as a click does; remembers it for "back".
    void showPage(const QString &title);
    void showPlace(const QString &title, const QString &within);
    Page *currentPage() const;
    Clusters &clusters() { return m_clusters; }
    Actions &actions() { return *m_actions; }
    void openPalette();

    static QStringList clusterPages();

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildFrame();
    void connectActions();
    void connectCluster();

    Page *page(const QString &title);
    Page *makePage(const QString &title);
    ConnectPage *connectPage();
    void bringUp(const Place &place, bool remember);
    void settleFocus();

    void rememberPlaces();
    void showCluster();
    void showSnapshot();
    void showSessionCount();
    // Changes to offsets (mainwindowjobs.cpp)
    void connectJobs();
    void openPlan(const OffsetWish &wish);
    void closeShownCluster();
    void showJobs();
    /// True: something waits that would end, and the person is asked first.
    bool asksForWaiting(const std::vector<ClusterView *> &clusters, std::function<void()> goOn);
    std::vector<ClusterView *> views();
    void showFrame();
    void fillClusterMenu();
    std::vector<PaletteEntry> clusterEntries();
    std::vector<PaletteEntry> paletteEntries();
    void togglePause();
    void showProblems(bool shown);
    void open(const workspace::Profile &profile, bool saved, bool show);
    void opened(const workspace::Profile &profile, bool saved, bool show,
                Result<std::unique_ptr<ClusterView>> result);
    void save();

    Settings &m_settings;
    Connector &m_connector;
    workspace::ProfileStore &m_profiles;
    Clusters m_clusters;
    History m_history; ///< while no cluster is open
    QHash<QString, Page *> m_pages;
    QString m_current;

    Actions *m_actions;
    QLabel *m_band = nullptr;
    TopBar *m_top = nullptr;
    QLabel *m_warning = nullptr;
    Navigation *m_navigation = nullptr;
    QWidget *m_navigationLine = nullptr;
    QSplitter *m_split = nullptr;
    QStackedWidget *m_stack = nullptr;
    ProblemsPanel *m_problems = nullptr;
    StatusLine *m_status = nullptr;
    CommandPalette *m_palette = nullptr;
    QMenu *m_clusterMenu = nullptr;
    SessionsClosing *m_closing = nullptr; ///< while sessions end before the window does
    bool m_mayLeave = false;              ///< they have, or their time is over
    ResetDesk *m_desk;
    QPointer<QMessageBox> m_waitingQuestion; ///< while it is asked
    bool m_waitingMayEnd = false;            ///< the person has said so
};

} // namespace redrive::ui
