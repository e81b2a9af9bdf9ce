#pragma once

#include "tests/support/clients/producer.h"

#include <cstdint>
#include <vector>

namespace redrive::testclients {

/// A record as it lies in the log.
struct Stored
{
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    Message message;
};

/// All that lies in a topic, by partition and offset; no group is joined. Throws where it cannot be
/// read to its end in time.
std::vector<Stored> readTopic(const std::string &bootstrap, const std::string &topic,
                              const Properties &properties = {});

} // namespace redrive::testclients
