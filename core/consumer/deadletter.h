#pragma once

#include "core/base/ids.h"
#include "core/base/time.h"
#include "core/consumer/handler.h"
#include "core/model/record.h"

#include <cstddef>
#include <string>

namespace redrive::consumer {

/// How a record came to be a dead letter.
struct DeathCertificate
{
    GroupId group;
    Failure failure;
    std::size_t attempts = 1; ///< here; those of earlier hops are added
    WallTime firstFailedAt{};
    WallTime lastFailedAt{};
    std::string eventId; ///< empty: none known
};

/// The dead letter of a record: its very key and value (null stays null), its headers in their
/// order with repeats, and behind them Redrive's own in UTF-8 text. Where it died before, its first
/// origin and first failure stand, attempts add up, and the last error replaces the one before.
OutgoingRecord deadLetter(const RecordView &record, const std::string &topic,
                          const DeathCertificate &certificate);

/// The same again, smaller, for a broker that found it too large: `step` 1 shortens the
/// error message, 2 leaves it out. False: there is no further step. Key, value and the sender's
/// headers are never touched: where they alone are too large, the record waits until the topic
/// takes them.
bool shrink(OutgoingRecord &letter, int step);

} // namespace redrive::consumer
