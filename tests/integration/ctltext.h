#pragma once

#include "tests/integration/kafkatext.h"

#include <QJsonArray>
#include <QJsonObject>

#include <map>

/// What redrivectl prints, taken apart for comparison.
namespace redrive::ctltext {

inline QJsonValue orNull(const std::optional<qint64> &number)
{
    return number ? QJsonValue(*number) : QJsonValue(QJsonValue::Null);
}

/// "orders/0", sorted.
inline QStringList partitionNames(const QJsonValue &list)
{
    QStringList names;
    for (const QJsonValue entry : list.toArray())
        names += entry["topic"].toString() + '/' + QString::number(entry["partition"].toInt());
    names.sort();
    return names;
}

inline QJsonObject row(const QJsonObject &group, const QString &topic, int partition)
{
    for (const QJsonValue entry : group["partitions"].toArray()) {
        if (entry["topic"].toString() == topic && entry["partition"].toInt() == partition)
            return entry.toObject();
    }
    return {};
}

inline QString condition(const QJsonObject &group, const QString &topic, int partition = 0)
{
    return row(group, topic, partition)["condition"].toString("(none)");
}

/// Group -> sum of its known lags, as the contract sums them, from what Kafka's tool says.
inline std::map<QString, std::optional<qint64>>
totalLags(const std::vector<kafkatext::OffsetRow> &rows)
{
    std::map<QString, std::optional<qint64>> sums;
    for (const auto &one : rows) {
        auto &sum = sums[one.group];
        if (one.lag && *one.lag >= 0)
            sum = sum.value_or(0) + *one.lag;
    }
    return sums;
}

} // namespace redrive::ctltext
