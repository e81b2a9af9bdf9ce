#pragma once

#include "tests/support/values/fakegroupadmin.h"

// Private to the twin.

namespace redrive::twin {

TwinLog *logOf(GroupTwin &twin, const TopicPartition &partition); ///< or null
Error unknownPartition(const std::string &attempted);

template <typename Answer, typename Work, typename Failed>
void FakeGroupAdmin::read(const std::string &name, Millis timeout, Reply<Answer> reply, Work work,
                          Failed failed)
{
    const Fate fate = fateOf(name);
    const bool isLost = fate.kind != Fate::Kind::Answered && fate.kind != Fate::Kind::Refused;
    const bool isSlow = isLost || m_twin->latency > timeout;
    post(m_twin->now() + (isSlow ? timeout : m_twin->latency), [=, this] {
        Answer answer = isSlow                             ? failed(brokerError("_TIMED_OUT", name))
                        : fate.kind == Fate::Kind::Refused ? failed(*fate.error)
                                                           : work(*m_twin);
        return [reply, answer] { reply(answer); };
    });
}

template <typename Answer, typename Work, typename Failed>
void FakeGroupAdmin::change(const std::string &name, Millis timeout, Reply<Answer> reply, Work work,
                            Failed failed)
{
    using Kind = Fate::Kind;
    const Fate fate = fateOf(name);
    const MonoTime sent = m_twin->now();
    auto *const twin = m_twin.get();
    if (fate.kind == Kind::LostAfter || fate.kind == Kind::Late) {
        const std::scoped_lock lock(m_twin->mutex);
        const Millis after = fate.kind == Kind::Late ? fate.after : m_twin->latency;
        m_twin->later.push_back({sent + after, [=] { static_cast<void>(work(*twin, fate)); }});
    }
    const bool isAnswered = fate.kind == Kind::Answered || fate.kind == Kind::Refused;
    post(sent + (isAnswered ? m_twin->latency : timeout), [=] {
        Answer answer = !isAnswered                  ? failed(brokerError("_TIMED_OUT", name))
                        : fate.kind == Kind::Refused ? failed(*fate.error)
                                                     : work(*twin, fate);
        return [reply, answer] { reply(answer); };
    });
}

} // namespace redrive::twin
