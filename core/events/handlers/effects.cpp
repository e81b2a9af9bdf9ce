#include "core/events/handlers/effects.h"

#include "core/base/text.h"
#include "core/store/database.h"

#include <exception>
#include <sqlite3.h>
#include <utility>

namespace redrive::events {

using consumer::Failure;
using consumer::Stage;

namespace {

constexpr std::int32_t applicationId = 0x52644566; // "RdEf"

void addOrigin(std::string &into, std::string_view topic, std::string_view partition,
               std::string_view offset)
{
    into.append("o:").append(topic).append(":").append(partition).append(":").append(offset);
}

Failure exceptionFailure(const std::string &message)
{
    return {.kind = Failure::Kind::Transient,
            .stage = Stage::Process,
            .errorClass = "HandlerException",
            .message = message};
}

} // namespace

store::Schema effectsSchema()
{
    return {.applicationId = applicationId, .steps = {""}};
}

Result<std::unique_ptr<Effects>> openEffects(const HandlerSettings &settings,
                                             const std::string &handler, const char *tables)
{
    auto database = store::Database::open(settings.database, effectsSchema(),
                                          {.busyTimeout = settings.busyTimeout});
    if (!database)
        return database.error();
    auto effects = std::make_unique<Effects>();
    effects->database = std::move(*database);
    try {
        store::Transaction transaction(*effects->database);
        effects->database->execute(tables);
        transaction.commit();
        if (settings.dedupe == Dedupe::None)
            store::Inbox::create(*effects->database, handler);
        else
            effects->inbox.emplace(*effects->database, handler);
    } catch (const store::StoreError &error) {
        return store::toError(error, "opening " + visible(settings.database.string()));
    }
    return effects;
}

void inboxId(std::string &into, const RecordView &record, std::string_view eventId, Dedupe dedupe)
{
    into.clear();
    const Headers headers = record.headers();
    const std::string *known = lastHeader(headers, "dlq.event-id");
    if (known != nullptr && !known->empty() && !eventId.empty())
        eventId = *known;
    const std::string *topic = lastHeader(headers, "dlq.origin.topic");
    const std::string *partition = lastHeader(headers, "dlq.origin.partition");
    const std::string *offset = lastHeader(headers, "dlq.origin.offset");
    if (dedupe == Dedupe::ByEventId && !eventId.empty())
        into.append("e:").append(eventId);
    else if (topic != nullptr && partition != nullptr && offset != nullptr)
        addOrigin(into, *topic, *partition, *offset);
    else if (dedupe == Dedupe::ByEventId && known != nullptr && !known->empty())
        into.append("e:").append(*known);
    else
        addOrigin(into, record.topic, std::to_string(record.partition),
                  std::to_string(record.offset));
}

void Writing::begin()
{
    if (m_transaction)
        return;
    m_lock.lock();
    m_transaction.emplace(*m_effects.database);
}

void Writing::commit()
{
    if (!m_transaction)
        return;
    m_transaction->commit();
    m_transaction.reset();
    m_lock.unlock();
}

Failure toFailure(const store::StoreError &error, const std::filesystem::path &file)
{
    const bool environment = error.blame() == store::Blame::Environment;
    return {.kind = environment ? Failure::Kind::Environment : Failure::Kind::Transient,
            .stage = Stage::Process,
            .errorClass = environment                                ? "DatabaseUnavailable"
                          : error.primaryCode() == SQLITE_CONSTRAINT ? "ConstraintViolation"
                                                                     : "DatabaseRefusal",
            .message = "writing to " + visible(file.string()) + ": " + visible(error.what()) +
                       " (" + store::codeName(error.code()) + ")"};
}

BatchEnd runBatch(Effects &effects, std::size_t count, const BatchSteps &steps)
{
    BatchEnd end;
    std::size_t limit = count;
    bool oneByOne = false; // where only the commit says no, nobody knows for whose sake
    while (end.done < limit) {
        std::size_t index = end.done;
        const std::size_t stopAt = oneByOne ? index + 1 : limit;
        bool stepping = true;
        std::optional<Failure> found;
        try {
            Writing writing(effects);
            while (index < stopAt && steps.step(index, writing))
                ++index;
            stepping = false;
            writing.commit();
            end.done = index;
            if (index < stopAt)
                return {.done = index, .failure = {}};
            continue;
        } catch (const store::StoreError &error) {
            found = toFailure(error, effects.database->file());
        } catch (const std::exception &error) {
            found = exceptionFailure(visible(error.what()));
        } catch (...) {
            found = exceptionFailure("an exception of unknown type");
        }
        steps.forget(end.done);
        if (found->kind == Failure::Kind::Environment)
            return {.done = end.done, .failure = std::move(found)};
        if (stepping || index == end.done + 1) {
            limit = stepping ? index : end.done;
            end.failure = std::move(found);
        } else {
            oneByOne = true;
        }
    }
    return end;
}

} // namespace redrive::events
