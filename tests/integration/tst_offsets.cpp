#include "tests/integration/offsetsworld.h"

#include <QTest>

#include <thread>

using namespace redrive;
using namespace redrive::testworld;

namespace {

const QStringList everything{"--topic", "orders"};

} // namespace

/// redrivectl offsets beside Kafka's own tool, and what it refuses.
class TestOffsets : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { m_world = std::make_unique<OffsetsWorld>(); }
    void everyTargetIsWhatKafkasToolComputes_data();
    void everyTargetIsWhatKafkasToolComputes();
    void targetsThatTheToolDoesNotHave();
    void whereTheToolClampsThePlanHasErrorsAndNothingIsSent_data();
    void whereTheToolClampsThePlanHasErrorsAndNothingIsSent();
    void csvGoesBothWaysWithTheTool();
    void aPlanTellsWhatWillBeReadAgainAndSkipped();
    void aLiveGroupIsRefusedAndUntouched_data();
    void aLiveGroupIsRefusedAndUntouched();
    void commitsThatMoveInAGroupThatLooksEmptyAreNotFought();
    void aSavedPlanIsAppliedWhereTheLogOnlyGrew();
    void aPlanThatWasOvertakenIsRefused_data();
    void aPlanThatWasOvertakenIsRefused();
    void aGroupIsCreatedOnlyWhenAskedFor();
    void profilesDecideWhoMayChange();
    void nothingIsChangedUnconfirmed();
    void cleanupTestCase() { m_world.reset(); }

private:
    OffsetsWorld &world() { return *m_world; }
    std::unique_ptr<OffsetsWorld> m_world;
};

void TestOffsets::everyTargetIsWhatKafkasToolComputes_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QStringList>("tools");
    world().commit("targets", {{{"orders", 0}, 10}, {{"orders", 1}, 25}, {{"orders", 2}, 40}});
    world().write("some.csv", "orders,0,7\norders,2,41\n");
    const QString time = world().between.toString(Qt::ISODateWithMs);
    const auto row = [](const char *title, const QString &target, const QStringList &tools) {
        QTest::newRow(title) << target << tools;
    };
    row("earliest", "earliest", {"--to-earliest"});
    row("latest", "latest", {"--to-latest"});
    row("time", "time:" + time, {"--to-datetime", time});
    row("ago", "ago:1h", {"--by-duration", "PT1H"});
    row("shift back", "shift:-5", {"--shift-by", "-5"});
    row("shift on", "shift:+3", {"--shift-by", "3"});
    row("exact", "offset:15", {"--to-offset", "15"});
    row("csv", "csv:" + world().path("some.csv"), {"--from-file", world().path("some.csv")});
}

void TestOffsets::everyTargetIsWhatKafkasToolComputes()
{
    QFETCH(const QString, target);
    QFETCH(const QStringList, tools);
    const auto plan = world().plan({"targets", "--topic", "orders", "--to", target});
    VERIFY_EXIT(plan, 0);
    const bool fromFile = tools.first() == "--from-file";
    const auto truth = world().tool("targets", fromFile ? tools : everything + tools);
    QCOMPARE(truth.size(), fromFile ? 2U : 3U);
    QVERIFY2(targetsOf(plan.object) == truth, told(plan));
    QCOMPARE(plan.object["spec"].toString(), target);
}

void TestOffsets::targetsThatTheToolDoesNotHave()
{
    const auto minus = world().plan({"targets", "--all-topics", "--to", "latest-minus:4"});
    VERIFY_EXIT(minus, 0);
    QVERIFY2((targetsOf(minus.object) ==
              OffsetMap{{{"orders", 0}, 46}, {{"orders", 1}, 46}, {{"orders", 2}, 46}}),
             told(minus));
    const auto some = world().plan({"targets", "--topic", "orders:2,0", "--to", "earliest"});
    QVERIFY2((targetsOf(some.object) == OffsetMap{{{"orders", 0}, 0}, {{"orders", 2}, 0}}),
             told(some));
    const qint64 since = world().between.msecsTo(QDateTime::currentDateTimeUtc());
    const auto ago =
        world().plan({"targets", "--topic", "orders", "--to", QString("ago:%1ms").arg(since)});
    QVERIFY2((targetsOf(ago.object) ==
              OffsetMap{{{"orders", 0}, 30}, {{"orders", 1}, 30}, {{"orders", 2}, 30}}),
             told(ago));
}

