#include "resetfixture.h"
#include "sessionsfixture.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/models/planmodel.h"
#include "ui/widgets/datatable.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QTreeWidget>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

namespace {

std::shared_ptr<Snapshot> clusterOf(int partitions) {
  auto billing = summaryOf("billing", 18'402, GroupState::Empty);
  billing.topics = {"orders", "payments"};
  auto snapshot =
      snapshotOf({billing, summaryOf("audit", 3, GroupState::Empty)});
  std::vector<workspace::TopicRow> topics;
  for (const char *name : {"orders", "payments", "returns"}) {
    workspace::TopicRow row;
    row.info.name = name;
    for (int p = 0; p < partitions; ++p)
      row.info.partitions.push_back({p, 1, {}});
    topics.push_back(row);
  }
  snapshot->topics =
      std::make_shared<const std::vector<workspace::TopicRow>>(topics);
  return snapshot;
}

struct Open {
  explicit Open(kafka::AccessPolicy policy = {},
                offsets::Facts facts = factsOf("billing", 3))
      : runner(std::make_shared<TwinOffsets>(std::move(facts))),
        cluster(u"payments-eu"_s, policy, {}) {
    cluster.setOffsetRunner(runner);
    cluster.setRunner(sessions);
    cluster.show(clusterOf(3));
    dialog = new ResetDialog(&cluster, settings, GroupId("billing"));
    dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    bringUp(*dialog);
  }
  ~Open() { delete dialog; }

  template <typename T> T *find(const char *name) const {
    T *const found = dialog->findChild<T *>(QLatin1StringView(name));
    if (!found)
      qFatal("no %s", name);
    return found;
  }
  OffsetTwin &twin() const { return *runner->twins.front(); }
  QPushButton *button(const char *name) const {
    return find<QPushButton>(name);
  }
  QString words(const char *name) const { return find<QLabel>(name)->text(); }
  void tick(const QString &topic) const {
    auto *tree = find<QTreeWidget>("reset-scope");
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
      if (tree->topLevelItem(i)->text(0).startsWith(topic))
        tree->topLevelItem(i)->setCheckState(0, Qt::Checked);
    }
  }
  void choose(const char *way) const { find<QRadioButton>(way)->click(); }
  bool isPlanned() const { return button("plan-copy")->isEnabled(); }
  void planEarliest() const {
    tick(u"orders"_s);
    choose("reset-to-earliest");
    QTRY_VERIFY(isPlanned());
  }
  /// All three partitions; two of them cannot go there.
  void planPastTheEnd() const {
    tick(u"orders"_s);
    choose("reset-to-offset");
    find<QLineEdit>("reset-offset")->setText(u"36,624"_s);
    QTRY_VERIFY(isPlanned());
  }
  DataTable *table() const { return find<DataTable>("plan-table"); }
  QString cell(int row, int column) const {
    return table()->proxy().index(row, column).data().toString();
  }

  Settings settings;
  std::shared_ptr<TwinOffsets> runner;
  std::shared_ptr<TwinRunner> sessions = std::make_shared<TwinRunner>();
  ClusterView cluster;
  ResetDialog *dialog = nullptr;
};

} // namespace

class ResetDialogTest : public QObject {
  Q_OBJECT
private slots:
  void initTestCase() { isolateSettings(); }
  void init() { failOnWarnings(); }
  void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

  void nothingIsChosenAndNothingIsPlannedByItself() {
    Open open;
    auto *tree = open.find<QTreeWidget>("reset-scope");
    QCOMPARE(tree->topLevelItemCount(), 2);
    QCOMPARE(tree->topLevelItem(0)->text(0), u"orders (3)"_s);
    for (int i = 0; i < 2; ++i)
      QCOMPARE(tree->topLevelItem(i)->checkState(0), Qt::Unchecked);
    for (const auto *way : open.dialog->findChildren<QRadioButton *>())
      QVERIFY(!way->isChecked());
    QTest::qWait(ResetDialog::pauseMillis * 2);
    QVERIFY(open.twin().planned.empty());
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(open.button("plan-apply")
                ->accessibleDescription()
                .contains(u"no plan yet"_s));
    QVERIFY(!open.button("plan-apply")->isDefault());
    QVERIFY(open.button("plan-cancel")->isDefault());
  }

