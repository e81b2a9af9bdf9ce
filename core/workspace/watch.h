#pragma once

#include "core/monitor/historystore.h"
#include "core/monitor/survey.h"
#include "core/workspace/grouplist.h"
#include "core/workspace/health.h"
#include "core/workspace/observedclient.h"
#include "core/workspace/problems.h"
#include "core/workspace/refreshtimer.h"
#include "core/workspace/session.h"
#include "core/workspace/topicrows.h"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace redrive::workspace {

struct WatchClock
{
    std::function<MonoTime()> mono = monoNow;
    std::function<WallTime()> wall = wallNow;
};

/// What a session's thread does, without the thread: owns the client, starts what is due, takes
/// what arrives, and makes snapshots. Every function belongs to one thread, except wake(). Nothing
/// here waits but turn().
class ClusterWatch
{
public:
    ClusterWatch(ClientFactory factory, SessionOptions options, WatchClock clock);
    ~ClusterWatch();
    ClusterWatch(const ClusterWatch &) = delete;
    ClusterWatch &operator=(const ClusterWatch &) = delete;

    void setFocus(std::optional<GroupId> group);
    void setTopicsWanted(bool wanted);
    void setPaused(bool paused);
    void setInterval(Millis interval);
    void refreshNow();
    void clearProblems();

    /// One round. Waits up to `wait` for an answer, for something to become due, or for wake().
    /// False: there is no client to wait for, because none could be opened.
    bool turn(Millis wait);
    /// Ends a wait in turn() early. Any thread.
    void wake();

    /// The state as it is now, if it changed since the last call, else null. Progress alone is told
    /// at most ten times a second.
    std::shared_ptr<const ClusterSnapshot> takeSnapshot();

private:
    struct Tally
    {
        std::size_t answered = 0;
        std::size_t unanswered = 0;
        bool isSilent() const { return answered == 0 && unanswered > 0; }
    };

    // The client's life
    bool open();
    void install(std::unique_ptr<kafka::ClusterClient> client);
    void heard(ObservedClient::Asked asked, const Error *error);
    void takeTroubles();
    void lookAfterClient();
    void dropClient();
    void startDue();
    bool mayStart(const RefreshTimer &timer) const;
    Millis untilDue(Millis most) const;

    // The whole refresh
    void startWhole();
    void takeCluster(const Result<ClusterInfo> &answer);
    void takeListing(Result<kafka::GroupListings> answer);
    void surveyBatch();
    void endPart();
    void endWhole();
    void recordTotals();
    bool wasDead() const;
    void noteSilence(bool isSilent);
    void startOthers();
    void forgetCluster(const std::string &was, const std::string &is);

    // The group in focus
    void startFocus();
    void takeFocus(GroupDetail detail);
    void leaveFocus();
    void publishFocusHistory();
    void recordPartitionsGap(WallTime now);

    // The topics
    void startTopics();
    void takeTopics(Result<std::vector<TopicInfo>> answer);
    void endTopicsPart();
    void publishTopics();
    bool areCommitsKnown() const;

    void report(std::string_view scope, const std::vector<Error> &errors);
    void showConnection();

    ClientFactory m_factory;
    SessionOptions m_options;
    WatchClock m_clock;
    monitor::SurveyOptions m_survey;
    monitor::SurveyOptions m_focusSurvey;

    bool m_couldNotOpen = false;
    bool m_isToReopen = false; ///< asked for in a reply, done when poll() has returned
    bool m_isHopeless = false; ///< another handle would hear the same
    bool m_isSilent = false;   ///< as the last whole refresh ended
    std::optional<Error> m_clusterChanged;
    StuckHandle m_stuck;
    Health m_health;
    ProblemList m_problems;

    RefreshTimer m_whole;
    RefreshTimer m_others{std::chrono::minutes(1)};
    RefreshTimer m_focusTimer;
    RefreshTimer m_topicsTimer;
    RefreshTimer m_assignments{std::chrono::seconds(30)};
    bool m_isPaused = false;
    bool m_topicsWanted = false;

    GroupList m_groups;
    int m_wholeParts = 0;
    bool m_wasListed = false;
    std::vector<GroupListing> m_toSurvey;
    std::size_t m_surveyed = 0;
    std::vector<Error> m_offsetErrors;
    std::vector<Error> m_troubles; ///< since the last whole refresh ended
    Tally m_all;                   ///< of the refresh under way, as the next two
    Tally m_commits;
    Tally m_ends;

    std::optional<GroupId> m_focus;
    std::uint64_t m_focusTurn = 0; ///< answers for an earlier one are dropped
    int m_focusOut = 0;
    std::optional<MonoTime> m_focusHistoryAt;

    int m_topicParts = 0;
    std::vector<TopicInfo> m_topicInfos;
    LogBounds m_sizes;
    AssignedTopics m_assigned;
    bool m_assignedKnown = false;

    monitor::HistoryStore m_history;
    ClusterSnapshot m_shown;
    bool m_isChanged = true;
    bool m_isProgressed = false;
    std::optional<MonoTime> m_publishedAt;

    std::mutex m_clientMutex;
    std::unique_ptr<kafka::ClusterClient>
        m_client; ///< changed under m_clientMutex, by the owner's thread alone
};

} // namespace redrive::workspace
