#pragma once

#include "core/base/error.h"
#include "core/base/text.h"
#include "core/consumer/handler.h"
#include "core/events/handlers/settings.h"
#include "core/store/inbox.h"
#include "core/store/storeerror.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace redrive::events {

/// The file that a handler writes to: one connection, which workers share in turn.
struct Effects
{
    std::unique_ptr<store::Database> database;
    std::optional<store::Inbox> inbox; ///< none: --dedupe none
    std::mutex mutex;                  ///< held while the connection is used
};

/// Of the files that handlers write to. Handlers create their own tables, so the version counts
/// only changes to tables that are already out there.
store::Schema effectsSchema();

/// Opens `settings.database` and creates the handler's own `tables` in it where they are missing.
Result<std::unique_ptr<Effects>> openEffects(const HandlerSettings &settings,
                                             const std::string &handler, const char *tables);

/// Opens the database with the handler's own `tables` (CREATE TABLE IF NOT EXISTS …) in it, and
/// makes a `T` that works on it.
template <typename T>
Result<std::shared_ptr<consumer::Handler>> makeStored(std::string_view name, const char *tables,
                                                      const HandlerSettings &settings)
{
    auto effects = openEffects(settings, std::string(name), tables);
    if (!effects)
        return effects.error();
    try {
        return std::shared_ptr<consumer::Handler>(
            std::make_shared<T>(settings, std::move(*effects)));
    } catch (const store::StoreError &error) { // tables of that name and another shape
        return store::toError(error, "opening " + visible(settings.database.string()));
    }
}

/// The inbox id of a record (events.md §5), put into `into`. `eventId` is the message's, empty
/// where it has none. A record that comes back from a dead-letter topic keeps the id of its first
/// delivery: headers `dlq.event-id` and `dlq.origin.*` come first.
void inboxId(std::string &into, const RecordView &record, std::string_view eventId, Dedupe dedupe);

/// A transaction that begins when something is to be written.
class Writing
{
public:
    explicit Writing(Effects &effects)
        : m_effects(effects)
        , m_lock(effects.mutex, std::defer_lock)
    {
    }
    void begin(); ///< waits for other workers and other processes; again and again does nothing
    void commit();

private:
    Effects &m_effects;
    std::unique_lock<std::mutex> m_lock;
    std::optional<store::Transaction> m_transaction;
};

/// How far a batch came: [0, done) are on the disk.
struct BatchEnd
{
    std::size_t done = 0;
    std::optional<consumer::Failure> failure; ///< of record `done`
};

/// What is done with each record of a batch.
struct BatchSteps
{
    /// Writes what there is to write of record `index`; false ends the batch before it.
    std::function<bool(std::size_t index, Writing &writing)> step;
    /// Forgets what was noted of records from `index` on: they will be stepped over again, or not.
    std::function<void(std::size_t index)> forget;
};

/// Steps over a batch in one transaction. Where the database refuses a record for its own sake, or
/// its step throws, those before it are written again without it: one record never spoils another.
/// Throws nothing.
BatchEnd runBatch(Effects &effects, std::size_t count, const BatchSteps &steps);

consumer::Failure toFailure(const store::StoreError &error, const std::filesystem::path &file);

} // namespace redrive::events
