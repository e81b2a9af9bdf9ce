#pragma once

#include "tests/support/broker/program.h"

#include <QMap>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <string>

namespace redrive::testbroker {

struct ClusterOptions
{
    int nodes = 1;
    bool secure = false;
    QString advertise;    ///< HOST:PORT, {node} becomes the node's number
    QStringList settings; ///< KEY=VALUE for server.properties
};

/// A real Kafka for one test program, by scripts/kafka; it ends with this object, or with the
/// program. Functions block until what they ask for is so, and throw std::runtime_error with the
/// script's words when it is not.
class KafkaCluster
{
public:
    explicit KafkaCluster(const ClusterOptions &options = {});
    ~KafkaCluster();
    KafkaCluster(const KafkaCluster &) = delete;
    KafkaCluster &operator=(const KafkaCluster &) = delete;

    std::string bootstrap() const { return value(QStringLiteral("bootstrap")).toStdString(); }
    int port(int node = 1) const; ///< of the plain listener
    /// What `scripts/kafka up` printed for a key: sasl_ssl, mtls, expired, certs, clients, dir …
    QString value(const QString &key) const;

    /// One of Kafka's own tools: the truth that tests compare with. Its exit code is not checked.
    Output tool(const QStringList &nameAndArguments, const QByteArray &input = {}) const;
    /// The same, and throws when it fails.
    QString mustTool(const QStringList &nameAndArguments, const QByteArray &input = {}) const;

    /// A tool that runs on its own until the test ends it.
    void startTool(QProcess &process, const QStringList &nameAndArguments) const;

    void kill(int node = 1) { control(QStringLiteral("kill"), node); }   ///< SIGKILL
    void stop(int node = 1) { control(QStringLiteral("stop"), node); }   ///< SIGTERM
    void start(int node = 1) { control(QStringLiteral("start"), node); } ///< waits until it answers
    void pause(int node = 1) { control(QStringLiteral("pause"), node); } ///< SIGSTOP
    void resume(int node = 1) { control(QStringLiteral("resume"), node); } ///< SIGCONT

private:
    QStringList identity() const;
    void control(const QString &command, int node);

    QTemporaryDir m_dir;
    QMap<QString, QString> m_values;
};

} // namespace redrive::testbroker
