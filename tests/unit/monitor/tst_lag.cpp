#include "core/monitor/lag.h"
#include "tests/support/values/grouptext.h"

#include <QTest>

using namespace redrive;
using namespace redrive::monitor;
using redrive::twin::groupCase;

namespace {

GroupDetail detailOf(const twin::GroupCase &one)
{
    return groupDetail(one.listing, one.description, one.commits, one.bounds);
}

QString rowsOf(const char *text)
{
    return QString::fromStdString(twin::toText(detailOf(groupCase(text)))).trimmed();
}

constexpr const char *epochNote =
    "epochs of the group and its members: the client library does not tell them";

} // namespace

class TestLag : public QObject
{
    Q_OBJECT

private slots:
    void aRowSaysTheFirstConditionThatHolds_data()
    {
        QTest::addColumn<QString>("group");
        QTest::addColumn<QString>("partition");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *title, const char *group, const char *partition,
                            const char *expected) {
            QTest::newRow(title) << group << partition << expected;
        };
        const char *stable = "group g Stable classic";
        const char *empty = "group g Empty classic";

        row("ok", stable, "t/0 member=a committed=10 end=120",
            "t/0 member=a committed=10 lag=110 ok");
        row("idle", stable, "t/0 member=a committed=120 end=120",
            "t/0 member=a committed=120 lag=0 idle");
        row("idle at an empty log", stable, "t/0 member=a committed=7 start=7 end=7",
            "t/0 member=a committed=7 lag=0 idle");
        row("no commit", stable, "t/0 member=a end=120", "t/0 member=a no_commit");
        row("committed, owned by no one", empty, "t/0 committed=10 end=120",
            "t/0 committed=10 lag=110 ok");
        row("records lost", stable, "t/0 member=a committed=10 start=50 end=120",
            "t/0 member=a committed=10 lag=110 lost=40 records_lost");
        row("committed at the log start loses nothing", stable,
            "t/0 member=a committed=50 start=50 end=120", "t/0 member=a committed=50 lag=70 ok");
        row("beyond the end", stable, "t/0 member=a committed=130 end=120",
            "t/0 member=a committed=130 beyond_end");
        row("topic deleted, commit remains", empty,
            "t/0 committed=10 end=!UNKNOWN_TOPIC_OR_PARTITION", "t/0 committed=10 topic_deleted");
        row("topic deleted, assignment remains", stable,
            "t/0 member=a end=!UNKNOWN_TOPIC_OR_PARTITION", "t/0 member=a topic_deleted");
        row("topic deleted by its id", empty, "t/0 committed=10 end=!UNKNOWN_TOPIC_ID",
            "t/0 committed=10 topic_deleted");
        row("topic deleted in the client library's words", empty,
            "t/0 committed=10 end=!_UNKNOWN_TOPIC", "t/0 committed=10 topic_deleted");
        row("topic deleted while its bounds were read", empty,
            "t/0 committed=10 start=0 end=?  stable=!UNKNOWN_TOPIC_OR_PARTITION",
            "t/0 committed=10 topic_deleted");
        row("open transaction", stable, "t/0 member=a committed=10 end=120 stable=100",
            "t/0 member=a committed=10 lag=110 open_transaction");
        row("open transaction goes before idle", stable,
            "t/0 member=a committed=120 end=120 stable=100",
            "t/0 member=a committed=120 lag=0 open_transaction");
        row("stable end read a moment after the end", stable,
            "t/0 member=a committed=120 end=120 stable=121",
            "t/0 member=a committed=120 lag=0 idle");
        row("markers only", stable, "t/0 member=a committed=119 end=120 last=118",
            "t/0 member=a committed=119 lag=1 markers_only");
        row("markers only, no data in the tail", stable,
            "t/0 member=a committed=100 end=120 last=-",
            "t/0 member=a committed=100 lag=20 markers_only");
        row("data left in the tail", stable, "t/0 member=a committed=118 end=120 last=118",
            "t/0 member=a committed=118 lag=2 ok");
        row("tail not read", stable, "t/0 member=a committed=119 end=120",
            "t/0 member=a committed=119 lag=1 (the tail of the log was not read: no time, no "
            "permission or too many)");
        row("at the edge of the window", stable, "t/0 member=a committed=88 end=120",
            "t/0 member=a committed=88 lag=32 (the tail of the log was not read: no time, no "
            "permission or too many)");
        row("beyond the window", stable, "t/0 member=a committed=87 end=120",
            "t/0 member=a committed=87 lag=33 ok");
        row("stable end not asked", stable, "t/0 member=a committed=120 end=120 stable=?",
            "t/0 member=a committed=120 lag=0 (the stable end is not known)");
        row("stable end failed", stable, "t/0 member=a committed=120 end=120 stable=!_TIMED_OUT",
            "t/0 member=a committed=120 lag=0 (the stable end is not known) !_TIMED_OUT");

