#include "tests/support/values/fakecluster.h"

#include "tests/support/values/fakeclient.h"

#include <utility>

namespace redrive::twin {

std::string_view name(Call call)
{
    switch (call) {
    case Call::DescribeCluster: return "describeCluster";
    case Call::ListGroups: return "listGroups";
    case Call::ListUndescribable: return "listUndescribable";
    case Call::DescribeGroups: return "describeGroups";
    case Call::CommittedOffsets: return "committedOffsets";
    case Call::ListOffsets: return "listOffsets";
    case Call::ListTopics: return "listTopics";
    case Call::ReadTails: return "readTails";
    }
    return "";
}

FakeCluster::FakeCluster()
    : m_state(std::make_shared<State>())
{
    m_state->cluster.clusterId = "twin";
    m_state->cluster.controllerId = 1;
    m_state->cluster.brokers = {Broker{.id = 1, .host = "twin", .port = 9092, .rack = {}}};
}

void FakeCluster::put(std::string_view text)
{
    put(groupCase(text));
}

void FakeCluster::put(const GroupCase &group)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->groups[group.listing.id] = group;
    const auto take = [](auto &into, const auto &from) {
        for (const auto &[partition, answer] : from)
            into.insert_or_assign(partition, answer);
    };
    take(m_state->logs.start, group.bounds.start);
    take(m_state->logs.end, group.bounds.end);
    take(m_state->logs.stable, group.bounds.stable);
    take(m_state->logs.tail, group.bounds.tail);
}

void FakeCluster::remove(const std::string &group)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->groups.erase(GroupId(group));
}

void FakeCluster::putUndescribable(const std::string &group)
{
    const std::scoped_lock lock(m_state->mutex);
    GroupListing listing;
    listing.id = GroupId(group);
    listing.error = brokerError("GROUP_TYPE_UNKNOWN", "describing group " + group);
    m_state->undescribable.push_back(std::move(listing));
}

void FakeCluster::setCommitted(const std::string &group, const TopicPartition &partition,
                               std::int64_t offset)
{
    const std::scoped_lock lock(m_state->mutex);
    for (CommittedOffset &commit : m_state->groups.at(GroupId(group)).commits.offsets) {
        if (commit.partition == partition)
            commit.offset = Offset(offset);
    }
}

void FakeCluster::setEnd(const TopicPartition &partition, std::int64_t end)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->logs.end[partition].offset = Offset(end);
    m_state->logs.stable[partition].offset = Offset(end);
    m_state->logs.start.try_emplace(partition, OffsetAnswer{.offset = Offset(0), .error = {}});
}

void FakeCluster::putTopic(TopicInfo topic)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->topics[topic.name] = std::move(topic);
}

void FakeCluster::setClusterId(std::string id)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->cluster.clusterId = std::move(id);
}

void FakeCluster::setReach(Reach reach)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->reach = reach;
}

void FakeCluster::setLatency(Millis latency)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->latency = latency;
}

void FakeCluster::fail(Call call, Error error, int times, std::string about)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->failures.push_back(
        {.call = call, .error = std::move(error), .times = times, .about = std::move(about)});
}

void FakeCluster::stickHandles()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->stuckUpTo = m_state->opened;
}

void FakeCluster::wearHandles()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->wornUpTo = m_state->opened;
}

void FakeCluster::setTrouble(kafka::ClusterClient::Trouble trouble)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->trouble = std::move(trouble);
}

void FakeCluster::tick(Millis by)
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->now += by;
    m_state->wall += by;
    m_state->changed.notify_all();
}

MonoTime FakeCluster::now() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->now;
}

WallTime FakeCluster::wall() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->wall;
}

std::unique_ptr<kafka::ClusterClient> FakeCluster::open()
{
    const std::scoped_lock lock(m_state->mutex);
    ++m_state->alive;
    return std::make_unique<Client>(m_state, ++m_state->opened);
}

int FakeCluster::opened() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->opened;
}

int FakeCluster::alive() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->alive;
}

std::vector<std::string> FakeCluster::asked() const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->asked;
}

std::size_t FakeCluster::count(Call call) const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->counts[call];
}

std::size_t FakeCluster::mostInFlight(Call call) const
{
    const std::scoped_lock lock(m_state->mutex);
    return m_state->mostInFlight[call];
}

void FakeCluster::forget()
{
    const std::scoped_lock lock(m_state->mutex);
    m_state->asked.clear();
    m_state->counts.clear();
}

} // namespace redrive::twin
