#include "app/ctl/consumeoptions.h"
#include "app/ctl/quantities.h"

#include <QTest>

#include <functional>

using namespace redrive;
using namespace redrive::ctl;

Q_DECLARE_METATYPE(std::function<void(ConsumeOptions &)>)

namespace {

ConsumeOptions sound()
{
    ConsumeOptions options;
    options.group = "billing";
    options.topics = {"orders"};
    return options;
}

} // namespace

class TestConsumeOptions : public QObject
{
    Q_OBJECT

private slots:
    void theDefaultsAreThoseOfTheContract()
    {
        const auto request = readConsume(sound());
        QVERIFY(request);
        QCOMPARE(request->handler, std::string("inspect"));
        const auto &session = request->session;
        QVERIFY(session.commit ==
                (consumer::CommitStrategy{.kind = consumer::CommitStrategy::Kind::Every,
                                          .interval = Millis(1000)}));
        QCOMPARE(session.workers, 2U);
        QVERIFY(session.retry == (consumer::RetryPolicy{3, Millis(100), Millis(10'000)}));
        QVERIFY(session.reset == kafka::ResetPolicy::Earliest);
        QCOMPARE(session.dlqSuffix.value_or(""), std::string(".dlq"));
        QVERIFY(!session.dlqTopic && !session.untilEnd && !session.most && !session.reportEach);
        QVERIFY(session.onPoison == consumer::OnPoison::DeadLetter);
        QVERIFY(session.drain == Millis(10'000) && session.stuckAfter == Millis(60'000));
        QVERIFY(session.losesNoEvent);
        QVERIFY(request->handling.dedupe == events::Dedupe::ByEventId);
        QCOMPARE(request->handling.reading.maxValue, std::size_t(4194304));
        QVERIFY(!request->handling.reading.refuseUnknownFields);
        QVERIFY(!request->health && !request->otlp);
    }

    void everyOptionReachesItsPlace()
    {
        auto options = sound();
        options.topics = {"a,b", "c", "a"};
        options.handler = "orders";
        options.database = "/tmp/x.db";
        options.commit = "batch:10";
        options.reset = "error";
        options.workers = "7";
        options.order = "key";
        options.retries = "0";
        options.backoff = "5ms:1s";
        options.dlq = "topic:letters";
        options.onPoison = "skip";
        options.dedupe = "origin";
        options.fault = "fail:1/10";
        options.untilEnd = true;
        options.most = "12";
        options.drain = "0s";
        options.healthPort = "8080";
        options.healthAddress = "0.0.0.0";
        options.otlp = "http://localhost:4318";
        options.instanceId = "one";
        options.stuckAfter = "5s";
        options.unknownFields = "refuse";
        options.maxValue = "64KiB";
        options.events = "all";
        const auto request = readConsume(options);
        QVERIFY(request);
        const auto &session = request->session;
        QCOMPARE(session.topics, (std::vector<std::string>{"a", "b", "c"}));
        QCOMPARE(session.commit.count, 10U);
        QVERIFY(session.reset == kafka::ResetPolicy::Error);
        QVERIFY(session.ordering == consumer::Ordering::Key);
        QCOMPARE(session.retry.retries, 0U);
        QVERIFY(!session.dlqSuffix && session.dlqTopic == "letters");
        QVERIFY(session.untilEnd && session.most == 12U && session.reportEach);
        QVERIFY(request->health == (telemetry::HealthAddress{"0.0.0.0", 8080}));
        QVERIFY(request->handling.faults.fail);
        QVERIFY(request->handling.dedupe == events::Dedupe::ByOrigin);
        QCOMPARE(request->handling.reading.maxValue, std::size_t(65536));
        QVERIFY(session.instanceId == "one");
    }

    void noDeadLetterTopicIsNone()
    {
        auto options = sound();
        options.dlq = "none";
        const auto request = readConsume(options);
        QVERIFY(request && !request->session.dlqSuffix && !request->session.dlqTopic);
    }

    void whatMakesNoSenseIsAUsageErrorThatNamesTheOption_data()
    {
        using Change = std::function<void(ConsumeOptions &)>;
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("named");
        const auto row = [](const char *named, const char *title, Change change) {
            QTest::newRow(title) << change << QString(named);
        };
        row("--group", "no group", [](auto &o) { o.group = ""; });
        row("--topics", "empty topic", [](auto &o) { o.topics = {"a,,b"}; });
        row("--handler", "handler without db", [](auto &o) { o.handler = "audit"; });
        row("nosuch", "unknown handler", [](auto &o) { o.handler = "nosuch"; });
        row("--commit", "commit", [](auto &o) { o.commit = "often"; });
        row("--commit", "batch of none", [](auto &o) { o.commit = "batch:0"; });
        row("--reset", "reset", [](auto &o) { o.reset = "none"; });
        row("--workers", "no workers", [](auto &o) { o.workers = "0"; });
        row("workers", "too many workers", [](auto &o) { o.workers = "65"; });
        row("--order", "order", [](auto &o) { o.order = "none"; });
        row("--retries", "retries", [](auto &o) { o.retries = "-1"; });
        row("--backoff", "backoff alone", [](auto &o) { o.backoff = "1s"; });
        row("--backoff", "backoff upside down", [](auto &o) { o.backoff = "2s:1s"; });
        row("--backoff", "no backoff", [](auto &o) { o.backoff = "0s:1s"; });
        row("dead letters", "dlq is the source", [](auto &o) { o.dlq = ""; });
        row("dead letters", "dlq is a source", [](auto &o) { o.topics = {"orders,orders.dlq"}; });
        row("--dlq", "dlq of no name", [](auto &o) { o.dlq = "topic:"; });
        row("--on-poison", "on poison", [](auto &o) { o.onPoison = "retry"; });
        row("--dedupe", "dedupe", [](auto &o) { o.dedupe = "yes"; });
        row("--fault", "fault", [](auto &o) { o.fault = "fail:2/1"; });
        row("--max", "max", [](auto &o) { o.most = "0"; });
        row("--drain", "drain", [](auto &o) { o.drain = "soon"; });
        row("--health-port", "health port", [](auto &o) { o.healthPort = "70000"; });
        row("--health-address", "address alone", [](auto &o) { o.healthAddress = "::1"; });
        row("--otlp", "otlp", [](auto &o) { o.otlp = "localhost"; });
        row("--stuck-after", "stuck after", [](auto &o) { o.stuckAfter = "0s"; });
        row("--unknown-fields", "unknown fields", [](auto &o) { o.unknownFields = "keep"; });
        row("--max-value", "max value", [](auto &o) { o.maxValue = "4 MiB"; });
        row("--events", "events", [](auto &o) { o.events = "none"; });
        row("--db", "db", [](auto &o) { o.database = ""; });
        row("--instance-id", "instance id", [](auto &o) { o.instanceId = ""; });
    }
    void whatMakesNoSenseIsAUsageErrorThatNamesTheOption()
    {
        QFETCH(std::function<void(ConsumeOptions &)>, change);
        QFETCH(QString, named);
        auto options = sound();
        change(options);
        const auto request = readConsume(options);
        QVERIFY(!request);
        QVERIFY(request.error().kind == Error::Kind::Usage);
        if (named == "--handler")
            named = "--db";
        QVERIFY2(QString::fromStdString(request.error().message).contains(named),
                 request.error().message.c_str());
    }

    void sizesSharesAndRatesAreRead()
    {
        QCOMPARE(*parseSize("--s", "1"), 1U);
        QCOMPARE(*parseSize("--s", "4MiB"), 4194304U);
        QCOMPARE(*parseSize("--s", "2GiB"), 2147483648U);
        QCOMPARE(*parseSize("--s", "3kB"), 3000U);
        for (const char *bad : {"", "0", "-1", "4 MiB", "4mib", "99999999999GiB", "1.5MiB"})
            QVERIFY2(!parseSize("--s", bad), bad);
        QCOMPARE(*parseEvery("--b", "1/100"), 100U);
        QCOMPARE(*parseEvery("--b", "2/100"), 50U);
        for (const char *bad : {"", "1", "0/10", "1/0", "3/100", "2/1", "1/x"})
            QVERIFY2(!parseEvery("--b", bad), bad);
        QCOMPARE(*parseRate("--r", "100/s"), 100.0);
        QCOMPARE(*parseRate("--r", "30/m"), 0.5);
        QCOMPARE(*parseRate("--r", "5"), 5.0);
        for (const char *bad : {"", "0/s", "1/d", "x", "/s"})
            QVERIFY2(!parseRate("--r", bad), bad);
    }
};

QTEST_GUILESS_MAIN(TestConsumeOptions)
#include "tst_consumeoptions.moc"
