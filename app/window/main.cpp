#include "app/window/arguments.h"
#include "app/window/consumerhost.h"
#include "app/window/journalhost.h"
#include "app/window/keychain.h"
#include "app/window/offsethost.h"
#include "app/window/quitsignals.h"
#include "core/kafka/clusterclient.h"
#include "core/telemetry/logging.h"
#include "ui/bridge/background.h"
#include "ui/shell/mainwindow.h"

#include <QApplication>
#include <QIcon>
#include <QTimer>

#include <iostream>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace redrive {
namespace {

constexpr Millis sessionsMayTake{500};
constexpr Millis handlesMayTake{2000};

int runWindow(QApplication &app, const window::Arguments &arguments,
              workspace::ProfileStore &profiles)
{
    ui::Settings settings;
    ui::theme::apply(settings.scheme());
    window::Keychain keychain;
    ui::Connector connector(keychain, &workspace::openSession);
    connector.setRunnerFactory(&window::makeRunner);
    connector.setOffsetRunnerFactory(&window::makeOffsetRunner);
    connector.setJournal(window::makeJournalReader(workspace::dataDirectory()));
    ui::MainWindow mainWindow(settings, connector, profiles);
    window::QuitSignals signals_;
    QObject::connect(&signals_, &window::QuitSignals::quitRequested, &mainWindow, &QWidget::close);
    mainWindow.show();
    // After the first paint.
    QTimer::singleShot(0, &mainWindow, [&] { mainWindow.start(arguments.profiles); });
    return app.exec();
}

// The window and its sessions are gone. What still runs are threads that end a session or destroy a
// librdkafka handle; where one is stuck, running destructors of the process under it would be worse
// than leaving at once.
int shutDown(int exitCode)
{
    const bool sessionsEnded = ui::finishBackground(sessionsMayTake);
    const bool handlesEnded = kafka::finishDestruction(handlesMayTake);
    if (sessionsEnded && handlesEnded)
        return exitCode;
    telemetry::log(telemetry::Level::Warning, "window",
                   "a connection did not end in time: leaving without it");
    std::cout.flush();
    ::_exit(exitCode);
}

} // namespace
} // namespace redrive

int main(int argc, char **argv)
{
    using namespace redrive;
    workspace::ProfileStore profiles;
    int exitCode = 0;
    const auto arguments =
        window::readArguments(argc, argv, profiles, std::cout, std::cerr, exitCode);
    if (!arguments)
        return exitCode;

    QCoreApplication::setOrganizationName(u"redrive"_s);
    QCoreApplication::setApplicationName(u"redrive"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(REDRIVE_VERSION));
    QGuiApplication::setDesktopFileName(u"io.github.redrive.Redrive"_s);
    QApplication app(argc, argv);
    QApplication::setWindowIcon(QIcon(u":/redrive/io.github.redrive.Redrive.svg"_s));
    telemetry::setUpLogging({.level = telemetry::Level::Info,
                             .terminal = ::isatty(STDERR_FILENO) == 1,
                             .directory = workspace::stateDirectory() / "log"});
    exitCode = runWindow(app, *arguments, profiles);
    return shutDown(exitCode);
}
