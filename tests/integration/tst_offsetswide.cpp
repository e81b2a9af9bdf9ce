#include "core/offsets/planfile.h"
#include "tests/integration/kafkatext.h"
#include "tests/integration/offsetschild.h"
#include "tests/integration/offsetsdesk.h"
#include "tests/integration/offsetsworld.h"
#include "tests/integration/roundtrips.h"
#include "tests/integration/throughproxy.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace redrive;
using namespace redrive::testworld;
using testproxy::Proxy;
using At = Proxy::Passing::At;
using store::JournalOutcome;

namespace {

constexpr int partitions = 1000;
constexpr int offsetCommit = 8;
constexpr int offsetFetch = 9;
/// Of each answer: far longer than anybody thinks between an answer and the next request, so that
/// what is only sent meanwhile is not taken for what follows.
constexpr Millis latency{250};

/// One partition in five has no commit; the others have all that a commit can have.
offsets::CommitTable before()
{
    offsets::CommitTable table;
    for (int i = 0; i < partitions; ++i) {
        if (i % 5 != 0)
            table[{"wide", i}] = {.offset = Offset(1 + i % 2),
                                  .leaderEpoch = i % 3 == 0 ? std::nullopt : std::optional(0),
                                  .metadata = i % 4 == 0 ? "" : "step " + std::to_string(i)};
    }
    return table;
}

/// Where a process that moves a group is killed.
struct Instant
{
    QString name;
    QString place = {};                         ///< a fail point of apply(), in that process itself
    std::optional<At> at = {};                  ///< or when this passes the proxy …
    int apiKey = 0;                             ///< … of such a request,
    bool afterWrite = false;                    ///< once it has written
    std::optional<int> milliseconds = {};       ///< or so long after it began
    std::optional<JournalOutcome> outcome = {}; ///< none: either, but all rows the same
};

std::vector<Instant> instants()
{
    std::vector<Instant> list{
        {.name = "begun", .place = "begun", .outcome = JournalOutcome::NotApplied},
        {.name = "sent", .at = At::Request, .apiKey = offsetCommit},
        {.name = "answered",
         .at = At::Answer,
         .apiKey = offsetCommit,
         .outcome = JournalOutcome::Confirmed},
        {.name = "written", .place = "written", .outcome = JournalOutcome::Confirmed},
        {.name = "reading",
         .at = At::Request,
         .apiKey = offsetFetch,
         .afterWrite = true,
         .outcome = JournalOutcome::Confirmed},
        {.name = "read", .place = "read back", .outcome = JournalOutcome::Confirmed},
    };
    std::mt19937 random(std::random_device{}());
    for (int i = 0; i < 3; ++i) {
        const int after = std::uniform_int_distribution(0, 150)(random);
        list.push_back(
            {.name = QString("after-%1-ms-%2").arg(after).arg(i), .milliseconds = after});
    }
    return list;
}

} // namespace

/// What 1,000 partitions in one go bring with them: a process that is killed in the middle, and how
/// often one has to wait for a broker.
class TestOffsetsWide : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aMoveByTimeTakesAtMostEightRoundTripsInSequence();
    void redrivectlOpensTheConnectionWithFourMore();
    void aMoveIsKilledAtAnyInstant();
    void whatTheJournalSettlesIsWhatKafkasToolSays();
    void undoRestoresEverythingExactly();
    void twoWritersThatAreKilledOrNotMakeOneChain();
    void cleanupTestCase();

private:
    void killAt(const Instant &instant);
    OffsetMap byKafkasTool(const QString &group) const;

    std::unique_ptr<OffsetsWorld> m_world;
    std::unique_ptr<OffsetsDesk> m_desk;
    WallTime m_before{}; ///< all records
    std::vector<Instant> m_instants = instants();
    std::map<QString, store::JournalEntry> m_left; ///< by instant: what the dead left
};

void TestOffsetsWide::initTestCase()
{
    m_world = std::make_unique<OffsetsWorld>();
    m_world->admin.createTopic("wide", partitions);
    m_before = wallNow();
    for (int i = 0; i < partitions; ++i) {
        m_world->producer.send("wide", i, "first");
        m_world->producer.send("wide", i, "second");
        if (i % 50 == 49) // a broker that makes 1,000 files at once takes its time
            m_world->producer.flush();
    }
    m_desk = std::make_unique<OffsetsDesk>(m_world->kafka.bootstrap(), m_world->path("data"));
}