void TestOffsets::whereTheToolClampsThePlanHasErrorsAndNothingIsSent_data()
{
    QTest::addColumn<QString>("target");
    QTest::addColumn<QStringList>("tools");
    QTest::addColumn<QString>("code");
    const QString later = QDateTime::currentDateTimeUtc().addSecs(3600).toString(Qt::ISODateWithMs);
    QTest::newRow("below the log start") << "shift:-1000" << QStringList{"--shift-by", "-1000"};
    QTest::newRow("past the log end") << "offset:9999" << QStringList{"--to-offset", "9999"};
    QTest::newRow("a time to come") << "time:" + later << QStringList{"--to-datetime", later};
}

void TestOffsets::whereTheToolClampsThePlanHasErrorsAndNothingIsSent()
{
    QFETCH(const QString, target);
    QFETCH(const QStringList, tools);
    const auto before = world().committed("targets");
    for (const auto &[partition, offset] : world().tool("targets", everything + tools))
        QVERIFY(offset == 50 || offset == (partition.partition == 1 ? 5 : 0));
    const auto plan = world().plan({"targets", "--topic", "orders", "--to", target});
    VERIFY_EXIT(plan, 1);
    QCOMPARE(plan.object["totals"]["errors"].toInt(), 3);
    for (const QJsonValue row : plan.object["rows"].toArray()) {
        QVERIFY2(row["target"].isNull(), told(plan));
        QVERIFY2(!row["error"]["message"].toString().isEmpty(), told(plan));
    }
    const auto reset =
        world().change({"reset", "targets", "--topic", "orders", "--to", target, "--execute"});
    VERIFY_EXIT(reset, 1);
    QCOMPARE(reset.errorCode(), "PLAN_HAS_ERRORS");
    QVERIFY(world().committed("targets") == before);
}

void TestOffsets::csvGoesBothWaysWithTheTool()
{
    const auto ours = world().ctl.run({"offsets", "export", "targets"});
    QCOMPARE(ours.exitCode, 0);
    QVERIFY(OffsetsWorld::fromCsv(ours.out) == world().committed("targets"));
    world().write("ours.csv", ours.out);
    QVERIFY(world().tool("targets", {"--from-file", world().path("ours.csv")}) ==
            world().committed("targets"));

    world().commit("targets-2", {{{"orders", 0}, 1}});
    const QString two = world().kafka.mustTool({"consumer-groups", "--reset-offsets", "--dry-run",
                                                "--export", "--group", "targets", "--group",
                                                "targets-2", "--all-topics", "--shift-by", "2"});
    QVERIFY2(two.contains("targets,orders,0,12"), two.toUtf8());
    QByteArray mine;
    for (const QString &line : two.split('\n'))
        if (line.startsWith("targets,"))
            mine += line.toUtf8() + '\n';
    world().write("groups.csv", mine);
    world().write("both.csv", two.toUtf8());
    const auto read =
        world().plan({"targets", "--all-topics", "--to", "csv:" + world().path("groups.csv")});
    VERIFY_EXIT(read, 0);
    QVERIFY2((targetsOf(read.object) ==
              OffsetMap{{{"orders", 0}, 12}, {{"orders", 1}, 27}, {{"orders", 2}, 42}}),
             told(read));
    const auto other =
        world().plan({"targets", "--all-topics", "--to", "csv:" + world().path("both.csv")});
    VERIFY_EXIT(other, 2);
    QVERIFY2(other.err.contains("targets-2"), told(other));
}

