#pragma once

#include "tests/support/broker/eventually.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/broker/redrivectl.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/groupmember.h"
#include "tests/support/clients/producer.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

#include <csignal>
#include <map>
#include <memory>
#include <optional>

namespace redrive::testworld {

using testclients::OffsetMap;

/// What was committed, in Kafka's own words: offset, leader epoch (-1: none) and metadata.
struct KafkasCommit
{
    qint64 offset = 0;
    int epoch = -1;
    QString metadata;
    bool operator==(const KafkasCommit &) const = default;
};

/// `redrivectl` as a process that the test talks to while it runs.
class Running
{
public:
    Running(const QStringList &arguments, const QProcessEnvironment &environment)
    {
        m_process.setProcessEnvironment(environment);
        m_process.start(QStringLiteral(REDRIVE_BIN_DIR "/redrivectl"), arguments);
        if (!m_process.waitForStarted())
            throw std::runtime_error("redrivectl does not start");
    }
    ~Running()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    Running(const Running &) = delete;
    Running &operator=(const Running &) = delete;

    void waitForWords(const QByteArray &words)
    {
        testbroker::eventually("it says " + QString::fromUtf8(words), [&] {
            m_process.waitForReadyRead(20);
            m_said += m_process.readAllStandardError();
            return m_said.contains(words);
        });
    }
    void interrupt() { ::kill(static_cast<pid_t>(m_process.processId()), SIGINT); }
    int exitCode()
    {
        const bool over =
            m_process.state() == QProcess::NotRunning || m_process.waitForFinished(30'000);
        m_said += m_process.readAllStandardError();
        return over && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }
    QJsonObject result() { return QJsonDocument::fromJson(m_process.readAll()).object(); }
    QByteArray said() const { return m_said; }

private:
    QProcess m_process;
    QByteArray m_said;
};

/// A small cluster with a log that has a past, and the programs that look at it.
class OffsetsWorld
{
public:
    OffsetsWorld()
        : admin(kafka.bootstrap())
        , producer(kafka.bootstrap())
        , ctl({"--bootstrap", QString::fromStdString(kafka.bootstrap())})
    {
        environment = QProcessEnvironment::systemEnvironment();
        for (const QString name : {"CONFIG", "DATA", "STATE", "CACHE"})
            environment.insert("XDG_" + name + "_HOME", home.filePath(name.toLower()));
        environment.insert("HOME", home.path());
        for (const QString name : {"CONFIG", "DATA", "STATE", "CACHE"})
            ctl.setVariable("XDG_" + name + "_HOME", home.filePath(name.toLower()));
        ctl.setVariable("USER", "ann");
        environment.insert("USER", "ann");

        admin.createTopic("orders", 3);
        admin.createTopic("fresh", 1);
        admin.createTopic("trimmed", 1);
        admin.createTopic("again", 1);
        for (int i = 0; i < 3; ++i)
            producer.sendAll({"orders", i}, 30);
        for (const char *topic : {"fresh", "trimmed", "again"})
            producer.sendAll({topic, 0}, 20);
        const auto before = QDateTime::currentDateTimeUtc();
        clusterId = kafka.mustTool({"cluster", "cluster-id"}).section(':', 1).trimmed();
        const auto after = QDateTime::currentDateTimeUtc();
        between = before.addMSecs(before.msecsTo(after) / 2);
        for (int i = 0; i < 3; ++i)
            producer.sendAll({"orders", i}, 20);
        admin.deleteRecords({"orders", 1}, 5);
    }

    /// A group that only commits, and is nowhere to be seen.
    void commit(const QString &group, const OffsetMap &offsets, const std::string &metadata = {})
    {
        testclients::commitWithoutJoining(kafka.bootstrap(), group.toStdString(), offsets,
                                          metadata);
    }
    OffsetMap committed(const QString &group) { return admin.committed(group.toStdString()); }

    /// A member of the group that has read all of "orders", committed it, and stands still.
    std::unique_ptr<testclients::GroupMember> join(const QString &group, bool kip848 = false)
    {
        testclients::MemberOptions options;
        options.group = group.toStdString();
        options.topics = {"orders"};
        options.clientId = "worker";
        options.kip848 = kip848;
        auto member = std::make_unique<testclients::GroupMember>(kafka.bootstrap(), options);
        testbroker::eventually(group + " has read everything",
                               [&] { return member->handled() >= 145; });
        member->setPaused(true);
        member->commit();
        return member;
    }
    void waitUntilEmpty(const QString &group)
    {
        testbroker::eventually(group + " is empty", [&] {
            return ctl.json({"groups", "list"}).find("group", group)["state"].toString() == "Empty";
        });
    }

