#pragma once

#include "app/ctl/recordsource.h"
#include "core/base/error.h"
#include "core/model/record.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// The options of `produce` as they were written.
struct ProduceOptions
{
    std::string topic;
    std::optional<std::string> key;
    std::vector<std::string> headers;
    std::optional<std::string> file;
    std::optional<std::string> lines;
    std::optional<std::string> keyDelimiter;
    std::optional<std::string> event;
    std::optional<std::string> count;
    std::optional<std::string> rate;
    std::optional<std::string> users;
    std::optional<std::string> seed;
    std::optional<std::string> bad;
};

struct ProduceRequest
{
    std::string topic;
    Headers headers;                    ///< of every record
    std::unique_ptr<RecordSource> from; ///< files are open
    std::optional<double> perSecond;    ///< none: as fast as it goes
};
Result<ProduceRequest> readProduce(const ProduceOptions &options, WallTime now);

/// `N=V`: the value may be empty and may hold further `=`.
Result<Header> parseHeader(const std::string &text);

} // namespace redrive::ctl
