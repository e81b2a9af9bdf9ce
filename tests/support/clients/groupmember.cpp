#include "tests/support/clients/groupmember.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

namespace redrive::testclients {

namespace {

constexpr int pollMs = 100;

Properties memberProperties(const MemberOptions &options)
{
    Properties all{{"group.id", options.group},
                   {"client.id", options.clientId},
                   {"auto.offset.reset", "earliest"},
                   {"enable.auto.commit", options.commits ? "true" : "false"},
                   {"auto.commit.interval.ms", "500"},
                   {"fetch.wait.max.ms", "100"},
                   {"topic.metadata.refresh.interval.ms", "5000"}};
    if (options.kip848) {
        all["group.protocol"] = "consumer";
    } else {
        all["session.timeout.ms"] = "6000";
        all["heartbeat.interval.ms"] = "500";
    }
    for (const auto &[key, value] : options.properties)
        all[key] = value;
    return all;
}

} // namespace

bool pause(const std::stop_token &stop, Millis duration)
{
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock(mutex);
    changed.wait_for(lock, stop, duration, [] { return false; });
    return !stop.stop_requested();
}

GroupMember::GroupMember(const std::string &bootstrap, const MemberOptions &options)
    : m_perRecord(options.perRecord)
    , m_commits(options.commits)
    , m_client(makeClient(RD_KAFKA_CONSUMER, makeConf(bootstrap, memberProperties(options))))
{
    rd_kafka_poll_set_consumer(m_client.get());
    const PartitionsPtr topics(
        rd_kafka_topic_partition_list_new(static_cast<int>(options.topics.size())));
    for (const auto &topic : options.topics)
        rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    require("subscribing group " + options.group, rd_kafka_subscribe(m_client.get(), topics.get()));
    m_thread = std::jthread([this](const std::stop_token &stop) { run(stop); });
}

void GroupMember::run(const std::stop_token &stop)
{
    using MessagePtr = std::unique_ptr<rd_kafka_message_t, Release<rd_kafka_message_destroy>>;
    bool wasPaused = false;
    while (!stop.stop_requested()) {
        const bool paused = m_paused;
        if (paused || wasPaused) // While it lasts each time anew: a rebalance brings partitions.
            applyPause(paused);
        wasPaused = paused;
        const MessagePtr message(rd_kafka_consumer_poll(m_client.get(), pollMs));
        if (!message || message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
            continue;
        if (m_perRecord > Millis(0))
            pause(stop, m_perRecord);
        ++m_handled;
    }
    rd_kafka_consumer_close(m_client.get());
}

void GroupMember::setPaused(bool paused)
{
    m_paused = paused;
    applyPause(paused);
}

void GroupMember::applyPause(bool paused)
{
    rd_kafka_topic_partition_list_t *raw = nullptr;
    if (rd_kafka_assignment(m_client.get(), &raw) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    const PartitionsPtr list(raw);
    if (paused)
        rd_kafka_pause_partitions(m_client.get(), list.get());
    else
        rd_kafka_resume_partitions(m_client.get(), list.get());
}

std::vector<TopicPartition> GroupMember::assignment() const
{
    rd_kafka_topic_partition_list_t *raw = nullptr;
    require("asking for the assignment", rd_kafka_assignment(m_client.get(), &raw));
    const PartitionsPtr list(raw);
    std::vector<TopicPartition> partitions;
    for (int i = 0; i < list->cnt; ++i)
        partitions.push_back({list->elems[i].topic, list->elems[i].partition});
    std::sort(partitions.begin(), partitions.end());
    return partitions;
}

void GroupMember::commit()
{
    const auto code = rd_kafka_commit(m_client.get(), nullptr, 0);
    if (code != RD_KAFKA_RESP_ERR__NO_OFFSET)
        require("committing", code);
}

} // namespace redrive::testclients
