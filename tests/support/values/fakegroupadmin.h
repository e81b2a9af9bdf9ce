#pragma once

#include "core/kafka/groupadmin.h"
#include "core/offsets/target.h"
#include "tests/support/values/grouptext.h"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace redrive::twin {

/// A log with a record at every offset, `apart` from each other.
struct TwinLog
{
    std::int64_t start = 0;
    std::int64_t end = 0;
    std::optional<std::int64_t> stable{}; ///< none: all of it
    WallTime first{Millis(1'795'255'200'000)};
    Millis apart{1000};
};

struct TwinTopic
{
    std::optional<std::string> id;
    std::map<std::int32_t, TwinLog> partitions;
};

struct TwinGroup
{
    std::optional<GroupState> state = GroupState::Empty;
    std::vector<GroupMember> members;
    offsets::CommitTable commits;
};

/// What becomes of one request.
struct Fate
{
    enum class Kind
    {
        Answered,
        LostBefore, ///< it never arrives
        LostAfter,  ///< it is done, and the answer does not arrive
        Late,       ///< no answer comes, and it is done `after` so long
        Refused,    ///< as a whole, by `error`
    };
    Kind kind = Kind::Answered;
    Millis after{};
    std::optional<Error> error{};
    std::map<TopicPartition, Error> parts{}; ///< of a write: these are refused, the others done
};

/// `alterOffsets`, and the how-manieth of that name it is, from 1.
struct TwinRequest
{
    std::string name;
    std::size_t number = 1;
};

/// A cluster in memory with what belongs to a change of offsets, and a hook by which a test decides
/// about each request as it is sent: what becomes of it, or what somebody else does at that moment.
/// Its clock moves only while a handle is polled, so that hours pass at once; unless `waits`, for
/// threads. A value that several handles share; lock the mutex where a handle is on another thread.
struct GroupTwin
{
    std::string clusterId = "twin";
    std::map<std::string, TwinTopic> topics;
    std::map<std::string, TwinGroup> groups;
    Millis latency{10};
    std::function<Fate(GroupTwin &, const TwinRequest &)> hook;
    bool waits = false;
    bool isWorn = false;

    std::vector<std::string> asked;   ///< names of requests
    std::vector<TopicPartition> sent; ///< that writes were about
    std::size_t opened = 0;           ///< handles
    std::recursive_mutex mutex;
    std::condition_variable_any changed;

    MonoTime now() const;
    WallTime wall() const;
    std::size_t count(const std::string &request) const;
    TwinGroup &group(const std::string &name) { return groups[name]; }
    void commit(const std::string &group, const TopicPartition &partition, std::int64_t offset);
    void join(const std::string &group); ///< somebody
    void leave(const std::string &group);

    MonoTime clock{std::chrono::hours(1)};
    struct Later
    {
        MonoTime at;
        std::function<void()> effect;
    };
    std::vector<Later> later; ///< writes that are on their way
};

/// A twin with `orders` (three partitions, 0 to 150) and the group `billing`, Empty, at 120 of
/// each.
std::shared_ptr<GroupTwin> billingTwin();

/// One handle. Requests wait in it for their latency.
class FakeGroupAdmin final : public kafka::GroupAdmin
{
public:
    explicit FakeGroupAdmin(std::shared_ptr<GroupTwin> twin);
    ~FakeGroupAdmin() override;

    void describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply) override;
    void listGroups(Millis timeout, Reply<Result<kafka::GroupListings>> reply) override;
    void listUndescribable(std::vector<GroupId> known, Millis timeout,
                           Reply<Result<kafka::GroupListings>> reply) override;
    void describeGroups(std::vector<GroupId> groups, Millis timeout,
                        Reply<std::vector<GroupDescription>> reply) override;
    void committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply) override;
    void listOffsets(std::vector<TopicPartition> partitions, kafka::OffsetSpec spec,
                     kafka::Isolation isolation, Millis timeout, Reply<OffsetTable> reply) override;
    void listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply) override;
    void readTails(std::vector<kafka::TailQuery> queries, Millis timeout,
                   Reply<TailTable> reply) override;
    bool poll(Millis wait) override;
    void wake() override;
    std::optional<Trouble> takeTrouble() override { return std::nullopt; }
    bool isWorn() const override;

    void offsetsForTimes(std::map<TopicPartition, WallTime> times, Millis timeout,
                         Reply<kafka::TimeTable> reply) override;
    void topicIdentities(std::vector<std::string> topics, Millis timeout,
                         Reply<std::vector<kafka::TopicIdentity>> reply) override;
    void glance(std::vector<kafka::GlanceQuery> queries, Millis timeout,
                Reply<std::vector<kafka::GlanceAnswer>> reply) override;
    void alterOffsets(GroupId group, std::vector<kafka::NewOffset> offsets,
                      const kafka::Permit &permit, Millis timeout,
                      Reply<kafka::ChangeAnswer> reply) override;
    void deleteOffsets(GroupId group, std::vector<TopicPartition> partitions,
                       const kafka::Permit &permit, Millis timeout,
                       Reply<kafka::ChangeAnswer> reply) override;
    void deleteGroup(GroupId group, const kafka::Permit &permit, Millis timeout,
                     Reply<Result<void>> reply) override;

private:
    struct Pending
    {
        MonoTime due;
        std::function<std::function<void()>()> run; ///< does it, and gives what answers it
    };
    Fate fateOf(const std::string &name);
    void note(const TopicPartition &partition);
    void post(MonoTime due, std::function<std::function<void()>()> run);
    template <typename Answer, typename Work, typename Failed>
    void read(const std::string &name, Millis timeout, Reply<Answer> reply, Work work,
              Failed failed);
    template <typename Answer, typename Work, typename Failed>
    void change(const std::string &name, Millis timeout, Reply<Answer> reply, Work work,
                Failed failed);
    MonoTime nextDue() const;

    std::shared_ptr<GroupTwin> m_twin;
    std::vector<Pending> m_pending;
    bool m_woken = false;
};

} // namespace redrive::twin