void TestOffsets::aPlanTellsWhatWillBeReadAgainAndSkipped()
{
    const auto plan = world().plan({"targets", "--topic", "orders", "--to", "offset:20"});
    VERIFY_EXIT(plan, 0);
    const auto rows = plan.object["rows"].toArray();
    QCOMPARE(rows[0]["current"].toInt(), 10);
    QCOMPARE(rows[0]["again"].toInt(-1), 0);
    QCOMPARE(rows[0]["skipped"].toInt(), 10);
    QCOMPARE(rows[1]["again"].toInt(), 5);
    QCOMPARE(rows[1]["log_start"].toInt(), 5);
    QCOMPARE(rows[2]["again"].toInt(), 20);
    QCOMPARE(rows[2]["log_end"].toInt(), 50);
    QCOMPARE(rows[2]["next"]["offset"].toInt(), 20);
    QVERIFY(rows[2]["first_time"].toString() <= rows[2]["last_time"].toString());
    QCOMPARE(plan.object["totals"]["again"].toInt(), 25);
    QCOMPARE(plan.object["totals"]["skipped"].toInt(), 10);
    QCOMPARE(plan.object["cluster_id"].toString(), world().clusterId);
    QCOMPARE(plan.object["state"].toString(), "Empty");
    QVERIFY(plan.object["plan"].toString().startsWith("sha256:"));
    QVERIFY(plan.object["command"].toString().contains("kafka-consumer-groups"));
    const auto table =
        world().ctl.run({"offsets", "plan", "targets", "--topic", "orders", "--to", "offset:20"});
    QCOMPARE(table.exitCode, 0);
    for (const char *word : {"COMMITTED", "NEXT RECORD", "targets", "25 records", "redrivectl"})
        QVERIFY2(table.out.contains(word), table.out);
}

void TestOffsets::aLiveGroupIsRefusedAndUntouched_data()
{
    QTest::addColumn<bool>("kip848");
    QTest::newRow("classic") << false;
    QTest::newRow("KIP-848") << true;
}

void TestOffsets::aLiveGroupIsRefusedAndUntouched()
{
    QFETCH(const bool, kip848);
    const QString group = kip848 ? "live-modern" : "live-classic";
    const auto member = world().join(group, kip848);
    const auto before = world().committed(group);
    QCOMPARE(before.size(), 3U);

    const auto plan = world().plan(
        {group, "--topic", "orders", "--to", "earliest", "--save", world().path(group)});
    VERIFY_EXIT(plan, 0);
    QCOMPARE(plan.object["state"].toString(), "Stable");
    QCOMPARE(plan.object["members"].toArray().size(), 1);
    const auto reset =
        world().change({"reset", group, "--topic", "orders", "--to", "earliest", "--execute"});
    VERIFY_EXIT(reset, 4);
    QCOMPARE(reset.errorCode(), "GROUP_NOT_EMPTY");
    const auto apply = world().change({"apply", world().path(group)});
    VERIFY_EXIT(apply, 4);
    QCOMPARE(apply.errorCode(), "GROUP_NOT_EMPTY");
    const auto gone = world().ctl.json({"--yes", "groups", "delete", group});
    VERIFY_EXIT(gone, 4);
    QCOMPARE(gone.errorCode(), "GROUP_NOT_EMPTY");
    QVERIFY(world().committed(group) == before);
}

