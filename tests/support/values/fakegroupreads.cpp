#include "tests/support/values/fakegrouprequests.h"

#include <utility>

namespace redrive::twin {

TwinLog *logOf(GroupTwin &twin, const TopicPartition &partition)
{
    const auto topic = twin.topics.find(partition.topic);
    if (topic == twin.topics.end())
        return nullptr;
    const auto log = topic->second.partitions.find(partition.partition);
    return log == topic->second.partitions.end() ? nullptr : &log->second;
}

Error unknownPartition(const std::string &attempted)
{
    return brokerError("UNKNOWN_TOPIC_OR_PARTITION", attempted);
}

namespace {

WallTime timeOf(const TwinLog &log, std::int64_t offset)
{
    return log.first + offset * log.apart;
}

} // namespace

void FakeGroupAdmin::describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply)
{
    using Answer = Result<ClusterInfo>;
    read<Answer>(
        "describeCluster", timeout, std::move(reply),
        [](GroupTwin &twin) -> Answer {
            ClusterInfo info;
            info.clusterId = twin.clusterId;
            return info;
        },
        [](const Error &error) -> Answer { return error; });
}

void FakeGroupAdmin::listGroups(Millis timeout, Reply<Result<kafka::GroupListings>> reply)
{
    using Answer = Result<kafka::GroupListings>;
    read<Answer>(
        "listGroups", timeout, std::move(reply),
        [](GroupTwin &twin) -> Answer {
            kafka::GroupListings listings;
            for (const auto &[name, group] : twin.groups)
                listings.groups.push_back({.id = GroupId(name),
                                           .state = group.state,
                                           .type = GroupType::Classic,
                                           .protocolType = "consumer",
                                           .error = {}});
            return listings;
        },
        [](const Error &error) -> Answer { return error; });
}

void FakeGroupAdmin::listUndescribable(std::vector<GroupId> /*known*/, Millis timeout,
                                       Reply<Result<kafka::GroupListings>> reply)
{
    using Answer = Result<kafka::GroupListings>;
    read<Answer>(
        "listUndescribable", timeout, std::move(reply),
        [](GroupTwin &) -> Answer { return kafka::GroupListings{}; },
        [](const Error &error) -> Answer { return error; });
}

void FakeGroupAdmin::describeGroups(std::vector<GroupId> groups, Millis timeout,
                                    Reply<std::vector<GroupDescription>> reply)
{
    using Answer = std::vector<GroupDescription>;
    read<Answer>(
        "describeGroups", timeout, std::move(reply),
        [groups](GroupTwin &twin) {
            Answer answer;
            for (const GroupId &id : groups) {
                GroupDescription description;
                description.id = id;
                const auto found = twin.groups.find(id.value());
                if (found == twin.groups.end()) {
                    description.error = brokerError("GROUP_ID_NOT_FOUND", "describing");
                } else {
                    description.state = found->second.state;
                    description.members = found->second.members;
                }
                answer.push_back(std::move(description));
            }
            return answer;
        },
        [groups](const Error &error) {
            Answer answer(groups.size());
            for (std::size_t index = 0; index < groups.size(); ++index) {
                answer[index].id = groups[index];
                answer[index].error = error;
            }
            return answer;
        });
}

void FakeGroupAdmin::committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply)
{
    read<GroupOffsets>(
        "committedOffsets", timeout, std::move(reply),
        [group](GroupTwin &twin) {
            GroupOffsets answer;
            answer.id = group;
            const auto found = twin.groups.find(group.value());
            if (found == twin.groups.end())
                return answer;
            for (const auto &[partition, image] : found->second.commits)
                answer.offsets.push_back({.partition = partition,
                                          .offset = image.offset,
                                          .leaderEpoch = image.leaderEpoch,
                                          .metadata = image.metadata,
                                          .error = {}});
            return answer;
        },
        [group](const Error &error) {
            GroupOffsets answer;
            answer.id = group;
            answer.error = error;
            return answer;
        });
}

void FakeGroupAdmin::listOffsets(std::vector<TopicPartition> partitions, kafka::OffsetSpec spec,
                                 kafka::Isolation isolation, Millis timeout,
                                 Reply<OffsetTable> reply)
{
    read<OffsetTable>(
        "listOffsets", timeout, std::move(reply),
        [=](GroupTwin &twin) {
            OffsetTable answer;
            for (const TopicPartition &partition : partitions) {
                const TwinLog *const log = logOf(twin, partition);
                if (log == nullptr)
                    answer[partition].error = unknownPartition("listing offsets");
                else if (spec == kafka::OffsetSpec::Earliest)
                    answer[partition].offset = Offset(log->start);
                else if (isolation == kafka::Isolation::ReadCommitted)
                    answer[partition].offset = Offset(log->stable.value_or(log->end));
                else
                    answer[partition].offset = Offset(log->end);
            }
            return answer;
        },
        [=](const Error &error) {
            OffsetTable answer;
            for (const TopicPartition &partition : partitions)
                answer[partition].error = error;
            return answer;
        });
}

