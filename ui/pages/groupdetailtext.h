#pragma once

#include "core/model/lag.h"
#include "ui/format/format.h"

#include <QString>
#include <QStringList>

namespace redrive::ui {

/// The words of the detail panel. Pure; the listing's facts serve until the group itself has been
/// read.

/// "● Stable · classic · range · 3 members · coordinator 2 at 10.0.0.2:9092"
QString headline(const GroupSummary *summary, const GroupDetail *detail);
/// "total lag, without 2 of 9 partitions"
QString lagCaption(const GroupSummary *summary, const GroupDetail *detail);
/// "Commits read 11:03:22.114 UTC, ends 11:03:22.201 UTC", or that it is being read.
QString readingTimes(const GroupDetail *detail, TimeZone zone);
/// What went wrong or cannot be told, one a line, in the broker's words.
QStringList remarks(const GroupSummary *summary, const GroupDetail *detail);
/// The object of the contract, one fact a line.
QString rawJson(const GroupDetail &detail);

} // namespace redrive::ui
