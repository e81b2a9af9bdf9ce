#include "app/ctl/changeshapes.h"
#include "app/ctl/changetables.h"
#include "app/ctl/exitcode.h"
#include "app/ctl/offsetsrun.h"
#include "core/offsets/planfile.h"

#include <QTest>

#include <cstdlib>

using namespace redrive;
using namespace redrive::ctl;
using store::JournalOutcome;
using store::JournalRow;

namespace {

std::vector<std::string> keysOf(const JsonValue &object)
{
    std::vector<std::string> keys;
    for (const auto &[key, value] : object.items())
        keys.push_back(key);
    return keys;
}

offsets::Plan planOf(std::vector<offsets::PlanRow> rows)
{
    offsets::Plan plan;
    plan.clusterId = "c";
    plan.group = GroupId("billing");
    plan.state = GroupState::Empty;
    plan.action = "reset";
    plan.spec = "earliest";
    plan.rows = std::move(rows);
    plan.hash = offsets::hashOf(plan);
    return plan;
}

offsets::PlanRow moved(std::int32_t partition, std::int64_t from, std::int64_t to)
{
    offsets::PlanRow row;
    row.partition = {"orders", partition};
    row.current.offset = Offset(from);
    row.target.offset = Offset(to);
    row.logStart = Offset(0);
    row.logEnd = Offset(150);
    row.again = from - to;
    row.skipped = 0;
    return row;
}

JournalRow outcome(std::int32_t partition, std::optional<JournalOutcome> came)
{
    return {.partition = {"orders", partition},
            .before = Offset(5),
            .requested = Offset(9),
            .after = came == JournalOutcome::Confirmed ? std::optional(Offset(9)) : std::nullopt,
            .outcome = came,
            .error = std::nullopt};
}

offsets::Applied appliedOf(std::vector<JournalRow> rows)
{
    offsets::Applied applied;
    applied.journal = "j3";
    applied.group = GroupId("billing");
    applied.rows = std::move(rows);
    return applied;
}

QString blockOf(const offsets::Plan &plan)
{
    return QString::fromStdString(planBlock(plan, {}));
}

int exitAfter(const offsets::Applied &applied)
{
    Console console;
    const GlobalOptions options;
    Context context{.console = console, .options = options, .settings = {}};
    return showOutcome(context, applied);
}

} // namespace

class TestChanges : public QObject
{
    Q_OBJECT

private slots:
    void everyShapeHasTheKeysThatItsCsvNames()
    {
        QCOMPARE(keysOf(planRowJson({})), planRowKeys);
        QCOMPARE(keysOf(outcomeJson({})), outcomeKeys);
        QCOMPARE(keysOf(outcomeRowJson({})), outcomeRowKeys);
        QCOMPARE(keysOf(journalJson({})), journalKeys);
        QCOMPARE(keysOf(auditJson({})), auditKeys);
    }

    void aPrintedPlanHasTheKeysOfTheContractAndCanBeAppliedFrom()
    {
        const auto plan = planOf({moved(0, 120, 20)});
        const JsonValue json = planJson(plan, "kafka-consumer-groups …", "redrivectl …", {});
        for (const char *key : {"plan", "cluster_id", "group", "state", "spec", "created", "rows",
                                "totals", "command"})
            QVERIFY2(json.contains(key), key);
        QCOMPARE(json["rows"][0]["current"].get<int>(), 120);
        QCOMPARE(json["rows"][0]["target"].get<int>(), 20);
        QCOMPARE(json["totals"]["again"].get<int>(), 100);
        QVERIFY(json["error"].is_null());
        const auto read = offsets::planFromJson(renderObject(json, true));
        QVERIFY2(read, read ? "" : describe(read.error()).c_str());
        QVERIFY(*read == plan);
    }

    void aPlanThatCannotBeAppliedSaysWhy()
    {
        const Error why{.kind = Error::Kind::Broker,
                        .code = "PLAN_HAS_ERRORS",
                        .message = "no",
                        .attempted = {},
                        .retriable = false};
        const JsonValue json = planJson(planOf({}), {}, {}, why);
        QCOMPARE(json["error"]["code"].get<std::string>(), std::string("PLAN_HAS_ERRORS"));
        QVERIFY(json["command"].is_null());
    }

    void whatIsNotKnownOfAnOutcomeIsNull()
    {
        const JsonValue row = outcomeRowJson(outcome(2, std::nullopt));
        QVERIFY(row["outcome"].is_null() && row["after"].is_null() && row["error"].is_null());
        QCOMPARE(
            outcomeRowJson(outcome(2, JournalOutcome::NotApplied))["outcome"].get<std::string>(),
            std::string("NOT_APPLIED"));
    }

