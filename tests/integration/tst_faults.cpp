#include "tests/integration/watcher.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/broker/redrivectl.h"
#include "tests/support/clients/admin.h"
#include "tests/support/clients/producer.h"
#include "tests/support/proxy/proxy.h"

#include <QProcess>
#include <QTest>

#include <csignal>
#include <memory>

using namespace redrive;
using namespace std::chrono_literals;
using testworld::Watcher;
using workspace::Connection;

namespace {

constexpr int recoveryMs = 15'000;
constexpr int groupCount = 5;

workspace::SessionOptions quickOptions()
{
    workspace::SessionOptions options;
    options.interval = 500ms;
    options.focusInterval = 500ms;
    options.requestTimeout = 2s;
    return options;
}

} // namespace

/// A session, and redrivectl, while a real broker is killed, frozen, slow or cut off.
class TestFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aKilledBrokerLeavesTheLastValuesStaleAndComesBack();
    void aFrozenBrokerIsWaitedForWithANewHandle();
    void closingWhileABrokerIsFrozenDoesNotWait();
    void redrivectlEndsInTimeWhileABrokerIsFrozen();
    void aBrokerThatAppearsLaterIsFound();
    void aSlowClusterIsAskedLessOften();
    void noTwoRefreshesOfAKindAreUnderWayTogether();
    void packetsThatVanishAreNoticedAndOvercome();
    void connectionsThatAreCutAreMadeAgain();
    void answersCutInTheMiddleSpoilNothingAfterwards();
    void aPausedSessionAsksNothing();
    void cleanupTestCase();

private:
    kafka::ConnectionSettings direct() const;
    kafka::ConnectionSettings throughProxy() const;
    /// The lag that every group has, as the test wrote it.
    void checkValues(const Watcher &watcher) const;

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    testproxy::Proxy m_proxy;
};

void TestFaults::initTestCase()
{
    m_kafka = std::make_unique<testbroker::KafkaCluster>();
    m_proxy.setTarget(m_kafka->port());
    testclients::Admin admin(m_kafka->bootstrap());
    admin.createTopic("orders", 2);
    testclients::Producer(m_kafka->bootstrap()).sendAll({"orders", 0}, 50);
    for (int i = 0; i < groupCount; ++i)
        testclients::commitWithoutJoining(m_kafka->bootstrap(), "group-" + std::to_string(i),
                                          {{{"orders", 0}, 10 + i}});
}

void TestFaults::cleanupTestCase()
{
    m_kafka.reset();
    QVERIFY(kafka::finishDestruction(10s));
}

kafka::ConnectionSettings TestFaults::direct() const
{
    return {m_kafka->bootstrap(), {}, {}};
}

kafka::ConnectionSettings TestFaults::throughProxy() const
{
    return {m_kafka->bootstrap(),
            {},
            {{m_kafka->bootstrap(), "127.0.0.1:" + std::to_string(m_proxy.port())}}};
}

void TestFaults::checkValues(const Watcher &watcher) const
{
    for (int i = 0; i < groupCount; ++i) {
        const auto *group = watcher.group("group-" + std::to_string(i));
        QVERIFY(group != nullptr);
        QCOMPARE(group->totalLag.value_or(-1), std::int64_t(40 - i));
    }
}

void TestFaults::aKilledBrokerLeavesTheLastValuesStaleAndComesBack()
{
    Watcher watcher(direct(), quickOptions());
    watcher.session().setFocus(GroupId("group-1"));
    QVERIFY(watcher.untilRefreshed());
    QVERIFY(watcher.until([](const auto &shown) { return shown.focus != nullptr; }));
    checkValues(watcher);

    const WallTime killed = wallNow();
    m_kafka->kill();
    QVERIFY(watcher.untilConnection(Connection::Stale));
    checkValues(watcher);
    QVERIFY(watcher.shown()->focus != nullptr);
    QCOMPARE(watcher.shown()->focus->totalLag.value_or(-1), std::int64_t(39));
    QVERIFY(watcher.shown()->since <= killed + 500ms);
    QVERIFY(watcher.shown()->since >= killed - 10s);
    // First the connection breaks, then the next one is refused.
    const bool wasRefused = watcher.until([](const auto &shown) {
        return shown.connectionError &&
               shown.connectionError->message.find("refused") != std::string::npos;
    });
    QVERIFY2(wasRefused, watcher.connectionProblem().c_str());

    m_kafka->start();
    QVERIFY(watcher.untilConnection(Connection::Live, recoveryMs));
    QVERIFY(watcher.untilRefreshed(recoveryMs));
    checkValues(watcher);
    QVERIFY2(!watcher.shown()->connectionError, watcher.connectionProblem().c_str());
    QVERIFY(watcher.until([](const auto &shown) {
        return std::none_of(shown.problems.begin(), shown.problems.end(),
                            [](const auto &problem) { return problem.current; });
    }));
}

