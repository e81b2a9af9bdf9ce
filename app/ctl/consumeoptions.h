#pragma once

#include "core/base/error.h"
#include "core/run/sessionhost.h"

#include <optional>
#include <string>
#include <vector>

namespace redrive::ctl {

/// The options of `consume` as they were written.
struct ConsumeOptions
{
    std::string group;
    std::vector<std::string> topics;
    std::string handler = "inspect";
    std::optional<std::string> database;
    std::string commit = "every:1s";
    std::string reset = "earliest";
    std::string workers = "2";
    std::string order = "partition";
    std::string retries = "3";
    std::string backoff = "100ms:10s";
    std::string dlq = ".dlq";
    std::string onPoison = "dlq";
    std::string dedupe = "event_id";
    std::optional<std::string> fault;
    bool untilEnd = false;
    std::optional<std::string> most;
    std::string drain = "10s";
    std::optional<std::string> healthPort;
    std::optional<std::string> healthAddress;
    std::optional<std::string> otlp;
    std::optional<std::string> instanceId;
    std::string stuckAfter = "60s";
    std::string unknownFields = "ignore";
    std::string maxValue = "4MiB";
    bool createDlq = false;
    std::string events = "changes";
};

/// The same, read: what makes no sense has been refused.
Result<run::SessionRequest> readConsume(const ConsumeOptions &options);

} // namespace redrive::ctl