void TestOffsets::commitsThatMoveInAGroupThatLooksEmptyAreNotFought()
{
    world().commit("by-hand", {{{"orders", 0}, 1}});
    const QString file = world().path("by-hand");
    VERIFY_EXIT(world().plan({"by-hand", "--topic", "orders:0", "--to", "latest", "--save", file}),
                0);
    std::jthread consumer([&](const std::stop_token &stop) {
        for (int offset = 2; !stop.stop_requested() && offset < 50; ++offset)
            world().commit("by-hand", {{{"orders", 0}, offset}});
    });
    testbroker::eventually("it commits", [&] {
        return world().committed("by-hand") != OffsetMap{{{"orders", 0}, 1}};
    });
    const auto applied = world().change({"apply", file});
    consumer.request_stop();
    consumer.join();
    VERIFY_EXIT(applied, 4);
    QCOMPARE(applied.errorCode(), "COMMITS_MOVE");
    QVERIFY(world().committed("by-hand").at({"orders", 0}) < 50);
    VERIFY_EXIT(world().change({"reset", "by-hand", "--topic", "orders:0", "--to", "latest",
                                "--execute", "--even-if-moving"}),
                0);
    QVERIFY((world().committed("by-hand") == OffsetMap{{{"orders", 0}, 50}}));
}

void TestOffsets::aSavedPlanIsAppliedWhereTheLogOnlyGrew()
{
    world().commit("saved", {{{"fresh", 0}, 10}});
    const auto plan = world().plan(
        {"saved", "--topic", "fresh", "--to", "offset:4", "--save", world().path("saved.json")});
    VERIFY_EXIT(plan, 0);
    QCOMPARE(QFile::permissions(world().path("saved.json")) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    world().producer.sendAll({"fresh", 0}, 1);
    const auto applied =
        world().change({"apply", world().path("saved.json"), "--reason", "a bad release"});
    VERIFY_EXIT(applied, 0);
    QCOMPARE(outcomesOf(applied.object), QStringList{"CONFIRMED"});
    QCOMPARE(applied.object["plan"], plan.object["plan"]);
    QCOMPARE(applied.object["rows"][0]["before"].toInt(), 10);
    QCOMPARE(applied.object["rows"][0]["after"].toInt(), 4);
    QVERIFY((world().committed("saved") == OffsetMap{{{"fresh", 0}, 4}}));
}

void TestOffsets::aPlanThatWasOvertakenIsRefused_data()
{
    QTest::addColumn<QString>("topic");
    QTest::newRow("somebody committed") << "fresh";
    QTest::newRow("the log start moved") << "trimmed";
    QTest::newRow("the topic was made again") << "again";
}

void TestOffsets::aPlanThatWasOvertakenIsRefused()
{
    QFETCH(const QString, topic);
    const QString group = "overtaken-" + topic;
    const TopicPartition partition{topic.toStdString(), 0};
    world().commit(group, {{partition, 15}});
    const QString file = world().path(group);
    const auto plan = world().plan({group, "--topic", topic, "--to", "offset:12", "--save", file});
    VERIFY_EXIT(plan, 0);
    if (topic == "fresh") {
        world().commit(group, {{partition, 16}});
    } else if (topic == "trimmed") {
        world().write("delete.json",
                      R"({"version": 1, "partitions":
                         [{"topic": "trimmed", "partition": 0, "offset": 11}]})");
        world().kafka.mustTool(
            {"delete-records", "--offset-json-file", world().path("delete.json")});
    } else {
        world().admin.deleteTopic("again");
        testbroker::eventually("the topic is made again", [&] {
            try {
                world().admin.createTopic("again", 1);
                return world().admin.endOffset(partition) == 0;
            } catch (const testclients::ClientError &) {
                return false;
            }
        });
        world().producer.sendAll(partition, 20);
        world().commit(group, {{partition, 15}});
    }
    const auto before = world().committed(group);
    const auto applied = world().change({"apply", file});
    VERIFY_EXIT(applied, 4);
    QCOMPARE(applied.errorCode(), "PLAN_OUT_OF_DATE");
    QVERIFY2(applied.object["error"]["message"].toString().contains(topic), told(applied));
    QVERIFY(world().committed(group) == before);
}