    testbroker::Redrivectl::Answer change(const QStringList &arguments) const
    {
        return ctl.json(QStringList{"--yes", "offsets"} + arguments);
    }
    testbroker::Redrivectl::Answer plan(const QStringList &arguments) const
    {
        return ctl.json(QStringList{"offsets", "plan"} + arguments);
    }
    std::unique_ptr<Running> start(const QStringList &arguments) const
    {
        return std::make_unique<Running>(QStringList{"--bootstrap",
                                                     QString::fromStdString(kafka.bootstrap()),
                                                     "--output", "json", "--yes", "offsets"} +
                                             arguments,
                                         environment);
    }

    /// What Kafka's tool would set, by its own export.
    OffsetMap tool(const QString &group, const QStringList &how) const
    {
        return fromCsv(kafka.mustTool(QStringList{"consumer-groups", "--reset-offsets", "--dry-run",
                                                  "--export", "--group", group} +
                                      how));
    }
    static OffsetMap fromCsv(const QString &text)
    {
        OffsetMap offsets;
        for (const QString &line : text.split('\n', Qt::SkipEmptyParts)) {
            const QStringList cells = line.trimmed().split(',');
            if (cells.size() == 3)
                offsets[{cells[0].toStdString(), cells[1].toInt()}] = cells[2].toLongLong();
        }
        return offsets;
    }

    /// The newest record of every commit in Kafka's own log; one that was deleted is missing.
    std::map<QString, KafkasCommit> commitsInKafkasLog(const QString &group) const
    {
        const QString text =
            kafka.mustTool({"console-consumer", "--topic", "__consumer_offsets", "--from-beginning",
                            "--timeout-ms", "2500", "--formatter",
                            "org.apache.kafka.tools.consumer.OffsetsMessageFormatter"});
        std::map<QString, KafkasCommit> commits;
        for (QString part : QString(text).replace("}{", "}\n{").split('\n')) {
            part = part.left(part.lastIndexOf('}') + 1);
            const auto record = QJsonDocument::fromJson(part.toUtf8()).object();
            const auto key = record["key"]["data"];
            if (key["group"].toString() != group || !key["topic"].isString())
                continue;
            const QString place =
                key["topic"].toString() + '/' + QString::number(key["partition"].toInt());
            const auto value = record["value"]["data"];
            if (!value.isObject())
                commits.erase(place);
            else
                commits[place] = {value["offset"].toInteger(), value["leaderEpoch"].toInt(-1),
                                  value["metadata"].toString()};
        }
        return commits;
    }

    QString path(const QString &name) const { return home.filePath(name); }
    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            throw std::runtime_error("cannot write " + name.toStdString());
    }
    QByteArray read(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    QString journalFile() const
    {
        const QDir data(home.filePath("data/redrive"));
        const QStringList files = data.entryList({"*.db"});
        return files.size() == 1 ? data.filePath(files.first()) : QString();
    }

    QTemporaryDir home;
    testbroker::KafkaCluster kafka;
    testclients::Admin admin;
    testclients::Producer producer;
    testbroker::Redrivectl ctl;
    QProcessEnvironment environment;
    QString clusterId;
    QDateTime between; ///< after the first records, before the last
};

/// Partition -> target, of a plan.
inline OffsetMap targetsOf(const QJsonObject &plan)
{
    OffsetMap targets;
    for (const QJsonValue row : plan["rows"].toArray())
        if (row["target"].isDouble())
            targets[{row["topic"].toString().toStdString(), row["partition"].toInt()}] =
                row["target"].toInteger();
    return targets;
}

inline QStringList outcomesOf(const QJsonObject &applied)
{
    QStringList outcomes;
    for (const QJsonValue row : applied["rows"].toArray())
        outcomes += row["outcome"].toString("null");
    return outcomes;
}

inline QByteArray told(const testbroker::Redrivectl::Answer &answer)
{
    return answer.raw + answer.err;
}

} // namespace redrive::testworld

#define VERIFY_EXIT(answer, code)                                                                  \
    do {                                                                                           \
        const auto &got = (answer);                                                                \
        QVERIFY2(got.exitCode == (code),                                                           \
                 QByteArray::number(got.exitCode) + ": " + redrive::testworld::told(got));         \
    } while (false)
