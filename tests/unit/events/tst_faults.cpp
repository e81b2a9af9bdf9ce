#include "tests/unit/events/handlerworld.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::events;
using namespace std::string_literals;

namespace {

class Counting final : public consumer::Handler
{
public:
    std::string_view name() const override { return "counting"; }
    consumer::BatchResult process(std::span<const RecordView> records,
                                  consumer::Progress &progress) override
    {
        consumer::BatchResult result;
        while (result.done < records.size() && progress.begin(result.done))
            ++result.done;
        effects += result.done;
        return result;
    }
    std::size_t effects = 0;
};

FaultPlan parsed(const char *text)
{
    const auto plan = parseFaults(text);
    if (!plan)
        qFatal("%s", describe(plan.error()).c_str());
    return *plan;
}

Records many(int count)
{
    Records records("t");
    for (int number = 0; number < count; ++number)
        records.add("x");
    return records;
}

} // namespace

class FaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void faultsAreReadAndSaid()
    {
        const char *all = "fail:1/100,delay:50ms,throw:1/1000,crash:1/5000";
        const FaultPlan plan = parsed(all);
        QVERIFY(plan.fail == (Rate{1, 100}));
        QVERIFY(plan.throwing == (Rate{1, 1000}));
        QVERIFY(plan.crash == (Rate{1, 5000}));
        QVERIFY(plan.delay == Millis(50));
        QCOMPARE(describe(plan), std::string(all));
        QVERIFY(parsed("delay:2s").delay == Millis(2000));
    }

    void whatIsNoFaultIsRefused_data()
    {
        QTest::addColumn<QString>("text");
        for (const char *text : {"", "fail", "fail:", "fail:1", "fail:0/5", "fail:2/1", "fail:1/0",
                                 "fail:-1/5", "fail:1/5/6", "fail:1/5,", ",fail:1/5", "delay:50",
                                 "fail:1/5,fail:1/6", "explode:1/2", "fail: 1/5"})
            QTest::newRow(text) << text;
    }
    void whatIsNoFaultIsRefused()
    {
        QFETCH(QString, text);
        const auto refused = parseFaults(text.toStdString());
        QVERIFY(!refused);
        QVERIFY(refused.error().kind == Error::Kind::Usage);
        QVERIFY(refused.error().message.find("fail:1/100") != std::string::npos);
    }

    void withoutFaultsTheHandlerIsItself()
    {
        const auto inner = std::make_shared<Counting>();
        QVERIFY(withFaults(inner, {}, 1).get() == inner.get());
    }

    void oneRecordInNFailsAndThoseBeforeItHaveHadTheirEffect()
    {
        const auto inner = std::make_shared<Counting>();
        const auto handler = withFaults(inner, parsed("fail:1/10"), 7);
        std::size_t left = 20'000;
        std::size_t failed = 0;
        while (left > 0) {
            const Records records = many(static_cast<int>(std::min<std::size_t>(left, 500)));
            const auto result = World::run(*handler, records);
            QVERIFY(result.failure || result.done == records.views().size());
            if (result.failure) {
                ++failed;
                QVERIFY(result.failure->kind == consumer::Failure::Kind::Transient);
                QVERIFY(result.failure->stage == consumer::Stage::Process);
            }
            left -= result.done;
            QCOMPARE(inner->effects, 20'000 - left);
        }
        // Each record is rolled until it is good: 20,000 × 1/9 failures, sigma about 50.
        QVERIFY2(failed > 1950 && failed < 2500, std::to_string(failed).c_str());
    }

    void eachAttemptIsRolledAnew()
    {
        const auto handler = withFaults(std::make_shared<Counting>(), parsed("fail:1/2"), 7);
        const Records one = many(1);
        int good = 0;
        for (int attempt = 0; attempt < 200; ++attempt)
            good += World::run(*handler, one).failure ? 0 : 1;
        QVERIFY(good > 60 && good < 140);
    }

    void theSameSeedGivesTheSameFaults()
    {
        const Records records = many(300);
        const auto first = withFaults(std::make_shared<Counting>(), parsed("fail:1/100"), 5);
        const auto second = withFaults(std::make_shared<Counting>(), parsed("fail:1/100"), 5);
        for (int round = 0; round < 20; ++round)
            QCOMPARE(World::run(*first, records).done, World::run(*second, records).done);
    }

    void anExceptionIsThrownForTheRecordThatWasBegunLast()
    {
        const auto handler = withFaults(std::make_shared<Counting>(), parsed("throw:1/1"), 7);
        const Records records = many(3);
        Watch watch;
        QVERIFY_EXCEPTION_THROWN(handler->process(records.views(), watch), std::runtime_error);
        QCOMPARE(watch.begun, (std::vector<std::size_t>{0}));
    }

    void anExceptionLaterInABatchLosesNothingThatIsDone()
    {
        const auto inner = std::make_shared<Counting>();
        const auto handler = withFaults(inner, parsed("throw:1/20"), 7);
        std::size_t done = 0;
        int later = 0;
        for (int round = 0; round < 100; ++round) {
            try {
                const auto result = World::run(*handler, many(30));
                done += result.done;
                later += result.failure ? 1 : 0;
                if (result.failure)
                    QCOMPARE(result.failure->errorClass, "InjectedException"s);
            } catch (const std::runtime_error &) {
            }
        }
        QVERIFY(later > 0);
        QCOMPARE(done, inner->effects);
    }

    void aDelayComesBeforeEachEffectAndRecordsGoOneByOne()
    {
        const auto inner = std::make_shared<Counting>();
        std::vector<std::pair<Millis, std::size_t>> waits;
        const auto handler = withFaults(
            inner, parsed("delay:50ms"), 7,
            {.wait = [&](Millis time) { waits.emplace_back(time, inner->effects); }, .crash = {}});
        QCOMPARE(handler->batchLimit(), std::size_t{1});
        QCOMPARE(World::run(*handler, many(1)).done, std::size_t{1});
        QCOMPARE(World::run(*handler, many(1)).done, std::size_t{1});
        QCOMPARE(waits,
                 (std::vector<std::pair<Millis, std::size_t>>{{Millis(50), 0}, {Millis(50), 1}}));
    }

    void aCrashComesBeforeTheEffectIsWritten()
    {
        World world;
        world.settings.faults = parsed("crash:1/1");
        const pid_t child = ::fork();
        if (child == 0) {
            ::signal(SIGABRT, SIG_DFL); // the test framework's handler would tell a long story
            Records records("orders");
            records.add(orderJson("o-1", "e-1"));
            World::run(*world.make("orders"), records);
            ::_exit(0);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
        QCOMPARE(world.count("orders"), 0);
    }

    void aHandlerThatIsMadeHasTheFaultsThatWereAskedFor()
    {
        HandlerSettings settings;
        settings.faults = parsed("fail:1/1");
        const auto handler = makeHandler("inspect", settings);
        QVERIFY(bool(handler));
        QCOMPARE((*handler)->name(), std::string_view("inspect"));
        QVERIFY(World::run(**handler, many(1)).failure);
    }
};

QTEST_GUILESS_MAIN(FaultsTest)
#include "tst_faults.moc"
