#pragma once

#include "core/events/handlers/effects.h"
#include "core/events/handlers/handlers.h"
#include "core/events/translate.h"
#include "core/store/statement.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace redrive::events {

/// A handler whose effects are rows. A derived class says how a record is read, what its id is, and
/// which rows it makes; batches, transactions, duplicates and failures are dealt with here. Each
/// record's inbox row and effect are in one transaction, and are on the disk when process() says
/// so.
template <typename Event>
class StoredHandler : public consumer::Handler
{
public:
    /// One durable write to the disk a transaction, so the more records in it the better, up to
    /// what a stop or a refused record makes worth it.
    std::size_t batchLimit() const override { return 2000; }
    consumer::BatchResult process(std::span<const RecordView> records,
                                  consumer::Progress &progress) final
    {
        const WallTime now = m_settings.now();
        const std::string at = toRfc3339(now);
        std::vector<consumer::Note> notes;
        std::vector<std::pair<std::size_t, Event>> effective;
        std::optional<Rejected> rejected;
        struct
        {
            std::size_t index = 0;
            std::string eventId;
        } current, failed;
        std::string id;
        notes.reserve(records.size());

        const auto step = [&](std::size_t index, Writing &writing) {
            if (!progress.begin(index))
                return false;
            const RecordView &record = records[index];
            auto event = read(record, timeOf(record, now));
            if (!event) {
                rejected = std::move(event).error();
                return false;
            }
            const std::string_view eventId = idOf(*event);
            current.index = index;
            current.eventId = eventId;
            writing.begin();
            bool isNew = true;
            if (m_effects->inbox) {
                inboxId(id, record, eventId, m_settings.dedupe);
                isNew = m_effects->inbox->admit(id, record, at);
            }
            isNew = isNew && write(*event, record, at);
            if (!isNew || !eventId.empty())
                notes.push_back({.index = index, .duplicate = !isNew, .eventId = current.eventId});
            if (isNew && tellsAfterwards())
                effective.emplace_back(index, std::move(*event));
            return true;
        };
        const auto forget = [&](std::size_t from) {
            rejected.reset();
            failed = current;
            while (!notes.empty() && notes.back().index >= from)
                notes.pop_back();
            while (!effective.empty() && effective.back().first >= from)
                effective.pop_back();
        };
        BatchEnd end = runBatch(*m_effects, records.size(), {.step = step, .forget = forget});

        consumer::BatchResult result;
        result.done = end.done;
        result.failure = std::move(end.failure);
        if (!result.failure && rejected) {
            result.failure = std::move(rejected->failure);
            result.failedEventId = std::move(rejected->eventId);
        } else if (result.failure && failed.index == result.done) {
            result.failedEventId = std::move(failed.eventId);
        }
        result.notes = std::move(notes);
        for (const auto &[index, event] : effective)
            tell(event);
        return result;
    }

protected:
    StoredHandler(HandlerSettings settings, std::unique_ptr<Effects> effects)
        : m_settings(std::move(settings))
        , m_effects(std::move(effects))
    {
    }

    const HandlerSettings &settings() const { return m_settings; }
    store::Database &database() { return *m_effects->database; }

    /// `recordedAt` is what the record says, or now.
    virtual Reading<Event> read(const RecordView &record, WallTime recordedAt) const = 0;
    /// Empty: the message has none.
    virtual std::string_view idOf(const Event &event) const = 0;
    /// Inside a transaction, by one thread at a time; throws store::StoreError. `now` is RFC 3339.
    /// False: the effect was there already.
    virtual bool write(const Event &event, const RecordView &record, std::string_view now) = 0;

    /// Whether tell() wants to be called, for each new effect after it is on the disk.
    virtual bool tellsAfterwards() const { return false; }
    virtual void tell(const Event & /*event*/) noexcept {}

private:
    static WallTime timeOf(const RecordView &record, WallTime now)
    {
        return record.timestampType == TimestampType::None ? now
                                                           : WallTime(Millis(record.timestamp));
    }

    const HandlerSettings m_settings;
    const std::unique_ptr<Effects> m_effects;
};

} // namespace redrive::events
