#include "tests/integration/kafkatext.h"

#include <QRegularExpression>

namespace redrive::kafkatext {

namespace {

std::optional<qint64> number(const QString &word)
{
    bool ok = false;
    const qint64 value = word.toLongLong(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

QString orEmpty(const QString &word)
{
    return word == "-" ? QString() : word;
}

/// "events:0,1;orders:5" -> events/0 events/1 orders/5
std::optional<QStringList> assignment(const QString &word)
{
    if (word == "-")
        return std::nullopt;
    QStringList partitions;
    for (const auto &topic : word.split(';', Qt::SkipEmptyParts)) {
        for (const auto &partition : topic.section(':', 1).split(','))
            partitions += topic.section(':', 0, 0) + '/' + partition;
    }
    partitions.sort();
    return partitions;
}

/// The lines below a heading that begins with GROUP, with as many words at the end as it has after
/// it; what is before them is the group.
std::vector<QStringList> rows(const QString &text)
{
    static const QRegularExpression blanks("\\s+");
    std::vector<QStringList> found;
    qsizetype columns = 0;
    for (const auto &line : text.split('\n')) {
        QStringList words = line.trimmed().split(blanks, Qt::SkipEmptyParts);
        if (words.isEmpty()) {
            continue;
        }
        if (words.first() == "GROUP") {
            columns = line.contains("COORDINATOR") ? 0 : words.size();
            continue;
        }
        if (columns == 0 || words.size() < columns)
            continue;
        const qsizetype extra = words.size() - columns;
        const QString name = words.mid(0, extra + 1).join(' ');
        found.push_back(QStringList{name} + words.mid(extra + 1));
    }
    return found;
}

} // namespace

std::vector<OffsetRow> parseOffsets(const QString &text)
{
    std::vector<OffsetRow> parsed;
    for (const auto &row : rows(text)) {
        if (row.size() == 9)
            parsed.push_back({row[0], row[1], row[2].toInt(), number(row[3]), number(row[4]),
                              number(row[5]), orEmpty(row[6]), orEmpty(row[7]), orEmpty(row[8])});
    }
    return parsed;
}

std::vector<MemberRow> parseMembers(const QString &text)
{
    std::vector<MemberRow> parsed;
    for (const auto &row : rows(text)) {
        if (row.size() == 9)
            parsed.push_back(
                {row[0], row[1], row[2], row[3], assignment(row[6]), assignment(row[8])});
    }
    return parsed;
}

QMap<QString, qint64> sumOffsets(const QString &text)
{
    QMap<QString, qint64> sums;
    for (const auto &line : text.split('\n', Qt::SkipEmptyParts))
        sums[line.section(':', 0, 0)] += line.section(':', 2, 2).toLongLong();
    return sums;
}

QMap<QString, QString> parsePairs(const QString &text)
{
    QMap<QString, QString> pairs;
    for (const auto &row : rows(text)) {
        if (row.size() == 2)
            pairs[row[0]] = row[1];
    }
    return pairs;
}

} // namespace redrive::kafkatext
