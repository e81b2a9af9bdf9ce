#pragma once

#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/model/group.h"
#include "core/model/lag.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::ui {

enum class TimeZone
{
    Utc,
    Local
};

/// The one dash for what is not known.
QString unknownText();

/// Foreign bytes as plain, visible text (core's visible()); never rendered as markup. For cells,
/// labels, series names.
QString foreign(std::string_view bytes);
/// The same for tooltips, which Qt would otherwise take for rich text when they look like it:
/// escaped and wrapped.
QString toolTip(const QString &plain);

/// Digits grouped; the dash when unknown.
QString number(const std::optional<std::int64_t> &value);
QString number(const std::optional<Offset> &value);

/// "11:03:22 UTC", "21 Nov 11:03:22 UTC" when it was another day; a time is never shown without its
/// zone.
QString clock(WallTime time, TimeZone zone, WallTime now);
/// "11:03:22.114 UTC": for two readings that are milliseconds apart.
QString preciseClock(WallTime time, TimeZone zone);
/// "2026-11-21 11:03:22.114 UTC"
QString absolute(WallTime time, TimeZone zone);
/// "just now", "12 s ago", "14 min ago"
QString ago(WallTime time, WallTime now);

/// "● Stable", "◐ PreparingRebalance", "○ Empty", "✕ Dead", "? Unknown": a shape and Kafka's word.
QString stateText(const std::optional<GroupState> &state);
QString conditionText(const std::optional<Condition> &condition);
/// One sentence on what a condition means.
QString conditionHelp(const std::optional<Condition> &condition);
QString errorText(const Error &error);

} // namespace redrive::ui
