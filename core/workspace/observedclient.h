#pragma once

#include "core/kafka/clusterclient.h"

#include <functional>
#include <memory>

namespace redrive::workspace {

/// Passes everything through, and tells of each request whether somebody answered it: the one place
/// that sees them all, whoever asked. Tails are not counted, since they run on a connection of
/// their own.
class ObservedClient final : public kafka::ClusterClient
{
public:
    enum class Asked
    {
        Cluster,
        Commits,
        Ends
    };
    /// `error` is null when somebody answered, be it with a "no". Called from poll(), before the
    /// reply.
    using Heard = std::function<void(Asked asked, const Error *error)>;

    ObservedClient(std::unique_ptr<kafka::ClusterClient> inner, Heard heard);

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
    bool poll(Millis wait) override { return m_inner->poll(wait); }
    void wake() override { m_inner->wake(); }
    std::optional<Trouble> takeTrouble() override { return m_inner->takeTrouble(); }
    bool isWorn() const override { return m_inner->isWorn(); }

private:
    template <typename T>
    Reply<Result<T>> observed(Reply<Result<T>> reply) const;

    Heard m_heard;
    std::unique_ptr<kafka::ClusterClient> m_inner;
};

} // namespace redrive::workspace
