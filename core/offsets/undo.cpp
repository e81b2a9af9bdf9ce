#include "core/base/text.h"
#include "core/offsets/readback.h"

#include <map>
#include <utility>

namespace redrive::offsets {

namespace {

Error notUndone(const store::JournalEntry &entry, std::string code, std::string message)
{
    return Error{.kind = Error::Kind::Refused,
                 .code = std::move(code),
                 .message = std::move(message),
                 .attempted = "undoing " + visible(entry.id),
                 .retriable = false};
}

bool mayHaveChanged(const store::JournalRow &row)
{
    return row.outcome != store::JournalOutcome::NotApplied && beforeOf(row) != requestedOf(row);
}

} // namespace

Result<PlanRequest> undoOf(const store::JournalEntry &entry)
{
    if (entry.state == store::JournalState::Asked || entry.action.rfind("session ", 0) == 0)
        return notUndone(entry, "NOT_UNDOABLE",
                         "a session moved its own position there; it is moved back the same way");
    to::Undo undo{.journal = entry.id, .before = {}, .after = {}, .topicIds = {}};
    std::map<std::string, TopicScope> scope;
    for (const store::JournalRow &row : entry.rows) {
        if (!mayHaveChanged(row))
            continue;
        undo.before[row.partition] = beforeOf(row);
        if (row.outcome == store::JournalOutcome::Confirmed)
            undo.after[row.partition] = requestedOf(row);
        TopicScope &topic = scope[row.partition.topic];
        topic.topic = row.partition.topic;
        topic.partitions.push_back(row.partition.partition);
        if (const auto id = entry.topicIds.find(topic.topic); id != entry.topicIds.end())
            undo.topicIds.insert(*id);
    }
    if (undo.before.empty())
        return notUndone(entry, "NOTHING_TO_UNDO",
                         visible(entry.id) + " changed nothing that could be taken back");
    PlanRequest request{.group = entry.group,
                        .scope = {},
                        .target = {},
                        .spec = {},
                        .create = entry.action == deleteGroupAction};
    for (auto &[name, topic] : scope)
        request.scope.topics.push_back(std::move(topic));
    request.scope = toScope(std::move(request.scope.topics));
    request.target = std::move(undo);
    return request;
}

} // namespace redrive::offsets