        row("leaderless", stable, "t/0 member=a committed=10 end=!LEADER_NOT_AVAILABLE",
            "t/0 member=a committed=10 (the log end is not known) !LEADER_NOT_AVAILABLE");
        row("leaderless, never committed", stable, "t/0 member=a end=!LEADER_NOT_AVAILABLE",
            "t/0 member=a no_commit !LEADER_NOT_AVAILABLE");
        row("timed out, never committed: the topic may be gone", stable,
            "t/0 member=a end=!_TIMED_OUT",
            "t/0 member=a (whether the topic still exists is not known) !_TIMED_OUT");
        row("not allowed to see the topic", stable,
            "t/0 member=a committed=10 end=!TOPIC_AUTHORIZATION_FAILED",
            "t/0 member=a committed=10 (whether the topic still exists is not known) "
            "!TOPIC_AUTHORIZATION_FAILED");
        row("nothing asked", stable, "t/0 member=a committed=10",
            "t/0 member=a committed=10 (whether the topic still exists is not known)");
        row("start failed", stable, "t/0 member=a committed=10 start=!_TIMED_OUT end=120",
            "t/0 member=a committed=10 lag=110 (the log start is not known) !_TIMED_OUT");
        row("start failed, and at the end nothing can be lost", stable,
            "t/0 member=a committed=120 start=!_TIMED_OUT end=120",
            "t/0 member=a committed=120 lag=0 idle !_TIMED_OUT");
        row("end failed, and below the start all is lost", stable,
            "t/0 member=a committed=10 start=50 end=!_TIMED_OUT stable=?",
            "t/0 member=a committed=10 lost=40 records_lost !_TIMED_OUT");

        row("commit failed", stable, "t/0 member=a committed=!UNSTABLE_OFFSET_COMMIT end=120",
            "t/0 member=a (the commit is not known) !UNSTABLE_OFFSET_COMMIT");
        row("commit failed, owned by no one", empty,
            "t/0 committed=!TOPIC_AUTHORIZATION_FAILED end=120",
            "t/0 (the commit is not known) !TOPIC_AUTHORIZATION_FAILED");
        row("all commits failed", "group g Stable classic commits=!_TIMED_OUT",
            "t/0 member=a end=120", "t/0 member=a (the commit is not known)");
        row("all commits failed, and the topic is gone",
            "group g Stable classic commits=!_TIMED_OUT",
            "t/0 member=a end=!UNKNOWN_TOPIC_OR_PARTITION", "t/0 member=a topic_deleted");

