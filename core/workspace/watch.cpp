#include "core/workspace/watch.h"

#include <algorithm>
#include <utility>

namespace redrive::workspace {

namespace {

constexpr Millis progressEvery{100};

monitor::SurveyOptions surveyOptions(const SessionOptions &options, const WatchClock &clock)
{
    monitor::SurveyOptions survey;
    survey.timeout = options.requestTimeout;
    survey.clock = clock.wall;
    return survey;
}

} // namespace

ClusterWatch::ClusterWatch(ClientFactory factory, SessionOptions options, WatchClock clock)
    : m_factory(std::move(factory))
    , m_options(std::move(options))
    , m_clock(std::move(clock))
    , m_survey(surveyOptions(m_options, m_clock))
    , m_focusSurvey(m_survey)
    , m_health(m_clock.wall())
    , m_problems(m_options.advise)
    , m_whole(m_options.interval)
    , m_focusTimer(m_options.focusInterval)
    , m_topicsTimer(m_options.interval)
    , m_history(m_options.historyBytes)
{
    m_focusSurvey.tails = std::make_shared<monitor::TailCache>();
    m_shown.since = m_health.since();
}

ClusterWatch::~ClusterWatch() = default;

void ClusterWatch::setFocus(std::optional<GroupId> group)
{
    if (group == m_focus)
        return;
    leaveFocus();
    m_focus = std::move(group);
    m_isChanged = true;
}

void ClusterWatch::setTopicsWanted(bool wanted)
{
    if (wanted && !m_topicsWanted)
        m_topicsTimer.ask();
    m_topicsWanted = wanted;
}

void ClusterWatch::setPaused(bool paused)
{
    if (paused == m_isPaused)
        return;
    m_isPaused = paused;
    if (paused)
        m_history.recordGap(m_clock.wall());
    m_isChanged = true;
}

void ClusterWatch::setInterval(Millis interval)
{
    m_options.interval = interval;
    m_whole.setInterval(interval);
    m_topicsTimer.setInterval(interval);
    m_isChanged = true;
}

void ClusterWatch::refreshNow()
{
    m_couldNotOpen = false;
    m_clusterChanged.reset();
    m_whole.ask();
    m_others.ask();
    m_focusTimer.ask();
    if (m_topicsWanted) {
        m_topicsTimer.ask();
        m_assignments.ask();
    }
    m_isChanged = true;
}

void ClusterWatch::clearProblems()
{
    m_problems.clearPast();
    m_isChanged = true;
}

bool ClusterWatch::turn(Millis wait)
{
    if (!m_client && (m_couldNotOpen || !open()))
        return false;
    startDue();
    m_client->poll(untilDue(wait));
    lookAfterClient();
    if (m_client)
        startDue();
    return m_client != nullptr;
}

void ClusterWatch::wake()
{
    const std::scoped_lock lock(m_clientMutex);
    if (m_client)
        m_client->wake();
}

bool ClusterWatch::open()
{
    auto client = m_factory();
    if (!client) {
        m_couldNotOpen = true;
        m_health.failedToOpen(client.error());
        report("connection", {client.error()});
        return false;
    }
    install(std::move(*client));
    return true;
}

/// Whatever the old handle still owed is not coming: every kind of refresh starts anew.
void ClusterWatch::install(std::unique_ptr<kafka::ClusterClient> client)
{
    auto observed = std::make_unique<ObservedClient>(
        std::move(client),
        [this](ObservedClient::Asked asked, const Error *error) { heard(asked, error); });
    {
        const std::scoped_lock lock(m_clientMutex);
        m_client = std::move(observed);
    }
    m_focusOut = 0;
    for (RefreshTimer *timer :
         {&m_whole, &m_others, &m_focusTimer, &m_topicsTimer, &m_assignments}) {
        if (timer->isRunning())
            timer->abandon();
    }
    m_shown.progressDone = m_shown.progressTotal = 0;
    m_isChanged = true;
}

void ClusterWatch::heard(ObservedClient::Asked asked, const Error *error)
{
    const auto count = [error](Tally &tally) { ++(error ? tally.unanswered : tally.answered); };
    count(m_all);
    if (asked == ObservedClient::Asked::Commits)
        count(m_commits);
    else if (asked == ObservedClient::Asked::Ends)
        count(m_ends);
    if (error)
        m_health.unanswered(*error);
    else {
        m_health.answered(m_clock.wall());
        m_isHopeless = false;
    }
}

void ClusterWatch::takeTroubles()
{
    while (const auto trouble = m_client->takeTrouble()) {
        m_health.troubled(*trouble);
        m_troubles.push_back(trouble->error);
        m_isHopeless = m_isHopeless || trouble->hopeless;
    }
}

void ClusterWatch::lookAfterClient()
{
    takeTroubles();
    const MonoTime now = m_clock.mono();
    if (std::exchange(m_isToReopen, false)) {
        dropClient();
        open();
        return;
    }
    const bool isStuck = !m_isHopeless && m_stuck.isToBeReplaced(now);
    const bool isWorn = m_client->isWorn() && m_stuck.mayBeReplaced(now);
    if (!isStuck && !isWorn)
        return;
    m_stuck.replaced(now);
    auto client = m_factory();
    if (!client) {
        report("connection", {client.error()});
        return;
    }
    install(std::move(*client));
    ++m_shown.handlesReplaced;
}

void ClusterWatch::dropClient()
{
    const std::scoped_lock lock(m_clientMutex);
    m_client.reset();
}

bool ClusterWatch::mayStart(const RefreshTimer &timer) const
{
    return timer.isDue(m_clock.mono()) && (!m_isPaused || timer.isAsked());
}

void ClusterWatch::startDue()
{
    // What a person waits for goes first.
    if (m_focus && m_focusOut < 2 && mayStart(m_focusTimer))
        startFocus();
    if (mayStart(m_whole))
        startWhole();
    if (m_groups.isListed() && mayStart(m_others))
        startOthers();
    if (m_topicsWanted && mayStart(m_topicsTimer))
        startTopics();
}

Millis ClusterWatch::untilDue(Millis most) const
{
    const MonoTime now = m_clock.mono();
    Millis wait = most;
    const auto consider = [&](const RefreshTimer &timer) {
        const auto due = timer.due();
        if (due && (!m_isPaused || timer.isAsked()))
            wait = std::clamp(std::chrono::duration_cast<Millis>(std::max(*due, now) - now),
                              Millis{0}, wait);
    };
    consider(m_whole);
    if (m_focus && m_focusOut < 2)
        consider(m_focusTimer);
    if (m_groups.isListed())
        consider(m_others);
    if (m_topicsWanted)
        consider(m_topicsTimer);
    return wait;
}

void ClusterWatch::report(std::string_view scope, const std::vector<Error> &errors)
{
    if (m_problems.report(scope, errors, m_clock.wall()))
        m_isChanged = true;
}

void ClusterWatch::showConnection()
{
    auto error = m_health.error();
    if (!error)
        error = m_clusterChanged;
    if (error != m_shown.connectionError) {
        m_shown.connectionError = error;
        m_shown.connectionAdvice =
            error && m_options.advise ? m_options.advise(*error) : std::string();
        m_isChanged = true;
    }
    if (m_shown.connection != m_health.connection() || m_shown.since != m_health.since())
        m_isChanged = true;
    m_shown.connection = m_health.connection();
    m_shown.since = m_health.since();
}

std::shared_ptr<const ClusterSnapshot> ClusterWatch::takeSnapshot()
{
    showConnection();
    const MonoTime now = m_clock.mono();
    const bool isProgressDue =
        m_isProgressed && (!m_publishedAt || now - *m_publishedAt >= progressEvery);
    if (!m_isChanged && !isProgressDue)
        return nullptr;
    m_isChanged = m_isProgressed = false;
    m_publishedAt = now;
    ++m_shown.sequence;
    m_shown.groups = m_groups.published();
    m_shown.trends = m_groups.trends();
    m_shown.problems = m_problems.list();
    m_shown.interval = m_whole.interval();
    m_shown.slowed = m_whole.isSlowed();
    m_shown.paused = m_isPaused;
    m_shown.historyDropped = m_history.evicted();
    return std::make_shared<const ClusterSnapshot>(m_shown);
}

} // namespace redrive::workspace
