#include "app/ctl/tables.h"

#include "app/ctl/displaywidth.h"
#include "core/base/text.h"
#include "core/kafka/guard.h"

#include <algorithm>
#include <array>
#include <ctime>

namespace redrive::ctl {

namespace {

using Align = TextTable::Align;

std::string count(std::size_t number, std::string_view one, std::string_view many)
{
    return grouped(static_cast<std::int64_t>(number)) + " " + std::string(number == 1 ? one : many);
}

std::string join(const std::vector<std::string> &parts)
{
    std::string text;
    for (const std::string &part : parts)
        text += (text.empty() ? "" : ", ") + part;
    return text;
}

Cell typeCell(const std::optional<GroupType> &type)
{
    return type ? Cell{std::string(name(*type)), Tint::None} : Cell{"unknown", Tint::Dim};
}

Cell sizeCell(const std::optional<std::size_t> &size)
{
    return size ? number(static_cast<std::int64_t>(*size)) : unknownCell();
}

Cell errorCell(const std::optional<Error> &error)
{
    if (!error)
        return {};
    return text(error->code.empty() ? error->message : error->message + " (" + error->code + ")",
                Tint::Bad);
}

} // namespace

Cell stateCell(const std::optional<GroupState> &state)
{
    if (!state)
        return {"? unknown", Tint::Dim};
    const std::string word(name(*state));
    switch (*state) {
    case GroupState::Stable: return {"● " + word, Tint::Good};
    case GroupState::PreparingRebalance:
    case GroupState::CompletingRebalance: return {"◐ " + word, Tint::Busy};
    case GroupState::Empty: return {"○ " + word, Tint::None};
    case GroupState::Dead: return {"✕ " + word, Tint::Bad};
    }
    return {"? unknown", Tint::Dim};
}

std::string clockText(WallTime time, bool local)
{
    const std::time_t seconds = std::chrono::system_clock::to_time_t(
        std::chrono::time_point_cast<std::chrono::system_clock::duration>(time));
    std::tm parts{};
    if (local)
        localtime_r(&seconds, &parts);
    else
        gmtime_r(&seconds, &parts);
    std::array<char, 64> out{};
    const std::size_t length = std::strftime(
        out.data(), out.size(), local ? "%Y-%m-%d %H:%M:%S %Z" : "%Y-%m-%d %H:%M:%S UTC", &parts);
    return {out.data(), length};
}

std::string groupsTable(const std::vector<GroupRow> &rows, GroupColumns columns, const Look &look)
{
    const bool notes =
        std::any_of(rows.begin(), rows.end(), [](const GroupRow &row) { return row.error; });
    std::vector<TextTable::Column> titles{{"GROUP"}, {"STATE"}, {"TYPE"}, {"PROTOCOL"}};
    if (columns.members)
        titles.push_back({"MEMBERS", Align::Right});
    if (columns.lag) {
        titles.push_back({"LAG", Align::Right});
        titles.push_back({"TOPICS"});
    }
    if (notes)
        titles.push_back({"ERROR"});

    TextTable table(titles);
    std::optional<std::int64_t> sum;
    std::size_t unknown = 0;
    for (const GroupRow &row : rows) {
        std::vector<Cell> cells{text(row.listing.id.value()), stateCell(row.listing.state),
                                typeCell(row.listing.type),
                                textOrUnknown(row.listing.protocolType)};
        if (columns.members)
            cells.push_back(sizeCell(row.members));
        if (columns.lag) {
            cells.push_back(number(row.totalLag));
            cells.push_back(row.topics ? text(join(*row.topics)) : unknownCell());
            if (row.totalLag)
                sum = sum.value_or(0) + *row.totalLag;
            unknown += row.unknownLags;
        }
        if (notes)
            cells.push_back(errorCell(row.error));
        table.add(std::move(cells));
    }
    std::string footer = count(rows.size(), "group", "groups");
    if (columns.lag && sum)
        footer += ", total lag " + grouped(*sum);
    if (columns.lag && unknown > 0)
        footer += ", lag unknown on " + count(unknown, "partition", "partitions");
    return table.render(look.colour) + "\n" + painted(footer, Tint::Dim, look.colour) + "\n";
}

std::string topicsTable(const std::vector<TopicLine> &lines, bool readers, const Look &look)
{
    const bool notes = std::any_of(lines.begin(), lines.end(),
                                   [](const TopicLine &line) { return line.info.error; });
    std::vector<TextTable::Column> titles{
        {"TOPIC"}, {"PARTITIONS", Align::Right}, {"RECORDS", Align::Right}};
    if (readers)
        titles.push_back({"READERS", Align::Right});
    titles.push_back({"INTERNAL"});
    if (notes)
        titles.push_back({"ERROR"});
    TextTable table(titles);
    for (const TopicLine &line : lines) {
        const auto partitions = static_cast<std::int64_t>(line.info.partitions.size());
        std::vector<Cell> cells{text(line.info.name),
                                line.info.error ? unknownCell() : number(partitions),
                                number(line.records)};
        if (readers)
            cells.push_back(sizeCell(line.readers));
        cells.push_back({line.info.internal ? "yes" : "", Tint::Dim});
        if (notes)
            cells.push_back(errorCell(line.info.error));
        table.add(std::move(cells));
    }
    return table.render(look.colour) + "\n" +
           painted(count(lines.size(), "topic", "topics"), Tint::Dim, look.colour) + "\n";
}

std::string readersTable(const std::vector<ReaderLine> &lines, const Look &look)
{
    if (lines.empty())
        return "No group reads it: none has an assignment or a commit there.\n";
    const bool notes =
        std::any_of(lines.begin(), lines.end(), [](const ReaderLine &line) { return line.error; });
    std::vector<TextTable::Column> titles{
        {"GROUP"}, {"STATE"}, {"PARTITIONS", Align::Right}, {"LAG", Align::Right}};
    if (notes)
        titles.push_back({"ERROR"});
    TextTable table(titles);
    for (const ReaderLine &line : lines) {
        std::vector<Cell> cells{text(line.group.value()), stateCell(line.state),
                                number(static_cast<std::int64_t>(line.partitions)),
                                number(line.totalLag)};
        if (notes)
            cells.push_back(errorCell(line.error));
        table.add(std::move(cells));
    }
    return table.render(look.colour);
}

namespace {

std::string facts(const std::vector<std::pair<std::string, Cell>> &lines, const Look &look)
{
    std::size_t width = 0;
    for (const auto &[title, value] : lines)
        width = std::max(width, displayWidth(title));
    std::string out;
    for (const auto &[title, value] : lines)
        out += painted(padRight(title, width), Tint::Dim, look.colour) + "  " +
               painted(value, look.colour) + "\n";
    return out;
}

std::string modeText(const workspace::Profile &profile)
{
    return std::string(kafka::name(kafka::effectivePolicy(profile.mode, profile.production).mode));
}

std::string protocolText(const workspace::Profile &profile)
{
    const auto found = profile.properties.find("security.protocol");
    return found == profile.properties.end() ? "plaintext" : found->second;
}

} // namespace

std::string clusterTable(const ClusterOverview &cluster, const Look &look)
{
    const ClusterInfo &info = cluster.info;
    std::string out = facts(
        {{"Cluster", info.clusterId.empty() ? unknownCell() : text(info.clusterId, Tint::Strong)},
         {"Controller",
          info.controllerId ? Cell{std::to_string(*info.controllerId), Tint::None} : unknownCell()},
         {"Topics", sizeCell(cluster.topics)},
         {"Groups", sizeCell(cluster.groups)},
         {"librdkafka", text(cluster.librdkafka)}},
        look);
    TextTable brokers({{"BROKER", Align::Right}, {"HOST"}, {"PORT", Align::Right}, {"RACK"}});
    for (const Broker &broker : info.brokers)
        brokers.add({{std::to_string(broker.id), Tint::None},
                     text(broker.host),
                     {std::to_string(broker.port), Tint::None},
                     textOrUnknown(broker.rack)});
    return out + "\n" + brokers.render(look.colour);
}

std::string profilesTable(const std::vector<ProfileLine> &lines, const Look &look)
{
    if (lines.empty())
        return "No profiles yet. Add one with: redrivectl profiles add NAME --bootstrap "
               "HOST:PORT\n";
    TextTable table({{"PROFILE"}, {"BOOTSTRAP"}, {"SECURITY"}, {"MODE"}, {"PRODUCTION"}});
    for (const ProfileLine &line : lines) {
        if (line.profile)
            table.add({text(line.name),
                       text(line.profile->bootstrap),
                       text(protocolText(*line.profile)),
                       {modeText(*line.profile), Tint::None},
                       {line.profile->production ? "yes" : "", Tint::Bad}});
        else if (!line.name.empty())
            table.add({text(line.name),
                       {"cannot be used", Tint::Bad},
                       unknownCell(),
                       unknownCell(),
                       unknownCell()});
    }
    return table.render(look.colour);
}

std::string profileBlock(const workspace::Profile &profile, const Look &look)
{
    std::vector<std::pair<std::string, Cell>> lines{
        {"Profile", text(profile.name, Tint::Strong)},
        {"Bootstrap", text(profile.bootstrap)},
        {"Mode", {modeText(profile), Tint::None}},
        {"Production", {profile.production ? "yes" : "no", Tint::None}}};
    for (const auto &[key, value] : profile.properties)
        lines.emplace_back(visible(key), text(shownProperty(key, value)));
    for (const kafka::AddressMapping &mapping : profile.addressMap)
        lines.emplace_back("Address map", text(mapping.advertised + " → " + mapping.target));
    return facts(lines, look);
}

} // namespace redrive::ctl
