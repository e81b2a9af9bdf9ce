// Pictures of the running window for the documentation: every page on a live cluster, light and
// dark. Two sessions are run for that, and one of their groups is moved.
//   redrive-screenshots BOOTSTRAP FOLDER [--watch SECONDS] [--group NAME] [--topic NAME]
// Watches the cluster first, so that charts have something to show. Run by scripts/screenshots.
#include "app/window/consumerhost.h"
#include "app/window/journalhost.h"
#include "app/window/keychain.h"
#include "app/window/offsethost.h"
#include "core/kafka/clusterclient.h"
#include "core/workspace/session.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/shell/mainwindow.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
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

constexpr auto running = "order-mails";
constexpr auto moved = "orders-projection";

ui::SessionRequest sessionOf(const ui::ClusterView &cluster, const char *group)
{
    ui::SessionRequest request;
    request.options.group = GroupId(group);
    request.options.topics = {"orders"};
    request.options.retry.retries = 5;
    request.options.dlqSuffix.reset();
    if (const auto faults = events::parseFaults("fail:1/60,delay:9ms"))
        request.faults = *faults;
    if (cluster.snapshot()->cluster)
        request.clusterId = cluster.snapshot()->cluster->clusterId;
    return request;
}

/// The group's six partitions a minute and a half back, where nobody is in it any more.
ui::OffsetWish wishOf(const char *group)
{
    offsets::Scope scope;
    scope.topics.push_back({"orders", {}});
    return {GroupId(group), scope, offsets::to::Ago{Millis(90'000)}};
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
    for (const char *place : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"})
        qputenv(place, home.path().toUtf8());
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
    connector.setRunnerFactory(&window::makeRunner);
    connector.setOffsetRunnerFactory(&window::makeOffsetRunner);
    connector.setJournal(window::makeJournalReader(workspace::dataDirectory()));
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
    const auto view = [&] { return window.clusters().shown()->view.get(); };
    script.add(4000, [&] {
        for (const char *group : {running, moved})
            view()->sessions().start(sessionOf(*view(), group));
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
        script.add(0, [&] {
            showTab(window, u"Partitions"_s);
            if (auto *const table = window.findChild<QWidget *>(u"groups-table"_s))
                table->setFocus();
        });
        script.add(3000, [=] { grab(u"groups"_s + suffix); });
        for (const QString &tab : {u"Members"_s, u"Lag"_s, u"Raw"_s}) {
            script.add(0, [&window, tab] { showTab(window, tab); });
            script.add(1500, [=] { grab(u"groups-"_s + tab.toLower() + suffix); });
        }
        script.add(0, [&] { window.showPlace(u"Topics"_s, parser.value(u"topic"_s)); });
        script.add(4000, [=] { grab(u"topics"_s + suffix); });
        script.add(0, [&] { window.showPlace(u"Sessions"_s, u"1"_s); });
        for (const QString &tab : {u"Partitions"_s, u"Chart"_s}) {
            script.add(0, [&window, tab] { showTab(window, tab); });
            script.add(2500, [=] { grab(u"sessions-"_s + tab.toLower() + suffix); });
        }
    }
    const auto dialog = [&] { return window.findChild<ui::ResetDialog *>(); };
    script.add(0, [&] { view()->sessions().stop(2); });
    script.add(8000, [&] { window.showPlace(u"Groups"_s, QString::fromLatin1(moved)); });
    for (const auto scheme : {ui::theme::Scheme::Dark, ui::theme::Scheme::Light}) {
        const QString suffix = scheme == ui::theme::Scheme::Dark ? u"-dark"_s : QString();
        script.add(3000, [&, scheme] {
            ui::theme::apply(scheme);
            if (!dialog())
                emit window.currentPage()->offsetsRequested(wishOf(moved));
        });
        script.add(4000, [&, suffix] {
            dialog()->grab().save(folder.filePath(u"plan"_s + suffix + u".png"_s));
        });
    }
    const auto press = [&](const char *button) {
        auto *const found = dialog()->findChild<QPushButton *>(QLatin1StringView(button));
        if (found && found->isVisible())
            found->click();
    };
    script.add(0, [&] {
        auto *const reason = dialog()->findChild<QLineEdit *>(u"plan-reason"_s);
        reason->setText(u"INC-4711: wrong prices"_s);
        press("plan-leave-out");
    });
    script.add(1000, [&] { press("plan-apply"); });
    script.add(5000, [&] { dialog()->grab().save(folder.filePath(u"applied.png"_s)); });
    script.add(0, [&] {
        dialog()->close();
        window.showPage(u"Journal"_s);
    });
    script.add(2000, [&] { window.currentPage()->goTo(u"j1"_s); });
    script.add(2000, [=] { grab(u"journal"_s); });
    script.add(0, [&] { view()->sessions().stopAll("the pictures are taken"); });
    script.add(6000, [] {});
    script.start();
    const int result = QApplication::exec();
    window.close();
    ui::finishBackground(Millis(5000));
    return result;
}
