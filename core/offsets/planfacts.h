#pragma once

#include "core/offsets/plan.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// What makePlan() is made of. Pure, and for this room alone.
namespace redrive::offsets {

/// Whether a broker or the client library says that a topic or partition is not there.
bool saysGone(const Error &error);

CommitImage imageOf(const CommittedOffset &commit);
const OffsetAnswer *find(const OffsetTable &table, const TopicPartition &partition);

/// "from 20 to 150 can be chosen"
std::string choices(Offset from, Offset to);

/// A request and its facts, found by partition. Refers to both, so it is for one call.
class PlanFacts
{
public:
    PlanFacts(const PlanRequest &asked, const Facts &facts, WallTime now);

    const PlanRequest &request() const { return m_request; }
    const Facts &all() const { return m_facts; }
    WallTime now() const { return m_now; }

    const CommittedOffset *commit(const TopicPartition &partition) const;
    /// Of the group that is copied from.
    const CommittedOffset *otherCommit(const TopicPartition &partition) const;
    const kafka::TopicIdentity *identity(const std::string &topic) const;

    bool hasCommit(const TopicPartition &partition) const;
    /// Neither the broker nor the group knows the group.
    bool isGroupMissing() const;

    /// An error of one row or of the plan: nothing was sent.
    Error error(std::string code, std::string message) const;

private:
    using Commits = std::map<TopicPartition, const CommittedOffset *>;
    static Commits byPartition(const GroupOffsets &offsets);

    const PlanRequest &m_request;
    const Facts &m_facts;
    WallTime m_now;
    Commits m_commits;
    Commits m_others;
};

/// A partition that a request is about; with an error where it can have no target.
struct Wanted
{
    TopicPartition partition;
    std::optional<Error> error;
};
std::vector<Wanted> wantedPartitions(const PlanFacts &facts); ///< sorted, each once

PlanRow makeRow(const PlanFacts &facts, const Wanted &wanted);

} // namespace redrive::offsets
