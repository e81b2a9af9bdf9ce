#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/consumer/session.h"
#include "core/store/journal.h"

#include <functional>
#include <memory>
#include <string>

namespace redrive::events {

/// Writes skips, seeks and rewinds of a running session to the cluster's journal, on the disk
/// before they are done; where it cannot, they are refused. An entry is `asked`, and `done` when
/// the group has committed there. Pauses move no offset and are not kept.
consumer::SteeringJournal steeringJournal(std::shared_ptr<store::Journal> journal, GroupId group,
                                          std::string user,
                                          std::function<WallTime()> now = wallNow);

} // namespace redrive::events
