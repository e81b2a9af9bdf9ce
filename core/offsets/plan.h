#pragma once

#include "core/kafka/groupadmin.h"
#include "core/model/group.h"
#include "core/model/lag.h"
#include "core/offsets/target.h"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace redrive::offsets {

struct PlanRequest
{
    GroupId group;
    Scope scope;
    Target target;
    std::string spec;    ///< as it was asked for: `csv:offsets.csv`; empty: specOf(target)
    bool create = false; ///< the group may be made, where there is none
    bool operator==(const PlanRequest &) const = default;
};

/// All that was read of a cluster for a plan. Parts that could not be read carry their errors.
struct Facts
{
    std::string clusterId;
    GroupDescription group;
    GroupOffsets committed;
    std::map<std::string, kafka::TopicIdentity> topics;
    OffsetTable start;
    OffsetTable end;                        ///< high watermark; read after the commits
    OffsetTable stable;                     ///< last stable offset
    kafka::TimeTable times;                 ///< for targets by time
    std::optional<GroupOffsets> otherGroup; ///< for OtherGroup
    /// Partitions whose commit changed between two reads of the same plan.
    std::vector<TopicPartition> moving;
    WallTime readAt{};
};

/// One partition of a plan. `error` set: it has no target, and the plan cannot be applied.
struct PlanRow
{
    TopicPartition partition;
    CommitImage current; ///< no offset: nothing is committed
    CommitImage target;  ///< no offset and no error: the commit is deleted
    std::optional<Offset> logStart;
    std::optional<Offset> logEnd;
    std::optional<std::int64_t>
        again; ///< offsets that will be read again; none where nothing was committed
    std::optional<std::int64_t>
        skipped; ///< that will never be read; what retention took is not among them
    std::optional<std::int64_t> lost;  ///< committed below the log start
    std::optional<WallTime> firstTime; ///< of the records read again or skipped
    std::optional<WallTime> lastTime;
    std::optional<kafka::RecordGlance> next; ///< the record that will be read next
    std::optional<Error> error;
    std::vector<std::string> notes; ///< what a person should know: `offset 7 holds no record …`
    bool operator==(const PlanRow &) const = default;
};

struct PlanTotals
{
    std::size_t partitions = 0;
    std::int64_t again = 0; ///< of the rows where it is known
    std::int64_t skipped = 0;
    std::int64_t lost = 0;
    std::size_t errors = 0;
    std::size_t pending = 0; ///< of the errors: what was not read yet (NOT_READ)
    std::size_t unknown = 0; ///< rows without an error of which again and skipped are not known
    bool operator==(const PlanTotals &) const = default;
};

/// What will be done to a group, partition by partition: a value, to be shown, saved, compared with
/// the cluster and applied as it stands.
struct Plan
{
    std::string hash; ///< `sha256:…` over what it assumes and does; see hashOf()
    std::string clusterId;
    GroupId group;
    std::optional<GroupState> state; ///< none: unknown, or there is no such group
    bool groupExists = true;
    std::vector<GroupMember> members; ///< that would have to go first
    bool create = false;
    std::string action; ///< `reset`, `delete`, `undo`
    std::string spec;
    Target target;
    Scope scope;
    WallTime created{};
    std::map<std::string, std::string> topicIds; ///< of its rows; unknown ones are missing
    std::vector<PlanRow> rows;                   ///< sorted by partition
    std::vector<TopicPartition> moving; ///< commits that moved though the group looks empty
    /// Of the plan as a whole: the group or the cluster could not be read.
    std::optional<Error> error;
    bool operator==(const Plan &) const = default;
};

/// Pure. Never clamps: what is out of range is an error of its row, with what could be chosen
/// (OFFSET_OUT_OF_RANGE, NO_RECORD_AFTER_TIME, OPEN_TRANSACTION, NO_COMMIT, NOT_IN_TABLE,
/// UNKNOWN_TOPIC_OR_PARTITION, or the broker's own). Rows whose facts are still missing, such as
/// `times` for a target by time, have the error NOT_READ: a plan that is not whole cannot be
/// applied. A topic that does not exist is a row for its partition 0.
Plan makePlan(const PlanRequest &request, const Facts &facts, WallTime now);

/// The partitions that a request is about, as far as the facts tell them: from the commits, then
/// from the topics. Those that are known not to be there are not among them.
std::vector<TopicPartition> partitionsOf(const PlanRequest &request, const Facts &facts);

PlanTotals totals(const Plan &plan);
/// Over cluster id, group, create, topic ids, action, the codes of errors and of every row:
/// partition, current image, target image and log start. Neither times nor log ends: those may
/// grow.
std::string hashOf(const Plan &plan);

/// What must still be so when a plan is applied, and is not; in words, one a difference. Empty: the
/// plan holds. A grown log end is no difference, a log start past a target is one like any other.
std::vector<std::string> differences(const Plan &plan, const Facts &now);

/// Without those partitions, in its scope, too: how a row with an error is left out.
Plan without(const Plan &plan, const std::vector<TopicPartition> &partitions);

/// The records that are worth a look for a plan (planglances.cpp): of every row the one that will
/// be read next, then the first and the last of what is read again or skipped. At most `most`, and
/// a row's next record before any row's time span.
std::vector<kafka::GlanceQuery> glancesOf(const Plan &plan, std::size_t most);

/// Fills `next`, `firstTime` and `lastTime`, and says in a note where no record stands at a target.
/// `answers` are those to `queries`, one each, in their order; some may be given at a time, and
/// what has an error stays unknown. The hash does not change.
void addGlances(Plan &plan, const std::vector<kafka::GlanceQuery> &queries,
                const std::vector<kafka::GlanceAnswer> &answers);

} // namespace redrive::offsets
