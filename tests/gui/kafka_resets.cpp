// Resets in the window on a real Kafka: planned, applied, read back and undone
// as a person does it, beside what Kafka's own tool says.
#include "app/window/consumerhost.h"
#include "app/window/offsethost.h"
#include "sessionsfixture.h"
#include "shellfixture.h"
#include "tests/support/broker/kafkacluster.h"
#include "tests/support/clients/admin.h"
#include "ui/bridge/background.h"
#include "ui/dialogs/resetdialog.h"
#include "ui/dialogs/resetjobsbutton.h"
#include "ui/models/planmodel.h"
#include "ui/widgets/datatable.h"

#include <QDir>
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

constexpr int slow = 40'000; ///< ms: a coordinator on a busy machine
constexpr int partitions = 3;

using Committed = QMap<int, QString>; ///< of "orders", as Kafka's tool prints it

struct KafkaWindow : ShellFixture
{
    explicit KafkaWindow(const std::string &bootstrap)
        : ShellFixture(&workspace::openSession)
    {
        qputenv("XDG_DATA_HOME", path(u"data"_s).toLocal8Bit());
        connector->setRunnerFactory(&window::makeRunner);
        connector->setOffsetRunnerFactory(&window::makeOffsetRunner);
        showWindow();
        workspace::Profile profile;
        profile.name = "kafka";
        profile.bootstrap = bootstrap;
        window().openProfile(profile, false);
        view = window().clusters().at(0).view.get();
    }
    /// The plan for all of `orders`, opened from the page of the group.
    ResetDialog *plan(const QString &group, const char *way)
    {
        window().showPlace(u"Groups"_s, group);
        find<QAction>("reset-group")->trigger();
        auto *dialog = find<ResetDialog>("reset-offsets");
        auto *tree = dialog->findChild<QTreeWidget *>(u"reset-scope"_s);
        [&] {
            QTRY_VERIFY_WITH_TIMEOUT(tree->topLevelItemCount() == 1 &&
                                         tree->topLevelItem(0)->childCount() == partitions,
                                     slow);
        }();
        tree->topLevelItem(0)->setCheckState(0, Qt::Checked);
        dialog->findChild<QRadioButton *>(QLatin1StringView(way))->click();
        return dialog;
    }
    static QPushButton *button(ResetDialog *dialog, const char *name)
    {
        return dialog->findChild<QPushButton *>(QLatin1StringView(name));
    }
    static QString words(ResetDialog *dialog, const char *name)
    {
        return dialog->findChild<QLabel *>(QLatin1StringView(name))->text();
    }
    static QStringList column(ResetDialog *dialog, int column)
    {
        QStringList cells;
        auto &proxy = dialog->findChild<DataTable *>(u"plan-table"_s)->proxy();
        for (int row = 0; row < proxy.rowCount(); ++row)
            cells << proxy.index(row, column).data().toString();
        return cells;
    }
    static void picture(QWidget &widget, const QString &name)
    {
        QCoreApplication::processEvents();
        const QString folder =
            QDir(QString::fromUtf8(REDRIVE_BIN_DIR)).filePath(u"../screenshots"_s);
        QDir().mkpath(folder);
        QVERIFY(widget.grab().save(u"%1/kafka-reset-%2.png"_s.arg(folder, name)));
    }
    ClusterView *view = nullptr;
};

} // namespace

class KafkaResetsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<testbroker::KafkaCluster> m_kafka;
    std::unique_ptr<testclients::Admin> m_admin;

    Committed committed(const QString &group) const
    {
        const QString text = m_kafka->mustTool(
            {u"consumer-groups"_s, u"--describe"_s, u"--group"_s, group, u"--offsets"_s});
        Committed result;
        for (const QString &line : text.split(u'\n')) {
            const QStringList fields = line.simplified().split(u' ');
            if (fields.size() > 3 && fields[0] == group && fields[1] == u"orders"_s)
                result.insert(fields[2].toInt(), fields[3]);
        }
        return result;
    }
    static Committed everywhere(const QString &offset)
    {
        return {{0, offset}, {1, offset}, {2, offset}};
    }

