#include "modelfixture.h"
#include "ui/models/tableproxy.h"
#include "ui/widgets/copying.h"
#include "ui/widgets/datatable.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QScrollBar>
#include <QSignalSpy>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

QStringList names(const QAbstractItemModel &model)
{
    QStringList all;
    for (int row = 0; row < model.rowCount(); ++row)
        all << model.index(row, GroupModel::Group).data().toString();
    return all;
}

Selection everything(const QAbstractItemModel &model, QList<int> columns)
{
    Selection selection{&model, {}, std::move(columns)};
    for (int row = 0; row < model.rowCount(); ++row)
        selection.rows << row;
    return selection;
}

} // namespace

class TestModelsProxy : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init()
    {
        failOnWarnings();
        Settings().setState(u"test-table"_s, {});
    }

    void whatIsUnknownSortsLastBothWays()
    {
        GroupModel model;
        model.show(listOf({summaryOf("a", std::nullopt), summaryOf("b", 20), summaryOf("c", 3)}),
                   nullptr);
        TableProxy proxy;
        QAbstractItemModelTester tester(&proxy,
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
        proxy.setSourceModel(&model);
        proxy.sort(GroupModel::Lag, Qt::AscendingOrder);
        QCOMPARE(names(proxy), (QStringList{u"c"_s, u"b"_s, u"a"_s}));
        proxy.sort(GroupModel::Lag, Qt::DescendingOrder);
        QCOMPARE(names(proxy), (QStringList{u"b"_s, u"c"_s, u"a"_s}));
    }

    void numbersSortAsNumbers()
    {
        GroupModel model;
        model.show(listOf({summaryOf("a", 9), summaryOf("b", 10'000'000'000), summaryOf("c", 100)}),
                   nullptr);
        TableProxy proxy;
        proxy.setSourceModel(&model);
        proxy.sort(GroupModel::Lag, Qt::AscendingOrder);
        QCOMPARE(names(proxy), (QStringList{u"a"_s, u"c"_s, u"b"_s}));
    }

    void rowsMoveOnlyWhenTheyAreSettled()
    {
        GroupModel model;
        TableProxy proxy;
        proxy.setSourceModel(&model);
        model.show(listOf({summaryOf("a", 9), summaryOf("b", 5)}), nullptr);
        proxy.sort(GroupModel::Lag, Qt::DescendingOrder);
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 5)}), nullptr);
        QCOMPARE(names(proxy), (QStringList{u"a"_s, u"b"_s}));
        QVERIFY(proxy.isOutOfPlace());
        proxy.settle();
        QCOMPARE(names(proxy), (QStringList{u"b"_s, u"a"_s}));
        QSignalSpy moved(&proxy, &QAbstractItemModel::layoutChanged);
        proxy.settle();
        QCOMPARE(moved.size(), 0);
    }

    void aFilterThatNoLongerHoldsIsAppliedWhenSettled()
    {
        GroupModel model;
        TableProxy proxy;
        proxy.setSourceModel(&model);
        proxy.setPredicate(
            [&](int row) { return model.row(row).summary->totalLag.value_or(0) > 3; });
        model.show(listOf({summaryOf("a", 9), summaryOf("b", 1)}), nullptr);
        proxy.settle();
        QCOMPARE(names(proxy), QStringList{u"a"_s});
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 9)}), nullptr);
        proxy.settle();
        QCOMPARE(names(proxy), QStringList{u"b"_s});
    }

    void tsvHasAHeaderAndPlainDigits()
    {
        GroupModel model;
        model.show(listOf({summaryOf("a\tb", 18'402), summaryOf("c", std::nullopt)}), nullptr);
        QCOMPARE(toTsv(everything(model, {GroupModel::Group, GroupModel::State, GroupModel::Lag})),
                 u"Group\tState\tLag\na\\tb\tStable\t18402\nc\tStable\t\n"_s);
    }

    void jsonHasNullForWhatIsUnknown()
    {
        GroupModel model;
        model.show(listOf({summaryOf("c", std::nullopt), summaryOf("d", 9'007'199'254'740'993)}),
                   nullptr);
        const QString json = toJson(everything(model, {GroupModel::Group, GroupModel::Lag}));
        const QJsonArray array = QJsonDocument::fromJson(json.toUtf8()).array();
        QCOMPARE(array.size(), 2);
        QVERIFY(array[0].toObject()[u"total_lag"_s].isNull());
        QCOMPARE(array[1].toObject()[u"total_lag"_s].toInteger(), 9'007'199'254'740'993);
        QCOMPARE(array[0].toObject()[u"group"_s].toString(), u"c"_s);
    }

    void aNameThatIsAFormulaIsDefused()
    {
        GroupModel model;
        model.show(listOf({summaryOf("=HYPERLINK(\"x\",\"y\")", 1), summaryOf("plain", 1)}),
                   nullptr);
        const QString csv = toCsv(everything(model, {GroupModel::Group, GroupModel::Lag}));
        QVERIFY2(csv.contains(u"\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",1\n"_s), qPrintable(csv));
        QVERIFY(csv.contains(u"\nplain,1\n"_s));
    }

    void aNameIsQuotedForTheShell()
    {
        QCOMPARE(shellQuoted("billing-v2.eu"), u"billing-v2.eu"_s);
        QCOMPARE(shellQuoted("it's $(rm)"), u"'it'\\''s $(rm)'"_s);
        QCOMPARE(shellQuoted(""), u"''"_s);
        QCOMPARE(shellQuoted("a\nb'\\"), u"$'a\\x0ab\\'\\\\'"_s);
    }

    void theCommandReachesTheClusterAsItWasOpened()
    {
        workspace::Profile profile;
        profile.name = "payments eu";
        profile.bootstrap = "broker-1";
        profile.properties = {{"sasl.password", "keychain:redrive/x"},
                              {"security.protocol", "sasl_ssl"},
                              {"ssl.ca.location", "/etc/my ca.pem"}};
        QCOMPARE(describeCommand(reachOptions(profile, true), "a b"),
                 u"redrivectl --profile 'payments eu' groups describe 'a b'"_s);
        QCOMPARE(describeCommand(reachOptions(profile, false), "-x"),
                 u"redrivectl --bootstrap broker-1 -X security.protocol=sasl_ssl -X "
                 "'ssl.ca.location=/etc/my ca.pem' groups describe -- -x"_s);
    }

    void theSelectedRowsAreCopiedInTheOrderSeen()
    {
        Settings settings;
        GroupModel model;
        DataTable table(&model, settings, u"test-table"_s, u"Groups"_s);
        model.show(listOf({summaryOf("a", 1), summaryOf("b", 2), summaryOf("c", 3)}), nullptr);
        table.sortByColumn(GroupModel::Lag, Qt::DescendingOrder);
        for (int column = 0; column < GroupModel::Count; ++column)
            table.setColumnHidden(column, column != GroupModel::Group && column != GroupModel::Lag);
        table.selectRow(0);
        table.selectionModel()->select(table.proxy().index(2, 0),
                                       QItemSelectionModel::Select | QItemSelectionModel::Rows);
        bringUp(table);
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"Group\tLag\nc\t3\na\t1\n"_s);
        QTest::keyClick(&table, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(QGuiApplication::clipboard()->text().contains(u"\"total_lag\": 3"_s));
    }

    void selectionScrollSortAndWidthsSurviveARefresh()
    {
        Settings settings;
        GroupModel model;
        DataTable table(&model, settings, u"test-table"_s, u"Groups"_s);
        std::vector<GroupSummary> groups;
        for (int i = 0; i < 500; ++i)
            groups.push_back(summaryOf("g" + std::to_string(1000 + i), i));
        model.show(listOf(groups), nullptr);
        table.resize(600, 400);
        table.show();
        table.sortByColumn(GroupModel::Group, Qt::AscendingOrder);
        table.setColumnWidth(GroupModel::Lag, 123);
        table.selectSourceRow(250);
        table.verticalScrollBar()->setValue(table.verticalScrollBar()->value() + 7);
        const int scrolled = table.verticalScrollBar()->value();
        QVERIFY(scrolled > 0);
        for (GroupSummary &group : groups)
            group.totalLag = *group.totalLag + 5;
        table.update([&] { model.show(listOf(groups), nullptr); });
        QCOMPARE(table.currentSourceRow(), 250);
        QCOMPARE(table.verticalScrollBar()->value(), scrolled);
        QCOMPARE(table.columnWidth(GroupModel::Lag), 123);
        QCOMPARE(table.horizontalHeader()->sortIndicatorSection(),
                 static_cast<int>(GroupModel::Group));
    }

    void whatIsLookedAtStaysWhereItIsWhenGroupsAppearAbove()
    {
        Settings settings;
        GroupModel model;
        DataTable table(&model, settings, u"test-table"_s, u"Groups"_s);
        std::vector<GroupSummary> groups;
        for (int i = 0; i < 300; ++i)
            groups.push_back(summaryOf("g" + std::to_string(1000 + i), i));
        model.show(listOf(groups), nullptr);
        table.resize(600, 400);
        table.sortByColumn(GroupModel::Group, Qt::AscendingOrder);
        bringUp(table);
        table.selectSourceRow(200);
        const auto y = [&] { return table.visualRect(table.currentIndex()).y(); };
        const int before = y();
        groups.push_back(summaryOf("a-first", 1));
        groups.push_back(summaryOf("a-second", 1));
        QTest::keyClick(&table, Qt::Key_Shift); // somebody is at work here
        table.setFocus();
        table.update([&] { model.show(listOf(groups), nullptr); });
        QCOMPARE(table.currentIndex().siblingAtColumn(GroupModel::Group).data().toString(),
                 u"g1200"_s);
        QCOMPARE(y(), before);
    }

    void rowsThatHaveJustComeAreSortedWhoeverLooks()
    {
        Settings settings;
        GroupModel model;
        DataTable table(&model, settings, u"test-table"_s, u"Groups"_s);
        table.resize(600, 400);
        table.sortByColumn(GroupModel::Lag, Qt::DescendingOrder);
        bringUp(table);
        table.setFocus();
        QTest::keyClick(&table, Qt::Key_Shift); // somebody is at work here
        table.update([&] { model.show(listOf({summaryOf("a", 1), summaryOf("b", 2)}), nullptr); });
        QVERIFY(!table.proxy().isOutOfPlace());
    }

    void tenThousandGroupsAreRefreshedWithoutAPause()
    {
        Settings settings;
        GroupModel model;
        DataTable table(&model, settings, u"test-table"_s, u"Groups"_s);
        table.resize(900, 600);
        table.sortByColumn(GroupModel::Lag, Qt::DescendingOrder);
        table.show();
        const auto list = [](int salt) {
            std::vector<GroupSummary> groups;
            for (int i = 0; i < 10'000; ++i)
                groups.push_back(
                    summaryOf("group-" + std::to_string(100'000 + i), (i * 7919 + salt) % 5000));
            return listOf(std::move(groups));
        };
        const GroupList first = list(0);
        const GroupList second = list(17);
        QElapsedTimer timer;
        timer.start();
        table.update([&] { model.show(first, nullptr); });
        const auto filled = timer.restart();
        table.update([&] { model.show(second, nullptr); });
        const auto refreshed = timer.elapsed();
        qInfo("10,000 groups: filled in %lld ms, refreshed and sorted in %lld ms", filled,
              refreshed);
        QCOMPARE(table.proxy().rowCount(), 10'000);
        QVERIFY(!table.proxy().isOutOfPlace());
    }
};

QTEST_MAIN(TestModelsProxy)
#include "tst_models_proxy.moc"
