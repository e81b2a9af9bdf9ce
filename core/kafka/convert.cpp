#include "core/kafka/convert.h"

#include "core/kafka/errors.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace redrive::kafka {

namespace {

std::string orEmpty(const char *text)
{
    return text != nullptr ? text : "";
}

std::optional<GroupState> toState(rd_kafka_consumer_group_state_t state)
{
    switch (state) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE: return GroupState::PreparingRebalance;
    case RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE: return GroupState::CompletingRebalance;
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE: return GroupState::Stable;
    case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD: return GroupState::Dead;
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY: return GroupState::Empty;
    default: return std::nullopt;
    }
}

std::optional<GroupType> toType(rd_kafka_consumer_group_type_t type)
{
    switch (type) {
    case RD_KAFKA_CONSUMER_GROUP_TYPE_CLASSIC: return GroupType::Classic;
    case RD_KAFKA_CONSUMER_GROUP_TYPE_CONSUMER: return GroupType::Consumer;
    default: return std::nullopt;
    }
}

Broker toBroker(const rd_kafka_Node_t *node)
{
    const char *rack = rd_kafka_Node_rack(node);
    return {.id = rd_kafka_Node_id(node),
            .host = orEmpty(rd_kafka_Node_host(node)),
            .port = rd_kafka_Node_port(node),
            .rack = rack != nullptr ? std::optional<std::string>(rack) : std::nullopt};
}

std::vector<TopicPartition> toPartitions(const rd_kafka_topic_partition_list_t *list)
{
    std::vector<TopicPartition> partitions;
    if (list == nullptr)
        return partitions;
    partitions.reserve(static_cast<std::size_t>(list->cnt));
    for (const auto &element : std::span(list->elems, static_cast<std::size_t>(list->cnt)))
        partitions.push_back({element.topic, element.partition});
    std::sort(partitions.begin(), partitions.end());
    return partitions;
}

GroupMember toMember(const rd_kafka_MemberDescription_t *member)
{
    const char *instance = rd_kafka_MemberDescription_group_instance_id(member);
    GroupMember value{.memberId = orEmpty(rd_kafka_MemberDescription_consumer_id(member)),
                      .instanceId = instance != nullptr && *instance != '\0'
                                        ? std::optional<std::string>(instance)
                                        : std::nullopt,
                      .clientId = orEmpty(rd_kafka_MemberDescription_client_id(member)),
                      .host = orEmpty(rd_kafka_MemberDescription_host(member)),
                      .assignment = {},
                      .target = std::nullopt};
    if (const auto *assignment = rd_kafka_MemberDescription_assignment(member))
        value.assignment = toPartitions(rd_kafka_MemberAssignment_partitions(assignment));
    if (const auto *target = rd_kafka_MemberDescription_target_assignment(member))
        value.target = toPartitions(rd_kafka_MemberAssignment_partitions(target));
    return value;
}

GroupDescription toDescription(const rd_kafka_ConsumerGroupDescription_t *group, WallTime now)
{
    GroupDescription value;
    value.id = GroupId(orEmpty(rd_kafka_ConsumerGroupDescription_group_id(group)));
    value.readAt = now;
    if (const auto *error = rd_kafka_ConsumerGroupDescription_error(group);
        error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        value.error = makeError(error, attemptedDescribe(value.id));
        return value;
    }
    value.state = toState(rd_kafka_ConsumerGroupDescription_state(group));
    value.type = toType(rd_kafka_ConsumerGroupDescription_type(group));
    if (value.state == GroupState::Dead) {
        // Brokers answer Dead, and no error, for a group that they do not have.
        value.state.reset();
        value.type.reset();
        value.error = Error{.kind = Error::Kind::Broker,
                            .code = "GROUP_ID_NOT_FOUND",
                            .message = "the group does not exist",
                            .attempted = attemptedDescribe(value.id),
                            .retriable = false};
        return value;
    }
    if (const std::string protocol =
            orEmpty(rd_kafka_ConsumerGroupDescription_partition_assignor(group));
        !protocol.empty())
        value.protocol = protocol;
    if (const auto *coordinator = rd_kafka_ConsumerGroupDescription_coordinator(group))
        value.coordinator = toBroker(coordinator);
    const auto count = rd_kafka_ConsumerGroupDescription_member_count(group);
    value.members.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        value.members.push_back(toMember(rd_kafka_ConsumerGroupDescription_member(group, i)));
    std::sort(value.members.begin(), value.members.end(),
              [](const auto &a, const auto &b) { return a.memberId < b.memberId; });
    return value;
}

