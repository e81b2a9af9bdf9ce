#include "core/events/malform.h"

#include "core/decode/quote.h"

#include <algorithm>

namespace redrive::events {

namespace {

using Spoiled = std::optional<std::string>;

Spoiled with(Members members, std::string_view name, std::string json)
{
    for (auto &[field, value] : members)
        if (field == name)
            value = std::move(json);
    return joined(members);
}

Spoiled without(Members members, std::string_view name)
{
    std::erase_if(members, [&](const auto &member) { return member.first == name; });
    return joined(members);
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

Spoiled notJson(Members)
{
    return "this is not JSON";
}
Spoiled truncated(Members members)
{
    std::string text = joined(members);
    text.resize(text.size() - 2);
    return text;
}
Spoiled trailingGarbage(Members members)
{
    return joined(members) + " }";
}
Spoiled byteOrderMark(Members members)
{
    return "\xef\xbb\xbf" + joined(members);
}
Spoiled comment(Members members)
{
    return "/* generated */" + joined(members);
}
Spoiled twice(Members members)
{
    members.push_back(members.front());
    return joined(members);
}
Spoiled loneSurrogate(Members members)
{
    return with(std::move(members), "event_id", R"("\ud800")");
}
Spoiled notUtf8(Members members)
{
    return with(std::move(members), "event_id", "\"\xc3\x28\"");
}
Spoiled tooDeep(Members members)
{
    members.emplace_back("extra", nested(200));
    return joined(members);
}
Spoiled emptyValue(Members)
{
    return "";
}
Spoiled nullValue(Members)
{
    return {};
}

// Orders

Spoiled priceNotANumber(Members members)
{
    return with(std::move(members), "total_price", "NaN");
}
Spoiled orderIdNumber(Members members)
{
    return with(std::move(members), "order_id", "42");
}
Spoiled noOrderId(Members members)
{
    return without(std::move(members), "order_id");
}
Spoiled halfAPiece(Members members)
{
    return replaced(members, R"("quantity":)", R"("quantity":0.5)");
}
Spoiled blankOrderId(Members members)
{
    return with(std::move(members), "order_id", R"("  ")");
}
Spoiled noName(Members members)
{
    return with(std::move(members), "customer_name", R"("")");
}
Spoiled notAnInstant(Members members)
{
    return with(std::move(members), "created_at", R"("yesterday")");
}
Spoiled negativePrice(Members members)
{
    return with(std::move(members), "total_price", "-12.30");
}
Spoiled tooFinePrice(Members members)
{
    return with(std::move(members), "total_price", "12.34567");
}
Spoiled unknownCurrency(Members members)
{
    return with(std::move(members), "currency", R"("EURO")");
}
Spoiled noPieces(Members members)
{
    return replaced(members, R"("quantity":)", R"("quantity":-)");
}
Spoiled wrongTotal(Members members)
{
    return with(std::move(members), "total_price", "0.01");
}

// Tasks and reminders

Spoiled userIdArray(Members members)
{
    return with(std::move(members), "user_id", "[]");
}
Spoiled noEventId(Members members)
{
    return without(std::move(members), "event_id");
}
Spoiled unknownType(Members members)
{
    return with(std::move(members), "event_type", R"("archived")");
}
Spoiled unknownRecurrence(Members members)
{
    return with(std::move(members), "task_data", R"({"recurrence":"fortnightly"})");
}
Spoiled emptyTaskId(Members members)
{
    return with(std::move(members), "task_id", R"("")");
}
Spoiled impossibleTimestamp(Members members)
{
    return with(std::move(members), "timestamp", R"("2026-02-30T10:00:00Z")");
}
Spoiled impossibleRemindAt(Members members)
{
    return with(std::move(members), "remind_at", R"("2026-02-30T10:00:00Z")");
}
Spoiled endlessTitle(Members members)
{
    return with(std::move(members), "title", decode::jsonString(std::string(513, 'x')));
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
                                    {"negative quantity", noPieces}};

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
