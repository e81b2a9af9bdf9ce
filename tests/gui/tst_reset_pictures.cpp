#include "pictures.h"
#include "resetfixture.h"
#include "sessionsfixture.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetclosing.h"
#include "ui/dialogs/resetdialog.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QTreeWidget>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

const std::string longName = "com.example.platform.ordering.fulfilment.shipment-confirmation-"
                             "projection-rebuilder.production.eu-central-1.blue";

offsets::PlanRequest requestFor(const std::string &group, offsets::Target target)
{
    offsets::PlanRequest request;
    request.group = GroupId(group);
    request.scope.topics = {{"orders", {}}};
    request.target = std::move(target);
    return request;
}

struct Scene
{
    Scene(const std::string &group, offsets::Facts facts, kafka::AccessPolicy policy = {})
        : runner(std::make_shared<TwinOffsets>(std::move(facts)))
        , cluster(u"payments-eu"_s, policy, {})
    {
        runner->looksAround = true;
        cluster.setOffsetRunner(runner);
        auto summary = summaryOf(group, 18'402);
        summary.topics = {"orders", "payments", longName + ".orders.v17"};
        auto snapshot = snapshotOf({summary});
        std::vector<workspace::TopicRow> topics;
        for (const std::string &name : summary.topics) {
            workspace::TopicRow row;
            row.info.name = name;
            for (int p = 0; p < 6; ++p)
                row.info.partitions.push_back({p, 1, {}});
            topics.push_back(row);
        }
        snapshot->topics = std::make_shared<const std::vector<workspace::TopicRow>>(topics);
        cluster.show(snapshot);
        dialog = std::make_unique<ResetDialog>(&cluster, settings, GroupId(group));
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->resize(1080, 720);
        dialog->show();
    }
    void plan(const offsets::PlanRequest &request)
    {
        dialog->fillIn({request.group, request.scope, request.target, false});
        QTRY_VERIFY(dialog->findChild<QPushButton *>(u"plan-copy"_s)->isEnabled());
    }
    OffsetTwin &twin() { return *runner->twins.front(); }
    QPushButton *button(const char *name)
    {
        return dialog->findChild<QPushButton *>(QLatin1StringView(name));
    }

    Settings settings;
    std::shared_ptr<TwinOffsets> runner;
    ClusterView cluster;
    std::unique_ptr<ResetDialog> dialog;
};

} // namespace

class ResetPicturesTest : public QObject
{
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }
    void initTestCase()
    {
        isolateSettings();
        Settings().setState(u"plan-table"_s, {});
    }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void everyState_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void everyState()
    {
        QFETCH(const bool, dark);
        theme::apply(dark ? theme::Scheme::Dark : theme::Scheme::Light);
        const auto earliest = requestFor("billing", offsets::to::Exact{Offset(12'001)});

        Scene scene("billing", factsOf("billing", 6));
        take(*scene.dialog, u"reset-empty"_s);
        scene.plan(earliest);
        take(*scene.dialog, u"reset-planned"_s);
        take(*scene.dialog, u"reset-planned"_s, 1.5);
        scene.dialog->findChild<QRadioButton *>(u"reset-to-time"_s)->click();
        take(*scene.dialog, u"reset-entering"_s);
        scene.twin().holds = true;
        QTRY_COMPARE(scene.twin().planned.size(), std::size_t(2));
        take(*scene.dialog, u"reset-planning"_s);
        scene.twin().holds = false;
        scene.plan(requestFor("billing", offsets::to::Exact{Offset(36'625)}));
        take(*scene.dialog, u"reset-errors"_s);
        scene.dialog->resize(900, 600);
        take(*scene.dialog, u"reset-errors-small"_s);
        scene.dialog->resize(1080, 720);
        scene.plan(earliest);
        scene.button("plan-apply")->click();
        take(*scene.dialog, u"reset-applying"_s);
        scene.twin().say(scene.twin().doneOf({{"orders", 2}}, {{"orders", 4}}));
        QTRY_VERIFY(scene.button("plan-undo")->isVisible());
        take(*scene.dialog, u"reset-applied"_s);
        scene.button("plan-undo")->click();
        QTRY_COMPARE(scene.twin().planned.size(), std::size_t(5));
        QTRY_VERIFY(scene.button("plan-apply")->isEnabled());
        take(*scene.dialog, u"reset-undo"_s);

        auto facts = factsOf("billing", 6, GroupState::Stable);
        for (int m = 0; m < 3; ++m)
            facts.group.members.push_back(
                memberOf("billing-" + std::to_string(m + 1), {{"orders", m}}));
        Scene guarded("billing", facts, {.mode = kafka::AccessMode::Confirm, .production = true});
        guarded.plan(earliest);
        take(*guarded.dialog, u"reset-members"_s);
        guarded.dialog->findChild<QLineEdit *>(u"plan-confirm-name"_s)->setText(u"billing"_s);
        guarded.button("plan-wait")->menu()->actions().at(1)->trigger();
        guarded.twin().say(waitingOf(guarded.twin(), 3));
        QTRY_VERIFY(
            guarded.dialog->findChild<QLabel *>(u"plan-status"_s)->text().contains(u"3 members"_s));
        take(*guarded.dialog, u"reset-waiting"_s);
        QMessageBox *const question = askToEndWaiting({&guarded.cluster}, guarded.dialog.get());
        question->show();
        take(*question, u"reset-closing"_s);
        question->close();

        Scene moving("billing", factsOf("billing", 6));
        moving.plan(earliest);
        moving.button("plan-apply")->click();
        moving.twin().say(moving.twin().refusalOf(
            "COMMITS_MOVE", "commits of orders partition 0 and orders partition 3 moved between "
                            "two readings, although the group is Empty"));
        QTRY_VERIFY(moving.dialog->findChild<QWidget *>(u"plan-even-if-moving"_s)->isVisible());
        take(*moving.dialog, u"reset-moving"_s);

        Scene large(longName, factsOf(longName, 1000),
                    {.mode = kafka::AccessMode::ReadOnly, .production = true});
        auto request = requestFor(longName, offsets::to::Shift{-100});
        large.plan(request);
        take(*large.dialog, u"reset-large-read-only"_s);
        large.dialog->resize(900, 600);
        take(*large.dialog, u"reset-large-small"_s);
        large.dialog->resize(large.dialog->minimumSize());
        take(*large.dialog, u"reset-smallest"_s);
    }
};

QTEST_MAIN(ResetPicturesTest)
#include "tst_reset_pictures.moc"
