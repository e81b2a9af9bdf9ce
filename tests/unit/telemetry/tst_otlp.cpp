#include "core/telemetry/tracing.h"
#include "tests/unit/telemetry/collector.h"

#include <QElapsedTimer>
#include <QTest>

#include <dirent.h>
#include <fstream>
#include <string>

using namespace redrive;
using namespace redrive::telemetry;
using How = Collector::Reply::How;

namespace {

constexpr Millis patience{10'000};

OtlpOptions quick(const std::string &url)
{
    OtlpOptions options;
    options.url = url;
    options.interval = Millis(5);
    options.timeout = Millis(2000);
    options.backoff = Millis(1);
    options.backoffCap = Millis(20);
    return options;
}

std::shared_ptr<Tracer> open(OtlpOptions options)
{
    auto tracer = openOtlp(std::move(options));
    return tracer ? *tracer : nullptr;
}

Span named(const std::string &name)
{
    Span span;
    span.name = name;
    span.context = newContext(std::nullopt);
    return span;
}

void recordMany(Tracer &tracer, int count)
{
    for (int i = 0; i < count; ++i)
        tracer.record(named("span " + std::to_string(i)));
}

/// A port on which nobody listens.
std::string deserted()
{
    return Collector().url();
}

bool hasThread(const std::string &wanted)
{
    DIR *const tasks = opendir("/proc/self/task");
    bool found = false;
    while (const auto *const task = readdir(tasks)) {
        std::ifstream file(std::string("/proc/self/task/") + task->d_name + "/comm");
        std::string name;
        found = (std::getline(file, name) && name == wanted) || found;
    }
    closedir(tasks);
    return found;
}

} // namespace

class TestOtlp : public QObject
{
    Q_OBJECT
private slots:
    void everySpanArrivesOnceInOrder()
    {
        Collector collector;
        auto options = quick(collector.url("/base/"));
        options.batch = 100;
        const auto tracer = open(options);
        recordMany(*tracer, 1000);
        QVERIFY(tracer->flush(patience));
        const auto spans = collector.spans();
        QCOMPARE(spans.size(), 1000);
        for (int i = 0; i < spans.size(); ++i)
            QCOMPARE(spans[i]["name"].toString(), "span " + QString::number(i));
        QCOMPARE(tracer->exported(), 1000U);
        QCOMPARE(tracer->dropped(), 0U);
        const auto head = collector.heads().first();
        QVERIFY2(head.startsWith("POST /base/v1/traces HTTP/1.1\r\n"), head);
        QVERIFY(head.contains("Content-Type: application/json\r\n"));
        QVERIFY(hasThread("otlp"));
    }

    void spansGoWithoutBeingFlushed()
    {
        Collector collector;
        const auto tracer = open(quick(collector.url()));
        recordMany(*tracer, 3);
        QTRY_COMPARE(tracer->exported(), 3U);
    }

    void spansOfTracesThatAreNotSampledStayHere()
    {
        Collector collector;
        const auto tracer = open(quick(collector.url()));
        Span span = named("quiet");
        span.context.flags = 0;
        tracer->record(span);
        tracer->record(named("loud"));
        QVERIFY(tracer->flush(patience));
        QCOMPARE(collector.spans().size(), 1);
        QCOMPARE(tracer->dropped(), 0U);
    }

