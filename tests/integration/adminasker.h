#pragma once

#include "core/kafka/groupadmin.h"
#include "tests/integration/groupmember.h"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace redrive::kafkatest {

/// Asks a GroupAdmin one thing at a time and waits for its reply.
class Asker
{
public:
    template <typename T>
    using Start = std::function<void(kafka::ClusterClient::Reply<T>)>;

    explicit Asker(const std::string &bootstrap)
    {
        kafka::ConnectionSettings settings;
        settings.bootstrap = bootstrap;
        auto opened = kafka::openGroupAdmin(settings);
        if (!opened)
            throw std::runtime_error(describe(opened.error()));
        m_admin = std::move(*opened);
    }

    kafka::GroupAdmin &admin() { return *m_admin; }

    template <typename T>
    T ask(const Start<T> &start)
    {
        std::optional<T> answer;
        start([&](T value) {
            if (answer)
                throw std::logic_error("answered twice");
            answer.emplace(std::move(value));
        });
        if (answer)
            throw std::logic_error("answered from elsewhere than poll()");
        const MonoTime deadline = monoNow() + Millis(60'000);
        while (!answer) {
            if (monoNow() > deadline)
                throw std::runtime_error("no reply");
            m_admin->poll(Millis(50));
        }
        return std::move(*answer);
    }

    kafka::TimeTable offsetsForTimes(const std::map<TopicPartition, WallTime> &times)
    {
        return ask<kafka::TimeTable>(
            [&](auto reply) { m_admin->offsetsForTimes(times, m_timeout, std::move(reply)); });
    }

    std::vector<kafka::TopicIdentity> topicIdentities(const std::vector<std::string> &topics)
    {
        return ask<std::vector<kafka::TopicIdentity>>(
            [&](auto reply) { m_admin->topicIdentities(topics, m_timeout, std::move(reply)); });
    }

    std::vector<kafka::GlanceAnswer> glance(const std::vector<kafka::GlanceQuery> &queries,
                                            Millis timeout = Millis(15'000))
    {
        return ask<std::vector<kafka::GlanceAnswer>>(
            [&](auto reply) { m_admin->glance(queries, timeout, std::move(reply)); });
    }

    kafka::ChangeAnswer alter(const std::string &group,
                              const std::vector<kafka::NewOffset> &offsets,
                              Millis timeout = Millis(15'000))
    {
        return ask<kafka::ChangeAnswer>([&](auto reply) {
            m_admin->alterOffsets(GroupId(group), offsets, permit(), timeout, std::move(reply));
        });
    }

    kafka::ChangeAnswer deleteOffsets(const std::string &group,
                                      const std::vector<TopicPartition> &partitions)
    {
        return ask<kafka::ChangeAnswer>([&](auto reply) {
            m_admin->deleteOffsets(GroupId(group), partitions, permit(), m_timeout,
                                   std::move(reply));
        });
    }

    Result<void> deleteGroup(const std::string &group)
    {
        return ask<Result<void>>([&](auto reply) {
            m_admin->deleteGroup(GroupId(group), permit(), m_timeout, std::move(reply));
        });
    }

    GroupOffsets committed(const std::string &group)
    {
        return ask<GroupOffsets>([&](auto reply) {
            m_admin->committedOffsets(GroupId(group), m_timeout, std::move(reply));
        });
    }

    GroupDescription describeGroup(const std::string &group)
    {
        return ask<std::vector<GroupDescription>>([&](auto reply) {
                   m_admin->describeGroups({GroupId(group)}, m_timeout, std::move(reply));
               })
            .at(0);
    }

private:
    Millis m_timeout{15'000};
    std::unique_ptr<kafka::GroupAdmin> m_admin;
};

} // namespace redrive::kafkatest