void FakeGroupAdmin::listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply)
{
    using Answer = Result<std::vector<TopicInfo>>;
    read<Answer>(
        "listTopics", timeout, std::move(reply),
        [](GroupTwin &twin) -> Answer {
            std::vector<TopicInfo> topics;
            for (const auto &[name, topic] : twin.topics) {
                TopicInfo info;
                info.name = name;
                for (const auto &[id, log] : topic.partitions)
                    info.partitions.push_back({.id = id, .leader = 1, .error = {}});
                topics.push_back(std::move(info));
            }
            return topics;
        },
        [](const Error &error) -> Answer { return error; });
}

void FakeGroupAdmin::readTails(std::vector<kafka::TailQuery> /*queries*/, Millis timeout,
                               Reply<TailTable> reply)
{
    read<TailTable>(
        "readTails", timeout, std::move(reply), [](GroupTwin &) { return TailTable{}; },
        [](const Error &) { return TailTable{}; });
}

void FakeGroupAdmin::offsetsForTimes(std::map<TopicPartition, WallTime> times, Millis timeout,
                                     Reply<kafka::TimeTable> reply)
{
    read<kafka::TimeTable>(
        "offsetsForTimes", timeout, std::move(reply),
        [times](GroupTwin &twin) {
            kafka::TimeTable answer;
            for (const auto &[partition, time] : times) {
                const TwinLog *const log = logOf(twin, partition);
                kafka::TimeAnswer &part = answer[partition];
                if (log == nullptr) {
                    part.error = unknownPartition("looking a time up");
                    continue;
                }
                for (std::int64_t offset = log->start; offset < log->end; ++offset) {
                    if (timeOf(*log, offset) < time)
                        continue;
                    part.offset = Offset(offset);
                    part.time = timeOf(*log, offset);
                    break;
                }
            }
            return answer;
        },
        [times](const Error &error) {
            kafka::TimeTable answer;
            for (const auto &[partition, time] : times)
                answer[partition].error = error;
            return answer;
        });
}

void FakeGroupAdmin::topicIdentities(std::vector<std::string> topics, Millis timeout,
                                     Reply<std::vector<kafka::TopicIdentity>> reply)
{
    using Answer = std::vector<kafka::TopicIdentity>;
    const auto each = [topics](const auto &fill) {
        Answer answer;
        for (const std::string &name : topics) {
            kafka::TopicIdentity identity;
            identity.topic = name;
            fill(identity);
            answer.push_back(std::move(identity));
        }
        return answer;
    };
    read<Answer>(
        "topicIdentities", timeout, std::move(reply),
        [each](GroupTwin &twin) {
            return each([&twin](kafka::TopicIdentity &identity) {
                const auto found = twin.topics.find(identity.topic);
                if (found == twin.topics.end()) {
                    identity.error = unknownPartition("describing a topic");
                    return;
                }
                identity.id = found->second.id;
                for (const auto &[partition, log] : found->second.partitions)
                    identity.partitions.push_back(partition);
            });
        },
        [each](const Error &error) {
            return each([&error](kafka::TopicIdentity &identity) { identity.error = error; });
        });
}

void FakeGroupAdmin::glance(std::vector<kafka::GlanceQuery> queries, Millis timeout,
                            Reply<std::vector<kafka::GlanceAnswer>> reply)
{
    using Answer = std::vector<kafka::GlanceAnswer>;
    read<Answer>(
        "glance", timeout, std::move(reply),
        [queries](GroupTwin &twin) {
            Answer answer;
            for (const kafka::GlanceQuery &query : queries) {
                kafka::GlanceAnswer part;
                const TwinLog *const log = logOf(twin, query.partition);
                const bool isFirst = query.which == kafka::GlanceQuery::Which::First;
                const std::int64_t offset = isFirst ? query.from.value() : query.end.value() - 1;
                if (log == nullptr)
                    part.error = unknownPartition("looking at a record");
                else if (offset >= log->start && offset < log->end)
                    part.record = {.offset = Offset(offset),
                                   .time = timeOf(*log, offset),
                                   .key = std::to_string(offset),
                                   .value = "{}",
                                   .valueSize = 2};
                answer.push_back(std::move(part));
            }
            return answer;
        },
        [queries](const Error &error) {
            Answer answer(queries.size());
            for (kafka::GlanceAnswer &part : answer)
                part.error = error;
            return answer;
        });
}

} // namespace redrive::twin
