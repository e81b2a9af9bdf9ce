// How the window starts, lists and idles, beside a minimal Qt window and the bare loop.
//   bench-window BOOTSTRAP BENCH_BARE [ROUNDS]
// The other modes are what it starts itself: a process of its own for each measurement.
#include "app/window/keychain.h"
#include "core/kafka/clusterclient.h"
#include "core/workspace/session.h"
#include "ui/bridge/background.h"
#include "ui/shell/mainwindow.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QLabel>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace redrive;

namespace {

constexpr const char *startVariable = "REDRIVE_BENCH_START";

qint64 nowNs()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

double sinceStartMs()
{
    return static_cast<double>(nowNs() - qEnvironmentVariable(startVariable).toLongLong()) / 1e6;
}

[[noreturn]] void answer(double value)
{
    std::printf("%.3f\n", value);
    std::fflush(stdout);
    ::_exit(0);
}

double cpuMs(int who)
{
    rusage usage{};
    getrusage(who, &usage);
    const auto ms = [](const timeval &time) {
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
    };
    return ms(usage.ru_utime) + ms(usage.ru_stime);
}

/// Answers with the time of the first paint of the widget it watches.
class FirstPaint : public QObject
{
public:
    using QObject::QObject;
    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint)
            QTimer::singleShot(0, this, [] { answer(sinceStartMs()); });
        return QObject::eventFilter(watched, event);
    }
};

/// What main() of the window puts together, on a throw-away configuration.
struct Window
{
    QTemporaryDir home;
    ui::Settings settings;
    window::Keychain keychain;
    ui::Connector connector{keychain, &workspace::openSession};
    workspace::ProfileStore profiles{std::filesystem::path(home.path().toStdString()) /
                                     "profiles.toml"};
    ui::MainWindow main{settings, connector, profiles};
};

int paintMinimal()
{
    QLabel label(u"minimal"_s);
    FirstPaint paint;
    label.installEventFilter(&paint);
    label.resize(1280, 800);
    label.show();
    return QApplication::exec();
}

int paintRedrive()
{
    Window window;
    ui::theme::apply(window.settings.scheme());
    FirstPaint paint;
    window.main.installEventFilter(&paint);
    window.main.show();
    return QApplication::exec();
}

int listGroups(const std::string &bootstrap)
{
    Window window;
    ui::theme::apply(window.settings.scheme());
    window.main.show();
    QTimer::singleShot(0, &window.main, [&] {
        window.main.start({workspace::profileFromArguments(bootstrap, {}).value()});
    });
    bool isShown = false;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &window.main, [&] {
        if (window.main.clusters().count() > 0 && !isShown) {
            window.main.showPage(u"Groups"_s);
            isShown = true;
        }
        const auto *table = window.main.findChild<QAbstractItemView *>(u"groups-table"_s);
        if (table != nullptr && table->model() != nullptr && table->model()->rowCount() >= 1000)
            answer(sinceStartMs());
    });
    look.start(1);
    QTimer::singleShot(20'000, &window.main, [] { answer(20'000); });
    return QApplication::exec();
}

