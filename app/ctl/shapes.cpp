#include "app/ctl/shapes.h"

#include "app/ctl/console.h"
#include "app/ctl/jsonparts.h"
#include "core/kafka/connection.h"
#include "core/kafka/guard.h"

#include <algorithm>

namespace redrive::ctl {

const std::vector<std::string> groupRowKeys{"group",   "state",     "type",   "protocol_type",
                                            "members", "total_lag", "topics", "error"};
const std::vector<std::string> groupDetailKeys{
    "group",   "state",      "type",      "protocol_type", "protocol", "epoch", "coordinator",
    "members", "partitions", "total_lag", "errors",        "notes",    "error"};
const std::vector<std::string> topicLineKeys{"topic",    "partitions", "records",
                                             "internal", "readers",    "error"};
const std::vector<std::string> readerLineKeys{"topic",      "group",     "state",
                                              "partitions", "total_lag", "error"};
const std::vector<std::string> clusterKeys{"cluster_id", "controller_id", "brokers", "topics",
                                           "groups",     "librdkafka",    "errors"};
const std::vector<std::string> profileKeys{"profile",    "bootstrap",   "mode",  "production",
                                           "properties", "address_map", "errors"};

namespace {

JsonValue typeJson(const std::optional<GroupType> &type)
{
    return type ? JsonValue(name(*type)) : JsonValue("unknown");
}

JsonValue list(const std::vector<std::string> &texts)
{
    JsonValue array = JsonValue::array();
    for (const std::string &text : texts)
        array.push_back(jsonText(text));
    return array;
}

JsonValue list(const std::vector<Error> &errors)
{
    JsonValue array = JsonValue::array();
    for (const Error &error : errors)
        array.push_back(toJson(error));
    return array;
}

JsonValue list(const std::vector<TopicPartition> &partitions)
{
    JsonValue array = JsonValue::array();
    for (const TopicPartition &tp : partitions)
        array.push_back(JsonValue{{"topic", jsonText(tp.topic)}, {"partition", tp.partition}});
    return array;
}

JsonValue toJson(const GroupMember &member)
{
    return JsonValue{{"member_id", jsonText(member.memberId)},
                     {"instance_id", orNull(member.instanceId)},
                     {"client_id", jsonText(member.clientId)},
                     {"host", jsonText(member.host)},
                     {"assignment", list(member.assignment)},
                     {"target", member.target ? list(*member.target) : JsonValue()}};
}

JsonValue toJson(const PartitionLag &row, const std::vector<GroupMember> &members)
{
    const bool owned = row.member && *row.member < members.size();
    return JsonValue{
        {"topic", jsonText(row.partition.topic)},
        {"partition", row.partition.partition},
        {"committed", orNull(row.committed)},
        {"leader_epoch", orNull(row.leaderEpoch)},
        {"metadata", row.committed ? jsonBytes(row.metadata) : JsonValue()},
        {"log_start", orNull(row.logStart)},
        {"log_end", orNull(row.logEnd)},
        {"stable_end", orNull(row.stableEnd)},
        {"lag", orNull(row.lag)},
        {"lag_seconds", nullptr},
        {"member_id", owned ? jsonText(members[*row.member].memberId) : JsonValue()},
        {"condition", row.condition ? JsonValue(name(*row.condition)) : JsonValue()},
        {"condition_note", row.conditionNote.empty() ? JsonValue() : jsonText(row.conditionNote)},
        {"lost", orNull(row.lost)},
        {"error", orNull(row.error)}};
}

/// Kafka's own word for a group that only commits is the empty text, which here is null.
JsonValue protocolTypeJson(const GroupListing &listing)
{
    return listing.protocolType && listing.protocolType->empty() ? JsonValue()
                                                                 : orNull(listing.protocolType);
}

} // namespace

const std::optional<Error> &groupError(const GroupDetail &detail)
{
    return detail.listing.error ? detail.listing.error : detail.description.error;
}

JsonValue toJson(const GroupRow &row)
{
    return JsonValue{{"group", jsonText(row.listing.id.value())},
                     {"state", orNull(row.listing.state)},
                     {"type", typeJson(row.listing.type)},
                     {"protocol_type", protocolTypeJson(row.listing)},
                     {"members", orNull(row.members)},
                     {"total_lag", orNull(row.totalLag)},
                     {"topics", row.topics ? list(*row.topics) : JsonValue()},
                     {"error", orNull(row.error)}};
}

JsonValue toJson(const GroupDetail &detail)
{
    const GroupDescription &group = detail.description;
    JsonValue coordinator;
    if (group.coordinator)
        coordinator = JsonValue{{"id", group.coordinator->id},
                                {"host", jsonText(group.coordinator->host)},
                                {"port", group.coordinator->port}};
    const bool described = !groupError(detail);
    JsonValue members = described ? JsonValue::array() : JsonValue();
    for (const GroupMember &member : group.members)
        members.push_back(toJson(member));
    JsonValue partitions =
        described || !detail.partitions.empty() ? JsonValue::array() : JsonValue();
    for (const PartitionLag &row : detail.partitions)
        partitions.push_back(toJson(row, group.members));
    return JsonValue{{"group", jsonText(detail.listing.id.value())},
                     {"state", orNull(group.state ? group.state : detail.listing.state)},
                     {"type", typeJson(group.type ? group.type : detail.listing.type)},
                     {"protocol_type", protocolTypeJson(detail.listing)},
                     {"protocol", orNull(group.protocol)},
                     {"epoch", nullptr},
                     {"coordinator", std::move(coordinator)},
                     {"members", std::move(members)},
                     {"partitions", std::move(partitions)},
                     {"total_lag", orNull(detail.totalLag)},
                     {"errors", list(detail.errors)},
                     {"notes", list(detail.notes)},
                     {"error", orNull(groupError(detail))}};
}

JsonValue missingGroup(const GroupId &group, const Error &error)
{
    return JsonValue{{"group", jsonText(group.value())}, {"error", toJson(error)}};
}

JsonValue toJson(const TopicLine &line)
{
    return JsonValue{
        {"topic", jsonText(line.info.name)},
        {"partitions", line.info.error ? JsonValue() : JsonValue(line.info.partitions.size())},
        {"records", orNull(line.records)},
        {"internal", line.info.internal},
        {"readers", orNull(line.readers)},
        {"error", orNull(line.info.error)}};
}

JsonValue toJson(const ReaderLine &line)
{
    return JsonValue{{"topic", jsonText(line.topic)},      {"group", jsonText(line.group.value())},
                     {"state", orNull(line.state)},        {"partitions", line.partitions},
                     {"total_lag", orNull(line.totalLag)}, {"error", orNull(line.error)}};
}

JsonValue toJson(const ClusterOverview &cluster)
{
    JsonValue brokers = JsonValue::array();
    for (const Broker &broker : cluster.info.brokers)
        brokers.push_back(JsonValue{{"id", broker.id},
                                    {"host", jsonText(broker.host)},
                                    {"port", broker.port},
                                    {"rack", orNull(broker.rack)}});
    return JsonValue{{"cluster_id", cluster.info.clusterId.empty()
                                        ? JsonValue()
                                        : jsonText(cluster.info.clusterId)},
                     {"controller_id", orNull(cluster.info.controllerId)},
                     {"brokers", std::move(brokers)},
                     {"topics", orNull(cluster.topics)},
                     {"groups", orNull(cluster.groups)},
                     {"librdkafka", cluster.librdkafka},
                     {"errors", list(cluster.errors)}};
}

std::string shownProperty(const std::string &key, const std::string &value)
{
    const bool isReference = value.starts_with("env:") || value.starts_with("keychain:");
    return kafka::isSecret(key) && !isReference ? "(hidden)" : value;
}

JsonValue toJson(const ProfileLine &line)
{
    JsonValue errors = JsonValue::array();
    for (const workspace::ProfileProblem &problem : line.problems)
        errors.push_back(
            JsonValue{{"line", problem.line > 0 ? JsonValue(problem.line) : JsonValue()},
                      {"key", problem.key.empty() ? JsonValue() : jsonText(problem.key)},
                      {"message", jsonText(problem.message)}});
    JsonValue json;
    for (const std::string &key : profileKeys)
        json[key] = nullptr;
    if (!line.name.empty())
        json["profile"] = jsonText(line.name);
    json["errors"] = std::move(errors);
    if (!line.profile)
        return json;
    const workspace::Profile &profile = *line.profile;
    JsonValue properties = JsonValue::object();
    for (const auto &[key, value] : profile.properties)
        properties[key] = jsonText(shownProperty(key, value));
    JsonValue addressMap = JsonValue::array();
    for (const kafka::AddressMapping &mapping : profile.addressMap)
        addressMap.push_back(jsonText(mapping.advertised + "=" + mapping.target));
    const kafka::AccessPolicy policy = kafka::effectivePolicy(profile.mode, profile.production);
    json["bootstrap"] = jsonText(profile.bootstrap);
    json["mode"] = name(policy.mode);
    json["production"] = policy.production;
    json["properties"] = std::move(properties);
    json["address_map"] = std::move(addressMap);
    return json;
}

std::vector<ProfileLine> profileLines(const workspace::LoadedProfiles &loaded)
{
    std::vector<ProfileLine> lines;
    for (const workspace::Profile &profile : loaded.profiles)
        lines.push_back({.name = profile.name, .profile = profile, .problems = {}});
    for (const workspace::ProfileProblem &problem : loaded.problems) {
        const auto mine = [&](const ProfileLine &line) { return line.name == problem.profile; };
        auto line = std::find_if(lines.begin(), lines.end(), mine);
        if (line == lines.end())
            line = lines.insert(lines.end(),
                                {.name = problem.profile, .profile = std::nullopt, .problems = {}});
        line->problems.push_back(problem);
    }
    return lines;
}

} // namespace redrive::ctl
