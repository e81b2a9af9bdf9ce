#pragma once

#include "core/base/error.h"
#include "core/kafka/handles.h"

#include <string>

namespace redrive::kafka {

/// The library's or broker's code as an Error; `said` is what came with it (may be null: then the
/// code's own text). Codes carry Kafka's names where librdkafka's differ (UNKNOWN_TOPIC_OR_PART,
/// NOT_LEADER_FOR_PARTITION …).
Error makeError(rd_kafka_resp_err_t code, const char *said, std::string attempted);
Error makeError(const rd_kafka_error_t *error, std::string attempted);

/// A request that our own deadline ended, since the library did not.
Error timedOut(std::string attempted);

} // namespace redrive::kafka