    void aCollectorThatIsBusyOrBreaksOffIsTriedAgain()
    {
        Collector collector;
        collector.answerWith({{.status = 503},
                              {.status = 429, .headers = "Retry-After: 0\r\n"},
                              {.status = 502},
                              {.how = How::HangUp},
                              {.status = 504}});
        const auto tracer = open(quick(collector.url()));
        recordMany(*tracer, 7);
        QTRY_COMPARE_WITH_TIMEOUT(tracer->exported(), 7U, 10'000);
        QCOMPARE(collector.requests(), 6);
        QCOMPARE(collector.spans().size(), 7);
        QCOMPARE(tracer->dropped(), 0U);
    }

    void retryAfterIsKeptTo()
    {
        Collector collector;
        collector.answerWith({{.status = 429, .headers = "Retry-After: 3600\r\n"}});
        auto options = quick(collector.url());
        options.backoffCap = Millis(300); // the longest that a collector can make us wait
        const auto tracer = open(options);
        QElapsedTimer clock;
        clock.start();
        recordMany(*tracer, 1);
        QTRY_COMPARE(tracer->exported(), 1U);
        QVERIFY(clock.elapsed() >= 300);
    }

    void aRefusedBatchIsDroppedAndTheNextOneGoes()
    {
        Collector collector;
        collector.answerWith({{.status = 400}});
        const auto tracer = open(quick(collector.url()));
        recordMany(*tracer, 2);
        QVERIFY(tracer->flush(patience));
        QCOMPARE(tracer->dropped(), 2U);
        recordMany(*tracer, 3);
        QVERIFY(tracer->flush(patience));
        QCOMPARE(tracer->exported(), 3U);
        QCOMPARE(collector.requests(), 2);
    }

    void spansThatACollectorRejectsAreCountedAsDropped()
    {
        Collector collector;
        collector.answerWith(
            {{.body = R"({"partialSuccess":{"rejectedSpans":"2","errorMessage":"old"}})"},
             {.body = R"({"partialSuccess":{"rejectedSpans":"999"}})"}});
        const auto tracer = open(quick(collector.url()));
        recordMany(*tracer, 5);
        QVERIFY(tracer->flush(patience));
        QCOMPARE(tracer->exported(), 3U);
        QCOMPARE(tracer->dropped(), 2U);
        recordMany(*tracer, 1);
        QVERIFY(tracer->flush(patience));
        QCOMPARE(tracer->exported(), 3U);
        QCOMPARE(tracer->dropped(), 3U);
    }

    void anAbsentCollectorCostsNothingButTheQueue()
    {
        auto options = quick(deserted());
        options.queueLimit = 50;
        const auto tracer = open(options);
        QElapsedTimer clock;
        clock.start();
        recordMany(*tracer, 100'000);
        QVERIFY(tracer->dropped() >= 99'950U);
        QVERIFY(!tracer->flush(Millis(60'000))); // nobody there: says so long before that
        QVERIFY2(clock.elapsed() < 10'000, qPrintable(QString::number(clock.elapsed())));
        QCOMPARE(tracer->exported(), 0U);
    }

    void aFlushDoesNotWaitForTheIntervalOrTheBackOff()
    {
        Collector collector;
        collector.answerWith({{.status = 503}});
        auto options = quick(collector.url());
        options.interval = Millis(60'000);
        options.backoff = Millis(60'000);
        options.backoffCap = Millis(60'000);
        const auto tracer = open(options);
        recordMany(*tracer, 1);
        QVERIFY(!tracer->flush(Millis(200))); // answered 503
        QCOMPARE(collector.requests(), 1);
        QVERIFY(tracer->flush(patience));
        QCOMPARE(tracer->exported(), 1U);
    }

    void aFlushEndsWhenItsTimeIsUp()
    {
        Collector collector;
        collector.answerWith({{.how = How::Hang}});
        const auto tracer = open(quick(collector.url()));
        recordMany(*tracer, 1);
        QElapsedTimer clock;
        clock.start();
        QVERIFY(!tracer->flush(Millis(100)));
        QVERIFY(clock.elapsed() < 1500);
    }

    void itEndsInTimeWithACollectorThatHangs()
    {
        Collector collector;
        collector.answerWith({{.how = How::Hang}});
        auto options = quick(collector.url());
        options.timeout = Millis(30'000);
        auto tracer = open(options);
        recordMany(*tracer, 1);
        QTRY_COMPARE(collector.requests(), 1);
        QElapsedTimer clock;
        clock.start();
        tracer.reset();
        QVERIFY2(clock.elapsed() < 5000, qPrintable(QString::number(clock.elapsed())));
        QTRY_VERIFY(!hasThread("otlp"));
    }

    void itEndsAtOnceWhileItWaitsToTryAgain()
    {
        Collector collector;
        collector.answerWith({{.status = 503}});
        auto options = quick(collector.url());
        options.backoff = Millis(60'000);
        options.backoffCap = Millis(60'000);
        auto tracer = open(options);
        recordMany(*tracer, 1);
        QTRY_COMPARE(collector.requests(), 1);
        QElapsedTimer clock;
        clock.start();
        tracer.reset();
        QVERIFY(clock.elapsed() < 2000);
    }

    void ofAnAnswerThatIsTooLongOnlyTheStatusCounts()
    {
        Collector collector;
        collector.answerWith({{.body = QByteArray(1 << 20, ' ')}});
        const auto tracer = open(quick(collector.url()));
        recordMany(*tracer, 1);
        QVERIFY(tracer->flush(patience));
        QCOMPARE(tracer->exported(), 1U);
        QCOMPARE(collector.requests(), 1);
    }

    void aServerWithoutTlsGetsNothingByHttps()
    {
        Collector collector; // speaks no TLS
        auto url = collector.url();
        url.replace(0, 4, "https");
        const auto tracer = open(quick(url));
        recordMany(*tracer, 1);
        QVERIFY(!tracer->flush(patience));
        QCOMPARE(tracer->exported(), 0U);
    }
};

QTEST_GUILESS_MAIN(TestOtlp)
#include "tst_otlp.moc"
