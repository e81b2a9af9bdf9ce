#include "core/consumer/commitbook.h"
#include "core/consumer/tracker.h"

#include <QTest>

#include <random>
#include <set>
#include <vector>

using namespace redrive;
using namespace redrive::consumer;

namespace {

const TopicPartition p0{"orders", 0};

/// The tracker and the commit book, driven at random beside the simplest thing that could be right:
/// a set of offsets.
class Model
{
public:
    explicit Model(std::uint64_t seed, CommitStrategy strategy)
        : m_random(seed)
        , m_book(strategy)
    {
        assign();
    }

    void step()
    {
        switch (m_random() % 12) {
        case 0:
        case 1:
        case 2: deliver(); break;
        case 3:
        case 4:
        case 5:
        case 6: finishAny(); break;
        case 7: commit(); break;
        case 8: answer(true); break;
        case 9: answer(false); break;
        case 10: m_now += Millis(static_cast<int>(m_random() % 700)); break;
        case 11:
            if (m_random() % 8 == 0)
                crash();
            break;
        }
        check();
    }

    /// Everything that is taken gets finished and committed.
    void drain()
    {
        while (!m_taken.empty())
            finish(*m_taken.begin());
        for (int i = 0; i < 100; ++i) {
            answer(true);
            m_now += Millis(10'000);
            send(m_book.due(++m_request, m_now, true));
        }
        answer(true);
        QCOMPARE(m_brokers.value_or(0), firstUnfinished());
    }

private:
    std::int64_t pick(std::int64_t below)
    {
        return static_cast<std::int64_t>(m_random() % static_cast<std::uint64_t>(below));
    }

    void assign()
    {
        m_tracker = OffsetTracker{};
        m_taken.clear();
        m_sent.reset();
        m_next = m_brokers.value_or(0);
        m_received.clear();
        m_book.removed(p0);
        m_book.assigned(p0, m_brokers ? std::optional(Offset(*m_brokers)) : std::nullopt);
    }
    void deliver()
    {
        m_next += pick(3); // a gap now and then
        QVERIFY(m_tracker.received(m_next, 1, m_now));
        m_taken.insert(m_next);
        m_received.push_back(m_next);
        ++m_next;
    }
    void finishAny()
    {
        if (m_taken.empty())
            return;
        auto chosen = m_taken.begin();
        std::advance(chosen, pick(static_cast<std::int64_t>(m_taken.size())));
        finish(*chosen);
    }
    void finish(std::int64_t offset)
    {
        QVERIFY(m_tracker.finished(offset));
        QVERIFY(!m_tracker.finished(offset));
        m_taken.erase(offset);
        m_done.insert(offset);
        if (const auto prefix = m_tracker.prefix())
            m_book.finished(Position{p0, Offset(prefix->next), prefix->leaderEpoch}, 1, m_now);
    }
    void commit() { send(m_book.due(++m_request, m_now, m_random() % 4 == 0)); }
    void send(const std::vector<Position> &positions)
    {
        if (positions.empty())
            return;
        QVERIFY2(!m_sent, "one request at a time a partition");
        // The same again where nobody knows whether it was done.
        QVERIFY(positions.front().next.value() >= m_brokers.value_or(-1));
        m_sent = positions.front();
        m_sentAs = m_request;
    }
    void answer(bool good)
    {
        if (!m_sent)
            return;
        std::optional<Error> error;
        if (!good)
            error = Error{.kind = Error::Kind::Broker,
                          .code = "REQUEST_TIMED_OUT",
                          .message = {},
                          .attempted = {},
                          .retriable = true};
        // A time-out says nothing of whether it was done.
        if (good || m_random() % 2 == 0)
            m_brokers = m_sent->next.value();
        m_book.answered(m_sentAs, *m_sent, error, m_now);
        m_sent.reset();
    }
    /// The process dies: what was taken comes again from the broker's commit on.
    void crash()
    {
        for (const std::int64_t offset : m_received) {
            if (offset < m_brokers.value_or(0))
                QVERIFY2(m_done.contains(offset), "lost: committed, and never finished");
        }
        assign();
    }
    std::int64_t firstUnfinished() const
    {
        if (m_received.empty())
            return m_brokers.value_or(0);
        for (const std::int64_t offset : m_received) {
            if (m_taken.contains(offset))
                return offset;
        }
        return m_received.back() + 1;
    }
    void check()
    {
        if (m_brokers && !m_received.empty())
            QVERIFY2(*m_brokers <= firstUnfinished(), "I3: committed above an unfinished record");
        QCOMPARE(m_tracker.unfinished(), m_taken.size());
        const auto oldest = m_tracker.oldest();
        QCOMPARE(oldest.has_value(), !m_taken.empty());
        if (oldest)
            QCOMPARE(oldest->offset, *m_taken.begin());
    }

    std::mt19937_64 m_random;
    CommitBook m_book;
    OffsetTracker m_tracker;
    MonoTime m_now{std::chrono::hours(1)};
    std::int64_t m_next = 0;
    std::set<std::int64_t> m_taken;
    std::set<std::int64_t> m_done;
    std::vector<std::int64_t> m_received;
    std::optional<Position> m_sent;
    std::uint64_t m_sentAs = 0;
    std::uint64_t m_request = 0;
    std::optional<std::int64_t> m_brokers; ///< what the group coordinator holds
};

} // namespace

class ModelTest : public QObject
{
    Q_OBJECT
private slots:
    void whateverTheOrderNothingUnfinishedIsCommittedAndNothingFinishedIsForgotten_data()
    {
        using Kind = CommitStrategy::Kind;
        QTest::addColumn<int>("kind");
        QTest::newRow("sync") << static_cast<int>(Kind::Sync);
        QTest::newRow("async") << static_cast<int>(Kind::Async);
        QTest::newRow("batch") << static_cast<int>(Kind::Batch);
        QTest::newRow("every") << static_cast<int>(Kind::Every);
        QTest::newRow("auto") << static_cast<int>(Kind::Auto);
    }
    void whateverTheOrderNothingUnfinishedIsCommittedAndNothingFinishedIsForgotten()
    {
        QFETCH(int, kind);
        const CommitStrategy strategy{
            .kind = static_cast<CommitStrategy::Kind>(kind), .count = 3, .interval = Millis(500)};
        for (std::uint64_t seed = 1; seed <= 300; ++seed) {
            Model model(seed, strategy);
            for (int i = 0; i < 400; ++i) {
                model.step();
                if (QTest::currentTestFailed())
                    QFAIL(qPrintable(QStringLiteral("seed %1, step %2").arg(seed).arg(i)));
            }
            model.drain();
            if (QTest::currentTestFailed())
                QFAIL(qPrintable(QStringLiteral("seed %1").arg(seed)));
        }
    }

