#include "core/base/text.h"
#include "core/offsets/planfacts.h"

#include <algorithm>

namespace redrive::offsets {

namespace {

std::string text(Offset offset)
{
    return std::to_string(offset.value());
}

/// The bounds of one log, put right against each other: they were read one after the other.
struct Bounds
{
    std::optional<Offset> start;
    std::optional<Offset> end;
    std::optional<Offset> stable;
    std::optional<Error> error;
    bool isWhole() const { return start && end; }
};

Bounds boundsOf(const Facts &facts, const TopicPartition &partition)
{
    Bounds bounds;
    const auto take = [&](const OffsetTable &table, std::optional<Offset> &into) {
        const auto *answer = find(table, partition);
        if (answer == nullptr)
            return;
        into = answer->offset;
        if (answer->error && !bounds.error)
            bounds.error = answer->error;
    };
    take(facts.start, bounds.start);
    take(facts.end, bounds.end);
    take(facts.stable, bounds.stable);
    if (!bounds.end)
        return bounds;
    const bool isAllStable = bounds.stable && *bounds.stable >= *bounds.end;
    if (isAllStable)
        bounds.end = bounds.stable;
    const auto timed = facts.times.find(partition);
    if (timed != facts.times.end() && timed->second.offset &&
        *timed->second.offset >= *bounds.end) {
        bounds.end = Offset(timed->second.offset->value() + 1);
        if (isAllStable)
            bounds.stable = bounds.end;
    }
    return bounds;
}

/// Where one partition is to go: an image, or why there is none.
struct Aim
{
    CommitImage image;
    std::optional<Error> error;
    std::vector<std::string> notes;
};

class Aiming
{
public:
    Aiming(const PlanFacts &facts, const TopicPartition &partition, const CommitImage &current,
           const Bounds &bounds)
        : m_facts(facts)
        , m_partition(partition)
        , m_current(current)
        , m_bounds(bounds)
    {
    }

    Aim operator()(const to::Earliest &) const { return inLog(*m_bounds.start); }
    Aim operator()(const to::Latest &) const { return inLog(*m_bounds.end); }
    Aim operator()(const to::Time &) const { return atTime(); }
    Aim operator()(const to::Ago &) const { return atTime(); }
    Aim operator()(const to::Exact &target) const { return inLog(target.offset); }
    Aim operator()(const to::Shift &target) const
    {
        if (!m_current.offset)
            return refuse("NO_COMMIT", "nothing is committed here that could be shifted; " +
                                           choices(*m_bounds.start, *m_bounds.end));
        return moved(*m_current.offset, target.by);
    }
    Aim operator()(const to::LatestMinus &target) const
    {
        return moved(*m_bounds.end, -target.count);
    }
    Aim operator()(const to::Table &target) const
    {
        const auto found = target.commits.find(m_partition);
        if (found == target.commits.end())
            return refuse("NOT_IN_TABLE", "the file says nothing of this partition");
        Aim aim = as(found->second);
        const bool isOtherCluster = !target.clusterId.empty() && !m_facts.all().clusterId.empty() &&
                                    target.clusterId != m_facts.all().clusterId;
        if (isOtherCluster && aim.image.leaderEpoch) {
            aim.image.leaderEpoch.reset();
            aim.notes.emplace_back("the snapshot is of another cluster: its leader epoch is left "
                                   "out");
        }
        return aim;
    }
    Aim operator()(const to::OtherGroup &) const
    {
        const auto *other = m_facts.otherCommit(m_partition);
        if (other == nullptr || (!other->offset && !other->error))
            return refuse("NO_COMMIT", "the other group has committed nothing here");
        if (other->error)
            return {.image = {}, .error = other->error, .notes = {}};
        return as(imageOf(*other));
    }
    Aim operator()(const to::Delete &) const { return {}; }
    Aim operator()(const to::Undo &target) const;

private:
    Aim refuse(std::string code, std::string message) const
    {
        return {
            .image = {}, .error = m_facts.error(std::move(code), std::move(message)), .notes = {}};
    }

    std::optional<Error> whyNot(Offset offset) const
    {
        const Offset start = *m_bounds.start;
        const Offset end = *m_bounds.end;
        if (offset < start)
            return m_facts.error("OFFSET_OUT_OF_RANGE",
                                 "offset " + text(offset) + " lies below the log start " +
                                     text(start) + ": " + choices(start, end));
        if (offset > end)
            return m_facts.error("OFFSET_OUT_OF_RANGE", "offset " + text(offset) +
                                                            " lies above the log end " + text(end) +
                                                            ": " + choices(start, end));
        if (m_bounds.stable && offset > *m_bounds.stable && *m_bounds.stable < end)
            return m_facts.error("OPEN_TRANSACTION",
                                 "offset " + text(offset) +
                                     " lies behind the begin of an open transaction at " +
                                     text(*m_bounds.stable) + ": " +
                                     choices(start, std::max(start, *m_bounds.stable)) +
                                     ", or any once it has ended");
        return {};
    }

    Aim inLog(Offset offset) const
    {
        return as({.offset = offset, .leaderEpoch = {}, .metadata = {}});
    }

    Aim as(CommitImage image) const
    {
        if (image.offset)
            if (auto error = whyNot(*image.offset))
                return {.image = {}, .error = std::move(error), .notes = {}};
        return {.image = std::move(image), .error = {}, .notes = {}};
    }

