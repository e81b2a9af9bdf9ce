#include "core/offsets/job.h"
#include "tests/unit/offsets/offsetworld.h"

#include <condition_variable>
#include <mutex>

using namespace redrive;
using namespace redrive::offsets;

namespace {

constexpr std::chrono::seconds longEnough{20};

/// A job over a twin that takes its time, and what it told.
class JobWorld
{
public:
    explicit JobWorld(kafka::AccessPolicy policy = {})
    {
        world.cluster->waits = true;
        world.cluster->latency = Millis(1);
        const auto cluster = world.cluster;
        const auto file = world.place() / "twin.db";
        job = std::make_unique<OffsetJob>(
            JobParts{.open = [cluster]() -> Result<std::unique_ptr<kafka::GroupAdmin>> {
                         return std::unique_ptr<kafka::GroupAdmin>(
                             std::make_unique<twin::FakeGroupAdmin>(cluster));
                     },
                     .journal = [file](const std::string &) { return store::Journal::open(file); },
                     .guard = kafka::WriteGuard(policy),
                     .lockDirectory = world.place() / "locks",
                     .user = "ada",
                     .timeout = Millis(2000)});
        job->setWakeUp([this] {
            const std::scoped_lock lock(m_mutex);
            m_told = true;
            m_changed.notify_all();
        });
    }
    ~JobWorld() { job.reset(); }

    /// The first snapshot from now on that is like that; null after too long.
    template <typename Like>
    std::shared_ptr<const JobSnapshot> until(Like like)
    {
        const MonoTime deadline = monoNow() + longEnough;
        while (monoNow() < deadline) {
            if (auto snapshot = job->take(); snapshot && like(*snapshot))
                return snapshot;
            std::unique_lock lock(m_mutex);
            m_changed.wait_for(lock, Millis(200), [this] { return std::exchange(m_told, false); });
        }
        return nullptr;
    }
    std::shared_ptr<const JobSnapshot> until(JobState state)
    {
        return until([state](const JobSnapshot &snapshot) { return snapshot.state == state; });
    }

    Plan planned(const PlanRequest &request)
    {
        job->plan(request);
        const auto snapshot = until(JobState::Planned);
        if (!snapshot)
            qFatal("was not planned");
        return *snapshot->plan;
    }

    template <typename Do>
    auto locked(Do what)
    {
        const std::scoped_lock lock(world.cluster->mutex);
        return what(*world.cluster);
    }

    OffsetWorld world;
    std::unique_ptr<OffsetJob> job;

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_told = false;
};

const kafka::Confirmation yes{.yes = true, .typedName = "billing"};

} // namespace

class JobsTest : public QObject
{
    Q_OBJECT

private slots:
    void aJobPlansAndThenAppliesWhatWasShown()
    {
        JobWorld world;
        const Plan shown = world.planned(OffsetWorld::request(to::Exact{Offset(20)}));
        world.job->apply(shown, yes, "bad deploy");
        const auto done = world.until(JobState::Done);
        QVERIFY(done != nullptr);
        QCOMPARE(inShort(done->applied->rows),
                 std::string("CONFIRMED 20, CONFIRMED 20, CONFIRMED 20"));
        QCOMPARE(done->applied->journal, std::string("j1"));
        QCOMPARE((*world.world.journal->entry("j1"))->reason, std::string("bad deploy"));
        QCOMPARE(world.locked([](twin::GroupTwin &twin) { return twin.opened; }),
                 std::size_t{2}); // the world's own, and one for both steps
    }

    void theGuardIsAskedBeforeAnything()
    {
        JobWorld world(kafka::AccessPolicy{.mode = kafka::AccessMode::ReadOnly});
        const Plan shown = world.planned(OffsetWorld::request(to::Earliest{}));
        for (const bool armed : {false, true}) {
            if (armed)
                world.job->applyWhenEmpty(shown, yes, {}, Millis(1000));
            else
                world.job->apply(shown, yes, {});
            const auto refused = world.until(JobState::Refused);
            QVERIFY(refused != nullptr);
            QCOMPARE(refused->error->code, std::string("READ_ONLY"));
        }
        QCOMPARE(world.locked([](twin::GroupTwin &twin) { return twin.count("alterOffsets"); }),
                 std::size_t{0});
        QVERIFY(world.world.journal->entries({})->empty());
    }

    void aNewPlanEndsTheOneUnderWay()
    {
        JobWorld world;
        world.locked([](twin::GroupTwin &twin) {
            twin.hook = [](twin::GroupTwin &, const twin::TwinRequest &request) {
                return request.name == "describeCluster" && request.number == 1
                           ? fate(twin::Fate::Kind::LostBefore)
                           : twin::Fate{};
            };
        });
        world.job->plan(OffsetWorld::request(to::Earliest{}));
        QVERIFY(world.until(JobState::Planning) != nullptr);
        const MonoTime begun = monoNow();
        bool wasCancelled = false;
        world.job->plan(OffsetWorld::request(to::Latest{}));
        const auto planned = world.until([&](const JobSnapshot &snapshot) {
            wasCancelled = wasCancelled || snapshot.state == JobState::Cancelled;
            return snapshot.state == JobState::Planned;
        });
        QVERIFY(planned != nullptr);
        QVERIFY(planned->request.target == Target(to::Latest{}));
        QVERIFY(!wasCancelled);
        QVERIFY(monoNow() - begun < Millis(1500)); // the first one's time-out is 2 s
    }

