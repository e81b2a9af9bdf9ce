#include "modelfixture.h"
#include "resetfixture.h"
#include "ui/models/planmodel.h"
#include "ui/models/tableproxy.h"

#include <QElapsedTimer>
#include <QRandomGenerator>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

offsets::Plan planOf(int partitions, const offsets::Target &target)
{
    OffsetTwin twin;
    twin.facts = factsOf("billing", partitions);
    twin.looksAround = true;
    offsets::PlanRequest request;
    request.group = GroupId("billing");
    request.scope.topics = {{"orders", {}}, {"payments", {}}};
    request.target = target;
    return twin.make(request);
}

QString cell(const PlanModel &model, int row, int column)
{
    return model.index(row, column).data().toString();
}

} // namespace

class ResetModelTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

    void aRowSaysWhereItGoesAndWhatThatCosts()
    {
        PlanModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.show(planOf(2, offsets::to::Exact{Offset(12'001)}), false);
        QCOMPARE(model.rowCount(), 4);
        QCOMPARE(cell(model, 0, PlanModel::Topic), u"orders"_s);
        QCOMPARE(cell(model, 0, PlanModel::Committed), u"18,220"_s);
        QCOMPARE(cell(model, 0, PlanModel::New), u"12,001"_s);
        QCOMPARE(cell(model, 0, PlanModel::Again), u"6,219"_s);
        QCOMPARE(cell(model, 0, PlanModel::Skipped), u"0"_s);
        QVERIFY(cell(model, 0, PlanModel::Next).contains(u"ord-12001"_s));
        QVERIFY(!model.hasLosses());
    }

    void whatCannotBeIsSaidInItsRowAndStandsFirst()
    {
        auto plan = planOf(3, offsets::to::Exact{Offset(36'623)});
        PlanModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.show(plan, false);
        const auto errors = model.withErrors();
        QVERIFY(!errors.empty());
        QVERIFY(errors.size() < plan.rows.size());
        TableProxy proxy;
        proxy.setSourceModel(&model);
        proxy.sort(PlanModel::Topic);
        for (int row = 0; row < proxy.rowCount(); ++row) {
            const bool isError =
                proxy.index(row, PlanModel::Next).data().toString().startsWith(u"✕"_s);
            QCOMPARE(isError, row < static_cast<int>(errors.size()));
        }
        QCOMPARE(proxy.index(0, PlanModel::New).data().toString(), unknownText());
        QCOMPARE(proxy.index(0, PlanModel::Again).data().toString(), unknownText());
    }

    void aPlanThatIsBeingMadeShowsWhatIsStillToCome()
    {
        auto plan = planOf(1, offsets::to::Time{noon()});
        QVERIFY(plan.rows[0].error);
        PlanModel model;
        const QAbstractItemModelTester tester(&model, strict);
        model.show(plan, true);
        QCOMPARE(cell(model, 0, PlanModel::New), u"…"_s);
        QVERIFY(model.withErrors().empty());
        model.show(plan, false);
        QCOMPARE(model.withErrors().size(), plan.rows.size());
    }

    void aDeletedCommitIsNoUnknownNumber()
    {
        PlanModel model;
        model.show(planOf(1, offsets::to::Delete{}), false);
        QCOMPARE(cell(model, 0, PlanModel::New), u"deleted"_s);
    }

    void theOutcomeStandsInItsRowInWords()
    {
        PlanModel model;
        const QAbstractItemModelTester tester(&model, strict);
        OffsetTwin twin;
        const auto plan = planOf(2, offsets::to::Earliest{});
        twin.planned.push_back({});
        twin.applied.push_back(plan);
        model.show(plan, false);
        model.showOutcomes(twin.doneOf({{"orders", 1}}, {{"payments", 0}}).applied->rows);
        QCOMPARE(cell(model, 0, PlanModel::Outcome), u"✓ CONFIRMED"_s);
        QCOMPARE(cell(model, 1, PlanModel::Outcome), u"✕ NOT APPLIED"_s);
        QVERIFY(cell(model, 1, PlanModel::Next).contains(u"TOPIC_AUTHORIZATION_FAILED"_s));
        QCOMPARE(cell(model, 2, PlanModel::Outcome), u"? UNKNOWN"_s);
        QCOMPARE(model.index(1, PlanModel::Outcome).data(RawRole).toString(), u"NOT APPLIED"_s);
    }

    void namesAreShownAsTheyAreAndNeverAsMarkup()
    {
        auto plan = planOf(1, offsets::to::Earliest{});
        plan.rows[0].partition.topic = "<b>orders</b>\n";
        plan.rows[0].next->value = "<img src=x>\xff";
        PlanModel model;
        model.show(plan, false);
        QCOMPARE(cell(model, 0, PlanModel::Topic), u"<b>orders</b>\\n"_s);
        QVERIFY(model.index(0, PlanModel::Next)
                    .data(Qt::ToolTipRole)
                    .toString()
                    .contains(u"&lt;img src=x&gt;\\xff"_s));
    }

    void anyPlanAfterAnyOtherIsAsIfItWereTheFirst()
    {
        QRandomGenerator random(17);
        PlanModel model;
        const QAbstractItemModelTester tester(&model, strict);
        for (int round = 0; round < 60; ++round) {
            auto plan =
                planOf(1 + random.bounded(8), offsets::to::Exact{Offset(random.bounded(40'000))});
            std::erase_if(plan.rows, [&](const auto &) { return random.bounded(3) == 0; });
            if (random.bounded(4) == 0)
                model.ageRows();
            model.show(plan, false);
            PlanModel fresh;
            fresh.show(plan, false);
            QCOMPARE(texts(model), texts(fresh));
        }
    }

    void aThousandPartitionsFillStepByStep()
    {
        auto plan = planOf(500, offsets::to::Earliest{});
        QCOMPARE(plan.rows.size(), std::size_t(1000));
        PlanModel model;
        TableProxy proxy;
        proxy.setSourceModel(&model);
        proxy.sort(PlanModel::Topic);
        for (auto &row : plan.rows)
            row.error = brokerError("planning", "not read", "NOT_READ");
        QElapsedTimer clock;
        clock.start();
        constexpr int steps = 50;
        for (int step = 0; step < steps; ++step) {
            for (std::size_t r = 0; r < plan.rows.size() / steps; ++r)
                plan.rows[static_cast<std::size_t>(step) * plan.rows.size() / steps + r]
                    .error.reset();
            model.show(plan, true);
        }
        qInfo("1,000 rows that resolve: %lld ms a step", clock.elapsed() / steps);
        QCOMPARE(proxy.rowCount(), 1000);
    }
};

QTEST_MAIN(ResetModelTest)
#include "tst_reset_model.moc"
