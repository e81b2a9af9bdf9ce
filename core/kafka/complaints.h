#pragma once

#include "core/kafka/groupconsumer.h"

#include <optional>
#include <string>

namespace redrive::kafka {

/// What OpenSSL and librdkafka's log say about the last connection (configure.h).
struct ConnectionWords
{
    std::string certificateProblem;
    std::string brokenConnection;
};

/// What an error event says to whoever runs a member; `code` is librdkafka's. Nothing for what it
/// only thinks aloud ("0/1 brokers are down" while it looks for one). `isFatal` is librdkafka's own
/// view; a member whose instance id is another's is at its end whatever librdkafka says.
std::optional<consumed::Complaint> toComplaint(int code, const std::string &said, bool isFatal,
                                               const GroupConsumerSettings &settings,
                                               const ConnectionWords &connection);

/// What stopped the reading of a partition. librdkafka says _AUTO_OFFSET_RESET both where nothing
/// is committed and where the log has no such offset, and only its words tell which: the codes here
/// are NO_OFFSET and OFFSET_OUT_OF_RANGE.
Error toBroken(int code, const std::string &said, const TopicPartition &partition);

} // namespace redrive::kafka
