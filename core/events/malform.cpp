#include "core/events/malform.h"

#include "core/decode/quote.h"

namespace redrive::events {

namespace {

using Spoiled = std::optional<std::string>;

Spoiled with(const Members &members, std::string_view name, std::string_view json)
{
    Members spoiled = members;
    for (auto &[field, value] : spoiled)
        if (field == name)
            value = json;
    return joined(spoiled);
}

Spoiled without(const Members &members, std::string_view name)
{
    Members spoiled = members;
    std::erase_if(spoiled, [&](const auto &member) { return member.first == name; });
    return joined(spoiled);
}

Spoiled replaced(const Members &members, std::string_view from, std::string_view to)
{
    std::string text = joined(members);
    if (const auto at = text.find(from); at != std::string::npos)
        text.replace(at, from.size(), to);
    return text;
}

std::string nested(std::size_t depth)
{
    return std::string(depth, '[') + std::string(depth, ']');
}

// Stage decode, for every event

Spoiled notJson(const Members &)
{
    return "this is not JSON";
}
Spoiled truncated(const Members &members)
{
    std::string text = joined(members);
    text.resize(text.size() - 2);
    return text;
}
Spoiled trailingGarbage(const Members &members)
{
    return joined(members) + " }";
}
Spoiled byteOrderMark(const Members &members)
{
    return "\xef\xbb\xbf" + joined(members);
}
Spoiled comment(const Members &members)
{
    return "/* generated */" + joined(members);
}
Spoiled twice(const Members &members)
{
    Members spoiled = members;
    spoiled.push_back(members.front());
    return joined(spoiled);
}
Spoiled loneSurrogate(const Members &members)
{
    return with(members, "event_id", R"("\ud800")");
}
Spoiled notUtf8(const Members &members)
{
    return with(members, "event_id", "\"\xc3\x28\"");
}
Spoiled tooDeep(const Members &members)
{
    Members spoiled = members;
    spoiled.emplace_back("extra", nested(200));
    return joined(spoiled);
}
Spoiled emptyValue(const Members &)
{
    return "";
}
Spoiled nullValue(const Members &)
{
    return {};
}

// Orders

Spoiled priceNotANumber(const Members &members)
{
    return with(members, "total_price", "NaN");
}
Spoiled orderIdNumber(const Members &members)
{
    return with(members, "order_id", "42");
}
Spoiled noOrderId(const Members &members)
{
    return without(members, "order_id");
}
Spoiled halfAPiece(const Members &members)
{
    return replaced(members, R"("quantity":)", R"("quantity":0.5)");
}
Spoiled blankOrderId(const Members &members)
{
    return with(members, "order_id", R"("  ")");
}
Spoiled noName(const Members &members)
{
    return with(members, "customer_name", R"("")");
}
Spoiled notAnInstant(const Members &members)
{
    return with(members, "created_at", R"("yesterday")");
}
Spoiled negativePrice(const Members &members)
{
    return with(members, "total_price", "-12.30");
}
Spoiled tooFinePrice(const Members &members)
{
    return with(members, "total_price", "12.34567");
}
Spoiled unknownCurrency(const Members &members)
{
    return with(members, "currency", R"("EURO")");
}
Spoiled negativeQuantity(const Members &members)
{
    return replaced(members, R"("quantity":)", R"("quantity":-)");
}
Spoiled wrongTotal(const Members &members)
{
    return with(members, "total_price", "0.01");
}

// Tasks and reminders

Spoiled userIdArray(const Members &members)
{
    return with(members, "user_id", "[]");
}
Spoiled noEventId(const Members &members)
{
    return without(members, "event_id");
}
Spoiled unknownType(const Members &members)
{
    return with(members, "event_type", R"("archived")");
}
Spoiled unknownRecurrence(const Members &members)
{
    return with(members, "task_data", R"({"recurrence":"fortnightly"})");
}
Spoiled emptyTaskId(const Members &members)
{
    return with(members, "task_id", R"("")");
}
Spoiled impossibleTimestamp(const Members &members)
{
    return with(members, "timestamp", R"("2026-02-30T10:00:00Z")");
}
Spoiled impossibleRemindAt(const Members &members)
{
    return with(members, "remind_at", R"("2026-02-30T10:00:00Z")");
}
Spoiled endlessTitle(const Members &members)
{
    return with(members, "title", decode::jsonString(std::string(513, 'x')));
}

constexpr Malformation orderKinds[]{{"not JSON", notJson},
                                    {"wrong type", orderIdNumber},
                                    {"missing field", noOrderId},
                                    {"negative price", negativePrice},
                                    {"truncated", truncated},
                                    {"duplicate key", twice},
                                    {"lone surrogate", loneSurrogate},
                                    {"total is not the sum", wrongTotal},
                                    {"not UTF-8", notUtf8},
                                    {"empty value", emptyValue},
                                    {"null value", nullValue},
                                    {"not an instant", notAnInstant},
                                    {"NaN", priceNotANumber},
                                    {"trailing garbage", trailingGarbage},
                                    {"byte order mark", byteOrderMark},
                                    {"price too fine", tooFinePrice},
                                    {"comment", comment},
                                    {"nested too deep", tooDeep},
                                    {"fraction for an integer", halfAPiece},
                                    {"unknown currency", unknownCurrency},
                                    {"blank id", blankOrderId},
                                    {"empty name", noName},
                                    {"negative quantity", negativeQuantity}};

constexpr Malformation taskKinds[]{{"not JSON", notJson},
                                   {"wrong type", userIdArray},
                                   {"missing field", noEventId},
                                   {"unknown event type", unknownType},
                                   {"truncated", truncated},
                                   {"duplicate key", twice},
                                   {"lone surrogate", loneSurrogate},
                                   {"unknown recurrence", unknownRecurrence},
                                   {"not UTF-8", notUtf8},
                                   {"empty value", emptyValue},
                                   {"null value", nullValue},
                                   {"not an instant", impossibleTimestamp},
                                   {"trailing garbage", trailingGarbage},
                                   {"byte order mark", byteOrderMark},
                                   {"comment", comment},
                                   {"nested too deep", tooDeep},
                                   {"empty id", emptyTaskId}};

constexpr Malformation reminderKinds[]{{"not JSON", notJson},
                                       {"wrong type", userIdArray},
                                       {"missing field", noEventId},
                                       {"title too long", endlessTitle},
                                       {"truncated", truncated},
                                       {"duplicate key", twice},
                                       {"lone surrogate", loneSurrogate},
                                       {"not an instant", impossibleRemindAt},
                                       {"not UTF-8", notUtf8},
                                       {"empty value", emptyValue},
                                       {"null value", nullValue},
                                       {"trailing garbage", trailingGarbage},
                                       {"byte order mark", byteOrderMark},
                                       {"comment", comment},
                                       {"nested too deep", tooDeep},
                                       {"empty id", emptyTaskId}};

} // namespace

std::string joined(const Members &members)
{
    std::string text = "{";
    for (const auto &[name, value] : members) {
        if (text.size() > 1)
            text += ',';
        text += decode::jsonString(name) + ":" + value;
    }
    return text + "}";
}

std::span<const Malformation> malformationsOf(EventKind kind)
{
    switch (kind) {
    case EventKind::Order: return orderKinds;
    case EventKind::Task: return taskKinds;
    case EventKind::Reminder: return reminderKinds;
    }
    return orderKinds;
}

} // namespace redrive::events
