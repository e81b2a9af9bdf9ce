#include "core/events/produce.h"

#include "core/decode/quote.h"
#include "core/events/domain.h"
#include "core/events/malform.h"

#include <array>

namespace redrive::events {

namespace {

using decode::jsonString;

constexpr std::string_view customers[]{"Ada Lovelace",    "Grace Hopper",   "Katherine Johnson",
                                       "Edsger Dijkstra", "Barbara Liskov", "Radia Perlman",
                                       "Márta Kovács",    "Åse Lindqvist",  "日本 花子"};
constexpr std::string_view products[]{"Notebook", "Fountain pen", "Desk lamp", "Teapot",
                                      "Globe",    "Slide rule",   "Kite"};
constexpr std::string_view chores[]{"Water the plants", "Pay the rent",      "Call the dentist",
                                    "Send the invoice", "Clean the kitchen", "Back up the laptop"};
constexpr std::string_view currencies[]{"EUR", "USD", "GBP", "CHF"};

/// Numbers that depend on seed and index alone, the same everywhere (SplitMix64).
class Dice
{
public:
    Dice(std::uint64_t seed, std::uint64_t index)
        : m_state(mixed(seed * step + 1) + index * step)
    {
    }
    std::uint64_t roll()
    {
        m_state += step;
        return mixed(m_state);
    }
    std::uint64_t below(std::uint64_t limit) { return roll() % limit; }
    template <std::size_t N>
    std::string_view oneOf(const std::string_view (&choices)[N])
    {
        return choices[below(N)];
    }

private:
    static constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
    static std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
        return z ^ (z >> 31U);
    }
    std::uint64_t m_state;
};

std::string hex(std::uint64_t value, int digits)
{
    constexpr std::string_view hexDigits = "0123456789abcdef";
    std::string text;
    for (int digit = digits - 1; digit >= 0; --digit)
        text += hexDigits[(value >> (4U * static_cast<unsigned>(digit))) & 0xfU];
    return text;
}

/// `unique` differs from record to record, so its bits are all kept.
std::string uuid(std::uint64_t unique, std::uint64_t more)
{
    return hex(unique >> 32U, 8) + "-" + hex(unique >> 16U, 4) + "-4" + hex(more >> 48U, 3) + "-" +
           hex(8 + ((more >> 40U) & 3U), 1) + hex(more >> 28U, 3) + "-" + hex(unique, 4) +
           hex(more, 8);
}

struct Common
{
    std::string eventId;
    std::string user;
    Instant time;
};

Members orderMembers(const Common &common, Dice &dice)
{
    std::string lines;
    std::int64_t cents = 0;
    for (std::uint64_t count = 1 + dice.below(3); count > 0; --count) {
        const auto price = static_cast<std::int64_t>(50 + dice.below(20'000));
        const auto quantity = static_cast<std::int64_t>(1 + dice.below(5));
        cents += price * quantity;
        lines += R"({"product_id":)" + jsonString("p-" + std::to_string(dice.below(1000))) +
                 R"(,"title":)" + jsonString(dice.oneOf(products)) + R"(,"quantity":)" +
                 std::to_string(quantity) + R"(,"unit_price":)" +
                 Money::of(price, 2).value_or(Money()).text() + (count > 1 ? "}," : "}");
    }
    return {{"event_id", jsonString(common.eventId)},
            {"order_id", jsonString("o-" + common.eventId.substr(0, 18))},
            {"user_id", jsonString(common.user)},
            {"created_at", jsonString(toRfc3339(common.time))},
            {"customer_name", jsonString(dice.oneOf(customers))},
            {"currency", jsonString(dice.oneOf(currencies))},
            {"total_price", Money::of(cents, 2).value_or(Money()).text()},
            {"line_items", "[" + lines + "]"}};
}

Members taskMembers(const Common &common, Dice &dice)
{
    const auto type = static_cast<TaskEventType>(dice.below(4));
    const auto recurrence = static_cast<Recurrence>(dice.below(5));
    const auto due = common.time + std::chrono::hours(1 + dice.below(240));
    return {{"event_id", jsonString(common.eventId)},
            {"event_type", jsonString(name(type))},
            {"task_id", jsonString("task-" + std::to_string(dice.below(10'000)))},
            {"user_id", jsonString(common.user)},
            {"timestamp", jsonString(toRfc3339(common.time))},
            {"task_data", R"({"title":)" + jsonString(dice.oneOf(chores)) + R"(,"recurrence":)" +
                              jsonString(name(recurrence)) + R"(,"recurrence_interval":)" +
                              std::to_string(1 + dice.below(3)) + R"(,"due_at":)" +
                              jsonString(toRfc3339(due)) + "}"}};
}

Members reminderMembers(const Common &common, Dice &dice)
{
    const auto remind = common.time + std::chrono::minutes(dice.below(600));
    return {{"event_id", jsonString(common.eventId)},
            {"task_id", jsonString("task-" + std::to_string(dice.below(10'000)))},
            {"user_id", jsonString(common.user)},
            {"title", jsonString(dice.oneOf(chores))},
            {"due_at", jsonString(toRfc3339(remind + std::chrono::minutes(15)))},
            {"remind_at", jsonString(toRfc3339(remind))}};
}

Members membersOf(EventKind kind, const Common &common, Dice &dice)
{
    switch (kind) {
    case EventKind::Order: return orderMembers(common, dice);
    case EventKind::Task: return taskMembers(common, dice);
    case EventKind::Reminder: return reminderMembers(common, dice);
    }
    return {};
}

} // namespace

std::optional<EventKind> parseEventKind(std::string_view text)
{
    if (text == "order")
        return EventKind::Order;
    if (text == "task")
        return EventKind::Task;
    if (text == "reminder")
        return EventKind::Reminder;
    return {};
}

ProducedEvent makeEvent(const ProducePlan &plan, std::uint64_t index)
{
    Dice dice(plan.seed, index);
    const std::uint64_t unique = dice.roll();
    const Common common{.eventId = uuid(unique, dice.roll()),
                        .user = "u-" + std::to_string(dice.below(plan.users > 0 ? plan.users : 1)),
                        .time = plan.from + std::chrono::seconds(index)};
    const auto members = membersOf(plan.kind, common, dice);

    const std::uint64_t every = plan.badEvery.value_or(0);
    if (every == 0 || (index + 1) % every != 0)
        return {.key = common.user, .value = joined(members), .malformation = {}};
    const auto kinds = malformationsOf(plan.kind);
    const auto &how = kinds[((index + 1) / every - 1) % kinds.size()];
    return {.key = common.user, .value = how.spoil(members), .malformation = how.name};
}

std::vector<std::string_view> malformations(EventKind kind)
{
    std::vector<std::string_view> names;
    for (const auto &how : malformationsOf(kind))
        names.push_back(how.name);
    return names;
}

} // namespace redrive::events