        row("unsubscribed", "group g Stable classic\nmember a", "t/0 committed=10 end=120",
            "t/0 committed=10 lag=110 unsubscribed");
        row("unsubscribed goes before idle", "group g Stable classic\nmember a",
            "t/0 committed=120 end=120", "t/0 committed=120 lag=0 unsubscribed");
        row("records lost goes before unsubscribed", "group g Stable classic\nmember a",
            "t/0 committed=10 start=50 end=120", "t/0 committed=10 lag=110 lost=40 records_lost");
        row("not unsubscribed while rebalancing", "group g PreparingRebalance classic\nmember a",
            "t/0 committed=120 end=120", "t/0 committed=120 lag=0 idle");
        row("not unsubscribed without members", "group g Stable classic",
            "t/0 committed=120 end=120", "t/0 committed=120 lag=0 idle");
        row("a state that the library cannot name is not Stable", "group g ? consumer\nmember a",
            "t/0 committed=120 end=120", "t/0 committed=120 lag=0 idle");
        row("not described", "group g describe=!COORDINATOR_NOT_AVAILABLE",
            "t/0 committed=120 end=120",
            "t/0 committed=120 lag=0 (the group could not be described)");
        row("not described, and records are lost", "group g describe=!COORDINATOR_NOT_AVAILABLE",
            "t/0 committed=10 start=50 end=120", "t/0 committed=10 lag=110 lost=40 records_lost");
        row("in a target only", "group g Stable consumer\nmember a", "t/0 target=a end=120",
            "t/0 no_commit");
        row("a target covers the topic, too", "group g Stable consumer\nmember a",
            "t/0 target=a committed=120 end=120", "t/0 committed=120 lag=0 idle");
    }
    void aRowSaysTheFirstConditionThatHolds()
    {
        QFETCH(QString, group);
        QFETCH(QString, partition);
        QFETCH(QString, expected);
        QCOMPARE(rowsOf((group + "\n" + partition).toUtf8().constData()), expected);
    }

    void anotherAssignedPartitionOfTheTopicMeansSubscribed()
    {
        QCOMPARE(rowsOf(R"(
            group g Stable classic
            t/0 member=a committed=120 end=120
            t/1 committed=120 end=120)"),
                 "t/0 member=a committed=120 lag=0 idle\n"
                 "t/1 committed=120 lag=0 idle");
    }

    void oneLivingPartitionProvesThatTheTopicExists()
    {
        QCOMPARE(rowsOf(R"(
            group g Stable classic
            t/0 member=a end=!_TIMED_OUT
            t/1 member=a committed=5 end=5)"),
                 "t/0 member=a no_commit !_TIMED_OUT\n"
                 "t/1 member=a committed=5 lag=0 idle");
    }

    void aPartitionGoneFromALivingTopicSaysSo()
    {
        QCOMPARE(rowsOf(R"(
            group g Empty classic
            t/0 committed=5 end=5
            t/1 committed=5 end=!UNKNOWN_TOPIC_OR_PARTITION)"),
                 "t/0 committed=5 lag=0 idle\n"
                 "t/1 committed=5 topic_deleted (the topic exists, without this partition)");
    }

    void onePartitionsErrorSpoilsNoOther()
    {
        QCOMPARE(rowsOf(R"(
            group g Stable classic
            a/0 member=a committed=1 end=100
            b/0 member=a committed=1 end=!NOT_LEADER_OR_FOLLOWER
            c/0 member=b committed=!GROUP_AUTHORIZATION_FAILED end=100)"),
                 "a/0 member=a committed=1 lag=99 ok\n"
                 "b/0 member=a committed=1 (the log end is not known) !NOT_LEADER_OR_FOLLOWER\n"
                 "c/0 member=b (the commit is not known) !GROUP_AUTHORIZATION_FAILED");
    }

    void metadataAndEpochOfACommitAreInItsRow()
    {
        const GroupDetail detail =
            detailOf(groupCase("group g Empty\nt/0 committed=1 epoch=4 metadata=host end=100"));
        QCOMPARE(detail.partitions.at(0).leaderEpoch, 4);
        QCOMPARE(detail.partitions.at(0).metadata, std::string("host"));
    }

    void failuresOfTheWholeGroupAreItsErrors()
    {
        const GroupDetail detail = detailOf(
            groupCase("group g describe=!GROUP_ID_NOT_FOUND commits=!GROUP_AUTHORIZATION_FAILED"));
        QCOMPARE(detail.errors.size(), 2U);
        QCOMPARE(detail.errors.at(0).code, std::string("GROUP_ID_NOT_FOUND"));
        QCOMPARE(detail.errors.at(1).code, std::string("GROUP_AUTHORIZATION_FAILED"));
        QVERIFY(detail.partitions.empty());
    }

    void whatTheLibraryCannotTellOfANewGroupIsNoted()
    {
        QCOMPARE(detailOf(groupCase("group g Stable consumer")).notes,
                 std::vector<std::string>{epochNote});
        QCOMPARE(detailOf(groupCase("group g ? consumer")).notes,
                 (std::vector<std::string>{
                     epochNote,
                     "state Assigning or Reconciling: the client library does not tell which"}));
        QVERIFY(detailOf(groupCase("group g Stable classic")).notes.empty());
        QVERIFY(detailOf(groupCase("group g consumer describe=!_TIMED_OUT")).notes.empty());
    }

    void suspectsAreTheNearOnesSmallestLagFirst()
    {
        const GroupDetail detail = detailOf(groupCase(R"(
            group g Stable classic
            t/0 member=a committed=100 end=120
            t/1 member=a committed=119 end=120
            t/2 member=a committed=120 end=120
            t/3 member=a committed=119 end=120 stable=119
            t/4 member=a committed=10  end=120
            t/5 member=a committed=118 end=120 last=-
            t/6 member=a committed=118 start=119 end=120)"));
        QCOMPARE(suspects(detail.partitions), (std::vector<TopicPartition>{{"t", 1}, {"t", 0}}));
    }
};

QTEST_APPLESS_MAIN(TestLag)
#include "tst_lag.moc"
