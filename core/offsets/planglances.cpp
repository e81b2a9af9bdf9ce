#include "core/offsets/plan.h"

#include <algorithm>

namespace redrive::offsets {

using kafka::GlanceQuery;
using Which = GlanceQuery::Which;

namespace {

/// How far before its end the last record of a span is looked for.
constexpr std::int64_t tailLength = 500;

struct Stretch
{
    Offset from;
    Offset end; ///< exclusive
};

/// From where the group will read next to the end of the log.
std::optional<Stretch> ahead(const PlanRow &row)
{
    if (row.error || !row.target.offset || !row.logStart || !row.logEnd)
        return {};
    const Stretch stretch{.from = std::max(*row.target.offset, *row.logStart), .end = *row.logEnd};
    if (stretch.from >= stretch.end)
        return {};
    return stretch;
}

/// What is read again or skipped, as far as the log holds it.
std::optional<Stretch> span(const PlanRow &row)
{
    if (row.error || !row.target.offset || !row.current.offset || !row.logStart || !row.logEnd)
        return {};
    const auto [low, high] = std::minmax(*row.target.offset, *row.current.offset);
    const Stretch stretch{.from = std::max(low, *row.logStart), .end = std::min(high, *row.logEnd)};
    if (stretch.from >= stretch.end)
        return {};
    return stretch;
}

std::optional<GlanceQuery> nextQuery(const PlanRow &row)
{
    const auto stretch = ahead(row);
    if (!stretch)
        return {};
    return GlanceQuery{.partition = row.partition,
                       .which = Which::First,
                       .from = stretch->from,
                       .end = stretch->end};
}

/// The first record of what is read again is the one that is read next.
bool beginsWithNext(const PlanRow &row)
{
    const auto stretch = span(row);
    return stretch && *row.target.offset < *row.current.offset && ahead(row);
}

std::optional<GlanceQuery> firstQuery(const PlanRow &row)
{
    const auto stretch = span(row);
    if (!stretch || beginsWithNext(row))
        return {};
    return GlanceQuery{.partition = row.partition,
                       .which = Which::First,
                       .from = stretch->from,
                       .end = stretch->end};
}

std::optional<GlanceQuery> lastQuery(const PlanRow &row)
{
    const auto stretch = span(row);
    if (!stretch)
        return {};
    const Offset tail(std::max(stretch->from.value(), stretch->end.value() - tailLength));
    return GlanceQuery{
        .partition = row.partition, .which = Which::Last, .from = tail, .end = stretch->end};
}

void note(PlanRow &row, std::string text)
{
    if (std::find(row.notes.begin(), row.notes.end(), text) == row.notes.end())
        row.notes.push_back(std::move(text));
}

void takeNext(PlanRow &row, const kafka::GlanceAnswer &answer)
{
    if (answer.error)
        return;
    const Offset from = ahead(row)->from;
    row.next = answer.record;
    if (!answer.record) {
        note(row, "only transaction markers and holes are left from " +
                      std::to_string(from.value()) + " up to the log end " +
                      std::to_string(row.logEnd->value()));
        return;
    }
    if (answer.record->offset != from)
        note(row, "offset " + std::to_string(from.value()) +
                      " holds no record (a transaction marker, or compacted away): the next is " +
                      std::to_string(answer.record->offset.value()));
    if (beginsWithNext(row) && answer.record->offset < span(row)->end)
        row.firstTime = answer.record->time;
}

void take(PlanRow &row, const GlanceQuery &query, const kafka::GlanceAnswer &answer)
{
    if (query == nextQuery(row))
        takeNext(row, answer);
    if (!answer.record)
        return;
    if (query == firstQuery(row))
        row.firstTime = answer.record->time;
    if (query == lastQuery(row))
        row.lastTime = answer.record->time;
}

} // namespace

std::vector<GlanceQuery> glancesOf(const Plan &plan, std::size_t most)
{
    std::vector<GlanceQuery> queries;
    const auto add = [&](std::optional<GlanceQuery> query) {
        if (query && queries.size() < most)
            queries.push_back(*std::move(query));
    };
    for (const PlanRow &row : plan.rows)
        add(nextQuery(row));
    for (const PlanRow &row : plan.rows) {
        add(firstQuery(row));
        add(lastQuery(row));
    }
    return queries;
}

void addGlances(Plan &plan, const std::vector<GlanceQuery> &queries,
                const std::vector<kafka::GlanceAnswer> &answers)
{
    for (std::size_t i = 0; i < std::min(queries.size(), answers.size()); ++i) {
        const auto row = std::lower_bound(plan.rows.begin(), plan.rows.end(), queries[i].partition,
                                          [](const PlanRow &one, const TopicPartition &wanted) {
                                              return one.partition < wanted;
                                          });
        if (row != plan.rows.end() && row->partition == queries[i].partition)
            take(*row, queries[i], answers[i]);
    }
}

} // namespace redrive::offsets
