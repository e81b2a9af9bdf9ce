#include "tests/integration/streamworld.h"
#include "tests/support/broker/program.h"
#include "tests/support/proxy/listen.h"
#include "tests/unit/telemetry/collector.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <set>
#include <sys/socket.h>
#include <unistd.h>

using namespace redrive;
using namespace redrive::testworld;
using testclients::Message;

namespace {

struct Page
{
    int status = 0;
    QByteArray text;
};

Page get(int port, const QByteArray &path)
{
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = testproxy::loopback(port);
    QByteArray answer;
    const QByteArray request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    if (connect(client, testproxy::generic(address), sizeof address) == 0 &&
        send(client, request.data(), static_cast<std::size_t>(request.size()), MSG_NOSIGNAL) > 0) {
        std::array<char, 4096> bytes{};
        for (ssize_t count = 1; count > 0; answer.append(bytes.data(), std::max<ssize_t>(0, count)))
            count = recv(client, bytes.data(), bytes.size(), 0);
    }
    close(client);
    return {answer.split(' ').value(1).toInt(), answer.mid(answer.indexOf("\r\n\r\n") + 4)};
}

/// The port that `--health-port 0` found, once it is told.
int healthPort(const Consumer &consumer)
{
    static const QRegularExpression told("health on http://127\\.0\\.0\\.1:(\\d+)");
    return told.match(QString::fromUtf8(consumer.errors())).captured(1).toInt();
}

/// The sum of the counters whose name has this word in it.
int counted(int port, const char *word)
{
    static const QRegularExpression sample("^(redrive_\\w+_total)\\{?[^}]*\\}? (\\d+)$",
                                           QRegularExpression::MultilineOption);
    int sum = 0;
    const QString text = QString::fromUtf8(get(port, "/metrics").text);
    for (auto match = sample.globalMatch(text); match.hasNext();) {
        const auto found = match.next();
        if (found.captured(1).contains(word))
            sum += found.captured(2).toInt();
    }
    return sum;
}

QString attribute(const QJsonObject &span, const QString &key)
{
    for (const QJsonValue entry : span["attributes"].toArray()) {
        if (entry["key"].toString() == key)
            return entry["value"].toObject().begin()->toVariant().toString();
    }
    return {};
}

} // namespace

/// How `redrivectl consume` ends, and what it tells probes and collectors while it runs.
class TestConsumeLife : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_world = std::make_unique<StreamWorld>(); }
    void aSignalFinishesWhatIsUnderWayCommitsAndLeaves();
    void aSecondSignalEndsItAtOnce();
    void whatDoesNotDrainInTimeIsNotCommitted();
    void aLostStdoutStopsItInOrder();
    void probesAndMetricsTellHowItGoes();
    void aRecordThatTakesTooLongIsNamedByReadyz();
    void aPortInUseIsRefusedBeforeAnythingBegins();
    void spansReachTheCollectorBeforeItExits();
    void anAbsentCollectorCostsNothing();
    void liveTellsEachEventAsItComes();
    void cleanupTestCase() { m_world.reset(); }

private:
    std::unique_ptr<StreamWorld> m_world;
};

void TestConsumeLife::aSignalFinishesWhatIsUnderWayCommitsAndLeaves()
{
    m_world->make("drained", 1);
    m_world->fill("drained", 200, 1);
    const QString file = m_world->file("drained.db");
    Consumer consumer(m_world->arguments(
        "drained-g", "drained",
        {"--handler", "orders", "--db", file, "--commit", "sync", "--fault", "delay:50ms"}));
    QVERIFY(consumer.until("committed"));
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode(), std::optional<int>(0));
    const auto stopped = consumer.events().back();
    QCOMPARE(stopped["event"].toString(), QString("stopped"));
    QCOMPARE(stopped["reason"].toString(), QString("signal"));
    const int processed = stopped["processed"].toInt();
    QVERIFY(processed > 0 && processed < 200);
    QCOMPARE(sql(file, "SELECT count(*) FROM orders"), QStringList{QString::number(processed)});
    QCOMPARE(m_world->committed("drained-g"), (QMap<int, qint64>{{0, processed}}));
}