void TestOffsets::aGroupIsCreatedOnlyWhenAskedFor()
{
    const QStringList reset{"reset", "made", "--topic", "orders", "--to", "offset:17", "--execute"};
    const auto refused = world().change(reset);
    VERIFY_EXIT(refused, 1);
    QCOMPARE(refused.errorCode(), "GROUP_ID_NOT_FOUND");
    const auto made = world().change(reset + QStringList{"--create"});
    VERIFY_EXIT(made, 0);
    QVERIFY((world().committed("made") ==
             OffsetMap{{{"orders", 0}, 17}, {{"orders", 1}, 17}, {{"orders", 2}, 17}}));
}

void TestOffsets::profilesDecideWhoMayChange()
{
    const QString bootstrap = QString::fromStdString(world().kafka.bootstrap());
    testbroker::Redrivectl ctl;
    for (const QString name : {"CONFIG", "DATA"})
        ctl.setVariable("XDG_" + name + "_HOME", world().path(name.toLower()));
    QCOMPARE(
        ctl.run({"profiles", "add", "look", "--bootstrap", bootstrap, "--production"}).exitCode, 0);
    QCOMPARE(ctl.run({"profiles", "add", "live", "--bootstrap", bootstrap, "--production", "--mode",
                      "confirm"})
                 .exitCode,
             0);
    const OffsetMap before{{{"fresh", 0}, 5}};
    world().commit("guarded", before);
    const QStringList reset{"offsets", "reset", "guarded",  "--topic",
                            "fresh",   "--to",  "offset:6", "--execute"};
    const auto as = [&](const QStringList &arguments) { return ctl.json(arguments + reset); };

    const auto readOnly = as({"--profile", "look", "--yes", "--confirm", "guarded"});
    VERIFY_EXIT(readOnly, 4);
    QCOMPARE(readOnly.errorCode(), "READ_ONLY");
    const auto deletion = ctl.json({"--profile", "look", "--yes", "groups", "delete", "guarded"});
    VERIFY_EXIT(deletion, 4);
    QCOMPARE(deletion.errorCode(), "READ_ONLY");
    const auto undo = ctl.json({"--profile", "look", "--yes", "offsets", "undo", "--execute"});
    VERIFY_EXIT(undo, 4);
    QCOMPARE(undo.errorCode(), "READ_ONLY");
    VERIFY_EXIT(ctl.json({"--profile", "look", "offsets", "plan", "guarded", "--topic", "fresh",
                          "--to", "offset:6"}),
                0);
    QCOMPARE(as({"--profile", "live", "--yes"}).errorCode(), "CONFIRMATION_MISSING");
    const auto wrong = as({"--profile", "live", "--confirm", "billing"});
    VERIFY_EXIT(wrong, 4);
    QCOMPARE(wrong.errorCode(), "CONFIRMATION_MISMATCH");
    QVERIFY(world().committed("guarded") == before);
    VERIFY_EXIT(as({"--profile", "live", "--confirm", "guarded"}), 0);
    QVERIFY((world().committed("guarded") == OffsetMap{{{"fresh", 0}, 6}}));
}

void TestOffsets::nothingIsChangedUnconfirmed()
{
    const OffsetMap before{{{"fresh", 0}, 5}};
    world().commit("unasked", before);
    const auto refused = world().ctl.json(
        {"offsets", "reset", "unasked", "--topic", "fresh", "--to", "earliest", "--execute"});
    VERIFY_EXIT(refused, 4);
    QCOMPARE(refused.errorCode(), "CONFIRMATION_MISSING");
    const auto planned =
        world().change({"reset", "unasked", "--topic", "fresh", "--to", "earliest"});
    VERIFY_EXIT(planned, 0);
    QCOMPARE(planned.object["rows"][0]["target"].toInt(-1), 0);
    QVERIFY(world().committed("unasked") == before);
    const auto nowhere = testbroker::Redrivectl({"--bootstrap", "127.0.0.1:1", "--timeout", "2s"})
                             .json({"offsets", "plan", "g", "--topic", "t", "--to", "earliest"});
    VERIFY_EXIT(nowhere, 3);
}

QTEST_GUILESS_MAIN(TestOffsets)
#include "tst_offsets.moc"
