#include "core/consumer/breaker.h"
#include "core/consumer/deadletter.h"
#include "core/consumer/latency.h"
#include "core/consumer/retry.h"

#include <QTest>

using namespace redrive;
using namespace redrive::consumer;

namespace {

Headers theirs;

RecordView record(Headers headers = {})
{
    theirs = std::move(headers);
    RecordView view;
    view.topic = "orders";
    view.partition = 4;
    view.offset = 1234;
    view.timestamp = 1'700'000'000'123;
    view.timestampType = TimestampType::CreateTime;
    view.key = "k";
    view.value = "";
    view.readHeaders = [](const void *) { return theirs; };
    return view;
}

DeathCertificate certificate(std::string message = "boom")
{
    const auto time = WallTime(Millis(1'700'000'100'000));
    return DeathCertificate{.group = GroupId("billing"),
                            .failure = Failure{.kind = Failure::Kind::Transient,
                                               .stage = Stage::Process,
                                               .errorClass = "Unlucky",
                                               .message = std::move(message)},
                            .attempts = 4,
                            .firstFailedAt = time,
                            .lastFailedAt = time + Millis(1500),
                            .eventId = "e-1"};
}

std::string text(const OutgoingRecord &letter, std::string_view name)
{
    const std::string *value = lastHeader(letter.headers, name);
    return value == nullptr ? "(none)" : *value;
}

std::size_t count(const OutgoingRecord &letter, std::string_view name)
{
    return static_cast<std::size_t>(
        std::count_if(letter.headers.begin(), letter.headers.end(),
                      [&](const Header &header) { return header.name == name; }));
}

} // namespace

class DeadLetterTest : public QObject
{
    Q_OBJECT
private slots:
    void saysWhereItCameFromAndWhatItDiedOf()
    {
        const auto letter = deadLetter(record(), "orders.dlq", certificate());
        QCOMPARE(letter.value, std::optional<std::string>("")); // empty is not null
        QCOMPARE(text(letter, "dlq.schema"), std::string("1"));
        QCOMPARE(text(letter, "dlq.origin.topic"), std::string("orders"));
        QCOMPARE(text(letter, "dlq.origin.partition"), std::string("4"));
        QCOMPARE(text(letter, "dlq.origin.offset"), std::string("1234"));
        QCOMPARE(text(letter, "dlq.origin.timestamp"), std::string("1700000000123"));
        QCOMPARE(text(letter, "dlq.origin.group"), std::string("billing"));
        QCOMPARE(text(letter, "dlq.error.class"), std::string("Unlucky"));
        QCOMPARE(text(letter, "dlq.error.message"), std::string("boom"));
        QCOMPARE(text(letter, "dlq.error.stage"), std::string("process"));
        QCOMPARE(text(letter, "dlq.error.retriable"), std::string("true"));
        QCOMPARE(text(letter, "dlq.attempts"), std::string("4"));
        QCOMPARE(text(letter, "dlq.first-failed-at"), std::string("2023-11-14T22:15:00.000Z"));
        QCOMPARE(text(letter, "dlq.last-failed-at"), std::string("2023-11-14T22:15:01.500Z"));
        QCOMPARE(text(letter, "dlq.event-id"), std::string("e-1"));
    }

    void withoutAnIdOfItsOwnItIsKnownByItsPlace()
    {
        auto anonymous = certificate();
        anonymous.eventId.clear();
        QCOMPARE(text(deadLetter(record(), "orders.dlq", anonymous), "dlq.event-id"),
                 std::string("orders:4:1234"));
    }

    void theSendersHeadersStayInOrderWithRepeatsAndNulls()
    {
        const Headers before{
            {"traceparent", "00-a"}, {"x", std::nullopt}, {"x", ""}, {"x", "\xff"}};
        const auto letter = deadLetter(record(before), "orders.dlq", certificate());
        QVERIFY(letter.headers.size() > before.size());
        QVERIFY(std::equal(before.begin(), before.end(), letter.headers.begin()));
    }

