#include "tests/integration/consumers.h"

#include "tests/support/broker/eventually.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcessEnvironment>

#include <algorithm>
#include <csignal>

namespace redrive::testworld {

QString redrivectl()
{
    return qEnvironmentVariable("REDRIVE_REDRIVECTL", REDRIVE_BIN_DIR "/redrivectl");
}

Consumer::Consumer(const QStringList &arguments, const QStringList &variables,
                   const QStringList &wrapper)
{
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const QString name : {"CONFIG", "DATA", "STATE", "CACHE"})
        environment.insert("XDG_" + name + "_HOME", m_home.filePath(name.toLower()));
    environment.insert("HOME", m_home.path());
    for (const QString &variable : variables)
        environment.insert(variable.section('=', 0, 0), variable.section('=', 1));
    m_process.setProcessEnvironment(environment);
    m_process.setStandardOutputFile(m_home.filePath("out"));
    m_process.setStandardErrorFile(m_home.filePath("err"));
    const QStringList command = wrapper + QStringList{redrivectl()} + arguments;
    m_process.start(command.first(), command.mid(1));
    if (!m_process.waitForStarted())
        throw std::runtime_error("cannot start " + command.first().toStdString());
}

Consumer::~Consumer()
{
    kill();
}

void Consumer::signal(int number)
{
    if (isRunning())
        ::kill(static_cast<pid_t>(m_process.processId()), number);
}

void Consumer::freeze()
{
    signal(SIGSTOP);
    const QDir threads(QStringLiteral("/proc/%1/task").arg(m_process.processId()));
    testbroker::eventually(QStringLiteral("every thread stands still"), [&threads] {
        const QStringList ids = threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        return std::all_of(ids.begin(), ids.end(), [&threads](const QString &id) {
            QFile file(threads.filePath(id + QStringLiteral("/stat")));
            if (!file.open(QIODevice::ReadOnly))
                return true; // it has ended
            const QByteArray stat = file.readAll();
            return stat.mid(stat.lastIndexOf(')') + 2, 1) == "T";
        });
    });
}

void Consumer::kill()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

bool Consumer::isRunning()
{
    m_process.waitForFinished(0);
    return m_process.state() != QProcess::NotRunning;
}

std::optional<int> Consumer::exitCode(int patienceMs)
{
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(patienceMs))
        return std::nullopt;
    if (m_process.exitStatus() != QProcess::NormalExit)
        return std::nullopt;
    return m_process.exitCode();
}

std::vector<QJsonObject> Consumer::events() const
{
    QFile file(m_home.filePath("out"));
    std::vector<QJsonObject> found;
    if (!file.open(QIODevice::ReadOnly))
        return found;
    while (!file.atEnd()) {
        const QByteArray line = file.readLine();
        if (line.endsWith('\n'))
            found.push_back(QJsonDocument::fromJson(line).object());
    }
    return found;
}

std::vector<QJsonObject> Consumer::events(const QString &name) const
{
    auto found = events();
    std::erase_if(found, [&](const QJsonObject &event) { return event["event"] != name; });
    return found;
}

QByteArray Consumer::errors() const
{
    QFile file(m_home.filePath("err"));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

bool Consumer::hasSaid(const QString &name, const Condition &condition) const
{
    const auto said = events(name);
    return condition ? std::any_of(said.begin(), said.end(), condition) : !said.empty();
}

bool Consumer::until(const QString &name, const Condition &condition, int patienceMs)
{
    const QDeadlineTimer deadline(patienceMs);
    while (true) {
        const bool wasRunning = isRunning();
        if (hasSaid(name, condition))
            return true;
        if (!wasRunning || deadline.hasExpired())
            return false;
        QThread::msleep(20);
    }
}

QStringList Consumer::owned() const
{
    QStringList mine;
    for (const auto &event : events()) {
        const QString name = event["event"].toString();
        const bool comes = name == "assigned";
        if (!comes && name != "revoked" && name != "lost")
            continue;
        for (const QJsonValue place : event["partitions"].toArray()) {
            const QString partition =
                place["topic"].toString() + '/' + QString::number(place["partition"].toInt());
            mine.removeAll(partition);
            if (comes)
                mine.append(partition);
        }
    }
    mine.sort();
    return mine;
}

Consumer::Condition withCode(const QString &code)
{
    return [code](const QJsonObject &event) { return event["code"] == code; };
}

std::optional<int> runConsumer(const QStringList &arguments, int patienceMs)
{
    return Consumer(arguments).exitCode(patienceMs);
}

} // namespace redrive::testworld
