#include "core/workspace/observedclient.h"

#include "core/workspace/health.h"

#include <utility>

namespace redrive::workspace {

namespace {

const Error *unanswered(const std::optional<Error> &error)
{
    return error && isUnanswered(*error) ? &*error : nullptr;
}

} // namespace

ObservedClient::ObservedClient(std::unique_ptr<kafka::ClusterClient> inner, Heard heard)
    : m_heard(std::move(heard))
    , m_inner(std::move(inner))
{
}

template <typename T>
kafka::ClusterClient::Reply<Result<T>> ObservedClient::observed(Reply<Result<T>> reply) const
{
    return [this, reply = std::move(reply)](Result<T> answer) {
        const bool isDark = !answer && isUnanswered(answer.error());
        m_heard(Asked::Cluster, isDark ? &answer.error() : nullptr);
        reply(std::move(answer));
    };
}

void ObservedClient::describeCluster(Millis timeout, Reply<Result<ClusterInfo>> reply)
{
    m_inner->describeCluster(timeout, observed(std::move(reply)));
}

void ObservedClient::listGroups(Millis timeout, Reply<Result<kafka::GroupListings>> reply)
{
    m_inner->listGroups(timeout, observed(std::move(reply)));
}

void ObservedClient::listUndescribable(std::vector<GroupId> known, Millis timeout,
                                       Reply<Result<kafka::GroupListings>> reply)
{
    m_inner->listUndescribable(std::move(known), timeout, observed(std::move(reply)));
}

void ObservedClient::describeGroups(std::vector<GroupId> groups, Millis timeout,
                                    Reply<std::vector<GroupDescription>> reply)
{
    m_inner->describeGroups(
        std::move(groups), timeout,
        [this, reply = std::move(reply)](std::vector<GroupDescription> answers) {
            for (const GroupDescription &each : answers)
                m_heard(Asked::Cluster, unanswered(each.error));
            reply(std::move(answers));
        });
}

void ObservedClient::committedOffsets(GroupId group, Millis timeout, Reply<GroupOffsets> reply)
{
    m_inner->committedOffsets(std::move(group), timeout,
                              [this, reply = std::move(reply)](GroupOffsets answer) {
                                  m_heard(Asked::Commits, unanswered(answer.error));
                                  reply(std::move(answer));
                              });
}

void ObservedClient::listOffsets(std::vector<TopicPartition> partitions, kafka::OffsetSpec spec,
                                 kafka::Isolation isolation, Millis timeout,
                                 Reply<OffsetTable> reply)
{
    m_inner->listOffsets(std::move(partitions), spec, isolation, timeout,
                         [this, reply = std::move(reply)](OffsetTable answers) {
                             const Error *first = nullptr;
                             bool isAnswered = false;
                             for (const auto &[partition, answer] : answers) {
                                 const Error *error = unanswered(answer.error);
                                 isAnswered = isAnswered || !error;
                                 first = first ? first : error;
                             }
                             if (!answers.empty())
                                 m_heard(Asked::Ends, isAnswered ? nullptr : first);
                             reply(std::move(answers));
                         });
}

void ObservedClient::listTopics(Millis timeout, Reply<Result<std::vector<TopicInfo>>> reply)
{
    m_inner->listTopics(timeout, observed(std::move(reply)));
}

void ObservedClient::readTails(std::vector<kafka::TailQuery> queries, Millis timeout,
                               Reply<TailTable> reply)
{
    m_inner->readTails(std::move(queries), timeout, std::move(reply));
}

} // namespace redrive::workspace
