#pragma once

#include "core/consumer/handler.h"
#include "core/decode/walker.h"
#include "core/events/handlers/settings.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace redrive::events {

/// Tells the window and scripts each task event as it comes, and counts them by type. Keeps
/// nothing, so an event that is delivered twice is told twice.
class LiveHandler final : public consumer::Handler
{
public:
    explicit LiveHandler(const HandlerSettings &settings);

    std::string_view name() const override;
    consumer::BatchResult process(std::span<const RecordView> records,
                                  consumer::Progress &progress) override;

    /// `created` → 12 …; from any thread.
    std::map<std::string, std::uint64_t> counts() const;

private:
    const decode::Options m_reading;
    const std::function<WallTime()> m_now;
    mutable std::mutex m_mutex;
    std::map<std::string, std::uint64_t> m_counts; ///< guarded by m_mutex
};

} // namespace redrive::events
