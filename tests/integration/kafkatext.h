#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

/// What Kafka's own tools print, as values. `-` is an empty optional.
namespace redrive::kafkatext {

struct OffsetRow
{
    QString group;
    QString topic;
    int partition = 0;
    std::optional<qint64> committed;
    std::optional<qint64> end;
    std::optional<qint64> lag;
    QString consumer; ///< empty: nobody
    QString host;
    QString client;
};

struct MemberRow
{
    QString group;
    QString consumer;
    QString host;
    QString client;
    std::optional<QStringList> assignment; ///< "orders/0", sorted; none: the tool does not say
    std::optional<QStringList> target;
};

/// `kafka-consumer-groups --describe`. Group names may have blanks inside, no line breaks.
std::vector<OffsetRow> parseOffsets(const QString &text);
/// `kafka-consumer-groups --describe --members --verbose`
std::vector<MemberRow> parseMembers(const QString &text);
/// Two columns, such as `--list --state`: name -> state.
QMap<QString, QString> parsePairs(const QString &text);

/// `get-offsets`: topic -> sum over its partitions.
QMap<QString, qint64> sumOffsets(const QString &text);

} // namespace redrive::kafkatext