void TestOffsetsWide::cleanupTestCase()
{
    m_desk.reset();
    m_world.reset();
}

void TestOffsetsWide::aMoveByTimeTakesAtMostEightRoundTripsInSequence()
{
    const std::string group = "travelled";
    m_desk->put(group, before());
    Proxy proxy(m_world->kafka.port());
    proxy.setLatency(latency);
    OffsetsDesk desk(m_world->kafka.bootstrap(), m_world->path("data"), proxy.port());
    const RoundTrips trips(proxy);
    const auto applied = desk.apply(desk.plan(group, "wide", offsets::to::Time{m_before}));
    qInfo("%s", trips.inWords().c_str());
    QCOMPARE(inWords(applied), std::string("CONFIRMED, done"));
    QVERIFY2(trips.longest() <= 8, trips.inWords().c_str());
    const auto now = m_desk->committed(group);
    QCOMPARE(now.size(), std::size_t(partitions));
    QVERIFY(std::all_of(now.begin(), now.end(),
                        [](const auto &commit) { return commit.second.offset == Offset(0); }));
}

/// Four more open the connection: versions and brokers of the address that was given, versions and
/// cluster id of the broker itself.
void TestOffsetsWide::redrivectlOpensTheConnectionWithFourMore()
{
    m_desk->put("travelled", before());
    ThroughProxy through(m_world->kafka);
    testbroker::Redrivectl proxied({"--profile", "proxied"});
    for (const QString &variable : through.variables())
        proxied.setVariable(variable.section('=', 0, 0), variable.section('=', 1));
    proxied.setVariable("XDG_DATA_HOME", m_world->path("data"));
    through.proxy().setLatency(latency);
    const RoundTrips trips(through.proxy());
    const auto reset =
        proxied.json({"--yes", "offsets", "reset", "travelled", "--topic", "wide", "--to",
                      "time:" + QString::fromStdString(toRfc3339(m_before)), "--execute"});
    qInfo("%s", trips.inWords().c_str());
    VERIFY_EXIT(reset, 0);
    QCOMPARE(outcomesOf(reset.object).count("CONFIRMED"), partitions);
    QVERIFY2(trips.longest() <= 4 + 8, trips.inWords().c_str());
}

void TestOffsetsWide::killAt(const Instant &instant)
{
    const std::string group = "killed-" + instant.name.toStdString();
    m_desk->put(group, before());
    const QString file = m_world->path(instant.name + ".json");
    const auto plan = m_desk->plan(group, "wide", offsets::to::Earliest{});
    QVERIFY(offsets::savePlan(plan, file.toStdString()));

    Proxy proxy(m_world->kafka.port());
    OffsetsChild child({"apply", QString::fromStdString(m_world->kafka.bootstrap()),
                        QString::number(proxy.port()), m_world->path("data"), file, instant.place});
    child.waitUntilReady();
    bool hasWritten = false; // on the proxy's thread
    proxy.setWatch([&](const Proxy::Passing &passing) -> Proxy::Verdict {
        if (instant.at == passing.at && instant.apiKey == passing.apiKey &&
            hasWritten == instant.afterWrite)
            child.kill();
        hasWritten = hasWritten || (passing.at == At::Delivered && passing.apiKey == offsetCommit);
        return {};
    });
    child.go();
    if (instant.milliseconds)
        child.killAfter(*instant.milliseconds);
    const bool wasKilled = child.wasKilled();
    proxy.setWatch({});
    QVERIFY2(wasKilled || instant.milliseconds, group.c_str());

    auto left = m_desk->entries(group);
    // The first made what there was before.
    QVERIFY2(left.size() == 2 || (left.size() == 1 && instant.milliseconds), group.c_str());
    if (left.size() == 1)
        return;
    QVERIFY(left[0].state == store::JournalState::Begun || !wasKilled || instant.milliseconds);
    QCOMPARE(left[0].plan.value(), plan.hash);
    QCOMPARE(left[0].rows.size(), std::size_t(partitions));
    m_left[instant.name] = left[0];
}

