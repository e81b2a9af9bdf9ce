#include "core/base/text.h"
#include "core/offsets/applywrite.h"
#include "core/offsets/grouplock.h"
#include "core/offsets/planfacts.h"

#include <set>
#include <utility>

namespace redrive::offsets {

namespace {

class Deleting
{
public:
    Deleting(kafka::GroupAdmin &admin, const GroupId &group, store::Journal &journal,
             const kafka::Permit &permit, const ApplyOptions &options, std::stop_token stop)
        : m_admin(admin)
        , m_group(group)
        , m_journal(journal)
        , m_permit(permit)
        , m_options(options)
        , m_stop(std::move(stop))
        , m_attempted("deleting group " + visible(group.value()))
    {
    }

    Result<Applied> run()
    {
        if (auto permitted = checkPermit(m_permit, m_group); !permitted)
            return permitted.error();
        const auto clusterId = readClusterId();
        if (!clusterId)
            return clusterId.error();
        const auto lock = GroupLock::take(m_options.lockDirectory, *clusterId, m_group,
                                          m_options.user, m_options.wall());
        if (!lock)
            return lock.error();
        auto rows = readGroup();
        if (!rows)
            return rows.error();
        auto topicIds = readTopicIds(*rows);
        if (!topicIds)
            return topicIds.error();
        const auto id = m_journal.begin(entryFor(*rows, std::move(*topicIds)));
        if (!id)
            return id.error();
        reach(m_options, "begun");
        const Journalled journalled{m_journal, *id, {}, m_group};
        const auto answer = remove();
        reach(m_options, "written");
        if (rows->empty())
            return finishWithoutRows(journalled, answer);
        for (WrittenRow &row : *rows)
            takeAnswer(row, answer);
        auto read = readBack(m_admin, m_group, *rows, m_options, m_stop);
        reach(m_options, "read back");
        const auto state = stateOf(read);
        return finish(journalled, std::move(read), state, m_options);
    }

private:
    Result<std::string> readClusterId()
    {
        std::optional<Result<ClusterInfo>> cluster;
        Gather gather(m_admin);
        m_admin.describeCluster(m_options.timeout, gather.into(cluster));
        if (!gather.wait(m_stop))
            return cancelled(m_attempted);
        if (!*cluster)
            return cluster->error();
        return cluster->value().clusterId;
    }

    std::optional<GroupDescription> describeGroup(Patience &patience)
    {
        std::vector<GroupDescription> groups;
        Gather gather(m_admin);
        m_admin.describeGroups({m_group}, m_options.timeout, gather.into(groups));
        if (!gather.wait(patience) || groups.empty())
            return std::nullopt;
        return std::move(groups.front());
    }

    /// The before-image of a group that may be deleted.
    Result<std::vector<WrittenRow>> readGroup()
    {
        std::vector<GroupDescription> groups;
        GroupOffsets committed;
        Gather gather(m_admin);
        m_admin.describeGroups({m_group}, m_options.timeout, gather.into(groups));
        m_admin.committedOffsets(m_group, m_options.timeout, gather.into(committed));
        if (!gather.wait(m_stop))
            return cancelled(m_attempted);
        const GroupDescription &group = groups.front();
        if (group.error)
            return *group.error;
        if (auto empty = checkEmpty(group); !empty)
            return empty.error();
        if (committed.error)
            return *committed.error;
        std::vector<WrittenRow> rows;
        for (const CommittedOffset &commit : committed.offsets) {
            if (commit.error)
                return *commit.error;
            if (commit.offset)
                rows.push_back({.partition = commit.partition,
                                .before = imageOf(commit),
                                .requested = {},
                                .answer = Answer::NotSent,
                                .error = {}});
        }
        return rows;
    }

    /// A topic that cannot be asked for now only lacks its id.
    Result<std::map<std::string, std::string>> readTopicIds(const std::vector<WrittenRow> &rows)
    {
        std::map<std::string, std::string> ids;
        std::set<std::string> topics;
        for (const WrittenRow &row : rows)
            topics.insert(row.partition.topic);
        if (topics.empty())
            return ids;
        std::vector<kafka::TopicIdentity> identities;
        Gather gather(m_admin);
        m_admin.topicIdentities({topics.begin(), topics.end()}, m_options.timeout,
                                gather.into(identities));
        if (!gather.wait(m_stop))
            return cancelled(m_attempted);
        for (const kafka::TopicIdentity &identity : identities) {
            if (identity.id)
                ids[identity.topic] = *identity.id;
        }
        return ids;
    }

    store::JournalEntry entryFor(const std::vector<WrittenRow> &rows,
                                 std::map<std::string, std::string> topicIds) const
    {
        store::JournalEntry entry{.id = {},
                                  .time = m_options.wall(),
                                  .user = m_options.user,
                                  .reason = m_options.reason,
                                  .group = m_group,
                                  .action = deleteGroupAction,
                                  .plan = {},
                                  .state = store::JournalState::Begun,
                                  .rows = {},
                                  .undoes = {},
                                  .topicIds = std::move(topicIds)};
        for (const WrittenRow &row : rows)
            entry.rows.push_back(journalRow(row.partition, row.before, row.requested));
        return entry;
    }

    std::optional<Result<void>> remove()
    {
        std::optional<Result<void>> answer;
        Gather gather(m_admin);
        m_admin.deleteGroup(m_group, m_permit, m_options.timeout, gather.into(answer));
        Patience patience(m_options.timeout, m_options.clock, m_stop);
        gather.wait(patience);
        return answer;
    }

    static void takeAnswer(WrittenRow &row, const std::optional<Result<void>> &answer)
    {
        row.answer = Answer::Open;
        if (!answer)
            return;
        if (!*answer)
            row.error = answer->error();
        row.answer = answerWith(row.error);
    }

    /// Nothing but its name tells whether a group without commits is still there.
    Result<Applied> finishWithoutRows(const Journalled &journalled,
                                      const std::optional<Result<void>> &answer)
    {
        using store::JournalState;
        const bool isDone = answer && *answer;
        const bool isRefused = answer && !*answer && !leavesOpen(answer->error());
        auto state = isDone ? JournalState::Done : JournalState::Unknown;
        if (isRefused)
            state = JournalState::Failed;
        Patience patience(m_options.readBackPatience, m_options.clock, m_stop);
        while (state == JournalState::Unknown && !patience.isOver()) {
            const auto group = describeGroup(patience);
            if (group && group->error && group->error->code == "GROUP_ID_NOT_FOUND")
                state = JournalState::Done;
            else
                pause(m_admin, Millis(500), patience);
        }
        Applied applied = finish(journalled, {}, state, m_options);
        if (isRefused)
            return answer->error();
        return applied;
    }

    kafka::GroupAdmin &m_admin;
    const GroupId &m_group;
    store::Journal &m_journal;
    const kafka::Permit &m_permit;
    const ApplyOptions &m_options;
    std::stop_token m_stop;
    std::string m_attempted;
};

} // namespace

Result<Applied> deleteGroup(kafka::GroupAdmin &admin, const GroupId &group, store::Journal &journal,
                            const kafka::Permit &permit, const ApplyOptions &options,
                            std::stop_token stop)
{
    return Deleting(admin, group, journal, permit, options, std::move(stop)).run();
}

} // namespace redrive::offsets
