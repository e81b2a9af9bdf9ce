#include "modelfixture.h"

#include <QAbstractItemModelTester>
#include <QRandomGenerator>
#include <QSignalSpy>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;

namespace {

GroupList many(int count, int changedEvery = 0)
{
    std::vector<GroupSummary> groups;
    for (int i = 0; i < count; ++i)
        groups.push_back(summaryOf("group-" + std::to_string(100'000 + i),
                                   changedEvery > 0 && i % changedEvery == 0 ? 2 : 1));
    return listOf(std::move(groups));
}

} // namespace

/// Rows come, go and change without the view losing its place.
class TestModelsRows : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

    void aNewGroupIsInsertedWhereItsNameStands()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf(Names{"a", "c"}), nullptr);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.show(listOf(Names{"a", "b", "c"}), nullptr);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(inserted[0][1].toInt(), 1);
        QCOMPARE(inserted[0][2].toInt(), 1);
        QCOMPARE(model.index(1, GroupModel::Group).data().toString(), QStringLiteral("b"));
    }

    void groupsThatWentAreRemovedInRunsFromTheBottom()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf(Names{"a", "b", "c", "d", "e"}), nullptr);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        model.show(listOf(Names{"c"}), nullptr);
        QCOMPARE(removed.size(), 2);
        QCOMPARE(removed[0][1].toInt(), 3);
        QCOMPARE(removed[0][2].toInt(), 4);
        QCOMPARE(removed[1][1].toInt(), 0);
        QCOMPARE(removed[1][2].toInt(), 1);
    }

    void onlyTheChangedRowsAreTold()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 1), summaryOf("c", 1),
                           summaryOf("d", 1), summaryOf("e", 1)}),
                   nullptr);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 2), summaryOf("c", 3),
                           summaryOf("d", 1), summaryOf("e", 1)}),
                   nullptr);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 1);
        QCOMPARE(changed[0][1].toModelIndex().row(), 2);
    }

    void aSnapshotThatSaysTheSameSaysNothing()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf(Names{"a", "b"}), nullptr);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.show(listOf(Names{"a", "b"}), nullptr);
        QCOMPARE(changed.size() + inserted.size(), 0);
    }

    void aSelectedGroupStaysSelectedWhenOthersComeAndGo()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(listOf(Names{"b", "d", "f"}), nullptr);
        const QPersistentModelIndex chosen = model.index(1, GroupModel::Group);
        model.show(listOf(Names{"a", "c", "d", "e"}), nullptr);
        QVERIFY(chosen.isValid());
        QCOMPARE(chosen.data().toString(), QStringLiteral("d"));
        QCOMPARE(chosen.row(), 2);
    }

    void scatteredChangesKeepTheSelectionWithFewSignals()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        std::vector<GroupSummary> even;
        std::vector<GroupSummary> thirds;
        for (int i = 0; i < 600; ++i) {
            if (i % 2 == 0)
                even.push_back(summaryOf("g" + std::to_string(1000 + i), 1));
            if (i % 3 == 0)
                thirds.push_back(summaryOf("g" + std::to_string(1000 + i), 1));
        }
        model.show(listOf(even), nullptr);
        const QPersistentModelIndex chosen = model.index(model.find(GroupId("g1300")), 1);
        const QPersistentModelIndex leaving = model.index(model.find(GroupId("g1302")), 1);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.show(listOf(thirds), nullptr);
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(removed.size(), 1);
        QCOMPARE(reset.size(), 0);
        QVERIFY(chosen.isValid());
        QCOMPARE(chosen.data().toString(), QStringLiteral("g1300"));
        QVERIFY(!leaving.isValid());
        GroupModel fresh;
        fresh.show(listOf(thirds), nullptr);
        QCOMPARE(texts(model), texts(fresh));
    }

    void fromEmptyToFullToEmpty()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        model.show(nullptr, nullptr);
        QCOMPARE(model.rowCount(), 0);
        model.show(many(100), nullptr);
        QCOMPARE(model.rowCount(), 100);
        model.show(listOf(Names{}), nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void afterAnyHistoryAModelEqualsAFreshOne()
    {
        GroupModel model;
        QAbstractItemModelTester tester(&model, strict);
        QRandomGenerator random(20261121);
        for (int round = 0; round < 200; ++round) {
            std::vector<GroupSummary> groups;
            const int density = static_cast<int>(random.bounded(1, 100));
            for (int i = 0; i < 150; ++i) {
                if (static_cast<int>(random.bounded(100)) < density)
                    groups.push_back(summaryOf("g" + std::to_string(i), random.bounded(3)));
            }
            const GroupList list = listOf(std::move(groups));
            model.show(list, nullptr);
            GroupModel fresh;
            fresh.show(list, nullptr);
            QCOMPARE(texts(model), texts(fresh));
        }
    }

    void tenThousandGroupsAreToldInOneSignal()
    {
        GroupModel model;
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.show(many(10'000), nullptr);
        QCOMPARE(inserted.size(), 1);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.show(many(10'000, 1), nullptr);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(model.glowing(), std::size_t{0});
        model.show(many(10'000, 3), nullptr);
        QCOMPARE(changed.size(), 2);
    }
};

QTEST_MAIN(TestModelsRows)
#include "tst_models_rows.moc"
