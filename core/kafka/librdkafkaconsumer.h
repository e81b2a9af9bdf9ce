#pragma once

#include "core/kafka/complaints.h"
#include "core/kafka/configure.h"
#include "core/kafka/groupconsumer.h"
#include "core/kafka/handles.h"

#include <map>
#include <set>
#include <unordered_map>

namespace redrive::kafka {

/// What a member needs for as long as it or a batch of its lives: librdkafka frees a handle only
/// when every message of it is freed. Its last owner hands it to the reaper.
struct MemberHandle
{
    MemberHandle() = default;
    MemberHandle(const MemberHandle &) = delete;
    MemberHandle &operator=(const MemberHandle &) = delete;
    /// Blocks; leaves no group and commits nothing.
    ~MemberHandle();

    HandleContext context;
    rd_kafka_t *client = nullptr;
    QueuePtr events;  ///< rebalances, answers, errors; polling it keeps the member in the group
    QueuePtr records; ///< what all partitions are forwarded to
};

/// Takes the messages over; `handle` outlives them.
RecordBatch toBatch(std::vector<rd_kafka_message_t *> messages,
                    std::shared_ptr<const MemberHandle> handle);

/// Answers to commits are taken as events, but without a callback librdkafka says nothing about its
/// timed ones, and answers ours twice.
void neverCalled(rd_kafka_t *client, rd_kafka_resp_err_t code,
                 rd_kafka_topic_partition_list_t *offsets, void *opaque);

/// GroupConsumer on librdkafka. Its life and its queues are in groupconsumer.cpp, what it asks of
/// the group in membership.cpp, what it asks of the log in startingpoints.cpp.
class LibrdkafkaConsumer final : public GroupConsumer
{
public:
    LibrdkafkaConsumer(GroupConsumerSettings settings, std::shared_ptr<MemberHandle> handle);
    ~LibrdkafkaConsumer() override;

    /// Joins with the first poll() of the group's queue.
    Result<void> subscribe();

    void wakeThrough(int eventDescriptor) override;
    std::vector<consumed::Event> poll() override;
    RecordBatch take(std::size_t most) override;
    void lookUp(std::vector<TopicPartition> partitions, Millis timeout) override;
    void lookUpElsewhere(Millis timeout) override;
    void assign(const std::vector<TopicPartition> &partitions, const std::vector<Position> &startAt,
                RebalanceProtocol protocol) override;
    void unassign(const std::vector<TopicPartition> &partitions,
                  RebalanceProtocol protocol) override;
    void commit(std::uint64_t request, const std::vector<Position> &positions,
                const std::string &metadata) override;
    std::vector<consumed::PartOfCommit> store(const std::vector<Position> &positions,
                                              const std::string &metadata) override;
    void pause(const std::vector<TopicPartition> &partitions) override;
    void resume(const std::vector<TopicPartition> &partitions) override;
    void seek(const std::vector<Position> &positions, Millis timeout) override;
    std::optional<Offset> knownEnd(const TopicPartition &partition) const override;
    std::string memberId() const override;
    void close() override;
    bool closed() const override;

private:
    struct Question
    {
        enum class About
        {
            Commits,
            Start,
            End,
            Topics,
            Elsewhere
        };
        About about = About::Commits;
        std::shared_ptr<consumed::StartingPoints> points; ///< null for Topics and Elsewhere
        MonoTime deadline;
        Millis timeout{};
    };

    rd_kafka_t *client() const { return m_handle->client; }
    void say(consumed::Event event);
    void complain(Error error, std::optional<std::string> topic = {});
    ConnectionWords connectionWords();
    void dispatch(rd_kafka_event_t *event, std::vector<consumed::Event> &said);
    void learnProtocol();
    void validate(const std::vector<Position> &positions);
    void rebalanced(rd_kafka_event_t *event, std::vector<consumed::Event> &said);
    void markLost(std::vector<consumed::Event> &said);
    consumed::CommitAnswer toAnswer(rd_kafka_event_t *event) const;
    OptionsPtr ask(rd_kafka_admin_op_t operation, Question question, Millis libraryTimeout);
    void answered(rd_kafka_event_t *event);
    void giveUpLate(MonoTime now);
    void settle(const Question &question, const std::optional<Error> &error);
    void askBounds(const Question &question);
    void askFor(std::shared_ptr<consumed::StartingPoints> points, Millis timeout);
    void askTopics(Question::About about, Millis timeout);
    void toldElsewhere(rd_kafka_event_t *event, const Question &question);
    void askTopicsWhenDue(MonoTime now);
    void toldTopics(rd_kafka_event_t *event);

    GroupConsumerSettings m_settings;
    std::shared_ptr<MemberHandle> m_handle;
    std::string m_attempted;
    int m_eventDescriptor = -1;
    std::vector<consumed::Event> m_said; ///< by our own calls, for the next poll()
    std::vector<rd_kafka_message_t *> m_taken;
    std::set<TopicPartition> m_mine;
    std::set<TopicPartition> m_paused;
    /// An Assigned event that assign() has not answered.
    std::optional<consumed::Assigned> m_unanswered;
    RebalanceProtocol m_protocol = RebalanceProtocol::Eager;
    bool m_isProtocolKnown = false;
    std::unordered_map<std::uintptr_t, Question> m_questions;
    std::uintptr_t m_nextQuestion = 1;
    /// With `group.protocol=consumer` nobody says that a topic is not there, so it is asked.
    bool m_asksForTopics = false;
    MonoTime m_topicsDue{};
    Millis m_topicsPause{};          ///< since it was last asked; none once it was answered
    std::set<std::string> m_missing; ///< topics that were complained about
    bool m_hasLeft = false;          ///< by not polling, and until it is assigned something again
    mutable std::optional<std::string> m_memberId; ///< since the last rebalance
    bool m_closing = false;
    bool m_closed = false;
};

} // namespace redrive::kafka
