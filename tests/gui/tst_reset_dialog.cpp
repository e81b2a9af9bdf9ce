#include "resetopen.h"
#include "ui/bridge/background.h"
#include "ui/models/planmodel.h"

#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QToolButton>

using namespace redrive;
using namespace redrive::ui;
using namespace redrive::test;
using namespace Qt::StringLiterals;

class ResetDialogTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { isolateSettings(); }
    void init() { failOnWarnings(); }
    void cleanup() { QVERIFY(finishBackground(Millis(5000))); }

    void nothingIsChosenAndNothingIsPlannedByItself()
    {
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
        QVERIFY(open.button("plan-apply")->accessibleDescription().contains(u"no plan yet"_s));
        QVERIFY(!open.button("plan-apply")->isDefault());
        QVERIFY(open.button("plan-cancel")->isDefault());
    }

    void whatIsEnteredIsPlannedOnceAfterAPause()
    {
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
        QCOMPARE(open.button("plan-apply")->text().remove(u'&'), u"Move 3 partitions"_s);
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

    void aTopicTheGroupNeverReadCanBeAdded()
    {
        Open open;
        open.choose("reset-to-latest");
        auto *field = open.find<QLineEdit>("reset-new-topic");
        field->setFocus();
        field->setText(u"returns"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(open.dialog->isVisible());
        QTRY_COMPARE(open.twin().planned.size(), std::size_t(1));
        QCOMPARE(open.twin().planned.front().scope.topics.front().topic, std::string("returns"));
    }

    void aNewPartitionIsNotTakenInWherePartitionsWereNamed()
    {
        Open open;
        OffsetWish wish{
            GroupId("billing"), {{{"orders", {0, 1, 2}}}, false}, offsets::to::Shift{1}, false};
        open.dialog->fillIn(wish);
        QTRY_COMPARE(open.twin().planned.size(), std::size_t(1));
        open.cluster.show(clusterOf(5));
        QTest::qWait(ResetDialog::pauseMillis * 2);
        open.choose("reset-to-earliest");
        QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
        QCOMPARE(open.twin().planned.back().scope.topics.front().partitions.size(), std::size_t(3));
    }

    void aPlanThatWasStoppedCannotBeApplied()
    {
        Open open;
        open.planEarliest();
        open.twin().holds = true;
        open.choose("reset-to-latest");
        QTRY_COMPARE(open.twin().planned.size(), std::size_t(2));
        QVERIFY(!open.button("plan-apply")->isEnabled());
        QVERIFY(open.button("plan-stop")->isVisible());
        QCOMPARE(open.table()->proxy().rowCount(), 3); // the old rows, greyed
        open.button("plan-stop")->click();
        auto stopped = open.twin().snapshotOf(JobState::Planning, open.twin().planned.back());
        stopped.state = JobState::Cancelled;
        open.twin().say(stopped);
        QTRY_VERIFY(open.words("plan-message").contains(u"Stopped"_s));
        QVERIFY(!open.button("plan-apply")->isEnabled());
        QVERIFY(!open.isPlanned());
    }

    void enterInAFieldNeitherClosesNorApplies()
    {
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

    void thePlanIsCopiedAsACommandAndFilledFromAWish()
    {
        Open open;
        open.dialog->fillIn({GroupId("billing"),
                             {{{"orders", {1}}}, false},
                             offsets::to::Exact{Offset(12)},
                             false});
        QTRY_VERIFY(open.isPlanned());
        QCOMPARE(open.find<QLineEdit>("reset-offset")->text(), u"12"_s);
        open.find<QAction>("plan-copy-kafka")->trigger();
        const QString kafka = QGuiApplication::clipboard()->text();
        QVERIFY2(kafka.contains(u"--reset-offsets"_s) && kafka.contains(u"orders:1"_s) &&
                     kafka.contains(u"broker-1:9092"_s),
                 qPrintable(kafka));
        open.find<QAction>("plan-copy-redrivectl")->trigger();
        const QString ours = QGuiApplication::clipboard()->text();
        QVERIFY2(ours.contains(u"--profile payments-eu"_s) && ours.contains(u"offset:12"_s),
                 qPrintable(ours));
    }

    void aFileOfOffsetsIsReadInTheBackground()
    {
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

    void everyControlHasANameAndNoTwoWantTheSameKey()
    {
        Open open({.mode = kafka::AccessMode::Confirm, .production = true});
        open.planPastTheEnd();
        QMap<QString, QString> keys;
        for (const auto *widget : open.dialog->findChildren<QWidget *>()) {
            if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus))
                continue;
            const auto *button = qobject_cast<const QAbstractButton *>(widget);
            const bool isNamed =
                !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
            const bool isPart = widget->objectName().startsWith(u"qt_"_s);
            QVERIFY2(isNamed || isPart, qPrintable(widget->objectName()));
        }
        const auto note = [&](const QString &text, const QString &who) {
            const auto at = text.indexOf(u'&');
            if (at < 0)
                return;
            const QString key = text.mid(at + 1, 1).toLower();
            QVERIFY2(!keys.contains(key), qPrintable(key + u": "_s + keys.value(key) + who));
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

    void aThousandPartitionsAreTickedAndShown()
    {
        Open open({}, factsOf("billing", 500));
        open.cluster.show(clusterOf(500));
        QElapsedTimer clock;
        clock.start();
        open.find<QToolButton>("reset-scope-all")->click();
        open.choose("reset-to-earliest");
        qInfo("1,000 partitions ticked in %lld ms", clock.elapsed());
        QTRY_VERIFY(open.isPlanned());
        QCOMPARE(open.table()->proxy().rowCount(), 1000);
    }
};

QTEST_MAIN(ResetDialogTest)
#include "tst_reset_dialog.moc"
