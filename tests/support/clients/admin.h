#pragma once

#include "tests/support/clients/client.h"

#include <vector>

namespace redrive::testclients {

/// What an operator does: topics, offsets of groups, records deleted. Blocks, one request at a
/// time; each function returns when the cluster has said that it is done.
class Admin
{
public:
    explicit Admin(const std::string &bootstrap, const Properties &properties = {});

    /// A topic that is there already is left as it is. Returns when its partitions have leaders.
    void createTopic(const std::string &topic, int partitions, int replication = 1,
                     const Properties &config = {});
    void deleteTopic(const std::string &topic);
    /// Moves the log start; -1 is the end of the log.
    void deleteRecords(const TopicPartition &partition, std::int64_t before);
    /// As `kafka-consumer-groups --reset-offsets`: the group must be empty or new; no check of the
    /// log's bounds.
    void alterOffsets(const std::string &group, const OffsetMap &offsets);
    void deleteGroup(const std::string &group);
    void addPartitions(const std::string &topic, int upTo);
    /// What a group has committed; partitions without a commit are left out.
    OffsetMap committed(const std::string &group);

    std::size_t brokerCount();
    std::int64_t endOffset(const TopicPartition &partition);
    /// The offset that read_committed readers may read up to.
    std::int64_t stableOffset(const TopicPartition &partition);

private:
    class Request;
    void waitForLeaders(const std::string &topic, int partitions);
    bool hasLeaders(const std::string &topic, int partitions);
    std::int64_t offset(const TopicPartition &partition, rd_kafka_IsolationLevel_t isolation);

    ClientPtr m_client;
    /// Asks for commits: librdkafka 2.15.1 follows a null pointer when a coordinator is not there
    /// for a client that has no group of its own.
    ClientPtr m_member;
};

/// Commits as an application does that assigns partitions itself and never joins: a simple group.
/// Also beyond the end of the log, which no consumer's own checks prevent.
void commitWithoutJoining(const std::string &bootstrap, const std::string &group,
                          const OffsetMap &offsets, const std::string &metadata = {},
                          const Properties &properties = {});

} // namespace redrive::testclients
