#include "core/offsets/moment.h"
#include "core/offsets/tables.h"
#include "core/offsets/target.h"

#include <QTemporaryDir>
#include <QTest>

using namespace redrive;
using namespace redrive::offsets;

namespace {

const WallTime noon{Millis(1'795'255'200'000)};

} // namespace

Q_DECLARE_METATYPE(redrive::offsets::Target)

class TestTargets : public QObject
{
    Q_OBJECT

private slots:
    void aTargetIsReadAndWrittenAsTheContractHasIt_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<Target>("target");
        QTest::addColumn<QString>("spec");
        const auto row = [](const char *text, const Target &target, const char *spec) {
            QTest::newRow(text) << QString::fromUtf8(text) << target << QString::fromUtf8(spec);
        };
        row("earliest", to::Earliest{}, "earliest");
        row("latest", to::Latest{}, "latest");
        row("time:2026-11-21T10:00:00Z", to::Time{noon}, "time:2026-11-21T10:00:00.000Z");
        row("time:2026-11-21T11:00:00.250+01:00", to::Time{noon + Millis(250)},
            "time:2026-11-21T10:00:00.250Z");
        row("time:1795255200000", to::Time{noon}, "time:2026-11-21T10:00:00.000Z");
        row("time:-15m", to::Time{noon - Millis(900'000)}, "time:2026-11-21T09:45:00.000Z");
        row("ago:15m", to::Ago{Millis(900'000)}, "ago:15m");
        row("ago:90s", to::Ago{Millis(90'000)}, "ago:90s");
        row("ago:48h", to::Ago{Millis(172'800'000)}, "ago:2d");
        row("ago:1500ms", to::Ago{Millis(1500)}, "ago:1500ms");
        row("ago:0s", to::Ago{}, "ago:0ms");
        row("shift:-100", to::Shift{-100}, "shift:-100");
        row("shift:+5", to::Shift{5}, "shift:5");
        row("latest-minus:100", to::LatestMinus{100}, "latest-minus:100");
        row("offset:0", to::Exact{Offset(0)}, "offset:0");
        row("group:a:b", to::OtherGroup{GroupId("a:b")}, "group:a:b");
    }
    void aTargetIsReadAndWrittenAsTheContractHasIt()
    {
        QFETCH(QString, text);
        QFETCH(Target, target);
        const auto read = parseTarget(text.toStdString(), noon);
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QVERIFY(*read == target);
        QTEST(QString::fromStdString(specOf(*read)), "spec");
    }

    void whatIsNoTargetIsAUsageErrorThatSaysWhy_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *text, const char *why) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(why);
        };
        row("", "is none of");
        row("middle", "is none of earliest");
        row("delete", "is none of");
        row("earliest:1", "is none of");
        row("time:2026-11-21T10:00:00", "a local time without a zone");
        row("time:2026-02-30T10:00:00Z", "is not a time");
        row("time:yesterday", "is not a time");
        row("time:1969-12-31T23:59:59Z", "before 1970");
        row("time:-15", "not a time ago");
        row("time:-99999d", "before 1970");
        row("time:9999999999999999", "after the year 9999");
        row("ago:-15m", "is not a duration");
        row("ago:15", "is not a duration");
        row("shift:", "not a number");
        row("shift:+-5", "not a number");
        row("shift:1.5", "not a number");
        row("latest-minus:-1", "not a whole number");
        row("offset:-1", "not a whole number");
        row("offset:9223372036854775808", "not a whole number");
        row("group:", "nothing follows");
        row("csv:", "nothing follows");
        row("csv:/there/is/no/such/file", "No such file");
        row("offset:1\n2", "'1\\n2'");
    }
    void whatIsNoTargetIsAUsageErrorThatSaysWhy()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto read = parseTarget(text.toStdString(), noon);
        QVERIFY(!read);
        QVERIFY2(QString::fromStdString(read.error().message).contains(why),
                 read.error().message.c_str());
        QVERIFY(read.error().kind == Error::Kind::Usage ||
                read.error().kind == Error::Kind::Config);
    }

    void filesAreReadForATargetAndErrorsNameThemAndTheLine()
    {
        QTemporaryDir place;
        const auto file = place.filePath("offsets.csv").toStdString();
        QVERIFY(writeFile(file, "orders,0,42\n"));
        const auto read = parseTarget("csv:" + file, noon);
        QVERIFY(read);
        QCOMPARE(*std::get<to::Table>(*read).commits.at({"orders", 0}).offset, Offset(42));
        QVERIFY(writeFile(file, "orders,0,42\norders,x,1\n"));
        const auto refused = parseTarget("csv:" + file, noon);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, "line 2: 'x' is not a partition");
        QCOMPARE(refused.error().attempted, "reading " + file);
        QVERIFY(writeFile(file, "audit,orders,0,42\n"));
        QVERIFY(parseTarget("csv:" + file, noon));
        QVERIFY(!parseTarget("csv:" + file, noon, GroupId("billing")));
    }

    void aSnapshotIsATableThatKnowsItsCluster()
    {
        QTemporaryDir place;
        const auto file = place.filePath("billing.json").toStdString();
        const CommitTable commits{
            {{"orders", 0}, {.offset = Offset(42), .leaderEpoch = 3, .metadata = "m"}}};
        QVERIFY(writeFile(file, toJson(OffsetsSnapshot{.clusterId = "cluster",
                                                       .group = GroupId("billing"),
                                                       .time = noon,
                                                       .commits = commits})));
        const auto read = parseTarget("snapshot:" + file, noon);
        QVERIFY(read);
        QVERIFY(*read == Target(to::Table{commits, "cluster"}));
        QVERIFY(writeFile(file, "{}"));
        const auto refused = parseTarget("snapshot:" + file, noon);
        QVERIFY(!refused);
        QCOMPARE(refused.error().message, "this is no snapshot of offsets: there is no cluster_id");
    }

    void aTopicIsReadWithItsPartitions()
    {
        const auto whole = parseTopicScope("orders.v1_x-y");
        QVERIFY(whole);
        QVERIFY(*whole == (TopicScope{.topic = "orders.v1_x-y", .partitions = {}}));
        const auto some = parseTopicScope("orders:3,0,3");
        QVERIFY(some);
        QVERIFY(*some == (TopicScope{.topic = "orders", .partitions = {0, 3}}));
        for (const char *wrong : {"", ":1", "orders:", "orders:1,", "orders:-1", "orders:1-3",
                                  "orders:2147483648", "or ders", "..", "orders:0:1", "ord/ers"}) {
            const auto refused = parseTopicScope(wrong);
            QVERIFY2(!refused, wrong);
            QVERIFY(refused.error().kind == Error::Kind::Usage);
        }
        QVERIFY(!parseTopicScope(std::string(250, 'a')));
    }

    void aScopeHasEveryTopicOnce()
    {
        const Scope scope = toScope({{"b", {2}}, {"a", {}}, {"b", {1, 2}}, {"a", {7}}});
        QVERIFY(scope == (Scope{{{"a", {}}, {"b", {1, 2}}}, false}));
    }

    void onlyFullTimesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("millis"); // -1: none
        const auto row = [](const char *text, qint64 millis) {
            QTest::newRow(text) << QString::fromUtf8(text) << millis;
        };
        row("1970-01-01T00:00:00Z", 0);
        row("2026-11-21T10:00:00.1234567Z", 1'795'255'200'123);
        row("2026-11-21t10:00:00z", 1'795'255'200'000);
        row("2026-11-21T05:30:00-04:30", 1'795'255'200'000);
        row("2024-02-29T00:00:00Z", 1'709'164'800'000);
        row("2023-02-29T00:00:00Z", -1);
        row("2026-11-21T10:00Z", -1);
        row("2026-11-21T10:00:00.Z", -1);
        row("2026-11-21T24:00:00Z", -1);
        row("2026-11-21T10:60:00Z", -1);
        row("2026-11-21T10:00:60Z", -1);
        row("2026-11-21T10:00:00+0100", -1);
        row("2026-11-21T10:00:00+24:00", -1);
        row("2026-11-21 10:00:00Z", -1);
        row("2026-11-21T10:00:00Zx", -1);
        row("-026-11-21T10:00:00Z", -1);
    }
    void onlyFullTimesAreRead()
    {
        QFETCH(QString, text);
        const auto read = parseRfc3339(text.toStdString());
        QTEST(qint64(read ? read->time_since_epoch().count() : -1), "millis");
    }
};

QTEST_APPLESS_MAIN(TestTargets)
#include "tst_targets.moc"
