#pragma once

#include "core/consumer/events.h"

#include <optional>
#include <string>

namespace redrive::ctl {

/// One event as a line of NDJSON, with its line break: the shapes of `consume`, which are a
/// promise. Bytes of a record that are JSON stay as their sender wrote them.
std::string eventLine(const consumer::SessionEvent &event);

/// The same for people: one line, names made visible.
std::string eventText(const consumer::SessionEvent &event, bool local);

} // namespace redrive::ctl
