#include "core/offsets/applywrite.h"

#include "core/base/text.h"

#include <algorithm>
#include <utility>

namespace redrive::offsets {

namespace {

constexpr std::size_t mostNamed = 3;
/// A request's own time-out ends its wait; this is for a reply that does not come at all.
constexpr Millis grace{5000};

std::string membersInWords(const std::vector<GroupMember> &members)
{
    std::string text;
    for (std::size_t index = 0; index < std::min(members.size(), mostNamed); ++index) {
        const GroupMember &member = members[index];
        text += (index == 0 ? "" : ", ") + visible(member.clientId) + " at " + visible(member.host);
    }
    if (members.size() > mostNamed)
        text += " and " + std::to_string(members.size() - mostNamed) + " more";
    return text;
}

/// What one of the two requests said about a partition.
void takeAnswer(WrittenRow &row, const std::optional<kafka::ChangeAnswer> &answer)
{
    row.answer = Answer::Open;
    if (!answer)
        return;
    const auto part = answer->parts.find(row.partition);
    const bool isPart = part != answer->parts.end();
    row.error = isPart ? part->second : answer->error;
    // A request that went well and does not say so of a partition leaves that open.
    if (isPart || row.error)
        row.answer = answerWith(row.error);
}

} // namespace

Error refused(std::string code, std::string message, std::string attempted)
{
    return Error{.kind = Error::Kind::Refused,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = std::move(attempted),
                 .retriable = false};
}

std::string inWords(const TopicPartition &partition)
{
    return visible(partition.topic) + "[" + std::to_string(partition.partition) + "]";
}

Result<void> checkPermit(const kafka::Permit &permit, const GroupId &group)
{
    if (permit.mutation().target == group.value())
        return {};
    return refused("CONFIRMATION_MISMATCH",
                   "what was confirmed is about " + visible(permit.mutation().target) + ", not " +
                       visible(group.value()),
                   "changing group " + visible(group.value()));
}

Result<void> checkEmpty(const GroupDescription &group)
{
    const bool isEmpty = group.state == GroupState::Empty || group.state == GroupState::Dead;
    if (isEmpty && group.members.empty())
        return {};
    std::string message = group.state ? "the group is " + std::string(name(*group.state))
                                      : std::string("the group's state cannot be told");
    if (!group.members.empty()) {
        message += " with " + std::to_string(group.members.size()) +
                   (group.members.size() == 1 ? " member: " : " members: ") +
                   membersInWords(group.members);
    }
    return refused("GROUP_NOT_EMPTY", message + "; it has to be empty",
                   "changing group " + visible(group.id.value()));
}

void write(kafka::GroupAdmin &admin, const GroupId &group, std::vector<WrittenRow> &rows,
           const kafka::Permit &permit, const ApplyOptions &options, const std::stop_token &stop)
{
    std::vector<kafka::NewOffset> altered;
    std::vector<TopicPartition> deleted;
    for (const WrittenRow &row : rows) {
        if (row.requested == row.before)
            continue;
        if (row.requested.offset)
            altered.push_back({.partition = row.partition,
                               .offset = *row.requested.offset,
                               .leaderEpoch = row.requested.leaderEpoch,
                               .metadata = row.requested.metadata});
        else
            deleted.push_back(row.partition);
    }
    std::optional<kafka::ChangeAnswer> commit;
    std::optional<kafka::ChangeAnswer> removal;
    Gather gather(admin);
    if (!altered.empty())
        admin.alterOffsets(group, std::move(altered), permit, options.timeout, gather.into(commit));
    if (!deleted.empty())
        admin.deleteOffsets(group, std::move(deleted), permit, options.timeout,
                            gather.into(removal));
    Patience patience(options.timeout + grace, options.clock, stop);
    gather.wait(patience);
    for (WrittenRow &row : rows) {
        if (row.requested != row.before)
            takeAnswer(row, row.requested.offset ? commit : removal);
    }
}

Applied finish(const Journalled &journalled, std::vector<store::JournalRow> rows,
               store::JournalState state, const ApplyOptions &options)
{
    Applied applied{.journal = journalled.id,
                    .plan = journalled.plan,
                    .group = journalled.group,
                    .rows = std::move(rows),
                    .state = state,
                    .notRecorded = {}};
    if (auto written =
            journalled.journal.finish(journalled.id, state, applied.rows, options.wall());
        !written)
        applied.notRecorded = written.error();
    return applied;
}

void reach(const ApplyOptions &options, const char *place)
{
    if (options.failPoint)
        options.failPoint(place);
}

} // namespace redrive::offsets
