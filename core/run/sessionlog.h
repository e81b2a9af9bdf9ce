#pragma once

#include "core/base/ids.h"
#include "core/consumer/events.h"

namespace redrive::run {

/// One line of the log for what a session tells, with group, topic, partition, offset and event id
/// as fields. Never the bytes of a record; each record's own line is at Debug.
void logEvent(const GroupId &group, const consumer::SessionEvent &event);

} // namespace redrive::run
