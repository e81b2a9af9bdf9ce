#include "modelfixture.h"
#include "ui/models/historymodel.h"
#include "ui/models/membermodel.h"
#include "ui/models/partitionmodel.h"
#include "ui/models/topicmodel.h"

#include <QSignalSpy>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;

/// What the cells of each model say.
class TestModelsCells : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

    void aChangedCellGlowsAndThenRests()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 1)}), nullptr);
        QCOMPARE(model.glowing(), std::size_t{0});
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 7)}), nullptr);
        QCOMPARE(model.glowing(), std::size_t{1});
        QVERIFY(model.index(1, GroupModel::Lag).data(Qt::BackgroundRole).isValid());
        QVERIFY(!model.index(1, GroupModel::State).data(Qt::BackgroundRole).isValid());
        QVERIFY(!model.index(0, GroupModel::Lag).data(Qt::BackgroundRole).isValid());
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(!model.index(1, GroupModel::Lag).data(Qt::BackgroundRole).isValid());
    }

    void anUnknownLagIsADashThatSaysWhy()
    {
        GroupSummary unread = summaryOf("unread", std::nullopt);
        unread.offsetsReadAt.reset();
        GroupSummary refused = summaryOf("refused", std::nullopt);
        refused.error =
            brokerError("reading offsets of refused", "Broker: Group authorization failed",
                        "GROUP_AUTHORIZATION_FAILED");
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf({unread, refused}), nullptr);
        const auto lag = [&](const char *name) {
            return model.index(model.find(GroupId(name)), GroupModel::Lag);
        };
        QCOMPARE(lag("unread").data().toString(), QStringLiteral("–"));
        QVERIFY(!lag("unread").data(SortRole).isValid());
        QVERIFY(lag("unread")
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("not been read")));
        QVERIFY(lag("refused")
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("GROUP_AUTHORIZATION_FAILED")));
    }

    void aGroupThatCannotBeDescribedIsNamedSoAndNotDead()
    {
        GroupSummary share = summaryOf("share", std::nullopt, std::nullopt);
        share.listing.type.reset();
        share.listing.error = Error{.kind = Error::Kind::Unsupported,
                                    .code = "GROUP_NOT_DESCRIBABLE",
                                    .message = "share, streams or foreign",
                                    .attempted = "describing share",
                                    .retriable = false};
        GroupModel model;
        model.show(listOf({share}), nullptr);
        const QModelIndex state = model.index(0, GroupModel::State);
        QCOMPARE(state.data().toString(), QStringLiteral("? cannot be described"));
        QVERIFY(state.data(Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("share, streams or foreign")));
        QCOMPARE(model.index(0, GroupModel::Type).data().toString(), QStringLiteral("–"));
    }

    void aTrendIsAWordAndAListOfPoints()
    {
        using Values = TrendValues;
        QCOMPARE(trendOf(Values{}), TrendWord::Unknown);
        QCOMPARE(trendOf(Values{5, 5, 5}), TrendWord::Steady);
        QCOMPARE(trendOf(Values{100, 101, 102}), TrendWord::Steady);
        QCOMPARE(trendOf(Values{10, std::nullopt, 90}), TrendWord::Rising);
        QCOMPARE(trendOf(Values{90, 50, 10}), TrendWord::Falling);
        QCOMPARE(trendOf(Values{0, 0, 0}), TrendWord::Steady);
    }

    void watchingIsAskedForAndNotTakenForGranted()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf(Names{"a"}), nullptr);
        QSignalSpy asked(&model, &GroupModel::watchRequested);
        const QModelIndex star = model.index(0, GroupModel::Watched);
        QVERIFY(model.setData(star, Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(asked.size(), 1);
        QCOMPARE(star.data(Qt::AccessibleTextRole).toString(), QStringLiteral("not watched"));
        model.setWatched({QStringLiteral("a")});
        QCOMPARE(star.data(Qt::AccessibleTextRole).toString(), QStringLiteral("watched"));
    }

    void partitionsFollowTheirDetail()
    {
        const GroupSummary group = summaryOf("billing", 30);
        const auto detail = [&](std::vector<GroupMember> members, std::vector<PartitionLag> rows) {
            return std::make_shared<const GroupDetail>(
                detailOf(group, std::move(members), std::move(rows)));
        };
        PartitionModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(detail({memberOf("c1", {{"orders", 0}})}, {partitionOf("orders", 0, 120, 150, 0),
                                                              partitionOf("orders", 1, {}, 80)}));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, PartitionModel::Lag).data().toString(), QStringLiteral("30"));
        QCOMPARE(model.index(0, PartitionModel::Owner).data().toString(), QStringLiteral("c1"));
        QCOMPARE(model.index(1, PartitionModel::Lag).data().toString(), QStringLiteral("–"));
        QCOMPARE(model.index(1, PartitionModel::Owner).data().toString(), QStringLiteral("–"));

        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.show(
            detail({memberOf("c0", {}), memberOf("c1", {{"orders", 0}})},
                   {partitionOf("orders", 0, 120, 150, 1), partitionOf("orders", 1, {}, 80)}));
        QCOMPARE(changed.size(), 0); // another member came; nothing of a partition is different
        model.show(detail({}, {partitionOf("orders", 1, 80, 80), partitionOf("orders", 2, 0, 5)}));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, PartitionModel::ConditionWord).data().toString(),
                 QStringLiteral("○ idle"));
        model.show(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void lostRecordsAreCountedAndColumnsAppearWhenNeeded()
    {
        PartitionLag lost = partitionOf("orders", 0, 10, 150);
        lost.logStart = Offset(60);
        lost.lost = 50;
        lost.condition = Condition::RecordsLost;
        lost.stableEnd = Offset(140);
        lost.metadata = "at\x01";
        PartitionModel model;
        model.show(std::make_shared<const GroupDetail>(detailOf(summaryOf("g", 1), {}, {lost})));
        QVERIFY(model.hasLosses());
        QVERIFY(model.hasStableEnds());
        QVERIFY(model.hasMetadata());
        QVERIFY(!model.hasProblems());
        QCOMPARE(model.index(0, PartitionModel::Lost).data().toString(), QStringLiteral("50"));
        QCOMPARE(model.index(0, PartitionModel::Lag).data().toString(), QStringLiteral("140"));
        QCOMPARE(model.index(0, PartitionModel::ConditionWord).data().toString(),
                 QStringLiteral("▼ records lost"));
        QVERIFY(!model.index(0, PartitionModel::Metadata).data().toString().contains(QChar(1)));
    }

    void theMemberWithMostOfTheLagIsSaidToBeSlowest()
    {
        const auto detail = std::make_shared<const GroupDetail>(detailOf(
            summaryOf("g", 100),
            {memberOf("slow", {{"t", 0}}), memberOf("fast", {{"t", 1}}), memberOf("none", {})},
            {partitionOf("t", 0, 5, 100, 0), partitionOf("t", 1, 95, 100, 1)}));
        MemberModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(detail);
        QCOMPARE(model.rowCount(), 3);
        const auto remark = [&](int row) {
            return model.index(row, MemberModel::Remark).data().toString();
        };
        QCOMPARE(model.index(2, MemberModel::ClientId).data().toString(), QStringLiteral("slow"));
        QCOMPARE(remark(2), QStringLiteral("slowest: 95 % of the lag"));
        QVERIFY(remark(0).isEmpty());
        QCOMPARE(model.index(1, MemberModel::Lag).data().toString(), QStringLiteral("–"));
        model.show(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void aTargetSaysWhatComesAndGoes()
    {
        const auto detail = std::make_shared<const GroupDetail>(
            detailOf(summaryOf("g", 1),
                     {memberOf("c", {{"t", 0}, {"t", 1}}, {{{"t", 1}, {"t", 2}, {"t", 3}}})},
                     {partitionOf("t", 0, 1, 2, 0)}));
        MemberModel members;
        members.show(detail);
        QVERIFY(members.hasTargets());
        QCOMPARE(members.index(0, MemberModel::Assignment).data().toString(),
                 QStringLiteral("t 0–1"));
        QCOMPARE(members.index(0, MemberModel::Target).data().toString(), QStringLiteral("t 1–3"));
        QCOMPARE(members.index(0, MemberModel::Remark).data().toString(),
                 QStringLiteral("on the way to its target: 2 to come, 1 to go"));
        AssignmentModel assignment;
        QAbstractItemModelTester tester(&assignment, strict);
        assignment.show(detail.get(), detail->description.members[0].memberId);
        QStringList words;
        for (int row = 0; row < assignment.rowCount(); ++row)
            words << assignment.index(row, AssignmentModel::Assignment).data().toString();
        QCOMPARE(words, (QStringList{QStringLiteral("◑ to go"), QStringLiteral("● owned"),
                                     QStringLiteral("◐ to come"), QStringLiteral("◐ to come")}));
        assignment.show(detail.get(), "another");
        QCOMPARE(assignment.rowCount(), 0);
    }

    void topicsTellTheirReadersAndTheirTroubles()
    {
        workspace::TopicRow orders;
        orders.info.name = "orders";
        orders.info.partitions = {{0, 1, {}}, {1, std::nullopt, {}}};
        orders.records = 12'345;
        workspace::TopicRow read = orders;
        read.readersKnown = true;
        read.readers = {GroupId("billing"), GroupId("gone")};
        const auto list = [](workspace::TopicRow topic) {
            return std::make_shared<const std::vector<workspace::TopicRow>>(1, std::move(topic));
        };
        TopicModel topics;
        QAbstractItemModelTester tester(&topics, strict);
        topics.show(list(orders));
        QCOMPARE(topics.index(0, TopicModel::Readers).data().toString(), QStringLiteral("–"));
        QCOMPARE(topics.index(0, TopicModel::Problem).data().toString(),
                 QStringLiteral("1 of 2 partitions have no leader"));
        topics.show(list(read));
        QCOMPARE(topics.index(0, TopicModel::Readers).data().toString(), QStringLiteral("2"));

        ReaderModel readers;
        QAbstractItemModelTester readerTester(&readers, strict);
        readers.show(&topics.topicAt(0), listOf(Names{"billing"}, 9));
        QCOMPARE(texts(readers), (QStringList{QStringLiteral("billing|● Stable|–|9"),
                                              QStringLiteral("gone|? Unknown|–|–")}));
        TopicPartitionModel partitions;
        QAbstractItemModelTester partitionTester(&partitions, strict);
        partitions.show(&topics.topicAt(0).info);
        QCOMPARE(texts(partitions),
                 (QStringList{QStringLiteral("0|1|"), QStringLiteral("1|–|no leader")}));
        topics.show(nullptr);
        readers.show(nullptr, nullptr);
        partitions.show(nullptr);
        QCOMPARE(topics.rowCount() + readers.rowCount() + partitions.rowCount(), 0);
    }

    void theHistoryTableFollowsTheLinesOfTheChart()
    {
        workspace::GroupHistory history;
        history.total =
            seriesOf("", 4, [](int i) { return i == 1 ? std::optional<std::int64_t>() : i; });
        history.partitions = {seriesOf("t/0", 4, [](int i) { return i * 10; }),
                              seriesOf("t/1", 4, [](int i) { return i * 20; })};
        const TimeSpan span{noon() - std::chrono::minutes(15), noon()};
        HistoryModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(&history, {{"t/1"}, 1}, span);
        QCOMPARE(texts(model)[1], QStringLiteral("11:03:12 UTC|–|20"));
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.show(&history, {{"t/1", "t/0"}, 0}, span);
        QCOMPARE(model.columnCount(), 4);
        QCOMPARE(texts(model)[3], QStringLiteral("11:03:22 UTC|3|60|30"));
        QCOMPARE(model.headerData(3, Qt::Horizontal).toString(), QStringLiteral("t/0"));
        model.show(&history, {{"t/1", "t/0"}, 0}, {noon() - Millis(1), noon()});
        QCOMPARE(model.rowCount(), 1);
        model.show(nullptr, {}, span);
        QCOMPARE(model.columnCount(), 2);
        QCOMPARE(reset.size(), 0);
    }

    void aLineThatWasNotReadJustThenIsBlankAndOneThatStoodStillKeepsItsValue()
    {
        const auto point = [](int secondsAgo, std::optional<std::int64_t> value) {
            return monitor::HistoryPoint{.time = noon() - std::chrono::seconds(secondsAgo),
                                         .last = value,
                                         .low = value.value_or(0),
                                         .high = value.value_or(0)};
        };
        workspace::GroupHistory history;
        history.total = {.name = {}, .points = {point(10, 5), point(0, 5)}};
        history.partitions = {
            {.name = "t/0", .points = {point(6, 7), point(4, std::nullopt), point(0, 9)}},
            {.name = "t/1", .points = {point(8, 1), point(0, 2)}}};
        HistoryModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(&history, {{"t/0", "t/1"}, 0}, {noon() - std::chrono::minutes(15), noon()});
        QCOMPARE(
            texts(model),
            (QStringList{QStringLiteral("11:03:12 UTC|5||"), QStringLiteral("11:03:14 UTC|5||1"),
                         QStringLiteral("11:03:16 UTC|5|7|"), QStringLiteral("11:03:18 UTC|5|–|"),
                         QStringLiteral("11:03:22 UTC|5|9|2")}));
    }
};

QTEST_MAIN(TestModelsCells)
#include "tst_models_cells.moc"
