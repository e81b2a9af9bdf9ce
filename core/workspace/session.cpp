#include "core/workspace/session.h"

#include "core/telemetry/logging.h"
#include "core/workspace/watch.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <pthread.h>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace redrive::workspace {

namespace {

constexpr Millis longestWait{250};

/// Answers of a refresh come in hundreds, and to wake for each one costs more than to read it, on
/// this side and in the client library: so they gather for a moment.
constexpr Millis gather{5};

/// What the front end is told when nobody watches any longer: the last values, and that they are.
std::shared_ptr<const ClusterSnapshot>
endedSnapshot(const std::shared_ptr<const ClusterSnapshot> &last, const std::string &why)
{
    auto snapshot =
        last ? std::make_shared<ClusterSnapshot>(*last) : std::make_shared<ClusterSnapshot>();
    ++snapshot->sequence;
    if (snapshot->connection != Connection::Stale)
        snapshot->since = wallNow();
    snapshot->connection = Connection::Stale;
    snapshot->connectionError = Error{.kind = Error::Kind::Internal,
                                      .code = "SESSION_ENDED",
                                      .message = "Redrive stopped watching: " + why,
                                      .attempted = "watching the cluster",
                                      .retriable = false};
    snapshot->connectionAdvice = "Close this cluster and connect to it again.";
    snapshot->progressDone = snapshot->progressTotal = 0;
    return snapshot;
}

} // namespace

/// The thread and what crosses to and from it: commands one way, snapshots the other.
class ClusterSession::Worker
{
public:
    using Command = std::function<void(ClusterWatch &)>;

    Worker(ClientFactory factory, SessionOptions options, kafka::AccessPolicy policy)
        : m_guard(policy)
        , m_watch(std::move(factory), std::move(options), {})
        , m_thread([this](const std::stop_token &stop) { run(stop); })
    {
    }

    ~Worker()
    {
        m_thread.request_stop();
        wake();
        m_thread.join();
    }
    Worker(const Worker &) = delete;
    Worker &operator=(const Worker &) = delete;

    void post(Command command)
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_commands.push_back(std::move(command));
        }
        wake();
    }

    LatestMailbox<ClusterSnapshot> &mailbox() { return m_mailbox; }
    const kafka::WriteGuard &guard() const noexcept { return m_guard; }

private:
    void wake()
    {
        {
            // Not between a waiter's look and its wait.
            const std::scoped_lock lock(m_mutex);
        }
        m_posted.notify_all();
        m_watch.wake();
    }

    void run(const std::stop_token &stop)
    {
        pthread_setname_np(pthread_self(), "cluster");
        try {
            while (!stop.stop_requested())
                turn(stop);
        } catch (const std::exception &error) {
            telemetry::log(telemetry::Level::Error, "session",
                           std::string("the cluster's thread ended: ") + error.what());
            m_mailbox.put(endedSnapshot(m_last, error.what()));
        }
    }

    void turn(const std::stop_token &stop)
    {
        for (const Command &command : takeCommands())
            command(m_watch);
        const bool hasClient = m_watch.turn(longestWait);
        if (auto snapshot = m_watch.takeSnapshot()) {
            m_last = snapshot;
            m_mailbox.put(std::move(snapshot));
        }
        if (hasClient) {
            std::this_thread::sleep_for(gather);
            return;
        }
        std::unique_lock lock(m_mutex);
        m_posted.wait_for(lock, longestWait,
                          [&] { return !m_commands.empty() || stop.stop_requested(); });
    }

    std::vector<Command> takeCommands()
    {
        const std::scoped_lock lock(m_mutex);
        return std::exchange(m_commands, {});
    }

    kafka::WriteGuard m_guard;
    LatestMailbox<ClusterSnapshot> m_mailbox;
    std::mutex m_mutex;
    std::condition_variable m_posted;
    std::vector<Command> m_commands;               ///< guarded by m_mutex
    ClusterWatch m_watch;                          ///< belongs to m_thread, save for wake()
    std::shared_ptr<const ClusterSnapshot> m_last; ///< belongs to m_thread
    std::jthread m_thread;                         ///< last, so that it ends before what it uses
};

ClusterSession::ClusterSession(ClientFactory factory, SessionOptions options,
                               kafka::AccessPolicy policy)
    : m_worker(std::make_unique<Worker>(std::move(factory), std::move(options), policy))
{
}

ClusterSession::~ClusterSession() = default;

std::shared_ptr<const ClusterSnapshot> ClusterSession::take()
{
    return m_worker->mailbox().take();
}

void ClusterSession::setWakeUp(std::function<void()> wakeUp)
{
    m_worker->mailbox().setWakeUp(std::move(wakeUp));
}

void ClusterSession::setFocus(std::optional<GroupId> group)
{
    m_worker->post([group = std::move(group)](ClusterWatch &watch) { watch.setFocus(group); });
}

void ClusterSession::setTopicsWanted(bool wanted)
{
    m_worker->post([wanted](ClusterWatch &watch) { watch.setTopicsWanted(wanted); });
}

void ClusterSession::setPaused(bool paused)
{
    m_worker->post([paused](ClusterWatch &watch) { watch.setPaused(paused); });
}

void ClusterSession::setInterval(Millis interval)
{
    m_worker->post([interval](ClusterWatch &watch) { watch.setInterval(interval); });
}

void ClusterSession::refreshNow()
{
    m_worker->post([](ClusterWatch &watch) { watch.refreshNow(); });
}

void ClusterSession::clearProblems()
{
    m_worker->post([](ClusterWatch &watch) { watch.clearProblems(); });
}

const kafka::WriteGuard &ClusterSession::guard() const noexcept
{
    return m_worker->guard();
}

} // namespace redrive::workspace
