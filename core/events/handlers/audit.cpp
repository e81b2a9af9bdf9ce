#include "core/events/handlers/storedhandler.h"

namespace redrive::events {

namespace {

constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS audit(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, event_type TEXT NOT NULL,
    task_id TEXT NOT NULL, user_id TEXT NOT NULL, task_data TEXT NOT NULL, timestamp TEXT NOT NULL,
    topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
    recorded_at TEXT NOT NULL);
)";

/// Records each task event, of any type, in exactly one row.
class AuditHandler final : public StoredHandler<TaskEvent>
{
public:
    AuditHandler(const HandlerSettings &settings, std::unique_ptr<Effects> effects)
        : StoredHandler(settings, std::move(effects))
        , m_insert(database(), R"(INSERT INTO audit(event_id, event_type, task_id, user_id,)"
                               R"( task_data, timestamp, topic, partition, "offset", recorded_at))"
                               R"( VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"
                               R"( ON CONFLICT(event_id) DO NOTHING)")
    {
    }

    std::string_view name() const override { return auditKind.name; }

protected:
    Reading<TaskEvent> read(const RecordView &record, WallTime recordedAt) const override
    {
        return readTaskEvent(record.value, recordedAt, settings().reading);
    }

    std::string_view idOf(const TaskEvent &event) const override { return event.eventId.value(); }

    bool write(const TaskEvent &event, const RecordView &record, std::string_view now) override
    {
        return m_insert.run(event.eventId.value(), events::name(event.type), event.taskId.value(),
                            event.userId ? std::string_view(event.userId->value()) : "",
                            event.taskData, toRfc3339(event.timestamp), record.topic,
                            record.partition, record.offset, now) == 1;
    }

private:
    store::Statement m_insert;
};

} // namespace

const HandlerKind auditKind{.name = "audit",
                            .about = "records task events in SQLite, one row an event",
                            .needsDatabase = true,
                            .make = [](const HandlerSettings &settings) {
                                return makeStored<AuditHandler>(auditKind.name, tables, settings);
                            }};

} // namespace redrive::events
