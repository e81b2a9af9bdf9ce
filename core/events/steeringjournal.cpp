#include "core/events/steeringjournal.h"

#include <utility>

namespace redrive::events {

consumer::SteeringJournal steeringJournal(std::shared_ptr<store::Journal> journal, GroupId group,
                                          std::string user, std::function<WallTime()> now)
{
    return [journal = std::move(journal), group = std::move(group), user = std::move(user),
            now = std::move(now)](const consumer::told::Steered &steered) -> Result<void> {
        if (steered.action == "pause" || steered.action == "resume")
            return {};
        const auto written = journal->begin({.id = {},
                                             .time = now(),
                                             .user = user,
                                             .reason = {},
                                             .group = group,
                                             .action = "session " + steered.action,
                                             .plan = {},
                                             .state = store::JournalState::Asked,
                                             .rows = {{.partition = steered.partition,
                                                       .before = steered.from,
                                                       .requested = steered.to,
                                                       .after = {},
                                                       .outcome = {},
                                                       .error = {}}}});
        if (!written)
            return written.error();
        return {};
    };
}

} // namespace redrive::events
