#pragma once

#include "core/kafka/clusterclient.h"
#include "tests/support/values/grouptext.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace redrive::twin {

enum class Call
{
    DescribeCluster,
    ListGroups,
    ListUndescribable,
    DescribeGroups,
    CommittedOffsets,
    ListOffsets,
    ListTopics,
    ReadTails,
};

/// How the brokers behave towards every handle.
enum class Reach
{
    Answering,
    Silent,  ///< packets vanish: requests time out
    Refused, ///< connections are refused: requests fail at once
};

/// A cluster in memory, as kafka::ClusterClient shows one: what is on it, how it behaves, and what
/// it was asked. Its clock stands still until the test ticks it; a request is answered by the first
/// poll() at or after its latency has passed, with what is on the cluster at that moment, or with a
/// time-out. Any thread; clients may outlive it.
class FakeCluster
{
public:
    FakeCluster();

    /// Adds or replaces a group, and the bounds of the partitions that it names (see groupCase()).
    void put(std::string_view text);
    void put(const GroupCase &group);
    void remove(const std::string &group);
    /// A name that only the deprecated listing knows.
    void putUndescribable(const std::string &group);
    void setCommitted(const std::string &group, const TopicPartition &partition,
                      std::int64_t offset);
    void setEnd(const TopicPartition &partition, std::int64_t end);
    void putTopic(TopicInfo topic);
    void setClusterId(std::string id);

    void setReach(Reach reach);
    void setLatency(Millis latency);
    /// The next `times` answers to this call fail, as a whole, or in the part `about` (a group or
    /// topic) alone.
    void fail(Call call, Error error, int times = 1, std::string about = {});
    /// Handles opened so far never hear an answer again; new ones do.
    void stickHandles();
    /// Handles opened so far say that they are worn; new ones do not.
    void wearHandles();
    /// What takeTrouble() says next, once.
    void setTrouble(kafka::ClusterClient::Trouble trouble);

    void tick(Millis by);
    MonoTime now() const;
    WallTime wall() const;

    std::unique_ptr<kafka::ClusterClient> open();
    int opened() const;
    int alive() const; ///< handles not destroyed yet

    /// One line a request since the last forget(): "committedOffsets billing", "listOffsets end
    /// orders/0 orders/1".
    std::vector<std::string> asked() const;
    std::size_t count(Call call) const;
    std::size_t mostInFlight(Call call) const;
    void forget();

private:
    struct State;
    class Client;
    std::shared_ptr<State> m_state;
};

std::string_view name(Call call);

} // namespace redrive::twin
