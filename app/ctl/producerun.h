#pragma once

#include "app/ctl/produceoptions.h"
#include "core/base/error.h"
#include "core/base/time.h"
#include "core/kafka/recordwriter.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace redrive::ctl {

struct ProduceResult
{
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t failed = 0;
    struct Refusal
    {
        Error error; ///< the first one's
        std::uint64_t count = 0;
    };
    std::map<std::string, Refusal> refusals; ///< by code
    std::optional<Error> sourceError;        ///< reading went wrong: the rest was not sent
};

/// Writes what the source gives, and waits until every record is answered. Ends early, in order,
/// where `stop` says so or where nobody answers any more. `progress` is called now and then with
/// how many were acknowledged. Blocks.
ProduceResult produceAll(ProduceRequest request, kafka::RecordWriter &writer,
                         const std::function<bool()> &stop,
                         const std::function<void(std::uint64_t)> &progress);

} // namespace redrive::ctl
