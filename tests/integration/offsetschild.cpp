#include "tests/integration/offsetschild.h"

#include "core/offsets/planfile.h"
#include "tests/integration/offsetsdesk.h"

#include <QCoreApplication>
#include <QThread>

#include <csignal>
#include <cstdio>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

namespace redrive::testworld {

namespace {

constexpr int patienceMs = 60'000;

void waitForGo()
{
    std::cout << "ready" << std::endl;
    std::string line;
    std::getline(std::cin, line);
}

int applyAsTold(const QStringList &told)
{
    OffsetsDesk desk(told[0].toStdString(), told[2], told[1].toInt());
    const auto plan = offsets::loadPlan(told[3].toStdString());
    if (!plan)
        throw std::runtime_error(describe(plan.error()));
    waitForGo();
    const auto applied = desk.apply(*plan, [&](const char *place) {
        if (told[4] == place)
            ::kill(getpid(), SIGKILL);
    });
    std::cout << inWords(applied) << std::endl;
    return applied ? 0 : 1;
}

int auditAsTold(const QStringList &told)
{
    const auto journal = store::Journal::open(told[0].toStdString());
    if (!journal)
        throw std::runtime_error(describe(journal.error()));
    waitForGo();
    for (int line = 0; line < told[2].toInt(); ++line) {
        const auto written = (*journal)->append({.time = toRfc3339(wallNow()),
                                                 .user = told[1].toStdString(),
                                                 .action = "test",
                                                 .target = "group nobody",
                                                 .detail = std::to_string(line)});
        if (!written)
            throw std::runtime_error(describe(written.error()));
    }
    return 0;
}

} // namespace

OffsetsChild::OffsetsChild(const QStringList &arguments)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QCoreApplication::applicationFilePath(), QStringList{"--child"} + arguments);
    if (!m_process.waitForStarted())
        throw std::runtime_error("the child does not start");
    m_id = static_cast<int>(m_process.processId());
}

OffsetsChild::~OffsetsChild()
{
    m_process.kill();
    m_process.waitForFinished();
}

void OffsetsChild::waitUntilReady()
{
    while (!m_process.canReadLine()) {
        if (!m_process.waitForReadyRead(patienceMs))
            throw std::runtime_error("the child is not ready");
    }
    m_process.readLine();
}

void OffsetsChild::go()
{
    m_process.write("go\n");
    m_process.waitForBytesWritten();
}

void OffsetsChild::kill() const
{
    ::kill(m_id, SIGKILL);
}

void OffsetsChild::killAfter(int milliseconds)
{
    QThread::msleep(static_cast<unsigned long>(milliseconds));
    kill();
}

bool OffsetsChild::wasKilled()
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(patienceMs))
        throw std::runtime_error("the child does not end");
    if (m_process.exitStatus() == QProcess::CrashExit)
        return true;
    if (m_process.exitCode() != 0)
        throw std::runtime_error("the child failed: " + m_process.readAll().toStdString());
    return false;
}

std::optional<int> runAsChild(int argc, char **argv)
{
    if (argc < 3 || std::string_view(argv[1]) != "--child")
        return {};
    QStringList told;
    for (int i = 3; i < argc; ++i)
        told += QString::fromLocal8Bit(argv[i]);
    try {
        return std::string_view(argv[2]) == "apply" ? applyAsTold(told) : auditAsTold(told);
    } catch (const std::exception &error) {
        std::cerr << error.what() << std::endl;
        return 2;
    }
}

} // namespace redrive::testworld
