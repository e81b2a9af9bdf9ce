#pragma once

#include "core/base/ids.h"
#include "ui/format/format.h"

#include <QVariant>

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace redrive::ui {

/// Invalid where unknown, so that sorting and copying can tell.
inline QVariant bareNumber(const std::optional<std::int64_t> &value)
{
    return value ? QVariant::fromValue(static_cast<qlonglong>(*value)) : QVariant();
}
inline QVariant bareNumber(const std::optional<Offset> &value)
{
    return value ? QVariant::fromValue(static_cast<qlonglong>(value->value())) : QVariant();
}
inline QVariant bareText(const std::string &value)
{
    return value.empty() ? QVariant() : QVariant(QString::fromStdString(value));
}

/// "orders 0–3, 5; payments 1"; the dash for an empty list. `partitions` is sorted.
QString assignmentText(std::span<const TopicPartition> partitions);

} // namespace redrive::ui