    void anArmedJobShowsWhoItWaitsForAndCanBeCancelled()
    {
        JobWorld world;
        world.locked([](twin::GroupTwin &twin) { twin.join("billing"); });
        const Plan shown = world.planned(OffsetWorld::request(to::Earliest{}));
        world.job->applyWhenEmpty(shown, yes, {}, std::chrono::minutes(30));
        const auto waiting = world.until([](const JobSnapshot &snapshot) {
            return snapshot.state == JobState::Waiting && snapshot.waiting;
        });
        QVERIFY(waiting != nullptr);
        QCOMPARE(waiting->waiting->members.front().clientId, std::string("billing-1"));
        QVERIFY(waiting->expires.has_value());
        world.job->cancel();
        const auto cancelled = world.until(JobState::Cancelled);
        QVERIFY(cancelled != nullptr);
        QVERIFY(world.world.journal->entries({})->empty());
    }

    void anArmedJobFires()
    {
        JobWorld world;
        world.locked([](twin::GroupTwin &twin) { twin.join("billing"); });
        const Plan shown = world.planned(OffsetWorld::request(to::Exact{Offset(20)}));
        world.job->applyWhenEmpty(shown, yes, {}, std::chrono::minutes(30));
        QVERIFY(world.until([](const JobSnapshot &snapshot) {
            return snapshot.waiting.has_value();
        }) != nullptr);
        world.locked([](twin::GroupTwin &twin) { twin.leave("billing"); });
        const auto done = world.until(JobState::Done);
        QVERIFY(done != nullptr);
        QVERIFY(done->applied->state == store::JournalState::Done);
    }

    void aRefusalSaysThatNothingWasSent()
    {
        JobWorld world;
        const Plan shown = world.planned(OffsetWorld::request(to::Earliest{}));
        world.locked([](twin::GroupTwin &twin) { twin.join("billing"); });
        world.job->apply(shown, yes, {});
        const auto refused = world.until(JobState::Refused);
        QVERIFY(refused != nullptr);
        QCOMPARE(refused->error->code, std::string("GROUP_NOT_EMPTY"));
        QVERIFY(refused->plan == shown);
    }

    void aJobThatGoesAwayWhileItPlansIsGoneAtOnce()
    {
        JobWorld world;
        world.locked([](twin::GroupTwin &twin) {
            twin.hook = only("describeCluster", 1, fate(twin::Fate::Kind::LostBefore));
        });
        world.job->plan(OffsetWorld::request(to::Earliest{}));
        QVERIFY(world.until(JobState::Planning) != nullptr);
        const MonoTime begun = monoNow();
        world.job.reset();
        QVERIFY(monoNow() - begun < Millis(1000)); // 200 ms, and a busy machine
    }

    void aJobThatGoesAwayInTheMiddleOfAWriteReadsItBack()
    {
        JobWorld world;
        const Plan shown = world.planned(OffsetWorld::request(to::Exact{Offset(20)}));
        std::mutex mutex;
        std::condition_variable sent;
        bool isSent = false;
        world.locked([&](twin::GroupTwin &twin) {
            twin.hook = [&](twin::GroupTwin &, const twin::TwinRequest &request) {
                if (request.name == "alterOffsets") {
                    const std::scoped_lock lock(mutex);
                    isSent = true;
                    sent.notify_all();
                }
                return twin::Fate{};
            };
        });
        world.job->apply(shown, yes, {});
        {
            std::unique_lock lock(mutex);
            QVERIFY(sent.wait_for(lock, longEnough, [&] { return isSent; }));
        }
        world.job.reset();
        const auto entry = **world.world.journal->entry("j1");
        QVERIFY(entry.state == store::JournalState::Done);
    }

    void afterATimeOutAFreshClientIsTaken()
    {
        JobWorld world;
        world.locked([](twin::GroupTwin &twin) {
            twin.hook = only("describeCluster", 1, fate(twin::Fate::Kind::LostBefore));
        });
        world.job->plan(OffsetWorld::request(to::Earliest{}));
        const auto failed = world.until(JobState::Failed);
        QVERIFY(failed != nullptr);
        QCOMPARE(failed->error->code, std::string("_TIMED_OUT"));
        world.planned(OffsetWorld::request(to::Earliest{}));
        QCOMPARE(world.locked([](twin::GroupTwin &twin) { return twin.opened; }), std::size_t{3});
    }
};

QTEST_GUILESS_MAIN(JobsTest)
#include "tst_jobs.moc"