CommittedOffset toCommitted(const rd_kafka_topic_partition_t &element, const std::string &attempted)
{
    CommittedOffset value{.partition = {element.topic, element.partition},
                          .offset = std::nullopt,
                          .leaderEpoch = std::nullopt,
                          .metadata = {},
                          .error = std::nullopt};
    if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        value.error = makeError(element.err, nullptr, attempted);
        return value;
    }
    if (element.offset >= 0)
        value.offset = Offset(element.offset);
    if (const auto epoch = rd_kafka_topic_partition_get_leader_epoch(&element); epoch >= 0)
        value.leaderEpoch = epoch;
    if (element.metadata != nullptr) // bytes with a length, not NUL-terminated
        value.metadata.assign(static_cast<const char *>(element.metadata), element.metadata_size);
    return value;
}

} // namespace

std::string attemptedDescribe(const GroupId &group)
{
    return "describing group " + group.value();
}

std::string attemptedOffsets(const GroupId &group)
{
    return "reading the committed offsets of group " + group.value();
}

Result<ClusterInfo> toCluster(rd_kafka_event_t *event, const std::string &attempted)
{
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(code, rd_kafka_event_error_string(event), attempted);
    const auto *result = rd_kafka_event_DescribeCluster_result(event);
    ClusterInfo cluster;
    cluster.clusterId = orEmpty(rd_kafka_DescribeCluster_result_cluster_id(result));
    if (const auto *controller = rd_kafka_DescribeCluster_result_controller(result))
        cluster.controllerId = rd_kafka_Node_id(controller);
    std::size_t count = 0;
    const auto *const *nodes = rd_kafka_DescribeCluster_result_nodes(result, &count);
    for (const auto *node : std::span(nodes, count))
        cluster.brokers.push_back(toBroker(node));
    std::sort(cluster.brokers.begin(), cluster.brokers.end(),
              [](const auto &a, const auto &b) { return a.id < b.id; });
    return cluster;
}

Result<GroupListings> toListings(rd_kafka_event_t *event, const std::string &attempted)
{
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return makeError(code, rd_kafka_event_error_string(event), attempted);
    const auto *result = rd_kafka_event_ListConsumerGroups_result(event);
    GroupListings listings;
    std::size_t count = 0;
    const auto *const *groups = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    listings.groups.reserve(count);
    for (const auto *group : std::span(groups, count)) {
        const bool simple = rd_kafka_ConsumerGroupListing_is_simple_consumer_group(group) != 0;
        auto state = toState(rd_kafka_ConsumerGroupListing_state(group));
        listings.groups.push_back(
            {.id = GroupId(orEmpty(rd_kafka_ConsumerGroupListing_group_id(group))),
             .state = state,
             .type = toType(rd_kafka_ConsumerGroupListing_type(group)),
             .protocolType = simple ? "" : "consumer",
             .error = std::nullopt});
    }
    std::sort(listings.groups.begin(), listings.groups.end(),
              [](const auto &a, const auto &b) { return a.id < b.id; });
    const auto last = std::unique(listings.groups.begin(), listings.groups.end(),
                                  [](const auto &a, const auto &b) { return a.id == b.id; });
    listings.groups.erase(last, listings.groups.end());
    const auto *const *errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
    for (const auto *error : std::span(errors, count))
        listings.errors.push_back(makeError(error, attempted));
    // The event says success although no broker answered: that is no empty cluster.
    if (listings.groups.empty() && !listings.errors.empty())
        return listings.errors.front();
    return listings;
}