std::shared_ptr<const workspace::ClusterSnapshot> manyGroups(int count, std::uint64_t sequence)
{
    auto groups = std::make_shared<std::vector<GroupSummary>>();
    for (int i = 0; i < count; ++i) {
        GroupSummary summary;
        summary.listing.id = GroupId("group-" + std::to_string(100'000 + i));
        summary.listing.state = GroupState::Stable;
        summary.listing.type = GroupType::Classic;
        summary.totalLag = QRandomGenerator::global()->bounded(1'000'000);
        summary.topics = {"orders"};
        groups->push_back(std::move(summary));
    }
    auto snapshot = std::make_shared<workspace::ClusterSnapshot>();
    snapshot->sequence = sequence;
    snapshot->connection = workspace::Connection::Live;
    snapshot->groups = std::move(groups);
    return snapshot;
}

/// The longest that the UI thread kept an event waiting while 10,000 groups changed ten times.
int heartbeat()
{
    Window window;
    ui::theme::apply(window.settings.scheme());
    auto view = std::make_unique<ui::ClusterView>(u"bench"_s);
    ui::ClusterView *const cluster = view.get();
    window.main.addCluster(std::move(view), {});
    window.main.resize(1280, 800);
    window.main.show();
    window.main.showPage(u"Groups"_s);
    std::vector<std::shared_ptr<const workspace::ClusterSnapshot>> snapshots;
    for (std::uint64_t i = 1; i <= 10; ++i)
        snapshots.push_back(manyGroups(10'000, i));

    std::atomic<qint64> longest{0};
    std::atomic<bool> ended{false};
    std::thread beats;
    std::size_t next = 0;
    QTimer feed;
    QObject::connect(&feed, &QTimer::timeout, &window.main, [&] {
        if (next < snapshots.size()) {
            cluster->show(snapshots[next++]);
            return;
        }
        ended = true;
        beats.join();
        answer(static_cast<double>(longest.load()) / 1e6);
    });
    QTimer::singleShot(300, &window.main, [&] {
        beats = std::thread([&] {
            while (!ended) {
                const qint64 posted = nowNs();
                QMetaObject::invokeMethod(
                    &window.main,
                    [&, posted] { longest = std::max(longest.load(), nowNs() - posted); },
                    Qt::QueuedConnection);
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
            }
        });
        feed.start(300);
    });
    return QApplication::exec();
}

/// CPU of watching without a window, over the given time.
int watch(const std::string &bootstrap, int seconds)
{
    auto session =
        workspace::openSession(workspace::profileFromArguments(bootstrap, {}).value(), {}, {});
    if (!session)
        return 1;
    std::this_thread::sleep_for(std::chrono::seconds(seconds));
    answer(cpuMs(RUSAGE_SELF));
}

/// CPU of the whole window with the groups in view, from start to end.
int show(const std::string &bootstrap, int seconds)
{
    Window window;
    ui::theme::apply(window.settings.scheme());
    window.main.resize(1280, 800);
    window.main.show();
    QTimer::singleShot(0, &window.main, [&] {
        window.main.start({workspace::profileFromArguments(bootstrap, {}).value()});
    });
    QTimer::singleShot(3000, &window.main, [&] { window.main.showPage(u"Groups"_s); });
    QTimer::singleShot(seconds * 1000, &window.main, [] { answer(cpuMs(RUSAGE_SELF)); });
    return QApplication::exec();
}

double run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QString::fromLatin1(startVariable), QString::number(nowNs()));
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForFinished(200'000) || process.exitCode() != 0) {
        std::fprintf(stderr, "bench-window: %s failed: %s\n", qPrintable(arguments.join(u' ')),
                     process.readAllStandardError().constData());
        std::exit(1);
    }
    return process.readAllStandardOutput().trimmed().toDouble();
}

double median(const QString &self, const QStringList &arguments, int rounds)
{
    std::vector<double> values;
    run(self, arguments); // warms up
    for (int i = 0; i < rounds; ++i)
        values.push_back(run(self, arguments));
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

constexpr int watchSeconds = 60;

struct Watching
{
    double redrive = 0;
    double bare = 0;
    double ratio() const { return redrive / bare; }
};

/// Both at the same time, so that both have the same machine; the run with the median ratio.
Watching medianOfWatching(const QString &self, const QString &bootstrap, const QString &bare,
                          QStringList mode)
{
    mode << bootstrap << QString::number(watchSeconds);
    std::vector<Watching> runs(3);
    for (Watching &each : runs) {
        const double before = cpuMs(RUSAGE_CHILDREN);
        QProcess loop;
        loop.start(bare, {bootstrap, u"watch"_s, QString::number(watchSeconds)});
        each.redrive = run(self, mode);
        if (!loop.waitForFinished(30'000) || loop.exitCode() != 0) {
            std::fprintf(stderr, "bench-window: the bare loop failed\n");
            std::exit(1);
        }
        each.bare = cpuMs(RUSAGE_CHILDREN) - before - each.redrive;
    }
    std::sort(runs.begin(), runs.end(),
              [](const Watching &a, const Watching &b) { return a.ratio() < b.ratio(); });
    return runs[runs.size() / 2];
}

int report(const QString &self, const QString &bootstrap, const QString &bare, int rounds)
{
    const double minimal = median(self, {u"--minimal"_s}, rounds);
    const double redrive = median(self, {u"--redrive"_s}, rounds);
    std::printf(
        "first paint:             %.0f ms, a minimal Qt window %.0f ms: %.2f x (at most 3)\n",
        redrive, minimal, redrive / minimal);
    std::printf("1,000 groups usable:     %.0f ms after start (at most 1000)\n",
                median(self, {u"--list"_s, bootstrap}, rounds));
    std::printf("10,000 groups changing:  longest pause of the UI thread %.0f ms (at most 50)\n",
                median(self, {u"--heartbeat"_s}, rounds));
    const Watching watching = medianOfWatching(self, bootstrap, bare, {u"--watch"_s});
    std::printf("watching 1,000 groups:   %.0f ms CPU in %d s (%.2f %% of a core), the bare loop "
                "%.0f ms: %.2f x (at most 1.3)\n",
                watching.redrive, watchSeconds, watching.redrive / watchSeconds / 10, watching.bare,
                watching.ratio());
    const Watching shown = medianOfWatching(self, bootstrap, bare, {u"--show"_s});
    std::printf("and showing them:        %.0f ms CPU, the bare loop %.0f ms: %.2f x\n",
                shown.redrive, shown.bare, shown.ratio());
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode == "--watch")
        return watch(argv[2], std::atoi(argv[3]));
    QApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"redrive-bench"_s);
    if (mode == "--minimal")
        return paintMinimal();
    if (mode == "--redrive")
        return paintRedrive();
    if (mode == "--list")
        return listGroups(argv[2]);
    if (mode == "--show")
        return show(argv[2], std::atoi(argv[3]));
    if (mode == "--heartbeat")
        return heartbeat();
    if (argc < 3) {
        std::fprintf(stderr, "bench-window BOOTSTRAP BENCH_BARE [ROUNDS]\n");
        return 2;
    }
    return report(QCoreApplication::applicationFilePath(), QString::fromLocal8Bit(argv[1]),
                  QString::fromLocal8Bit(argv[2]), argc > 3 ? std::atoi(argv[3]) : 7);
}
