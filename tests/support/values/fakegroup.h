#pragma once

#include "core/kafka/groupconsumer.h"
#include "core/kafka/recordwriter.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace redrive::testsupport {

/// A topic, a group with one member and a dead-letter topic, in memory: what a session meets, as
/// the test orders it. Thread-safe; outlives the consumer and the writer that it makes.
class FakeGroup
{
public:
    struct Stored
    {
        std::int64_t offset = 0;
        std::optional<std::string> key;
        std::optional<std::string> value;
        Headers headers;
    };

    /// Appends at the next offset, or at `offset` (a gap: markers or compaction).
    void append(const TopicPartition &partition, std::optional<std::string> value,
                std::optional<std::string> key = std::nullopt, Headers headers = {},
                std::optional<std::int64_t> offset = std::nullopt);
    void appendMany(const TopicPartition &partition, int count);
    void setCommitted(const TopicPartition &partition, std::int64_t offset);
    void setLogStart(const TopicPartition &partition, std::int64_t offset);

    /// The next assign() begins there, whatever is committed (a reset by the broker's client).
    void truncateTo(const TopicPartition &partition, std::int64_t offset);

    // What the group does to its member.
    void give(std::vector<TopicPartition> partitions,
              kafka::RebalanceProtocol protocol = kafka::RebalanceProtocol::Cooperative);
    /// As soon as the member asks how far the others are, before it is answered.
    void giveWhenOthersAreAskedFor(std::vector<TopicPartition> partitions);
    void revoke(std::vector<TopicPartition> partitions, bool lost = false);
    void complain(kafka::consumed::Complaint complaint);

    /// The next commits are answered with these, one each.
    void refuseCommits(std::deque<Error> errors);
    void holdCommits(bool hold); ///< answers wait until it is taken back
    /// The next dead letters are refused with these, one each.
    void refuseLetters(std::deque<Error> errors);
    void holdLetters(bool hold);

    std::optional<std::int64_t> committed(const TopicPartition &partition) const;
    /// Every commit request that was taken, in order.
    std::vector<std::vector<Position>> commits() const;
    std::vector<OutgoingRecord> letters() const;
    bool isAssigned(const TopicPartition &partition) const;
    bool isPaused(const TopicPartition &partition) const;
    bool hasLeft() const;
    std::size_t taken() const;              ///< records handed out
    std::vector<std::string> calls() const; ///< "assign", "commit", "unassign", "close" …

    Result<std::unique_ptr<kafka::GroupConsumer>> makeConsumer();
    Result<std::unique_ptr<kafka::RecordWriter>> makeWriter();

    struct State;

private:
    std::shared_ptr<State> m_state = makeState();
    static std::shared_ptr<State> makeState();
};

} // namespace redrive::testsupport
