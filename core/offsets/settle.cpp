#include "core/offsets/planfacts.h"
#include "core/offsets/readback.h"

#include <algorithm>

namespace redrive::offsets {

using store::JournalOutcome;
using store::JournalRow;
using store::JournalState;

JournalState stateOf(const std::vector<JournalRow> &rows)
{
    const auto all = [&](JournalOutcome outcome) {
        return std::all_of(rows.begin(), rows.end(),
                           [&](const JournalRow &row) { return row.outcome == outcome; });
    };
    const bool isKnown = std::none_of(rows.begin(), rows.end(), [](const JournalRow &row) {
        return !row.outcome || row.outcome == JournalOutcome::Unknown;
    });
    if (!isKnown)
        return JournalState::Unknown;
    if (all(JournalOutcome::Confirmed))
        return JournalState::Done;
    return all(JournalOutcome::NotApplied) ? JournalState::Failed : JournalState::Partial;
}

std::vector<JournalRow> settle(const store::JournalEntry &entry, const GroupOffsets &now)
{
    std::vector<JournalRow> rows = entry.rows;
    if (now.error && now.error->code != "GROUP_ID_NOT_FOUND")
        return rows;
    std::map<TopicPartition, const CommittedOffset *> commits;
    for (const CommittedOffset &commit : now.offsets)
        commits[commit.partition] = &commit;
    for (JournalRow &row : rows) {
        if (row.outcome && row.outcome != JournalOutcome::Unknown)
            continue;
        const auto found = commits.find(row.partition);
        if (found != commits.end() && found->second->error) {
            row.outcome = JournalOutcome::Unknown;
            row.error = "it could not be read: " + describe(*found->second->error);
            continue;
        }
        const CommitImage image = found == commits.end() ? CommitImage{} : imageOf(*found->second);
        row.after = image.offset;
        row.error.reset();
        if (image == requestedOf(row)) {
            row.outcome = JournalOutcome::Confirmed;
        } else if (image == beforeOf(row)) {
            row.outcome = JournalOutcome::NotApplied;
        } else {
            row.outcome = JournalOutcome::Unknown;
            row.error = inWords(image) + " is committed now, neither what was before nor what was "
                                         "asked";
        }
    }
    return rows;
}

} // namespace redrive::offsets
