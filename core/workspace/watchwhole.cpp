#include "core/base/text.h"
#include "core/workspace/watch.h"

#include <algorithm>
#include <iterator>
#include <utility>

// The whole refresh: cluster, listing, then offsets and ends in batches, so that lag comes as it is
// read.

namespace redrive::workspace {

namespace {

constexpr std::size_t batchSize = 2000;

} // namespace

void ClusterWatch::startWhole()
{
    m_whole.start(m_clock.mono());
    m_all = m_commits = m_ends = {};
    m_offsetErrors.clear();
    m_wasListed = false;
    m_wholeParts = 2;
    m_client->describeCluster(m_options.requestTimeout, [this](const Result<ClusterInfo> &answer) {
        takeCluster(answer);
        endPart();
    });
    m_client->listGroups(m_options.requestTimeout, [this](Result<kafka::GroupListings> answer) {
        takeListing(std::move(answer));
    });
}

void ClusterWatch::takeCluster(const Result<ClusterInfo> &answer)
{
    if (!answer) {
        report("cluster", {answer.error()});
        return;
    }
    report("cluster", {});
    const auto &known = m_shown.cluster;
    if (known && !known->clusterId.empty() && !answer->clusterId.empty() &&
        known->clusterId != answer->clusterId) {
        forgetCluster(known->clusterId, answer->clusterId);
        return;
    }
    if (known != *answer) {
        m_shown.cluster = *answer;
        m_isChanged = true;
    }
}

/// Two clusters reached by one name never mix: everything of the old one goes, and the new one is
/// met with a new handle, so that no answer of before is taken for its own.
void ClusterWatch::forgetCluster(const std::string &was, const std::string &is)
{
    Error error;
    error.kind = Error::Kind::Broker;
    error.code = "CLUSTER_ID_CHANGED";
    error.message = "another cluster answers here: it was " + visible(was) + " and is now " +
                    visible(is) + "; all that was shown of the first one has been put away";
    error.attempted = "refreshing";
    error.retriable = false;
    m_clusterChanged = std::move(error);

    m_groups.clear();
    m_history.clear();
    m_problems.clear();
    m_focusSurvey.tails->entries.clear();
    ++m_focusTurn;
    m_topicInfos.clear();
    m_sizes = {};
    m_assigned.clear();
    m_assignedKnown = false;
    m_shown.cluster.reset();
    m_shown.topics.reset();
    m_shown.focus.reset();
    m_shown.focusHistory.reset();
    m_focusHistoryAt.reset();
    m_shown.refreshedAt.reset();
    m_shown.refreshDuration.reset();
    m_isToReopen = true;
    m_isChanged = true;
}

void ClusterWatch::takeListing(Result<kafka::GroupListings> answer)
{
    if (m_isToReopen)
        return;
    if (!answer) {
        report("listing", {answer.error()});
        endPart();
        return;
    }
    report("listing", answer->errors);
    m_groups.list(std::move(answer->groups), answer->errors);
    m_wasListed = true;
    m_toSurvey = m_groups.askable();
    m_surveyed = 0;
    m_shown.progressDone = 0;
    m_shown.progressTotal = m_toSurvey.size();
    m_isChanged = true;
    surveyBatch();
}

void ClusterWatch::surveyBatch()
{
    const std::size_t first = m_surveyed;
    const std::size_t size = std::min(batchSize, m_toSurvey.size() - first);
    if (size == 0) {
        endPart();
        return;
    }
    const auto from = m_toSurvey.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<GroupListing> batch(from, from + static_cast<std::ptrdiff_t>(size));
    monitor::surveyLag(
        *m_client, std::move(batch), m_survey,
        [this, first](std::size_t count) {
            m_shown.progressDone = first + count;
            m_isProgressed = true;
        },
        [this, size](const std::vector<GroupSummary> &read) {
            m_groups.take(read);
            for (const GroupSummary &each : read) {
                if (each.error)
                    m_offsetErrors.push_back(*each.error);
            }
            m_surveyed += size;
            m_isChanged = true;
            surveyBatch();
        });
}

void ClusterWatch::endPart()
{
    if (--m_wholeParts == 0 && !m_isToReopen)
        endWhole();
}

/// Nobody answered at all, or nobody answered one kind of question: a handle can be stuck towards
/// coordinators or leaders alone.
bool ClusterWatch::wasDead() const
{
    return m_all.isSilent() || m_commits.isSilent() || m_ends.isSilent();
}

void ClusterWatch::endWhole()
{
    const bool isSilent = m_all.isSilent();
    const Millis duration = m_whole.end(m_clock.mono(), m_wasListed && !wasDead());
    m_stuck.refreshEnded(wasDead());
    m_shown.progressDone = m_shown.progressTotal = 0;
    m_isChanged = true;
    noteSilence(isSilent);
    if (!m_wasListed)
        return;
    report("offsets", m_offsetErrors);
    m_groups.endRound();
    recordTotals();
    m_shown.refreshedAt = m_clock.wall();
    m_shown.refreshDuration = duration;
    if (!m_topicsWanted)
        return;
    if (m_shown.topics)
        publishTopics();
    if (m_assignments.isAsked())
        m_topicsTimer.ask();
}

void ClusterWatch::noteSilence(bool isSilent)
{
    takeTroubles();
    if (isSilent) {
        m_health.wentDark();
        if (!m_isSilent)
            m_history.recordGap(m_clock.wall());
    }
    m_isSilent = isSilent;
    std::vector<Error> errors = std::exchange(m_troubles, {});
    if (const auto error = m_health.error(); error && errors.empty())
        errors.push_back(*error);
    report("connection", errors);
}

void ClusterWatch::recordTotals()
{
    const WallTime now = m_clock.wall();
    const GroupRows &rows = m_groups.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        // The group in focus has its total recorded with its partitions, so that a chart's lines
        // share their times.
        const bool isInFocus = m_shown.focus && rows[i].listing.id == m_focus;
        if (!rows[i].listing.error && !isInFocus)
            m_history.record({.group = rows[i].listing.id, .partition = {}}, now,
                             m_groups.totals()[i]);
    }
}

/// Heavy and deprecated, so it is asked rarely, and what it said is remembered in between.
void ClusterWatch::startOthers()
{
    m_others.start(m_clock.mono());
    std::vector<GroupId> known;
    for (const GroupListing &each : m_groups.askable())
        known.push_back(each.id);
    m_client->listUndescribable(std::move(known), m_options.requestTimeout,
                                [this](const Result<kafka::GroupListings> &answer) {
                                    if (m_isToReopen)
                                        return;
                                    m_others.end(m_clock.mono(), answer.hasValue());
                                    report("others", answer ? answer->errors
                                                            : std::vector<Error>{answer.error()});
                                    if (!answer)
                                        return;
                                    m_groups.setOthers(answer->groups);
                                    m_isChanged = true;
                                });
}

} // namespace redrive::workspace
