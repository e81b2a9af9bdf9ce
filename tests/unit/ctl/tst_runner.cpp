#include "app/ctl/exitcode.h"
#include "app/ctl/runner.h"

#include <QTest>

#include <deque>

using namespace redrive;
using namespace redrive::ctl;

namespace {

/// Answers nothing by itself; polling takes no time and hands out the troubles that it was given.
class SilentClient : public kafka::ClusterClient
{
public:
    explicit SilentClient(std::deque<Trouble> troubles)
        : m_troubles(std::move(troubles))
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
    bool poll(Millis) override { return false; }
    void wake() override {}
    std::optional<Trouble> takeTrouble() override
    {
        if (m_troubles.empty())
            return std::nullopt;
        Trouble next = m_troubles.front();
        m_troubles.pop_front();
        return next;
    }

private:
    std::deque<Trouble> m_troubles;
};

using Trouble = kafka::ClusterClient::Trouble;

Error refused()
{
    return Error{.kind = Error::Kind::Transport,
                 .code = "_TRANSPORT",
                 .message = "Connection refused",
                 .attempted = {},
                 .retriable = true};
}

Runner runnerWith(std::deque<Trouble> troubles, Millis timeout, Millis tolerance = Millis(0))
{
    return Runner(std::make_unique<SilentClient>(std::move(troubles)), "kafka-1:9092", timeout,
                  tolerance);
}

bool never()
{
    return false;
}

} // namespace

class TestRunner : public QObject
{
    Q_OBJECT

private slots:
    void whatIsAnsweredEndsTheWait()
    {
        Runner runner = runnerWith({}, Millis(60'000));
        Answer<int> answer;
        answer.slot()(42);
        QVERIFY(runner.waitFor(answer).hasValue());
        QCOMPARE(answer.value(), 42);
    }

    void noAnswerInTimeNamesTheAddressAndEndsWithThree()
    {
        Runner runner = runnerWith({}, Millis(5));
        const auto waited = runner.waitFor(never);
        QVERIFY(!waited);
        QCOMPARE(waited.error().code, std::string("_TIMED_OUT"));
        QVERIFY(waited.error().attempted.find("kafka-1:9092") != std::string::npos);
        QCOMPARE(exitCode(waited.error()), exitcode::unreachable);
    }

    void aHopelessTroubleIsNotWaitedOut()
    {
        Error error = refused();
        error.kind = Error::Kind::Authentication;
        error.code = "_AUTHENTICATION";
        Runner runner = runnerWith({{.error = error, .allBrokersDown = false, .hopeless = true}},
                                   Millis(60'000));
        const auto waited = runner.waitFor(never);
        QVERIFY(!waited);
        QCOMPARE(waited.error().code, std::string("_AUTHENTICATION"));
        QCOMPARE(exitCode(waited.error()), exitcode::unreachable);
    }

    void refusedByAllBrokersEndsEarlyInTheLibrarysWords()
    {
        Error down = refused();
        down.code = "_ALL_BROKERS_DOWN";
        down.message = "1/1 brokers are down";
        Runner runner =
            runnerWith({{.error = refused(), .allBrokersDown = false, .hopeless = false},
                        {.error = down, .allBrokersDown = true, .hopeless = false}},
                       Millis(60'000));
        const auto waited = runner.waitFor(never);
        QVERIFY(!waited);
        QCOMPARE(waited.error().message, std::string("Connection refused"));
        QCOMPARE(waited.error().attempted, std::string("connecting to kafka-1:9092"));
    }

    void brokersThatAreDownAWhileAreTolerated()
    {
        Runner runner =
            runnerWith({{.error = refused(), .allBrokersDown = true, .hopeless = false}},
                       Millis(60'000), Millis(60'000));
        int looks = 0;
        QVERIFY(runner.waitFor([&] { return ++looks > 5; }).hasValue());
    }

    void aClusterThatHasAnsweredIsNotGivenUpForABrokenConnection()
    {
        Runner runner = runnerWith({{.error = refused(), .allBrokersDown = true, .hopeless = true}},
                                   Millis(60'000));
        runner.noteAnswer();
        int looks = 0;
        QVERIFY(runner.waitFor([&] { return ++looks > 5; }).hasValue());
    }

    void aRequestsTimeoutIsExplainedByWhatTheConnectionSaid()
    {
        Runner runner = runnerWith(
            {{.error = refused(), .allBrokersDown = false, .hopeless = false}}, Millis(60'000));
        int looks = 0;
        QVERIFY(runner.waitFor([&] { return ++looks > 2; }).hasValue());
        const Error explained = runner.explain(Error{.kind = Error::Kind::Timeout,
                                                     .code = "_TIMED_OUT",
                                                     .message = "no answer in time",
                                                     .attempted = "listing groups",
                                                     .retriable = true});
        QCOMPARE(explained.code, std::string("_TRANSPORT"));
        QVERIFY(explained.attempted.find("kafka-1:9092") != std::string::npos);
    }

    void requestsEndBeforeTheCommandDoes()
    {
        Runner runner = runnerWith({}, Millis(8000));
        QVERIFY(runner.requestTimeout() <= Millis(4000));
        QVERIFY(runner.surveyOptions().timeout <= Millis(2000));
        QVERIFY(runner.surveyOptions().timeout > Millis(1000));
    }
};

QTEST_APPLESS_MAIN(TestRunner)
#include "tst_runner.moc"
