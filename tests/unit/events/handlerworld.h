#pragma once

#include "core/events/handlers/effects.h"
#include "core/events/handlers/handlers.h"
#include "core/store/database.h"
#include "core/store/statement.h"

#include <QTemporaryDir>
#include <QTest>

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace redrive::events {

/// Records in memory, one after the other in one partition.
class Records
{
public:
    explicit Records(std::string topic, std::int64_t from = 0)
        : m_topic(std::move(topic))
        , m_next(from)
    {
    }
    Records &add(std::optional<std::string> value, Headers headers = {})
    {
        m_kept.push_back({.value = std::move(value), .headers = std::move(headers)});
        RecordView view;
        view.topic = m_topic;
        view.partition = 3;
        view.offset = m_next++;
        view.timestampType = TimestampType::CreateTime;
        view.timestamp = 1'795'255'200'000;
        if (m_kept.back().value)
            view.value = *m_kept.back().value;
        view.source = &m_kept.back();
        view.readHeaders = [](const void *source) {
            return static_cast<const Kept *>(source)->headers;
        };
        m_views.push_back(view);
        return *this;
    }
    const std::vector<RecordView> &views() const { return m_views; }

private:
    struct Kept
    {
        std::optional<std::string> value;
        Headers headers;
    };
    std::string m_topic;
    std::int64_t m_next;
    std::deque<Kept> m_kept;
    std::vector<RecordView> m_views;
};

class Watch final : public consumer::Progress
{
public:
    bool begin(std::size_t index) override
    {
        begun.push_back(index);
        return index < stopAt;
    }
    std::vector<std::size_t> begun;
    std::size_t stopAt = SIZE_MAX;
};

/// A handler over a database on the disk.
class World
{
public:
    World()
    {
        settings.database = std::filesystem::path(m_directory.path().toStdString()) / "e.db";
    }

    std::shared_ptr<consumer::Handler> make(const char *name) const
    {
        auto handler = makeHandler(name, settings);
        if (!handler)
            qFatal("%s", describe(handler.error()).c_str());
        return *handler;
    }
    static consumer::BatchResult run(consumer::Handler &handler, const Records &records)
    {
        Watch watch;
        return handler.process(records.views(), watch);
    }
    /// Another connection, as another program has it.
    std::unique_ptr<store::Database> look() const
    {
        auto database = store::Database::open(settings.database, effectsSchema(),
                                              {.busyTimeout = Millis(2000)});
        if (!database)
            qFatal("%s", describe(database.error()).c_str());
        return std::move(*database);
    }
    void execute(const std::string &sql) const { look()->execute(sql); }
    std::int64_t count(const std::string &table) const
    {
        return look()->readInteger("SELECT count(*) FROM " + table);
    }
    /// Rows as `a|b|c`, one a line.
    std::string rows(const std::string &sql, int columns) const
    {
        const auto database = look();
        store::Statement select(*database, sql);
        std::string text;
        while (select.next()) {
            text += text.empty() ? "" : "\n";
            for (int column = 0; column < columns; ++column)
                text += (column == 0 ? "" : "|") + select.maybeText(column).value_or("NULL");
        }
        return text;
    }

    HandlerSettings settings;

private:
    QTemporaryDir m_directory;
};

inline std::string orderJson(const std::string &id, const std::string &event,
                             const std::string &price = "12.30", const std::string &more = {})
{
    return R"({"order_id":")" + id +
           R"(","created_at":"2026-11-21T10:00:00Z","customer_name":)"
           R"("Ada","total_price":)" +
           price + (event.empty() ? "" : R"(,"event_id":")" + event + "\"") + more + "}";
}

inline std::string taskJson(const std::string &event, const std::string &type,
                            const std::string &data = R"({"title":"Water plants"})")
{
    return R"({"event_id":")" + event + R"(","event_type":")" + type +
           R"(","task_id":"task-1","user_id":"u-7","timestamp":"2026-11-21T10:00:00Z",)"
           R"("task_data":)" +
           data + "}";
}

inline std::string reminderJson(const std::string &event)
{
    return R"({"event_id":")" + event +
           R"(","task_id":"task-1","user_id":"u-7","title":"Water plants",)"
           R"("due_at":"2026-11-21T18:00:00Z","remind_at":"2026-11-21T17:45:00Z"})";
}

/// `0 2` for the notes of duplicates at 0 and 2.
inline std::string duplicates(const consumer::BatchResult &result)
{
    std::string text;
    for (const consumer::Note &note : result.notes) {
        if (note.duplicate)
            text += (text.empty() ? "" : " ") + std::to_string(note.index);
    }
    return text;
}

} // namespace redrive::events
