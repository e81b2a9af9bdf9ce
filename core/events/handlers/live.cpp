#include "core/events/handlers/live.h"

#include "core/events/handlers/handlers.h"
#include "core/events/translate.h"

#include <utility>

namespace redrive::events {

LiveHandler::LiveHandler(const HandlerSettings &settings)
    : m_reading(settings.reading)
    , m_now(settings.now)
{
}

std::string_view LiveHandler::name() const
{
    return liveKind.name;
}

consumer::BatchResult LiveHandler::process(std::span<const RecordView> records,
                                           consumer::Progress &progress)
{
    consumer::BatchResult result;
    std::map<std::string, std::uint64_t> counts;
    for (const RecordView &record : records) {
        if (!progress.begin(result.done))
            break;
        const auto recordedAt = record.timestampType == TimestampType::None
                                    ? m_now()
                                    : WallTime(Millis(record.timestamp));
        auto event = readTaskEvent(record.value, recordedAt, m_reading);
        if (!event) {
            result.failure = std::move(event.error().failure);
            result.failedEventId = std::move(event.error().eventId);
            break;
        }
        std::string type(events::name(event->type));
        ++counts[type];
        result.notes.push_back(
            {.index = result.done,
             .eventId = event->eventId.value(),
             .update = consumer::Update{.eventId = event->eventId.value(),
                                        .eventType = std::move(type),
                                        .taskId = event->taskId.value(),
                                        .userId = event->userId.value_or(UserId()).value(),
                                        .taskData = std::move(event->taskData)}});
        ++result.done;
    }
    const std::scoped_lock lock(m_mutex);
    for (const auto &[type, count] : counts)
        m_counts[type] += count;
    return result;
}

std::map<std::string, std::uint64_t> LiveHandler::counts() const
{
    const std::scoped_lock lock(m_mutex);
    return m_counts;
}

const HandlerKind liveKind{
    .name = "live",
    .about = "tells each task event as it comes, and counts them by type",
    .make = [](const HandlerSettings &settings) -> Result<std::shared_ptr<consumer::Handler>> {
        return std::shared_ptr<consumer::Handler>(std::make_shared<LiveHandler>(settings));
    }};

} // namespace redrive::events
