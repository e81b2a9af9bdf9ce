#include "core/events/steeringjournal.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

namespace redrive::events {

namespace {

/// Of those whose partition has gone, nobody tells.
constexpr std::size_t mostOpen = 1000;

/// Written, and not confirmed yet.
struct Open
{
    TopicPartition partition;
    std::string action;
    std::optional<Offset> to;
    std::string id;
};

} // namespace

consumer::SteeringJournal steeringJournal(std::shared_ptr<store::Journal> journal, GroupId group,
                                          std::string user, std::function<WallTime()> now)
{
    const auto open = std::make_shared<std::deque<Open>>();
    return [=](const consumer::told::Steered &steered) -> Result<void> {
        if (steered.action == "pause" || steered.action == "resume")
            return {};
        store::JournalRow row{.partition = steered.partition,
                              .before = steered.from,
                              .requested = steered.to,
                              .after = steered.committed,
                              .outcome = {},
                              .error = {}};
        if (steered.committed) {
            const auto found = std::find_if(open->begin(), open->end(), [&](const Open &entry) {
                return entry.partition == steered.partition && entry.action == steered.action &&
                       entry.to == steered.to;
            });
            if (found == open->end())
                return {};
            row.outcome = store::JournalOutcome::Confirmed;
            const auto id = std::move(found->id);
            open->erase(found);
            return journal->finish(id, store::JournalState::Done, {row}, now());
        }
        auto id = journal->begin({.id = {},
                                  .time = now(),
                                  .user = user,
                                  .reason = {},
                                  .group = group,
                                  .action = "session " + steered.action,
                                  .plan = {},
                                  .state = store::JournalState::Asked,
                                  .rows = {row}});
        if (!id)
            return id.error();
        if (open->size() == mostOpen)
            open->pop_front();
        open->push_back({steered.partition, steered.action, steered.to, std::move(*id)});
        return {};
    };
}

} // namespace redrive::events