    Aim moved(Offset from, std::int64_t by) const
    {
        std::int64_t sum = 0;
        if (__builtin_add_overflow(from.value(), by, &sum))
            return refuse("OFFSET_OUT_OF_RANGE",
                          text(from) + " moved by " + std::to_string(by) +
                              " is no offset: " + choices(*m_bounds.start, *m_bounds.end));
        return inLog(Offset(sum));
    }

    Aim atTime() const
    {
        const auto found = m_facts.all().times.find(m_partition);
        if (found == m_facts.all().times.end())
            return refuse("NOT_READ", "where the time leads was not read yet");
        if (found->second.error)
            return {.image = {}, .error = found->second.error, .notes = {}};
        if (found->second.offset)
            return inLog(*found->second.offset);
        const auto time = timeOf(m_facts.request().target, m_facts.now());
        return refuse("NO_RECORD_AFTER_TIME", "no record at or after " +
                                                  toRfc3339(time.value_or(WallTime{})) +
                                                  ": choose the log end " + text(*m_bounds.end) +
                                                  ", or leave the partition out");
    }

    const PlanFacts &m_facts;
    const TopicPartition &m_partition;
    const CommitImage &m_current;
    const Bounds &m_bounds;
};

/// What was there is put back exactly, also where it is out of range by now: said, not refused.
Aim Aiming::operator()(const to::Undo &target) const
{
    const auto before = target.before.find(m_partition);
    if (before == target.before.end())
        return refuse("NOT_IN_TABLE", visible(target.journal) + " did not touch this partition");
    const auto then = target.topicIds.find(m_partition.topic);
    const auto *identity = m_facts.identity(m_partition.topic);
    if (then != target.topicIds.end() && identity != nullptr && identity->id &&
        *identity->id != then->second)
        return refuse("TOPIC_RECREATED", "the topic was deleted and made again since " +
                                             visible(target.journal) +
                                             ": what was committed then means other records now");
    Aim aim{.image = before->second, .error = {}, .notes = {}};
    const auto after = target.after.find(m_partition);
    const auto name = [](const std::optional<Offset> &offset) {
        return offset ? text(*offset) : std::string("no commit");
    };
    if (after == target.after.end())
        aim.notes.emplace_back("what " + visible(target.journal) + " left here was not read back");
    else if (after->second.offset != m_current.offset)
        aim.notes.emplace_back("committed since: " + visible(target.journal) + " left " +
                               name(after->second.offset) + ", and now it is " +
                               name(m_current.offset));
    if (aim.image.offset && m_bounds.isWhole())
        if (const auto error = whyNot(*aim.image.offset))
            aim.notes.push_back(error->message);
    return aim;
}

void addSums(PlanRow &row, bool isKnown)
{
    if (!row.current.offset || !row.logStart)
        return;
    const std::int64_t current = row.current.offset->value();
    const std::int64_t start = row.logStart->value();
    row.lost = std::max<std::int64_t>(0, start - current);
    if (!isKnown || !row.target.offset || !row.logEnd)
        return;
    const std::int64_t target = row.target.offset->value();
    const std::int64_t end = row.logEnd->value();
    const auto between = [start, end](std::int64_t from, std::int64_t to) {
        return std::max<std::int64_t>(0, std::min(to, end) - std::max(from, start));
    };
    row.again = between(target, current);
    row.skipped = between(current, target);
}

/// Whether it matters where a log begins and ends.
bool needsBounds(const Target &target)
{
    return !std::holds_alternative<to::Delete>(target) && !std::holds_alternative<to::Undo>(target);
}

} // namespace

PlanRow makeRow(const PlanFacts &facts, const Wanted &wanted)
{
    PlanRow row;
    row.partition = wanted.partition;
    row.error = wanted.error;
    const auto *commit = facts.commit(row.partition);
    if (commit != nullptr && !commit->error)
        row.current = imageOf(*commit);
    const Bounds bounds = boundsOf(facts.all(), row.partition);
    row.logStart = bounds.start;
    row.logEnd = bounds.end;

    const Target &target = facts.request().target;
    const auto &whole = facts.all().committed.error;
    const auto &problem = commit != nullptr && commit->error ? commit->error : whole;
    if (!row.error && problem && !(whole && facts.isGroupMissing()))
        row.error = problem;
    if (!row.error && bounds.error && (needsBounds(target) || saysGone(*bounds.error)))
        row.error = bounds.error;
    if (!row.error && needsBounds(target) && !bounds.isWhole())
        row.error = facts.error("NOT_READ", "the bounds of the log were not read yet");
    if (!row.error) {
        Aim aim = std::visit(Aiming(facts, row.partition, row.current, bounds), target);
        row.error = std::move(aim.error);
        row.target = std::move(aim.image);
        row.notes = std::move(aim.notes);
        if (bounds.error)
            row.notes.push_back("its log could not be looked at: " +
                                visible(bounds.error->message));
    }
    addSums(row, !row.error);
    if (row.current.offset && bounds.end && *row.current.offset > *bounds.end)
        row.notes.push_back("committed " + text(*row.current.offset) + " lies above the log end " +
                            text(*bounds.end));
    return row;
}

} // namespace redrive::offsets
