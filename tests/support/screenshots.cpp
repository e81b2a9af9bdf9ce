// Pictures of the running window for the documentation: every page on a live cluster, light and
// dark.
//   redrive-screenshots BOOTSTRAP FOLDER [--watch SECONDS] [--group NAME] [--topic NAME]
// Watches the cluster first, so that charts have something to show. Run by scripts/screenshots.
#include "app/window/keychain.h"
#include "core/kafka/clusterclient.h"
#include "core/workspace/session.h"
#include "ui/bridge/background.h"
#include "ui/shell/mainwindow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <functional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace redrive;

namespace {

/// Does one step after the other, each after the pause that it asks for, so that the window can
/// refresh between.
class Script
{
public:
    struct Step
    {
        int pauseMs;
        std::function<void()> run;
    };
    void add(int pauseMs, std::function<void()> run)
    {
        m_steps.push_back({pauseMs, std::move(run)});
    }
    void start() { next(0); }

private:
    void next(std::size_t index)
    {
        if (index == m_steps.size()) {
            QApplication::quit();
            return;
        }
        QTimer::singleShot(m_steps[index].pauseMs, qApp, [this, index] {
            m_steps[index].run();
            next(index + 1);
        });
    }
    std::vector<Step> m_steps;
};

void showTab(const QWidget &window, const QString &text)
{
    const auto bars = window.findChildren<QTabBar *>();
    for (QTabBar *bar : bars)
        for (int i = 0; i < bar->count(); ++i)
            if (bar->isVisible() && bar->tabText(i).remove(u'&').startsWith(text))
                bar->setCurrentIndex(i);
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"redrive"_s);
    QCommandLineParser parser;
    parser.addOption(
        {u"watch"_s, u"Seconds to watch before the first picture"_s, u"seconds"_s, u"60"_s});
    parser.addOption({u"group"_s, u"The group to look at"_s, u"name"_s, u"billing"_s});
    parser.addOption({u"topic"_s, u"The topic to look at"_s, u"name"_s, u"orders"_s});
    parser.process(app);
    const QStringList arguments = parser.positionalArguments();
    if (arguments.size() != 2) {
        std::fprintf(stderr, "redrive-screenshots BOOTSTRAP FOLDER [--watch SECONDS]\n");
        return 2;
    }
    const QTemporaryDir home;
    qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
    auto profile = workspace::profileFromArguments(arguments[0].toStdString(), {});
    if (!profile) {
        std::fprintf(stderr, "%s\n", describe(profile.error()).c_str());
        return 2;
    }
    profile->name = "payments-dev";
    const QDir folder(arguments[1]);

    ui::Settings settings;
    window::Keychain keychain;
    ui::Connector connector(keychain, &workspace::openSession);
    workspace::ProfileStore profiles(std::filesystem::path(home.path().toStdString()) /
                                     "profiles.toml");
    ui::MainWindow window(settings, connector, profiles);
    ui::theme::apply(ui::theme::Scheme::Light);
    window.resize(1360, 820);
    window.show();

    Script script;
    const auto grab = [&](const QString &name) {
        window.grab().save(folder.filePath(name + u".png"_s));
    };
    script.add(0, [&] {
        window.start({*profile});
        window.showPlace(u"Groups"_s, parser.value(u"group"_s));
    });
    script.add(parser.value(u"watch"_s).toInt() * 1000, [&] { window.showPage(u"Overview"_s); });
    for (const auto scheme : {ui::theme::Scheme::Light, ui::theme::Scheme::Dark}) {
        const QString suffix = scheme == ui::theme::Scheme::Dark ? u"-dark"_s : QString();
        script.add(100, [&, scheme] {
            ui::theme::apply(scheme);
            window.showPage(u"Overview"_s);
        });
        script.add(1500, [=] { grab(u"overview"_s + suffix); });
        script.add(0, [&] { window.showPlace(u"Groups"_s, parser.value(u"group"_s)); });
        script.add(0, [&] { showTab(window, u"Partitions"_s); });
        script.add(3000, [=] { grab(u"groups"_s + suffix); });
        for (const QString &tab : {u"Members"_s, u"Lag"_s, u"Raw"_s}) {
            script.add(0, [&window, tab] { showTab(window, tab); });
            script.add(1500, [=] { grab(u"groups-"_s + tab.toLower() + suffix); });
        }
        script.add(0, [&] { window.showPlace(u"Topics"_s, parser.value(u"topic"_s)); });
        script.add(4000, [=] { grab(u"topics"_s + suffix); });
    }
    script.start();
    const int result = QApplication::exec();
    window.close();
    return result;
}