void TestOffsetsWide::aMoveIsKilledAtAnyInstant()
{
    for (const Instant &instant : m_instants) {
        killAt(instant);
        if (QTest::currentTestFailed())
            return;
    }
    QVERIFY(m_left.size() >= 6);
}

OffsetMap TestOffsetsWide::byKafkasTool(const QString &group) const
{
    OffsetMap offsets;
    for (const auto &row : kafkatext::parseOffsets(
             m_world->kafka.mustTool({"consumer-groups", "--describe", "--group", group}))) {
        if (row.committed)
            offsets[{row.topic.toStdString(), row.partition}] = *row.committed;
    }
    return offsets;
}

void TestOffsetsWide::whatTheJournalSettlesIsWhatKafkasToolSays()
{
    for (const Instant &instant : m_instants) {
        const QString group = "killed-" + instant.name;
        const OffsetMap truth = byKafkasTool(group);
        const auto left = m_left.find(instant.name);
        if (left == m_left.end()) { // it had not begun
            QVERIFY(m_desk->committed(group.toStdString()) == before());
            continue;
        }
        const auto rows = m_desk->settled(left->second);
        OffsetMap told;
        for (const store::JournalRow &row : rows) {
            const bool isDone = row.outcome == JournalOutcome::Confirmed;
            if (const auto &offset = isDone ? row.requested : row.before)
                told[row.partition] = offset->value();
        }
        QVERIFY2(told == truth, group.toUtf8());
        const std::string outcomes = outcomesOf(rows);
        qInfo("%s: %s", group.toUtf8().constData(), outcomes.c_str());
        if (instant.outcome)
            QCOMPARE(outcomes, std::string(name(*instant.outcome)));
        else
            QVERIFY2(outcomes == "CONFIRMED" || outcomes == "NOT_APPLIED", outcomes.c_str());
    }
}

void TestOffsetsWide::undoRestoresEverythingExactly()
{
    for (const auto &[name, entry] : m_left) {
        const std::string group = "killed-" + name.toStdString();
        const bool isAsBefore = m_desk->committed(group) == before();
        QCOMPARE(inWords(m_desk->undo(entry)),
                 std::string(isAsBefore ? "NOTHING_TO_DO" : "CONFIRMED, done"));
        QVERIFY2(m_desk->committed(group) == before(), group.c_str());
    }
    std::map<QString, KafkasCommit> wanted;
    for (const auto &[partition, image] : before())
        wanted["wide/" + QString::number(partition.partition)] = {
            image.offset->value(), image.leaderEpoch.value_or(-1),
            QString::fromStdString(image.metadata)};
    QVERIFY(m_world->commitsInKafkasLog("killed-written") == wanted);
}

void TestOffsetsWide::twoWritersThatAreKilledOrNotMakeOneChain()
{
    const auto already = m_desk->journal().verify();
    QVERIFY(already && !already->brokenAt);
    const QString file = QString::fromStdString(m_desk->journalFile().string());
    {
        OffsetsChild ann({"audit", file, "ann", "50"});
        OffsetsChild bob({"audit", file, "bob", "50"});
        OffsetsChild third({"audit", file, "eve", "1000000"});
        for (OffsetsChild *child : {&ann, &bob, &third})
            child->waitUntilReady();
        for (OffsetsChild *child : {&ann, &bob, &third})
            child->go();
        QVERIFY(!ann.wasKilled());
        QVERIFY(!bob.wasKilled());
        third.kill();
        QVERIFY(third.wasKilled());
    }
    const auto check = m_desk->journal().verify();
    QVERIFY(check);
    QVERIFY(!check->brokenAt);
    QVERIFY(check->lines >= already->lines + 100);
    const auto lines = m_desk->journal().audit(already->lines + 1, 1'000'000);
    for (const char *user : {"ann", "bob"}) {
        QCOMPARE(std::count_if(lines->begin(), lines->end(),
                               [&](const auto &line) { return line.entry.user == user; }),
                 50);
    }
    VERIFY_EXIT(m_world->ctl.json({"audit", "--verify"}), 0);
}

int main(int argc, char **argv)
{
    if (const auto exit = redrive::testworld::runAsChild(argc, argv))
        return *exit;
    QCoreApplication application(argc, argv);
    TestOffsetsWide test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_offsetswide.moc"
