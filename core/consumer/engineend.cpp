#include "core/consumer/engine.h"

#include <algorithm>

namespace redrive::consumer {

namespace {

constexpr Millis emptyGrace{3000};
constexpr Millis lookPatience{5000};
constexpr Millis lookEvery{500};
/// Longer than the session timeout that members have unless told otherwise (45 s): one that died
/// has been missed by then.
constexpr Millis elsewherePatience{60'000};

} // namespace

void ConsumerSession::Engine::checkEnd()
{
    if (m_options.most && m_finished >= *m_options.most) {
        beginStop("max", 0);
        return;
    }
    if (!m_options.untilEnd || !m_joinedAt || !m_assigning.empty() || !m_revocations.empty())
        return;
    const MonoTime now = monoNow();
    if (m_partitions.empty() && now - *m_joinedAt <= emptyGrace)
        return;
    if (!isAtEnd()) {
        m_elsewhere.reset();
        return;
    }
    // What is not ours may be that of a member that died and is not missed yet.
    if (!m_elsewhere)
        m_elsewhere = Elsewhere{.askAt = now, .movedAt = now};
    if (!m_elsewhere->isAsked && now >= m_elsewhere->askAt) {
        m_elsewhere->isAsked = true;
        m_consumer->lookUpElsewhere(lookPatience);
    }
}

/// Of what is ours.
bool ConsumerSession::Engine::isAtEnd() const
{
    if (!m_assigning.empty() || !m_revocations.empty())
        return false;
    return std::all_of(m_partitions.begin(), m_partitions.end(), [](const auto &entry) {
        const Partition &partition = *entry.second;
        if (partition.starting || !partition.endAt || partition.tracker.unfinished() > 0)
            return false;
        const auto position = partition.position();
        return (partition.read && *partition.read >= *partition.endAt) ||
               (position && *position >= *partition.endAt);
    });
}

/// How far the others are, by what they have committed. Their ends, too, are those of the first
/// look.
void ConsumerSession::Engine::onElsewhere(const consumed::StartingPoints &points)
{
    if (!m_elsewhere || m_state != SessionState::Running)
        return;
    const MonoTime now = monoNow();
    m_elsewhere->isAsked = false;
    m_elsewhere->askAt = now + lookEvery;
    if (!isAtEnd())
        return; // something became ours since it was asked
    bool isKnown = true;
    std::int64_t open = 0;
    std::int64_t partitions = 0;
    for (const consumed::StartingPoint &point : points.points) {
        if (find(point.partition) != nullptr)
            continue;
        if (point.error || !point.logStart || !point.logEnd) {
            isKnown = false;
            continue;
        }
        const Offset end = m_otherEnds.try_emplace(point.partition, *point.logEnd).first->second;
        const Offset from = std::max(point.committed.value_or(*point.logStart), *point.logStart);
        if (from >= end)
            continue;
        open += end - from;
        ++partitions;
    }
    if (open == 0 && isKnown) {
        beginStop("until_end", m_unavailable.empty() ? 0 : 1);
        return;
    }
    if (open != m_elsewhere->open) {
        m_elsewhere->open = open;
        m_elsewhere->movedAt = now;
    }
    if (now - m_elsewhere->movedAt < elsewherePatience)
        return;
    problem(Error{.kind = Error::Kind::Timeout,
                  .code = "OTHERS_NOT_DONE",
                  .message = std::to_string(open) + " offsets of " + std::to_string(partitions) +
                             " partitions that other members have are not committed, and it goes "
                             "no further",
                  .attempted = "reading to the end",
                  .retriable = true});
    beginStop("until_end", m_unavailable.empty() ? 0 : 1);
}

} // namespace redrive::consumer
