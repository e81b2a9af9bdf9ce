#pragma once

#include "core/kafka/configure.h"
#include "core/kafka/groupconsumer.h"
#include "core/kafka/handles.h"

#include <optional>

namespace redrive::kafka {

/// What an error event says to whoever runs a member. Nothing for what librdkafka only thinks aloud
/// ("0/1 brokers are down" while it looks for one). `isFatal` is librdkafka's own view; a member
/// that was fenced or refused is at its end whatever librdkafka says.
std::optional<consumed::Complaint> toComplaint(rd_kafka_resp_err_t code, const char *said,
                                               bool isFatal, const GroupConsumerSettings &settings,
                                               HandleContext &context);

/// What stopped the reading of a partition. librdkafka says _AUTO_OFFSET_RESET both where nothing
/// is committed and where the log has no such offset, and only its words tell which: the codes here
/// are NO_OFFSET and OFFSET_OUT_OF_RANGE.
Error toBroken(rd_kafka_resp_err_t code, const char *said, const TopicPartition &partition);

} // namespace redrive::kafka
