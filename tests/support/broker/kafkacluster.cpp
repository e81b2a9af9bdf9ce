#include "tests/support/broker/kafkacluster.h"

#include <QCoreApplication>

#include <stdexcept>

namespace redrive::testbroker {

namespace {

QString scriptFile()
{
    return QStringLiteral(REDRIVE_SOURCE_DIR "/scripts/kafka");
}

Output script(const QStringList &arguments, const QByteArray &input = {})
{
    return runProgram(scriptFile(), arguments, QProcessEnvironment::systemEnvironment(), input,
                      180'000);
}

Output mustSucceed(const QStringList &arguments, const QByteArray &input = {})
{
    Output output = script(arguments, input);
    if (output.exitCode != 0)
        throw std::runtime_error("scripts/kafka " + arguments.join(' ').toStdString() + ": exit " +
                                 std::to_string(output.exitCode) + "\n" + output.out.toStdString() +
                                 output.err.toStdString());
    return output;
}

} // namespace

KafkaCluster::KafkaCluster(const ClusterOptions &options)
{
    QStringList arguments = QStringList{"up"} + identity();
    arguments += {"--port",        "0",
                  "--nodes",       QString::number(options.nodes),
                  "--with-parent", QString::number(QCoreApplication::applicationPid())};
    if (options.secure)
        arguments += "--secure";
    if (!options.advertise.isEmpty())
        arguments += {"--advertise", options.advertise};
    for (const auto &setting : options.settings)
        arguments += {"--set", setting};
    const QString lines = QString::fromUtf8(mustSucceed(arguments).out);
    for (const auto &line : lines.split('\n')) {
        const auto equals = line.indexOf('=');
        if (equals > 0)
            m_values[line.left(equals)] = line.mid(equals + 1);
    }
}

KafkaCluster::~KafkaCluster()
{
    script(QStringList{"down"} + identity());
}

QStringList KafkaCluster::identity() const
{
    return {"--name", "test-" + QString::number(QCoreApplication::applicationPid()), "--dir",
            m_dir.filePath("kafka")};
}

QString KafkaCluster::value(const QString &key) const
{
    const auto found = m_values.find(key);
    if (found == m_values.end())
        throw std::runtime_error("scripts/kafka up told nothing about " + key.toStdString());
    return *found;
}

int KafkaCluster::port(int node) const
{
    return value("node." + QString::number(node)).section(':', -1).toInt();
}

Output KafkaCluster::tool(const QStringList &nameAndArguments, const QByteArray &input) const
{
    return script(QStringList{"tool"} + identity() + nameAndArguments, input);
}

QString KafkaCluster::mustTool(const QStringList &nameAndArguments, const QByteArray &input) const
{
    return QString::fromUtf8(
        mustSucceed(QStringList{"tool"} + identity() + nameAndArguments, input).out);
}

void KafkaCluster::startTool(QProcess &process, const QStringList &nameAndArguments) const
{
    process.start(scriptFile(), QStringList{"tool"} + identity() + nameAndArguments);
    if (!process.waitForStarted())
        throw std::runtime_error("scripts/kafka tool does not start");
}

void KafkaCluster::control(const QString &command, int node)
{
    mustSucceed(QStringList{command} + identity() + QStringList{QString::number(node)});
}

} // namespace redrive::testbroker