std::vector<GroupDescription> toDescriptions(rd_kafka_event_t *event,
                                             const std::vector<GroupId> &asked, WallTime now)
{
    std::map<std::string_view, const rd_kafka_ConsumerGroupDescription_t *> byId;
    const auto code = rd_kafka_event_error(event);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
        std::size_t count = 0;
        const auto *const *groups = rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(event), &count);
        for (const auto *group : std::span(groups, count))
            byId.emplace(rd_kafka_ConsumerGroupDescription_group_id(group), group);
    }
    std::vector<GroupDescription> descriptions;
    descriptions.reserve(asked.size());
    for (const auto &id : asked) {
        if (const auto found = byId.find(id.value()); found != byId.end()) {
            descriptions.push_back(toDescription(found->second, now));
            continue;
        }
        GroupDescription missing;
        missing.id = id;
        missing.readAt = now;
        missing.error =
            code != RD_KAFKA_RESP_ERR_NO_ERROR
                ? makeError(code, rd_kafka_event_error_string(event), attemptedDescribe(id))
                : makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this group",
                            attemptedDescribe(id));
        descriptions.push_back(std::move(missing));
    }
    return descriptions;
}

GroupOffsets toOffsets(rd_kafka_event_t *event, const GroupId &group, WallTime now)
{
    GroupOffsets offsets{.id = group, .offsets = {}, .error = std::nullopt, .readAt = now};
    const std::string attempted = attemptedOffsets(group);
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        offsets.error = makeError(code, rd_kafka_event_error_string(event), attempted);
        return offsets;
    }
    std::size_t count = 0;
    const auto *const *groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
        rd_kafka_event_ListConsumerGroupOffsets_result(event), &count);
    if (count != 1) {
        offsets.error =
            makeError(RD_KAFKA_RESP_ERR__FAIL, "the answer lacks this group", attempted);
        return offsets;
    }
    if (const auto *error = rd_kafka_group_result_error(groups[0]);
        error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        offsets.error = makeError(error, attempted);
        return offsets;
    }
    if (const auto *list = rd_kafka_group_result_partitions(groups[0])) {
        offsets.offsets.reserve(static_cast<std::size_t>(list->cnt));
        for (const auto &element : std::span(list->elems, static_cast<std::size_t>(list->cnt)))
            offsets.offsets.push_back(toCommitted(element, attempted));
    }
    std::sort(offsets.offsets.begin(), offsets.offsets.end(),
              [](const auto &a, const auto &b) { return a.partition < b.partition; });
    return offsets;
}

OffsetTable toOffsetTable(rd_kafka_event_t *event, const std::vector<TopicPartition> &asked,
                          const std::string &attempted)
{
    OffsetTable table;
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const Error error = makeError(code, rd_kafka_event_error_string(event), attempted);
        for (const auto &partition : asked)
            table.emplace(partition, OffsetAnswer{.offset = std::nullopt, .error = error});
        return table;
    }
    std::size_t count = 0;
    const auto *const *infos =
        rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(event), &count);
    for (const auto *info : std::span(infos, count)) {
        const auto *element = rd_kafka_ListOffsetsResultInfo_topic_partition(info);
        auto code = element->err;
        // The library's own words for what the broker calls UNKNOWN_TOPIC_OR_PARTITION: metadata
        // lacks it.
        if (code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
            code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
            code = RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
        OffsetAnswer answer;
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            answer.error = makeError(code, nullptr, attempted);
        else if (element->offset >= 0)
            answer.offset = Offset(element->offset);
        table.insert_or_assign({element->topic, element->partition}, std::move(answer));
    }
    // Where one leader fails and others do not, the library leaves its partitions without a word.
    for (const auto &partition : asked) {
        auto &answer = table[partition];
        if (!answer.offset && !answer.error)
            answer.error = makeError(RD_KAFKA_RESP_ERR__TRANSPORT,
                                     "the leader of this partition did not answer", attempted);
    }
    return table;
}