    void outOfOrderFinishesMoveThePrefixOnlyWhenTheGapCloses()
    {
        OffsetTracker tracker;
        for (const std::int64_t offset : {5, 6, 7})
            QVERIFY(tracker.received(offset, std::nullopt, {}));
        QVERIFY(tracker.finished(5));
        QCOMPARE(tracker.prefix()->next, std::int64_t(6));
        QVERIFY(tracker.finished(7));
        QCOMPARE(tracker.prefix()->next, std::int64_t(6));
        QVERIFY(tracker.finished(6));
        QCOMPARE(tracker.prefix()->next, std::int64_t(8));
    }

    void whatLiesBeforeAnEndThatWasReachedIsNoRecord()
    {
        OffsetTracker tracker;
        QVERIFY(tracker.received(3, 2, {}));
        tracker.endReached(9); // markers at 4 … 8
        QVERIFY(!tracker.prefix());
        QVERIFY(tracker.finished(3));
        QCOMPARE(tracker.prefix(), (OffsetTracker::Prefix{9, 2}));
        QVERIFY(!tracker.received(8, 2, {}));
    }

    void aCommitThatTheGroupDidNotTakeRestsAndIsNotForgotten()
    {
        CommitBook book({.kind = CommitStrategy::Kind::Sync});
        MonoTime now{};
        book.assigned(p0, Offset(0));
        book.finished({p0, Offset(5), std::nullopt}, 5, now);
        const auto refuse = [&](std::uint64_t request) {
            QCOMPARE(book.due(request, now, false).size(), std::size_t(1));
            const Error refusal{.kind = Error::Kind::Broker,
                                .code = "ILLEGAL_GENERATION",
                                .message = {},
                                .attempted = {},
                                .retriable = std::nullopt};
            book.answered(request, {p0, Offset(5), std::nullopt}, refusal, now);
            QVERIFY(!book.isAnythingPending());
            QVERIFY(book.due(request + 1, now, true).empty());
        };
        refuse(1);
        QVERIFY(book.nextDue() > now);
        now = *book.nextDue();
        refuse(3);
        book.tryAgain();
        QVERIFY(book.isPending(p0));
        refuse(5);
        book.finished({p0, Offset(6), std::nullopt}, 1, now);
        book.tryAgain();
        const auto last = book.due(7, now, false);
        QCOMPARE(last.size(), std::size_t(1));
        QCOMPARE(last.front().next, Offset(6));
        book.answered(7, last.front(), std::nullopt, now);
        QVERIFY(!book.nextDue());
        QCOMPARE(book.committed(p0), std::optional(Offset(6)));
    }

