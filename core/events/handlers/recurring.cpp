#include "core/events/handlers/effects.h"
#include "core/events/handlers/handlers.h"
#include "core/events/handlers/production.h"
#include "core/events/nextoccurrence.h"
#include "core/events/translate.h"
#include "core/store/statement.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace redrive::events {

using consumer::BatchResult;

namespace {

constexpr const char *tables = R"(
CREATE TABLE IF NOT EXISTS recurring(
    event_id TEXT PRIMARY KEY, task_id TEXT NOT NULL, user_id TEXT NOT NULL,
    next_event_id TEXT NOT NULL UNIQUE, next_task_id TEXT NOT NULL, next_due_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK(state IN('pending', 'produced')), produced_partition INTEGER,
    produced_offset INTEGER);
)";

/// What is to be done for one record.
struct Plan
{
    std::size_t index = 0; ///< in the batch
    std::string inboxId;
    std::string eventId; ///< of the message
    std::optional<NextOccurrence> next;
    bool produce = false; ///< the row is pending, and no record before in the batch makes it
    bool there = false;   ///< had been processed before
};

/// Makes the next occurrence of a completed task: a row `pending`, the record, which is
/// acknowledged, then the row `produced` and the inbox in one transaction. A crash between leaves
/// the row pending, and the next delivery produces the same event again under the same id.
class RecurringHandler final : public consumer::Handler
{
public:
    RecurringHandler(const HandlerSettings &settings, std::unique_ptr<Effects> effects)
        : m_settings(settings)
        , m_effects(std::move(effects))
        , m_insert(*m_effects->database,
                   "INSERT INTO recurring(event_id, task_id, user_id, next_event_id, "
                   "next_task_id, next_due_at, state) VALUES(?, ?, ?, ?, ?, ?, 'pending') "
                   "ON CONFLICT(event_id) DO NOTHING")
        , m_isProduced(*m_effects->database,
                       "SELECT 1 FROM recurring WHERE event_id = ? AND state = 'produced'")
        , m_produced(*m_effects->database,
                     "UPDATE recurring SET state = 'produced', produced_partition = ?, "
                     "produced_offset = ? WHERE event_id = ?")
    {
    }

    std::string_view name() const override { return recurringKind.name; }

    /// One batch at a time, so that an event which comes twice at once is produced once.
    BatchResult process(std::span<const RecordView> records, consumer::Progress &progress) override
    {
        const std::scoped_lock lock(m_mutex);
        std::vector<Plan> plans;
        BatchResult result = plan(records, progress, plans);
        auto unsent = produce(records, plans);
        if (unsent && unsent->index < result.done) {
            result.done = unsent->index;
            result.failure = std::move(unsent->failure);
        }
        BatchEnd settled = settle(records, plans, result.done);
        if (settled.done < result.done) {
            result.done = settled.done;
            result.failure = std::move(settled.failure);
        }
        if (result.done < plans.size())
            result.failedEventId = plans[result.done].eventId;
        for (Plan &each : plans) {
            if (each.index < result.done)
                result.notes.push_back({.index = each.index,
                                        .duplicate = each.there,
                                        .eventId = std::move(each.eventId)});
        }
        return result;
    }

private:
    BatchResult plan(std::span<const RecordView> records, consumer::Progress &progress,
                     std::vector<Plan> &plans)
    {
        const WallTime now = m_settings.now();
        std::optional<Rejected> rejected;
        std::string refused;
        std::map<std::string, std::size_t> firstOf; // by event id
        const auto step = [&](std::size_t index, Writing &writing) {
            if (!progress.begin(index))
                return false;
            auto event = readTaskEvent(records[index].value, now, m_settings.reading);
            if (!event) {
                rejected = std::move(event).error();
                return false;
            }
            auto next = nextOccurrence(*event, now);
            if (!next) {
                rejected =
                    Rejected{.failure = toFailure(next.error()), .eventId = event->eventId.value()};
                return false;
            }
            Plan &plan = plans.emplace_back();
            plan.index = index;
            plan.eventId = event->eventId.value();
            plan.next = std::move(*next);
            inboxId(plan.inboxId, records[index], plan.eventId, m_settings.dedupe);
            const bool isFirst = firstOf.try_emplace(plan.eventId, index).first->second == index;
            begin(plan, *event, isFirst, writing);
            return true;
        };
        const auto forget = [&](std::size_t from) {
            rejected.reset();
            if (!plans.empty())
                refused = plans.back().eventId;
            plans.resize(std::min(plans.size(), from));
        };
        BatchEnd end = runBatch(*m_effects, records.size(), {.step = step, .forget = forget});
        BatchResult result;
        result.done = end.done;
        if (end.failure || !rejected) {
            result.failure = std::move(end.failure);
            result.failedEventId = std::move(refused);
        } else {
            result.failure = std::move(rejected->failure);
            result.failedEventId = std::move(rejected->eventId);
        }
        return result;
    }

