#include "tests/integration/streamworld.h"

#include "tests/integration/kafkatext.h"

#include <sqlite3.h>

namespace redrive::testworld {

std::string order(int number)
{
    const QString id = QString::number(number);
    return (R"({"order_id":"o-)" + id + R"(","created_at":"2026-11-21T10:00:00Z",)" +
            R"("customer_name":"Ada","total_price":12.30,"event_id":"e-)" + id + R"("})")
        .toStdString();
}

QStringList sql(const QString &file, const QString &query)
{
    sqlite3 *database = nullptr;
    QStringList rows;
    if (sqlite3_open(file.toUtf8().constData(), &database) == SQLITE_OK) {
        sqlite3_busy_timeout(database, 5000);
        const auto add = [](void *into, int columns, char **values, char ** /*names*/) {
            QStringList row;
            for (int i = 0; i < columns; ++i)
                row += values[i];
            static_cast<QStringList *>(into)->append(row.join('|'));
            return 0;
        };
        sqlite3_exec(database, query.toUtf8().constData(), add, &rows, nullptr);
    }
    sqlite3_close(database);
    return rows;
}

StreamWorld::StreamWorld()
    : admin(kafka.bootstrap())
    , producer(kafka.bootstrap())
{
}

void StreamWorld::make(const std::string &topic, int partitions, bool letters)
{
    admin.createTopic(topic, partitions);
    if (letters)
        admin.createTopic(topic + ".dlq", partitions);
}

void StreamWorld::fill(const std::string &topic, int count, int partitions)
{
    for (int i = 0; i < count; ++i)
        producer.send(topic, i % partitions, order(i));
    producer.flush();
}

QStringList StreamWorld::arguments(const QString &group, const QString &topic,
                                   const QStringList &more) const
{
    const QStringList fixed{"--bootstrap", address(),  "consume", "--group",
                            group,         "--topics", topic};
    return fixed + more;
}

std::unique_ptr<Consumer> StreamWorld::run(const QString &group, const QString &topic,
                                           const QStringList &more) const
{
    auto consumer = std::make_unique<Consumer>(arguments(group, topic, more));
    consumer->exitCode(60'000);
    return consumer;
}

QMap<int, qint64> StreamWorld::committed(const QString &group) const
{
    QMap<int, qint64> offsets;
    for (const auto &row : kafkatext::parseOffsets(
             kafka.mustTool({"consumer-groups", "--describe", "--group", group})))
        offsets[row.partition] = row.committed.value_or(-1);
    return offsets;
}

QStringList StreamWorld::read(const QString &topic, int count) const
{
    QStringList command{"console-consumer", "--topic",        topic,
                        "--from-beginning", "--max-messages", QString::number(count),
                        "--timeout-ms",     "20000"};
    for (const char *what : {"headers", "key", "partition"})
        command += {"--formatter-property", QString("print.%1=true").arg(what)};
    return QString::fromUtf8(kafka.tool(command).out).split('\n', Qt::SkipEmptyParts);
}

bool StreamWorld::hasTopic(const QString &topic) const
{
    return kafka.mustTool({"topics", "--list"}).split('\n').contains(topic);
}

} // namespace redrive::testworld