std::vector<TopicInfo> toTopics(const rd_kafka_metadata_t &metadata)
{
    std::vector<TopicInfo> topics;
    topics.reserve(static_cast<std::size_t>(metadata.topic_cnt));
    for (const auto &topic :
         std::span(metadata.topics, static_cast<std::size_t>(metadata.topic_cnt))) {
        TopicInfo info;
        info.name = orEmpty(topic.topic);
        // This call does not carry the broker's own flag; the names that Kafka reserves are these.
        info.internal = info.name == "__consumer_offsets" || info.name == "__transaction_state" ||
                        info.name == "__share_group_state" || info.name == "__cluster_metadata" ||
                        info.name == "__remote_log_metadata";
        if (topic.err != RD_KAFKA_RESP_ERR_NO_ERROR)
            info.error =
                makeError(topic.err, nullptr, "reading the metadata of topic " + info.name);
        for (const auto &partition :
             std::span(topic.partitions, static_cast<std::size_t>(topic.partition_cnt))) {
            TopicInfo::Partition value{
                .id = partition.id, .leader = std::nullopt, .error = std::nullopt};
            if (partition.leader >= 0)
                value.leader = partition.leader;
            if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR)
                value.error = makeError(partition.err, nullptr,
                                        "reading the metadata of " + info.name + "/" +
                                            std::to_string(partition.id));
            info.partitions.push_back(std::move(value));
        }
        std::sort(info.partitions.begin(), info.partitions.end(),
                  [](const auto &a, const auto &b) { return a.id < b.id; });
        topics.push_back(std::move(info));
    }
    std::sort(topics.begin(), topics.end(),
              [](const auto &a, const auto &b) { return a.name < b.name; });
    return topics;
}

std::vector<GroupListing> toUndescribable(const struct rd_kafka_group_list &list,
                                          const std::vector<GroupId> &known)
{
    const std::set<GroupId> listed(known.begin(), known.end());
    std::vector<GroupListing> groups;
    for (const auto &group : std::span(list.groups, static_cast<std::size_t>(list.group_cnt))) {
        GroupId id(orEmpty(group.group));
        if (listed.contains(id))
            continue;
        const std::string protocolType = orEmpty(group.protocol_type);
        const std::string state = orEmpty(group.state);
        // Born between the two listings: the next one tells it.
        if (protocolType == "consumer" ||
            (protocolType.empty() && state != "Dead" && group.err == 0))
            continue;
        const std::string what =
            protocolType.empty()
                ? "a share, streams or foreign group: the client library cannot describe it"
                : "a group of the foreign protocol type '" + protocolType +
                      "': the client library cannot describe it";
        groups.push_back(
            {.id = id,
             .state = std::nullopt,
             .type = std::nullopt,
             .protocolType = protocolType.empty() ? std::nullopt : std::optional(protocolType),
             .error = group.err != RD_KAFKA_RESP_ERR_NO_ERROR
                          ? makeError(group.err, nullptr, attemptedDescribe(id))
                          : Error{.kind = Error::Kind::Unsupported,
                                  .code = "UNSUPPORTED_GROUP_TYPE",
                                  .message = what,
                                  .attempted = attemptedDescribe(id),
                                  .retriable = false}});
    }
    std::sort(groups.begin(), groups.end(),
              [](const auto &a, const auto &b) { return a.id < b.id; });
    const auto last = std::unique(groups.begin(), groups.end(),
                                  [](const auto &a, const auto &b) { return a.id == b.id; });
    groups.erase(last, groups.end());
    return groups;
}

} // namespace redrive::kafka