    void begin(Plan &plan, const TaskEvent &event, bool isFirst, Writing &writing)
    {
        writing.begin();
        plan.there = m_effects->inbox && m_effects->inbox->contains(plan.inboxId);
        if (plan.there || !plan.next)
            return;
        m_insert.run(plan.eventId, event.taskId.value(), event.userId.value_or(UserId()).value(),
                     plan.next->eventId.value(), plan.next->taskId.value(),
                     toRfc3339(plan.next->dueAt));
        const bool isProduced = m_isProduced.query(plan.eventId).next();
        m_isProduced.reset();
        plan.produce = isFirst && !isProduced;
        plan.there = !plan.produce && !m_effects->inbox;
    }

    struct Unsent
    {
        std::size_t index = 0;
        consumer::Failure failure;
    };

    /// Sends what is to be sent and waits for the broker; the first that it did not take.
    std::optional<Unsent> produce(std::span<const RecordView> records,
                                  const std::vector<Plan> &plans)
    {
        Production production(m_settings);
        for (const Plan &plan : plans) {
            if (plan.produce && m_acknowledged.count(plan.eventId) == 0)
                production.send(plan.index, records[plan.index], *plan.next);
        }
        std::optional<Unsent> first;
        for (auto &[index, outcome] : production.wait()) {
            if (outcome)
                m_acknowledged.emplace(plans[index].eventId, *outcome);
            else if (!first)
                first = Unsent{.index = index, .failure = toFailure(outcome.error())};
        }
        return first;
    }

    /// Marks as produced what the broker has, and notes the first `count` records in the inbox.
    BatchEnd settle(std::span<const RecordView> records, std::vector<Plan> &plans,
                    std::size_t count)
    {
        const std::string now = toRfc3339(m_settings.now());
        const auto step = [&](std::size_t index, Writing &writing) {
            Plan &plan = plans[index];
            const auto delivered = m_acknowledged.find(plan.eventId);
            writing.begin();
            if (index < count && m_effects->inbox && !plan.there)
                plan.there = !m_effects->inbox->admit(plan.inboxId, records[index], now);
            if (delivered != m_acknowledged.end())
                m_produced.run(delivered->second.partition, delivered->second.offset.value(),
                               plan.eventId);
            return true;
        };
        BatchEnd end = runBatch(*m_effects, plans.size(), {.step = step, .forget = [](auto) {}});
        for (std::size_t index = 0; index < end.done; ++index)
            m_acknowledged.erase(plans[index].eventId);
        return end;
    }

    const HandlerSettings m_settings;
    std::mutex m_mutex;
    const std::unique_ptr<Effects> m_effects;
    store::Statement m_insert;
    store::Statement m_isProduced;
    store::Statement m_produced;
    /// Taken by the broker, and not yet marked so in the database; by event id. Guarded by m_mutex.
    std::map<std::string, kafka::Delivered> m_acknowledged;
};

} // namespace

const HandlerKind recurringKind{
    .name = "recurring",
    .about = "produces the next occurrence of a completed recurring task",
    .needsDatabase = true,
    .needsWriter = true,
    .make = [](const HandlerSettings &settings) -> Result<std::shared_ptr<consumer::Handler>> {
        return makeStored<RecurringHandler>(recurringKind.name, tables, settings);
    }};

} // namespace redrive::events
