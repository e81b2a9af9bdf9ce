#pragma once

#include "tests/integration/consumers.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"

#include <QMap>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>
#include <string>

namespace redrive::testworld {

/// An order as services write it; its id is `o-` and the number.
std::string order(int number);

/// Rows of a query on an SQLite file, values joined by |.
QStringList sql(const QString &file, const QString &query);

/// A real Kafka, topics with orders in them, and `redrivectl consume` on it.
struct StreamWorld
{
    StreamWorld();

    /// A new topic, with a dead-letter topic unless that is to be missing.
    void make(const std::string &topic, int partitions = 3, bool letters = true);
    /// Orders 0 … count - 1, partition by partition.
    void fill(const std::string &topic, int count, int partitions = 3);

    /// Of redrivectl, its command and all.
    QStringList arguments(const QString &group, const QString &topic,
                          const QStringList &more = {}) const;
    /// Runs to its end, within a minute.
    std::unique_ptr<Consumer> run(const QString &group, const QString &topic,
                                  const QStringList &more = {}) const;

    // What Kafka's own tools say.
    QMap<int, qint64> committed(const QString &group) const;
    QStringList read(const QString &topic, int count) const; ///< with partition, headers and key
    bool hasTopic(const QString &topic) const;

    QString address() const { return QString::fromStdString(kafka.bootstrap()); }
    QString file(const char *name) const { return dir.filePath(name); }

    testbroker::KafkaCluster kafka{{.nodes = 1,
                                    .secure = false,
                                    .advertise = {},
                                    .settings = {"group.initial.rebalance.delay.ms=0"}}};
    testclients::Admin admin;
    testclients::Producer producer;
    QTemporaryDir dir;
};

} // namespace redrive::testworld
