#include "core/events/handlers/storedhandler.h"

namespace redrive::events {

namespace {

constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS daily_stats(
    day TEXT NOT NULL, event_type TEXT NOT NULL, count INTEGER NOT NULL,
    PRIMARY KEY(day, event_type)) WITHOUT ROWID;
)";

/// An event as far as it is counted: task events by their type, others as `order` and `reminder`.
struct Counted
{
    std::string eventId;
    std::string_view type;
    Instant at{}; ///< when it happened, as the event says
};

/// Counts events per UTC day and type.
class StatsHandler final : public StoredHandler<Counted>
{
public:
    StatsHandler(const HandlerSettings &settings, std::unique_ptr<Effects> effects)
        : StoredHandler(settings, std::move(effects))
        , m_count(database(), "INSERT INTO daily_stats(day, event_type, count) VALUES(?, ?, 1) "
                              "ON CONFLICT(day, event_type) DO UPDATE SET count = count + 1")
    {
    }

    std::string_view name() const override { return statsKind.name; }

protected:
    Reading<Counted> read(const RecordView &record, WallTime recordedAt) const override
    {
        switch (shapeOf(record.value, Shape::TaskEvent)) {
        case Shape::Order: return readCountedOrder(record);
        case Shape::Reminder: return readCountedReminder(record);
        case Shape::TaskEvent:
        case Shape::TaskCreated: break;
        }
        auto event = readTaskEvent(record.value, recordedAt, settings().reading);
        if (!event)
            return std::move(event).error();
        return Counted{event->eventId.value(), events::name(event->type), event->timestamp};
    }

    std::string_view idOf(const Counted &event) const override { return event.eventId; }

    bool write(const Counted &event, const RecordView & /*record*/,
               std::string_view /*now*/) override
    {
        constexpr std::size_t lengthOfDay = 10; // 2026-11-21
        m_count.run(toRfc3339(event.at).substr(0, lengthOfDay), event.type);
        return true;
    }

private:
    Reading<Counted> readCountedOrder(const RecordView &record) const
    {
        auto order = readOrder(record.value, settings().reading);
        if (!order)
            return std::move(order).error();
        return Counted{order->eventId ? order->eventId->value() : std::string(), "order",
                       order->createdAt};
    }

    Reading<Counted> readCountedReminder(const RecordView &record) const
    {
        auto reminder = readReminder(record.value, settings().reading);
        if (!reminder)
            return std::move(reminder).error();
        return Counted{reminder->eventId.value(), "reminder", reminder->remindAt};
    }

    store::Statement m_count;
};

} // namespace

const HandlerKind statsKind{.name = "stats",
                            .about = "counts events per day and type in SQLite",
                            .needsDatabase = true,
                            .make = [](const HandlerSettings &settings) {
                                return makeStored<StatsHandler>(statsKind.name, tables, settings);
                            }};

} // namespace redrive::events
