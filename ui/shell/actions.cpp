#include "ui/shell/actions.h"

#include "ui/theme/icons.h"

#include <QActionGroup>
#include <QKeySequence>

using namespace Qt::StringLiterals;

namespace redrive::ui {

namespace {

constexpr auto helpProperty = "help";

QString helpWithKeys(const QAction *action)
{
    const QString help = action->property(helpProperty).toString();
    const auto keys = action->shortcuts();
    if (keys.isEmpty())
        return help;
    return help + u" ("_s + keys.first().toString(QKeySequence::NativeText) + u')';
}

} // namespace

QAction *Actions::add(const char *name, const char *icon, const QString &text, const QString &help,
                      const QList<QKeySequence> &keys)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QLatin1StringView(name));
    if (icon)
        action->setIcon(theme::icon(QString::fromLatin1(icon)));
    action->setShortcuts(keys);
    action->setProperty(helpProperty, help);
    action->setToolTip(helpWithKeys(action));
    action->setStatusTip({});
    m_window->addAction(action);
    m_all.push_back(action);
    return action;
}

Actions::Actions(const QStringList &pageTitles, QWidget *window)
    : QObject(window)
    , m_window(window)
    , m_menu(new QMenu(window))
{
    m_menu->setObjectName(u"main-menu"_s);
    m_menu->setToolTipsVisible(true);

    palette = add("action-palette", "search", tr("Search or Run a Command…"),
                  tr("Search pages, groups and topics, or run a command"),
                  {QKeySequence(Qt::CTRL | Qt::Key_K)});
    int number = 0;
    for (const QString &title : pageTitles) {
        ++number;
        const QByteArray name = "action-page-" + title.toLower().toLatin1();
        QAction *page = add(name.constData(), title.toLower().toLatin1().constData(), title,
                            tr("Go to the page %1").arg(title),
                            {QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number))});
        pages.push_back(page);
    }
    back = add("action-back", "back", tr("Back"), tr("Back to where you were"),
               {QKeySequence(Qt::ALT | Qt::Key_Left), QKeySequence(Qt::Key_Back)});
    forward = add("action-forward", "forward", tr("Forward"), tr("Forward again"),
                  {QKeySequence(Qt::ALT | Qt::Key_Right), QKeySequence(Qt::Key_Forward)});
    filter =
        add("action-filter", nullptr, tr("Filter This Page"), tr("Put the cursor in the filter"),
            {QKeySequence(Qt::CTRL | Qt::Key_F), QKeySequence(Qt::Key_Slash)});
    refresh = add("action-refresh", "refresh", tr("Refresh Now"), tr("Read everything again now"),
                  {QKeySequence(Qt::Key_F5)});
    pause = add("action-pause", "pause", tr("Pause Live Refresh"),
                tr("Hold what is shown as it is"), {QKeySequence(Qt::Key_Space)});
    pause->setCheckable(true);
    problems = add("action-problems", "warning", tr("Problems"),
                   tr("What failed: what was attempted, and what the broker said"),
                   {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)});
    problems->setCheckable(true);
    connect = add("action-connect", "connect", tr("Connect…"), tr("Connect to a cluster"),
                  {QKeySequence(Qt::CTRL | Qt::Key_O)});
    import = add("action-import", "import", tr("Import a Connection…"),
                 tr("Read a client.properties, librdkafka or kcat file"));
    closeCluster = add("action-close-cluster", "close", tr("Close Cluster"),
                       tr("Close the cluster that is shown"), {QKeySequence(Qt::CTRL | Qt::Key_W)});
    localTime = add("action-local-time", "clock", tr("Local Time"),
                    tr("Show times in the local zone instead of UTC"),
                    {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_T)});
    localTime->setCheckable(true);
    toggleScheme =
        add("action-toggle-scheme", "contrast", tr("Switch Light and Dark"),
            tr("Switch between light and dark"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D)});
    schemeSystem = add("action-scheme-system", nullptr, tr("Colours of the System"),
                       tr("Light or dark as the system is"));
    schemeLight = add("action-scheme-light", nullptr, tr("Light"), tr("Light colours"));
    schemeDark = add("action-scheme-dark", nullptr, tr("Dark"), tr("Dark colours"));
    auto *schemes = new QActionGroup(this);
    for (QAction *scheme : {schemeSystem, schemeLight, schemeDark}) {
        scheme->setCheckable(true);
        schemes->addAction(scheme);
    }
    settings = add("action-settings", "settings", tr("Settings"), tr("Colours, time zone, refresh"),
                   {QKeySequence(Qt::CTRL | Qt::Key_Comma)});
    about = add("action-about", "about", tr("About Redrive"), tr("Version and licences"));
    quit = add("action-quit", "quit", tr("Quit"), tr("Close the window"),
               {QKeySequence(Qt::CTRL | Qt::Key_Q)});

    m_menu->addAction(palette);
    auto *go = m_menu->addMenu(tr("Go"));
    go->setObjectName(u"go-menu"_s);
    go->setToolTipsVisible(true);
    for (QAction *page : pages)
        go->addAction(page);
    go->addSeparator();
    go->addActions({back, forward, filter});
    m_menu->addSeparator();
    m_menu->addActions({refresh, pause, problems});
    m_menu->addSeparator();
    m_menu->addActions({connect, import, closeCluster});
    m_menu->addSeparator();
    m_menu->addAction(localTime);
    auto *colours = m_menu->addMenu(theme::icon(u"contrast"_s), tr("Colours"));
    colours->setObjectName(u"colours-menu"_s);
    colours->addActions({schemeSystem, schemeLight, schemeDark});
    colours->addSeparator();
    colours->addAction(toggleScheme);
    m_menu->addActions({settings, about});
    m_menu->addSeparator();
    m_menu->addAction(quit);
}

void Actions::setUsable(QAction *action, bool usable, const QString &why)
{
    action->setEnabled(usable);
    const QString help = helpWithKeys(action);
    action->setToolTip(usable ? help : help + u"\n"_s + why);
    for (QObject *object : action->associatedObjects()) {
        auto *widget = qobject_cast<QWidget *>(object);
        if (widget && widget->property("shows-action").toBool())
            widget->setAccessibleDescription(usable ? QString() : why);
    }
}

} // namespace redrive::ui
