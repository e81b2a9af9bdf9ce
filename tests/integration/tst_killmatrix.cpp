#include "tests/integration/killrun.h"

#include <QTest>

using namespace redrive;
using namespace redrive::testworld;

/// Each way to commit with each protocol of the group: 20,000 orders, ten kills. A seed that failed
/// is run again by REDRIVE_KILL_SEED and the name of its row.
class TestKillMatrix : public QObject
{
    Q_OBJECT

private slots:
    void killedAtAnyInstantNothingIsLostAndNothingIsDoneTwice_data()
    {
        QTest::addColumn<QString>("commit");
        QTest::addColumn<QString>("protocol");
        for (const QString commit : {"auto", "sync", "async", "batch:100", "every:1s"}) {
            for (const QString protocol : {"range", "roundrobin", "cooperative-sticky", "consumer"})
                QTest::newRow(qPrintable(commit + ", " + protocol)) << commit << protocol;
        }
    }

    void killedAtAnyInstantNothingIsLostAndNothingIsDoneTwice()
    {
        QFETCH(const QString, commit);
        QFETCH(const QString, protocol);
        KillRun killed(m_kafka, {.commit = commit, .protocol = protocol, .seed = killSeed()});
        killed.run();
        qInfo().noquote() << killed.describe();
        m_kills += killed.kills;
        ++m_runs;
        QVERIFY2(killed.violations.isEmpty(), qPrintable(killed.violations.join('\n')));
        QVERIFY(killed.killsAtWork > 0);
    }

    void cleanupTestCase() { qInfo("%d combinations, %d kills", m_runs, m_kills); }

private:
    testbroker::KafkaCluster m_kafka{quickGroups()};
    int m_runs = 0;
    int m_kills = 0;
};

QTEST_GUILESS_MAIN(TestKillMatrix)
#include "tst_killmatrix.moc"
