#include "core/offsets/apply.h"

#include "core/base/text.h"
#include "core/offsets/applywrite.h"
#include "core/offsets/grouplock.h"
#include "core/offsets/planfacts.h"
#include "core/offsets/planner.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace redrive::offsets {

namespace {

constexpr std::size_t mostListed = 10;
/// Kafka's consumers commit every 5 s by default (auto.commit.interval.ms).
constexpr Millis commitInterval{5500};
constexpr Millis lookEvery{500};

CommitTable commitsOf(const GroupOffsets &offsets)
{
    CommitTable table;
    for (const CommittedOffset &commit : offsets.offsets) {
        if (!commit.error)
            table[commit.partition] = imageOf(commit);
    }
    return table;
}

CommitImage imageIn(const CommitTable &table, const TopicPartition &partition)
{
    const auto found = table.find(partition);
    return found == table.end() ? CommitImage{} : found->second;
}

std::string listed(const std::vector<std::string> &lines)
{
    std::string text;
    for (std::size_t index = 0; index < std::min(lines.size(), mostListed); ++index)
        text += (index == 0 ? "" : "; ") + lines[index];
    if (lines.size() > mostListed)
        text += "; and " + std::to_string(lines.size() - mostListed) + " more";
    return text;
}

/// What has to be known before anything may be sent, and could not be read.
std::optional<Error> unreadable(const Plan &plan, const Facts &facts)
{
    if (facts.group.error && facts.group.error->code != "GROUP_ID_NOT_FOUND")
        return facts.group.error;
    if (facts.committed.error && facts.committed.error->code != "GROUP_ID_NOT_FOUND")
        return facts.committed.error;
    for (const CommittedOffset &commit : facts.committed.offsets) {
        const auto isIt = [&](const PlanRow &row) { return row.partition == commit.partition; };
        if (commit.error && std::any_of(plan.rows.begin(), plan.rows.end(), isIt))
            return commit.error;
    }
    for (const auto &[topic, identity] : facts.topics) {
        if (identity.error && leavesOpen(*identity.error))
            return identity.error;
    }
    for (const auto &[partition, answer] : facts.start) {
        if (answer.error && leavesOpen(*answer.error))
            return answer.error;
    }
    return std::nullopt;
}

/// Said while a coordinator moves, or by a connection to one that is gone.
bool passes(const Error &error)
{
    return error.kind == Error::Kind::Transport || error.code == "NOT_COORDINATOR" ||
           error.code == "COORDINATOR_NOT_AVAILABLE" ||
           error.code == "COORDINATOR_LOAD_IN_PROGRESS";
}

bool lookedEmpty(const Plan &plan)
{
    return plan.state == GroupState::Empty || plan.state == GroupState::Dead;
}

class Applying
{
public:
    Applying(kafka::GroupAdmin &admin, const Plan &plan, store::Journal &journal,
             const kafka::Permit &permit, const ApplyOptions &options, std::stop_token stop)
        : m_admin(admin)
        , m_plan(plan)
        , m_journal(journal)
        , m_permit(permit)
        , m_options(options)
        , m_stop(std::move(stop))
        , m_attempted("moving group " + visible(plan.group.value()))
    {
    }

    Result<Applied> run()
    {
        if (auto fits = checkPlan(); !fits)
            return fits.error();
        const auto lock = GroupLock::take(m_options.lockDirectory, m_plan.clusterId, m_plan.group,
                                          m_options.user, m_options.wall());
        if (!lock)
            return lock.error();
        auto facts = look();
        if (!facts)
            return facts.error();
        if (auto holds = checkCluster(*facts); !holds)
            return holds.error();
        if (m_stop.stop_requested())
            return cancelled(m_attempted);
        std::vector<WrittenRow> rows = rowsFor(*facts);
        const auto id = m_journal.begin(entryFor(rows));
        if (!id)
            return id.error();
        reach(m_options, "begun");
        write(m_admin, m_plan.group, rows, m_permit, m_options, m_stop);
        reach(m_options, "written");
        auto read = readBack(m_admin, m_plan.group, rows, m_options, m_stop);
        reach(m_options, "read back");
        const auto state = stateOf(read);
        return finish({m_journal, *id, m_plan.hash, m_plan.group}, std::move(read), state,
                      m_options);
    }

private:
    Result<void> checkPlan() const
    {
        if (auto permitted = checkPermit(m_permit, m_plan.group); !permitted)
            return permitted;
        if (m_plan.error)
            return *m_plan.error;
        std::vector<std::string> errors;
        for (const PlanRow &row : m_plan.rows) {
            if (row.error)
                errors.push_back(inWords(row.partition) + ": " + row.error->message);
        }
        if (!errors.empty())
            return refused("PLAN_HAS_ERRORS", listed(errors), m_attempted);
        if (m_plan.rows.empty())
            return refused("EMPTY_PLAN", "there is no partition in the plan", m_attempted);
        return {};
    }

