#pragma once

#include "core/kafka/backgroundworker.h"
#include "core/kafka/configure.h"
#include "core/kafka/groupadmin.h"
#include "core/kafka/groupwriter.h"
#include "core/kafka/handles.h"

#include <cstdint>
#include <unordered_map>
#include <unordered_set>

namespace redrive::kafka {

/// What a handle needs for as long as it lives, wherever it is destroyed. Order: the worker ends
/// first, then the queue, then the client, then the book that the client's callback reads.
struct Handle
{
    HandleContext context;
    ClientPtr client;
    QueuePtr queue;
    std::unique_ptr<BackgroundWorker> worker;
};

/// ClusterClient and GroupAdmin on librdkafka. Its life and its queue are in clusterclient.cpp,
/// what it asks any broker in requests.cpp, what it asks a group's coordinator in
/// grouprequests.cpp, what planning a change asks in adminreads.cpp, and what changes a group in
/// groupwrites.cpp.
class LibrdkafkaClient final : public GroupAdmin
{
public:
    LibrdkafkaClient(ConnectionSettings settings, std::unique_ptr<Handle> handle);
    ~LibrdkafkaClient() override;

    void describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply) override;
    void listGroups(Millis timeout, Reply<Result<GroupListings>> reply) override;
    void listUndescribable(std::vector<GroupId> known, Millis timeout,
                           Reply<Result<GroupListings>> reply) override;
    void describeGroups(std::vector<GroupId> groups, Millis timeout,
                        Reply<std::vector<GroupDescription>> reply) override;
    void committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply) override;
    void listOffsets(std::vector<TopicPartition> partitions, OffsetSpec spec, Isolation isolation,
                     Millis timeout, Reply<OffsetTable> reply) override;
    void listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply) override;
    void readTails(std::vector<TailQuery> queries, Millis timeout, Reply<TailTable> reply) override;

    void offsetsForTimes(std::map<TopicPartition, WallTime> times, Millis timeout,
                         Reply<TimeTable> reply) override;
    void topicIdentities(std::vector<std::string> topics, Millis timeout,
                         Reply<std::vector<TopicIdentity>> reply) override;
    void glance(std::vector<GlanceQuery> queries, Millis timeout,
                Reply<std::vector<GlanceAnswer>> reply) override;
    void prepareChange(GroupId group, Millis timeout) override;
    void alterOffsets(GroupId group, std::vector<NewOffset> offsets, const Permit &permit,
                      Millis timeout, Reply<ChangeAnswer> reply) override;
    void deleteOffsets(GroupId group, std::vector<TopicPartition> partitions, const Permit &permit,
                       Millis timeout, Reply<ChangeAnswer> reply) override;
    void deleteGroup(GroupId group, const Permit &permit, Millis timeout,
                     Reply<Result<void>> reply) override;

    bool poll(Millis wait) override;
    bool isWorn() const override;
    void wake() override { rd_kafka_queue_yield(m_handle->queue.get()); }
    std::optional<Trouble> takeTrouble() override { return std::exchange(m_trouble, std::nullopt); }

private:
    struct Pending
    {
        std::function<void(rd_kafka_event_t *)> onEvent;
        std::function<void()> onTimeout;
        MonoTime deadline;
        bool staysInLibrary = false; ///< when we give it up
    };
    struct Descriptions;
    /// True: coordinators can be asked. False: there is no __consumer_offsets, and so no group.
    using Go = std::function<void(const Result<bool> &)>;

    rd_kafka_t *client() const { return m_handle->client.get(); }
    rd_kafka_queue_t *queue() const { return m_handle->queue.get(); }

    OptionsPtr expect(rd_kafka_admin_op_t operation, Millis timeout, Pending pending);
    OptionsPtr expectCoordinator(rd_kafka_admin_op_t operation, MonoTime deadline, Pending pending);
    OptionsPtr remember(rd_kafka_admin_op_t operation, Millis libraryTimeout, Pending pending);
    bool runFinished();
    bool runExpired();
    void dispatch(rd_kafka_event_t *event);
    void notice(rd_kafka_event_t *event);

    void explainLeaderless(const std::shared_ptr<const std::vector<TopicPartition>> &asked,
                           const std::string &attempted, MonoTime deadline,
                           const Reply<OffsetTable> &reply);

    void whenCoordinatorsExist(Millis timeout, Go go);
    void askForOffsetsTopic(Millis timeout);
    void settleOffsetsTopic(const Result<bool> &exists);
    void sendDescribe(const std::shared_ptr<Descriptions> &descriptions, std::size_t at,
                      MonoTime deadline);
    void sendCommitted(const GroupId &group, MonoTime deadline, const Reply<GroupOffsets> &reply);

    ConnectionSettings m_settings;
    std::unique_ptr<Handle> m_handle;
    std::shared_ptr<GroupWriter> m_writer; ///< used by the worker alone
    std::unordered_map<std::uintptr_t, Pending> m_pending;
    std::uintptr_t m_nextId =
        1; ///< travels as the request's opaque; late answers find nothing and are dropped
    std::unordered_set<std::uintptr_t> m_abandoned; ///< to coordinators, still in the library
    MonoTime m_nextSweep{};
    std::optional<Trouble> m_trouble;
    bool m_coordinatorsExist = false; ///< once true, for good
    std::vector<Go> m_waiting;        ///< for the answer whether they do
};

} // namespace redrive::kafka
