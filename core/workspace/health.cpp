#include "core/workspace/health.h"

#include <algorithm>
#include <array>

namespace redrive::workspace {

bool isUnanswered(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::Resolve:
    case Error::Kind::Transport:
    case Error::Kind::Tls:
    case Error::Kind::Authentication:
    case Error::Kind::Timeout:
    case Error::Kind::Cancelled: return true;
    default: return false;
    }
}

void Health::answered(WallTime now)
{
    m_lastAnswer = now;
    m_failure.reset();
    m_trouble.reset();
    if (m_connection == Connection::Live)
        return;
    m_connection = Connection::Live;
    m_since = now;
}

void Health::troubled(const kafka::ClusterClient::Trouble &trouble)
{
    m_trouble = trouble.error;
    if (trouble.allBrokersDown)
        wentDark();
}

void Health::wentDark()
{
    if (m_connection != Connection::Live)
        return;
    m_connection = Connection::Stale;
    m_since = m_lastAnswer;
}

void Health::failedToOpen(const Error &error)
{
    m_trouble = error;
    wentDark();
}

std::optional<Error> Health::error() const
{
    if (m_connection == Connection::Live)
        return {};
    return m_trouble ? m_trouble : m_failure;
}

void StuckHandle::refreshEnded(bool wasDead)
{
    if (wasDead) {
        ++m_deadInARow;
    } else {
        m_deadInARow = 0;
        m_replacedInARow = 0;
        m_notBefore.reset();
    }
}

bool StuckHandle::isToBeReplaced(MonoTime now) const
{
    return m_deadInARow >= 2 && mayBeReplaced(now);
}

void StuckHandle::replaced(MonoTime now)
{
    static constexpr std::array<int, 4> seconds{5, 10, 20, 30};
    const auto step = static_cast<std::size_t>(std::min(m_replacedInARow, 3));
    m_notBefore = now + std::chrono::seconds(seconds.at(step));
    ++m_replacedInARow;
    m_deadInARow = 0;
}

} // namespace redrive::workspace
