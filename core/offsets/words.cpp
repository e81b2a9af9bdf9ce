#include "core/offsets/words.h"

#include "core/base/text.h"

#include <algorithm>

namespace redrive::offsets {

namespace {

std::string counted(std::int64_t count, const char *one, const char *many)
{
    return grouped(count) + " " + (count == 1 ? one : many);
}

std::string counted(std::size_t count, const char *one, const char *many)
{
    return counted(static_cast<std::int64_t>(count), one, many);
}

/// Rows without an error, by what becomes of them.
struct Fates
{
    std::size_t moved = 0;
    std::size_t begun = 0;   ///< nothing was committed there
    std::size_t deleted = 0; ///< commits
    std::size_t unknown = 0; ///< what lies between is not known
    std::size_t still = 0;
};

Fates fatesOf(const Plan &plan)
{
    Fates fates;
    for (const PlanRow &row : plan.rows) {
        if (row.error)
            continue;
        if (!row.target.offset)
            ++(row.current.offset ? fates.deleted : fates.still);
        else if (!row.current.offset)
            ++fates.begun;
        else if (row.target.offset == row.current.offset)
            ++fates.still;
        else if (!row.again || !row.skipped)
            ++fates.unknown;
        else
            ++fates.moved;
    }
    return fates;
}

std::string recordsInWords(const PlanTotals &sums)
{
    if (sums.again == 0 && sums.skipped == 0)
        return "No record will be processed again, none skipped.";
    const std::string again =
        sums.again == 0 ? std::string("No record") : counted(sums.again, "record", "records");
    const std::string skipped = sums.skipped == 0
                                    ? std::string("none skipped")
                                    : grouped(sums.skipped) + " skipped that " +
                                          (sums.skipped == 1 ? "was" : "were") + " never processed";
    return again + " will be processed again, " + skipped + ".";
}

} // namespace

std::string sumsInWords(const Plan &plan)
{
    if (plan.error)
        return visible(plan.error->message) + ".";
    const PlanTotals sums = totals(plan);
    const Fates fates = fatesOf(plan);
    std::string text;
    const auto say = [&text](const std::string &sentence) {
        text += (text.empty() ? "" : " ") + sentence;
    };
    if (fates.moved > 0)
        say(recordsInWords(sums));
    if (fates.begun > 0)
        say(counted(fates.begun, "partition", "partitions") +
            " will be committed to for the first time.");
    if (fates.deleted > 0)
        say(counted(fates.deleted, "commit", "commits") +
            " will be deleted: where the group then begins is up to its auto.offset.reset.");
    if (fates.unknown > 0)
        say("Of " + counted(fates.unknown, "partition", "partitions") +
            " it is not known how much will be processed again or skipped.");
    if (fates.still > 0)
        say(fates.still == plan.rows.size()
                ? std::string("Nothing will move: everything is where it is to be already.")
                : counted(fates.still, "partition is", "partitions are") + " there already.");
    if (sums.lost > 0)
        say(counted(sums.lost, "record was", "records were") +
            " deleted from the log before the group could read them.");
    if (sums.pending > 0)
        say(counted(sums.pending, "partition was", "partitions were") + " not read yet.");
    if (const std::size_t open = sums.errors - sums.pending; open > 0)
        say(counted(open, "partition needs", "partitions need") + " a decision.");
    return text;
}

std::string whatStandsInTheWay(const Plan &plan)
{
    const std::string members = counted(plan.members.size(), "member", "members");
    if (!plan.groupExists)
        return plan.create ? "" : "There is no such group.";
    if (!plan.state)
        return "What state the group is in is not known" +
               (plan.members.empty() ? std::string() : ", and it has " + members) +
               ": it must be empty.";
    const bool isEmpty = plan.state == GroupState::Empty || plan.state == GroupState::Dead;
    if (!isEmpty || !plan.members.empty())
        return "The group is " + std::string(name(*plan.state)) +
               (plan.members.empty() ? std::string() : " with " + members) + ": it must be empty.";
    if (!plan.moving.empty())
        return "The group looks empty, but " +
               (plan.moving.size() == 1
                    ? std::string("a commit moves")
                    : counted(plan.moving.size(), "commit", "commits") + " move") +
               ": a consumer that assigns its partitions by hand is running.";
    return {};
}

} // namespace redrive::offsets