    /// Again, as long as a request may take, while the group is on its way to another coordinator.
    Result<Facts> look()
    {
        const MonoTime until = m_options.clock() + m_options.timeout;
        for (;;) {
            auto facts = readAgain(m_admin, m_plan, m_options.timeout, m_stop);
            const auto problem =
                facts ? unreadable(m_plan, *facts) : std::optional<Error>(facts.error());
            if (!problem || !passes(*problem) || m_options.clock() >= until ||
                !pause(m_admin, lookEvery, m_options.clock, m_stop))
                return facts;
        }
    }

    Result<void> checkCluster(const Facts &facts)
    {
        if (auto problem = unreadable(m_plan, facts))
            return std::move(*problem);
        const bool isThere = !facts.group.error;
        if (!isThere && !m_plan.create)
            return *facts.group.error;
        if (isThere) {
            if (auto empty = checkEmpty(facts.group); !empty)
                return empty;
        }
        const auto all = differences(m_plan, facts);
        if (all.empty() && (m_plan.moving.empty() || m_options.evenIfMoving))
            return {};
        return refuseOrAllow(all, facts);
    }

    /// Commits that differ are one thing where the plan is old, and another where somebody commits
    /// to a group that looks empty.
    Result<void> refuseOrAllow(const std::vector<std::string> &all, const Facts &facts)
    {
        Plan asCommitted = m_plan;
        const CommitTable commits = commitsOf(facts.committed);
        for (PlanRow &row : asCommitted.rows)
            row.current = imageIn(commits, row.partition);
        const bool isOnlyCommits = differences(asCommitted, facts).empty();
        if (!isOnlyCommits || !lookedEmpty(m_plan) || facts.group.error)
            return refused("PLAN_OUT_OF_DATE", listed(all), m_attempted);
        if (m_options.evenIfMoving)
            return {};
        if (!m_plan.moving.empty() || seesCommits(commits)) {
            std::vector<std::string> lines = all;
            for (const TopicPartition &partition : m_plan.moving)
                lines.push_back(inWords(partition) + " moved while it was planned");
            return refused("COMMITS_MOVE",
                           "commits move though the group looks empty, so that consumers that "
                           "assign their partitions by hand may be running: " +
                               listed(lines),
                           m_attempted);
        }
        return refused("PLAN_OUT_OF_DATE", listed(all), m_attempted);
    }

    /// Whether commits that went on since the plan go on still. One that was moved back was no
    /// consumer's.
    bool seesCommits(const CommitTable &first)
    {
        for (const PlanRow &row : m_plan.rows) {
            const auto now = imageIn(first, row.partition);
            if (now != row.current && (!now.offset || now.offset < row.current.offset))
                return false;
        }
        const MonoTime until = m_options.clock() + commitInterval;
        while (m_options.clock() < until) {
            if (!pause(m_admin, lookEvery, m_options.clock, m_stop))
                return false;
            std::optional<GroupOffsets> offsets;
            Gather gather(m_admin);
            m_admin.committedOffsets(m_plan.group, m_options.timeout, gather.into(offsets));
            if (!gather.wait(m_stop))
                return false;
            const CommitTable next = commitsOf(*offsets);
            const bool moved =
                !offsets->error &&
                std::any_of(m_plan.rows.begin(), m_plan.rows.end(), [&](const PlanRow &row) {
                    return imageIn(next, row.partition) != imageIn(first, row.partition);
                });
            if (moved)
                return true;
        }
        return false;
    }

    std::vector<WrittenRow> rowsFor(const Facts &facts) const
    {
        const CommitTable commits = commitsOf(facts.committed);
        std::vector<WrittenRow> rows;
        rows.reserve(m_plan.rows.size());
        for (const PlanRow &row : m_plan.rows)
            rows.push_back({.partition = row.partition,
                            .before = imageIn(commits, row.partition),
                            .requested = row.target.offset ? row.target : CommitImage{},
                            .answer = Answer::NotSent,
                            .error = {}});
        return rows;
    }

    store::JournalEntry entryFor(const std::vector<WrittenRow> &rows) const
    {
        store::JournalEntry entry{.id = {},
                                  .time = m_options.wall(),
                                  .user = m_options.user,
                                  .reason = m_options.reason,
                                  .group = m_plan.group,
                                  .action = m_plan.action,
                                  .plan = m_plan.hash,
                                  .state = store::JournalState::Begun,
                                  .rows = {},
                                  .undoes = {},
                                  .topicIds = m_plan.topicIds};
        if (const auto *const undo = std::get_if<to::Undo>(&m_plan.target))
            entry.undoes = undo->journal;
        entry.rows.reserve(rows.size());
        for (const WrittenRow &row : rows)
            entry.rows.push_back(journalRow(row.partition, row.before, row.requested));
        return entry;
    }

    kafka::GroupAdmin &m_admin;
    const Plan &m_plan;
    store::Journal &m_journal;
    const kafka::Permit &m_permit;
    const ApplyOptions &m_options;
    std::stop_token m_stop;
    std::string m_attempted;
};

} // namespace

Result<Applied> apply(kafka::GroupAdmin &admin, const Plan &plan, store::Journal &journal,
                      const kafka::Permit &permit, const ApplyOptions &options,
                      std::stop_token stop)
{
    return Applying(admin, plan, journal, permit, options, std::move(stop)).run();
}

} // namespace redrive::offsets