    void whatTheBrokerSaysOfACommitHasItsReaction_data()
    {
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<int>("reaction");
        const auto row = [](const char *code, CommitReaction reaction) {
            QTest::newRow(code) << QByteArray(code) << static_cast<int>(reaction);
        };
        row("_NO_OFFSET", CommitReaction::Done);
        row("ILLEGAL_GENERATION", CommitReaction::Drop);
        row("UNKNOWN_MEMBER_ID", CommitReaction::Drop);
        row("FENCED_MEMBER_EPOCH", CommitReaction::Drop);
        row("STALE_MEMBER_EPOCH", CommitReaction::Repeat);
        row("REBALANCE_IN_PROGRESS", CommitReaction::Repeat);
        row("COORDINATOR_LOAD_IN_PROGRESS", CommitReaction::Repeat);
        row("NOT_COORDINATOR", CommitReaction::Repeat);
        row("REQUEST_TIMED_OUT", CommitReaction::Repeat);
        row("_TRANSPORT", CommitReaction::Repeat);
        row("FENCED_INSTANCE_ID", CommitReaction::Stop);
        row("UNRELEASED_INSTANCE_ID", CommitReaction::Stop);
        row("GROUP_AUTHORIZATION_FAILED", CommitReaction::Stop);
        row("OFFSET_METADATA_TOO_LARGE", CommitReaction::WithoutMetadata);
    }
    void whatTheBrokerSaysOfACommitHasItsReaction()
    {
        QFETCH(QByteArray, code);
        QFETCH(int, reaction);
        const Error error{.kind = Error::Kind::Broker,
                          .code = code.toStdString(),
                          .message = {},
                          .attempted = {},
                          .retriable = std::nullopt};
        QCOMPARE(static_cast<int>(reactionTo(error)), reaction);
    }

    void aStrategyIsReadAndSaidAgain()
    {
        for (const char *text : {"auto", "sync", "async", "batch:100"})
            QCOMPARE(describe(*parseCommitStrategy(text)), std::string(text));
        QCOMPARE(parseCommitStrategy("every:2s")->interval, Millis(2000));
        for (const char *text : {"", "batch", "batch:0", "batch:x", "every:", "every:0s", "sync:1"})
            QVERIFY(!parseCommitStrategy(text));
    }
};

QTEST_GUILESS_MAIN(ModelTest)
#include "tst_model.moc"
