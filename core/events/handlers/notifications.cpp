#include "core/events/handlers/storedhandler.h"

namespace redrive::events {

namespace {

constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS notifications(
    seq INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, task_id TEXT NOT NULL,
    user_id TEXT NOT NULL, title TEXT NOT NULL, due_at TEXT, remind_at TEXT NOT NULL,
    topic TEXT NOT NULL, partition INTEGER NOT NULL, "offset" INTEGER NOT NULL,
    notified_at TEXT NOT NULL);
)";

/// A reminder, or a new task, which is told as a reminder of the moment it was created. Other task
/// events make no notification.
struct Notification
{
    Reminder reminder;
    bool toBeTold = true;
};

Notification toNotification(Notice notice)
{
    if (auto *reminder = std::get_if<Reminder>(&notice))
        return {.reminder = std::move(*reminder)};
    auto &event = std::get<TaskEvent>(notice);
    return {.reminder = {.eventId = std::move(event.eventId),
                         .taskId = std::move(event.taskId),
                         .userId = event.userId.value_or(UserId()),
                         .title = std::move(event.title).value_or(std::string()),
                         .dueAt = event.dueAt,
                         .remindAt = event.timestamp},
            .toBeTold = event.type == TaskEventType::Created};
}

class NotificationsHandler final : public StoredHandler<Notification>
{
public:
    NotificationsHandler(const HandlerSettings &settings, std::unique_ptr<Effects> effects)
        : StoredHandler(settings, std::move(effects))
        , m_insert(database(), R"(INSERT INTO notifications(event_id, task_id, user_id, title,)"
                               R"( due_at, remind_at, topic, partition, "offset", notified_at))"
                               R"( VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?))"
                               R"( ON CONFLICT(event_id) DO NOTHING)")
    {
    }

    std::string_view name() const override { return notificationsKind.name; }

protected:
    Reading<Notification> read(const RecordView &record, WallTime recordedAt) const override
    {
        auto notice = readNotice(record.value, recordedAt, settings().reading);
        if (!notice)
            return std::move(notice).error();
        return toNotification(std::move(*notice));
    }

    std::string_view idOf(const Notification &notification) const override
    {
        return notification.reminder.eventId.value();
    }

    bool write(const Notification &notification, const RecordView &record,
               std::string_view now) override
    {
        const auto &[eventId, taskId, userId, title, dueAt, remindAt] = notification.reminder;
        if (!notification.toBeTold)
            return true;
        const auto due = dueAt ? std::optional(toRfc3339(*dueAt)) : std::nullopt;
        return m_insert.run(eventId.value(), taskId.value(), userId.value(), title, due,
                            toRfc3339(remindAt), record.topic, record.partition, record.offset,
                            now) == 1;
    }

    bool tellsAfterwards() const override { return static_cast<bool>(settings().toast); }

    void tell(const Notification &notification) noexcept override
    {
        if (!notification.toBeTold)
            return;
        try {
            settings().toast(notification.reminder);
        } catch (...) { // the row is there, and nobody may be: a toast can be lost
        }
    }

private:
    store::Statement m_insert;
};

} // namespace

const HandlerKind notificationsKind{
    .name = "notifications",
    .about = "records reminders in SQLite and shows them on the desktop",
    .needsDatabase = true,
    .make = [](const HandlerSettings &settings) {
        return makeStored<NotificationsHandler>(notificationsKind.name, tables, settings);
    }};

} // namespace redrive::events
