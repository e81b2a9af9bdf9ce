#include "ui/models/cells.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace redrive::ui {

QString assignmentText(std::span<const TopicPartition> partitions)
{
    if (partitions.empty())
        return unknownText();
    QStringList topics;
    for (std::size_t i = 0; i < partitions.size();) {
        const std::string &topic = partitions[i].topic;
        QStringList stretches;
        while (i < partitions.size() && partitions[i].topic == topic) {
            const std::int32_t first = partitions[i].partition;
            std::int32_t last = first;
            for (++i; i < partitions.size() && partitions[i].topic == topic &&
                      partitions[i].partition == last + 1;
                 ++i)
                ++last;
            if (first == last)
                stretches << QString::number(first);
            else
                stretches << u"%1–%2"_s.arg(first).arg(last);
        }
        topics << foreign(topic) + u' ' + stretches.join(u", "_s);
    }
    return topics.join(u"; "_s);
}

} // namespace redrive::ui
