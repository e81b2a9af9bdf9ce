#include "core/workspace/session.h"
#include "tests/support/values/fakecluster.h"

#include <QTest>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>

using namespace redrive;
using namespace redrive::workspace;
using namespace std::chrono_literals;
using twin::FakeCluster;

namespace {

/// The front end's side of a session: waits for wake-ups, and never longer than a test may take.
class Listener
{
public:
    explicit Listener(ClusterSession &session)
        : m_session(session)
    {
        m_session.setWakeUp([this] {
            const std::scoped_lock lock(m_mutex);
            m_isWoken = true;
            m_changed.notify_all();
        });
    }
    ~Listener() { m_session.setWakeUp({}); }

    template <typename Predicate>
    std::shared_ptr<const ClusterSnapshot> waitFor(Predicate predicate)
    {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < deadline) {
            if (auto next = m_session.take())
                m_last = std::move(next);
            if (m_last && predicate(*m_last))
                return m_last;
            std::unique_lock lock(m_mutex);
            m_changed.wait_until(lock, deadline, [this] { return m_isWoken; });
            m_isWoken = false;
        }
        return nullptr;
    }

private:
    ClusterSession &m_session;
    std::shared_ptr<const ClusterSnapshot> m_last;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_isWoken = false; ///< guarded by m_mutex
};

ClientFactory opening(FakeCluster &cluster)
{
    return [&cluster]() -> Result<std::unique_ptr<kafka::ClusterClient>> { return cluster.open(); };
}

} // namespace

class TestSession : public QObject
{
    Q_OBJECT

private slots:
    void whatTheThreadSeesReachesTheFrontEnd()
    {
        FakeCluster cluster;
        cluster.put("group billing Stable classic\norders/0 member=m committed=100 end=150");
        ClusterSession session(opening(cluster), {}, {});
        Listener listener(session);
        const auto listed = listener.waitFor([](const auto &snapshot) {
            return snapshot.refreshedAt && snapshot.groups->at(0).totalLag == 50;
        });
        QVERIFY(listed);
        QCOMPARE(listed->connection, Connection::Live);

        session.setFocus(GroupId("billing"));
        QVERIFY(listener.waitFor([](const auto &snapshot) {
            return snapshot.focus && snapshot.focus->partitions.size() == 1;
        }));
        session.setTopicsWanted(true);
        QVERIFY(listener.waitFor([](const auto &snapshot) { return snapshot.topics != nullptr; }));
        cluster.setEnd({"orders", 0}, 160);
        session.refreshNow();
        QVERIFY(listener.waitFor(
            [](const auto &snapshot) { return snapshot.groups->at(0).totalLag == 60; }));
        session.setPaused(true);
        session.setInterval(1s);
        session.clearProblems();
        QVERIFY(listener.waitFor([](const auto &snapshot) {
            return snapshot.paused && snapshot.interval == Millis(1000);
        }));
    }

    void aListenerThatComesLateHearsWhatIsWaiting()
    {
        FakeCluster cluster;
        ClusterSession session(opening(cluster), {}, {});
        Listener first(session);
        QVERIFY(
            first.waitFor([](const auto &snapshot) { return snapshot.refreshedAt.has_value(); }));
        session.setWakeUp({});
        session.setPaused(true);
        Listener second(session);
        QVERIFY(second.waitFor([](const auto &snapshot) { return snapshot.paused; }));
    }

    void aSessionEndsAtOnceWhateverIsUnderWay()
    {
        FakeCluster cluster;
        cluster.setReach(twin::Reach::Silent);
        auto session = std::make_unique<ClusterSession>(opening(cluster), SessionOptions{},
                                                        kafka::AccessPolicy{});
        session->setFocus(GroupId("billing"));
        session->setTopicsWanted(true);
        const auto before = std::chrono::steady_clock::now();
        session.reset();
        QVERIFY(std::chrono::steady_clock::now() - before < 2s);
        QCOMPARE(cluster.alive(), 0);
    }

    void aSessionWithoutAClientShowsWhyAndEndsAtOnce()
    {
        ClusterSession session(
            []() -> Result<std::unique_ptr<kafka::ClusterClient>> {
                return twin::brokerError("_INVALID_ARG");
            },
            {}, {});
        Listener listener(session);
        const auto shown = listener.waitFor(
            [](const auto &snapshot) { return snapshot.connectionError.has_value(); });
        QVERIFY(shown);
        QCOMPARE(shown->connectionError->code, std::string("_INVALID_ARG"));
    }

    void aThreadThatEndsByAFaultSaysSoBesideTheLastValues()
    {
        FakeCluster cluster;
        cluster.put("group billing Stable classic\norders/0 member=m committed=100 end=150");
        SessionOptions options;
        options.advise = [](const Error &) -> std::string { throw std::runtime_error("a fault"); };
        ClusterSession session(opening(cluster), options, {});
        Listener listener(session);
        const auto live = listener.waitFor([](const auto &snapshot) {
            return snapshot.refreshedAt && snapshot.connection == Connection::Live;
        });
        QVERIFY(live);
        cluster.fail(twin::Call::ListGroups, twin::brokerError("CLUSTER_AUTHORIZATION_FAILED"));
        session.refreshNow();
        const auto ended = listener.waitFor([](const auto &snapshot) {
            return snapshot.connectionError && snapshot.connectionError->code == "SESSION_ENDED";
        });
        QVERIFY(ended);
        QCOMPARE(ended->connection, Connection::Stale);
        QVERIFY(ended->connectionError->message.ends_with("a fault"));
        QVERIFY(!ended->connectionAdvice.empty());
        QVERIFY(ended->sequence > live->sequence);
        QCOMPARE(ended->progressTotal, 0U);
        QCOMPARE(ended->groups->at(0).totalLag, 50);
    }

    void aThreadThatEndsBeforeItEverConnectedSaysSo()
    {
        ClusterSession session(
            []() -> Result<std::unique_ptr<kafka::ClusterClient>> {
                throw std::runtime_error("a fault");
            },
            {}, {});
        Listener listener(session);
        const auto ended = listener.waitFor(
            [](const auto &snapshot) { return snapshot.connectionError.has_value(); });
        QVERIFY(ended);
        QCOMPARE(ended->connectionError->code, std::string("SESSION_ENDED"));
    }

    void theGuardIsTheProfilesOwn()
    {
        FakeCluster cluster;
        const ClusterSession session(opening(cluster), {},
                                     kafka::effectivePolicy(kafka::AccessMode::Free, true));
        QCOMPARE(session.guard().policy().mode, kafka::AccessMode::ReadOnly);
    }
};

QTEST_APPLESS_MAIN(TestSession)
#include "tst_session.moc"