void TestConsumeLife::aSecondSignalEndsItAtOnce()
{
    m_world->make("twice", 1);
    m_world->fill("twice", 1, 1);
    Consumer consumer(
        m_world->arguments("twice-g", "twice", {"--fault", "delay:60s", "--drain", "60s"}));
    QVERIFY(consumer.until("assigned"));
    consumer.signal(SIGTERM);
    consumer.signal(SIGINT);
    const auto exit = consumer.exitCode(5000);
    QVERIFY(exit == 130 || exit == 143);
}

void TestConsumeLife::whatDoesNotDrainInTimeIsNotCommitted()
{
    m_world->make("stubborn", 1);
    m_world->fill("stubborn", 1, 1);
    Consumer consumer(
        m_world->arguments("stubborn-g", "stubborn",
                           {"--fault", "delay:60s", "--drain", "200ms", "--health-port", "0"}));
    QVERIFY(consumer.until("assigned"));
    QTRY_COMPARE(counted(healthPort(consumer), "received"), 1);
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode(15'000), std::optional<int>(1));
    QVERIFY(consumer.hasSaid("error", withCode("DRAIN_LIMIT")));
    QCOMPARE(m_world->committed("stubborn-g").value(0, -1), -1);
}

void TestConsumeLife::aLostStdoutStopsItInOrder()
{
    m_world->make("piped");
    m_world->fill("piped", 300);
    const auto ended = testbroker::runProgram(
        "bash", QStringList{"-c", "\"$@\" | head -n 2 > /dev/null; echo ${PIPESTATUS[0]}", "bash",
                            redrivectl()} +
                    m_world->arguments("piped-g", "piped", {"--events", "all"}));
    QCOMPARE(ended.out.trimmed(), QByteArray("1"));
    QVERIFY2(ended.err.contains("stopped in order"), ended.err);
    QVERIFY(ended.milliseconds < 20'000);
    // What was processed is committed, and nobody is in the group any more.
    const auto offsets = m_world->committed("piped-g");
    QVERIFY(!offsets.isEmpty());
    QVERIFY(!m_world->kafka
                 .mustTool({"consumer-groups", "--describe", "--members", "--group", "piped-g"})
                 .contains("redrive-"));
}

void TestConsumeLife::probesAndMetricsTellHowItGoes()
{
    m_world->make("probed");
    m_world->fill("probed", 30);
    m_world->producer.send("probed", 0, "rubbish");
    m_world->producer.flush();
    Consumer consumer(m_world->arguments("probed-g", "probed",
                                         {"--handler", "orders", "--db", m_world->file("probed.db"),
                                          "--health-port", "0", "--commit", "every:100ms"}));
    QTRY_VERIFY(healthPort(consumer) > 0);
    const int port = healthPort(consumer);
    QTRY_COMPARE(get(port, "/livez").status, 200);
    QVERIFY(consumer.until("dead_lettered"));
    QTRY_COMPARE(get(port, "/readyz").status, 200);
    QCOMPARE(get(port, "/").status, 404);
    QTRY_COMPARE(counted(port, "processed"), 30);
    QTRY_COMPARE(counted(port, "dead_letter"), 1);
    consumer.signal(SIGTERM);
    QCOMPARE(consumer.exitCode(), std::optional<int>(0));
}

void TestConsumeLife::aRecordThatTakesTooLongIsNamedByReadyz()
{
    m_world->make("stuck", 1);
    m_world->fill("stuck", 1, 1);
    Consumer consumer(m_world->arguments(
        "stuck-g", "stuck",
        {"--fault", "delay:60s", "--drain", "0s", "--health-port", "0", "--stuck-after", "300ms"}));
    QTRY_VERIFY(healthPort(consumer) > 0);
    const int port = healthPort(consumer);
    QTRY_VERIFY_WITH_TIMEOUT(get(port, "/readyz").text.contains("topic stuck partition 0 offset 0"),
                             20'000);
    QCOMPARE(get(port, "/readyz").status, 503);
    QCOMPARE(get(port, "/livez").status, 200);
}

void TestConsumeLife::aPortInUseIsRefusedBeforeAnythingBegins()
{
    const auto taken = testproxy::listenOnLoopback();
    Consumer consumer(
        m_world->arguments("never-g", "probed", {"--health-port", QString::number(taken.port)}));
    QCOMPARE(consumer.exitCode(), std::optional<int>(1));
    close(taken.descriptor);
    QVERIFY2(consumer.errors().contains(QByteArray::number(taken.port)), consumer.errors());
    QVERIFY(!m_world->kafka.mustTool({"consumer-groups", "--list"}).contains("never-g"));
}

void TestConsumeLife::spansReachTheCollectorBeforeItExits()
{
    const std::string trace = "0af7651916cd43dd8448eb211c80319c";
    const std::string parent = "00-" + trace + "-b7ad6b7169203331-01";
    m_world->make("traced", 1);
    m_world->producer.send(
        "traced", 0, Message{.key = {}, .value = order(1), .headers = {{"traceparent", parent}}});
    m_world->producer.send("traced", 0,
                           Message{.key = {},
                                   .value = "rubbish",
                                   .headers = {{"traceparent", parent}, {"tracestate", "a=b"}}});
    m_world->producer.flush();
    Collector collector;
    const auto consumer =
        m_world->run("traced-g", "traced",
                     {"--handler", "orders", "--db", m_world->file("traced.db"), "--until-end",
                      "--otlp", QString::fromStdString(collector.url())});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    QVERIFY(!collector.heads().isEmpty());
    QVERIFY(collector.heads().front().startsWith("POST /v1/traces "));
    std::multiset<QString> names;
    for (const auto &span : collector.spans()) {
        const QString name = span["name"].toString();
        names.insert(name);
        QCOMPARE(attribute(span, "messaging.system"), QString("kafka"));
        if (name == "process traced") {
            QCOMPARE(span["traceId"].toString().toStdString(), trace);
            QCOMPARE(span["kind"].toInt(), 5);
        }
        if (name == "send traced.dlq")
            QCOMPARE(span["links"][0]["traceId"].toString().toStdString(), trace);
    }
    QCOMPARE(names.count("process traced"), 2U);
    QCOMPARE(names.count("send traced.dlq"), 1U);
    QVERIFY(names.contains("poll traced"));
    QVERIFY(names.contains("commit traced"));
    const QString letter = m_world->read("traced.dlq", 1).value(0);
    QVERIFY2(letter.contains("traceparent:" + QString::fromStdString(parent) + ",tracestate:a=b"),
             letter.toUtf8());
}

void TestConsumeLife::anAbsentCollectorCostsNothing()
{
    const auto begun = m_world->run("untraced-g", "drained", {"--until-end"});
    QCOMPARE(begun->exitCode(), std::optional<int>(0));
    QElapsedTimer timer;
    timer.start();
    const auto consumer =
        m_world->run("untraced-g2", "drained", {"--until-end", "--otlp", "http://127.0.0.1:1"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    QCOMPARE(consumer->events().back()["processed"].toInt(), 200);
    QVERIFY(timer.elapsed() < 10'000);
}

void TestConsumeLife::liveTellsEachEventAsItComes()
{
    m_world->make("live", 1);
    m_world->producer.send(
        "live", 0,
        R"({"event_id":"e-1","event_type":"completed","task_id":"task-1","user_id":"u-7",)"
        R"("timestamp":"2026-11-21T10:00:00.000Z","task_data":{"title":"Water plants"}})");
    m_world->producer.flush();
    const auto consumer = m_world->run("live-g", "live", {"--handler", "live", "--until-end"});
    QCOMPARE(consumer->exitCode(), std::optional<int>(0));
    const auto updates = consumer->events("update");
    QCOMPARE(updates.size(), 1U);
    QCOMPARE(updates.front()["task_data"]["title"].toString(), QString("Water plants"));
    QCOMPARE(updates.front()["event_type"].toString(), QString("completed"));
    QCOMPARE(updates.front()["offset"].toInt(-1), 0);
}

QTEST_GUILESS_MAIN(TestConsumeLife)
#include "tst_consumelife.moc"