    void aPlanIsATableWithItsSumsInWords()
    {
        auto row = moved(0, 120, 20);
        row.next = kafka::RecordGlance{.offset = Offset(20),
                                       .time = WallTime(Millis(1'795'000'000'000)),
                                       .key = "k\x1b[2J",
                                       .value = std::string(200, 'x'),
                                       .valueSize = 200};
        const QString block = blockOf(planOf({row, moved(1, 9, 0)}));
        QVERIFY2(block.contains("orders  0        120  →   20    100        0"), block.toUtf8());
        QVERIFY2(block.contains("109 records will be processed again"), block.toUtf8());
        QVERIFY(block.contains("k\\x1b[2J: xxx") && block.contains("…"));
        QVERIFY(!block.contains('\x1b') && !block.contains(QString(60, 'x')));
        QVERIFY(!block.contains("LOST"));
    }

    void theSameErrorOfManyPartitionsIsOneLine()
    {
        std::vector<offsets::PlanRow> rows;
        for (int i = 0; i < 8; ++i) {
            rows.push_back(moved(i, 5, 5));
            rows.back().target = {};
            rows.back().error = Error{.kind = Error::Kind::Broker,
                                      .code = "OUT",
                                      .message = "too far",
                                      .attempted = {},
                                      .retriable = false};
        }
        const QString block = blockOf(planOf(rows));
        QCOMPARE(block.count("too far (OUT)"), 1);
        QVERIFY2(block.contains("orders[4] and 3 more: too far"), block.toUtf8());
        QCOMPARE(block.count("see below"), 8);
    }

    void lostRecordsHaveAColumnWhereThereAreSome()
    {
        auto row = moved(0, 3, 10);
        row.lost = 7;
        QVERIFY(blockOf(planOf({row})).contains("LOST"));
    }

    void anOutcomeIsCountedInWords()
    {
        QCOMPARE(outcomesInWords({outcome(0, JournalOutcome::Confirmed),
                                  outcome(1, JournalOutcome::Unknown),
                                  outcome(2, JournalOutcome::Confirmed), outcome(3, {})}),
                 std::string("2 confirmed, 1 unknown, 1 without a result"));
        const auto block = outcomeBlock(appliedOf({outcome(0, JournalOutcome::NotApplied)}), {});
        QVERIFY2(block.find("NOT_APPLIED") != std::string::npos, block.c_str());
        QVERIFY2(block.find("Journal entry j3.") != std::string::npos, block.c_str());
    }

    void theExitCodeIsThatOfTheWorstRow()
    {
        using enum JournalOutcome;
        QCOMPARE(exitAfter(appliedOf({outcome(0, Confirmed)})), exitcode::done);
        QCOMPARE(exitAfter(appliedOf({outcome(0, Confirmed), outcome(1, NotApplied)})),
                 exitcode::failed);
        QCOMPARE(exitAfter(appliedOf({outcome(0, Unknown), outcome(1, NotApplied)})),
                 exitcode::unknown);
        auto unrecorded = appliedOf({outcome(0, Confirmed)});
        unrecorded.notRecorded = Error{};
        QCOMPARE(exitAfter(unrecorded), exitcode::failed);
    }

    void whoIsInAGroupThatIsWaitedForIsNamed()
    {
        offsets::Waiting waiting;
        waiting.state = GroupState::Stable;
        for (int i = 0; i < 7; ++i) {
            GroupMember member;
            member.clientId = "c" + std::to_string(i);
            member.host = "/10.0.0." + std::to_string(i);
            waiting.members.push_back(member);
        }
        QCOMPARE(whoIsInIt(waiting),
                 std::string("Stable, 7 members: c0 (/10.0.0.0), c1 (/10.0.0.1), c2 (/10.0.0.2), "
                             "c3 (/10.0.0.3), c4 (/10.0.0.4) and 2 more"));
        waiting.problem = Error{.kind = Error::Kind::Timeout,
                                .code = "_TIMED_OUT",
                                .message = "no answer",
                                .attempted = {},
                                .retriable = true};
        QVERIFY(whoIsInIt(waiting).find("no answer") != std::string::npos);
    }

    void aRefusalHasTheExitCodeOfTheContract()
    {
        const auto exit = [](Error::Kind kind, const char *code) {
            return exitCode(asContract(Error{
                .kind = kind, .code = code, .message = {}, .attempted = {}, .retriable = {}}));
        };
        QCOMPARE(exit(Error::Kind::Timeout, "EXPIRED"), exitcode::refused);
        QCOMPARE(exit(Error::Kind::Refused, "GROUP_NOT_EMPTY"), exitcode::refused);
        QCOMPARE(exit(Error::Kind::Refused, "PLAN_HAS_ERRORS"), exitcode::failed);
        QCOMPARE(exit(Error::Kind::Refused, "GROUP_ID_NOT_FOUND"), exitcode::failed);
    }

    void theConnectionIsQuotedForAShell()
    {
        GlobalOptions options;
        options.bootstrap = "localhost:9092";
        options.properties = {"sasl.password=env:IT'S", "client.id=a b"};
        QCOMPARE(connectionArguments(options),
                 std::string("--bootstrap localhost:9092 -X 'sasl.password=env:IT'\\''S' "
                             "-X 'client.id=a b'"));
        options.profile = "prod eu";
        QVERIFY(connectionArguments(options).starts_with("--profile 'prod eu'"));
    }
};

QTEST_GUILESS_MAIN(TestChanges)
#include "tst_changes.moc"
