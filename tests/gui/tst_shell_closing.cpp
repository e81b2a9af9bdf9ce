// Closing never hangs, whatever a connection does.
#include "core/kafka/clusterclient.h"
#include "tests/gui/shellfixture.h"
#include "ui/bridge/background.h"

#include <condition_variable>
#include <mutex>

using namespace redrive;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

struct Gate
{
    std::mutex mutex;
    std::condition_variable changed;
    bool entered = false;
    bool open = false;

    void pass()
    {
        std::unique_lock lock(mutex);
        entered = true;
        changed.notify_all();
        changed.wait(lock, [this] { return open; });
    }
    void unlock()
    {
        const std::scoped_lock lock(mutex);
        open = true;
        changed.notify_all();
    }
    bool waitEntered()
    {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, std::chrono::seconds(5), [this] { return entered; });
    }
};

/// A client whose poll() does not return until the gate opens, as a stuck library would behave.
class StuckClient final : public kafka::ClusterClient
{
public:
    explicit StuckClient(std::shared_ptr<Gate> gate)
        : m_gate(std::move(gate))
    {
    }
    void describeCluster(Millis, Reply<Result<ClusterInfo>>) override {}
    void listGroups(Millis, Reply<Result<kafka::GroupListings>>) override {}
    void listUndescribable(std::vector<GroupId>, Millis,
                           Reply<Result<kafka::GroupListings>>) override
    {
    }
    void describeGroups(std::vector<GroupId>, Millis, Reply<std::vector<GroupDescription>>) override
    {
    }
    void committedOffsets(GroupId, Millis, Reply<GroupOffsets>) override {}
    void listOffsets(std::vector<TopicPartition>, kafka::OffsetSpec, kafka::Isolation, Millis,
                     Reply<OffsetTable>) override
    {
    }
    void listTopics(Millis, Reply<Result<std::vector<TopicInfo>>>) override {}
    void readTails(std::vector<kafka::TailQuery>, Millis, Reply<TailTable>) override {}
    bool poll(Millis) override
    {
        m_gate->pass();
        return false;
    }
    void wake() override {}
    std::optional<Trouble> takeTrouble() override { return std::nullopt; }

private:
    std::shared_ptr<Gate> m_gate;
};

} // namespace

class ClosingTest : public QObject
{
    Q_OBJECT
private slots:
    void aStuckSessionDoesNotHoldTheWindow()
    {
        const auto gate = std::make_shared<Gate>();
        ShellFixture fixture([gate](const auto &, const auto &, workspace::SessionOptions options) {
            return Result(std::make_unique<workspace::ClusterSession>(
                [gate]() -> Result<std::unique_ptr<kafka::ClusterClient>> {
                    return std::unique_ptr<kafka::ClusterClient>(
                        std::make_unique<StuckClient>(gate));
                },
                options, kafka::AccessPolicy{}));
        });
        fixture.showWindow();
        for (const char *name : {"one", "two", "three"}) {
            workspace::Profile profile;
            profile.name = name;
            profile.bootstrap = "localhost:1";
            fixture.window().openProfile(profile, false);
        }
        QCOMPARE(fixture.window().clusters().count(), 3);
        QVERIFY(gate->waitEntered());

        QElapsedTimer clock;
        clock.start();
        fixture.window().close();
        fixture.closeWindow();
        QVERIFY2(clock.elapsed() < 200, qPrintable(QString::number(clock.elapsed())));
        // main() would leave by _exit() now.
        QVERIFY(!ui::finishBackground(Millis(50)));
        gate->unlock();
        QVERIFY(ui::finishBackground(Millis(5000)));
    }
};

QTEST_MAIN(ClosingTest)
#include "tst_shell_closing.moc"
