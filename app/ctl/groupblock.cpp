#include "app/ctl/displaywidth.h"
#include "app/ctl/tables.h"
#include "core/base/text.h"

#include <algorithm>
#include <map>
#include <utility>

namespace redrive::ctl {

namespace {

using Align = TextTable::Align;

/// "orders 0-2,5 · refunds 1": partitions of a topic as ranges.
std::string partitionsText(const std::vector<TopicPartition> &partitions)
{
    std::map<std::string, std::vector<std::int32_t>> byTopic;
    for (const TopicPartition &tp : partitions)
        byTopic[tp.topic].push_back(tp.partition);
    std::string out;
    for (auto &[topic, numbers] : byTopic) {
        std::sort(numbers.begin(), numbers.end());
        out += (out.empty() ? "" : " · ") + visible(topic) + " ";
        for (std::size_t i = 0; i < numbers.size();) {
            std::size_t j = i + 1;
            while (j < numbers.size() && numbers[j] == numbers[j - 1] + 1)
                ++j;
            out += (i == 0 ? "" : ",") + std::to_string(numbers[i]);
            if (j - i > 1)
                out += "-" + std::to_string(numbers[j - 1]);
            i = j;
        }
    }
    return out.empty() ? "none" : out;
}

/// How a partition's row names its member: by client id where that tells members apart, else by
/// member id.
std::vector<std::string> memberNames(const std::vector<GroupMember> &members)
{
    std::map<std::string, int> uses;
    for (const GroupMember &member : members)
        ++uses[member.clientId];
    std::vector<std::string> names;
    names.reserve(members.size());
    for (const GroupMember &member : members)
        names.push_back(uses[member.clientId] == 1 ? member.clientId : member.memberId);
    return names;
}

std::string membersTable(const std::vector<GroupMember> &members, const Look &look)
{
    const auto any = [&](const auto &has) {
        return std::any_of(members.begin(), members.end(), has);
    };
    const bool instances = any([](const GroupMember &member) { return member.instanceId; });
    const bool targets = any([](const GroupMember &member) { return member.target; });
    std::vector<TextTable::Column> titles{{"MEMBER"}, {"CLIENT ID"}, {"HOST"}};
    if (instances)
        titles.push_back({"INSTANCE ID"});
    titles.push_back({"ASSIGNMENT"});
    if (targets)
        titles.push_back({"TARGET"});
    TextTable table(titles);
    for (const GroupMember &member : members) {
        std::vector<Cell> row{text(member.memberId), text(member.clientId), text(member.host)};
        if (instances)
            row.push_back(textOrUnknown(member.instanceId));
        row.push_back({partitionsText(member.assignment), Tint::None});
        if (targets)
            row.push_back(member.target ? Cell{partitionsText(*member.target), Tint::None}
                                        : unknownCell());
        table.add(std::move(row));
    }
    return table.render(look.colour, "  ");
}

std::string partitionsTable(const GroupDetail &detail, const Look &look)
{
    const bool errors = std::any_of(detail.partitions.begin(), detail.partitions.end(),
                                    [](const PartitionLag &row) { return row.error; });
    const std::vector<std::string> names = memberNames(detail.description.members);
    std::vector<TextTable::Column> titles{{"TOPIC"},
                                          {"PARTITION", Align::Right},
                                          {"COMMITTED", Align::Right},
                                          {"LOG START", Align::Right},
                                          {"LOG END", Align::Right},
                                          {"LAG", Align::Right},
                                          {"MEMBER"},
                                          {"CONDITION"}};
    if (errors)
        titles.push_back({"ERROR"});
    TextTable table(titles);
    for (const PartitionLag &row : detail.partitions) {
        const bool owned = row.member && *row.member < names.size();
        std::vector<Cell> cells{text(row.partition.topic),
                                {std::to_string(row.partition.partition), Tint::None},
                                number(row.committed),
                                number(row.logStart),
                                number(row.logEnd),
                                number(row.lag),
                                owned ? text(names[*row.member]) : unknownCell(),
                                conditionCell(row)};
        if (errors)
            cells.push_back(row.error ? text(describe(*row.error), Tint::Bad) : Cell{});
        table.add(std::move(cells));
    }
    return table.render(look.colour, "  ");
}

std::string lagText(const GroupDetail &detail)
{
    std::string out = detail.totalLag ? grouped(*detail.totalLag) : "–";
    if (detail.unknownLags > 0)
        out += " (unknown on " + grouped(static_cast<std::int64_t>(detail.unknownLags)) + " of " +
               grouped(static_cast<std::int64_t>(detail.partitions.size())) + " partitions)";
    return out;
}

std::string kindText(const GroupDetail &detail)
{
    const auto type = detail.description.type ? detail.description.type : detail.listing.type;
    std::string out = type ? std::string(name(*type)) : "unknown";
    if (detail.description.protocol && !detail.description.protocol->empty())
        out += " · " + visible(*detail.description.protocol);
    return out;
}

} // namespace

Cell conditionCell(const PartitionLag &row)
{
    if (!row.condition)
        return {row.conditionNote.empty() ? "? unknown"
                                          : "? unknown: " + visible(row.conditionNote),
                Tint::Dim};
    switch (*row.condition) {
    case Condition::TopicDeleted: return {"✕ topic deleted", Tint::Bad};
    case Condition::BeyondEnd: return {"▲ beyond the log end", Tint::Bad};
    case Condition::RecordsLost:
        return {row.lost ? "▼ records lost: " + grouped(*row.lost) : "▼ records lost", Tint::Bad};
    case Condition::Unsubscribed: return {"◇ topic no longer subscribed", Tint::Busy};
    case Condition::NoCommit: return {"□ no commit", Tint::Busy};
    case Condition::OpenTransaction: return {"◐ open transaction", Tint::Busy};
    case Condition::MarkersOnly: return {"◌ only transaction markers left", Tint::None};
    case Condition::Idle: return {"○ idle", Tint::None};
    case Condition::Ok: return {"● ok", Tint::Good};
    }
    return {"? unknown", Tint::Dim};
}

std::string groupBlock(const GroupDetail &detail, const Look &look)
{
    std::string out = painted(text(detail.listing.id.value(), Tint::Strong), look.colour) + "\n";
    const auto fact = [&](std::string_view title, const Cell &value) {
        out += "  " + painted(padRight(title, 11), Tint::Dim, look.colour) + "  " +
               painted(value, look.colour) + "\n";
    };
    const GroupDescription &group = detail.description;
    const std::optional<Error> &error = groupError(detail);
    fact("State", stateCell(group.state ? group.state : detail.listing.state));
    fact("Type", {kindText(detail), Tint::None});
    if (error)
        fact("Error", text(describe(*error), Tint::Bad));
    if (group.coordinator)
        fact("Coordinator",
             text(std::to_string(group.coordinator->id) + " (" + group.coordinator->host + ":" +
                  std::to_string(group.coordinator->port) + ")"));
    if (!error)
        fact("Members", number(static_cast<std::int64_t>(group.members.size())));
    if (!detail.listing.error)
        fact("Total lag", {lagText(detail), Tint::None});
    if (detail.endsReadAt != WallTime{})
        fact("Read at", {clockText(detail.endsReadAt, look.local), Tint::None});
    for (const Error &part : detail.errors)
        if (!error || part != *error)
            fact("Error", text(describe(part), Tint::Bad));
    for (const std::string &note : detail.notes)
        fact("Note", text(note));
    if (!group.members.empty())
        out += "\n" + membersTable(group.members, look);
    if (!detail.partitions.empty())
        out += "\n" + partitionsTable(detail, look);
    return out;
}

} // namespace redrive::ctl
