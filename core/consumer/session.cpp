#include "core/consumer/session.h"

#include "core/consumer/engine.h"

#include <utility>

namespace redrive::consumer {

ConsumerSession::ConsumerSession(SessionOptions options, SessionParts parts)
    : m_engine(std::make_unique<Engine>(std::move(options), std::move(parts)))
{
}

ConsumerSession::~ConsumerSession() = default;

void ConsumerSession::stop(std::string reason)
{
    m_engine->command(Engine::Stop{std::move(reason)});
}

void ConsumerSession::kill()
{
    m_engine->command(Engine::Kill{});
}

void ConsumerSession::pause(TopicPartition partition)
{
    m_engine->command(Engine::Steer{Engine::Steer::Action::Pause, std::move(partition)});
}

void ConsumerSession::resume(TopicPartition partition)
{
    m_engine->command(Engine::Steer{Engine::Steer::Action::Resume, std::move(partition)});
}

void ConsumerSession::seek(TopicPartition partition, Offset to)
{
    m_engine->command(Engine::Steer{Engine::Steer::Action::Seek, std::move(partition), to.value()});
}

void ConsumerSession::skipOne(TopicPartition partition)
{
    m_engine->command(Engine::Steer{Engine::Steer::Action::SkipOne, std::move(partition)});
}

void ConsumerSession::rewind(TopicPartition partition, std::int64_t records)
{
    m_engine->command(Engine::Steer{Engine::Steer::Action::Rewind, std::move(partition), records});
}

std::shared_ptr<const SessionSnapshot> ConsumerSession::snapshot() const
{
    return m_engine->snapshot();
}

EventMailbox &ConsumerSession::events()
{
    return m_engine->events();
}

bool ConsumerSession::ended() const
{
    return m_engine->ended();
}

bool ConsumerSession::wait(Millis timeout) const
{
    return m_engine->wait(timeout);
}

} // namespace redrive::consumer
