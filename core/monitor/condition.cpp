#include "core/monitor/condition.h"

#include "core/monitor/lag.h"

#include <array>
#include <utility>

namespace redrive::monitor {

namespace {

using Commit = PartitionFacts::Commit;

/// Holds, does not hold, or (empty) cannot be told.
using Truth = std::optional<bool>;

Truth isBeyondEnd(const PartitionFacts &facts)
{
    if (facts.commit == Commit::None)
        return false;
    if (!facts.committed)
        return {};
    if (facts.end)
        return *facts.committed > *facts.end;
    // The end is never below the stable end or the start.
    if ((facts.stable && *facts.committed <= *facts.stable) ||
        (facts.start && *facts.committed <= *facts.start))
        return false;
    return {};
}

Truth isLost(const PartitionFacts &facts)
{
    if (facts.commit == Commit::None)
        return false;
    if (!facts.committed)
        return {};
    if (facts.start)
        return *facts.committed < *facts.start;
    // The start is never above the end.
    if (facts.end && *facts.committed >= *facts.end)
        return false;
    return {};
}

Truth isWithoutCommit(const PartitionFacts &facts)
{
    if (facts.commit == Commit::Unknown)
        return {};
    return facts.commit == Commit::None;
}

Truth hasOpenTransaction(const PartitionFacts &facts)
{
    if (!facts.stable || !facts.end)
        return {};
    return *facts.stable < *facts.end;
}

Truth hasMarkersOnly(const PartitionFacts &facts)
{
    if (!facts.committed || !facts.end)
        return {};
    const std::int64_t lag = *facts.end - *facts.committed;
    if (lag == 0 || lag > markerWindow)
        return false;
    if (!facts.tail)
        return {};
    if (facts.tail->lastData)
        return *facts.committed > *facts.tail->lastData;
    if (*facts.committed >= facts.tail->from)
        return true;
    return {};
}

Truth isIdle(const PartitionFacts &facts)
{
    if (!facts.committed || !facts.end)
        return {};
    return *facts.committed == *facts.end;
}

std::string whyNot(Condition condition, const PartitionFacts &facts)
{
    switch (condition) {
    case Condition::TopicDeleted: return "whether the topic still exists is not known";
    case Condition::Unsubscribed: return "the group could not be described";
    case Condition::OpenTransaction:
        return facts.end ? "the stable end is not known" : "the log end is not known";
    case Condition::MarkersOnly:
        if (facts.committed && facts.end)
            return facts.tail
                       ? "the records after the commit were not read"
                       : "the tail of the log was not read: no time, no permission or too many";
        break;
    default: break;
    }
    if (facts.commit == Commit::Unknown)
        return "the commit is not known";
    return condition == Condition::RecordsLost ? "the log start is not known"
                                               : "the log end is not known";
}

} // namespace

Verdict judge(const PartitionFacts &facts)
{
    const std::array<std::pair<Condition, Truth>, 9> inOrder{{
        {Condition::TopicDeleted, facts.topicGone},
        {Condition::BeyondEnd, isBeyondEnd(facts)},
        {Condition::RecordsLost, isLost(facts)},
        {Condition::Unsubscribed, facts.unsubscribed},
        {Condition::NoCommit, isWithoutCommit(facts)},
        {Condition::OpenTransaction, hasOpenTransaction(facts)},
        {Condition::MarkersOnly, hasMarkersOnly(facts)},
        {Condition::Idle, isIdle(facts)},
        {Condition::Ok, true},
    }};
    for (const auto &[condition, holds] : inOrder) {
        if (!holds)
            return {.condition = {}, .note = whyNot(condition, facts)};
        if (*holds)
            return {.condition = condition, .note = {}};
    }
    return {};
}

} // namespace redrive::monitor