    void aSecondDeathKeepsTheFirstOriginAndAddsItsAttempts()
    {
        const Headers before{{"dlq.origin.topic", "payments"},   {"dlq.origin.partition", "1"},
                             {"dlq.origin.offset", "7"},         {"dlq.attempts", "4"},
                             {"dlq.error.message", "the first"}, {"dlq.first-failed-at", "then"}};
        const auto letter = deadLetter(record(before), "orders.dlq", certificate());
        QCOMPARE(text(letter, "dlq.origin.topic"), std::string("payments"));
        QCOMPARE(text(letter, "dlq.origin.offset"), std::string("7"));
        QCOMPARE(count(letter, "dlq.origin.timestamp"), std::size_t(0)); // not half of each
        QCOMPARE(text(letter, "dlq.attempts"), std::string("8"));
        QCOMPARE(text(letter, "dlq.first-failed-at"), std::string("then"));
        QCOMPARE(text(letter, "dlq.error.message"), std::string("boom"));
        QCOMPARE(count(letter, "dlq.error.message"), std::size_t(1));
    }

    void aLongMessageIsCutBetweenCharacters()
    {
        std::string message(1020, 'x');
        message += "äöüäöü";
        const auto letter = deadLetter(record(), "orders.dlq", certificate(message));
        const std::string kept = text(letter, "dlq.error.message");
        QVERIFY(kept.size() <= 1024);
        QVERIFY(kept.ends_with("…"));
        QCOMPARE(QString::fromUtf8(kept).toUtf8().toStdString(), kept);
    }

    void shrinkingTakesTheMessageAndNeverTheValue()
    {
        auto letter = deadLetter(record(), "orders.dlq", certificate(std::string(900, 'x')));
        QVERIFY(shrink(letter, 1));
        QVERIFY(text(letter, "dlq.error.message").size() <= 128);
        QVERIFY(shrink(letter, 2));
        QCOMPARE(text(letter, "dlq.error.message"), std::string("(none)"));
        QVERIFY(!shrink(letter, 3));
        QCOMPARE(letter.value, std::optional<std::string>(""));
    }

    void delaysGrowToTheCapWithJitterAndAreNeverZero()
    {
        const RetryPolicy policy{.retries = 9, .base = Millis(100), .cap = Millis(1000)};
        for (std::size_t attempt = 1; attempt < 9; ++attempt) {
            const auto limit = std::min<Millis::rep>(1000, 100LL << (attempt - 1));
            QCOMPARE(retryDelay(policy, attempt, 0).count(), limit / 2);
            QVERIFY(retryDelay(policy, attempt, 0.999).count() <= limit);
        }
        QVERIFY(retryDelay({.retries = 1, .base = Millis(1), .cap = Millis(1)}, 1, 0) > Millis(0));
    }

    void theBreakerOpensWhenMoreThanHalfOfAWindowFailsAndNotBefore()
    {
        Breaker breaker({.retries = 3, .base = Millis(100), .cap = Millis(1000)});
        const MonoTime now{std::chrono::hours(1)};
        for (std::size_t i = 0; i < Breaker::least - 1; ++i)
            QVERIFY(!breaker.failed("gone", now));
        QVERIFY(breaker.failed("gone", now));
        QVERIFY(!breaker.mayProbe(now));
        QVERIFY(breaker.mayProbe(now + Millis(1000)));
        breaker.succeeded();
        QVERIFY(!breaker.isOpen());

        for (int i = 0; i < 1000; ++i) {
            breaker.succeeded();
            QVERIFY2(!breaker.failed("every second one", now), "half is not more than half");
        }
    }

    void quantilesAreRightWithinAFifthAndForgetAfterAMinute()
    {
        LatencyWindow window;
        const MonoTime now{std::chrono::hours(1)};
        QVERIFY(!window.quantiles(now).p50);
        for (int i = 1; i <= 100; ++i)
            window.add(std::chrono::milliseconds(i), 1, now);
        const Latency latency = window.quantiles(now);
        QVERIFY(std::abs(*latency.p50 - 50) < 10);
        QVERIFY(std::abs(*latency.p99 - 99) < 20);
        QVERIFY(!window.quantiles(now + std::chrono::minutes(2)).p50);
    }
};

QTEST_GUILESS_MAIN(DeadLetterTest)
#include "tst_deadletter.moc"
