#pragma once

#include "core/events/produce.h"
#include "ui/bridge/consumerrunner.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace redrive::ui {

/// What is to be written: the same record so often, or generated events.
struct ProduceRequest
{
    std::string topic;
    std::optional<events::ProducePlan> plan; ///< none: `key` and `value`
    std::optional<std::string> key;
    std::optional<std::string> value;
    Headers headers;
    std::uint64_t count = 1;
    std::optional<std::uint64_t> perSecond; ///< none: as fast as they are acknowledged
};

/// How far it has come. A value.
struct ProduceProgress
{
    std::uint64_t sent = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t failed = 0;
    std::optional<kafka::Delivered> newest{};
    std::optional<Error> error{}; ///< the newest
    bool ended = false;
    bool stopped = false; ///< before all had been sent
};

/// Writes records from a thread of its own (named "produce") and reports the broker's answers.
/// Owned by the UI thread; nothing here waits. Destroyed while it runs, it stops sending, and the
/// background waits for the answers that are due.
class ProduceJob
{
public:
    /// In flight at most so many: what memory holds, and what a stop leaves open.
    static constexpr std::uint64_t inFlightLimit = 1000;

    ProduceJob(std::shared_ptr<ConsumerRunner> runner, ProduceRequest request);
    ~ProduceJob();
    ProduceJob(const ProduceJob &) = delete;
    ProduceJob &operator=(const ProduceJob &) = delete;

    void stop();
    ProduceProgress progress() const;

private:
    struct Shared;
    std::shared_ptr<Shared> m_shared;
};

} // namespace redrive::ui