private slots:
    void initTestCase()
    {
        isolateSettings();
        m_kafka = std::make_unique<testbroker::KafkaCluster>();
        m_kafka->mustTool({u"topics"_s, u"--create"_s, u"--topic"_s, u"orders"_s, u"--partitions"_s,
                           QString::number(partitions)});
        QByteArray lines;
        for (int i = 0; i < 3000; ++i)
            lines += "key-" + QByteArray::number(i) + "\t{\"order_id\":\"ord-" +
                     QByteArray::number(i) + "\"}\n";
        m_kafka->mustTool({u"console-producer"_s, u"--topic"_s, u"orders"_s, u"--property"_s,
                           u"parse.key=true"_s},
                          lines);
        m_admin = std::make_unique<testclients::Admin>(m_kafka->bootstrap());
        // Kafka's tool, for it waits for a coordinator that a new broker has still to make.
        for (const char *group : {"billing", "live"})
            m_kafka->mustTool({u"consumer-groups"_s, u"--group"_s, QLatin1String(group),
                               u"--topic"_s, u"orders"_s, u"--reset-offsets"_s, u"--to-offset"_s,
                               u"500"_s, u"--execute"_s});
    }
    void cleanup() { QVERIFY(finishBackground(Millis(20'000))); }

    void anEmptyGroupIsMovedReadBackAndPutBack()
    {
        KafkaWindow fixture(m_kafka->bootstrap());
        ResetDialog *const dialog = fixture.plan(u"billing"_s, "reset-to-earliest");
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-apply")->isEnabled(), slow);
        QCOMPARE(fixture.column(dialog, PlanModel::Committed),
                 (QStringList{u"500"_s, u"500"_s, u"500"_s}));
        QCOMPARE(fixture.column(dialog, PlanModel::New), (QStringList{u"0"_s, u"0"_s, u"0"_s}));
        QCOMPARE(fixture.column(dialog, PlanModel::Again),
                 (QStringList{u"500"_s, u"500"_s, u"500"_s}));
        for (const QString &next : fixture.column(dialog, PlanModel::Next))
            QVERIFY2(next.contains(u"order_id"_s), qPrintable(next));
        fixture.picture(*dialog, u"planned"_s);
        QCOMPARE(committed(u"billing"_s),
                 everywhere(u"500"_s)); // a plan changes nothing

        dialog->findChild<QLineEdit *>(u"plan-reason"_s)->setText(u"OPS-17"_s);
        fixture.button(dialog, "plan-apply")->click();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-undo")->isVisible(), slow);
        QCOMPARE(fixture.column(dialog, PlanModel::Outcome),
                 (QStringList(partitions, u"✓ CONFIRMED"_s)));
        fixture.picture(*dialog, u"applied"_s);
        QCOMPARE(committed(u"billing"_s), everywhere(u"0"_s));

        fixture.button(dialog, "plan-undo")->click();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-apply")->isVisible() &&
                                     fixture.button(dialog, "plan-apply")->isEnabled(),
                                 slow);
        fixture.button(dialog, "plan-apply")->click();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-undo")->isVisible(), slow);
        QCOMPARE(committed(u"billing"_s), everywhere(u"500"_s));
        fixture.closeWindow();
    }

    void anOffsetPastTheEndIsSaidAndNeverClamped()
    {
        KafkaWindow fixture(m_kafka->bootstrap());
        ResetDialog *const dialog = fixture.plan(u"billing"_s, "reset-to-offset");
        dialog->findChild<QLineEdit *>(u"reset-offset"_s)->setText(u"1000000"_s);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-leave-out")->isVisible(), slow);
        for (const QString &next : fixture.column(dialog, PlanModel::Next))
            QVERIFY2(next.startsWith(u"✕"_s), qPrintable(next));
        QVERIFY(!fixture.button(dialog, "plan-apply")->isEnabled());
        fixture.picture(*dialog, u"errors"_s);
        fixture.closeWindow();
    }

    void aPlanThatIsOutOfDateSaysWhatHasChangedAndIsMadeAnew()
    {
        KafkaWindow fixture(m_kafka->bootstrap());
        ResetDialog *const dialog = fixture.plan(u"billing"_s, "reset-to-earliest");
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-apply")->isEnabled(), slow);
        m_admin->alterOffsets("billing", {{{"orders", 1}, 600}});
        fixture.button(dialog, "plan-apply")->click();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.words(dialog, "plan-message").contains(u"600"_s), slow);
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-apply")->isEnabled(), slow);
        QVERIFY(fixture.column(dialog, PlanModel::Committed).contains(u"600"_s));
        QCOMPARE(committed(u"billing"_s).value(1), u"600"_s);
        fixture.closeWindow();
    }

    void aGroupOfOurOwnSessionIsWaitedForAndThenMoved()
    {
        KafkaWindow fixture(m_kafka->bootstrap());
        SessionRequest request = requestOf("live", "orders", "inspect");
        ConsumerSessions &sessions = fixture.view->sessions();
        const int session = sessions.start(request);
        QTRY_VERIFY_WITH_TIMEOUT(sessions.find(session)->snapshot &&
                                     sessions.find(session)->snapshot->lanes.size() == partitions,
                                 slow);
        ResetDialog *const dialog = fixture.plan(u"live"_s, "reset-to-earliest");
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-seek-session")->isVisible(), slow);
        QVERIFY(!fixture.button(dialog, "plan-apply")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(fixture.button(dialog, "plan-wait")->isVisible(), slow);
        fixture.picture(*dialog, u"own-session"_s);
        fixture.button(dialog, "plan-wait")->menu()->actions().front()->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(fixture.words(dialog, "plan-status").contains(u"1 member left"_s),
                                 slow);
        fixture.picture(*dialog, u"waiting"_s);
        dialog->close();
        auto *jobs = fixture.find<ResetJobsButton>("jobs-button");
        QCOMPARE(jobs->accessibleName(), u"1 reset waits"_s);
        sessions.stop(session);
        QTRY_COMPARE_WITH_TIMEOUT(jobs->accessibleName(), u"1 reset ended"_s, slow);
        QCOMPARE(committed(u"live"_s), everywhere(u"0"_s));
        fixture.picture(fixture.window(), u"job-ended"_s);
        fixture.closeWindow();
    }
};

QTEST_MAIN(KafkaResetsTest)
#include "kafka_resets.moc"
