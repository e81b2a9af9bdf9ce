#include "core/offsets/planfile.h"
#include "tests/unit/offsets/planworld.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace redrive;
using namespace redrive::offsets;

namespace {

const std::string bytes("\0\xff\x7f", 3);

/// A plan with something in every field.
Plan fullPlan(const Target &target)
{
    Plan plan;
    plan.clusterId = "cluster";
    plan.group = GroupId("bill\"ing\n\xff");
    plan.state = GroupState::PreparingRebalance;
    plan.members = {{.memberId = "m",
                     .instanceId = "i",
                     .clientId = "c",
                     .host = "/10.0.0.5",
                     .assignment = {{"orders", 0}},
                     .target = std::vector<TopicPartition>{{"orders", 1}}},
                    {}};
    plan.create = true;
    plan.action = "reset";
    plan.target = target;
    plan.spec = specOf(target);
    plan.scope = {.topics = {{"orders", {0, 3}}, {"payments", {}}}, .allTopics = true};
    plan.created = noon;
    plan.topicIds = {{"orders", "id"}};
    plan.moving = {{"orders", 0}};
    plan.error = brokerError("_TIMED_OUT");
    PlanRow row;
    row.partition = {"orders", 0};
    row.current = {.offset = Offset(120), .leaderEpoch = 4, .metadata = bytes};
    row.target = {.offset = Offset(20), .leaderEpoch = 0, .metadata = "ö"};
    row.logStart = Offset(0);
    row.logEnd = Offset(150);
    row.again = 100;
    row.skipped = 0;
    row.lost = 0;
    row.firstTime = noon;
    row.lastTime = WallTime(Millis(std::numeric_limits<std::int64_t>::max()));
    row.next = kafka::RecordGlance{
        .offset = Offset(20), .time = noon, .key = "", .value = bytes, .valueSize = 70'000};
    row.notes = {"one", "two"};
    plan.rows = {row, {}};
    plan.rows[1].partition = {"orders", 3};
    plan.rows[1].error = Error{.kind = Error::Kind::Timeout,
                               .code = "_TIMED_OUT",
                               .message = "no answer",
                               .attempted = "asking",
                               .retriable = true};
    plan.hash = hashOf(plan);
    return plan;
}

const CommitTable table{{{"orders", 0}, {.offset = Offset(7), .leaderEpoch = 1, .metadata = bytes}},
                        {{"orders", 1}, CommitImage{}}};

const std::vector<Target> everyTarget{to::Earliest{},
                                      to::Latest{},
                                      to::Time{noon},
                                      to::Ago{Millis(900'000)},
                                      to::Shift{-100},
                                      to::LatestMinus{100},
                                      to::Exact{Offset(42)},
                                      to::Table{table, "elsewhere"},
                                      to::OtherGroup{GroupId("audit")},
                                      to::Delete{},
                                      to::Undo{"j17", table, {}, {{"orders", "id"}}}};

} // namespace

class TestPlanFiles : public QObject
{
    Q_OBJECT

private slots:
    void aPlanIsReadBackAsItWasWritten()
    {
        static_assert(std::variant_size_v<Target> == 11);
        QCOMPARE(everyTarget.size(), 11U);
        for (const Target &target : everyTarget) {
            const Plan plan = fullPlan(target);
            const auto read = planFromJson(toJson(plan));
            QVERIFY2(read, read ? "" : read.error().message.c_str());
            QVERIFY2(*read == plan, specOf(target).c_str());
        }
    }

    void aPlanThatWasMadeIsReadBackToo()
    {
        const Plan plan = makePlan(
            request(to::Exact{Offset(20)}, topic("orders")),
            factsOf("group Empty\norders/0 committed=120 end=150\norders/1 end=9\norders/2 end=50"),
            noon);
        const auto read = planFromJson(toJson(plan));
        QVERIFY(read);
        QVERIFY(*read == plan);
    }

    void theKeysAreThoseOfTheContract()
    {
        const auto json =
            QJsonDocument::fromJson(QByteArray::fromStdString(toJson(fullPlan(to::Earliest{}))))
                .object();
        for (const char *key :
             {"plan", "cluster_id", "group", "state", "spec", "created", "rows", "totals"})
            QVERIFY2(json.contains(key), key);
        QVERIFY(json["plan"].toString().startsWith("sha256:"));
        QCOMPARE(json["created"].toString(), "2026-11-21T10:00:00.000Z");
        const auto row = json["rows"].toArray().first().toObject();
        QCOMPARE(row["topic"].toString(), "orders");
        QCOMPARE(row["current"].toInt(), 120);
        QCOMPARE(row["target"].toInt(), 20);
        QCOMPARE(row["again"].toInt(), 100);
        QVERIFY(row["error"].isNull());
        const auto failed = json["rows"].toArray().last().toObject();
        QVERIFY(failed["current"].isNull() && failed["again"].isNull());
        QCOMPARE(failed["error"].toObject()["code"].toString(), "_TIMED_OUT");
        QCOMPARE(json["totals"].toObject()["errors"].toInt(), 1);
    }

    void aPlanThatWouldDoSomethingElseThanItsHashSaysIsRefused_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        const auto row = [](const char *title, const char *from, const char *into) {
            QTest::newRow(title) << QString::fromUtf8(from) << QString::fromUtf8(into);
        };
        row("target", R"("target": 20)", R"("target": 21)");
        row("a target taken away", R"("target": 20)", R"("target": null)");
        row("current", R"("current": 120)", R"("current": 119)");
        row("log start", R"("log_start": 0)", R"("log_start": 1)");
        row("epoch", R"("target_leader_epoch": 0)", R"("target_leader_epoch": 1)");
        row("metadata", R"("target_metadata": "ö")", R"("target_metadata": "o")");
        row("cluster", R"("cluster_id": "cluster")", R"("cluster_id": "other")");
        row("group", R"("group": {"base64": "YmlsbCJpbmcK/w=="})", R"("group": "b")");
        row("topic id", R"("id": "id")", R"("id": "di")");
        row("action", R"("action": "reset")", R"("action": "delete")");
        row("create", R"("create": true)", R"("create": false)");
        row("partition", R"("partition": 3, "current")", R"("partition": 4, "current")");
    }
    void aPlanThatWouldDoSomethingElseThanItsHashSaysIsRefused()
    {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QString json = QString::fromStdString(toJson(fullPlan(to::Earliest{})));
        QVERIFY2(json.contains(from), qPrintable(json));
        const auto read = planFromJson(json.replace(from, to).toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().code, "PLAN_CHANGED");
    }

    void anErrorTakenOutOfAPlanIsNoticed()
    {
        Plan plan = fullPlan(to::Earliest{});
        plan.rows[1].error.reset();
        const auto read = planFromJson(toJson(plan));
        QVERIFY(!read);
        QCOMPARE(read.error().code, "PLAN_CHANGED");
    }

    void whatMayGrowIsNotInTheHash()
    {
        const Plan plan = fullPlan(to::Earliest{});
        Plan later = plan;
        later.created += Millis(60'000);
        later.state = GroupState::Empty;
        later.members.clear();
        later.moving.clear();
        later.rows[0].logEnd = Offset(1000);
        later.rows[0].again.reset();
        later.rows[0].next.reset();
        later.rows[0].notes.clear();
        QCOMPARE(hashOf(later), plan.hash);
    }

    void nothingCanBeMovedFromOneFieldOfAHashToTheNext()
    {
        Plan one = fullPlan(to::Earliest{});
        Plan other = one;
        one.rows[0].current.metadata = "a";
        one.rows[0].target.metadata = "bc";
        other.rows[0].current.metadata = "ab";
        other.rows[0].target.metadata = "c";
        QVERIFY(hashOf(one) != hashOf(other));
        other = one;
        std::swap(other.rows[0].current, other.rows[0].target);
        QVERIFY(hashOf(one) != hashOf(other));
    }

    void whatIsNoPlanIsRefusedWithTheReason()
    {
        for (const auto &[text, why] : std::vector<std::pair<const char *, const char *>>{
                 {"", "no JSON"},
                 {"{", "no JSON"},
                 {"[]", "it is not an object"},
                 {"{}", "there is no plan"},
                 {R"({"plan": 7})", "plan is not a text"}}) {
            const auto read = planFromJson(text);
            QVERIFY(!read);
            QCOMPARE(read.error().code, "INVALID_PLAN");
            QVERIFY2(read.error().message.find(why) != std::string::npos,
                     read.error().message.c_str());
        }
        QString json = QString::fromStdString(toJson(fullPlan(to::Earliest{})));
        const auto read = planFromJson(
            json.replace(R"("partition": 3, "current")", R"("partition": 0, "current")")
                .toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().message,
                 "this is no plan: rows[1] is not in the order of partitions, each once");
    }

    void aPlanIsSavedAndLoaded()
    {
        QTemporaryDir place;
        const auto file = place.filePath("plan.json").toStdString();
        const Plan plan = fullPlan(to::Shift{-1});
        QVERIFY(savePlan(plan, file));
        const auto read = loadPlan(file);
        QVERIFY(read);
        QVERIFY(*read == plan);
        QVERIFY(!loadPlan(place.filePath("missing").toStdString()));
    }
};

QTEST_APPLESS_MAIN(TestPlanFiles)
#include "tst_planfiles.moc"