  void whatIsEnteredIsPlannedOnceAfterAPause() {
    Open open;
    open.tick(u"orders"_s);
    open.choose("reset-to-latest");
    open.choose("reset-to-earliest");
    QVERIFY(open.twin().planned.empty());
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(1));
    offsets::PlanRequest asked;
    asked.group = GroupId("billing");
    asked.scope.topics = {{"orders", {}}};
    asked.target = offsets::to::Earliest{};
    QCOMPARE(open.twin().planned.front(), asked);
    QTRY_COMPARE(open.table()->proxy().rowCount(), 3);
    QCOMPARE(open.button("plan-apply")->text().remove(u'&'),
             u"Move 3 partitions"_s);
    QVERIFY(open.button("plan-apply")->isEnabled());
    QVERIFY(open.words("plan-sums").contains(u"again"_s));
    // Partitions one by one.
    open.find<QTreeWidget>("reset-scope")
        ->topLevelItem(0)
        ->child(1)
        ->setCheckState(0, Qt::Unchecked);
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
    QCOMPARE(open.twin().planned.back().scope.topics.front().partitions,
             (std::vector<std::int32_t>{0, 2}));
  }

  void aTopicTheGroupNeverReadCanBeAdded() {
    Open open;
    open.choose("reset-to-latest");
    auto *field = open.find<QLineEdit>("reset-new-topic");
    field->setFocus();
    QTest::keyClicks(field, u"returns"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QVERIFY(open.dialog->isVisible());
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(1));
    QCOMPARE(open.twin().planned.front().scope.topics.front().topic,
             std::string("returns"));
  }

  void aNewPartitionIsNotTakenInWherePartitionsWereNamed() {
    Open open;
    OffsetWish wish{GroupId("billing"),
                    {{{"orders", {0, 1, 2}}}, false},
                    offsets::to::Shift{1},
                    false};
    open.dialog->fillIn(wish);
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(1));
    open.cluster.show(clusterOf(5));
    QTest::qWait(ResetDialog::pauseMillis * 2);
    open.choose("reset-to-earliest");
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
    QCOMPARE(open.twin().planned.back().scope.topics.front().partitions.size(),
             std::size_t(3));
  }

  void aPlanThatWasStoppedCannotBeApplied() {
    Open open;
    open.planEarliest();
    open.twin().holds = true;
    open.choose("reset-to-latest");
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(open.button("plan-stop")->isVisible());
    QCOMPARE(open.table()->proxy().rowCount(), 3); // the old rows, greyed
    open.button("plan-stop")->click();
    auto stopped =
        open.twin().snapshotOf(JobState::Planning, open.twin().planned.back());
    stopped.state = JobState::Cancelled;
    open.twin().say(stopped);
    QTRY_VERIFY(open.words("plan-message").contains(u"Stopped"_s));
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(!open.isPlanned());
  }

  void aRowThatNeedsADecisionIsLeftOutOrKeepsThePlanFromBeingApplied() {
    Open open;
    open.planPastTheEnd();
    const QPushButton *apply = open.button("plan-apply");
    QVERIFY(!apply->isEnabled());
    QVERIFY(apply->toolTip().contains(u"decision"_s));
    QVERIFY(open.cell(0, PlanModel::Next).startsWith(u"✕"_s));
    QVERIFY(open.button("plan-leave-out")->isVisible());
    open.button("plan-leave-out")->click();
    QTRY_VERIFY(apply->isEnabled());
    QCOMPARE(open.table()->proxy().rowCount(), 1);
    open.button("plan-apply")->click();
    QCOMPARE(open.twin().applied.size(), std::size_t(1));
    QCOMPARE(open.twin().applied.front().rows.size(), std::size_t(1));
  }

  void aReadOnlyProfileLooksAndDoesNoMore() {
    Open open({.mode = kafka::AccessMode::ReadOnly, .production = true});
    open.planEarliest();
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(open.button("plan-apply")->toolTip().contains(u"read-only"_s));
    QVERIFY(!open.find<QLineEdit>("plan-confirm-name")->isVisible());
  }

  void theNameIsTypedWhereTheProfileWantsIt() {
    Open open({.mode = kafka::AccessMode::Confirm, .production = true});
    open.planEarliest();
    auto *name = open.find<QLineEdit>("plan-confirm-name");
    QVERIFY(name->isVisible());
    QCOMPARE(name->accessibleName(), u"Type the group's name"_s);
    name->setText(u"Billing"_s);
    QVERIFY(!open.button("plan-apply")->isEnabled());
    name->setText(u"billing"_s);
    QVERIFY(open.button("plan-apply")->isEnabled());
    open.find<QLineEdit>("plan-reason")->setText(u"OPS-17"_s);
    open.button("plan-apply")->click();
    QCOMPARE(open.twin().confirmation.typedName,
             std::optional<std::string>("billing"));
    QVERIFY(open.twin().confirmation.yes);
    QCOMPARE(open.twin().reason, std::string("OPS-17"));
  }

  void enterInAFieldNeitherClosesNorApplies() {
    Open open;
    open.planEarliest();
    auto *reason = open.find<QLineEdit>("plan-reason");
    reason->setFocus();
    QTest::keyClick(reason, Qt::Key_Return);
    QVERIFY(open.dialog->isVisible());
    QVERIFY(open.twin().applied.empty());
    QTest::keyClick(open.dialog, Qt::Key_Escape);
    QVERIFY(!open.dialog->isVisible());
  }

  void theOutcomeStandsInTheSameTableAndIsUndoneThere() {
    Open open;
    open.planEarliest();
    open.button("plan-apply")->click();
    QVERIFY(!open.button("plan-apply")->isEnabled());
    open.twin().say(open.twin().doneOf({{"orders", 1}}, {{"orders", 2}}));
    QTRY_VERIFY(open.button("plan-undo")->isVisible());
    QVERIFY(!open.table()->isColumnHidden(PlanModel::Outcome));
    QStringList outcomes;
    for (int row = 0; row < 3; ++row)
      outcomes << open.cell(row, PlanModel::Outcome);
    outcomes.sort();
    QCOMPARE(outcomes, (QStringList{u"? UNKNOWN"_s, u"✓ CONFIRMED"_s,
                                    u"✕ NOT APPLIED"_s}));
    QVERIFY(open.words("plan-sums").contains(u"1 of 3 partitions CONFIRMED"_s));
    QVERIFY(open.words("plan-sums").contains(u"j17"_s));
    QVERIFY(!open.button("plan-apply")->isVisible());

    open.button("plan-undo")->click();
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
    QVERIFY(std::holds_alternative<offsets::to::Undo>(
        open.twin().planned.back().target));
    QTRY_VERIFY(open.button("plan-apply")->isEnabled());
    QCOMPARE(open.button("plan-apply")->text().remove(u'&'),
             u"Put back 2 partitions"_s);
    QVERIFY(open.words("reset-fixed").contains(u"j17"_s));
    QVERIFY(open.table()->isColumnHidden(PlanModel::Outcome));
  }

  void aPlanOutOfDateIsSaidPlannedAnewAndAskedForAgain() {
    Open open({.mode = kafka::AccessMode::Confirm, .production = false});
    open.planEarliest();
    open.find<QLineEdit>("plan-confirm-name")->setText(u"billing"_s);
    open.button("plan-apply")->click();
    open.twin().say(open.twin().refusalOf(
        "PLAN_OUT_OF_DATE",
        "orders partition 1: 18221 was committed, now 18300 is"));
    QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
    QTRY_VERIFY(open.isPlanned());
    QVERIFY(open.words("plan-message").contains(u"now 18300"_s));
    QVERIFY(
        !open.button("plan-apply")->isEnabled()); // the name is asked for again
    open.find<QLineEdit>("plan-confirm-name")->setText(u"billing"_s);
    QVERIFY(open.button("plan-apply")->isEnabled());
    QCOMPARE(open.twin().applied.size(), std::size_t(1));
  }

  void commitsThatMoveWantATickOfTheirOwn() {
    Open open;
    open.planEarliest();
    open.button("plan-apply")->click();
    open.twin().say(
        open.twin().refusalOf("COMMITS_MOVE", "orders partition 0 moved"));
    auto *tick = open.find<QCheckBox>("plan-even-if-moving");
    QTRY_VERIFY(tick->isVisible());
    QVERIFY(!tick->isChecked());
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(open.words("plan-message").contains(u"moved"_s));
    tick->click();
    QVERIFY(open.button("plan-apply")->isEnabled());
    open.button("plan-apply")->click();
    QCOMPARE(open.twin().orders.back(), std::string("apply even if moving"));
  }

  void aGroupWithMembersIsWaitedFor() {
    auto facts = factsOf("billing", 3, GroupState::Stable);
    facts.group.members = {memberOf("billing-1", {{"orders", 0}})};
    Open open({}, std::move(facts));
    open.planEarliest();
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(open.words("plan-way").contains(u"empty"_s));
    auto *wait = open.button("plan-wait");
    QVERIFY(wait->isVisible());
    QVERIFY(wait->isEnabled());
    const auto choices = wait->menu()->actions();
    choices.at(1)->trigger();
    QCOMPARE(open.twin().orders.back(), std::string("wait 30"));
    QVERIFY(!open.find<QTreeWidget>("reset-scope")->isEnabled());
    open.twin().say(waitingOf(open.twin(), 2));
    QTRY_VERIFY(open.words("plan-status").contains(u"2 members left"_s));
    QVERIFY(open.words("plan-status").contains(u"expires in"_s));
    QCOMPARE(open.button("plan-stop")->text(), u"Stop waiting"_s);
    open.button("plan-stop")->click();
    QCOMPARE(open.twin().orders.back(), std::string("cancel"));
    auto ended = waitingOf(open.twin(), 2);
    ended.state = JobState::Cancelled;
    open.twin().say(ended);
    QTRY_VERIFY(open.words("plan-message").contains(u"nothing was sent"_s));
    QVERIFY(open.find<QTreeWidget>("reset-scope")->isEnabled());
  }

  void aSessionOfThisWindowIsMovedBySeeking() {
    Open open;
    const auto running = open.sessions->next();
    auto snapshot = runningSnapshot("billing");
    for (int p = 0; p < 3; ++p)
      snapshot.lanes.push_back(laneOf("orders", p, 18'220 + p, 36'622));
    running->show(snapshot);
    ConsumerSessions &sessions = open.cluster.sessions();
    sessions.start(requestOf("billing"));
    QTRY_VERIFY(sessions.entries().front()->snapshot);
    open.planEarliest();
    QVERIFY(!open.button("plan-apply")->isEnabled());
    QVERIFY(open.button("plan-apply")->toolTip().contains(u"session"_s));
    QVERIFY(open.button("plan-seek-session")->isVisible());
    QVERIFY(open.button("plan-seek-session")->isEnabled());
    open.button("plan-seek-session")->click();
    QCOMPARE(running->ordered().size(), std::size_t(3));
    QCOMPARE(running->ordered().front(), std::string("seek orders/0 0"));
    QVERIFY(open.twin().applied.empty());
    running->end(consumer::SessionState::Stopped);
    QTRY_VERIFY(open.words("plan-sums").contains(u"3 UNKNOWN"_s));
    QTRY_COMPARE(sessions.alive(), std::size_t(0));
  }

  void thePlanIsCopiedAsACommandAndFilledFromAWish() {
    Open open;
    open.dialog->fillIn({GroupId("billing"),
                         {{{"orders", {1}}}, false},
                         offsets::to::Exact{Offset(12)},
                         false});
    QTRY_VERIFY(open.isPlanned());
    QCOMPARE(open.find<QLineEdit>("reset-offset")->text(), u"12"_s);
    open.find<QAction>("plan-copy-kafka")->trigger();
    const QString kafka = QGuiApplication::clipboard()->text();
    QVERIFY2(kafka.contains(u"--reset-offsets"_s) &&
                 kafka.contains(u"orders:1"_s) &&
                 kafka.contains(u"broker-1:9092"_s),
             qPrintable(kafka));
    open.find<QAction>("plan-copy-redrivectl")->trigger();
    const QString ours = QGuiApplication::clipboard()->text();
    QVERIFY2(ours.contains(u"--profile payments-eu"_s) &&
                 ours.contains(u"offset:12"_s),
             qPrintable(ours));
  }

  void aFileOfOffsetsIsReadInTheBackground() {
    Open open;
    QTemporaryDir directory;
    const QString path = directory.filePath(u"offsets.csv"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("orders,0,11\norders,2,13\n");
    file.close();
    open.tick(u"orders"_s);
    open.choose("reset-to-file");
    auto *field = open.find<QLineEdit>("reset-file");
    field->setText(path);
    emit field->editingFinished();
    QTRY_VERIFY(open.isPlanned());
    QCOMPARE(open.twin().planned.back().spec, "csv:" + path.toStdString());
    QCOMPARE(open.table()->proxy().rowCount(), 2);
    QCOMPARE(open.cell(0, PlanModel::New), u"11"_s);
  }

  void everyControlHasANameAndNoTwoWantTheSameKey() {
    Open open({.mode = kafka::AccessMode::Confirm, .production = true});
    open.planPastTheEnd();
    QMap<QString, QString> keys;
    for (const auto *widget : open.dialog->findChildren<QWidget *>()) {
      if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus))
        continue;
      const auto *button = qobject_cast<const QAbstractButton *>(widget);
      const bool isNamed = !widget->accessibleName().isEmpty() ||
                           (button && !button->text().isEmpty());
      const bool isPart = widget->objectName().startsWith(u"qt_"_s);
      QVERIFY2(isNamed || isPart, qPrintable(widget->objectName()));
    }
    const auto note = [&](const QString &text, const QString &who) {
      const auto at = text.indexOf(u'&');
      if (at < 0)
        return;
      const QString key = text.mid(at + 1, 1).toLower();
      QVERIFY2(!keys.contains(key),
               qPrintable(key + u": "_s + keys.value(key) + who));
      keys.insert(key, who);
    };
    for (const auto *button : open.dialog->findChildren<QAbstractButton *>()) {
      if (button->isVisible())
        note(button->text(), button->objectName());
    }
    for (const auto *label : open.dialog->findChildren<QLabel *>()) {
      if (label->isVisible() && label->buddy())
        note(label->text(), label->text());
    }
    QVERIFY(keys.size() > 10);
  }

  void aThousandPartitionsAreTickedAndShownWithoutAPause() {
    Open open({}, factsOf("billing", 500));
    open.cluster.show(clusterOf(500));
    QElapsedTimer clock;
    clock.start();
    open.find<QToolButton>("reset-scope-all")->click();
    open.choose("reset-to-earliest");
    const auto ticked = clock.elapsed();
    QVERIFY2(ticked < 500, qPrintable(QString::number(ticked)));
    QTRY_VERIFY(open.isPlanned());
    QCOMPARE(open.table()->proxy().rowCount(), 1000);
  }
};

QTEST_MAIN(ResetDialogTest)
#include "tst_reset_dialog.moc"