void TestFaults::aFrozenBrokerIsWaitedForWithANewHandle()
{
    Watcher watcher(direct(), quickOptions());
    QVERIFY(watcher.untilRefreshed());
    m_kafka->pause();
    QVERIFY(watcher.untilConnection(Connection::Stale));
    checkValues(watcher);
    QVERIFY(watcher.until([](const auto &shown) { return shown.handlesReplaced > 0; }, 30'000));
    checkValues(watcher);
    QCOMPARE(watcher.shown()->connection, Connection::Stale);
    m_kafka->resume();
    QVERIFY(watcher.untilConnection(Connection::Live, recoveryMs));
    QVERIFY(watcher.untilRefreshed(recoveryMs));
    checkValues(watcher);
}

void TestFaults::closingWhileABrokerIsFrozenDoesNotWait()
{
    Watcher watcher(direct(), quickOptions());
    watcher.session().setFocus(GroupId("group-0"));
    watcher.session().setTopicsWanted(true);
    QVERIFY(watcher.untilRefreshed());
    m_kafka->pause();
    const bool wentStale = watcher.untilConnection(Connection::Stale);
    const MonoTime begin = monoNow();
    watcher.close();
    const auto took = monoNow() - begin;
    m_kafka->resume();
    QVERIFY(wentStale);
    QVERIFY2(took < 1s, std::to_string(took / 1ms).c_str());
}

void TestFaults::redrivectlEndsInTimeWhileABrokerIsFrozen()
{
    const testbroker::Redrivectl ctl({"--bootstrap", QString::fromStdString(m_kafka->bootstrap())});
    QCOMPARE(ctl.json({"groups", "list"}).exitCode, 0);
    m_kafka->pause();
    const auto late = ctl.json({"--timeout", "3s", "groups", "list", "--lag"});
    QProcess waiting;
    waiting.setReadChannel(QProcess::StandardError);
    waiting.start(
        QStringLiteral(REDRIVE_BIN_DIR "/redrivectl"),
        {"-v", "--bootstrap", QString::fromStdString(m_kafka->bootstrap()), "groups", "list"});
    const bool started = waiting.waitForReadyRead(5000); // It says that it connects.
    ::kill(static_cast<pid_t>(waiting.processId()), SIGINT);
    const bool ended = waiting.waitForFinished(3000);
    m_kafka->resume();
    QVERIFY(started && ended);
    QCOMPARE(late.exitCode, 3);
    QVERIFY2(late.errorCode() != "", late.raw);
    QCOMPARE(waiting.exitStatus(), QProcess::NormalExit);
    QCOMPARE(waiting.exitCode(), 130);
}

void TestFaults::aBrokerThatAppearsLaterIsFound()
{
    m_kafka->kill();
    Watcher watcher(direct(), quickOptions());
    QVERIFY(watcher.until([](const auto &shown) { return shown.connectionError.has_value(); }));
    QCOMPARE(watcher.shown()->connection, Connection::Connecting);
    QVERIFY(watcher.shown()->groups == nullptr);
    m_kafka->start();
    QVERIFY(watcher.untilConnection(Connection::Live, recoveryMs));
    QVERIFY(watcher.untilRefreshed(recoveryMs));
    checkValues(watcher);
}

void TestFaults::aSlowClusterIsAskedLessOften()
{
    Watcher watcher(throughProxy(), quickOptions());
    QVERIFY(watcher.untilRefreshed());
    QVERIFY(!watcher.shown()->slowed);
    m_proxy.setLatency(1s);
    QVERIFY(watcher.until([](const auto &shown) { return shown.slowed; }));
    QVERIFY(watcher.shown()->interval > 1s);
    QCOMPARE(watcher.shown()->connection, Connection::Live);
    checkValues(watcher);
    m_proxy.setLatency(0ms);
    QVERIFY(watcher.until([](const auto &shown) { return !shown.slowed; }));
    QCOMPARE(watcher.shown()->interval, quickOptions().interval);
}

void TestFaults::noTwoRefreshesOfAKindAreUnderWayTogether()
{
    constexpr int offsetFetch = 9;
    constexpr int listOffsets = 2;
    constexpr int listGroups = 16;
    auto options = quickOptions();
    options.interval = 100ms;
    Watcher watcher(throughProxy(), options);
    QVERIFY(watcher.untilRefreshed());
    m_proxy.clearTraffic();
    m_proxy.setLatency(400ms);
    for (int i = 0; i < 3; ++i) {
        watcher.session().refreshNow(); // Impatience starts no second one either.
        QVERIFY(watcher.untilRefreshed());
    }
    m_proxy.setLatency(0ms);
    const auto most = m_proxy.traffic().mostAtOnce;
    // refreshNow() also asks for the groups of other types, by a listing of its own.
    QVERIFY2(most.at(listGroups) <= 2, std::to_string(most.at(listGroups)).c_str());
    QVERIFY2(most.at(offsetFetch) <= groupCount, std::to_string(most.at(offsetFetch)).c_str());
    QCOMPARE(most.at(listOffsets), 1);
}

void TestFaults::packetsThatVanishAreNoticedAndOvercome()
{
    Watcher watcher(throughProxy(), quickOptions());
    QVERIFY(watcher.untilRefreshed());
    m_proxy.setBlackhole(true);
    QVERIFY(watcher.untilConnection(Connection::Stale));
    checkValues(watcher);
    m_proxy.setBlackhole(false);
    QVERIFY(watcher.untilConnection(Connection::Live, recoveryMs));
    QVERIFY(watcher.untilRefreshed(recoveryMs));
    checkValues(watcher);
}

void TestFaults::connectionsThatAreCutAreMadeAgain()
{
    Watcher watcher(throughProxy(), quickOptions());
    QVERIFY(watcher.untilRefreshed());
    const int before = m_proxy.traffic().connections;
    m_proxy.cutAll();
    QTRY_VERIFY_WITH_TIMEOUT(m_proxy.traffic().connections > before, recoveryMs);
    QVERIFY(watcher.untilRefreshed(recoveryMs));
    checkValues(watcher);
}

void TestFaults::answersCutInTheMiddleSpoilNothingAfterwards()
{
    m_proxy.resetAfter(900);
    Watcher watcher(throughProxy(), quickOptions());
    const int before = m_proxy.traffic().connections;
    QTRY_VERIFY_WITH_TIMEOUT(m_proxy.traffic().connections >= before + 3, 20'000);
    m_proxy.resetAfter(0);
    QVERIFY(watcher.untilRefreshed(recoveryMs));
    checkValues(watcher);
}

void TestFaults::aPausedSessionAsksNothing()
{
    Watcher watcher(throughProxy(), quickOptions());
    QVERIFY(watcher.untilRefreshed());
    watcher.session().setPaused(true);
    QVERIFY(watcher.until([](const auto &shown) { return shown.paused; }));
    const auto sum = [&] {
        int all = 0;
        for (const auto &[key, count] : m_proxy.traffic().requests)
            all += count;
        return all;
    };
    watcher.session().refreshNow(); // By hand it still refreshes, once.
    QVERIFY(watcher.untilRefreshed());
    const int before = sum();
    QVERIFY(!watcher.until([&](const auto &) { return sum() > before + 2; }, 2000));
    watcher.session().setPaused(false);
    QVERIFY(watcher.untilRefreshed());
}

QTEST_GUILESS_MAIN(TestFaults)
#include "tst_faults.moc"
