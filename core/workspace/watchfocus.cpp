#include "core/workspace/watch.h"

#include <algorithm>
#include <utility>

// The group in focus, on its own faster interval.

namespace redrive::workspace {

namespace {

constexpr std::size_t chartPoints = 60'000; ///< of all partitions together
constexpr std::size_t mostPoints = 2000;
constexpr std::size_t leastPoints = 200;

std::vector<Error> errorsOf(const GroupDetail &detail)
{
    std::vector<Error> errors;
    for (const Error &error : detail.errors) {
        if (error.code != "GROUP_ID_NOT_FOUND" && error != detail.listing.error)
            errors.push_back(error);
    }
    for (const PartitionLag &row : detail.partitions) {
        if (row.error)
            errors.push_back(*row.error);
    }
    return errors;
}

/// Nobody said anything about this group.
bool isUnheard(const GroupDetail &detail)
{
    const bool isUndescribed = detail.description.error && isUnanswered(*detail.description.error);
    const bool isUnread =
        detail.partitions.empty() ||
        std::all_of(detail.partitions.begin(), detail.partitions.end(), [](const auto &row) {
            return !row.committed && !row.logEnd && row.error && isUnanswered(*row.error);
        });
    return isUndescribed && isUnread;
}

std::string seriesName(const TopicPartition &partition)
{
    return partition.topic + "/" + std::to_string(partition.partition);
}

} // namespace

void ClusterWatch::startFocus()
{
    m_focusTimer.start(m_clock.mono());
    ++m_focusOut;
    GroupListing listing;
    listing.id = *m_focus;
    if (const GroupSummary *row = m_groups.find(*m_focus))
        listing = row->listing;
    monitor::surveyDetail(*m_client, {std::move(listing)}, m_focusSurvey, {},
                          [this, turn = m_focusTurn](std::vector<GroupDetail> details) {
                              --m_focusOut;
                              if (turn == m_focusTurn)
                                  takeFocus(std::move(details.front()));
                          });
}

void ClusterWatch::takeFocus(GroupDetail detail)
{
    const bool isHeard = !isUnheard(detail);
    m_focusTimer.end(m_clock.mono(), isHeard);
    report("focus", errorsOf(detail));
    m_isChanged = true;
    const WallTime now = m_clock.wall();
    if (!isHeard && m_shown.focus) {
        m_history.record({.group = *m_focus, .partition = {}}, now, {});
        recordPartitionsGap(now);
        return;
    }
    if (isHeard)
        m_history.record({.group = *m_focus, .partition = {}}, now, detail.totalLag);
    for (const PartitionLag &row : detail.partitions)
        m_history.record({.group = *m_focus, .partition = row.partition}, now, row.lag);
    m_shown.focus = std::make_shared<const GroupDetail>(std::move(detail));
    const MonoTime mono = m_clock.mono();
    if (!m_focusHistoryAt || mono - *m_focusHistoryAt >= m_options.interval) {
        m_focusHistoryAt = mono;
        publishFocusHistory();
    }
}

void ClusterWatch::publishFocusHistory()
{
    const WallTime now = m_clock.wall();
    const WallTime from = now - monitor::HistoryRing::coarseFor;
    const auto &rows = m_shown.focus->partitions;
    const std::size_t most =
        std::clamp(chartPoints / std::max<std::size_t>(1, rows.size()), leastPoints, mostPoints);
    auto history = std::make_shared<GroupHistory>();
    history->total.name = m_focus->value();
    history->total.points =
        m_history.points({.group = *m_focus, .partition = {}}, from, now, mostPoints);
    history->partitions.reserve(rows.size());
    for (const PartitionLag &row : rows)
        history->partitions.push_back(
            {.name = seriesName(row.partition),
             .points = m_history.points({.group = *m_focus, .partition = row.partition}, from, now,
                                        most)});
    m_shown.focusHistory = std::move(history);
}

/// What was not read must not look as if it had stood still.
void ClusterWatch::recordPartitionsGap(WallTime now)
{
    for (const PartitionLag &row : m_shown.focus->partitions)
        m_history.record({.group = *m_focus, .partition = row.partition}, now, {});
}

/// Its partitions are no longer read: their histories stay, and say so by a gap.
void ClusterWatch::leaveFocus()
{
    if (m_focus && m_shown.focus)
        recordPartitionsGap(m_clock.wall());
    ++m_focusTurn;
    m_focusTimer.abandon();
    m_focusHistoryAt.reset();
    m_shown.focus.reset();
    m_shown.focusHistory.reset();
    report("focus", {});
}

} // namespace redrive::workspace
